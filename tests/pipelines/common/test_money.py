"""Sums for people are rounded alike in SQL and in Python."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.common.money import in_units


@pytest.mark.parametrize(
    ("yuan", "yi"),
    [
        ("667500000.00", "6.68"),
        ("666500000", "6.67"),
        ("100500000", "1.01"),
        ("1335000000.00", "13.35"),
        ("499999.99", "0.00"),
        ("500000", "0.01"),
    ],
)
def test_a_tie_is_rounded_up(yuan: str, yi: str) -> None:
    assert in_units(yuan) == Decimal(yi)


def test_millions_have_one_decimal() -> None:
    assert in_units("667550000", 10**6, 1) == Decimal("667.6")
