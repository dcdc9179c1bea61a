"""What each lot buys: the table 主要标的信息, and the prices that some forms give only there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.amounts import Amount, likely_unit, read_amount
from pipelines.extract.layouts.package_marks import package_of_line
from pipelines.extract.layouts.tables import table_rows
from pipelines.extract.lots import set_amount
from pipelines.extract.parties import split_parties
from pipelines.lexicon import forms
from pipelines.model import Lot
from pipelines.text.column_roles import lot_number, ordinal, role_of
from pipelines.text.document import Section

_SUBJECT_HEADING = re.compile(forms.pattern("subject_heading"))
# 服务范围：大模型训练服务. 名称 alone names goods; after 供应商, 采购人 or 机构 it names somebody.
_SUBJECT_FIELD = re.compile(
    rf"(?:(?<![商人构位司方业])名称|{forms.pattern('subject_label')})\s*[:：\t]\s*(?P<subject>[^\n\t]{{2,400}})"
)
# A table of goods under a line of its own inside another section: 主要标的信息： (Shandong), （二）主要标的信息
_SUBJECT_TABLE = re.compile(r"^[^\n\t]{0,6}标的[^\n\t]{0,6}[:：]?\n(?P<rows>(?:[^\n]*\t[^\n]*(?:\n|$))+)", re.MULTILINE)
_NO_GOODS = re.compile(r"详见|见附件|无$")  # 详见附件, 见附件, 无
_SUM_ROW = re.compile(forms.pattern("begins_sum_row"))
_MAX_SUBJECT = 2_000


def add_subjects(lots: Sequence[Lot], body: str, parts: Sequence[Section]) -> None:
    """Give each lot the words of the subject-matter table that are about it. What no lot can claim goes to all lots.

    If packages have no names, the goods next to a supplier name its package.
    """
    if not lots:
        return
    text = _subject_text(body, parts, len(lots) > 1)
    if len(lots) == 1:
        lots[0].subject = text[:_MAX_SUBJECT]
        return
    subjects = _Subjects(lots)
    subjects.read_tables(text)
    subjects.read_lines(text)
    subjects.give_to_lots()


def complete_from_subject(lots: Sequence[Lot], body: str, parts: Sequence[Section]) -> None:
    """Fill prices that are only in the subject-matter table: next to the supplier (Hebei), or in the row of the lot."""
    text = "\n".join(part.text for part in parts if "标的" in part.heading)
    won = [lot for lot in lots if not lot.failed]
    if won and all(lot.amount_kind == "undisclosed" and not lot.amount_text for lot in won):
        tables = text or "\n".join(match["rows"] for match in _SUBJECT_TABLE.finditer(body))
        for lot, price in zip(won, _prices_of_lots(tables, won), strict=False):
            set_amount(lot, price)
    for lot in lots:
        if lot.failed or not lot.winners or lot.amount_kind != "undisclosed":
            continue
        amount = _price_next_to(text, lot.winners[0].supplier)
        if amount is not None and amount.kind != "undisclosed":
            set_amount(lot, amount)


def _subject_text(body: str, parts: Sequence[Section], several: bool) -> str:
    text = "\n".join(part.text for part in parts if _SUBJECT_HEADING.search(part.heading))
    if not several:  # such a table does not say which package its rows belong to
        text = text or "\n".join(match["rows"] for match in _SUBJECT_TABLE.finditer(body))
    return text or "\n".join(match["subject"] for match in _SUBJECT_FIELD.finditer(body))


class _Subjects:
    """The words about what is bought, sorted by lot (by number of the lot in ``lots``)."""

    def __init__(self, lots: Sequence[Lot]) -> None:
        self._lots = lots
        self._own: dict[int, list[str]] = {}
        self._goods: dict[int, str] = {}
        self._shared: list[str] = []

    def read_tables(self, text: str) -> None:
        with_rows: set[int] = set()
        for package, rows, _ in table_rows(text):
            roles: list[str] = []
            numbered = _rows_number_lots(self._lots, rows)
            for row in rows:
                row_roles = [role_of(cell) for cell in row]
                if _is_head(row_roles, row):
                    roles = list(row_roles)
                    continue
                cells = _cells_by_role(roles, row)
                lot = _lot_of_row(self._lots, package.number if package else None, cells, with_rows, numbered)
                if lot is None:
                    self._shared.append(" ".join(row))
                    continue
                with_rows.add(id(lot))
                self._add(lot, " ".join(row))
                goods = cells.get("lot_name", "")
                if goods and not _NO_GOODS.match(goods):
                    self._goods.setdefault(id(lot), goods)

    def read_lines(self, text: str) -> None:
        current: Lot | None = None
        for line in text.split("\n"):
            if "\t" in line:
                continue
            opened = package_of_line(line)
            if opened:
                current = next((lot for lot in self._lots if lot.numbered and lot.lot_no == opened.number), None)
            glued = _rows_of_glued_table(self._lots, line) if opened is None else {}
            for lot in self._lots:
                if lot.lot_no in glued:
                    self._add(lot, glued[lot.lot_no])
            if glued:
                continue
            if current is not None:
                self._add(current, line)
            else:
                self._shared.append(line)

    def give_to_lots(self) -> None:
        for lot in self._lots:
            own = self._own.get(id(lot))
            if own is None and lot.lot_name:
                # A named package takes only what names it. Words that may be about another package are not its own.
                own = [line for line in self._shared if lot.lot_name in line]
            lot.subject = "\n".join(self._shared if own is None else own)[:_MAX_SUBJECT]
            lot.lot_name = lot.lot_name or self._goods.get(id(lot))

    def _add(self, lot: Lot, words: str) -> None:
        self._own.setdefault(id(lot), []).append(words)


def _is_head(roles: Sequence[str], row: Sequence[str]) -> bool:
    return sum(role != "other" for role in roles) >= 2 and not any(re.search(r"\d{4,}", cell) for cell in row)


def _cells_by_role(roles: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for role, cell in zip(roles, row, strict=False):
        if cell and role not in cells:
            cells[role] = cell
    return cells


def _rows_number_lots(lots: Sequence[Lot], rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the numbers of the rows are those of the packages: one row for each package, no more."""
    numbers = [int(row[0]) for row in rows if row[0].isdigit() and len(row[0]) < 4]
    won = {lot.lot_no for lot in lots if not lot.failed}
    return len(numbers) == len(set(numbers)) and won <= set(numbers) <= {lot.lot_no for lot in lots}


def _rows_of_glued_table(lots: Sequence[Lot], line: str) -> dict[int, str]:
    """Return the rows of a subject table without borders, cut at the packages' numbers. Empty unless all are there."""
    if not line.startswith("序号"):
        return {}
    starts: list[tuple[int, int, int]] = []
    position = 0
    for lot in lots:
        # 1训练服务…: the number before a word, or after the last head (单价, 数量, 服务标准, 服务时间).
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
    lots: Sequence[Lot], mark: int | None, cells: dict[str, str], with_rows: set[int], numbered: bool
) -> Lot | None:
    """Return the lot that a row is about: by its number, else by its name, else by its supplier."""
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
    named = next((lot for lot in lots if lot.lot_name and name and lot.lot_name in name), None)
    if named:
        return named
    supplier = next((party.name for party in split_parties(cells.get("supplier", ""))), None)
    if supplier is None:
        return None
    own = [lot for lot in lots if any(winner.supplier == supplier for winner in lot.winners)]
    # The rows of a supplier with several packages follow the order of the packages.
    return next((lot for lot in own if id(lot) not in with_rows), own[0] if own else None)


def _prices_of_lots(text: str, lots: Sequence[Lot]) -> list[Amount]:
    """Return the price of each lot in a table with one row for each, and no suppliers. Empty if there is none."""
    for package, rows, _ in table_rows(text):
        heads = [role_of(cell) for cell in rows[0]]
        if "amount" not in heads or "supplier" in heads or "bidder" in heads:
            continue
        priced: dict[int, Amount] = {}
        numbered = _rows_number_lots(lots, rows[1:])
        for row in rows[1:]:
            # 总价：100元 below 成交金额 is a price of its own row.
            if any(_SUM_ROW.match(cell) for head, cell in zip(heads, row, strict=False) if head != "amount"):
                continue
            cells = _cells_by_role(heads, row)
            lot = lots[0] if len(lots) == 1 else _lot_of_row(lots, package and package.number, cells, set(), numbered)
            at = heads.index("amount")
            if lot is not None and id(lot) in priced:
                return []  # several goods of one lot
            if lot is not None and len(row) > at:
                priced[id(lot)] = read_amount(row[at], rows[0][at], bare_unit=likely_unit(row[at]))
        if len(priced) == len(lots) and any(amount.kind != "undisclosed" for amount in priced.values()):
            return [priced[id(lot)] for lot in lots]
    return []


def _price_next_to(text: str, supplier: str) -> Amount | None:
    """Return the price in the row of a supplier."""
    for _, rows, _ in table_rows(text):
        heads: list[str] = []
        for row in rows:
            roles = [role_of(cell) for cell in row]
            if "amount" in roles and ("supplier" in roles or "bidder" in roles):
                heads = row
                continue
            if heads and supplier in row:
                for head, cell in zip(heads, row, strict=False):
                    if role_of(head) in ("amount", "rate") and cell:
                        return read_amount(cell, head, bare_unit=likely_unit(cell) or 1 if "中标金额" in head else None)
    # The same table without its borders: the price is the last number of the supplier's row.
    match = re.search(
        rf"中标金额.*?{re.escape(supplier)}\s(?P<row>[^\n]*?)(?P<number>[\d,]+(?:\.\d+)?)\s*$",
        text,
        re.DOTALL | re.MULTILINE,
    )
    if match and "\t" not in match["row"]:
        return read_amount(match["number"], "中标金额", bare_unit=likely_unit(match["number"]))
    return None
