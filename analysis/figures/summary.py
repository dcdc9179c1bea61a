"""The monthly summary: a month's figures with their base, coverage, vintage and the figures that others published.

All figures of one summary are of one vintage: growth compares both months as they were known at the same instant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

import duckdb

from analysis.figures.counted import counted
from analysis.figures.coverage import Coverage, coverage
from analysis.figures.definition import Definition, load
from analysis.figures.months import parse_instant, parse_month, shift_month
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
    """One row of a breakdown: the awards of one type, sector, vendor or province, with their shares of the month.

    ``code`` is the database's own code or name, None if the notices do not state it.
    """

    code: str | None
    awards: int
    disclosed: int
    amount_yuan: Decimal | None
    amount_yi: float | None
    awards_share_pct: float | None
    amount_share_pct: float | None


@dataclass(frozen=True, slots=True)
class Base:
    """The month that growth compares with. The figures are None if no award of it counts."""

    month: date
    awards: int | None
    amount_yuan: Decimal | None
    amount_yi: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Growth in per cent on a base month, over all portals and over those that were complete in both months.

    Growth over all portals is None unless both months are covered or, if coverage is unknown, hold counted awards.
    """

    base: Base
    awards_pct: float | None
    amount_pct: float | None
    like_for_like: LikeForLike


@dataclass(frozen=True, slots=True)
class LargeAward:
    """One of the largest awards of the month. ``project_name`` is the title of its first result if it has no name."""

    award_key: str
    project_name: str | None
    buyer: str | None
    suppliers: tuple[str, ...]
    amount_yuan: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """A month by one definition. A figure that cannot be computed is None, never 0.

    * ``month`` is its first day, ``definition`` the name of the rules, ``as_of`` the last day of knowledge in Shanghai;
    * ``awards``, ``disclosed``, ``undisclosed`` and ``flagged`` (with a doubtful amount) are counts, ``amount_yuan`` is
      a sum in yuan, ``amount_yi`` it in 亿;
    * ``yoy`` and ``mom`` compare with the same month of the year before and with the month before;
    * ``by_type``, ``by_sector``, ``by_vendor``, ``by_province`` are the breakdowns, the largest number of awards first;
    * ``largest`` are the five largest amounts, ``revisions`` what changed since the month was first looked at;
    * ``coverage`` says which portals were read completely, ``published`` what others published of the month.
    """

    month: date
    definition: str
    as_of: date | None
    awards: int | None
    disclosed: int | None
    undisclosed: int | None
    flagged: int | None
    amount_yuan: Decimal | None
    amount_yi: float | None
    yoy: Comparison
    mom: Comparison
    by_type: tuple[Part, ...]
    by_sector: tuple[Part, ...]
    by_vendor: tuple[Part, ...]
    by_province: tuple[Part, ...]
    largest: tuple[LargeAward, ...]
    revisions: Revisions | None
    coverage: Coverage
    published: tuple[PublishedFigure, ...] = field(repr=False)

    @property
    def month_key(self) -> str:
        """The month as ``2025-07``."""
        return f"{self.month:%Y-%m}"

    @property
    def comparisons(self) -> dict[Literal["yoy", "mom"], Comparison]:
        """Both comparisons by their names."""
        return {"yoy": self.yoy, "mom": self.mom}

    @property
    def lacks_covered_base(self) -> bool:
        """Whether a growth is not given, although both months hold awards, because one of them is not covered."""
        return any(
            comparison.base.awards and self.awards and comparison.awards_pct is None
            for comparison in self.comparisons.values()
        )

    @property
    def breakdowns(self) -> dict[Dimension, tuple[Part, ...]]:
        """All breakdowns by their dimensions."""
        return {
            "type": self.by_type,
            "sector": self.by_sector,
            "vendor": self.by_vendor,
            "province": self.by_province,
        }


_HEADLINE = """
    SELECT
        coalesce(any_value(awards), $nothing),
        coalesce(any_value(disclosed), $nothing),
        coalesce(any_value(undisclosed), $nothing),
        coalesce(any_value(flagged), $nothing),
        any_value(amount_yuan),
        any_value(amount_yi)
    FROM monthly WHERE month = $month
"""
_COMPARISON = """
    SELECT
        m.awards,
        m.amount_yuan,
        m.amount_yi,
        known_growth_pct($awards, m.awards, known.months, $month, $base, 1),
        known_growth_pct($amount_yuan, m.amount_yuan, known.months, $month, $base, 1)
    FROM monthly AS m
    CROSS JOIN known_months AS known
    WHERE m.month = $base
"""
_PARTS = """
    SELECT {column}, awards, disclosed, amount_yuan, amount_yi, awards_share_pct, amount_share_pct
    FROM monthly_by_{dimension} WHERE month = ?
    ORDER BY awards DESC, coalesce(amount_yuan, 0) DESC, coalesce(nullif({column}, ''), '~')
"""
_LARGEST = """
    SELECT award_key, project_name, buyer, suppliers, amount_yuan FROM largest_awards($month, last_day($month)) LIMIT 5
"""


def summary(
    con: duckdb.DuckDBPyConnection,
    month: str,
    definition: str | Definition = "market",
    as_of: str | date | None = None,
    *,
    changes_listed: int = 0,
) -> Summary:
    """Return the summary of a month by a definition (or by the shipped one of a name), as known now or at ``as_of``.

    ``revisions`` lists up to ``changes_listed`` single changes. Raises :class:`analysis.figures.months.MonthError` and
    :class:`analysis.figures.definition.UnknownDefinitionError`.
    """
    first, rules = parse_month(month), load(definition) if isinstance(definition, str) else definition
    instant = parse_instant(str(as_of)) if as_of is not None else None
    year_before, month_before = shift_month(first, -12), shift_month(first, -1)
    covered = coverage(con, first, rules, instant)
    known_at = instant.astimezone(SHANGHAI) if instant else last_seen(con)
    as_of_day = known_at.date() if known_at else None
    with counted(con, rules, (first, year_before, month_before), instant):
        headline = _headline(con, first, is_known=covered.has_data)
        alike = like_for_like(con, first, rules, instant)
        by_type, by_sector, by_vendor, by_province = (_parts(con, first, dimension) for dimension in DIMENSIONS)
        yoy = _comparison(con, first, headline, year_before, alike["yoy"])
        mom = _comparison(con, first, headline, month_before, alike["mom"])
        largest = con.execute(_LARGEST, {"month": first}).fetchall()
    return Summary(
        month=first,
        definition=rules.name,
        as_of=as_of_day,
        awards=headline.awards,
        disclosed=headline.disclosed,
        undisclosed=headline.undisclosed,
        flagged=headline.flagged,
        amount_yuan=headline.amount_yuan,
        amount_yi=headline.amount_yi,
        yoy=yoy,
        mom=mom,
        by_type=by_type,
        by_sector=by_sector,
        by_vendor=by_vendor,
        by_province=by_province,
        largest=tuple(
            LargeAward(key, name, buyer, tuple(suppliers), amount) for key, name, buyer, suppliers, amount in largest
        ),
        revisions=revisions(con, first, rules, instant, as_of_day, changes_listed),
        coverage=covered,
        published=published_beside(con, month, _measures(headline, yoy, by_type, by_sector)),
    )


@dataclass(frozen=True, slots=True)
class _Headline:
    awards: int | None
    disclosed: int | None
    undisclosed: int | None
    flagged: int | None
    amount_yuan: Decimal | None
    amount_yi: float | None


def _headline(con: duckdb.DuckDBPyConnection, month: date, *, is_known: bool) -> _Headline:
    """Return the month's figures: 0 awards if nothing counts, None if moreover nothing of the month is known."""
    row = con.execute(_HEADLINE, {"month": month, "nothing": 0 if is_known else None}).fetchone()
    assert row is not None  # an aggregate always has a row
    return _Headline(*row)


def _comparison(
    con: duckdb.DuckDBPyConnection, month: date, now: _Headline, base: date, alike: LikeForLike
) -> Comparison:
    parameters = {"awards": now.awards, "amount_yuan": now.amount_yuan, "month": month, "base": base}
    row = con.execute(_COMPARISON, parameters).fetchone() or (None, None, None, None, None)
    awards, amount_yuan, amount_yi, awards_pct, amount_pct = row
    return Comparison(Base(base, awards, amount_yuan, amount_yi), awards_pct, amount_pct, alike)


def _parts(con: duckdb.DuckDBPyConnection, month: date, dimension: Dimension) -> tuple[Part, ...]:
    sql = _PARTS.format(dimension=dimension, column=DIMENSIONS[dimension])
    return tuple(Part(*row) for row in con.execute(sql, [month]).fetchall())


def _measures(now: _Headline, yoy: Comparison, types: tuple[Part, ...], sectors: tuple[Part, ...]) -> Measures:
    """Return the summary's own figures by the metrics of ``published_figures`` and the code they are of."""
    return {
        ("project_count", None): now.awards,
        ("disclosed_count", None): now.disclosed,
        ("undisclosed_count", None): now.undisclosed,
        ("disclosed_amount_yi", None): now.amount_yi,
        ("yoy_count_pct", None): yoy.awards_pct,
        ("yoy_amount_pct", None): yoy.amount_pct,
        **{("type_share_count_pct", part.code): part.awards_share_pct for part in types if part.code},
        **{("type_share_amount_pct", part.code): part.amount_share_pct for part in types if part.code},
        **{("sector_share_count_pct", part.code): part.awards_share_pct for part in sectors if part.code},
        **{("sector_share_amount_pct", part.code): part.amount_share_pct for part in sectors if part.code},
    }
