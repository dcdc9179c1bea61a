"""A supplier with its price and its share in one field: ``A公司，应答报价5,034,094.17元（不含税），份额70%``."""

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
_SHARE = re.compile(
    r"(?:[，,；;、]\s*|\s+|[（(]\s*)(?:拟?中[标选]|成交)?(?:份额|占比)(?:比例)?\s*(?:为|[:：])?\s*(?:约)?\d{1,3}(?:\.\d+)?\s*%\s*[)）]?"
)
# 地址：某市某路8号 between the name and the price.
_BESIDE = re.compile(
    r"[，,；;]\s*(?:[\u4e00-\u9fff]{0,6}地址|[\u4e00-\u9fff]{0,6}代码|联系[\u4e00-\u9fff]{1,3}|法定代表人|项目(?:经理|负责人)"
    r"|工期|交货期|服务期限?|质量(?:承诺|要求)?)\s*[:：][^，,；;]*"
)
# What else may be told of a bidder in figures.
_OTHER = re.compile(r"扣除|评审|评标|限价|预算|保证金")


class PricedName(NamedTuple):
    """A supplier field in its parts; ``label`` and ``value`` are empty where it holds no price, ``share`` where it holds none."""

    name: str
    label: str = ""
    value: str = ""
    share: str = ""


def priced_name(text: str) -> PricedName:
    """The supplier, and the price and the share that stand behind it in the same field.

    >>> priced_name("甲软件有限公司，应答报价5,034,094.17元（不含税）")
    PricedName(name='甲软件有限公司', label='应答报价', value='5,034,094.17元（不含税）', share='')
    >>> priced_name("甲软件有限公司（投标报价：100万元）").value, priced_name("甲软件有限公司（牵头人）").name
    ('100万元', '甲软件有限公司（牵头人）')
    """
    shares = _SHARE.findall(text)
    # Of several names in one field each keeps its own share beside it.
    share = shares[0] if len(shares) == 1 else ""
    alone = _BESIDE.sub("", text.replace(share, "") if share else text)
    match = _BEHIND.search(alone) or _BRACKETED.search(alone)
    if match is None or match.start() < 2 or _OTHER.search(match["label"]):
        return PricedName(alone, share=share)
    return PricedName(alone[: match.start()].rstrip(), match["label"], match["value"].strip(), share)
