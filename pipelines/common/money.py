"""Sums of money for people, rounded half up.

The macro ``yi`` of ``analysis/views/macros.sql`` does the same in SQL; a test holds them equal.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

YI = 10**8


def in_units(yuan: Decimal | str, unit: int = YI, places: int = 2) -> Decimal:
    """Return an amount of yuan in units of ``unit`` yuan (亿 by default), to ``places`` decimals: 667500000 is 6.68."""
    return (Decimal(yuan) / unit).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
