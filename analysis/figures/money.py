"""Sums of money for people: rounded half up, as SQL's ``round`` does and as one learns at school."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

YI = 10**8


def in_units(yuan: Decimal | str, unit: int = YI, places: int = 2) -> Decimal:
    """An amount in yuan in ``unit`` yuan (亿 unless told), to ``places`` decimals: 667500000 is 6.68."""
    return (Decimal(yuan) / unit).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
