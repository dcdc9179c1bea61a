"""Corrections of nothing but the unit of a price: ``成交金额单位由“万元”更正为“元”``."""

from __future__ import annotations

import re
from decimal import Decimal

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


def unit_factor(words: str) -> Decimal | None:
    """Return by what a price must be multiplied after a correction with these words. None if they change no unit.

    >>> unit_factor("更正内容：成交金额单位由“万元”更正为“元”。")
    Decimal('0.0001')
    >>> unit_factor("预算金额单位由“万元”更正为“元”。")
    """
    for change in _CHANGE.finditer(words):
        if change["old"] != change["new"] and _PRICE.search(change["item"]) and not _OTHER.search(change["item"]):
            return Decimal(UNIT_SLIP) if change["new"] == "万元" else 1 / Decimal(UNIT_SLIP)
    return None
