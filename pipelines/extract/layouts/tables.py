"""Result tables whose cells are known: heads above the rows, or labels in the first column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipelines.extract.amounts import NOTHING, Amount, adds_tax_to, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.parties import clean_party, ends_like_party, split_parties
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import LOT_MARK, lot_number, ordinal, role_of, separate_groups

_UNIT_CELL = {"元": 1, "人民币元": 1, "万元": 10_000, "人民币万元": 10_000, "亿元": 10**8}
# 标的1：… opens a package too, at a line's beginning: elsewhere 标的 is a word of its own.
_LOT_LINE = re.compile(
    rf"^(?:\d{{1,2}}\s*[.、．]\s*)?(?:{LOT_MARK.pattern}|标的\s*(?P<object>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})(?=\s*[:：（(]))"
)
_FAILED_HEAD = re.compile(r"废标理由|流标原因|废标原因|终止原因|失败原因|流标理由")
# What stands in the winner's cell of a package that nobody won.
_NOBODY = re.compile(r"^(?:本?(?:标包|标段|标项|包))?(?:流标|废标|终止|(?:采购|招标)?失败|无中[标选]人)")
_MARK_WORDS = re.compile(r"合同包|采购包|标[段项包]|分[包标]|包[组件]|品目|[包标第号（()）、.:：\s_-]")
# Lists of earlier contracts of the bidders (类似业绩) have names and sums too.
PAST_WORK = re.compile(r"业绩|竣工|合同签订|签订日期|发包人|完成时间|建设单位")


def lot_of_line(line: str) -> tuple[int, str | None] | None:
    """The package a line opens (``合同包1(小角X射线散射仪):``, ``第一包：``): its number and its name where it gives one."""
    text = line.strip()
    match = _LOT_LINE.match(text)
    if not match or len(text) > 120:
        return None
    number = ordinal(match["object"]) if match["object"] else lot_number(text)
    rest = text[match.end() :].strip()
    if number is None or (rest and not re.match(r"[(（:：\s_-]", rest)):
        return None
    name = re.match(r"^\s*[:：]?\s*[（(](.{2,100})[)）]\s*[:：]?$", rest)
    plain = re.match(r"^[:：\s]+([^:：|]{4,80})[:：]?$", rest)
    return number, (
        name.group(1)
        if name
        else plain.group(1).strip()
        if plain and not ends_like_party(plain.group(1).strip())
        else None
    )


def runs(zone: str) -> Iterator[tuple[tuple[int, str | None] | None, list[list[str]]]]:
    """Runs of table rows, each with the package that was opened last before it."""
    lot: tuple[int, str | None] | None = None
    rows: list[list[str]] = []
    for line in zone.split("\n"):
        if "\t" in line:
            rows.append([cell.strip() for cell in line.split("\t")])
            continue
        if rows:
            yield lot, rows
            rows = []
        lot = lot_of_line(line) or lot
    if rows:
        yield lot, rows


def table_entries(zone: str, *, candidates: bool, bidders: bool = False) -> list[Entry]:
    """The winners that the tables of a zone name, in reading order.

    A table of bidders (投标人, not 中标人) names winners only by a rank or a result column, unless ``bidders`` says to trust it.
    """
    found: list[Entry] = []
    for lot, rows in runs(zone):
        found.extend(_across(rows, lot, candidates) or _down(rows, lot, candidates, bidders or candidates))
    return found


def _down(
    rows: list[list[str]], lot: tuple[int, str | None] | None, candidates: bool, bidders: bool
) -> Iterator[Entry]:
    """Heads in a row, one result in each row below; a second head row in the same run starts a new table."""
    roles: list[ColumnRole] = []
    heads: list[str] = []
    for row in rows:
        named = [role_of(cell) for cell in row]
        if _is_head(named, row):
            if any(PAST_WORK.search(cell) for cell in row):
                roles = []
                continue
            trusted = bidders or "supplier" in named or "rank" in named or "result" in named
            roles, heads = (separate_groups(_fill(named), row) if trusted else []), row
            if candidates and not _spanned(rows, roles):
                roles = ["other" if role == "row" else role for role in roles]
            continue
        if not roles or len(row) < 2:
            continue
        cells: dict[ColumnRole, tuple[str, str]] = {}
        amounts: list[tuple[str, str]] = []
        for role, head, cell in zip(roles, heads, row, strict=False):
            if role in ("amount", "rate"):
                amounts.append((head, cell))
            elif cell and role not in cells:
                cells[role] = (head, cell)
        entry = _entry(cells, amounts, lot, any(_FAILED_HEAD.search(head) for head in heads), candidates)
        if entry:
            yield entry


def _spanned(rows: list[list[str]], roles: list[ColumnRole]) -> bool:
    """Whether one 序号 spans several candidates, and so numbers the packages; else it numbers the candidates."""
    column = roles.index("row") if "row" in roles else len(roles)
    numbers = [row[column] for row in rows if len(row) > column]
    return any(number.isdigit() and number == below for number, below in pairwise(numbers))


def _names_party(cell: str) -> bool:
    parties = split_parties(cell)
    return bool(parties) and ends_like_party(parties[0].name)


def _is_head(roles: list[ColumnRole], row: list[str]) -> bool:
    who = any(role in ("supplier", "bidder") for role in roles)
    known = sum(role != "other" for role in roles)
    failed = any(_FAILED_HEAD.search(cell) for cell in row)
    return (who or failed) and known >= 2 and not any(re.search(r"\d{4,}", cell) for cell in row)


def _fill(roles: list[ColumnRole]) -> list[ColumnRole]:
    """Where a table names bidders and winners apart, only the winners' column counts."""
    if "supplier" in roles:
        return [("other" if role == "bidder" else role) for role in roles]
    return [("supplier" if role == "bidder" else role) for role in roles]


def _entry(
    cells: dict[ColumnRole, tuple[str, str]],
    amounts: list[tuple[str, str]],
    lot: tuple[int, str | None] | None,
    failed_table: bool,
    candidates: bool,
) -> Entry | None:
    lot_cell = cells.get("lot", ("", ""))[1]
    row_cell = cells.get("row", ("", ""))[1]
    number, named = _lot_of_cell(lot_cell)
    named_by, name_cell = cells.get("lot_name", ("", ""))
    name = name_cell or named
    numbered = number is not None or (name is not None and lot_number(name) is not None)
    number = number or (lot_number(name) if name else None) or (lot[0] if lot else None)
    if lot and not numbered:
        numbered = True
    number = number or (int(row_cell) if row_cell.isdigit() and len(row_cell) < 4 else None)
    supplier = cells.get("supplier", ("", ""))[1]
    if failed_table and not supplier:
        return (
            Entry("", lot=number, lot_name=name or (lot[1] if lot else None), numbered=numbered, failed=True)
            if number or name
            else None
        )
    if clean_party(supplier) is None:
        failed = _NOBODY.match(supplier) is not None and (numbered or name is not None)
        return Entry("", lot=number, lot_name=name, numbered=numbered, failed=True) if failed else None
    result = cells.get("result", ("", ""))[1]
    if re.match(r"^(?:否|未中标|未成交|落标|不推荐|未入围)", result):
        return None
    rank = _rank(cells.get("rank", ("", ""))[1], supplier)
    if rank and rank > 1 and not candidates:
        return None
    amount = _best(amounts, cells.get("unit", ("", ""))[1])
    return Entry(
        supplier=supplier,
        amount=amount,
        lot=number,
        lot_name=name or (lot[1] if lot else None),
        numbered=numbered,
        rank=rank,
        share=cells.get("share", ("", ""))[1] or None,
        group=cells.get("group", ("", ""))[1] or (name if lot_cell and named_by in ("标的", "标的物") else None),
        words=[supplier, *([amount.text] if amount.text else [])],
    )


def _lot_of_cell(cell: str) -> tuple[int | None, str | None]:
    """The number and the name that a cell under 包号, 标包 or 标段 gives; the cell may hold the one, the other or both."""
    number = lot_number(cell)
    if number is not None:
        return number, name_behind_mark(cell)
    rest = _MARK_WORDS.sub("", cell)
    if len(rest) <= 4 and not re.search(r"[^\dA-Z一二三四五六七八九十]", rest):
        return ordinal(rest), None
    return None, cell if re.search(r"[\u4e00-\u9fff]{2}", cell) else None


def name_behind_mark(cell: str) -> str | None:
    """The name that follows a package's mark: ``2包 训练服务器``, ``包7（中文在线）``; None where only the mark stands."""
    match = LOT_MARK.match(cell)
    name = cell[match.end() :].strip(" :：") if match else ""
    wrapped = re.fullmatch(r"[（(](.*)[)）]", name)
    name = wrapped.group(1) if wrapped else name
    return name if len(name) > 3 else None


def _rank(cell: str, supplier: str) -> int | None:
    text = cell or supplier
    match = re.match(r"^(?:排名)?(第[一二三四五六七八九十])", text)
    if match:
        return ordinal(match.group(1)[1:])
    return int(cell) if cell.isdigit() and len(cell) < 3 else None


def _best(amounts: list[tuple[str, str]], unit: str) -> Amount:
    """The first column that holds a sum, or the one beside it that adds its tax; else what the first filled one says.

    ``unit`` is the cell of a column of units: 元 and 万元 make a sum of the number, % and 元/吨 belong to its words.
    """
    factor = _UNIT_CELL.get(unit)
    behind = unit if factor is None and re.search(r"[%元]", unit) else ""
    read = [read_amount(cell + behind, head, bare_unit=factor or likely_unit(cell)) for head, cell in amounts if cell]
    totals = [amount for amount in read if amount.kind == "total"]
    if totals:
        return next((amount for amount in totals if adds_tax_to(amount, totals[0])), totals[0])
    return next((amount for amount in read if amount.kind != "undisclosed"), read[0] if read else NOTHING)


def _across(rows: list[list[str]], lot: tuple[int, str | None] | None, candidates: bool) -> list[Entry]:
    """Labels in the first column, one bidder in each further column (the candidate lists of Epoint sites)."""
    suppliers: list[str] = []
    found: list[Entry] = []
    for row in rows:
        role = role_of(row[0])
        values = row[1:]
        if role in ("supplier", "bidder") and sum(1 for cell in values if _names_party(cell)) >= 2:
            if any(role_of(cell) != "other" for cell in values):
                return []
            suppliers = values
            found = [
                Entry(supplier, lot=lot[0] if lot else None, words=[supplier]) if clean_party(supplier) else Entry("")
                for supplier in suppliers
            ]
        elif suppliers and role in ("amount", "rate"):
            for entry, cell in zip(found, values, strict=False):
                amount = read_amount(cell, row[0], bare_unit=likely_unit(cell))
                if cell and (entry.amount.kind != "total" or adds_tax_to(amount, entry.amount)):
                    entry.amount = amount
                    entry.words.append(cell)
        elif suppliers and role == "rank":
            for entry, cell in zip(found, values, strict=False):
                entry.rank = _rank(cell, "")
    return [entry for entry in found if entry.supplier and (candidates or entry.rank in (None, 1))]
