"""`explain`: for any notice or award, why it counts or not, and what each figure is made of."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.quality.explain import NothingFoundError, explain
from tests.helpers.market import Market, lot

pytestmark = pytest.mark.slow

ABOUT: dict[str, Any] = {"number": "ZB-2025-0001", "name": "政务大模型平台建设项目", "buyer": "某市数据局"}
EVIDENCE = '{"buyer": ["采购人：某市数据局"], "is_large_model": ["大模型"], "rule:is_large_model": ["core-term"]}'


@pytest.fixture
def market() -> Market:
    made = Market()
    made.notice("ccgp:1", "tender", "2025-06-01", **ABOUT)
    made.notice("ccgp:2", "award", "2025-07-01", lot("10.00", "甲公司", no=1, numbered=True),
                lot("20.50", "乙公司", no=2, numbered=True), evidence=EVIDENCE, **ABOUT)  # fmt: skip
    made.notice("ggzy:1", "correction", "2025-07-09", lot("11.00", no=1, numbered=True), **ABOUT)
    return made.publish()


@pytest.mark.parametrize("key", ["ccgp:2", "https://ccgp.example/2"])
def test_a_notice_is_found_by_key_and_by_address_and_leads_to_its_award(market: Market, key: str) -> None:
    text = explain(market.con, key)
    for words in ("counts in 2025-07 with 31.50 yuan", "采购人：某市数据局", "core-term", "amount = 11.00 + 20.50 = 31.50 yuan",
                  "number ZB-2025-0001 as in", "correction ggzy:1 replaces the price of lot 1", "As it was known"):  # fmt: skip
        assert words in text, words


def test_an_award_is_found_by_its_key(market: Market) -> None:
    award_key = market.awards()[0]["award_key"]
    assert f"Award {award_key}" in explain(market.con, award_key)


def test_a_tender_without_result_says_why_it_does_not_count() -> None:
    market = Market()
    market.notice("ccgp:1", "tender", "2025-06-01", **ABOUT)
    assert "does not count: it only invites bids" in explain(market.publish().con, "ccgp:1")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"large": False}, "not about large models (relevance 0.10)"),
        ({"on": None, "seen": "2025-07-01"}, "no publication date"),
    ],
)
def test_an_award_that_does_not_count_says_why(more: dict[str, Any], words: str) -> None:
    market = Market()
    given = ABOUT | more
    on = given.pop("on", "2025-07-01")
    market.notice("ccgp:1", "award", on, lot("9.00", "甲公司", large=given.get("large", True)), **given)
    assert words in explain(market.publish().con, "ccgp:1")


def test_void_and_candidate_say_so() -> None:
    market = Market()
    market.notice("ccgp:1", "candidate", "2025-07-01", lot(None, "甲公司", role="candidate"), **ABOUT)
    assert "only candidates are public" in explain(market.publish().con, "ccgp:1")
    market.notice("ccgp:2", "award", "2025-07-02", lot("9.00", "甲公司"), **ABOUT)
    market.notice("ccgp:3", "failed", "2025-07-09", cancels=True, **ABOUT)
    assert "the result was cancelled" in explain(market.publish().con, "ccgp:3")


def test_hostile_text_cannot_move_the_cursor() -> None:
    market = Market()
    market.notice(
        "ccgp:1",
        "award",
        "2025-07-01",
        lot("9.00", "甲\x1b[2J公司"),
        **ABOUT | {"name": "a\x1b]0;b\x07", "title": "\x1b[1m"},
    )
    assert "\x1b" not in explain(market.publish().con, "ccgp:1")


def test_what_is_stored_nowhere_is_told_with_what_to_give(market: Market) -> None:
    with pytest.raises(NothingFoundError, match="notice_key"):
        explain(market.con, "ccgp:404")
