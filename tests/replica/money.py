"""Writes sums of money in every notation that notices use. Input is always yuan as Decimal."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def fixed_decimals(yuan: Decimal, places: int = 2) -> str:
    """Write 1234567.8 as `1234567.80`."""
    return f"{yuan:.{places}f}"


def shortest_decimals(yuan: Decimal) -> str:
    """Write as few decimals as needed: `1234567`, `1234567.8`."""
    text = f"{yuan:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_commas(yuan: Decimal, places: int = 2) -> str:
    """Write 1234567.8 as `1,234,567.80`."""
    return f"{yuan:,.{places}f}"


def in_wan(yuan: Decimal, places: int = 7) -> str:
    """Write in 万元 with a fixed number of decimals: `265.9800000`."""
    return f"{yuan / 10000:.{places}f}"


def in_wan_shortest(yuan: Decimal) -> str:
    """Write in 万元 with as few decimals as needed, at most six."""
    text = f"{yuan / 10000:.6f}".rstrip("0")
    return text.rstrip(".")


def to_full_width(text: str) -> str:
    """Write `1,234.5` as `１，２３４．５`."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _group_in_capitals(value: int) -> str:
    out, gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            out += ("零" if gap and out else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return out


def in_capitals(yuan: Decimal) -> str:
    """Write in capital numerals: `壹佰贰拾叁万元整`, with 角 and 分 if there are any."""
    full_yuan = int(yuan)
    cents = int((yuan - full_yuan) * 100)
    groups: list[int] = []
    rest = full_yuan
    while rest:
        groups.append(rest % 10000)
        rest //= 10000
    out = ""
    for index in range(len(groups) - 1, -1, -1):
        value = groups[index]
        if not value:
            continue
        if out and (value < 1000 or groups[index + 1] == 0):
            out += "零"
        out += _group_in_capitals(value) + _GROUPS[index]
    out = (out or "零") + "元"
    if not cents:
        return out + "整"
    jiao, fen = divmod(cents, 10)
    out += (_DIGITS[jiao] + "角") if jiao else "零"
    return out + ((_DIGITS[fen] + "分") if fen else "整")
