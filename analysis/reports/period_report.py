"""What page and workbook of a period report: its summary, the months up to its end, contradictions that touch it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import duckdb

from analysis.figures.counted import counted
from analysis.figures.definition import Definition
from analysis.figures.months import parse_instant, shift_month
from analysis.figures.periods import Period, parse_period
from analysis.figures.shares import share_pct
from analysis.figures.summary import Summary, summary
from pipelines.common.rows import dict_rows
from pipelines.lexicon import terms

CURVE_MONTHS = 24  # of the curve of awards and amounts, unless the period is longer
SHARE_MONTHS = 13  # of the shares of types and sectors, unless the period is longer
LEADING_VENDORS = 8  # by awards, and as many by amount
CHANGES_LISTED = 300  # single revisions, the newest

_SERIES = """
    SELECT
        month, project_type, sector, grouping_id(project_type, sector), count(*), count(amount_yuan), sum(amount_yuan)
    FROM (
        SELECT project_type, sector, summed_yuan(amount_yuan, disclosed) AS amount_yuan, month_of(awarded_on) AS month
        FROM awards_as_of($instant)
        WHERE awarded_on BETWEEN $since AND last_day($until) AND {condition}
    )
    GROUP BY GROUPING SETS ((month), (month, project_type), (month, sector))
"""
_BY_VENDOR = "SELECT month, vendor, awards, disclosed, amount_yuan FROM monthly_by_vendor"
_GROWTH = "SELECT month, awards_yoy_pct, amount_yoy_pct, awards_mom_pct, amount_mom_pct FROM monthly"
_ONLY_MONTH, _BY_TYPE, _BY_SECTOR = 3, 1, 2  # grouping_id: a bit for each column that is summed over

# Contradictions among published figures of periods that hold a day of this one.
_CONTRADICTIONS = """
    SELECT
        c.problem, c.period, c.metric, c.dimension, c.value, c.publisher, c.source_url, c.note,
        c.other_value, c.other_publisher, c.other_source_url, c.other_note
    FROM published_contradictions AS c
    JOIN published_periods AS p USING (period)
    WHERE coalesce(p.first_day, DATE '0001-01-01') <= $last_day AND p.last_day >= $first_day
    ORDER BY (p.first_day IS DISTINCT FROM $first_day OR p.last_day <> $last_day),
        c.problem, c.period, c.metric, c.value, c.other_value
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over some awards. ``amount`` is in yuan, None if no price is disclosed."""

    awards: int
    disclosed: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the curve, with the same month of the year before, and its growth in per cent.

    Figures are None if no award of the month counts. A month that was never collected looks the same. Growth is None
    unless both of its months are known (``known_growth_pct``).
    """

    month: date
    figures: Figures | None
    year_before: Figures | None
    awards_yoy_pct: float | None = None
    amount_yoy_pct: float | None = None
    awards_mom_pct: float | None = None
    amount_mom_pct: float | None = None


@dataclass(frozen=True, slots=True)
class MonthShare:
    """A share of a month's awards or amounts in per cent. None if the month has none of these, or nothing at all."""

    month: date
    percent: float | None
    month_has_awards: bool


@dataclass(frozen=True, slots=True)
class PublishedSide:
    """One side of a contradiction: a published value with its publishers and their addresses, separated by ``; ``."""

    value: float | None
    publisher: str | None
    source_url: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two published figures of one measure that cannot both be right."""

    problem: str
    period: str
    metric: str
    dimension: str | None
    one: PublishedSide
    other: PublishedSide


ByCode = dict[date, dict[str | None, Figures]]  # by month, then by type, sector or vendor; None is not stated


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a report contains except its awards.

    ``instant`` is the time of knowledge that was asked for (None: now). ``made_up`` says that the data is the demo's.
    """

    summary: Summary
    definition: Definition
    instant: datetime | None
    made_up: bool
    curve: list[Month]
    types: ByCode = field(repr=False)
    sectors: ByCode = field(repr=False)
    vendors: ByCode = field(repr=False)
    contradictions: list[Contradiction] = field(repr=False)

    @property
    def period(self) -> Period:
        return self.summary.period

    @property
    def share_months(self) -> list[date]:
        """The months that shares over time are shown of, the oldest first."""
        return [one.month for one in self.curve[-max(SHARE_MONTHS, self.period.months) :]]

    @property
    def type_codes(self) -> list[str | None]:
        """All types in the order of ``terms.toml``, and None if an award states none."""
        return [
            *terms.codes("project_type"),
            *([None] if any(None in by_code for by_code in self.types.values()) else []),
        ]

    @property
    def sector_codes(self) -> list[str | None]:
        """The sectors of the period by their awards, then those that only other months have."""
        codes: list[str | None] = [part.code for part in self.summary.by_sector]
        seen = {code for by_code in self.sectors.values() for code in by_code}
        return codes + [code for code in terms.codes("sector") if code in seen and code not in codes]

    @property
    def leading_vendors(self) -> list[str]:
        """The vendors that lead the period by awards or by amount, the largest number of awards first."""
        named = [part for part in self.summary.by_vendor if part.code]
        by_amount = sorted(named, key=lambda part: -(part.amount_yuan or 0))
        leading = {part.code for part in (*named[:LEADING_VENDORS], *by_amount[:LEADING_VENDORS])}
        return [part.code for part in named if part.code and part.code in leading]

    def shares_over_time(
        self, by_month: ByCode, codes: Sequence[str | None], measure: Literal["awards", "amount"] = "awards"
    ) -> list[tuple[str | None, list[MonthShare]]]:
        """Return each code with its shares of the awards or of the amounts of :attr:`share_months`."""
        totals = {
            month: sum(getattr(figures, measure) or 0 for figures in by_month.get(month, {}).values())
            for month in self.share_months
        }

        def share_of(month: date, code: str | None) -> MonthShare:
            figures = by_month.get(month, {}).get(code)
            percent = share_pct(getattr(figures, measure), totals[month]) if figures else None
            return MonthShare(month, percent, totals[month] > 0)

        return [(code, [share_of(month, code) for month in self.share_months]) for code in codes]


def gather(
    con: duckdb.DuckDBPyConnection,
    period: str | Period,
    definition: Definition,
    as_of: str | date | None = None,
    *,
    made_up: bool = False,
    is_counted: bool = False,
) -> Contents:
    """Collect all that a report of ``period`` contains except its awards. For ``is_counted`` see :func:`summary`.

    Raises :class:`analysis.figures.periods.PeriodError`.
    """
    asked = parse_period(period) if isinstance(period, str) else period
    instant = parse_instant(str(as_of)) if as_of is not None else None
    period_summary = summary(con, asked, definition, as_of, changes_listed=CHANGES_LISTED, is_counted=is_counted)
    shown = max(CURVE_MONTHS, asked.months)
    months = [shift_month(asked.last, -back) for back in reversed(range(shown + 12))]
    totals, types, sectors = _series(con, months, definition, instant)
    with nullcontext() if is_counted else counted(con, definition, months, instant):
        growth = {m: rates for m, *rates in con.execute(_GROWTH).fetchall()}
        vendors: ByCode = {}
        for m, vendor, *sums in con.execute(_BY_VENDOR).fetchall():
            vendors.setdefault(m, {})[vendor] = Figures(*sums)
    curve = [Month(m, totals.get(m), totals.get(shift_month(m, -12)), *growth.get(m, ())) for m in months[-shown:]]
    while len(curve) > max(SHARE_MONTHS, asked.months) and curve[0].figures is None:  # no empty beginning
        curve.pop(0)
    contradictions = [_contradiction(row) for row in dict_rows(con.execute(_CONTRADICTIONS, _days(asked)))]
    return Contents(period_summary, definition, instant, made_up, curve, types, sectors, vendors, contradictions)


def _days(period: Period) -> dict[str, date]:
    return {"first_day": period.first, "last_day": period.last_day}


def _contradiction(row: dict[str, Any]) -> Contradiction:
    one, other = (
        PublishedSide(*(row[f"{prefix}{name}"] for name in ("value", "publisher", "source_url", "note")))
        for prefix in ("", "other_")
    )
    return Contradiction(row["problem"], row["period"], row["metric"], row["dimension"], one, other)


def _series(
    con: duckdb.DuckDBPyConnection, months: Sequence[date], definition: Definition, instant: datetime | None
) -> tuple[dict[date, Figures], ByCode, ByCode]:
    parameters: dict[str, Any] = {
        "since": months[0],
        "until": months[-1],
        "instant": instant or "infinity",
    }
    totals: dict[date, Figures] = {}
    types: ByCode = {}
    sectors: ByCode = {}
    for month, kind, sector, level, *sums in con.execute(
        _SERIES.format(condition=definition.condition), parameters
    ).fetchall():
        figures = Figures(*sums)
        if level == _ONLY_MONTH:
            totals[month] = figures
        elif level == _BY_TYPE:
            types.setdefault(month, {})[kind] = figures
        elif level == _BY_SECTOR:
            sectors.setdefault(month, {})[sector] = figures
    return totals, types, sectors
