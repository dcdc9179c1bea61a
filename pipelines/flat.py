"""Result tables whose cell borders were lost: heads run together, then the cells of each row.

``序号供应商名称供应商地址中标（成交）金额评审总得分1某某有限公司某省某市报价：24.3（%）83.5``. The heads say which cells
follow in which order; each cell has a shape of its own (a row number, a name that ends as organisations do, an amount,
a score), and the page's own total, where it has one, tells two possible cuts of glued digits apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipelines.amounts import read_amount
from pipelines.columns import Role, role_of
from pipelines.entries import Entry
from pipelines.parties import clean_party
from pipelines.shapes import (
    BARE,
    BARE_BEFORE_SCORE,
    BRANCH,
    FIRM,
    HEAD_ROW,
    HEADS,
    LABELLED,
    LOOSE,
    NOT_SAID,
    NOTE,
    PLACE,
    SCORES,
    WITH_UNIT,
)
from pipelines.tables import bare_unit, lot_of_line

_END_OF_TABLE = re.compile(
    r"\n(?:\d{1,2}\s*[.、．]\s*)?(?:废标结果|废标情况|流标|其他|主要标的|合同包|采购包|第[一二三四五六七八九十]+包|包\d)"
)
_AMOUNTS = (LABELLED, WITH_UNIT, BARE)
_LONGEST = 6000
_MOST_SKIPPED = 3


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
        table = _Table(tuple(roles), tuple(heads), data, spaced, tuple(hints), other_text.replace(data, ""))
        for entry in _best_reading(table, total):
            if lot and entry.lot is None:
                entry.lot, entry.lot_name, entry.numbered = lot[0], entry.lot_name or lot[1], True
            found.append(entry)
    return found


@dataclass(frozen=True, slots=True)
class _Table:
    """One flattened table: what its columns mean, its rows as one text, and where package names may be known from."""

    roles: tuple[Role, ...]
    heads: tuple[str, ...]
    data: str
    spaced: bool
    hints: tuple[str, ...]
    elsewhere: str

    @property
    def mark(self) -> tuple[str, int, str] | None:
        """How rows mark their package (``01包``): words before, number of digits, words behind, as the first row has it."""
        if "lot" not in self.roles:
            return None
        row = r"[1-4]\s*" if self.roles[0] == "row" else ""
        match = re.match(
            rf"\s*{row}(?P<before>包|标段|标包|标项)?\s*(?P<number>0?[1-4])\s*(?P<behind>号?(?:包|标段|标包|标项))?(?!\d)",
            self.data,
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
    if total:
        for rows in readings:
            if _near(sum((entry.amount.yuan or Decimal(0) for entry in rows), Decimal(0)), total):
                return rows
    if not readings:
        return []
    # Only numbered rows can be counted; elsewhere a longer reading may be an address taken apart.
    return max(readings, key=len) if _is_numbered(table) else readings[0]


def _near(amount: Decimal, total: Decimal) -> bool:
    # Portals print their totals rounded to 100 yuan.
    return abs(amount - total) <= 100


def _read_rows(table: _Table, amount: str, score: str) -> list[Entry]:
    found: list[Entry] = []
    position, number = 0, 1
    while position < len(table.data) and number < 200:
        row = None
        for step in range(_MOST_SKIPPED + 1):  # packages that failed have no row here
            row = _read_row(table, position, number + step, amount, score)
            if row or not _is_numbered(table):
                number += step
                break
        if row is None and table.spaced and _is_numbered(table):
            # A failed package has a row of strokes; the next opening goes on.
            later = re.compile(rf"(?<=\s)(?:{_opening(table.roles[0], table.mark, number + 1)})(?=\s)").search(
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
    start = re.compile(rf"\s*{_opening(table.roles[0], table.mark, number)}\s*").match(table.data, position)
    if start is None:
        return None
    lot, at = "", start.end()
    if not table.spaced and ("lot" in table.roles or "lot_name" in table.roles):
        lot = _lot_name(table.data[at : at + 200], table.hints, table.elsewhere)
        at += len(lot)
    for firm in (r"公司", FIRM):
        match = _row_pattern(table.roles, table.heads, table.spaced, table.mark, amount, score, number, firm).match(
            table.data, at
        )
        if match:
            groups = match.groupdict()
            head = next((head for role, head in zip(table.roles, table.heads, strict=True) if role in ("amount", "rate")), "")
            numbered = number if _is_numbered(table) else None
            entry = _entry(groups["supplier"], head, groups.get("amount") or "", numbered, groups.get("lot") or lot or None)
            if entry is None:
                return None
            entry.numbered = "lot" in table.roles
            return entry, match.end()
    return None


def _opening(first: Role, mark: tuple[str, int, str] | None, number: int) -> str:
    """What a row begins with, as a pattern: its number, its package's mark, or both; nothing where rows are not numbered."""
    package = rf"{mark[0]}\s*{str(number).zfill(mark[1])}\s*{mark[2]}" if mark else ""
    if first == "row":
        return rf"{number}\s*{package}"
    if first == "lot":
        return package or rf"(?:{number}|{chr(64 + number) if number < 27 else number})"
    return ""


_NAME_CHARACTER = r"[^\d\n：:￥，;；]"
_SPACED_NAME = (
    r"(?P<supplier>(?:(?:联合体)?牵头人?\s*[:：]\s*)?\S{3,60}?(?:\s(?:联合体)?成员[^\s:：]{0,3}\s*[:：]\s*\S+)?)(?=\s|$)"
)


def _glued_name(firm: str) -> str:
    """A supplier's name that runs into the next cell: it ends as firms end, and an address, a price or nothing follows."""
    # 某大学设计研究院 is not 某大学.
    whole = r"(?![\u4e00-\u9fff]{0,8}(?:研究院|设计院|研究所|医院|学院|分院|中心|协会|实验室))"
    name = rf"{_NAME_CHARACTER}{{2,60}}?{firm}{whole if firm is FIRM else ''}{BRANCH}{NOTE}"
    consortium = rf"(?:联合体)?牵头人?\s*[:：]\s*{name}\s*(?:联合体)?成员\S{{0,3}}?\s*[:：]\s*{name}"
    return rf"(?P<supplier>{consortium}|{name}(?:[，,]\s*{name}){{0,5}})(?={PLACE}|[\d￥-]|{LABELLED}|{NOT_SAID}|\s|$|无|/)"


@lru_cache(maxsize=512)
def _row_pattern(
    roles: tuple[Role, ...],
    heads: tuple[str, ...],
    spaced: bool,
    mark: tuple[str, int, str] | None,
    amount: str,
    score: str,
    number: int,
    firm: str,
) -> re.Pattern[str]:
    """The rest of a row behind its number: each column by the shape of its cells, free text as short as it can be."""
    columns: list[str] = []
    seen: set[str] = set()
    for index, (role, head) in enumerate(zip(roles, heads, strict=True)):
        if role == "row" or role == "lot":
            continue
        if role in ("supplier", "bidder"):
            columns.append(_SPACED_NAME if spaced else _glued_name(firm))
        elif role in ("amount", "rate") and "amount" not in seen:
            seen.add("amount")
            after_text = index > 0 and roles[index - 1] in ("address", "other", "supplier", "bidder")
            shape = BARE_BEFORE_SCORE if amount is BARE and roles[index + 1 : index + 2] == ("score",) else amount
            columns.append(rf"{LOOSE if after_text else ''}(?P<amount>{shape}|{NOT_SAID})")
        elif role == "score":
            columns.append(rf"(?:{WITH_UNIT}|-|/|{BARE}(?=\D|$))?" if "价" in head else rf"(?:{score}分?|-|/)?")
        elif role == "code":
            columns.append(r"(?:[0-9A-Z]{15,20})")
        elif role == "lot_name":
            columns.append(r"(?P<lot>\S+)" if spaced else "")
        elif role == "unit":
            columns.append(r"(?:人民币)?(?:万?元)?")
        elif head in ("评审方法", "评标方法"):
            columns.append(r"(?:[\u4e00-\u9fff]{2,8}法)?")
        elif head == "是否价格扣除":
            columns.append(r"[是否]?")
        else:
            columns.append(r".*?")
    return re.compile(r"\s*" + r"\s*".join(columns) + r"\s*?" + _row_end(roles, spaced, mark, amount, number), re.DOTALL)


def _row_end(roles: tuple[Role, ...], spaced: bool, mark: tuple[str, int, str] | None, amount: str, number: int) -> str:
    """What may stand behind a row: the opening of the next one, or nothing more. 2号 and 3楼 are an address, no opening."""
    if roles[0] not in ("row", "lot"):
        return r"(?=\s|\Z)"
    words = r"(?![号楼层室栋幢座弄组路期街单米])[\u4e00-\u9fff￥" + ("A-Za-z]" if mark or spaced else "]")
    openings = "|".join(_opening(roles[0], mark, number + step) for step in range(1, _MOST_SKIPPED + 2))
    # Digits follow the next row's number only where its next cell is a bare sum.
    sums = rf"|\s*{_opening(roles[0], mark, number + 1)}\s*\d" if roles[1:2] == ("amount",) and amount is not LABELLED else ""
    return rf"(?=\s*(?:{openings})\s*{words}{sums}|\s*\Z|\n)"


def _entry(supplier: str, head: str, cell: str, number: int | None, lot_name: str | None) -> Entry | None:
    if clean_party(supplier) is None:
        return None
    amount = read_amount(cell, head, bare_unit=bare_unit(cell))
    words = [supplier, cell.strip()] if cell.strip() else [supplier]
    return Entry(supplier.strip(), amount, lot=number, lot_name=lot_name, words=words)


def _lot_name(text: str, hints: Sequence[str], other_text: str) -> str:
    for hint in sorted(hints, key=len, reverse=True):
        if hint and text.startswith(hint):
            return hint
    end = re.search(FIRM, text)
    for length in range(min(end.end() if end else 80, 160), 3, -1):
        # A table of goods below names the package again, behind its row number.
        if re.search(rf"(?:^|[\n\d价量]){re.escape(text[:length])}", other_text):
            counter = re.match(r"[（(][一二三四五六七八九十]{1,2}[)）]", text[length:])
            return text[: length + counter.end()] if counter else text[:length]
    place = re.search(rf"(?<=.{{4}}){PLACE}(?=[\u4e00-\u9fff（）]{{2,30}}公司)", text[:160])
    return text[: place.start()] if place else ""
