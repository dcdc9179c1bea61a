"""The monthly summary: a month's figures with their base, coverage, vintage and the figures that others published.

All figures of one summary are of one vintage: growth compares both months as they were known at the same instant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import duckdb

from analysis.figures.coverage import Coverage, coverage
from analysis.figures.definition import WHERE, Definition, load
from analysis.figures.money import in_units
from analysis.figures.months import parse_instant, parse_month, shift_month
from analysis.figures.published import Measures, PublishedFigure, published_beside
from analysis.figures.rates import growth_pct, share_pct
from analysis.figures.vintages import LikeForLike, Revisions, like_for_like, revisions
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
    """Growth in per cent on a base month, over all portals and over those that were complete in both months."""

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
    * ``awards``, ``disclosed``, ``undisclosed`` are counts, ``amount_yuan`` a sum in yuan, ``amount_yi`` the same in 亿;
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
    def breakdowns(self) -> dict[Dimension, tuple[Part, ...]]:
        """All breakdowns by their dimensions."""
        return {
            "type": self.by_type,
            "sector": self.by_sector,
            "vendor": self.by_vendor,
            "province": self.by_province,
        }


@dataclass(frozen=True, slots=True)
class _Totals:
    awards: int | None
    disclosed: int | None
    undisclosed: int | None
    amount_yuan: Decimal | None


_NOT_KNOWN = _Totals(None, None, None, None)
_NOTHING = _Totals(0, 0, 0, None)


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
    _gather(con, first, rules, instant)
    totals = _totals(con)
    covered = coverage(con, first, instant)
    is_known = covered.notices > 0 or any(portal.days_complete for portal in covered.portals)
    now = totals.get(first, _NOTHING if is_known else _NOT_KNOWN)
    as_of_day = _as_of_day(con, instant)
    alike = like_for_like(con, first, instant)
    by_type, by_sector, by_vendor, by_province = (_breakdown(con, first, column, now) for column in DIMENSIONS.values())
    yoy = _comparison(now, shift_month(first, -12), totals, alike["yoy"])
    mom = _comparison(now, shift_month(first, -1), totals, alike["mom"])
    result = Summary(
        month=first,
        definition=rules.name,
        as_of=as_of_day,
        awards=now.awards,
        disclosed=now.disclosed,
        undisclosed=now.undisclosed,
        amount_yuan=now.amount_yuan,
        amount_yi=_yi(now.amount_yuan),
        yoy=yoy,
        mom=mom,
        by_type=by_type,
        by_sector=by_sector,
        by_vendor=by_vendor,
        by_province=by_province,
        largest=_largest(con, first),
        revisions=revisions(con, first, rules, instant, as_of_day, changes_listed),
        coverage=covered,
        published=published_beside(con, month, _measures(now, yoy, by_type, by_sector)),
    )
    con.execute("DROP TABLE IF EXISTS temp.counted; DROP TABLE IF EXISTS temp.counted_lots")
    return result


def known_awards(instant: datetime | None) -> str:
    """Return what to write after FROM for the awards as known now, or as known at the parameter ``$instant``."""
    return "awards_as_of($instant)" if instant else "(SELECT * FROM award_states WHERE valid_to IS NULL)"


def _gather(con: duckdb.DuckDBPyConnection, first: date, rules: Definition, instant: datetime | None) -> None:
    """Temp tables of the awards that count in the month and its two base months, and of the lots that make them up."""
    months = [first, shift_month(first, -1), shift_month(first, -12)]
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE counted AS
        SELECT * EXCLUDE (evidence), CAST(date_trunc('month', awarded_on) AS DATE) AS month
        FROM (SELECT *, NULL AS evidence FROM {known_awards(instant)})
        WHERE awarded_on >= $months[3] AND awarded_on <= last_day($months[1])
            AND list_contains($months, CAST(date_trunc('month', awarded_on) AS DATE)) AND {WHERE}
        """,
        rules.parameters | {"months": months} | ({"instant": instant} if instant else {}),
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE counted_lots AS
        SELECT award_key, month, lot.vendors AS vendors, lot.amount_yuan AS amount_yuan
        FROM (SELECT award_key, month, unnest(lots) AS lot FROM counted)
        WHERE lot.counted AND lot.state = 'won'
        """
    )


def _totals(con: duckdb.DuckDBPyConnection) -> dict[date, _Totals]:
    rows = con.execute(
        "SELECT month, count(*), count(amount_yuan), sum(amount_yuan) FROM counted GROUP BY month"
    ).fetchall()
    return {
        month: _Totals(awards, disclosed, awards - disclosed, amount_yuan)
        for month, awards, disclosed, amount_yuan in rows
    }


_BY_COLUMN = """
    SELECT {column}, count(*), count(amount_yuan), sum(amount_yuan) FROM counted WHERE month = ? GROUP BY 1
"""
_BY_VENDOR = """
    SELECT vendor, count(*), count(amount), sum(amount)
    FROM (
        SELECT award_key, vendor, sum(amount_yuan) AS amount
        FROM (SELECT award_key, amount_yuan, unnest(list_distinct(vendors)) AS vendor FROM counted_lots WHERE month = ?)
        GROUP BY award_key, vendor
    )
    GROUP BY vendor
"""


def _breakdown(con: duckdb.DuckDBPyConnection, first: date, column: str, total: _Totals) -> tuple[Part, ...]:
    sql = _BY_VENDOR if column == "vendor" else _BY_COLUMN.format(column=column)
    rows = con.execute(sql, [first]).fetchall()
    rows.sort(key=lambda row: (-row[1], -(row[3] or 0), row[0] or "~"))
    return tuple(
        Part(
            code=code,
            awards=awards,
            disclosed=disclosed,
            amount_yuan=amount_yuan,
            amount_yi=_yi(amount_yuan),
            awards_share_pct=share_pct(awards, total.awards),
            amount_share_pct=share_pct(amount_yuan, total.amount_yuan),
        )
        for code, awards, disclosed, amount_yuan in rows
    )


def _largest(con: duckdb.DuckDBPyConnection, first: date) -> tuple[LargeAward, ...]:
    rows = con.execute(
        """
        SELECT award_key, coalesce(project_name, title), buyer, suppliers, amount_yuan FROM counted
        WHERE month = ? AND amount_yuan IS NOT NULL ORDER BY amount_yuan DESC, award_key LIMIT 5
        """,
        [first],
    ).fetchall()
    return tuple(
        LargeAward(award_key, project_name, buyer, tuple(suppliers), amount_yuan)
        for award_key, project_name, buyer, suppliers, amount_yuan in rows
    )


def _comparison(now: _Totals, month: date, totals: dict[date, _Totals], alike: LikeForLike) -> Comparison:
    base = totals.get(month, _NOT_KNOWN)
    return Comparison(
        base=Base(month, base.awards, base.amount_yuan, _yi(base.amount_yuan)),
        awards_pct=growth_pct(now.awards, base.awards),
        amount_pct=growth_pct(now.amount_yuan, base.amount_yuan),
        like_for_like=alike,
    )


def _measures(now: _Totals, yoy: Comparison, types: tuple[Part, ...], sectors: tuple[Part, ...]) -> Measures:
    """Return the summary's own figures by the metrics of ``published_figures`` and the code they are of."""
    return {
        ("project_count", None): now.awards,
        ("disclosed_count", None): now.disclosed,
        ("undisclosed_count", None): now.undisclosed,
        ("disclosed_amount_yi", None): _yi(now.amount_yuan),
        ("yoy_count_pct", None): yoy.awards_pct,
        ("yoy_amount_pct", None): yoy.amount_pct,
        **{("type_share_count_pct", part.code): part.awards_share_pct for part in types if part.code},
        **{("type_share_amount_pct", part.code): part.amount_share_pct for part in types if part.code},
        **{("sector_share_count_pct", part.code): part.awards_share_pct for part in sectors if part.code},
        **{("sector_share_amount_pct", part.code): part.amount_share_pct for part in sectors if part.code},
    }


def _as_of_day(con: duckdb.DuckDBPyConnection, instant: datetime | None) -> date | None:
    """Return the vintage as a day in Shanghai: the one asked for, else the last day on which anything was seen."""
    if instant:
        return instant.astimezone(SHANGHAI).date()
    row = con.execute(
        """
        SELECT CAST(timezone('Asia/Shanghai', max(seen)) AS DATE)
        FROM (SELECT max(first_seen_at) AS seen FROM notices UNION ALL SELECT max(finished_at) FROM crawls)
        """
    ).fetchone()
    return row[0] if row else None


def _yi(amount_yuan: Decimal | None) -> float | None:
    return None if amount_yuan is None else float(in_units(amount_yuan))
