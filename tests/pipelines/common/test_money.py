"""Sums for people are rounded alike in SQL and in Python, and sums are compared up to rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.common.money import agree, in_units, is_unit_slip


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


def amounts() -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=1000, max_value=10**10, places=2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2080926.19", "2080900", True),
        ("2080926.19", "2080926", True),
        ("5026", "5000", True),
        ("12345678", "12350000", True),
        ("1200000", "1195000", False),
        ("1200150", "1201350", False),
        ("2080926.19", "2080850", False),
    ],
)
def test_sums_agree_up_to_rounding(one: str, other: str, same: bool) -> None:
    assert agree(Decimal(one), Decimal(other)) is agree(Decimal(other), Decimal(one)) is same


@given(amounts())
def test_a_unit_slip_is_a_factor_of_10_000(yuan: Decimal) -> None:
    assert is_unit_slip(yuan, yuan * 10**4)
    assert is_unit_slip(yuan * 10**4, yuan)
    assert not is_unit_slip(yuan, yuan)
    assert not is_unit_slip(yuan, yuan * 10**3)
