"""Result tables whose cells are known, with heads above the rows::

    标项    供应商名称        中标金额（万元）
    1       甲软件有限公司    100
    2       乙软件有限公司    80

or with labels in the first column and one bidder in each further column::

    中标候选人    甲软件有限公司    乙软件有限公司
    投标报价      100万元           110万元
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pipelines.extract.amounts import NOTHING, Amount, adds_tax_to, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.package_marks import Package, package_of_cell, package_of_line
from pipelines.extract.parties import names_supplier, split_parties
from pipelines.extract.party_names import clean_party, ends_like_party
from pipelines.lexicon import forms
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import lot_number, ordinal, role_of, separate_groups

_UNIT_CELLS = {"元": 1, "人民币元": 1, "万元": 10_000, "人民币万元": 10_000, "亿元": 10**8}
_FAILURE_REASON = re.compile(forms.pattern("failure_reason_head"))
# 流标, 本标包废标, 采购失败
_NOBODY_WON = re.compile(rf"^(?:本?{forms.pattern('package_in_cell')})?{forms.pattern('nobody_won_cell')}")
_LOST = re.compile(rf"^{forms.pattern('lost_cell')}")
_PAST_CONTRACT = re.compile(forms.pattern("past_contract_head"))
# 第一名, 第二中标候选人, 排名第一; 第四范式 is a company
_PLACE = re.compile(
    rf"^(?:排名)?第([一二三四五六七八九十])(?=名|位|{forms.pattern('won_or_selected')}|候选|推荐|[:：、\s]|$)"
)
# A head has no long number: 2025 is a year in a cell.
_LONG_NUMBER = re.compile(r"\d{4,}")
_FEWEST_KNOWN_HEADS = 2
_FEWEST_BIDDERS_ACROSS = 2


class TableRows(NamedTuple):
    """Rows of cells that follow each other without a line between them, and the package that was opened above them."""

    package: Package | None
    rows: list[list[str]]


def table_rows(text: str) -> Iterator[TableRows]:
    """Yield each block of table rows of a text. Cells are separated by tabs."""
    package: Package | None = None
    rows: list[list[str]] = []
    for line in text.split("\n"):
        if "\t" in line:
            rows.append([cell.strip() for cell in line.split("\t")])
            continue
        if rows:
            yield TableRows(package, rows)
            rows = []
        package = package_of_line(line) or package
    if rows:
        yield TableRows(package, rows)


def lists_past_contracts(heads: Sequence[str]) -> bool:
    """Return whether a table lists earlier contracts of the bidders (类似业绩). It has names and sums too."""
    return any(_PAST_CONTRACT.search(head) for head in heads)


def read_tables(zone: str, *, candidates: bool, bidders: bool = False) -> list[Entry]:
    """Return the winners in the tables of a text, in reading order.

    A table of bidders (投标人, not 中标人) names winners only by a rank or a result column. With ``bidders`` each of
    its rows is a winner.
    """
    entries: list[Entry] = []
    for package, rows in table_rows(zone):
        entries.extend(
            _read_bidders_across(rows, package, candidates)
            or _read_rows_below_heads(rows, package, candidates, bidders or candidates)
        )
    return entries


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one row: the first non-empty one of each role, with its head, and all prices with their heads."""

    by_role: dict[ColumnRole, tuple[str, str]]
    amounts: list[tuple[str, str]]

    def text(self, role: ColumnRole) -> str:
        return self.by_role.get(role, ("", ""))[1]

    def head(self, role: ColumnRole) -> str:
        return self.by_role.get(role, ("", ""))[0]


def _read_rows_below_heads(
    rows: list[list[str]], package: Package | None, candidates: bool, bidders: bool
) -> Iterator[Entry]:
    """Yield one result for each row below a row of heads. Another row of heads starts another table."""
    roles: list[ColumnRole] = []
    heads: list[str] = []
    for row in rows:
        row_roles = [role_of(cell) for cell in row]
        if _are_heads(row_roles, row):
            if lists_past_contracts(row):
                roles = []
                continue
            trusted = bidders or "supplier" in row_roles or "rank" in row_roles or "result" in row_roles
            roles, heads = (separate_groups(_one_supplier_column(row_roles), row) if trusted else []), row
            if candidates and not _row_numbers_span_rows(rows, roles):
                roles = ["other" if role == "row" else role for role in roles]
            continue
        if not roles or len(row) < 2:
            continue
        entry = _read_row(_cells(roles, heads, row), package, _gives_failure_reason(heads), candidates)
        if entry:
            yield entry


def _cells(roles: Sequence[ColumnRole], heads: Sequence[str], row: Sequence[str]) -> _Cells:
    cells = _Cells({}, [])
    for role, head, cell in zip(roles, heads, row, strict=False):
        if role in ("amount", "rate"):
            cells.amounts.append((head, cell))
        elif cell and role not in cells.by_role:
            cells.by_role[role] = (head, cell)
    return cells


def _are_heads(roles: list[ColumnRole], row: list[str]) -> bool:
    names_bidders = any(role in ("supplier", "bidder") for role in roles)
    known_heads = sum(role != "other" for role in roles)
    return (
        (names_bidders or _gives_failure_reason(row))
        and known_heads >= _FEWEST_KNOWN_HEADS
        and not any(_LONG_NUMBER.search(cell) for cell in row)
    )


def _gives_failure_reason(heads: Sequence[str]) -> bool:
    return any(_FAILURE_REASON.search(head) for head in heads)


def _one_supplier_column(roles: list[ColumnRole]) -> list[ColumnRole]:
    """Return the roles with the winners as suppliers, or the bidders if no column names winners."""
    if "supplier" in roles:
        return [("other" if role == "bidder" else role) for role in roles]
    return [("supplier" if role == "bidder" else role) for role in roles]


def _row_numbers_span_rows(rows: list[list[str]], roles: list[ColumnRole]) -> bool:
    """Return whether one 序号 spans several candidates. Then it numbers packages, otherwise candidates."""
    column = roles.index("row") if "row" in roles else len(roles)
    numbers = [row[column] for row in rows if len(row) > column]
    return any(number.isdigit() and number == below for number, below in pairwise(numbers))


def _read_row(cells: _Cells, package: Package | None, failed_table: bool, candidates: bool) -> Entry | None:
    lot_cell, row_cell, supplier = cells.text("lot"), cells.text("row"), cells.text("supplier")
    number, name = package_of_cell(lot_cell)
    name = cells.text("lot_name") or name
    number_in_name = lot_number(name) if name is not None else None
    numbered = number is not None or number_in_name is not None or package is not None
    number = number or number_in_name or (package.number if package else None)
    number = number or (int(row_cell) if row_cell.isdigit() and len(row_cell) < 4 else None)
    name_or_packages = name or (package.name if package else None)
    if failed_table and not supplier:
        failed = Entry("", lot=number, lot_name=name_or_packages, numbered=numbered, failed=True)
        return failed if number or name else None
    if not names_supplier(supplier):
        if _NOBODY_WON.match(supplier) and (numbered or name is not None):
            return Entry("", lot=number, lot_name=name, numbered=numbered, failed=True)
        return None
    if _LOST.match(cells.text("result")):
        return None
    rank = _rank(cells.text("rank"), supplier)
    if rank and rank > 1 and not candidates:
        return None
    amount = _preferred_amount(cells.amounts, cells.text("unit"))
    # 标的 next to a column of packages names what several packages are about.
    object_of_packages = name if lot_cell and cells.head("lot_name") in ("标的", "标的物") else None
    return Entry(
        supplier=supplier,
        amount=amount,
        lot=number,
        lot_name=name_or_packages,
        numbered=numbered,
        rank=rank,
        share=cells.text("share") or None,
        group=cells.text("group") or object_of_packages,
        words=[supplier, *([amount.text] if amount.text else [])],
    )


def _rank(cell: str, supplier: str) -> int | None:
    match = _PLACE.match(cell or supplier)
    if match:
        return ordinal(match.group(1))
    return int(cell) if cell.isdigit() and len(cell) < 3 else None


def _preferred_amount(amounts: list[tuple[str, str]], unit: str) -> Amount:
    """Return a total, with tax if both are given. Without a total, return the first price that is disclosed.

    ``amounts`` are heads and cells. ``unit`` is the cell of a column of units: 元 and 万元 make the number a sum,
    % and 元/吨 belong to its words.
    """
    factor = _UNIT_CELLS.get(unit)
    unit_after_number = unit if factor is None and re.search(r"[%元]", unit) else ""
    prices = [
        read_amount(cell + unit_after_number, head, bare_unit=factor or likely_unit(cell))
        for head, cell in amounts
        if cell
    ]
    totals = [price for price in prices if price.kind == "total"]
    if totals:
        return next((total for total in totals if adds_tax_to(total, totals[0])), totals[0])
    return next((price for price in prices if price.kind != "undisclosed"), prices[0] if prices else NOTHING)


def _read_bidders_across(rows: list[list[str]], package: Package | None, candidates: bool) -> list[Entry]:
    """Read labels in the first column and one bidder in each further column (lists of candidates by Epoint sites)."""
    entries: list[Entry] = []
    for row in rows:
        label, values = row[0], row[1:]
        role = role_of(label)
        if role in ("supplier", "bidder") and sum(map(_names_party, values)) >= _FEWEST_BIDDERS_ACROSS:
            if any(role_of(cell) != "other" for cell in values):
                return []
            number = package.number if package else None
            entries = [
                Entry(supplier, lot=number, words=[supplier]) if clean_party(supplier) else Entry("")
                for supplier in values
            ]
        elif role in ("amount", "rate"):
            for entry, cell in zip(entries, values, strict=False):
                _set_better_amount(entry, label, cell)
        elif role == "rank":
            for entry, cell in zip(entries, values, strict=False):
                entry.rank = _rank(cell, "")
    return [entry for entry in entries if entry.supplier and (candidates or entry.rank in (None, 1))]


def _set_better_amount(entry: Entry, label: str, cell: str) -> None:
    amount = read_amount(cell, label, bare_unit=likely_unit(cell))
    if cell and (entry.amount.kind != "total" or adds_tax_to(amount, entry.amount)):
        entry.amount = amount
        entry.words.append(cell)


def _names_party(cell: str) -> bool:
    parties = split_parties(cell)
    return bool(parties) and ends_like_party(parties[0].name)
