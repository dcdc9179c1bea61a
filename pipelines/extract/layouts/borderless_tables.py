"""Result tables whose borders were lost: the heads run together, and so do the cells of each row::

    序号供应商名称供应商地址中标（成交）金额评审总得分1某某有限公司某省某市报价：24.3（%）83.5

The heads say which cells follow in which order. Each cell has a shape (``borderless_cells``), and the shapes make the
pattern of a row (``borderless_rows``). Prices and scores have several possible shapes. The total on the page, if there
is one, decides between two ways of cutting digits that run together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from pipelines.extract.amounts import likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.bidder_results import Bidder, Standing, standing_of, winners
from pipelines.extract.layouts.borderless_cells import (
    AMOUNTS,
    COMPANY,
    FIRM,
    HEAD_ROW,
    HEADS,
    LOT_NAME_BEFORE_PLACE,
    LOT_NAME_WITH_COUNTER,
    MOST_MISSING_ROWS,
    SCORES,
)
from pipelines.extract.layouts.borderless_rows import (
    Columns,
    PackageMark,
    Shapes,
    may_hold_row,
    opening,
    row_pattern,
)
from pipelines.extract.layouts.package_marks import Package, package_of_line
from pipelines.extract.layouts.table_heads import Heads
from pipelines.extract.party_names import clean_party
from pipelines.lexicon import forms
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import role_of

_END_OF_TABLE = re.compile(
    # 三、主要标的; 合同包; 第二包; 包2
    rf"\n(?:\d{{1,2}}\s*[.、．]\s*)?(?:{forms.pattern('line_after_borderless_table', 'contract_package')}"
    r"|第[一二三四五六七八九十]+包|包\d)"
)
_PACKAGE = forms.pattern("package_in_cell")
_PACKAGE_MARK = (
    rf"(?P<before>{_PACKAGE})?\s*(?P<number>0?[1-4])\s*(?P<after>号?{_PACKAGE})?(?!\d)"  # 包1, 01包, 2号标段
)
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COUNTER = re.compile(r"[（(][一二三四五六七八九十]{1,2}[)）]")
_LONGEST_TABLE = 6_000
_MOST_ROWS = 200
_LONGEST_LOT_NAME = 160
_LONGEST_LOT_NAME_WITHOUT_FIRM = 80
_SHORTEST_LOT_NAME = 4
# Portals print their totals rounded to 100 yuan.
_ROUNDING = 100
# A sum so many times the page's total has digits in it that are not its own.
_FAR_ABOVE_TOTAL = 9


@dataclass(frozen=True, slots=True)
class _Table:
    """One table: its columns, its rows as one text, and where the names of its packages may occur.

    ``lot_names`` are names that a package may have, ``text`` is the notice with the table.
    """

    columns: Columns
    data: str
    lot_names: Sequence[str]
    text: str

    def other_text(self) -> str:
        """Return the rest of the notice. It is made when it is asked for, because a text may have very many tables."""
        return self.text.replace(self.data, "")


def read_borderless_tables(
    zone: str, lot_names: Sequence[str], text: str, total: Decimal | None, *, candidates: bool = False
) -> list[Entry]:
    """Return the winners in the borderless tables of a text, or all bidders in a notice about ``candidates``.

    ``lot_names`` are names that a package may have. ``text`` is the notice, where names of packages occur again.
    ``total`` is the page's own total in yuan. It decides how to cut digits, and who won if nothing else says so.
    """
    entries: list[Entry] = []
    package: Package | None = None
    position = 0
    for match in HEAD_ROW.finditer(zone):
        if "\t" in match.group():
            continue
        for line in zone[position : match.start()].split("\n"):
            package = package_of_line(line) or package
        position = match.end()
        table = _table_below(match, lot_names, text)
        for entry in _best_reading(table, total, candidates) if table else ():
            if package and entry.lot is None:
                entry.lot, entry.lot_name, entry.numbered = package.number, entry.lot_name or package.name, True
            entries.append(entry)
    return entries


def _table_below(head_row: re.Match[str], lot_names: Sequence[str], text: str) -> _Table | None:
    """Return the table below a row of heads. None if it has no column of winners, or several."""
    heads = tuple(HEADS.findall(head_row.group()))
    roles = tuple(map(role_of, heads))
    if sum(role in ("supplier", "bidder") for role in roles) != 1:
        return None
    data = head_row.string[head_row.end() : head_row.end() + _LONGEST_TABLE]
    ends = [end.start() for end in (HEAD_ROW.search(data), _END_OF_TABLE.search(data)) if end]
    data = data[: min(ends, default=len(data))].strip()
    spaced = head_row.group().strip().count(" ") >= len(heads) - 1
    columns = Columns(roles, heads, spaced, _package_mark(roles, data))
    return _Table(columns, data, lot_names, text)


def _package_mark(roles: Sequence[ColumnRole], data: str) -> PackageMark | None:
    """Return how rows mark their package, by the first row. None if there is no column of packages or no mark."""
    if "lot" not in roles:
        return None
    row_number = r"[1-4]\s*" if roles[0] == "row" else ""
    match = re.match(rf"\s*{row_number}{_PACKAGE_MARK}", data)
    return PackageMark(match["before"] or "", len(match["number"]), match["after"] or "") if match else None


class _Reading(NamedTuple):
    """One way to read the rows of a table: all bidders, and those of them that count."""

    bidders: list[Bidder]
    won: list[Entry]


def _best_reading(table: _Table, total: Decimal | None, candidates: bool) -> list[Entry]:
    """Return the winners by the reading that adds up to the page's total, or by the longest one."""
    heads = Heads(list(table.columns.roles), list(table.columns.heads))
    readings = [_Reading(rows, _won(rows, heads, total, candidates)) for rows in _readings(table)]
    if not readings:
        return []
    if total:
        readings = [reading for reading in readings if _near(_sum(reading.won), total)] or readings
        for reading in readings:
            _cut_off_room_number(reading.won, total)
    # Only numbered rows can be counted. In other tables a longer reading may be an address taken apart.
    is_countable = table.columns.numbered
    return (max(readings, key=_rows_and_prices) if is_countable else readings[0]).won


def _won(bidders: list[Bidder], heads: Heads, total: Decimal | None, candidates: bool) -> list[Entry]:
    if candidates:
        return [bidder.entry for bidder in bidders if not bidder.standing.lost]
    # Each reading has entries of its own, which may be changed.
    return winners(
        bidders,
        names_winners=heads.name_winners,
        lists_bidders=heads.list_bidders,
        all_won=heads.name_shortlisted,
        total=total,
    )


def _rows_and_prices(reading: _Reading) -> tuple[int, int]:
    return len(reading.bidders), sum(bidder.entry.amount.kind != "undisclosed" for bidder in reading.bidders)


def _readings(table: _Table) -> list[list[Bidder]]:
    """Return the different ways to read the rows, one for each shape that prices and scores may have."""
    roles = table.columns.roles
    readings: list[list[Bidder]] = []
    for amount in AMOUNTS if "amount" in roles or "rate" in roles else ("",):
        for score in SCORES if "score" in roles else SCORES[:1]:
            rows = _read_rows(table, Shapes(amount, score))
            if rows and rows not in readings:
                readings.append(rows)
    return readings


def _cut_off_room_number(rows: list[Entry], total: Decimal) -> None:
    """Cut the digits of an address off the only sum, if it then is the page's total: 318 stuck to 1013481.05."""
    if len(rows) != 1 or not rows[0].amount.yuan or rows[0].amount.yuan <= total * _FAR_ABOVE_TOTAL:
        return
    text = rows[0].amount.text or ""
    number = _PLAIN_NUMBER.match(text)
    if number is None:
        return
    unit = rows[0].amount.yuan / Decimal(number.group())
    for cut in range(1, len(text)):
        rest = _PLAIN_NUMBER.match(text, cut)
        if rest is None:
            return
        yuan = Decimal(rest.group()) * unit
        if _near(yuan, total):
            rows[0].amount = replace(rows[0].amount, yuan=yuan, text=text[cut:])
            return


def _sum(rows: list[Entry]) -> Decimal:
    return sum((row.amount.yuan or Decimal(0) for row in rows), Decimal(0))


def _near(amount: Decimal, total: Decimal) -> bool:
    return abs(amount - total) <= _ROUNDING


def _read_rows(table: _Table, shapes: Shapes) -> list[Bidder]:
    bidders: list[Bidder] = []
    columns = table.columns
    position, number = 0, 1
    while position < len(table.data) and number < _MOST_ROWS:
        row = None
        for step in range(MOST_MISSING_ROWS + 1 if columns.numbered else 1):
            row = _read_row(table, shapes, position, number + step)
            if row:
                number += step
                break
        if row is not None:
            bidder, position = row
            bidders.append(bidder)
            number += 1
            continue
        next_row = _next_row(table, position, number) if columns.spaced and columns.numbered else None
        if next_row is None:
            break
        position, number = next_row, number + 1
    return bidders


def _next_row(table: _Table, position: int, number: int) -> int | None:
    """Return where the next row begins, after a row of strokes for a package that failed."""
    beginning = re.compile(rf"(?<=\s)(?:{opening(table.columns, number + 1)})(?=\s)").search(table.data, position)
    return beginning.start() if beginning else None


def _read_row(table: _Table, shapes: Shapes, position: int, number: int) -> tuple[Bidder, int] | None:
    """Return the row that begins at a position, and where it ends."""
    columns = table.columns
    start = re.compile(rf"\s*{opening(columns, number)}\s*").match(table.data, position)
    if start is None:
        return None
    lot_name, at = "", start.end()
    if not columns.spaced and ("lot" in columns.roles or "lot_name" in columns.roles):
        lot_name = _glued_lot_name(table, at)
        at += len(lot_name)
    for firm in (COMPANY, FIRM):
        if not may_hold_row(columns, shapes, firm, table.data, at):
            continue
        match = row_pattern(columns, shapes, number, firm).match(table.data, at)
        if match:
            entry = _entry(columns, match)
            if entry is None:
                return None
            entry.lot = _lot_number(columns, start.group(), number)
            entry.lot_name = match.groupdict().get("lot") or lot_name or None
            entry.numbered = "lot" in columns.roles
            standing = _standing(columns, match, number)
            entry.rank = standing.rank
            return Bidder(entry, standing), match.end()
    return None


def _standing(columns: Columns, row: re.Match[str], number: int) -> Standing:
    """Return how the bidder of a row stands: by the rank before its name, or by the cell that says who won."""
    if columns.roles[0] == "rank":
        return Standing(rank=number)
    words = row.groupdict().get("standing") or ""
    deciding: Iterator[tuple[ColumnRole, str]] = (
        (role, head) for role, head in zip(columns.roles, columns.heads, strict=True) if role in ("rank", "result")
    )
    role, head = next(deciding, ("other", ""))
    return standing_of([role], [head], [words])


def _lot_number(columns: Columns, beginning: str, number: int) -> int | None:
    """Return the number of the package that a row names after its own number, or the number of the row."""
    if not columns.numbered or columns.roles[0] == "rank":
        return None
    after_number = beginning.strip()[len(str(number)) :]
    package = re.search(r"\d+", after_number) if columns.roles[0] == "row" else None
    return int(package.group()) if package else number


def _entry(columns: Columns, row: re.Match[str]) -> Entry | None:
    supplier, price = row["supplier"], row.groupdict().get("amount") or ""
    if clean_party(supplier) is None:
        return None
    priced = (role in ("amount", "rate") for role in columns.roles)
    head = next((head for head, is_price in zip(columns.heads, priced, strict=True) if is_price), "")
    amount = read_amount(price, head, bare_unit=likely_unit(price))
    words = [supplier, price.strip()] if price.strip() else [supplier]
    return Entry(supplier.strip(), amount, words=words)


def _glued_lot_name(table: _Table, start: int) -> str:
    """Return the name of a package that runs into the name of its winner. Empty if its end is unknown."""
    text = table.data[start : start + 200]
    for name in sorted(table.lot_names, key=len, reverse=True):
        if name and text.startswith(name):
            return name
    with_counter = LOT_NAME_WITH_COUNTER.match(text)
    if with_counter:
        return with_counter.group()
    firm = re.search(FIRM, text)
    longest = min(firm.end() if firm else _LONGEST_LOT_NAME_WITHOUT_FIRM, _LONGEST_LOT_NAME)
    other_text = table.other_text()
    for length in range(longest, _SHORTEST_LOT_NAME - 1, -1):
        # A table of goods below names the package again, after the number of its row.
        if re.search(rf"(?:^|[\n\d价量)）/]){re.escape(text[:length])}", other_text):
            counter = _COUNTER.match(text[length:])
            return text[: length + counter.end()] if counter else text[:length]
    before_place = LOT_NAME_BEFORE_PLACE.match(text[:_LONGEST_LOT_NAME])
    return before_place.group() if before_place else ""
