"""Sums of money as a text writes them: numbers with units, scales and currency marks, and capital numerals.

All expressions take time linear in the text.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

# 1,234,567.89 or 1234567.89; also 1200,000. Atomic: a condition after a number never cuts the number short.
NUMBER = r"(?<!\d)(?>\d++(?:[,，]\s?\d{3})++(?:\.\d++)?|\d++(?:\.\d++)?)"
UNITS = {
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
UNIT = r"亿元|百万元|万元|万圆|千元|元|圆|亿|万(?!\s?[美欧日港英])"
# 美元：120, HK$120, 120万美金, 3万元欧元
FOREIGN = re.compile(r"美元|美金|欧元|港币|港元|港纸|日元|日币|英镑|USD|EUR|HKD|GBP|JPY|[$€£]", re.IGNORECASE)
# 265.9800000（万元） · 405000（元） · ￥960000.00 · 人民币386.864800 万元 · 332,200.00元 · 小写：120000.00
MONEY = re.compile(
    r"(?P<other>(?:美元|美金|欧元|港[币元]|日元|英镑|USD|EUR|HKD|GBP|US\$|HK\$|[$€£])\s*[:：]?\s*)?"
    r"(?P<mark>(?:[￥¥]|(?i:RMB|CNY)|(?P<words>人民币|小写))\s*[:：]?\s*(?:人民币)?\s*[￥¥]?\s*)?"
    rf"(?P<number>{NUMBER})\s*(?:[（(]\s*)?(?:人民币)?\s*(?P<unit>{UNIT})?"
    r"(?P<foreign>\s*(?:[美欧日港英]\s*[元镑金币]))?"
)
# After 人民币 and 小写 a number without a unit is yuan only if it is as long as sums are.
_DIGITS_OF_YUAN = 5

_SCALES = {
    "千亿": 10**11,
    "百亿": 10**10,
    "十亿": 10**9,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 10**2,
}
_SCALE = "[千百十]?亿|[千百十]?万|千|百"
# 1亿2000万元, 2千万元, 3万5千元, 12万3456元
_SCALED = re.compile(
    rf"(?P<terms>(?:(?:{NUMBER})\s?(?:{_SCALE})\s?零?)++(?:(?<!\s)(?:{NUMBER})(?=\s?[元圆块]))?)\s?(?P<yuan>[元圆块])?"
    r"(?!\s?[美欧日港英][元镑金币])"
)
_TERM = re.compile(rf"(?P<number>{NUMBER})\s?(?P<scale>{_SCALE})?")
# 123456元1角1分, 88元5分
_JIAO_FEN = re.compile(rf"(?P<number>{NUMBER})\s?[元圆块]零?(?:(?P<jiao>\d)角)?零?(?:(?P<fen>\d)分)?")
_MIDDLE_DOT = re.compile(r"(?<=\d)[·‧•∙](?=\d)")  # 1200000·00元
_STOP_AS_POINT = re.compile(r"(?<=\d)。(?=\d{2}\s?[元万])")  # 1200000。00元
_POINT_WITHOUT_DECIMALS = re.compile(r"(?<=\d)\.(?=\s*(?:[元圆万亿（(]|$))")  # 1200000.元
_GROUPS = re.compile(r"(?<![\d.])\d{1,3}(?:(?:['’]\d{3})++|(?: \d{3}){2,})(?![\d'’])")  # 1'200'000, 1 200 000
_SPACED_SEPARATOR = re.compile(r"(?<=\d)\s++(?=[,，]\d{3}(?!\d))")  # 1,200 ,000.00元
_UNIT_BEFORE = re.compile(  # 人民币（元）：1200000.00, （含税，元）：1200000.00
    rf"(?:人民币|大写|小写|(?<!\s))\s*+[（(]\s*+(?:(?:人民币|单位[:：]?|不?含税)[，,、]?)?\s*(?P<unit>{UNIT})(?:[，,、]不?含税)?\s*[)）]\s*[:：]?\s*[￥¥]?\s*(?P<number>{NUMBER})"
    r"(?!\s*[（(]?\s*[元圆万亿千百])"
)
_MARK_AFTER = re.compile(
    rf"(?P<number>{NUMBER})\s*[（(]?\s*(?:RMB|CNY)\s*[)）]?(?!\s*[\d￥¥])", re.IGNORECASE
)  # 1200000 (RMB)
_SPACED_DIGITS = re.compile(r"(?<![\d.])\d(?: [\d.,]){3,}+(?! ?\d)")  # 1 2 0 0 0 0 元

# Traditional forms, which a simplified text may contain.
_SIMPLIFIED = str.maketrans("萬億圓", "万亿圆")
_CAPITAL_DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")} | {
    **{digit: value for value, digit in enumerate("〇一二三四五六七八九")},
    "两": 2,
    "貳": 2,
    "叄": 3,
    "陸": 6,
    "弐": 2,
}
_CAPITAL_UNITS = {"拾": 10, "佰": 100, "仟": 1000, "十": 10, "百": 100, "千": 1000}
_CAPITALS = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿萬億〇两貳叄陸十百千一二三四五六七八九"
# 贰佰柒拾陆万壹仟陆佰伍拾元整, 肆拾贰万壹仟伍佰肆拾玖元叁角捌分, 三百二十万元, 壹佰贰拾万整
CAPITAL = re.compile(
    rf"(?<![\d{_CAPITALS}])[{_CAPITALS}]{{2,}}+\s*(?:[元圆圓](?:[{_CAPITALS}整正]|[角分])*|(?=[整正]))"
)
_SPACED_CAPITALS = re.compile(rf"(?<=[{_CAPITALS}元圆角]) (?=[{_CAPITALS}元圆角分整正])")


def tidy_sums(text: str) -> str:
    """Return a text in which sums are written in one way: separators as they should be, one number before 元.

    >>> tidy_sums("1亿2000万元"), tidy_sums("2千万元"), tidy_sums("88元1角5分"), tidy_sums("1200000·00元")
    ('120000000元', '20000000元', '88.15元', '1200000.00元')
    """
    if "·" in text or "•" in text or "。" in text or "‧" in text or "∙" in text:
        text = _STOP_AS_POINT.sub(".", _MIDDLE_DOT.sub(".", text))
    text = _POINT_WITHOUT_DECIMALS.sub("", text.translate(_SIMPLIFIED))
    if "（" in text or "(" in text:
        text = _UNIT_BEFORE.sub(r"\g<number>\g<unit>", text)
    if "R" in text or "C" in text:
        text = _MARK_AFTER.sub(r"\g<number>元", text)
    if " " in text or "'" in text or "’" in text:
        text = _SPACED_DIGITS.sub(lambda match: match.group().replace(" ", ""), text)
        text = _SPACED_SEPARATOR.sub("", text)
        text = _GROUPS.sub(lambda match: re.sub(r"['’ ]", "", match.group()), text)
        text = _SPACED_CAPITALS.sub("", text)
    if any(scale in text for scale in "千百十万亿"):
        text = _SCALED.sub(_in_yuan, text)
    if "角" in text or "分" in text:
        text = _JIAO_FEN.sub(_with_decimals, text)
    return text


def _in_yuan(match: re.Match[str]) -> str:
    """Return 1亿2千3百万 in yuan. What is no number, as 100万200万, or needs no change is returned as it is."""
    total, section, last = Decimal(0), Decimal(0), 0
    large = 10**12
    terms = [(decimal(term["number"]) or Decimal(0), term["scale"] or "") for term in _TERM.finditer(match["terms"])]
    for number, scale in terms:
        value = _SCALES[scale] if scale else 1
        part = next((10**power for power, word in ((8, "亿"), (4, "万")) if scale.endswith(word)), 0)
        own = value // part if part else value
        if part >= large or (last and own >= last):
            return match.group()
        section += number * own
        last = own
        if part:
            total, section, large, last = total + section * part, Decimal(0), part, 0
    is_usual = len(terms) == 1 and terms[0][1] in ("万", "亿")
    needs_yuan = not terms[-1][1].endswith(("万", "亿")) and not match["yuan"]
    return match.group() if is_usual or needs_yuan else f"{(total + section).normalize():f}元"


def _with_decimals(match: re.Match[str]) -> str:
    if not match["jiao"] and not match["fen"]:
        return match.group()
    return f"{match['number']}.{match['jiao'] or 0}{match['fen'] or 0}元"


def sum_in_yuan(match: re.Match[str], unit_of_label: int | None) -> Decimal | None:
    """Return the sum of a match of :data:`MONEY`, None if it is a number without unit and mark, or other money.

    After a currency mark the unit may be in the label: 总中标金额（万元）￥12.5. Without one it is yuan.
    """
    number = decimal(match["number"])
    if number is None or match["foreign"] or match["other"]:
        return None
    if match["unit"]:
        return number * UNITS[match["unit"]]
    if not match["mark"]:
        return None
    is_long = number >= 10 ** (_DIGITS_OF_YUAN - 1)
    if unit_of_label is None and match["words"] and not is_long and not re.search("[￥¥]", match["mark"]):
        return None
    return number * (unit_of_label or 1)


def capital_yuan(text: str) -> Decimal | None:
    """Return the value of capital numerals: 壹佰贰拾叁万肆仟元伍角整 is 1234000.50. None if they are no number.

    >>> capital_yuan("贰佰柒拾陆万壹仟陆佰伍拾元整"), capital_yuan("三百二十万元")
    (Decimal('2761650'), Decimal('3200000'))
    """
    yuan, _, rest = re.sub(r"\s|人民币", "", text).translate(_SIMPLIFIED).replace("圆", "元").partition("元")
    total = section = digit = 0
    for character in yuan.rstrip("整正"):
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
        match = re.search(rf"([壹贰叁肆伍陆柒捌玖一二三四五六七八九]){unit}", rest)
        if match:
            value += _CAPITAL_DIGITS[match.group(1)] * factor
    return value if value > 0 else None


def decimal(number: str) -> Decimal | None:
    """Return a written number without its separators."""
    try:
        return Decimal(re.sub(r"[,，\s]", "", number))
    except InvalidOperation:
        return None
