"""Figures of the table from three sides: as published, as the invented world has them, and as a data folder has them.

Also lists every mistake, award by award.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from analysis.figures.months import parse_instant
from tests.replica import plan
from tests.replica.fit import is_counted
from tests.replica.model import AwardTruth, Market

Row = dict[str, Any]
PERIODS = {
    "2024-07": ("2024-07",),
    "2025-01": ("2025-01",),
    "2025-Q1": ("2025-01", "2025-02", "2025-03"),
    "2025-07": ("2025-07",),
}
_MONTHS = {month for months in PERIODS.values() for month in months}
_COLUMNS = (
    "award_key, project_name, buyer, awarded_on, status, is_large_model, amount_yuan, project_type, sector, notice_keys"
)


@dataclass
class Figures:
    """Sums of a period. Shares are per cent of the amount."""

    awards: int = 0
    disclosed: int = 0
    yuan: Decimal = Decimal(0)
    types: Counter[str] = field(default_factory=Counter)
    sectors: Counter[str] = field(default_factory=Counter)

    def add(self, yuan: Decimal | None, project_type: str | None, sector: str | None) -> None:
        """Add one award."""
        self.awards += 1
        self.disclosed += yuan is not None
        self.yuan += yuan or 0
        self.types[project_type or "none"] += yuan or 0  # type: ignore[assignment]
        self.sectors[sector or "none"] += yuan or 0  # type: ignore[assignment]

    def share(self, dimension: str, name: str) -> float:
        """Return the share of a type or sector in the amount, in per cent."""
        part = self.types[name] if dimension == "type" else self.sectors[name]
        return 100 * float(part) / float(self.yuan) if self.yuan else 0.0


@dataclass(frozen=True)
class Line:
    """One figure from three sides. `bar` is the allowed distance from the truth, None if the figure is not judged."""

    period: str
    figure: str
    published: str
    truth: float
    ours: float
    style: str
    bar: tuple[str, float] | None = None

    def kept(self, slack: float = 1.0) -> bool:
        """Check whether the figure is within its bar, or within `slack` times its bar."""
        if self.bar is None:
            return True
        unit, limit = self.bar
        base = {"share": abs(self.truth), "growth": 100 + self.truth, "points": 1.0}[
            unit
        ]  # growth is relative to one plus the growth
        return abs(self.ours - self.truth) <= slack * limit * base + 1e-9


def expected_figures(made: Market) -> dict[str, Figures]:
    """Return the true figures of every period."""
    out = {period: Figures() for period in PERIODS}
    for award in made.world.awards:
        for period, months in PERIODS.items():
            if is_counted(award) and award.month in months:
                out[period].add(award.amount_yuan, award.project_types[0], award.sector)
    return out


def read_awards(data: Path, day: date | None) -> list[Row]:
    """Return all awards of a data folder, as of now or as known at the end of a day."""
    source = "awards" if day is None else "awards_as_of($instant)"
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        result = con.execute(
            f"SELECT {_COLUMNS} FROM {source}", {} if day is None else {"instant": parse_instant(str(day))}
        )
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def is_counted_row(row: Row) -> bool:
    """Check whether the market definition counts the award."""
    return bool(row["is_large_model"]) and row["status"] == "awarded"


def month_of(row: Row) -> str:
    """Return the month of an award as YYYY-MM, empty if it has no date."""
    return f"{row['awarded_on']:%Y-%m}" if row["awarded_on"] else ""


def measured_figures(rows: Iterable[Row]) -> dict[str, Figures]:
    """Return the figures that the awards of a data folder add up to."""
    out = {period: Figures() for period in PERIODS}
    for row in filter(is_counted_row, rows):
        for period, months in PERIODS.items():
            if month_of(row) in months:
                out[period].add(row["amount_yuan"], row["project_type"], row["sector"])
    return out


def read_growth(data: Path, day: date | None) -> tuple[float, float]:
    """Return the database's own growth of July 2025 over the year before, in per cent: (awards, amount)."""
    source = "monthly" if day is None else "monthly_as_of($instant)"
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        parameters = {} if day is None else {"instant": parse_instant(str(day))}
        row = con.execute(
            f"SELECT awards_yoy_pct, amount_yoy_pct FROM {source} WHERE month = DATE '2025-07-01'", parameters
        ).fetchone()
    return (float(row[0] or 0), float(row[1] or 0)) if row else (0.0, 0.0)


def table_lines(made: Market, data: Path, day: date | None = None) -> list[Line]:
    """Return the table line by line. With `day` the truth is what could be known by then."""
    expected_by_period, measured_by_period = expected_figures(made), measured_figures(read_awards(data, day))
    out: list[Line] = []
    for period in PERIODS:
        expected, measured = expected_by_period[period], measured_by_period[period]
        if not (expected.awards or measured.awards):
            continue  # nothing was known of this month yet
        month = plan.MONTHS.get(period)
        judged = period != "2025-Q1"
        out.append(
            Line(
                period,
                "awards",
                str(month.awards) if month else "",
                expected.awards,
                measured.awards,
                "{:.0f}",
                ("share", 0.01) if judged else None,
            )
        )
        out.append(
            Line(
                period,
                "amount, 亿 yuan",
                f"{month.yuan / 10**8:.2f}" if month else "",
                float(expected.yuan) / 1e8,
                float(measured.yuan) / 1e8,
                "{:.3f}",
                ("share", 0.01) if judged else None,
            )
        )
        undisclosed = "a quarter" if period == "2025-07" else ""
        out.append(
            Line(
                period,
                "without a price",
                undisclosed,
                expected.awards - expected.disclosed,
                measured.awards - measured.disclosed,
                "{:.0f}",
            )
        )
        if period == "2025-07":
            base = expected_by_period["2024-07"]
            database_growth = read_growth(data, day)
            for what, published, expected_ratio, measured_pct in (
                ("awards", "+422", expected.awards / base.awards, database_growth[0]),
                ("amount", "+540", float(expected.yuan / base.yuan), database_growth[1]),
            ):
                out.append(
                    Line(
                        period,
                        f"growth of the {what}, %",
                        published,
                        100 * (expected_ratio - 1),
                        measured_pct,
                        "{:+.1f}",
                        ("growth", 0.02),
                    )
                )
        if period in plan.PERIODS:
            for dimension, published_shares in (
                ("type", plan.PERIODS[period].types),
                ("sector", plan.PERIODS[period].sectors),
            ):
                names = (
                    sorted(expected.types, key=list(plan.TYPES).index)
                    if dimension == "type"
                    else sorted(expected.sectors, key=list(plan.SECTORS).index)
                )
                for name in names:
                    out.append(
                        Line(
                            period,
                            f"{name}, % of the amount",
                            str(published_shares.get(name, "")),
                            expected.share(dimension, name),
                            measured.share(dimension, name),
                            "{:.1f}",
                            ("points", 2.0),
                        )
                    )
    return out


@dataclass(frozen=True)
class Mistake:
    """One wrong or missing award, with the key for `tenders explain`."""

    cause: str
    key: str
    title: str
    truth: str
    ours: str


def find_mistakes(made: Market, data: Path, day: date | None = None) -> list[Mistake]:
    """Compare award by award in the months of the table.

    An award belongs to a project if it is made of that project's notices.
    """
    rows = read_awards(data, day)
    project_of = {path: award.project for award in made.world.awards for path in award.paths}
    project_of |= {posting.key: posting.project.key for posting in made.all()}
    of_project: dict[str, list[Row]] = {}
    out: list[Mistake] = []
    for row in rows:
        projects = sorted({project_of[key] for key in row["notice_keys"] if key in project_of})
        for project in projects:
            of_project.setdefault(project, []).append(row)
        if len(projects) > 1 and is_counted_row(row) and month_of(row) in _MONTHS:
            out.append(
                Mistake(
                    "two projects in one award", row["award_key"], row["project_name"], "apart", ", ".join(projects)
                )
            )
    truths = {award.project: award for award in made.world.awards}
    for truth in truths.values():
        if is_counted(truth) and truth.month in _MONTHS:
            out += _award_mistakes(truth, of_project.get(truth.project, []))
    for project, own in of_project.items():
        extra = truths.get(project)
        for row in own:
            if is_counted_row(row) and month_of(row) in _MONTHS and not (extra and is_counted(extra)):
                why = "nobody has won" if extra is None else extra.status if extra.large_model else "no large model"
                out.append(
                    Mistake(f"extra: {why}", row["award_key"], row["project_name"], why, f"counted in {month_of(row)}")
                )
    return sorted(out, key=lambda one: (one.cause, one.key))


def _award_mistakes(truth: AwardTruth, rows: list[Row]) -> list[Mistake]:
    """Return what is wrong with one award that should be counted."""
    expected_facts = f"{truth.month}, {truth.amount_yuan or 'no price'}, {truth.project_types[0]}, {truth.sector}"
    counted_rows = [row for row in rows if is_counted_row(row)]
    if not counted_rows:
        why = (
            "not found"
            if not rows
            else "not taken for a large model"
            if not any(row["is_large_model"] for row in rows)
            else f"taken for {rows[0]['status']}"
        )
        key = rows[0]["award_key"] if rows else truth.paths[0]
        return [Mistake(f"missed: {why}", key, f"{truth.buyer} | {truth.name}", expected_facts, why)]
    row, name = counted_rows[0], f"{truth.buyer} | {truth.name}"
    out = [
        Mistake("counted twice", other["award_key"], name, "once", f"beside {row['award_key']}")
        for other in counted_rows[1:]
    ]
    for cause, expected_value, stored in (
        ("month", truth.month, month_of(row)),
        ("amount", truth.amount_yuan, row["amount_yuan"]),
        ("type", truth.project_types[0], row["project_type"]),
        ("sector", truth.sector, row["sector"]),
    ):
        if expected_value != stored:
            out.append(Mistake(f"wrong {cause}", row["award_key"], name, str(expected_value), str(stored)))
    return out
