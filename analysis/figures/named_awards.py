"""Which awards that others name are in the database: recall, measured against the world outside.

A list is a CSV file with the columns ``project`` and, as far as they are known, ``buyer``, ``supplier`` (several,
separated by ``;``), ``amount_yuan``, ``awarded_month`` (2025-07 or 2025), ``period`` (also 2025-01..2025-03) and
``source_url``. The shipped list holds facts from published articles, each with its address.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import duckdb

from analysis.awards.project_identity import has_same_distinctions, name_without_lot
from analysis.figures.coverage import coverage_parameters
from analysis.figures.definition import Definition
from analysis.figures.months import shift_month
from analysis.figures.periods import Period
from pipelines.common.validation import InvalidDataError

State = Literal["found", "differs", "missing", "uncovered"]

_SHORTEST_PART = 8  # a shorter name inside a longer one is no match
_TOLERANCE = Decimal("0.005")  # articles round amounts
_SHARE = re.compile(r"\s*\d+(?:\.\d+)?\s*[%％]|[（(](?:牵头|联合体)[^（）()]*[）)]")  # 智谱华章 70%, 甲公司（牵头）
_NOISE = re.compile(r"[\W_]+")

_AWARDS = """
    SELECT
        a.award_key, coalesce(a.project_name, ''), coalesce(a.title, ''), coalesce(a.buyer, ''), a.suppliers, a.vendors,
        month_of(a.awarded_on), a.amount_yuan,
        coalesce(list(l.amount_yuan) FILTER (l.amount_yuan IS NOT NULL), []), count(l.award_key)
    FROM awards AS a
    LEFT JOIN award_lots AS l USING (award_key)
    WHERE a.status = 'awarded' AND a.awarded_on IS NOT NULL
    GROUP BY ALL
"""
_AWARDS_THEN = """
    SELECT
        award_key, coalesce(project_name, ''), coalesce(title, ''), coalesce(buyer, ''), suppliers, vendors,
        month_of(awarded_on), amount_yuan,
        [lot.amount_yuan FOR lot IN lots IF lot.amount_yuan IS NOT NULL], len(lots)
    FROM awards_as_of($instant)
    WHERE status = 'awarded' AND awarded_on BETWEEN $first AND $last
"""
_KNOWN = """
    SELECT comparable_months(complete_months, unknown_months, (SELECT list(DISTINCT month) FROM counted_awards))
    FROM known_months_as_of($instant, search_words := $search_words, of_portals := $of_portals)
"""


@dataclass(frozen=True, slots=True)
class NamedAward:
    """One line of a list: an award as somebody named it. Months are first days; both ends are included."""

    line: int
    project: str
    buyer: str
    suppliers: tuple[str, ...]
    amount_yuan: Decimal | None
    first_month: date | None
    last_month: date | None
    source_url: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Whether a named award is in the database. ``differs`` names what is another: supplier, amount_yuan."""

    named: NamedAward
    state: State
    award_key: str | None = None
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Award:
    award_key: str
    names: tuple[str, ...]
    buyer: str
    suppliers: tuple[str, ...]
    month: date
    amounts: tuple[Decimal, ...]


def read_list(path: Path | None = None) -> list[NamedAward]:
    """Return the lines of a list, by default of the shipped one. Raises InvalidDataError for what cannot be read."""
    if path is None:
        source = "named_awards.csv"
        return list_of((resources.files("analysis.figures.reference") / source).read_text("utf-8"), source)
    return list_of(_decoded(path.read_bytes(), str(path)), str(path))


def _decoded(data: bytes, source: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):  # the second is what Excel writes on a Chinese Windows
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidDataError([f"{source}: neither UTF-8 nor GB18030; save it as CSV in UTF-8"])


def list_of(text: str, source: str) -> list[NamedAward]:
    """Return the lines of a list. ``source`` names it in messages. Raises InvalidDataError for what cannot be read."""
    rows = csv.DictReader(io.StringIO(text))
    if "project" not in (rows.fieldnames or ()):
        raise InvalidDataError(
            [f"{source}: no column project; write one line for each award, with project, supplier …"]
        )
    return [_named(row, number, source) for number, row in enumerate(rows, 2) if (row.get("project") or "").strip()]


def reconcile(con: duckdb.DuckDBPyConnection, names: Iterable[NamedAward], definition: Definition) -> list[Reconciled]:
    """Look for each named award. One that is not there is ``missing`` if its months are known by ``definition``."""
    awards = [*map(_award, con.execute(_AWARDS).fetchall())]
    row = con.execute(_KNOWN, coverage_parameters(definition, None)).fetchone()
    known = set(row[0] or ()) if row else set()
    return [_reconciled(named, awards, known) for named in names]


@dataclass(frozen=True, slots=True)
class NamedAwards:
    """How many awards that others name of a period are in the database: see ``State``."""

    named: int
    found: int
    differs: int
    missing: int
    uncovered: int

    @property
    def known(self) -> int:
        """The number of those that coverage reaches."""
        return self.named - self.uncovered


def count_named(
    con: duckdb.DuckDBPyConnection, period: Period, definition: Definition, instant: datetime | None
) -> NamedAwards | None:
    """Count what became of the shipped list's awards of a period, as known at ``instant`` (None: now).

    An award counts if all its months are in the period. Returns None if coverage reaches none of them.
    """
    names = [
        named
        for named in read_list()
        if named.first_month
        and named.last_month
        and period.first <= named.first_month <= named.last_month <= period.last
    ]
    if not names:
        return None
    asked = {
        "first": shift_month(period.first, -1),
        "last": shift_month(period.last, 2),
        "instant": instant or "infinity",
    }
    known = con.execute(_KNOWN, coverage_parameters(definition, instant)).fetchone()
    awards = [*map(_award, con.execute(_AWARDS_THEN, asked).fetchall())]
    states = [_reconciled(named, awards, set(known[0] or ()) if known else set()).state for named in names]
    counts = NamedAwards(len(names), *(states.count(state) for state in ("found", "differs", "missing", "uncovered")))
    return counts if counts.known else None


def _award(row: tuple[Any, ...]) -> _Award:
    key, name, title, buyer, suppliers, vendors, month, total, prices, lots = row
    amounts = tuple(amount for amount in [total, *prices] if amount)
    # Packages of a project that were published one by one are one award, which has the name of its first package.
    project = name_without_lot(name) if lots > 1 else None
    names = tuple(map(_bare, (name, title, project or "")))
    return _Award(key, names, _bare(buyer), tuple(map(_bare, [*suppliers, *vendors])), month, amounts)


def _reconciled(named: NamedAward, awards: list[_Award], known: set[date]) -> Reconciled:
    judged = []
    for award, names in _similar(named, awards):
        differs = _differences(named, award)
        # A phase, a lot or another year that only one of the names has makes another project, unless the price is the
        # same. The year of the award itself may be left out.
        year = f"{award.month.year}"
        project = _bare(named.project).replace(year, "")
        is_sure = any(has_same_distinctions(name.replace(year, ""), project) for name in names)
        if is_sure or (not differs and named.amount_yuan and award.amounts):
            judged.append((award, differs, is_sure))
    if not judged:
        months = _months(named)
        return Reconciled(named, "missing" if months and known.issuperset(months) else "uncovered")
    award, differs, _ = min(judged, key=lambda one: (len(one[1]), "supplier" in one[1], not one[2], one[0].award_key))
    return Reconciled(named, "differs" if differs else "found", award.award_key, differs)


def _similar(named: NamedAward, awards: Iterable[_Award]) -> Iterator[tuple[_Award, list[str]]]:
    """Yield the awards that may be the named one, each with its names that equal or contain that one, or are in it."""
    project, buyer = _bare(named.project), _bare(named.buyer)
    # An article may name the month of the contract or of its own publication.
    first = shift_month(named.first_month, -1) if named.first_month else date.min
    last = shift_month(named.last_month or named.first_month, 1) if named.first_month else date.max
    for award in awards:
        if not first <= award.month <= last:
            continue
        names = [name for name in award.names if name and _is_similar(name, project)]
        same_buyer = not buyer or not award.buyer or buyer in award.buyer or award.buyer in buyer
        if names and (same_buyer or buyer in award.names[1]):
            yield award, names


def _is_similar(name: str, project: str) -> bool:
    if len(name) < _SHORTEST_PART or len(project) < _SHORTEST_PART:
        return name == project
    return project in name or name in project


def _differences(named: NamedAward, award: _Award) -> tuple[str, ...]:
    differs = []
    suppliers = [_bare(supplier) for supplier in named.suppliers]
    if suppliers and not any(one in other or other in one for one in suppliers for other in award.suppliers):
        differs.append("supplier")
    wanted = named.amount_yuan
    if wanted and award.amounts and not any(abs(amount - wanted) <= wanted * _TOLERANCE for amount in award.amounts):
        differs.append("amount_yuan")
    return tuple(differs)


def _months(named: NamedAward) -> list[date]:
    months = []
    month = named.first_month
    while month and named.last_month and month <= named.last_month:
        months.append(month)
        month = shift_month(month, 1)
    return months


def _named(row: dict[str, str | None], line: int, source: str) -> NamedAward:
    cells = {name: (text or "").strip() for name, text in row.items() if name and isinstance(text, str | None)}
    try:
        amount = Decimal(cells["amount_yuan"].replace(",", "")) if cells.get("amount_yuan") else None
        first, last = _span(cells.get("awarded_month") or cells.get("period") or "")
    except (InvalidOperation, ValueError) as error:
        text = (
            f"{source}:{line}: {error}"
            if isinstance(error, ValueError)
            else f"{source}:{line}: amount_yuan is no number"
        )
        raise InvalidDataError([text]) from error
    suppliers = (_SHARE.sub("", part).strip() for part in re.split("[;；]", cells.get("supplier", "")))
    return NamedAward(
        line, cells["project"], cells.get("buyer", ""), tuple(filter(None, suppliers)), amount, first, last,
        cells.get("source_url", ""),
    )  # fmt: skip


def _span(text: str) -> tuple[date | None, date | None]:
    """Return the first and the last month of 2025, 2025-07, 2025-07-04, 2025-01..2025-03 or 2026-01..02."""
    if not text:
        return None, None
    begin, _, end = text.partition("..")
    if re.fullmatch(r"\d\d", end):
        end = f"{begin[:5]}{end}"
    first, _ = _ends(begin)
    return first, _ends(end or begin)[1]


def _ends(text: str) -> tuple[date, date]:
    match = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-\d\d)?|-Q([1-4])|-H([12]))?", text)
    if match is None:
        raise ValueError(f"{text!r} is not a month: write it as 2025-07")
    year, month, quarter, half = (int(part) if part else None for part in match.groups())
    assert year is not None
    length = 1 if month else 3 if quarter else 6 if half else 12
    first = date(year, month or (3 * quarter - 2 if quarter else 6 * half - 5 if half else 1), 1)
    return first, shift_month(first, length - 1)


def _bare(text: str) -> str:
    """Return a name without spaces, punctuation and case."""
    return _NOISE.sub("", text).casefold()
