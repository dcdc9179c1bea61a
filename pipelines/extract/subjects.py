"""What each lot buys: the table 主要标的信息, and the prices that some forms state only there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.amounts import Amount, read_amount
from pipelines.extract.layouts.tables import bare_unit, lot_of_line, runs
from pipelines.extract.lots import set_amount
from pipelines.extract.parties import split_parties
from pipelines.model import Lot
from pipelines.text.column_roles import lot_number, ordinal, role_of
from pipelines.text.document import Section

_SUBJECT = re.compile(r"标的|采购内容|采购需求|项目概况|服务内容|建设内容|中标范围|招标范围|采购范围|货物清单|主要内容")
# 名称 alone names goods; behind 供应商, 采购人 or 机构 it names somebody.
_FIELDS = re.compile(
    r"(?:(?<![商人构位司方业])名称|服务范围|服务要求|采购内容|采购需求|服务内容|建设内容|中标范围和内容|招标范围"
    r"|工程内容|简要规格描述|施工范围|货物名称|标的名称|采购标的)\s*[:：\t]\s*([^\n\t]{2,400})"
)
# A table of goods under a line of its own inside another section: 主要标的信息： (Shandong).
_TABLE = re.compile(r"^[^\n\t]{0,4}标的[^\n\t]{0,6}[:：]?\n((?:[^\n]*\t[^\n]*(?:\n|$))+)", re.MULTILINE)
_MAX_SUBJECT = 2_000


def _subject_text(body: str, parts: Sequence[Section], several: bool) -> str:
    text = "\n".join(part.text for part in parts if _SUBJECT.search(part.heading))
    if not several:  # such a table does not say which package its rows belong to
        text = text or "\n".join(match.group(1) for match in _TABLE.finditer(body))
    return text or "\n".join(match.group(1) for match in _FIELDS.finditer(body))


def add_subjects(lots: Sequence[Lot], body: str, parts: Sequence[Section]) -> None:
    """Gives each lot the words of the subject-matter table that are about it; what cannot be told apart goes to all lots.

    Where packages have no names, the goods named beside a supplier name its package.
    """
    if not lots:
        return
    text = _subject_text(body, parts, len(lots) > 1)
    if len(lots) == 1:
        lots[0].subject = text[:_MAX_SUBJECT]
        return
    per_lot: dict[int, list[str]] = {}
    names: dict[int, str] = {}
    shared: list[str] = []
    taken: set[int] = set()
    for mark, rows in runs(text):
        roles: list[str] = []
        numbered = _numbered_as_lots(lots, rows)
        for row in rows:
            named = [role_of(cell) for cell in row]
            if _is_head(named, row):
                roles = list(named)
                continue
            cells = _cells(roles, row)
            lot = _lot_of_row(lots, mark[0] if mark else None, cells, taken, numbered)
            if lot is None:
                shared.append(" ".join(row))
                continue
            taken.add(id(lot))
            per_lot.setdefault(id(lot), []).append(" ".join(row))
            goods = cells.get("lot_name", "")
            if goods and not re.match(r"详见|见附件|无$", goods):
                names.setdefault(id(lot), goods)
    current: Lot | None = None
    for line in text.split("\n"):
        if "\t" in line:
            continue
        opened = lot_of_line(line)
        if opened:
            current = next((lot for lot in lots if lot.numbered and lot.lot_no == opened[0]), None)
        glued = _glued_rows(lots, line) if opened is None else {}
        for lot in lots:
            if lot.lot_no in glued:
                per_lot.setdefault(id(lot), []).append(glued[lot.lot_no])
        if glued:
            continue
        if current is not None:
            per_lot.setdefault(id(current), []).append(line)
        else:
            shared.append(line)
    for lot in lots:
        own = per_lot.get(id(lot))
        if own is None and lot.lot_name:
            # A named package takes only what names it; words that may be about another package are not its own.
            own = [line for line in shared if lot.lot_name in line]
        lot.subject = "\n".join(shared if own is None else own)[:_MAX_SUBJECT]
        lot.lot_name = lot.lot_name or names.get(id(lot))


def _is_head(named: Sequence[str], row: Sequence[str]) -> bool:
    return sum(role != "other" for role in named) >= 2 and not any(re.search(r"\d{4,}", cell) for cell in row)


def _cells(roles: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for role, cell in zip(roles, row, strict=False):
        if cell and role not in cells:
            cells[role] = cell
    return cells


def _numbered_as_lots(lots: Sequence[Lot], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the table's row numbers are the packages' numbers: one row for each package, no more."""
    numbers = [int(row[0]) for row in rows if row[0].isdigit() and len(row[0]) < 4]
    won = {lot.lot_no for lot in lots if not lot.failed}
    return len(numbers) == len(set(numbers)) and won <= set(numbers) <= {lot.lot_no for lot in lots}


def _glued_rows(lots: Sequence[Lot], line: str) -> dict[int, str]:
    """The rows of a subject table whose borders were lost, cut at the packages' numbers in order; empty unless all are found."""
    if not line.startswith("序号"):
        return {}
    starts: list[tuple[int, int, int]] = []
    position = 0
    for lot in lots:
        match = re.compile(
            rf"(?<!\d){lot.lot_no}(?=[\u4e00-\u9fffA-Za-z（(])|(?<=[价量准间]){lot.lot_no}(?=\D)"
        ).search(line, position)
        if match is None:
            if lot.failed:
                continue
            return {}
        starts.append((lot.lot_no, match.start(), match.end()))
        position = match.end()
    stops = [start for _, start, _ in starts[1:]] + [len(line)]
    return {number: line[begin:stop] for (number, _, begin), stop in zip(starts, stops, strict=True)}


def _lot_of_row(
    lots: Sequence[Lot], mark: int | None, cells: dict[str, str], taken: set[int], numbered: bool
) -> Lot | None:
    number = mark
    if number is None and cells.get("lot"):
        number = lot_number(cells["lot"]) or ordinal(cells["lot"])
    if number is None and numbered and cells.get("row", "").isdigit():
        number = int(cells["row"])
    if number is None and cells.get("lot_name"):
        number = lot_number(cells["lot_name"]) if any(lot.numbered for lot in lots) else None
    if number is not None:
        return next((lot for lot in lots if lot.lot_no == number), None)
    name = cells.get("lot_name", "")
    named = next(
        (lot for lot in lots if lot.lot_name and name and (lot.lot_name == name or lot.lot_name in name)), None
    )
    if named:
        return named
    supplier = next((party.name for party in split_parties(cells.get("supplier", ""))), None)
    if supplier is None:
        return None
    own = [lot for lot in lots if any(winner.supplier == supplier for winner in lot.winners)]
    # One supplier with several packages: its rows follow their order.
    return next((lot for lot in own if id(lot) not in taken), own[0] if own else None)


def complete_from_subject(lots: Sequence[Lot], parts: Sequence[Section]) -> None:
    """Fills prices that stand only in the subject-matter table, beside the supplier (Hebei)."""
    text = "\n".join(part.text for part in parts if "标的" in part.heading)
    for lot in lots:
        if lot.failed or not lot.winners or lot.amount_kind != "undisclosed":
            continue
        amount = _price_beside(text, lot.winners[0].supplier)
        if amount is not None and amount.kind != "undisclosed":
            set_amount(lot, amount)


def _price_beside(text: str, supplier: str) -> Amount | None:
    for _, rows in runs(text):
        heads: list[str] = []
        for row in rows:
            named = [role_of(cell) for cell in row]
            if "amount" in named and ("supplier" in named or "bidder" in named):
                heads = row
                continue
            if heads and supplier in row:
                for head, cell in zip(heads, row, strict=False):
                    if role_of(head) in ("amount", "rate") and cell:
                        return read_amount(cell, head, bare_unit=bare_unit(cell) or 1 if "中标金额" in head else None)
    # The same table without its borders: the price is the last number of the supplier's row.
    match = re.search(
        rf"中标金额.*?{re.escape(supplier)}\s(?P<row>[^\n]*?)(?P<number>[\d,]+(?:\.\d+)?)\s*$",
        text,
        re.DOTALL | re.MULTILINE,
    )
    if match and "\t" not in match["row"]:
        return read_amount(match["number"], "中标金额", bare_unit=bare_unit(match["number"]))
    return None
