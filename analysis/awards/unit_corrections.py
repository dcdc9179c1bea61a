"""Corrections of nothing but the unit of a price: ``成交金额单位由“万元”更正为“元”``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipelines.common.money import UNIT_SLIP
from pipelines.lexicon import forms

_UNIT = r"[“\"「]?(?P<{name}>万元|元)[”\"」]?"
_CHANGE = re.compile(
    # 中标金额的单位由“万元”更正为“元”, 成交价单位“万元”有误，应为“元”
    r"(?P<item>[^。；;\n]{0,40})单位[^。；;\n\d]{0,8}?"
    + _UNIT.format(name="old")
    + rf"[^。；;\n\d]{{0,8}}?(?:{forms.pattern('change_word')}为|应为)[^。；;\n\d]{{0,4}}?"
    + _UNIT.format(name="new")
)
_PRICE = re.compile(rf"{forms.pattern('corrected_price')}|^[^。]{{0,8}}$")
_OTHER = re.compile(rf"{forms.pattern('other_corrected_item')}|单价")


# 第1包, 包2, 标段一, 第二标段
_LOT = re.compile(
    r"第?\s*(?P<before>\d{1,2}|[一二三四五六七八九十])\s*(?:标段|标项|包)|(?:标段|标项|包)\s*(?P<after>\d{1,2}|[一二三四五六七八九十])"
)
# Yuan. A lot of 350,000 yuan is 3,500,000,000 if it was written in 万元, and 35 yuan if 万元 was meant.
_TOO_LARGE_FOR_A_LOT, _TOO_SMALL_FOR_A_LOT = Decimal(10) ** 8, Decimal(10) ** 3
_NUMERALS = "一二三四五六七八九十"


class UnitChange(NamedTuple):
    """By what prices must be multiplied, and the numbers of the lots that the correction names: none means all."""

    factor: Decimal
    lots: frozenset[int]

    def must_be_wrong(self, amount: Decimal | None) -> bool:
        """Return whether a price (yuan) of one of several lots can only be in the old unit."""
        if amount is None:
            return False
        return amount >= _TOO_LARGE_FOR_A_LOT if self.factor < 1 else amount < _TOO_SMALL_FOR_A_LOT


def unit_change(words: str) -> UnitChange | None:
    """Return what a correction with these words does to prices. None if it changes no unit.

    >>> unit_change("更正内容：成交金额单位由“万元”更正为“元”。").factor
    Decimal('0.0001')
    >>> sorted(unit_change("第1包、第2包中标金额的单位由“万元”更正为“元”。").lots)
    [1, 2]
    >>> unit_change("预算金额单位由“万元”更正为“元”。")
    """
    for change in _CHANGE.finditer(words):
        if change["old"] != change["new"] and _PRICE.search(change["item"]) and not _OTHER.search(change["item"]):
            factor = Decimal(UNIT_SLIP) if change["new"] == "万元" else 1 / Decimal(UNIT_SLIP)
            return UnitChange(factor, frozenset(map(_lot_number, _LOT.finditer(change["item"]))))
    return None


def _lot_number(match: re.Match[str]) -> int:
    numeral = match["before"] or match["after"]
    return int(numeral) if numeral.isdigit() else _NUMERALS.index(numeral) + 1
