"""The figures of the table: as published, as the made-up world has them, as a data folder tells them; and what is wrong."""

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
    """A period's sums; shares are of the amount, in per cent."""

    awards: int = 0
    disclosed: int = 0
    yuan: Decimal = Decimal(0)
    types: Counter[str] = field(default_factory=Counter)
    sectors: Counter[str] = field(default_factory=Counter)

    def add(self, yuan: Decimal | None, project_type: str | None, sector: str | None) -> None:
        self.awards += 1
        self.disclosed += yuan is not None
        self.yuan += yuan or 0
        self.types[project_type or "none"] += yuan or 0  # type: ignore[assignment]
        self.sectors[sector or "none"] += yuan or 0  # type: ignore[assignment]

    def share(self, dimension: str, name: str) -> float:
        part = self.types[name] if dimension == "type" else self.sectors[name]
        return 100 * float(part) / float(self.yuan) if self.yuan else 0.0


@dataclass(frozen=True)
class Line:
    """One figure, from three sides. `bar` is how far ours may be from the truth, None where it is not judged."""

    period: str
    figure: str
    published: str
    truth: float
    ours: float
    style: str
    bar: tuple[str, float] | None = None

    def kept(self, slack: float = 1.0) -> bool:
        """Whether the figure is within its bar, or within some times its bar."""
        if self.bar is None:
            return True
        how, most = self.bar
        of = {"share": abs(self.truth), "growth": 100 + self.truth, "points": 1.0}[
            how
        ]  # growth: of one plus the growth
        return abs(self.ours - self.truth) <= slack * most * of + 1e-9


def expected_figures(made: Market) -> dict[str, Figures]:
    out = {period: Figures() for period in PERIODS}
    for award in made.world.awards:
        for period, months in PERIODS.items():
            if is_counted(award) and award.month in months:
                out[period].add(award.amount_yuan, award.project_types[0], award.sector)
    return out


def read_awards(data: Path, day: date | None) -> list[Row]:
    """All awards of a data folder, as they are now or were known at the end of a day."""
    source = "awards" if day is None else "awards_as_of($instant)"
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        found = con.execute(
            f"SELECT {_COLUMNS} FROM {source}", {} if day is None else {"instant": parse_instant(str(day))}
        )
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def is_counted_row(row: Row) -> bool:
    return bool(row["is_large_model"]) and row["status"] == "awarded"


def month_of(row: Row) -> str:
    return f"{row['awarded_on']:%Y-%m}" if row["awarded_on"] else ""


def measured_figures(rows: Iterable[Row]) -> dict[str, Figures]:
    out = {period: Figures() for period in PERIODS}
    for row in filter(is_counted_row, rows):
        for period, months in PERIODS.items():
            if month_of(row) in months:
                out[period].add(row["amount_yuan"], row["project_type"], row["sector"])
    return out


def read_growth(data: Path, day: date | None) -> tuple[float, float]:
    """What the database itself says of July 2025: growth of the awards and of the amount on the year, in per cent."""
    source = "monthly" if day is None else "monthly_as_of($instant)"
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        given = {} if day is None else {"instant": parse_instant(str(day))}
        row = con.execute(
            f"SELECT awards_yoy_pct, amount_yoy_pct FROM {source} WHERE month = DATE '2025-07-01'", given
        ).fetchone()
    return (float(row[0] or 0), float(row[1] or 0)) if row else (0.0, 0.0)


def table_lines(made: Market, data: Path, day: date | None = None) -> list[Line]:
    """The table, line by line; of a day the truth is what could be known by then."""
    truth, ours = expected_figures(made), measured_figures(read_awards(data, day))
    out: list[Line] = []
    for period in PERIODS:
        was, now = truth[period], ours[period]
        if not (was.awards or now.awards):
            continue  # a month of which nothing was known yet
        month = plan.MONTHS.get(period)
        judged = period != "2025-Q1"
        out.append(
            Line(
                period,
                "awards",
                str(month.awards) if month else "",
                was.awards,
                now.awards,
                "{:.0f}",
                ("share", 0.01) if judged else None,
            )
        )
        out.append(
            Line(
                period,
                "amount, 亿 yuan",
                f"{month.yuan / 10**8:.2f}" if month else "",
                float(was.yuan) / 1e8,
                float(now.yuan) / 1e8,
                "{:.3f}",
                ("share", 0.01) if judged else None,
            )
        )
        undisclosed = "a quarter" if period == "2025-07" else ""
        out.append(
            Line(
                period, "without a price", undisclosed, was.awards - was.disclosed, now.awards - now.disclosed, "{:.0f}"
            )
        )
        if period == "2025-07":
            base = truth["2024-07"]
            grown = read_growth(data, day)
            for what, published, told, found in (
                ("awards", "+422", was.awards / base.awards, grown[0]),
                ("amount", "+540", float(was.yuan / base.yuan), grown[1]),
            ):
                out.append(
                    Line(
                        period,
                        f"growth of the {what}, %",
                        published,
                        100 * (told - 1),
                        found,
                        "{:+.1f}",
                        ("growth", 0.02),
                    )
                )
        if period in plan.PERIODS:
            for dimension, given in (("type", plan.PERIODS[period].types), ("sector", plan.PERIODS[period].sectors)):
                names = (
                    sorted(was.types, key=list(plan.TYPES).index)
                    if dimension == "type"
                    else sorted(was.sectors, key=list(plan.SECTORS).index)
                )
                for name in names:
                    out.append(
                        Line(
                            period,
                            f"{name}, % of the amount",
                            str(given.get(name, "")),
                            was.share(dimension, name),
                            now.share(dimension, name),
                            "{:.1f}",
                            ("points", 2.0),
                        )
                    )
    return out


@dataclass(frozen=True)
class Mistake:
    """One award of ours, or one that we lack, with what to ask `tenders explain` for."""

    cause: str
    key: str
    title: str
    truth: str
    ours: str


def find_mistakes(made: Market, data: Path, day: date | None = None) -> list[Mistake]:
    """Award by award, in the months of the table. A project is found again by the notices that its award is made of."""
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
    """What is wrong with one award that counts."""
    said = f"{truth.month}, {truth.amount_yuan or 'no price'}, {truth.project_types[0]}, {truth.sector}"
    good = [row for row in rows if is_counted_row(row)]
    if not good:
        why = (
            "not found"
            if not rows
            else "not taken for a large model"
            if not any(row["is_large_model"] for row in rows)
            else f"taken for {rows[0]['status']}"
        )
        key = rows[0]["award_key"] if rows else truth.paths[0]
        return [Mistake(f"missed: {why}", key, f"{truth.buyer} | {truth.name}", said, why)]
    row, name = good[0], f"{truth.buyer} | {truth.name}"
    out = [
        Mistake("counted twice", other["award_key"], name, "once", f"beside {row['award_key']}") for other in good[1:]
    ]
    for cause, expected, found in (
        ("month", truth.month, month_of(row)),
        ("amount", truth.amount_yuan, row["amount_yuan"]),
        ("type", truth.project_types[0], row["project_type"]),
        ("sector", truth.sector, row["sector"]),
    ):
        if expected != found:
            out.append(Mistake(f"wrong {cause}", row["award_key"], name, str(expected), str(found)))
    return out
