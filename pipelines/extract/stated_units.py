"""A unit that is stated once for many prices: above a table, in one of its rows, or in a note below it.

``单位：万元`` is written into the heads of the prices, where all layouts look for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipelines.extract.amounts import unit_in
from pipelines.text.column_roles import role_of

_UNIT = r"(?P<unit>亿元|百万元|万元|千元|元)"
_ABOUT = r"[金额价格报货币计量以上下表中标成交本述各项所有的均列数据、/／（）() ]{0,16}?"
# 单位：万元; （金额单位：人民币万元）; 注：以上金额单位均为万元; 币种：人民币 单位：元
_STATEMENT = re.compile(
    r"[\s*※（(【\[]*+(?:(?:注|备注|说明|附注)\s*\d?\s*[:：.、]?\s*)?(?:币种\s*[:：]\s*人民币\s*[,，;；/／]?\s*)?"
    rf"{_ABOUT}(?:单位\s*(?:均|都|统一)?\s*(?:为|是|[:：])?\s*(?:人民币)?\s*[（(]?{_UNIT}"
    # 以上价格均以万元为单位, 金额按万元计
    r"|(?:以|按)\s*(?:人民币)?(?P<counted>亿元|百万元|万元|千元|元)\s*(?:为单位|计(?:算|价)?))"
    r"\s*(?:[/／]?\s*人民币|[（(]人民币[)）])?[\s)）】\]。.；;，,]*"
)
# 三、中标结果（单位：万元）: a heading or a line above a table
_AT_END = re.compile(rf"[（(【\[]\s*{_ABOUT}单位\s*(?:为|是|[:：])?\s*(?:人民币)?\s*{_UNIT}\s*[)）】\]]\s*[:：]?$")
_LABELLED_NUMBER = re.compile(
    r"(?P<label>[^\n\t:：]{2,24})(?P<colon>\s*[:：]\s*)(?P<number>[￥¥]?\s*[\d,，]++(?:\.\d++)?\s*)"
)
_LONGEST_STATEMENT = 60
# Lines between a table and its unit.
_NEAR = 3


def write_stated_units(text: str) -> str:
    """Return the text with stated units in the heads and labels of prices that have none.

    A statement in a table or within three lines of it is about that table, any other about the labelled lines.

    >>> write_stated_units("单位：万元\\n供应商名称\\t中标金额\\n甲公司\\t120")
    '单位：万元\\n供应商名称\\t中标金额（万元）\\n甲公司\\t120'
    """
    if "元" not in text or not ("单位" in text or "元计" in text):
        return text
    lines = text.split("\n")
    units = {number: unit for number, line in enumerate(lines) if (unit := _stated_unit(line))}
    if not units:
        return text
    used: set[int] = set()
    for start, stop in _tables(lines):
        near = [*range(start, stop), *range(start - 1, start - 1 - _NEAR, -1), *range(stop, stop + _NEAR)]
        at = next((number for number in near if number in units and number not in used), None)
        if at is None:
            continue
        used.add(at)
        for number in range(start, stop):
            lines[number] = "\t".join(_with_unit(cell, units[at]) for cell in lines[number].split("\t"))
    rest = [unit for number, unit in units.items() if number not in used]
    if len(set(rest)) == 1:
        lines = [_labelled_with_unit(line, rest[0]) for line in lines]
    return "\n".join(lines)


def _stated_unit(line: str) -> str | None:
    """Return the unit that a line, or a cell of a row, states."""
    if "元" not in line:
        return None
    for cell in line.split("\t"):
        match = _STATEMENT.fullmatch(cell) if len(cell) < _LONGEST_STATEMENT else None
        if match:
            return match["unit"] or match["counted"]
    return None if "\t" in line else unit_of_heading(line)


def unit_of_heading(line: str) -> str | None:
    """Return the unit in brackets at the end of a line, if it is not the label of a price.

    >>> unit_of_heading("三、中标结果（单位：万元）"), unit_of_heading("中标金额（单位：万元）")
    ('万元', None)
    """
    match = _AT_END.search(line.strip()) if "单位" in line and len(line) < _LONGEST_STATEMENT else None
    return match["unit"] if match and role_of(line[: match.start()].strip()) != "amount" else None


def _tables(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where the tables begin and end: rows of cells that follow each other."""
    start: int | None = None
    for number, line in enumerate([*lines, ""]):
        if "\t" in line and start is None:
            start = number
        elif "\t" not in line and start is not None:
            yield start, number
            start = None


def _with_unit(cell: str, unit: str) -> str:
    is_price = role_of(cell) == "amount" and unit_in(cell) is None and not re.search(r"[\d%％]", cell)
    return f"{cell}（{unit}）" if is_price else cell


def _labelled_with_unit(line: str, unit: str) -> str:
    match = _LABELLED_NUMBER.fullmatch(line) if "\t" not in line else None
    return f"{_with_unit(match['label'], unit)}{match['colon']}{match['number']}" if match else line
