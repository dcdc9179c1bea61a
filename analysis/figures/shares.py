"""Shares in per cent, for figures that no view holds.

This is the macro ``share_pct`` of ``analysis/views/macros.sql`` in Python; a test holds them equal.
"""

from __future__ import annotations

import math
from decimal import Decimal

Number = Decimal | float | int


def share_pct(part: Number | None, total: Number | None) -> float | None:
    """Return ``part`` in per cent of ``total``, rounded half up to one place. None without a part or a total."""
    return None if part is None or not total else _one_place(float(100 * part) / float(total))


def _one_place(value: float) -> float:
    # Python's round takes 6.25 to 6.2; SQL's takes it to 6.3, away from zero.
    return math.copysign(math.floor(abs(value) * 10 + 0.5) / 10, value)
