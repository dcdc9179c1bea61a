"""Corrections that change only the unit of a price."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analysis.awards.unit_corrections import unit_factor
from tests.helpers.market import Market, lot, yuan

_TO_YUAN, _TO_WAN = Decimal("0.0001"), Decimal(10_000)


@pytest.mark.parametrize(
    ("words", "factor"),
    [
        ("更正内容：成交金额单位由“万元”更正为“元”。", _TO_YUAN),
        ("中标金额的单位“万元”有误，应为“元”", _TO_YUAN),
        ("中标价单位由元变更为万元", _TO_WAN),
        ("预算金额单位由“万元”更正为“元”。", None),
        ("代理服务费单位由万元更正为元", None),
        ("中标金额单位由“万元”更正为“万元”", None),
        ("中标单位由甲公司更正为乙公司", None),
    ],
)
def test_the_factor_follows_from_the_words(words: str, factor: Decimal | None) -> None:
    assert unit_factor(words) == factor


def _award(amount: str, *lots: str) -> dict[str, object]:
    market = Market()
    about = {"number": "ZB-2025-0001", "name": "政务大模型平台", "buyer": "某市数据局"}
    rows = [lot(price, f"第{no}公司", no=no, numbered=True) for no, price in enumerate((amount, *lots), 1)]
    market.notice("ccgp:1", "award", "2025-07-01", *rows, **about)
    market.notice("ccgp:2", "correction", "2025-07-05", replaces=["成交金额单位由“万元”更正为“元”。"], **about)
    return market.only_award()


def test_the_price_is_in_the_corrected_unit() -> None:
    award = _award("12000000000.00")

    assert (award["amount_yuan"], award["flags"]) == (yuan("1200000"), [])


def test_a_price_that_was_read_in_the_right_unit_stays() -> None:
    assert _award("1200000.00")["amount_yuan"] == yuan("1200000")


def test_of_several_lots_nobody_knows_which_one_is_meant() -> None:
    assert _award("1200000.00", "30000000000.00")["amount_yuan"] == yuan("30001200000")
