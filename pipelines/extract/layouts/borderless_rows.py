"""The pattern of one row of a table whose borders were lost: the shape of each cell, up to where the next row begins.

``1甲软件有限公司某市某路8号100.5万元2乙软件有限公司…`` is a number, a name, an address and a price, then the number of
the next row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipelines.extract.layouts.borderless_cells import (
    AFTER_FREE_TEXT,
    BARE,
    BARE_BEFORE_SCORE,
    BRANCH,
    FIRM,
    LABELLED,
    MOST_MISSING_ROWS,
    NO_BRANCH,
    NO_LONGER_INSTITUTE,
    NO_PRICE,
    NOTE,
    PLACE,
    RANK,
    RESULT,
    WITH_UNIT,
)
from pipelines.lexicon import forms
from pipelines.lexicon.forms import ColumnRole

_EVALUATION_METHODS = forms.words("evaluation_method_head")
_NAME_CHARACTER = r"[^\d\n：:￥，,、;；]"
# 甲公司, 联合体牵头人：甲公司 联合体成员：乙公司
_SPACED_NAME = (
    r"(?P<supplier>(?:(?:联合体)?牵头人?\s*[:：]\s*)?\S{3,160}?"
    r"(?:\s(?:联合体)?成员[^\s:：]{0,3}\s*[:：]\s*\S+)?)(?=\s|$)"
)


_CANDIDATE = rf"{forms.pattern('won')}?候选{forms.pattern('party_in_column')}"


def _numeral(number: int) -> str:
    """Return the Chinese numeral of 1 to 10. Longer rankings are written in digits."""
    return "一二三四五六七八九十"[number - 1] if number <= 10 else str(number)


class PackageMark(NamedTuple):
    """How the rows of a table mark their package: ``01包`` is two digits and 包 after them."""

    before: str
    digits: int
    after: str

    @property
    def has_word(self) -> bool:
        """Return whether the mark is more than a number."""
        return bool(self.before or self.after)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table. ``spaced`` says whether the cells have blanks between them."""

    roles: tuple[ColumnRole, ...]
    heads: tuple[str, ...]
    spaced: bool
    mark: PackageMark | None

    @property
    def numbered(self) -> bool:
        """Return whether each row begins with a number or a rank."""
        return self.roles[0] in ("row", "lot", "rank")


class Shapes(NamedTuple):
    """How a table may write its prices and scores, as patterns. ``amount`` is empty if it has no prices."""

    amount: str
    score: str


def opening(columns: Columns, number: int) -> str:
    """Return what a row begins with, as a pattern: its number, its package mark or both. Empty without numbers."""
    mark = columns.mark
    package = rf"{mark.before}\s*{str(number).zfill(mark.digits)}\s*{mark.after}" if mark else ""
    if columns.roles[0] == "row":
        if mark and mark.has_word:  # A package that failed has no row, so row 1 may be about 02包.
            return rf"{number}\s*{mark.before}\s*\d{{{mark.digits}}}\s*{mark.after}"
        return rf"{number}\s*{package}"
    if columns.roles[0] == "rank":
        return rf"(?:第?{number}|第?{_numeral(number)})(?:名|{_CANDIDATE})?"
    if columns.roles[0] == "lot":
        package = package or rf"(?:{number}|{chr(64 + number) if number < 27 else number})"
        # A number of the row may follow that of the package, and begin again in each package.
        return rf"{package}\s*(?:{number}|1)" if columns.roles[1] == "row" else package
    return ""


def may_hold_row(columns: Columns, shapes: Shapes, firm: str, text: str, start: int) -> bool:
    """Return whether a text has a name and a price at all. The patterns of both are small, and that of a row is not."""
    if not columns.spaced and not {"supplier", "bidder"}.isdisjoint(columns.roles) and not _has(firm, text, start):
        return False
    return {"amount", "rate"}.isdisjoint(columns.roles) or _has(rf"{shapes.amount}|{NO_PRICE}", text, start)


def _has(shape: str, text: str, start: int) -> bool:
    return _compiled(shape).search(text, start) is not None


@lru_cache(maxsize=64)
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape)


@lru_cache(maxsize=512)
def row_pattern(columns: Columns, shapes: Shapes, number: int, firm: str) -> re.Pattern[str]:
    """Return the pattern of a row after its number. Free text is as short as possible.

    ``firm`` is the pattern for the end of a supplier's name. The groups are supplier, amount, lot and standing.
    """
    cells = r"\s*".join(_cells(columns, shapes, firm))
    return re.compile(rf"\s*{cells}\s*?{_end_of_row(columns, shapes.amount, number)}", re.DOTALL)


def _cells(columns: Columns, shapes: Shapes, firm: str) -> Iterator[str]:
    priced = ranked = False
    for index, (role, head) in enumerate(zip(columns.roles, columns.heads, strict=True)):
        if role in ("row", "lot") or (index == 0 and role == "rank"):
            continue
        if role in ("rank", "result") and not ranked:
            ranked = True
            yield rf"(?P<standing>{RANK if role == 'rank' else RESULT})?"
            continue
        if role in ("supplier", "bidder"):
            yield _SPACED_NAME if columns.spaced else _glued_name(firm)
        elif role in ("amount", "rate") and not priced:
            priced = True
            yield _price(columns.roles, index, shapes.amount)
        elif role == "score":
            # The price as the jury weighed it, or points.
            yield rf"(?:{WITH_UNIT}|-|/|{BARE}(?=\D|$))?" if "价" in head else rf"(?:{shapes.score}分?|-|/)?"
        elif role == "code":
            yield r"(?:[0-9A-Z]{15,20})"
        elif role == "lot_name":
            yield r"(?P<lot>\S+)" if columns.spaced else ""
        elif role == "unit":
            yield r"(?:人民币)?(?:万?元)?"
        elif head in _EVALUATION_METHODS:
            yield r"(?:[\u4e00-\u9fff]{2,8}法)?"  # 综合评分法
        elif head == "是否价格扣除":
            yield r"[是否]?"
        else:
            yield r".*?"


def _price(roles: tuple[ColumnRole, ...], index: int, amount: str) -> str:
    after_free_text = index > 0 and roles[index - 1] in ("address", "other", "supplier", "bidder")
    before_score = amount == BARE and roles[index + 1 : index + 2] == ("score",)
    shape = BARE_BEFORE_SCORE if before_score else amount
    return rf"{AFTER_FREE_TEXT if after_free_text else ''}(?P<amount>{shape}|{NO_PRICE})"


def _glued_name(firm: str) -> str:
    """Return the pattern of a name that runs into the next cell: an address, a price or nothing follows."""
    complete = NO_LONGER_INSTITUTE if firm == FIRM else ""
    name = rf"{_NAME_CHARACTER}{{2,60}}?{firm}{complete}{BRANCH}{NOTE}"
    names = rf"{name}(?:[，,、]\s*{name}){{0,9}}"
    # 联合体牵头人：甲公司 联合体成员一：乙公司、丙公司
    leader = rf"(?:联合体)?牵头人?\s*[:：]\s*{name}\s*(?:联合体)?成员\S{{0,3}}?\s*[:：]\s*"
    # 某某有限公司 is not the complete name if 北京市分公司 follows.
    place = f"{NO_BRANCH}{PLACE}"
    return rf"(?P<supplier>(?:{leader})?{names})(?={place}|[\d￥-]|{LABELLED}|{NO_PRICE}|\s|$|无|/)"


def _end_of_row(columns: Columns, amount: str, number: int) -> str:
    """Return what may follow a row, as a pattern: the beginning of the next row, or the end of the text."""
    if not columns.numbered:
        return r"(?=\s|\Z)"
    if columns.spaced or (columns.mark and columns.mark.has_word):
        words = r"[\u4e00-\u9fff￥A-Za-z]"
    else:  # 2号 and 3楼 are parts of an address and begin no row
        letters = 1 if columns.mark else 3
        words = rf"(?:(?![号楼层室栋幢座弄组路期街米]|单元)[\u4e00-\u9fff￥]|[A-Za-z]{{{letters}}})"
    openings = "|".join(opening(columns, number + step) for step in range(1, MOST_MISSING_ROWS + 2))
    # Digits follow the number of the next row only if its next cell is a bare sum.
    sum_follows = columns.roles[1:2] == ("amount",) and amount != LABELLED
    next_sum = rf"|\s*{opening(columns, number + 1)}\s*(?:{BARE})" if sum_follows else ""
    return rf"(?=\s*(?:{openings})\s*{words}{next_sum}|\s*\Z|\n)"
