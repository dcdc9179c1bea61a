"""The summary of a period: its figures with their bases, coverage, vintage and the figures that others published.

All figures of one summary are of one vintage: growth compares both periods as they were known at the same instant.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import duckdb

from analysis.figures.counted import counted
from analysis.figures.coverage import Coverage, coverage, covered_once
from analysis.figures.definition import Definition, load
from analysis.figures.months import parse_instant
from analysis.figures.named_awards import NamedAwards, count_named
from analysis.figures.periods import Compared, Period, parse_period
from analysis.figures.published import Measures, PublishedFigure, published_beside
from analysis.figures.vintages import LikeForLike, Revisions, like_for_like, revisions
from analysis.staging.last_seen import last_seen
from pipelines.common.clock import SHANGHAI

Dimension = Literal["type", "sector", "vendor", "province"]
# Each breakdown with the column of the database that it groups by.
DIMENSIONS: dict[Dimension, str] = {
    "type": "project_type",
    "sector": "sector",
    "vendor": "vendor",
    "province": "province",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a breakdown: the awards of one type, sector, vendor or province, with their shares of the period.

    ``code`` is the database's own code or name, None if the notices do not state it. Points are how much larger the
    share is than that of the year before (``yoy``) or of the period before (``prev``); None like growth.
    """

    code: str | None
    awards: int
    disclosed: int
    amount_yuan: Decimal | None
    amount_yi: float | None
    awards_share_pct: float | None
    amount_share_pct: float | None
    awards_share_yoy_points: float | None
    amount_share_yoy_points: float | None
    awards_share_prev_points: float | None
    amount_share_prev_points: float | None


@dataclass(frozen=True, slots=True)
class Base:
    """The period that growth compares with. The figures are None if no award of it counts."""

    period: Period
    awards: int | None
    amount_yuan: Decimal | None
    amount_yi: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Growth in per cent on a base period, over all portals and over those that were complete in both periods.

    Growth over all portals is None unless ``is_known``: every month of both periods is covered or, if coverage is
    unknown, holds counted awards.
    """

    base: Base
    is_known: bool
    awards_pct: float | None
    amount_pct: float | None
    like_for_like: LikeForLike


@dataclass(frozen=True, slots=True)
class Passed:
    """A vendor group that was behind another one in the period before, and is among the first now.

    ``measures`` are those by which it passed: ``awards``, ``amount`` or both.
    """

    vendor: str
    passed_vendor: str
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LargeAward:
    """One of the largest awards of the period. ``project_name`` is the title of its first result if it has no name."""

    award_key: str
    project_name: str | None
    buyer: str | None
    suppliers: tuple[str, ...]
    amount_yuan: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """A period by one definition. A figure that cannot be computed is None, never 0.

    * ``period`` are its months, ``definition`` the name of the rules, ``as_of`` the last day of knowledge in Shanghai;
    * ``awards``, ``disclosed``, ``undisclosed`` and ``flagged`` (with a doubtful amount) are counts, ``amount_yuan`` is
      a sum in yuan, ``amount_yi`` it in 亿;
    * ``yoy`` and ``prev`` compare with the same months of the year before and with the period of this length before;
    * ``by_type``, ``by_sector``, ``by_vendor``, ``by_province`` are the breakdowns, the largest number of awards first;
    * ``passed`` says which leading vendors passed which since the period before;
    * ``largest`` are the five largest amounts, ``revisions`` what changed since the period was first looked at;
    * ``named_awards`` counts what became of awards that others name, None if coverage reaches none of them;
    * ``coverage`` says which portals were read completely, ``published`` what others published of the period.
    """

    period: Period
    definition: str
    as_of: date | None
    awards: int | None
    disclosed: int | None
    undisclosed: int | None
    flagged: int | None
    amount_yuan: Decimal | None
    amount_yi: float | None
    yoy: Comparison
    prev: Comparison
    by_type: tuple[Part, ...]
    by_sector: tuple[Part, ...]
    by_vendor: tuple[Part, ...]
    by_province: tuple[Part, ...]
    passed: tuple[Passed, ...]
    largest: tuple[LargeAward, ...]
    revisions: Revisions | None
    named_awards: NamedAwards | None
    coverage: Coverage
    published: tuple[PublishedFigure, ...] = field(repr=False)

    @property
    def comparisons(self) -> dict[Compared, Comparison]:
        """Both comparisons by their names."""
        return {"yoy": self.yoy, "prev": self.prev}

    @property
    def lacks_covered_base(self) -> bool:
        """Whether a growth of the awards is not given because a month of one of the two periods is not covered."""
        return bool(self.awards) and not all(comparison.is_known for comparison in self.comparisons.values())

    @property
    def breakdowns(self) -> dict[Dimension, tuple[Part, ...]]:
        """All breakdowns by their dimensions."""
        return {
            "type": self.by_type,
            "sector": self.by_sector,
            "vendor": self.by_vendor,
            "province": self.by_province,
        }


_TOTALS = """
    SELECT
        compared, awards, disclosed, undisclosed, flagged, amount_yuan, amount_yi, awards_growth_pct, amount_growth_pct,
        is_known
    FROM period_totals($first, $last)
"""
_PARTS = """
    SELECT
        {column}, awards, disclosed, amount_yuan, amount_yi, awards_share_pct, amount_share_pct,
        awards_share_yoy_points, amount_share_yoy_points, awards_share_prev_points, amount_share_prev_points
    FROM period_by_{dimension}($first, $last)
    ORDER BY awards DESC, coalesce(amount_yuan, 0) DESC, coalesce(nullif({column}, ''), '~')
"""
# Among the first three now, one of the first three before.
_PASSED = """
    SELECT vendor, passed_vendor, list(measure ORDER BY measure DESC)
    FROM passed_vendors($first, $last)
    WHERE before = 'prev' AND place <= 3 AND passed_place_before <= 3
    GROUP BY vendor, passed_vendor
    ORDER BY count(*) DESC, min(place), min(passed_place_before), vendor, passed_vendor
"""
_LARGEST = """
    SELECT award_key, project_name, buyer, suppliers, amount_yuan FROM largest_awards($first, last_day($last)) LIMIT 5
"""


def summary(
    con: duckdb.DuckDBPyConnection,
    period: str | Period,
    definition: str | Definition = "market",
    as_of: str | date | None = None,
    *,
    changes_listed: int = 0,
    is_counted: bool = False,
) -> Summary:
    """Return the summary of a period by a definition (or by the shipped one of a name), as known now or at ``as_of``.

    ``revisions`` lists up to ``changes_listed`` single changes. ``is_counted`` says that the caller is within
    :func:`counted` of the same rules and instant with all these months, which many summaries then share.

    Raises :class:`analysis.figures.periods.PeriodError`
    and :class:`analysis.figures.definition.UnknownDefinitionError`.
    """
    asked = parse_period(period) if isinstance(period, str) else period
    rules = load(definition) if isinstance(definition, str) else definition
    instant = parse_instant(str(as_of)) if as_of is not None else None
    months = sorted({month for one in (asked, *asked.bases.values()) for month in one.each_month})
    with ExitStack() as prepared:
        if not is_counted:
            prepared.enter_context(covered_once(con, rules, instant, months))
            prepared.enter_context(counted(con, rules, months, instant))
        covered = coverage(con, asked, rules, instant)
        headline, yoy, prev = _totals(con, asked, rules, instant, is_known=covered.has_data)
        by_type, by_sector, by_vendor, by_province = (_parts(con, asked, dimension) for dimension in DIMENSIONS)
        passed = con.execute(_PASSED, _days(asked)).fetchall()
        largest = con.execute(_LARGEST, _days(asked)).fetchall()
        named = count_named(con, asked, rules, instant)
    known_at = instant.astimezone(SHANGHAI) if instant else last_seen(con)
    as_of_day = known_at.date() if known_at else None
    return Summary(
        period=asked,
        definition=rules.name,
        as_of=as_of_day,
        awards=headline.awards,
        disclosed=headline.disclosed,
        undisclosed=headline.undisclosed,
        flagged=headline.flagged,
        amount_yuan=headline.amount_yuan,
        amount_yi=headline.amount_yi,
        yoy=yoy,
        prev=prev,
        by_type=by_type,
        by_sector=by_sector,
        by_vendor=by_vendor,
        by_province=by_province,
        passed=tuple(Passed(vendor, other, tuple(measures)) for vendor, other, measures in passed),
        largest=tuple(
            LargeAward(key, name, buyer, tuple(suppliers), amount) for key, name, buyer, suppliers, amount in largest
        ),
        revisions=revisions(con, asked, rules, instant, as_of_day, changes_listed),
        named_awards=named,
        coverage=covered,
        published=published_beside(con, asked, _measures(asked, headline, yoy, prev, by_type, by_sector)),
    )


@dataclass(frozen=True, slots=True)
class _Headline:
    awards: int | None
    disclosed: int | None
    undisclosed: int | None
    flagged: int | None
    amount_yuan: Decimal | None
    amount_yi: float | None


def _totals(
    con: duckdb.DuckDBPyConnection, period: Period, rules: Definition, instant: datetime | None, *, is_known: bool
) -> tuple[_Headline, Comparison, Comparison]:
    """Return the period's figures and both comparisons.

    They are 0 awards if nothing counts, None if moreover nothing of the period is known.
    """
    alike = like_for_like(con, period, rules, instant)
    rows = {compared: row for compared, *row in con.execute(_TOTALS, _days(period)).fetchall()}

    def comparison(compared: Compared) -> Comparison:
        awards, _, _, _, amount_yuan, amount_yi, awards_pct, amount_pct, base_is_known = rows[compared]
        base = Base(period.bases[compared], awards or None, amount_yuan, amount_yi)
        return Comparison(base, rows["now"][-1] and base_is_known, awards_pct, amount_pct, alike[compared])

    figures = rows["now"][:6]
    if not figures[0] and not is_known:
        figures = [None] * 6
    return _Headline(*figures), comparison("yoy"), comparison("prev")


def _parts(con: duckdb.DuckDBPyConnection, period: Period, dimension: Dimension) -> tuple[Part, ...]:
    sql = _PARTS.format(dimension=dimension, column=DIMENSIONS[dimension])
    return tuple(Part(*row) for row in con.execute(sql, _days(period)).fetchall())


def _days(period: Period) -> dict[str, Any]:
    return {"first": period.first, "last": period.last}


def _measures(
    period: Period,
    now: _Headline,
    yoy: Comparison,
    prev: Comparison,
    types: tuple[Part, ...],
    sectors: tuple[Part, ...],
) -> Measures:
    """Return the summary's own figures by the metrics of ``published_figures`` and the code they are of."""
    return {
        ("project_count", None): now.awards,
        ("disclosed_count", None): now.disclosed,
        ("undisclosed_count", None): now.undisclosed,
        ("disclosed_amount_yi", None): now.amount_yi,
        ("yoy_count_pct", None): yoy.awards_pct,
        ("yoy_amount_pct", None): yoy.amount_pct,
        ("qoq_count_pct", None): prev.awards_pct if period.is_quarter else None,
        ("qoq_amount_pct", None): prev.amount_pct if period.is_quarter else None,
        **{("type_share_count_pct", part.code): part.awards_share_pct for part in types if part.code},
        **{("type_share_amount_pct", part.code): part.amount_share_pct for part in types if part.code},
        **{("sector_share_count_pct", part.code): part.awards_share_pct for part in sectors if part.code},
        **{("sector_share_amount_pct", part.code): part.amount_share_pct for part in sectors if part.code},
    }
