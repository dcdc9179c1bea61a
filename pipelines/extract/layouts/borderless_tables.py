"""Result tables whose cell borders were lost: heads run together, then the cells of each row.

``序号供应商名称供应商地址中标（成交）金额评审总得分1某某有限公司某省某市报价：24.3（%）83.5``. The heads say which cells
follow in which order; each cell has a shape of its own (a row number, a name that ends as organisations do, an amount,
a score), and the page's own total, where it has one, tells two possible cuts of glued digits apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.extract.amounts import likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.borderless_rows import opening, row_pattern
from pipelines.extract.layouts.cell_patterns import (
    BARE,
    BEFORE_PLACE,
    COUNTED,
    FIRM,
    HEAD_ROW,
    HEADS,
    LABELLED,
    MOST_SKIPPED,
    SCORES,
    WITH_UNIT,
)
from pipelines.extract.layouts.tables import lot_of_line
from pipelines.extract.parties import clean_party
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import role_of

_END_OF_TABLE = re.compile(
    r"\n(?:\d{1,2}\s*[.、．]\s*)?(?:废标结果|废标情况|流标|其他|主要标的|合同包|采购包|第[一二三四五六七八九十]+包|包\d)"
)
# The last is for tables whose packages are priced in different ways: a sum here, a rate there.
_AMOUNTS = (LABELLED, WITH_UNIT, BARE, rf"(?:{LABELLED}|{WITH_UNIT}|{BARE})")
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LONGEST = 6000


def flat_entries(zone: str, hints: Sequence[str], other_text: str, total: Decimal | None) -> list[Entry]:
    """The winners of the flattened tables of a zone.

    ``hints`` are names a package may have (the project's name first), ``other_text`` the rest of the notice, where names occur
    again, ``total`` the page's own total in yuan, used only to choose between two readings of glued digits.
    """
    found: list[Entry] = []
    lot: tuple[int, str | None] | None = None
    position = 0
    for match in HEAD_ROW.finditer(zone):
        if "\t" in match.group():
            continue
        for line in zone[position : match.start()].split("\n"):
            lot = lot_of_line(line) or lot
        position = match.end()
        heads = [head.group() for head in HEADS.finditer(match.group())]
        roles = [role_of(head) for head in heads]
        if sum(role in ("supplier", "bidder") for role in roles) != 1:
            continue
        data = zone[match.end() : match.end() + _LONGEST]
        ends = [m.start() for m in (HEAD_ROW.search(data), _END_OF_TABLE.search(data)) if m]
        data = data[: min(ends)].strip() if ends else data.strip()
        spaced = match.group().strip().count(" ") >= len(heads) - 1
        elsewhere = other_text.replace(data, "")
        table = _Table(tuple(roles), tuple(heads), data, spaced, tuple(hints), elsewhere, _lot_mark(roles, data))
        for entry in _best_reading(table, total):
            if lot and entry.lot is None:
                entry.lot, entry.lot_name, entry.numbered = lot[0], entry.lot_name or lot[1], True
            found.append(entry)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """One flattened table: what its columns mean, its rows as one text, and where package names may be known from."""

    roles: tuple[ColumnRole, ...]
    heads: tuple[str, ...]
    data: str
    spaced: bool
    hints: tuple[str, ...]
    elsewhere: str
    mark: tuple[str, int, str] | None


def _lot_mark(roles: Sequence[ColumnRole], data: str) -> tuple[str, int, str] | None:
    """How rows mark their package (``01包``): words before, number of digits, words behind, as the first row has it."""
    if "lot" not in roles:
        return None
    row = r"[1-4]\s*" if roles[0] == "row" else ""
    match = re.match(
        rf"\s*{row}(?P<before>包|标段|标包|标项)?\s*(?P<number>0?[1-4])\s*(?P<behind>号?(?:包|标段|标包|标项))?(?!\d)",
        data,
    )
    return (match["before"] or "", len(match["number"]), match["behind"] or "") if match else None


def _best_reading(table: _Table, total: Decimal | None) -> list[Entry]:
    """Tries each shape an amount and a score may have; keeps the reading that adds up to the page's total, else the longest."""
    readings: list[list[Entry]] = []
    priced = any(role in ("amount", "rate") for role in table.roles)
    for amount in _AMOUNTS if priced else ("",):
        for score in SCORES if "score" in table.roles else SCORES[:1]:
            rows = _read_rows(table, amount, score)
            if rows and rows not in readings:
                readings.append(rows)
    if not readings:
        return []
    if total:
        exact = [
            rows for rows in readings if _near(sum((row.amount.yuan or Decimal(0) for row in rows), Decimal(0)), total)
        ]
        readings = exact or readings
        for rows in readings:
            _part_room_number(rows, total)
    # Only numbered rows can be counted; elsewhere a longer reading may be an address taken apart.
    return max(readings, key=lambda rows: (len(rows), _priced(rows))) if _is_numbered(table) else readings[0]


def _part_room_number(rows: list[Entry], total: Decimal) -> None:
    """One sum far above the page's total that ends in the total's own digits: a room number stuck to it (318 1013481.05)."""
    if len(rows) != 1 or not rows[0].amount.yuan or rows[0].amount.yuan <= total * 9:
        return
    literal = rows[0].amount.text or ""
    whole = _PLAIN_NUMBER.match(literal)
    if whole is None:
        return
    unit = rows[0].amount.yuan / Decimal(whole.group())
    for cut in range(1, len(literal)):
        rest = _PLAIN_NUMBER.match(literal, cut)
        if rest is None:
            return
        parted = Decimal(rest.group()) * unit
        if _near(parted, total):
            rows[0].amount = replace(rows[0].amount, yuan=parted, text=literal[cut:])
            return


def _priced(rows: list[Entry]) -> int:
    return sum(row.amount.kind != "undisclosed" for row in rows)


def _near(amount: Decimal, total: Decimal) -> bool:
    # Portals print their totals rounded to 100 yuan.
    return abs(amount - total) <= 100


def _read_rows(table: _Table, amount: str, score: str) -> list[Entry]:
    found: list[Entry] = []
    position, number = 0, 1
    while position < len(table.data) and number < 200:
        row = None
        for step in range(MOST_SKIPPED + 1):  # packages that failed have no row here
            row = _read_row(table, position, number + step, amount, score)
            if row or not _is_numbered(table):
                number += step
                break
        if row is None and table.spaced and _is_numbered(table):
            # A failed package has a row of strokes; the next opening goes on.
            later = re.compile(rf"(?<=\s)(?:{opening(table.roles[0], table.mark, number + 1)})(?=\s)").search(
                table.data, position
            )
            if later:
                position, number = later.start(), number + 1
                continue
        if row is None:
            break
        entry, position = row
        found.append(entry)
        number += 1
    return found


def _is_numbered(table: _Table) -> bool:
    return table.roles[0] in ("row", "lot")


def _read_row(table: _Table, position: int, number: int, amount: str, score: str) -> tuple[Entry, int] | None:
    start = re.compile(rf"\s*{opening(table.roles[0], table.mark, number)}\s*").match(table.data, position)
    if start is None:
        return None
    lot, at = "", start.end()
    package = re.search(r"\d+", start.group().strip()[len(str(number)) :]) if table.roles[0] == "row" else None
    if not table.spaced and ("lot" in table.roles or "lot_name" in table.roles):
        lot = _lot_name(table.data[at : at + 200], table.hints, table.elsewhere)
        at += len(lot)
    for firm in (r"公司", FIRM):
        match = row_pattern(table.roles, table.heads, table.spaced, table.mark, amount, score, number, firm).match(
            table.data, at
        )
        if match:
            groups = match.groupdict()
            head = next(
                (head for role, head in zip(table.roles, table.heads, strict=True) if role in ("amount", "rate")), ""
            )
            numbered = (int(package.group()) if package else number) if _is_numbered(table) else None
            entry = _entry(
                groups["supplier"], head, groups.get("amount") or "", numbered, groups.get("lot") or lot or None
            )
            if entry is None:
                return None
            entry.numbered = "lot" in table.roles
            return entry, match.end()
    return None


def _entry(supplier: str, head: str, cell: str, number: int | None, lot_name: str | None) -> Entry | None:
    if clean_party(supplier) is None:
        return None
    amount = read_amount(cell, head, bare_unit=likely_unit(cell))
    words = [supplier, cell.strip()] if cell.strip() else [supplier]
    return Entry(supplier.strip(), amount, lot=number, lot_name=lot_name, words=words)


def _lot_name(text: str, hints: Sequence[str], other_text: str) -> str:
    for hint in sorted(hints, key=len, reverse=True):
        if hint and text.startswith(hint):
            return hint
    counted = COUNTED.match(text)
    if counted:
        return counted.group()
    end = re.search(FIRM, text)
    for length in range(min(end.end() if end else 80, 160), 3, -1):
        # A table of goods below names the package again, behind its row number.
        if re.search(rf"(?:^|[\n\d价量)）/]){re.escape(text[:length])}", other_text):
            counter = re.match(r"[（(][一二三四五六七八九十]{1,2}[)）]", text[length:])
            return text[: length + counter.end()] if counter else text[:length]
    before_place = BEFORE_PLACE.match(text[:160])
    return before_place.group() if before_place else ""
