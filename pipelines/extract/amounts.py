"""Money as notices write it: a sum, a rate, a unit price, or nothing that can be counted.

Forms and counter-forms are listed with examples in ``docs/reading.md``. A number alone is never a sum: it needs a
unit next to it, in its label or in its column head.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from pipelines.common.money import are_equal
from pipelines.lexicon import forms
from pipelines.model import AmountKind, PriceStatement

_NUMBER = r"\d{1,3}(?:[,，]\s?\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"  # 1,234,567.89 or 1234567.89
_UNITS = {
    "亿元": 10**8,
    "亿": 10**8,
    "百万元": 10**6,
    "万元": 10**4,
    "万圆": 10**4,
    "万": 10**4,
    "千元": 10**3,
    "元": 1,
    "圆": 1,
}
# 万美元 is no 万 of yuan.
_UNIT = r"亿元|百万元|万元|万圆|千元|元|圆|亿|万(?!美)"
# 265.9800000（万元） · 405000（元） · ￥960000.00 · 人民币386.864800 万元 · 332,200.00元 · 2200 万美元
_MONEY = re.compile(
    rf"(?P<mark>[￥¥]\s*)?(?P<number>{_NUMBER})\s*(?:[（(]\s*)?(?:人民币)?\s*(?P<unit>{_UNIT})?"
    rf"(?P<foreign>\s*[美欧日港英]\s*[元镑])?"
)
_CAPITAL_DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")} | {
    "〇": 0,
    "两": 2,
    "貳": 2,
    "叄": 3,
    "陸": 6,
    "弐": 2,
}
_CAPITAL_UNITS = {"拾": 10, "佰": 100, "仟": 1000, "十": 10, "百": 100, "千": 1000}
# 贰佰柒拾陆万壹仟陆佰伍拾元整, 肆拾贰万壹仟伍佰肆拾玖元叁角捌分
_CAPITAL = re.compile(
    r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿〇两貳叄陸十百千]{2,}\s*[元圆](?:[零壹贰叁肆伍陆柒捌玖整正]|[角分])*"
)
_PERCENT = re.compile(r"[%‰]|百分之")  # 36%, 百分之九十五
_RATE_WORDS = re.compile(forms.pattern("rate_in_price"))
_SUM_WORDS = re.compile(r"金额|报价|价格")
# A price that is computed later: 以概算总投资的2.65%计取, 收费标准的48.8%, 标准的 80%.
_FORMULA = re.compile(r"计取|收费标准|取费|计费基数|标准的\s*\d")
# A price for each, a month, a year is no sum, whatever its size.
_PER = re.compile(
    # 95.00元/延米, 513360.00 元每年; in a column head 元/% is a choice of units and 元/2 no unit
    r"元\s*[)）]?\s*(?:/|每|／)\s*[^\s%\d)）]"
    # 单价：47.00元; 1132（元/人）; 17.8168（万元/年）
    r"|单价|[（(]\s*元\s*/\s*[^%)）]{1,6}[)）]|万元\s*/\s*年"
    # 每平方米12元
    rf"|每{forms.pattern('counted_unit')}"
)
_PER_IN_LABEL = re.compile(r"单价|元\s*/\s*(?!%|万)[^\s)）]")  # 货物单价, 报价（元/人）
_SUM_OF_UNIT_PRICES = re.compile(forms.pattern("sum_of_unit_prices"))
_EACH_FOLLOWS = re.compile(r"\s*[)）]?\s*(?:[/／]|每)")  # 6400元 | /吨, 每吨
_CALLED_UNIT_PRICE = re.compile(r"单价(?:为|[:：])?\s*(?:人民币)?[￥¥]?\s*$")  # 含税单价为 | 6400元
_CALLED_TOTAL = re.compile(  # 总价为人民币 | 3905110元
    r"(?:总价|总金额|总报价|合计|总计|共计)(?:款)?(?:为|[:：])?\s*(?:人民币)?[￥¥]?\s*$"
)
# Strokes, dots and blanks; 未提供; 详见附件.
_BLANK = re.compile(
    rf"^(?:[/\\\-—_无*.、，。;；:：\s]*|{forms.pattern('no_amount')}|{forms.pattern('begins_no_amount')}.*)$"
)
_EX_TAX = re.compile(r"不含(?:增值)?税|未(?:含)?税|除税")  # 不含增值税, 未税, 除税
_WITH_TAX = re.compile(r"含(?:\d{1,2}%的?)?(?:增值)?税|价税合计")  # 含6%增值税, 价税合计
# Whether a sum holds tax is written before it or, in words of their own, after it: 100元（不含税）, 106元含税价.
_TAX_AFTER = re.compile(r"\s*(?:[（(]\s*)?((?:不|未)?含(?:增值)?税)(?:价|总价|金额)?\s*(?:[)）]|(?=[，,；;。\s]|$))")
# A tax rate is no rate of the price: 税率6%, 增值税税点为：13%.
_TAX_RATE = re.compile(r"(?:增值税)?税[率点]\s*(?:为|[:：])?\s*\d+(?:\.\d+)?\s*%")
# Two or more sums with names of their own and no total: 建安工程费：15337731.88元、设计费：690000.00元
_COMPONENT = re.compile(
    rf"([^\s\d，。；;、:：（()￥¥]{{2,12}}?)(?:投标)?(?:报价)?(?:为|[:：])?\s*[￥¥]?\s*({_NUMBER})\s*[（(]?(亿元|万元|元)"
)
_NAMES_TOTAL = re.compile(r"总|合计|共计|中标|成交|金额|小写")  # 投标总报价：100万元
# 中标金额（费率、单价等）: the form lists what may be filled in, not what was.
_CHOICES = re.compile(r"[（(][^（）()]*(?:、|或|等)[^（）()]*[)）]")
# 中标价（万元） · 报价：人民币元 · 投标报价（单位：元，含税）
_UNIT_IN_LABEL = re.compile(
    rf"[（(\\，,:：\s/]\s*(?:人民币|单位[:：]?|不?含税|小写|[￥¥])*[，,:：\s]*(?P<unit>{_UNIT})"
)
_LONE_NUMBER = re.compile(rf"\D{{0,14}}(?:{_NUMBER})\D{{0,14}}")
_PLAIN_NUMBER = re.compile(r"\s*[￥¥]?\s*(?P<digits>[\d,，]+)(?:\.\d+)?\s*")
# A number with as many digits is too large to be 万元 or a rate.
_DIGITS_OF_YUAN = 5
_SMALLEST = Decimal("0.01")
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
    return _UNITS[match["unit"]] if match else None


def capital_yuan(text: str) -> Decimal | None:
    """Return the value of capital numerals: 壹佰贰拾叁万肆仟元伍角整 is 1234000.50. None if they are no number.

    >>> capital_yuan("贰佰柒拾陆万壹仟陆佰伍拾元整")
    Decimal('2761650')
    """
    yuan, _, rest = re.sub(r"\s|人民币", "", text).replace("圆", "元").partition("元")
    total = section = digit = 0
    for character in yuan:
        if character in _CAPITAL_DIGITS:
            digit = _CAPITAL_DIGITS[character]
        elif character in _CAPITAL_UNITS:
            section += (digit or 1) * _CAPITAL_UNITS[character]
            digit = 0
        elif character == "万":
            total += (section + digit) * 10**4
            section = digit = 0
        elif character == "亿":
            total = (total + section + digit) * 10**8
            section = digit = 0
        else:
            return None
    value = Decimal(total + section + digit)
    for unit, factor in (("角", Decimal("0.1")), ("分", Decimal("0.01"))):
        match = re.search(rf"([壹贰叁肆伍陆柒捌玖]){unit}", rest)
        if match:
            value += _CAPITAL_DIGITS[match.group(1)] * factor
    return value if value > 0 else None


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
    priced = _TAX_RATE.sub("", value)
    money = _sum_of_money(priced, label)
    rate = bool(_PERCENT.search(priced)) or bool(_RATE_WORDS.search(priced))
    if _FORMULA.search(value) and _PERCENT.search(value):
        return Amount("rate", None, value, tax)
    if _SUM_OF_UNIT_PRICES.search(value + label):
        return Amount("unit_price", None, value, tax)
    if _per_unit(value, label):
        total = None if rate or _per_unit("", label) else _total_with_unit_price(priced)
        return Amount("unit_price", None, value, tax) if total is None else _total(total, value, tax)
    with_tax = _sum_with_tax(priced, label)
    if with_tax is not None:
        return _total(with_tax, value, True)
    if money is not None and not (rate and _has_rate_outside_brackets(priced)):
        return _beside_capitals(_total(money, value, tax))
    if rate:
        return Amount("rate", None, value, tax)
    number = re.search(_NUMBER, priced)
    if number is None:
        return Amount("undisclosed", None, value)
    bare = _decimal(number.group())
    if _RATE_WORDS.search(label) and not _SUM_WORDS.search(_RATE_WORDS.sub("", label)):
        return Amount("rate", None, value, tax)
    if re.search(r"[%％]", label) and bare is not None and bare <= 100:
        return Amount("rate", None, value, tax)
    unit = unit_in(label) or bare_unit
    if unit is None or bare is None or not _LONE_NUMBER.fullmatch(priced):
        return Amount("undisclosed", None, value)
    assumed = unit_in(label) is None and likely_unit(value) is not None
    return replace(_total(bare * unit, value, tax), unit_assumed=assumed)


def _total(yuan: Decimal, text: str, tax: bool | None) -> Amount:
    if yuan >= MAX_YUAN:
        return Amount("undisclosed", None, text)
    yuan = yuan.quantize(_SMALLEST)
    if yuan <= _LARGEST_FILLER:
        return Amount("undisclosed", None, text)
    return Amount("total", yuan, text, tax)


def _beside_capitals(amount: Amount) -> Amount:
    """Return the sum with what the field states in capitals. If the two differ, the capitals are the price.

    A sum of several parts, or several sums in capitals, are not compared.
    """
    text = amount.text or ""
    capitals = _CAPITAL.findall(text)
    yuan = capital_yuan(capitals[0]) if len(capitals) == 1 else None
    numbers = [match for match in _MONEY.finditer(text) if match["unit"] or match["mark"]]
    if yuan is None or amount.yuan is None or not numbers:
        return amount
    if are_equal(yuan, amount.yuan):
        return replace(amount, statements=(PriceStatement("capitals", yuan, capitals[0]),))
    if len(numbers) > 1:
        return amount
    digits = PriceStatement("digits", amount.yuan, numbers[0].group().strip())
    return replace(_total(yuan, text, amount.tax_included), statements=(digits,))


def _sum_of_money(value: str, label: str) -> Decimal | None:
    """Return the first sum with a unit or a currency mark. Components are added up if no total comes before them."""
    components = [(name, _decimal(number), _UNITS[unit]) for name, number, unit in _COMPONENT.findall(value)]
    leading = re.match(rf"[￥¥]?\s*({_NUMBER})\s*[（(]\D*\d", value)
    if leading and components:
        # 330845661.94（设计费7355880.00元、建安费323489781.94元）: the total comes first, without its unit.
        number = _decimal(leading.group(1))
        return number * (unit_in(label) or 1) if number is not None else None
    if len(components) > 1 and not any(_NAMES_TOTAL.search(name) for name, _, _ in components):
        first_sum = next(match for match in _MONEY.finditer(value) if match["unit"])
        if first_sum.start() >= value.find(components[0][0]):
            return sum((number * unit for _, number, unit in components if number), Decimal(0))
    for match in _MONEY.finditer(value):
        if match["foreign"]:
            return None
        number = _decimal(match["number"])
        if number is None:
            continue
        if match["unit"]:
            return number * _UNITS[match["unit"]]
        if match["mark"] and not _PERCENT.match(value[match.end() :].lstrip(" )）")):
            # The currency mark makes it a sum. Its unit may be in the label only: 总中标金额（万元）￥12.5
            return number * (unit_in(label) or 1)
    capital = _CAPITAL.search(value)
    return capital_yuan(capital.group()) if capital else None


def _sum_with_tax(value: str, label: str) -> Decimal | None:
    """Return the sum with tax if a field gives one with and one without: 不含税100万元，税率6%，含税106万元."""
    stated: dict[bool, Decimal] = {}
    end = 0
    for match in _MONEY.finditer(value):
        number = _decimal(match["number"])
        if number is None or match["foreign"] or not (match["unit"] or match["mark"]):
            continue
        after = _TAX_AFTER.match(value, match.end())
        tax = _tax(after.group(1) if after else value[end : match.start()])
        if tax is None and not stated:
            tax = _tax(label)
        if tax is not None:
            stated.setdefault(tax, number * (_UNITS[match["unit"]] if match["unit"] else unit_in(label) or 1))
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
    sums = [match for match in _MONEY.finditer(value) if match["unit"] and not match["foreign"]]
    totals = [
        match
        for match in sums
        if not _EACH_FOLLOWS.match(value, match.end()) and not _CALLED_UNIT_PRICE.search(value, 0, match.start())
    ]
    if len(totals) != 1 or not _CALLED_TOTAL.search(value, 0, totals[0].start()):
        return None
    number = _decimal(totals[0]["number"])
    return None if number is None else number * _UNITS[totals[0]["unit"]]


def likely_unit(cell: str) -> int | None:
    """Return 1 (元) for a cell with nothing but a number that is too large to be 万元 or a rate. Otherwise None.

    >>> likely_unit("￥960,000.00"), likely_unit("96.5"), likely_unit("960000元")
    (1, None, None)
    """
    match = _PLAIN_NUMBER.fullmatch(cell)
    return 1 if match and len(re.sub(r"\D", "", match["digits"])) >= _DIGITS_OF_YUAN else None


def plain_number(text: str) -> Decimal | None:
    """Return the number of a text that is nothing else: ￥120.00 is 120. None for every other text."""
    match = _PLAIN_NUMBER.fullmatch(text)
    return _decimal(re.sub(r"[^\d.]", "", text)) if match else None


def adds_tax_to(new: Amount, old: Amount) -> bool:
    """Return whether ``new`` is a sum with tax and ``old`` one without, so that ``new`` is the better price."""
    return new.kind == old.kind == "total" and new.tax_included is True and old.tax_included is False


def _tax(words: str) -> bool | None:
    if _EX_TAX.search(words):
        return False
    return True if _WITH_TAX.search(words) else None


def _decimal(number: str) -> Decimal | None:
    try:
        return Decimal(re.sub(r"[,，\s]", "", number))
    except InvalidOperation:
        return None
