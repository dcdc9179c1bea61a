"""Sums in the field of a price that are not the price: bounds and ranges, budgets and deposits, quotes that changed."""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.extract.sums import MONEY
from pipelines.lexicon import forms

# What may be between a word and its sum: ：, 为, 人民币, ￥, 约.
_TO_SUM = r"(?:为|是|在|达|约|的|[:：]|人民币|[￥¥]|\s)*$"
# 不超过 | 120万元, ≤120万元, 上限：120万元
_BOUND_BEFORE = re.compile(rf"(?:{forms.pattern('bound_before_sum')}|[≤≥<>＜＞≦≧]=?){_TO_SUM}")
# 120万元 | 以内, 120万元（封顶）
_BOUND_AFTER = re.compile(rf"\s*+(?:[（(]\s*+)?(?:元|圆)?{forms.pattern('bound_after_sum')}")
_TO = r"\s*(?:[-~～–—―－]++|至|到)\s*"
_RANGE_AFTER = re.compile(rf"{_TO}(?:人民币)?[￥¥]?\s*\d")  # 100万元 | -120万元
_RANGE_BEFORE = re.compile(rf"\d(?:万|万元|元)?{_TO}(?:人民币)?[￥¥]?\s*$")  # 100- | 120万元
_NEGATIVE = re.compile(r"(?:^|[\s:：（(])(?:[-－−–—]|负)\s*[￥¥]?$")  # -1200000元, 负120万元
_NOT_THE_PRICE = re.compile(rf"{forms.pattern('no_price_in_field')}[^，,；;。\n]{{0,12}}$")
_FIRST_QUOTE = re.compile(
    rf"{forms.pattern('first_quote')}(?:投标|磋商|谈判|响应|应答)?(?:报价|价格|价|金额)[^，,；;。\n]{{0,8}}$"
)
_CLAUSE = re.compile(r"[，,；;。、\n]")
_LONGEST_LABEL = 30


def without_other_sums(text: str) -> str:
    """Return the text of a field without the sums that are not its price, each with the words before it.

    A first quote is left out only beside another sum.

    >>> without_other_sums("预算金额：150万元，中标金额：120万元"), without_other_sums("不超过120万元")
    ('，中标金额：120万元', '')
    """
    sums = [match for match in MONEY.finditer(text) if match["unit"] or match["mark"]]
    spans: list[tuple[int, int]] = []
    first_quotes: list[tuple[int, int]] = []
    end = 0
    for match in sums:
        label = _own_label(text, end, match.start())
        span = match.start() - len(label), match.end()
        end = match.end()
        if _is_no_price(text, label, match):
            spans.append(span)
        elif _FIRST_QUOTE.search(label):
            first_quotes.append(span)
    if len(spans) + len(first_quotes) < len(sums):
        spans = sorted([*spans, *first_quotes])
    if not spans:
        return text
    cuts = [(0, 0), *spans, (len(text), len(text))]
    return "".join(text[one[1] : other[0]] for one, other in pairwise(cuts))


def _own_label(text: str, begin: int, end: int) -> str:
    """Return the words between the clause's beginning, or the sum before, and a sum."""
    return _CLAUSE.split(text[max(begin, end - _LONGEST_LABEL) : end])[-1]


def _is_no_price(text: str, label: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _LONGEST_LABEL) : match.start()]
    return bool(
        _BOUND_BEFORE.search(label)
        or _BOUND_AFTER.match(text, match.end())
        or _RANGE_AFTER.match(text, match.end())
        or _RANGE_BEFORE.search(before)
        or _NEGATIVE.search(before)
        or _NOT_THE_PRICE.search(label)
    )
