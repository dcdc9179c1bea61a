"""Sums of money: written for people, and compared with each other.

The macro ``yi`` of ``analysis/views/macros.sql`` rounds as ``in_units`` does; a test holds them equal.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

YI = 10**8
WAN = 10**4
# What a sum is multiplied by if 万元 is written for 元.
UNIT_SLIP = 10**4

_EXACT = Decimal(1)
# Notices write 万元 with two decimals, so a sum may lack its last 100 yuan.
_ROUNDED_TO = Decimal(100)
_ROUNDED_PART = Decimal("0.001")


def in_units(yuan: Decimal | str, unit: int = YI, places: int = 2) -> Decimal:
    """Return an amount of yuan in units of ``unit`` yuan (亿 by default), to ``places`` decimals: 667500000 is 6.68."""
    return (Decimal(yuan) / unit).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def are_equal(one: Decimal, other: Decimal) -> bool:
    """Return whether two exact sums are the same, up to one yuan."""
    return abs(one - other) <= _EXACT


def agree(one: Decimal, other: Decimal) -> bool:
    """Return whether two sums differ by rounding at most: one of them is the other one with fewer digits.

    >>> agree(Decimal("2080926.19"), Decimal(2080900)), agree(Decimal(1200000), Decimal(1195000))
    (True, False)
    """
    difference = abs(one - other)
    if difference <= _EXACT:
        return True
    step = max(_last_digit(one), _last_digit(other))
    return difference < step and (difference < _ROUNDED_TO or difference <= _ROUNDED_PART * max(one, other))


def is_unit_slip(one: Decimal, other: Decimal) -> bool:
    """Return whether one sum is 10^4 times the other: 万元 was written for 元, or 元 for 万元."""
    return agree(one * UNIT_SLIP, other) or agree(one, other * UNIT_SLIP)


def _last_digit(yuan: Decimal) -> Decimal:
    """Return the value of the last digit that is not 0: 100 for 2080900."""
    exponent = yuan.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else _EXACT
