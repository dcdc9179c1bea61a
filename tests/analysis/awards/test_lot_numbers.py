"""Numbers of lots (ZB-2025-22-01) beside each other and beside the number of their project."""

from __future__ import annotations

import pytest

from tests.helpers.market import Market, lot, yuan

pytestmark = pytest.mark.slow

PLATFORM = "政务大模型平台建设"
BUREAU = "某市数据局"


@pytest.fixture
def market() -> Market:
    return Market()


def _lot_notice(market: Market, key: str, no: int, number: str, name: str | None = None, amount: str = "60.00") -> None:
    """Add the result of one lot, which its name gives too."""
    market.notice(
        key, "award", "2025-07-01", lot(amount, f"第{no}公司", no=no, numbered=True),
        number=number, name=name or f"{PLATFORM}包{no}", buyer=BUREAU,
    )  # fmt: skip


def test_lots_with_numbers_of_their_own_are_one_project(market: Market) -> None:
    _lot_notice(market, "ccgp:1", 1, "ZB-2025-0022-01")
    _lot_notice(market, "ccgp:2", 2, "ZB-2025-0022-02", amount="30.00")

    award = market.only_award()

    assert (award["amount_yuan"], award["project_number"]) == (yuan("90"), "ZB-2025-0022")


def test_the_number_of_a_lot_belongs_to_the_number_of_the_project(market: Market) -> None:
    _lot_notice(market, "ccgp:1", 1, "ZB-2025-0022-1")
    _lot_notice(market, "ccgp:2", 2, "ZB-2025-0022", amount="30.00")

    assert market.only_award()["amount_yuan"] == yuan("90")


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("ZB-2025-0022-03", None),
        ("ZB-2025-0023-02", None),
        ("ZB-2025-0022-02", "公共数据治理平台包2"),
    ],
    ids=["the end is not the lot", "another number before it", "another project"],
)
def test_a_number_that_is_not_the_lots_own_keeps_projects_apart(market: Market, number: str, name: str | None) -> None:
    _lot_notice(market, "ccgp:1", 1, "ZB-2025-0022-01")
    _lot_notice(market, "ccgp:2", 2, number, name)

    assert len(market.resolve().awards()) == 2
