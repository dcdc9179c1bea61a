"""A supplier with its price and its share in one field: ``A公司，应答报价5,034,094.17元（不含税），份额70%``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipelines.lexicon import forms

# 应答报价, 投标总价（元）, 中标（成交）金额
_LABEL = (
    rf"(?P<label>[\u4e00-\u9fff]{{0,8}}(?:{forms.pattern('or_awarded')})?{forms.pattern('price_word_after_name')}"
    r"(?:[（(][^（）()\n]{1,12}[)）])?)"
)
# 应答报价5,034,094.17元（不含税）; 投标总价（元）为：人民币￥100000
_PRICE = rf"{_LABEL}\s*+(?:[为是]\s*+)?(?:[:：]\s*+)?(?P<value>(?:人民币)?\s*+(?:[￥¥]\s*+)?\d[^\n]*?)"
_PRICE_AFTER = re.compile(
    rf"(?:[，,；;、]\s*+|(?<!\s)\s++|(?<=[司所院厂心店部])[:：]\s*+){_PRICE}[。；;]?$"
)  # A公司，投标报价：100万元
# A公司，中标价：人民币壹佰万元整; A公司，成交金额：价格系数0.95
_WORDS_AFTER = re.compile(rf"(?:[，,；;、]\s*+|(?<!\s)\s++){_LABEL}\s*+[:：]\s*+(?P<value>[^\n]+?)[。；;]?$")
_PRICE_IN_BRACKETS = re.compile(rf"(?<!\s)\s*+[（(]\s*+{_PRICE}\s*[)）][。；;]?$")  # A公司（投标报价：100万元）
# A公司（1000000.00元）, A公司，￥1000000.00, A公司/120万元: a sum without words
_SUM_AFTER = re.compile(
    r"(?P<label>)(?:(?<!\s)\s*+(?:[（(]\s*+|(?<=\s))|(?<!\d)[，,；;、/／]\s*+)"
    r"(?P<value>(?:人民币)?\s*+(?:[￥¥]\s*+\d[\d,，.]*+(?:亿元|万元|元)?|\d[\d,，.]*+\s*+(?:亿元|万元|元))整?)\s*+[)）]?[。；;]?$"
)
_PRICES = (_PRICE_AFTER, _PRICE_IN_BRACKETS, _WORDS_AFTER, _SUM_AFTER)
# A公司，中标份额：70%; A公司（拟中标份额约 33.3%）
_SHARE = re.compile(
    r"(?:[，,；;、]\s*+|(?<!\s)\s++|[（(]\s*+)(?:拟?中[标选]|成交)?(?:份额|占比)(?:比例)?\s*+(?:(?:为|[:：])\s*+)?(?:约)?"
    r"\d{1,3}(?:\.\d+)?\s*%\s*[)）]?"
)
# What may be between the name and the price: ，地址：某市某路8号，项目经理：张某，工期：30天.
_OTHER_FIELD = re.compile(
    r"[，,；;]\s*(?:[\u4e00-\u9fff]{0,6}地址|[\u4e00-\u9fff]{0,6}代码|联系[\u4e00-\u9fff]{1,3}"
    rf"|{forms.pattern('label_after_name')}(?:/[^\s:：，,/]{{1,8}}){{0,3}})\s*[:：][^，,；;]*"
)
_NO_PRICE = re.compile(forms.pattern("no_price_label"))


class PricedName(NamedTuple):
    """A supplier field in its parts. ``label`` and ``value`` are empty if it has no price, ``share`` if it has none."""

    name: str
    label: str = ""
    value: str = ""
    share: str = ""


@lru_cache(maxsize=8192)
def split_priced_name(text: str) -> PricedName:
    """Return the supplier, and the price and the share that follow it in the same field.

    >>> split_priced_name("甲软件有限公司，应答报价5,034,094.17元（不含税）")
    PricedName(name='甲软件有限公司', label='应答报价', value='5,034,094.17元（不含税）', share='')
    >>> split_priced_name("甲软件有限公司（投标报价：100万元）").value
    '100万元'
    >>> split_priced_name("甲软件有限公司（100万元）").value
    '100万元'
    >>> split_priced_name("甲软件有限公司，成交金额：价格系数0.95").value
    '价格系数0.95'
    >>> split_priced_name("甲软件有限公司（牵头人）").name
    '甲软件有限公司（牵头人）'
    """
    shares = _SHARE.findall(text)
    # If a field has several names, each keeps its own share next to it.
    share = shares[0] if len(shares) == 1 else ""
    rest = _OTHER_FIELD.sub("", text.replace(share, "") if share else text)
    match = next(filter(None, (price.search(rest) for price in _PRICES)), None)
    if match is None or match.start() < 2 or _NO_PRICE.search(match["label"]):
        return PricedName(rest, share=share)
    return PricedName(rest[: match.start()].rstrip(), match["label"], match["value"].strip(), share)
