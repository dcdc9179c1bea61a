"""A supplier and its price in one field: ``A公司，应答报价5,034,094.17元（不含税）``."""

from __future__ import annotations

import re
from typing import NamedTuple

_PRICE = (
    r"(?P<label>[\u4e00-\u9fff]{0,8}(?:报价|总价|金额|价格?|价款|折扣率?|费率|下浮率|优惠率|系数)(?:[（(][^（）()\n]{1,12}[)）])?)"
    r"\s*(?:为|是)?\s*[:：]?\s*(?P<value>(?:人民币)?\s*[￥¥]?\s*\d[^\n]*?)"
)
# Behind a comma or a blank, or in brackets: A公司（投标报价：100万元）.
_BEHIND = re.compile(rf"(?:[，,；;、]\s*|\s+){_PRICE}[。；;]?$")
_BRACKETED = re.compile(rf"\s*[（(]\s*{_PRICE}\s*[)）][。；;]?$")
# What else may be told of a bidder in figures.
_OTHER = re.compile(r"扣除|评审|评标|限价|预算|保证金")


class PricedName(NamedTuple):
    """A supplier field in its parts; ``label`` and ``value`` are empty where it holds no price."""

    name: str
    label: str = ""
    value: str = ""


def priced_name(text: str) -> PricedName:
    """The supplier, and the price that stands behind it in the same field.

    >>> priced_name("甲软件有限公司，应答报价5,034,094.17元（不含税）")
    PricedName(name='甲软件有限公司', label='应答报价', value='5,034,094.17元（不含税）')
    >>> priced_name("甲软件有限公司（投标报价：100万元）").value, priced_name("甲软件有限公司（牵头人）").name
    ('100万元', '甲软件有限公司（牵头人）')
    """
    match = _BEHIND.search(text) or _BRACKETED.search(text)
    if match is None or match.start() < 2 or _OTHER.search(match["label"]):
        return PricedName(text)
    return PricedName(text[: match.start()].rstrip(), match["label"], match["value"].strip())
