"""Rows of a table whose cells list several packages, one below the other::

    包号    供应商            中标金额（元）
    包1     甲软件有限公司    100000
    包2     乙数据有限公司    200000

Here these are the three lines of each cell of one row. In the text of a page, blanks separate them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.extract.failed_packages import NOBODY_WON
from pipelines.extract.party_names import clean_party, ends_like_party
from pipelines.extract.sums import NUMBER, UNIT
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import LOT_MARK, lot_number, ordinal

_BETWEEN_PARTS = re.compile(r"[\s；;]+")
_BEFORE_UNIT = re.compile(rf"(?<=\d)\s+(?=[（(]?\s?(?:{UNIT}|[%％]))")  # 100 | 万元
_MARK_BEFORE = re.compile(rf"[（(【]?(?P<mark>(?>{LOT_MARK.pattern}))[)）】]?\s*(?:[:：、—-]\s*)?(?=\S)")  # 第一包：
_MARK_AFTER = re.compile(rf"(?<!\s)\s*+[（(](?P<mark>{LOT_MARK.pattern})[)）]$")  # 甲公司（包1）
# 100000, ￥1,200.00元, 0.5（万元）, 85%, and / for a package that nobody won
_PRICE = re.compile(rf"(?:人民币)?[￥¥]?{NUMBER}(?:[（(]?(?:{UNIT}|[%％])整?[)）]?)?|[/／—-]+")
_FEWEST_PARTS = 2


class Part(NamedTuple):
    """One row out of a row that lists several, and the number of its package, if its cells have a mark of one."""

    row: list[str]
    package: int | None = None


class _Line(NamedTuple):
    """One line of a cell without the mark of its package."""

    text: str
    package: int | None


def parts_of_row(roles: Sequence[ColumnRole], row: list[str]) -> list[Part]:
    """Return one row for each package that the cells of a row list. Any other row is returned as it is.

    The suppliers and the prices, or the suppliers and the packages, must be the same number. A supplier that is alone
    won each package that has a price of its own.

    >>> [part.row for part in parts_of_row(["supplier", "amount"], ["甲公司 乙公司", "100000 200000"])]
    [['甲公司', '100000'], ['乙公司', '200000']]
    """
    columns = {role: column for column, role in reversed(list(enumerate(roles[: len(row)])))}
    at = columns.get("supplier", columns.get("bidder"))
    prices_at = [column for column, role in enumerate(roles[: len(row)]) if role in ("amount", "rate") and row[column]]
    if at is None or not any(_BETWEEN_PARTS.search(row[column]) for column in (at, *prices_at)):
        return [Part(row)]
    names = _lines(row[at])
    prices = {column: _prices(row[column]) for column in prices_at}
    count = max((len(lines) for lines in prices.values()), default=0)
    if len(names) == 1 and count >= _FEWEST_PARTS and all(line.package for line in prices[prices_at[0]]):
        names = [_Line(names[0].text, line.package) for line in prices[prices_at[0]]]
    packages = _packages(row[columns["lot"]]) if "lot" in columns else []
    if count < _FEWEST_PARTS and not prices_at:
        count = len(packages)
    if len(names) != count or count < _FEWEST_PARTS or not all(map(_is_supplier, names)):
        return [Part(row)]
    parts = []
    for index, name in enumerate(names):
        cells = list(row)
        cells[at] = name.text
        package = name.package or (packages[index] if len(packages) == count else None)
        for column, lines in prices.items():
            own = next((line for line in lines if line.package and line.package == package), None)
            line = own or (lines[index] if len(lines) == count else _Line("", None))
            cells[column], package = line.text, package or line.package
        if "lot_name" in columns and len(lot_names := _BETWEEN_PARTS.split(row[columns["lot_name"]])) == count:
            cells[columns["lot_name"]] = lot_names[index]
        if package is not None and "lot" in columns:
            cells[columns["lot"]] = str(package)
        parts.append(Part(cells, package))
    return parts


def _lines(cell: str) -> list[_Line]:
    """Return the lines of a cell: 包1：甲公司 or 甲公司（包1）."""
    lines = []
    for text in filter(None, _BETWEEN_PARTS.split(cell.strip())):
        before, after = _MARK_BEFORE.match(text), _MARK_AFTER.search(text)
        if before is not None:
            lines.append(_Line(text[before.end() :], lot_number(before["mark"])))
        elif after is not None:
            lines.append(_Line(text[: after.start()], lot_number(after["mark"])))
        else:
            lines.append(_Line(text, None))
    return lines


def _prices(cell: str) -> list[_Line]:
    """Return the prices of a cell, each with its package. Empty if there is anything else in the cell."""
    lines = _lines(_BEFORE_UNIT.sub("", cell))
    return lines if all(_PRICE.fullmatch(line.text) for line in lines) else []


def _packages(cell: str) -> list[int]:
    numbers = [lot_number(text) or ordinal(text) for text in _BETWEEN_PARTS.split(cell.strip())]
    return [number for number in numbers if number is not None]


def _is_supplier(line: _Line) -> bool:
    name = clean_party(line.text)
    return (name is not None and ends_like_party(name)) or NOBODY_WON.match(line.text) is not None
