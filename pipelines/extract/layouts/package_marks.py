"""The package that a line or a cell names.

Lines: ``合同包1(小角X射线散射仪):``, ``第一包：训练服务``, ``标的2：推理服务``.
Cells: ``2包 训练服务器``, ``包7（中文在线）``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.extract.party_names import ends_like_party
from pipelines.lexicon import forms
from pipelines.text.column_roles import LOT_MARK, lot_number, ordinal

_LONGEST_LINE = 120
# 2、包1, 第一包, （一）标段一, and 标的1：… or 标的一（…）, which names a package only at the beginning of a line.
_MARK_AT_LINE_START = re.compile(
    r"^(?:\d{1,2}\s*[.、．]\s*|[（(][一二三四五六七八九十\d]{1,3}[)）]\s*)?"
    rf"(?:{LOT_MARK.pattern}|标的\s*(?P<object>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})(?=\s*[:：（(]))"
)
_SEPARATOR = re.compile(r"[(（:：\s_-]")
# 标段一 | 的中标候选人为：
_RESULT_OF_PACKAGE = re.compile(
    rf"^的?(?:{forms.pattern('won_or_shortlisted')})?(?:候选)?(?:{forms.pattern('party')}|结果)(?:为|如下)?\s*[:：]$"
)
_NAME_IN_BRACKETS = re.compile(r"^\s*+(?:[:：]\s*+)?[（(](.{2,100})[)）]\s*+[:：]?$")  # 包1 | （训练服务）：
_NAME_AFTER_COLON = re.compile(r"^[:：\s]+([^:：|]{4,80})[:：]?$")  # 包1 | ：训练服务
# 采购包, 品目, 分标; 标; 第, 号; brackets and marks
_MARK_WORDS = re.compile(rf"{forms.pattern('package_mark_on_name')}|分标|[标第号（()）、.:：\s_-]")
_NO_NUMERAL = re.compile(r"[^\dA-Z一二三四五六七八九十]")
_LONGEST_NUMERAL = 4
_SHORTEST_NAME = 4


class Package(NamedTuple):
    """The package that a line opens. ``name`` is None if the line gives only its number."""

    number: int
    name: str | None


def package_of_line(line: str) -> Package | None:
    """Return the package that a line opens. None if the line opens none.

    >>> package_of_line("合同包1(小角X射线散射仪):"), package_of_line("第二包："), package_of_line("包装要求")
    (Package(number=1, name='小角X射线散射仪'), Package(number=2, name=None), None)
    """
    text = line.strip()
    match = _MARK_AT_LINE_START.match(text)
    if not match or len(text) > _LONGEST_LINE:
        return None
    number = ordinal(match["object"]) if match["object"] else lot_number(text)
    rest = text[match.end() :].strip()
    rest = _RESULT_OF_PACKAGE.sub("", rest)
    if number is None or (rest and not _SEPARATOR.match(rest) and text[match.end() - 1] not in "]】"):
        return None
    if text[match.end() - 1] in "]】":
        rest = f"：{rest}"  # 标段(包)[001]训练服务：
    return Package(number, _name_in_line(rest))


def _name_in_line(rest: str) -> str | None:
    bracketed = _NAME_IN_BRACKETS.match(rest)
    if bracketed:
        return bracketed.group(1)
    after_colon = _NAME_AFTER_COLON.match(rest)
    name = after_colon.group(1).strip() if after_colon else ""
    return name if name and not ends_like_party(name) else None  # 包1：甲软件有限公司 names the winner


def package_of_cell(cell: str) -> tuple[int | None, str | None]:
    """Return the number and the name in a cell below 包号, 标包 or 标段. Each is None if the cell does not give it.

    >>> package_of_cell("2包 训练服务器"), package_of_cell("第三"), package_of_cell("训练服务")
    ((2, '训练服务器'), (3, None), (None, '训练服务'))
    """
    number = lot_number(cell)
    if number is not None:
        return number, name_after_mark(cell)
    rest = _MARK_WORDS.sub("", cell)
    if len(rest) <= _LONGEST_NUMERAL and not _NO_NUMERAL.search(rest):
        return ordinal(rest), None
    return None, cell if re.search(r"[\u4e00-\u9fff]{2}", cell) else None


def name_after_mark(cell: str) -> str | None:
    """Return the name that follows the mark of a package. None if there is only the mark.

    >>> name_after_mark("2包 训练服务器"), name_after_mark("包7（中文在线）"), name_after_mark("包7")
    ('训练服务器', '中文在线', None)
    """
    match = LOT_MARK.match(cell)
    name = cell[match.end() :].strip(" :：") if match else ""
    bracketed = re.fullmatch(r"[（(](.*)[)）]", name)
    name = bracketed.group(1) if bracketed else name
    return name if len(name) >= _SHORTEST_NAME else None
