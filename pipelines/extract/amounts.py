"""Money as notices write it: a sum, a rate, a unit price, or nothing that can be counted.

Forms and counter-forms are listed with examples in ``docs/reading.md``. A number alone is never a sum: it needs a
unit next to it, in its label or in its column head.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from pipelines.common.money import are_equal
from pipelines.extract.other_sums import without_other_sums
from pipelines.extract.sums import (
    CAPITAL,
    FOREIGN,
    MONEY,
    NUMBER,
    UNIT,
    UNITS,
    capital_yuan,
    decimal,
    sum_in_yuan,
    tidy_sums,
)
from pipelines.lexicon import forms
from pipelines.model import AmountKind, PriceStatement

_PERCENT = re.compile(r"[%‰]|百分之")  # 36%, 百分之九十五
_RATE_WORDS = re.compile(forms.pattern("rate_in_price"))
_SUM_WORDS = re.compile(r"金额|报价|价格")
# A price that is computed later: 以概算总投资的2.65%计取, 收费标准的48.8%, 标准的 80%.
_FORMULA = re.compile(r"计取|收费标准|取费|计费基数|标准的\s*\d")
# A price for each, a month, a year is no sum, whatever its size.
_PER = re.compile(
    # 95.00元/延米, 513360.00 元每年; in a column head 元/% is a choice of units and 元/2 no unit
    r"元\s*[)）]?\s*(?:/|每|／)\s*(?![二两三四五六七八九十]+个?[年月])[^\s%\d)）]"
    # 单价：47.00元; 1132（元/人）; 17.8168（万元/年）
    r"|单价|[（(]\s*元\s*/\s*(?![二两三四五六七八九十\d]+个?[年月])[^%)）]{1,6}[)）]|万元\s*/\s*年"
    # 每平方米12元
    rf"|每{forms.pattern('counted_unit')}"
)
_PER_IN_LABEL = re.compile(r"单价|元\s*/\s*(?!%|万)[^\s)）]")  # 货物单价, 报价（元/人）
_SUM_OF_UNIT_PRICES = re.compile(forms.pattern("sum_of_unit_prices"))
_EACH_FOLLOWS = re.compile(r"\s*+(?:[)）]\s*+)?(?:[/／]|每)")  # 6400元 | /吨, 每吨
_SUM_IN_BRACKETS = re.compile(rf"(?<=[元整])\s*[（(][^（）()]{{0,80}}?(?:{NUMBER})\s*(?:{UNIT})[^（）()]{{0,80}}[)）]")
_CALLED_UNIT_PRICE = re.compile(r"单价(?:为|[:：])?\s*(?:人民币)?[￥¥]?\s*$")  # 含税单价为 | 6400元
_CALLED_TOTAL = re.compile(  # 总价为人民币 | 3905110元, 三年共 | 360万元, 40万元/年×3年= | 120万元
    rf"(?:{forms.pattern('called_total')}(?:款|金额|价|费用)?(?:为|是|[:：])?|[=＝])\s*(?:人民币)?[￥¥]?\s*$"
)
_CALLED_WON = re.compile(  # 中标金额： | 120万元, 最终报价 | 120万元
    rf"(?:{forms.pattern('won')}|{forms.pattern('last_quote')})[\u4e00-\u9fff]{{0,6}}(?:为|是|[:：])?\s*(?:人民币)?[￥¥]?\s*$"
)
# Strokes, dots and blanks; 未提供; 详见附件.
_BLANK = re.compile(
    rf"^(?:[/\\\-—_无*.、，。;；:：\s]*|{forms.pattern('no_amount')}|{forms.pattern('begins_no_amount')}.*)$"
)
_EX_TAX = re.compile(r"不含(?:增值)?税|未(?:含)?税|除税")  # 不含增值税, 未税, 除税
_WITH_TAX = re.compile(r"含(?:\d{1,2}%的?)?(?:增值)?税|价税合计")  # 含6%增值税, 价税合计
# Whether a sum holds tax is written before it or, in words of their own, after it: 100元（不含税）, 106元含税价.
_TAX_AFTER = re.compile(r"\s*+(?:[（(]\s*+)?((?:不|未)?含(?:增值)?税)(?:价|总价|金额)?\s*(?:[)）]|(?=[，,；;。\s]|$))")
# A tax rate is no rate of the price: 税率6%, 增值税税点为：13%, 增值税6%, 6%增值税专票.
_TAX_RATE = re.compile(
    r"税(?:率|点|金|额)?\s*+(?:(?:为|按|[:：])\s*+)?\d++(?:\.\d++)?\s*+%|(?<!\d)\d++(?:\.\d++)?\s*+%\s*+的?(?:增值税|税)"
)
# A part of the price that is paid at another time, or what was saved: 履约保证金为合同金额的5%.
_OTHER_PERCENT = re.compile(
    rf"[，,；;。（(](?:(?![，,；;。（(]).){{0,30}}?{forms.pattern('other_percent')}[^，,；;。%]{{0,30}}\d++(?:\.\d++)?\s*%[^，,；;。]*+"
)
# 120万元 | 维护费率：3%
_OTHER_RATE = re.compile(rf"{forms.pattern('other_rate')}\s*(?:为|[:：])?\s*\d++(?:\.\d++)?\s*%")
# Two or more sums with names of their own and no total: 建安工程费：15337731.88元、设计费：690000.00元
_COMPONENT = re.compile(
    rf"([^\s\d，。；;、:：（()￥¥]{{2,12}}?)(?:投标)?(?:报价)?(?:为|[:：])?\s*[￥¥]?\s*({NUMBER})\s*[（(]?(亿元|万元|元)"
)
# 投标总报价：100万元, 报价：100万元
_NAMES_TOTAL = re.compile(
    r"总|合计|共计|中标|成交|金额|小写|^(?:投标|应答|响应|磋商|谈判|最[终后]|本次)*(?:报?价格?)?$"
)
# 120万元 | （其中设备费40万元）: parts of the sum before them.
_PARTS_OF_SUM = re.compile(
    r"(?<=[元圆万亿整)）])\s*[（(]\s*(?:其中|内含|包含|包括|含)(?!税)[^（）()]{0,200}[)）]"
    r"|(?<=[元圆万亿整)）])[，,；;。\s]{1,3}其中[^。\n]{0,200}"
)
# 1000000元（三年） | ，平均每年333333.33元: what the total before it comes to for each.
_MEAN_AFTER_TOTAL = re.compile(
    r"(?<=[元整)）])\s*[，,；;（(]\s*(?:平均|折合|相当于|均价|即)(?:[^，,；;。\n]|(?<=\d)[,，](?=\d{3})){0,40}[。；;]?$"
)
# 中标金额（费率、单价等）: the form lists what may be filled in, not what was.
_CHOICES = re.compile(r"[（(][^（）()]*(?:、|或|等)[^（）()]*[)）]")
# 中标价（万元） · 报价：人民币元 · 投标报价（单位：元，含税）
_UNIT_IN_LABEL = re.compile(
    rf"[（(\\，,:：\s/]\s{{0,9}}+(?:人民币|单位[:：]?|不?含税|小写|[￥¥])*+[，,:：\s]{{0,9}}+(?P<unit>{UNIT})"
)
_LONE_NUMBER = re.compile(rf"\D{{0,14}}(?:{NUMBER})\D{{0,14}}")
_PLAIN_NUMBER = re.compile(r"\s*+(?:[￥¥]\s*+)?(?P<digits>[\d,，]++)(?:\.\d++)?\s*+")
# 1060000.00 | （含6%增值税）
_TAX_REMARK = re.compile(r"[（(][^（）()\d]{0,12}(?:\d{1,2}(?:\.\d+)?%)?[^（）()\d]{0,12}[)）]\s*$")
# Nothing but one sum: 265.98（万元）, ￥960000.00
_PLAIN_SUM = re.compile(rf"[￥¥]?\s*+(?:{NUMBER})\s*+(?:[（(]\s*+)?(?:{UNIT})?\s*+[)）]?")
# A number with as many digits is too large to be 万元 or a rate.
_DIGITS_OF_YUAN = 5
_SMALLEST = Decimal("0.01")
_LONGEST_NAME_OF_SUM = 30
# A longer text is no field of a price.
_LONGEST_FIELD = 2_000
# One yuan and less is what forms print if the price is elsewhere.
_LARGEST_FILLER = Decimal(1)
MAX_YUAN = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class Amount:
    """What one field says about a price. ``yuan`` is set only for a ``total``. ``text`` is what was read.

    ``unit_assumed``: no unit is written, the size of the number made it yuan. ``statements``: the field states the
    price again, in capitals or in digits.
    """

    kind: AmountKind
    yuan: Decimal | None = None
    text: str | None = None
    tax_included: bool | None = None
    unit_assumed: bool = False
    statements: tuple[PriceStatement, ...] = ()


NOTHING = Amount("undisclosed")


def unit_in(label: str) -> int | None:
    """Return the unit that a label or column head gives its numbers: 1 for 元, 10,000 for 万元. None if it gives none.

    >>> unit_in("中标价（万元）"), unit_in("投标报价(元/%)"), unit_in("中标金额")
    (10000, 1, None)
    """
    match = _UNIT_IN_LABEL.search(label)
    return UNITS[match["unit"]] if match else None


def read_amount(text: str, label: str = "", *, bare_unit: int | None = None) -> Amount:
    """Return what one amount field or cell says. ``label`` is the field's name or the column head.

    ``bare_unit`` is the unit of a number that has none next to it or in its label. With None such a number is no sum.
    """
    value = text.strip()
    if not value:
        return NOTHING
    if _BLANK.match(value):
        return Amount("undisclosed", None, value)
    label = _CHOICES.sub("", label)
    tax = _tax(value + label)
    if FOREIGN.search(label) and unit_in(label) is None:
        return Amount("undisclosed", None, value)
    return _read_field(value[:_LONGEST_FIELD], label, bare_unit, tax)


# The same cell occurs in many rows of a long table, and the same field behind each label of an endless line.
@lru_cache(maxsize=1024)
def _read_field(value: str, label: str, bare_unit: int | None, tax: bool | None) -> Amount:
    """Return what a field that is not blank says."""
    value = _without_mean(value)
    tidy = value if _PLAIN_SUM.fullmatch(value) else tidy_sums(value)
    priced = _TAX_RATE.sub("", tidy)
    if "%" in priced:
        priced = _OTHER_PERCENT.sub("", _OTHER_RATE.sub("", priced))
    is_plain = _PLAIN_SUM.fullmatch(priced) is not None
    stated = priced if is_plain else without_other_sums(priced)
    if stated != priced and not re.search(r"[\d%]|百分之", stated) and not CAPITAL.search(stated):
        return Amount("undisclosed", None, value)
    priced = stated
    money = _sum_of_money(priced, label)
    rate = bool(_PERCENT.search(priced)) or bool(_RATE_WORDS.search(priced))
    if _FORMULA.search(value) and _PERCENT.search(value):
        return Amount("rate", None, value, tax)
    if _SUM_OF_UNIT_PRICES.search(value + label):
        return Amount("unit_price", None, value, tax)
    if _per_unit(value, label):
        # A total beside 1200元/套 is one under the label 单价 too: 中标金额：单价：1200元/套，合计2400元.
        is_in_value = _per_unit(value, "") or not _per_unit("", label)
        total = _total_with_unit_price(priced) if is_in_value and not rate else None
        if total is None and is_in_value and not rate:
            total = _sum_explained_in_brackets(priced)
        return Amount("unit_price", None, value, tax) if total is None else _total(total, value, tax)
    with_tax = _sum_with_tax(priced, label)
    if with_tax is not None:
        return _total(with_tax, value, True)
    if money is not None and not (rate and _has_rate_outside_brackets(priced)):
        return _beside_capitals(_total(money, value, tax), priced)
    if rate:
        return Amount("rate", None, value, tax)
    if FOREIGN.search(priced):
        return Amount("undisclosed", None, value)
    number = re.search(NUMBER, priced)
    if number is None:
        return Amount("undisclosed", None, value)
    bare = decimal(number.group())
    if _RATE_WORDS.search(label) and not _SUM_WORDS.search(_RATE_WORDS.sub("", label)):
        return Amount("rate", None, value, tax)
    if re.search(r"[%％]", label) and bare is not None and bare <= 100:
        return Amount("rate", None, value, tax)
    unit = unit_in(label) or bare_unit
    if unit is None or bare is None or not _LONE_NUMBER.fullmatch(priced):
        return Amount("undisclosed", None, value)
    assumed = unit_in(label) is None and likely_unit(value) is not None
    return replace(_total(bare * unit, value, tax), unit_assumed=assumed)


def _without_mean(value: str) -> str:
    """Return a field without what its total comes to for each year or item at its end."""
    mean = _MEAN_AFTER_TOTAL.search(value)
    if mean is None or not _per_unit(mean.group(), "") or _per_unit(value[: mean.start()], ""):
        return value
    return value[: mean.start()]


def _total(yuan: Decimal, text: str, tax: bool | None) -> Amount:
    if yuan >= MAX_YUAN:
        return Amount("undisclosed", None, text)
    yuan = yuan.quantize(_SMALLEST)
    if yuan <= _LARGEST_FILLER:
        return Amount("undisclosed", None, text)
    return Amount("total", yuan, text, tax)


def _beside_capitals(amount: Amount, text: str) -> Amount:
    """Return the sum with what the field states in capitals. If the two differ, the capitals are the price.

    A sum of several parts, or several sums in capitals, are not compared.
    """
    capitals = CAPITAL.findall(text)
    yuan = capital_yuan(capitals[0]) if len(capitals) == 1 else None
    numbers = [match for match in MONEY.finditer(text) if match["unit"] or match["mark"]]
    if yuan is None or amount.yuan is None or not numbers:
        return amount
    if are_equal(yuan, amount.yuan):
        return replace(amount, statements=(PriceStatement("capitals", yuan, capitals[0]),))
    if len(numbers) > 1:
        return amount
    digits = PriceStatement("digits", amount.yuan, numbers[0].group().strip())
    return replace(_total(yuan, amount.text or text, amount.tax_included), statements=(digits,))


def _sum_of_money(value: str, label: str) -> Decimal | None:
    """Return the sum that is called the total or the price, else the first one with a unit or a currency mark.

    Components are added up if no total comes before them.
    """
    named = _named_sum(value, label)
    if named is not None:
        return named
    value = _PARTS_OF_SUM.sub("", value)
    components = [(name, decimal(number), UNITS[unit]) for name, number, unit in _COMPONENT.findall(value)]
    leading = re.match(rf"[￥¥]?\s*({NUMBER})\s*[（(]\D*\d", value)
    if leading and components:
        # 330845661.94（设计费7355880.00元、建安费323489781.94元）: the total comes first, without its unit.
        number = decimal(leading.group(1))
        return number * (unit_in(label) or 1) if number is not None else None
    if len(components) > 1 and not any(_NAMES_TOTAL.search(name) for name, _, _ in components):
        first_sum = next(match for match in MONEY.finditer(value) if match["unit"])
        if first_sum.start() >= value.find(components[0][0]):
            return sum((number * unit for _, number, unit in components if number), Decimal(0))
    for match in MONEY.finditer(value):
        yuan = sum_in_yuan(match, unit_in(label))
        if yuan is not None and (match["unit"] or not _PERCENT.match(value[match.end() :].lstrip(" )）"))):
            return yuan
    capital = CAPITAL.search(value)
    return capital_yuan(capital.group()) if capital else None


def _named_sum(value: str, label: str) -> Decimal | None:
    """Return the only one of several sums that is called the total, else the only one that is called the price."""
    sums = [
        (match, yuan) for match in MONEY.finditer(value) if (yuan := sum_in_yuan(match, unit_in(label))) is not None
    ]
    if len(sums) < 2:
        return None
    for called in (_CALLED_TOTAL, _CALLED_WON):
        named = [yuan for match, yuan in sums if called.search(value, *_words_before(match))]
        if len(named) == 1:
            return named[0]
    return None


def _sum_with_tax(value: str, label: str) -> Decimal | None:
    """Return the sum with tax if a field gives one with and one without: 不含税100万元，税率6%，含税106万元."""
    stated: dict[bool, Decimal] = {}
    end = 0
    for match in MONEY.finditer(value):
        number = decimal(match["number"])
        if number is None or match["foreign"] or not (match["unit"] or match["mark"] or unit_in(label)):
            continue
        after = _TAX_AFTER.match(value, match.end())
        tax = _tax(after.group(1) if after else value[end : match.start()])
        if tax is None and not stated:
            tax = _tax(label)
        if tax is not None:
            stated.setdefault(tax, number * (UNITS[match["unit"]] if match["unit"] else unit_in(label) or 1))
        end = after.end() if after else match.end()
    return stated[True] if len(stated) == 2 else None


def _has_rate_outside_brackets(value: str) -> bool:
    """Return whether a rate is next to the sum, which then is only a part: 设计费336000元，建安费下浮率3.5%."""
    outside = re.sub(r"[（(][^（）()]*[)）]", "", value)
    return bool(_PERCENT.search(outside) or re.search(r"下浮|折扣率", outside))


def _per_unit(value: str, label: str) -> bool:
    return bool(_PER_IN_LABEL.search(label) or _PER.search(re.sub(r"元\s*/\s*%", "元", value)))


def _total_with_unit_price(value: str) -> Decimal | None:
    """Return the only sum that is no unit price, if it is called the total: 单价为6400元/吨，总价为3905110元."""
    sums = [match for match in MONEY.finditer(value) if match["unit"] and not match["foreign"]]
    totals = [
        match
        for match in sums
        if not _EACH_FOLLOWS.match(value, match.end()) and not _CALLED_UNIT_PRICE.search(value, *_words_before(match))
    ]
    totals = [match for match in totals if _CALLED_TOTAL.search(value, *_words_before(match))]
    if len(totals) != 1:
        return None
    number = decimal(totals[0]["number"])
    return None if number is None else number * UNITS[totals[0]["unit"]]


def _sum_explained_in_brackets(value: str) -> Decimal | None:
    """Return the sum before a bracket that has the unit price: 1200000元（两年，每年600000元）."""
    bracket = _SUM_IN_BRACKETS.search(value)
    if bracket is None or _per_unit(value[: bracket.start()] + value[bracket.end() :], ""):
        return None
    sums = [match for match in MONEY.finditer(value[: bracket.start()]) if match["unit"] and not match["foreign"]]
    number = decimal(sums[0]["number"]) if len(sums) == 1 else None
    return None if number is None else number * UNITS[sums[0]["unit"]]


def _words_before(match: re.Match[str]) -> tuple[int, int]:
    """Return where the words that name a sum are."""
    return max(0, match.start() - _LONGEST_NAME_OF_SUM), match.start()


def likely_unit(cell: str) -> int | None:
    """Return 1 (元) for a cell with nothing but a number that is too large to be 万元 or a rate. Otherwise None.

    A remark about tax may follow in brackets.

    >>> likely_unit("￥960,000.00"), likely_unit("960000（含税）"), likely_unit("96.5"), likely_unit("960000元")
    (1, 1, None, None)
    """
    remark = _TAX_REMARK.search(cell) if "税" in cell else None
    match = _PLAIN_NUMBER.fullmatch(cell[: remark.start()] if remark and "税" in remark.group() else cell)
    return 1 if match and len(re.sub(r"\D", "", match["digits"])) >= _DIGITS_OF_YUAN else None


def plain_number(text: str) -> Decimal | None:
    """Return the number of a text that is nothing else: ￥120.00 is 120. None for every other text."""
    match = _PLAIN_NUMBER.fullmatch(text)
    return decimal(re.sub(r"[^\d.]", "", text)) if match else None


def adds_tax_to(new: Amount, old: Amount) -> bool:
    """Return whether ``new`` is a sum with tax and ``old`` one without, so that ``new`` is the better price."""
    return new.kind == old.kind == "total" and new.tax_included is True and old.tax_included is False


def _tax(words: str) -> bool | None:
    if _EX_TAX.search(words):
        return False
    return True if _WITH_TAX.search(words) else None
