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
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise, takewhile, zip_longest
from typing import NamedTuple

from pipelines.extract.amounts import NOTHING, Amount, adds_tax_to, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.failed_packages import NOBODY_WON
from pipelines.extract.layouts.bidder_results import Bidder, is_place, says_who_won, standing_of, winners
from pipelines.extract.layouts.listed_cells import parts_of_row
from pipelines.extract.layouts.package_marks import Package, package_of_cell, package_of_line
from pipelines.extract.layouts.table_heads import (
    Heads,
    are_heads,
    are_heads_of_goods,
    lists_past_contracts,
    read_heads,
    won_price,
)
from pipelines.extract.parties import names_supplier, split_parties, supplier_names
from pipelines.extract.party_names import ends_like_party
from pipelines.extract.priced_names import split_priced_name
from pipelines.lexicon import forms
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import SAME_PRICE, lot_number, ordinal, role_of, separate_groups

_UNIT_CELLS = ("元", "人民币元", "万元", "人民币万元", "亿元")
_ENDS_WITH_FAILURE = re.compile(
    rf"[，,、；;（(]\s*(?:予以|作|按|故|[本该]?(?:项目|标?包|标段))?{forms.pattern('nobody_won_cell')}(?:处理)?[)）。]?$"
)
_SAME_SUPPLIER = re.compile(r"同上|同前|[〃″]")
_SUM_ROW = re.compile(forms.pattern("begins_sum_row"))
# 第一名, 第二中标候选人, 排名第一; 第四范式 is a company
_RANK_BEFORE_NAME = re.compile(
    rf"^(?:排名)?第([一二三四五六七八九十])(?=名|位|{forms.pattern('won_or_selected')}|候选|推荐|[:：、\s]|$)"
)
# Which of several prices counts: what was won, the last quote, a later one, the sum of the others. Then comes any other
# price, and then the first quote.
_PRICE_HEADS = (
    *(re.compile(forms.pattern(name)) for name in ("won_in_title", "last_quote", "later_quote")),
    re.compile(r"合计|总计|总价|总金额|总报价"),
)
_FIRST_QUOTE = re.compile(forms.pattern("first_quote"))
_LATER_QUOTE = 2
_NAMES: tuple[ColumnRole, ...] = ("supplier", "bidder")
_FEWEST_COLUMNS = 2
_BLANK = re.compile(r"[\s/\\\-—–_无]*")
_MOST_LINES_BETWEEN_PARTS = 2
# So many rows show how a table numbers its candidates.
_MOST_ROWS_COMPARED = 100


class TableRows(NamedTuple):
    """Rows of cells that follow each other without a line between them, and the package that was opened above them.

    ``lines_above`` is the number of lines since the last such rows.
    """

    package: Package | None
    rows: list[list[str]]
    lines_above: int


def table_rows(text: str) -> Iterator[TableRows]:
    """Yield each block of table rows of a text. Cells are separated by tabs."""
    package: Package | None = None
    rows: list[list[str]] = []
    lines_above = 0
    for line in text.split("\n"):
        if "\t" in line:
            rows.append([cell.strip() for cell in line.split("\t")])
            continue
        if rows:
            yield TableRows(package, rows, lines_above)
            rows, lines_above = [], 0
        lines_above += 1
        package = package_of_line(line) or package
    if rows:
        yield TableRows(package, rows, lines_above)


class _Reading(NamedTuple):
    candidates: bool
    bidders: bool
    all_won: bool
    total: Decimal | None


def read_tables(
    zone: str, *, candidates: bool, bidders: bool = False, all_won: bool = False, total: Decimal | None = None
) -> list[Entry]:
    """Return the winners in the tables of a text, in reading order, and the packages that failed.

    A notice about ``candidates`` lists all of them. With ``bidders`` a bidder that is alone in its table has won. With
    ``all_won`` all rows of a list did, whatever their rank (入围). ``total`` is the page's own total in yuan. If some
    tables call their rows winners, those are believed. Tables of all bidders then only add packages.
    """
    reading = _Reading(candidates, bidders, all_won, total)
    results = [(table.heads.name_winners, table.read(reading)) for table in _tables(zone, candidates)]
    if candidates or len(results) < 2:
        return [entry for _, entries in results for entry in entries]
    named = [entry for name_winners, entries in results if name_winners for entry in entries if not entry.failed]
    packages = {entry.lot for entry in named if entry.numbered}
    kept: list[Entry] = []
    for name_winners, entries in results:
        believed = [
            entry
            for entry in entries
            if name_winners or not named or entry.failed or (entry.numbered and packages and entry.lot not in packages)
        ]
        kept = _without_restated(kept, believed)
    return kept


def _without_restated(earlier: list[Entry], later: list[Entry]) -> list[Entry]:
    """Return the results of two tables. A winner with one price in one table and the same in the other won once."""
    kept = [entry for entry in earlier if not _restates(entry, later)]
    return [*kept, *(entry for entry in later if not _restates(entry, kept))]


def _restates(entry: Entry, others: Sequence[Entry]) -> bool:
    """Return whether other results are about the same money: the same lot or, for one without a lot, lots that add up.

    A result that names its package is never given up for one that does not.
    """
    if entry.amount.yuan is None:
        return False
    names = supplier_names(entry.supplier)
    same = [
        other
        for other in others
        if supplier_names(other.supplier) == names
        and other.amount.yuan is not None
        and (not entry.lot_name or other.lot_name in (None, entry.lot_name))
    ]
    if entry.numbered:
        return any(
            other.lot == entry.lot and other.numbered and other.amount.yuan == entry.amount.yuan for other in same
        )
    prices = [other.amount.yuan for other in same if other.amount.yuan is not None]
    return entry.amount.yuan in prices or (bool(prices) and sum(prices) == entry.amount.yuan)


def read_quotes(text: str) -> list[Entry]:
    """Return all bidders in the tables of a text with their prices, whether they won or not."""
    return [bidder.entry for table in _tables(text, False) for bidder in table.bidders]


@dataclass(slots=True)
class _Table:
    """The rows below one row of heads."""

    heads: Heads
    entries: list[Entry] = field(default_factory=list)
    bidders: list[Bidder] = field(default_factory=list)

    def read(self, reading: _Reading) -> list[Entry]:
        """Return the packages that failed and the bidders that won, in reading order."""
        if reading.candidates:
            won = [bidder.entry for bidder in self.bidders if not bidder.standing.lost]
        elif (
            reading.bidders
            or "supplier" in self.heads.roles
            or self.heads.name_shortlisted
            or says_who_won(self.bidders)
        ):
            won = winners(
                self.bidders,
                names_winners=self.heads.name_winners,
                lists_bidders=self.heads.list_bidders,
                all_won=reading.all_won or self.heads.name_shortlisted,
                total=reading.total,
            )
        else:
            won = []
        winning = set(map(id, won))
        return [entry for entry in self.entries if entry.failed or id(entry) in winning]

    def add(self, row: list[str], package: Package | None) -> None:
        """Add what one row says. The row that adds up the prices says nothing new."""
        # 总价形式报价：100元 below 中标金额 is a price of its own row.
        if any(
            _SUM_ROW.match(cell)
            for role, cell in zip_longest(self.heads.roles, row, fillvalue="")
            if role not in ("amount", "rate")
        ):
            return
        for part in parts_of_row(self.heads.roles, row):
            self._add_part(part.row, Package(part.package, None) if part.package else package)

    def _add_part(self, row: list[str], package: Package | None) -> None:
        cells = _cells(self.heads, row)
        if _SAME_SUPPLIER.fullmatch(cells.supplier) and self.bidders:
            role: ColumnRole = "supplier" if "supplier" in self.heads.roles else "bidder"
            cells.by_role[role] = (cells.head(role), self.bidders[-1].entry.supplier)
        entry = _read_row(cells, package, self.heads.give_failure_reason)
        if entry is None:
            return
        if entry.failed:
            self.entries.append(entry)
            return
        bidder = Bidder(entry, standing_of(self.heads.roles, self.heads.texts, row))
        if self.heads.divide_prices:
            has_won = any(won_price(head) and not _BLANK.fullmatch(cell) for head, cell in cells.amounts)
            bidder.standing = bidder.standing._replace(won=bidder.standing.won or has_won)
        entry.rank = bidder.standing.rank or _rank_before(entry.supplier)
        if bidder.standing.rank is None and entry.rank is not None:
            bidder.standing = bidder.standing._replace(rank=entry.rank)
        if self.bidders and any(cell == SAME_PRICE for _, cell in cells.amounts):
            _add_to(self.bidders[-1].entry, entry)
        else:
            self.entries.append(entry)
            self.bidders.append(bidder)


def _tables(zone: str, candidates: bool) -> list[_Table]:
    """Return the tables of a text.

    Rows without heads go on with the table above, if no more than a package or a page number is between them.
    """
    tables: list[_Table] = []
    table: _Table | None = None
    for package, rows, lines_above in table_rows(zone) if "\t" in zone else ():
        turned = _turned_tables(rows, package)
        if turned or lines_above > _MOST_LINES_BETWEEN_PARTS:
            table = None
        tables.extend(turned)
        if not turned:
            table = _read_rows(tables, table, rows, package, candidates)
    return tables


def _read_rows(
    tables: list[_Table], table: _Table | None, rows: list[list[str]], package: Package | None, candidates: bool
) -> _Table | None:
    """Add the tables in these rows. Return the last one. ``table`` is the one that the first rows may go on with."""
    at, goes_on = 0, True
    while at < len(rows):
        row = rows[at]
        if are_heads(row):
            heads, taken = read_heads(rows, at)
            at += taken
            table, goes_on = None, False
            if not lists_past_contracts(row):
                table = _Table(
                    _without_numbers_of_candidates(heads, rows[at : at + _MOST_ROWS_COMPARED]) if candidates else heads
                )
                tables.append(table)
            continue
        at += 1
        if are_heads_of_goods(row):
            table, goes_on = None, False
            continue
        filled = [cell for cell in row if cell]
        opened = package_of_line(filled[0]) if len(filled) == 1 else None
        if opened is not None:
            package = opened
        elif table is not None and (not goes_on or _goes_on(table.heads, row)):
            table.add(row, package)
    return table


def _goes_on(heads: Heads, row: Sequence[str]) -> bool:
    """Return whether a row without heads of its own has the cells of these heads."""
    supplier = _cells(heads, row).supplier
    return len(row) == len(heads.texts) and (ends_like_party(supplier) or _says_nobody_won(supplier))


def _turned_tables(rows: list[list[str]], package: Package | None) -> list[_Table]:
    """Return the tables that have labels in the first column and one bidder or package in each further column."""
    tables: list[_Table] = []
    for labelled in _labelled_rows(rows):
        # A package that is written once for all columns names no column.
        used = [
            row for row in labelled if role_of(row[0]) not in ("lot", "lot_name", "row") or sum(map(bool, row[1:])) > 1
        ]
        texts = [row[0] for row in used]
        table = _Table(Heads(separate_groups([role_of(text) for text in texts], texts), texts))
        for column in range(1, max(map(len, used))):
            table.add([row[column] if column < len(row) else "" for row in used], package)
        if table.bidders:
            tables.append(table)
    return tables


def _labelled_rows(rows: list[list[str]]) -> list[list[list[str]]]:
    """Return the rows of each table with labels in its first column. Such a table has no label twice."""
    if not any(map(_names_parties_across, rows)):
        return []
    tables: list[list[list[str]]] = [[]]
    labels: set[str] = set()
    for row in rows:
        if row[0] in labels:
            tables.append([])
            labels = set()
        tables[-1].append(row)
        labels.add(row[0])
    return [table for table in tables if any(map(_names_parties_across, table))]


def _names_parties_across(row: Sequence[str]) -> bool:
    """Return whether a row has a label of suppliers, then several of them, or one and packages that nobody won."""
    label, values = row[0], row[1:]
    if len(values) < _FEWEST_COLUMNS or role_of(label) not in ("supplier", "bidder"):
        return False
    if any(role_of(value) != "other" for value in values):
        return False
    parties = sum(map(_names_party, values))
    return parties >= _FEWEST_COLUMNS or (
        parties == 1
        and all(_names_party(value) or _BLANK.fullmatch(value) or NOBODY_WON.match(value) for value in values)
    )


def _names_party(cell: str) -> bool:
    parties = split_parties(cell)
    return bool(parties) and ends_like_party(parties[0].name)


def _without_numbers_of_candidates(heads: Heads, rows: list[list[str]]) -> Heads:
    """Return the heads without 序号 as a number of packages, unless one such number spans several candidates."""
    if "row" not in heads.roles:
        return heads
    column = heads.roles.index("row")
    numbers = [row[column] for row in takewhile(lambda row: not are_heads(row), rows) if len(row) > column]
    if any(number.isdigit() and number == below for number, below in pairwise(numbers)):
        return heads
    return Heads(["other" if role == "row" else role for role in heads.roles], heads.texts)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one row: the first non-empty one of each role, with its head, and all prices with their heads."""

    by_role: dict[ColumnRole, tuple[str, str]]
    amounts: list[tuple[str, str]]

    def text(self, role: ColumnRole) -> str:
        return self.by_role.get(role, ("", ""))[1]

    def head(self, role: ColumnRole) -> str:
        return self.by_role.get(role, ("", ""))[0]

    @property
    def supplier(self) -> str:
        name, member = self.text("supplier") or self.text("bidder"), self.text("member")
        return f"{name}\n联合体成员：{member}" if name and names_supplier(member) else name


def _cells(heads: Heads, row: Sequence[str]) -> _Cells:
    cells = _Cells({}, [])
    for role, head, cell in zip(heads.roles, heads.texts, row, strict=False):
        if role in ("amount", "rate"):
            cells.amounts.append((head, cell))
        elif cell and (role not in cells.by_role or (role in _NAMES and not names_supplier(cells.text(role)))):
            # A head over two columns may have a number in the first: 中标人 | 1 | 某公司.
            cells.by_role[role] = (head, cell)
    if is_place(cells.text("supplier")):
        del cells.by_role["supplier"]  # 中标候选人 beside 投标人 may hold only a place: 第一中标候选人
    elif "supplier" in heads.roles:
        bidder = cells.by_role.pop("bidder", ("", ""))[1]
        if _names_party(bidder) and supplier_names(bidder).isdisjoint(supplier_names(cells.text("supplier"))):
            cells.by_role.pop("supplier", None)  # 中标人 over the rows of all bidders: this row is another one's
    return cells


def _read_row(cells: _Cells, package: Package | None, failed_table: bool) -> Entry | None:
    lot_cell, row_cell, supplier = cells.text("lot"), cells.text("row"), cells.supplier
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
    if _says_nobody_won(supplier) or not names_supplier(supplier):
        has_failed = any(map(_says_nobody_won, (supplier, *(cell for _, cell in cells.amounts))))
        if has_failed and (numbered or name is not None):
            return Entry("", lot=number, lot_name=name, numbered=numbered, failed=True)
        return None
    amount = _preferred_amount(cells.amounts, cells.text("unit"))
    if not cells.amounts and cells.text("unit_price"):
        amount = read_amount(cells.text("unit_price"), cells.head("unit_price"))
    elif not cells.amounts:
        supplier, label, price, _ = split_priced_name(supplier)  # 成交单位/成交金额 | 甲公司/120万元
        amount = read_amount(price, label, bare_unit=likely_unit(price)) if price else amount
    # 标的 next to a column of packages names what several packages are about.
    object_of_packages = name if lot_cell and cells.head("lot_name") in ("标的", "标的物") else None
    return Entry(
        supplier=supplier,
        amount=amount,
        lot=number,
        lot_name=name_or_packages,
        numbered=numbered,
        share=cells.text("share") or None,
        group=cells.text("group") or object_of_packages,
        words=[supplier, *([amount.text] if amount.text else [])],
    )


def _says_nobody_won(cell: str) -> bool:
    """Return whether a cell says that a package failed: 流标; 有效供应商不足三家，废标."""
    return bool(NOBODY_WON.match(cell) or _ENDS_WITH_FAILURE.search(cell))


def _rank_before(supplier: str) -> int | None:
    match = _RANK_BEFORE_NAME.match(supplier)
    return ordinal(match.group(1)) if match else None


def _add_to(entry: Entry, other: Entry) -> None:
    """Add a row that has its price together with the row above: another package, or another supplier."""
    if not supplier_names(other.supplier) <= supplier_names(entry.supplier):
        entry.supplier += f"\n{other.supplier}"
    if other.lot_name and other.lot_name not in (entry.lot_name or ""):
        entry.lot_name = f"{entry.lot_name}、{other.lot_name}" if entry.lot_name else other.lot_name
    entry.words += other.words


def _preferred_amount(amounts: list[tuple[str, str]], unit: str) -> Amount:
    """Return the sum that counts, with tax if both are given. Without a sum, return the first price that is disclosed.

    ``amounts`` are heads and cells. ``unit`` is the cell of a column of units: 元 and 万元 make the number a sum,
    % and 元/吨 belong to its words.
    """
    is_unit = unit in _UNIT_CELLS
    after_number = unit if not is_unit and re.search(r"[%元]", unit) else ""
    prices = [
        (
            _preference(head, at),
            read_amount(cell + after_number, f"{head}（{unit}）" if is_unit else head, bare_unit=likely_unit(cell)),
        )
        for at, (head, cell) in enumerate(amounts)
        if cell
    ]
    totals = [(preference, price) for preference, price in prices if price.kind == "total"]
    if totals:
        best = min(preference for preference, _ in totals)
        first, *others = [price for preference, price in totals if preference == best]
        return next((total for total in others if adds_tax_to(total, first)), first)
    return next((price for _, price in prices if price.kind != "undisclosed"), prices[0][1] if prices else NOTHING)


def _preference(head: str, column: int) -> tuple[int, int]:
    """Return how much the price below a head counts, less being more. Of later quotes, the last one counts."""
    if _FIRST_QUOTE.search(head):
        return len(_PRICE_HEADS) + 1, 0
    place = next((at for at, words in enumerate(_PRICE_HEADS) if words.search(head)), len(_PRICE_HEADS))
    return place, -column if place == _LATER_QUOTE else 0
