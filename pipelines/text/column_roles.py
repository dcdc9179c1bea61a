"""What a column head or a label means, and which package a mark such as 包1 names.

One place for all layouts, so that tables, borderless tables and labelled lines agree. The words are in
``pipelines/lexicon/forms/columns.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipelines.lexicon import forms
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.characters import compact

_RULES = tuple((rule.role, rule.expression()) for rule in forms.column_rules())
_LONGEST_HEAD = 40
_TRANSLATION = re.compile(r"[/／]?[(（]?[A-Za-z][A-Za-z.,&'’:：/\-]{2,}[)）]?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
# In a cell below a price that spans several rows: the price above is for them together, not for each.
SAME_PRICE = "〃"
# The remark in brackets after a head: 金额（元）, 投标报价(元/%), 得分（分）（如有）, 总价\\（人民币）.
_REMARK = re.compile(
    rf"(?<=.)[（(\\][^（()）]*{forms.pattern('head_remark')}[^（()）]*[)）](?:\\?[（(][^（()）]*[)）])*$"
)


@lru_cache(maxsize=8192)
def role_of(head: str) -> ColumnRole:
    """Return the role of a column by its head. A remark in brackets after the words does not count.

    >>> role_of("中标（成交）金额(元)"), role_of("供应商名称"), role_of("货物单价(元)"), role_of("标段(包)编号")
    ('amount', 'supplier', 'other', 'lot')
    """
    text = compact(head).strip(":：*")
    if not text or len(text) > _LONGEST_HEAD:
        return "other"
    words = _REMARK.sub("", text)
    role = _role_of_words(words)
    if role is None and (chinese := _without_translation(words)) != words:
        role = _role_of_words(chinese)
    return role or "other"


def _role_of_words(words: str) -> ColumnRole | None:
    return next((role for role, expression in _RULES if expression.search(words)), None)


def _without_translation(head: str) -> str:
    """Return a Chinese head without the same in English beside it: 中标供应商Winner."""
    chinese = _TRANSLATION.sub("", head)
    return chinese if _CHINESE.search(chinese) else ""


def separate_groups(roles: Sequence[ColumnRole], heads: Sequence[str]) -> list[ColumnRole]:
    """Return the roles of the columns of one table, in which at most one column has the role ``lot``.

    Of several columns that number packages (分标编号 | 分标名称 | 包号 | 项目名称) the last is the package.
    Those before it become the ``group`` in which packages are counted.
    """
    last_lot = max((column for column, role in enumerate(roles) if role == "lot"), default=-1)
    several_names = sum(role == "lot_name" for role in roles) > 1
    return [
        "group"
        if (role == "lot" and column < last_lot)
        or (role == "lot_name" and several_names and heads[column].startswith("分标"))
        else role
        for column, role in enumerate(roles)
    ]


_NUMERALS = "[一二三四五六七八九十]{1,3}"
_MARK = forms.pattern("package_mark")
_LONG_MARK = forms.pattern("long_package_mark")
_OTHER_WORD = "括|含|装|裹"  # 包括, 包含, 包装 and 包裹 are no packages, nor is 包头, a city
LOT_MARK = re.compile(
    # 第一包, 第 2 标段, 第三标
    rf"(?:第\s*(?P<after_di>[0-9一二三四五六七八九十]{{1,3}})\s*(?:{_MARK}|标)(?!{_OTHER_WORD}|头))"
    # 包1, 合同包 12, 标段编号：三, 分标B, 包 01号, 标段(包)[001]
    rf"|(?:(?:{_MARK}|分标|标)\s*(?:[（(]包[)）])?\s*(?:编?号)?\s*[:：]?\s*"
    rf"(?:(?P<after_word>[0-9]{{1,3}}|{_NUMERALS}|[A-Z](?![A-Za-z0-9])|[0-9]{{1,2}}(?=号))"
    r"|[\[【](?P<in_brackets>[0-9]{1,3})[\]】]))"
    # 01包, A包, 3号标段
    rf"|(?:(?P<before_word>[0-9]{{1,3}}|[A-Z])\s*(?:号)?{_MARK}(?!{_OTHER_WORD}|头))"
    # 二标段, 一包
    rf"|(?:(?P<numeral>{_NUMERALS})\s*(?:{_LONG_MARK}|包(?!{_OTHER_WORD})))"
)
_PACKAGE_AT_END = re.compile(rf"(?:{LOT_MARK.pattern})(?:[（(][^（）()\n]{{1,40}}[)）])?$")
_LONGEST_PACKAGE = 60
_DIGITS = "零一二三四五六七八九"


def lot_number(text: str) -> int | None:
    """Return the number of a package mark such as 包1, 第一包, 01包, A包 or 二标段. None if there is no mark.

    >>> [lot_number(mark) for mark in ("第一包", "合同包12(网络):", "01包", "B包", "包装机")]
    [1, 12, 1, 2, None]
    """
    match = LOT_MARK.search(text)
    if not match:
        return None
    return ordinal(
        match["after_di"] or match["after_word"] or match["in_brackets"] or match["before_word"] or match["numeral"]
    )


def follows_package(text: str, at: int) -> bool:
    """Return whether the mark of a package ends at a place of a text, so that a label there is about that package.

    >>> follows_package("包2（训练）中标人：", 6), follows_package("甲公司中标人：", 3)
    (True, False)
    """
    return _PACKAGE_AT_END.search(text[max(0, at - _LONGEST_PACKAGE) : at]) is not None


def ordinal(mark: str) -> int | None:
    """Return 1, 01, 一, 十二 or A as a number. None for anything else, and for 0.

    >>> ordinal("十二"), ordinal("03"), ordinal("C"), ordinal("甲")
    (12, 3, 3, None)
    """
    mark = mark.strip()
    if mark.isdigit():
        return int(mark) or None
    if len(mark) == 1 and "A" <= mark <= "Z":
        return ord(mark) - ord("A") + 1
    tens, ten, ones = mark.partition("十")
    if ten:
        if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
            return None
        return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
    return _DIGITS.index(mark) if len(mark) == 1 and mark in _DIGITS[1:] else None
