"""What is doubtful about the amount of an award: docs/awards.md, section "Flags"."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.market import Market, candidates, lot, yuan

pytestmark = pytest.mark.slow

ABOUT = {"number": "LH-2025-0041", "name": "城市大模型底座项目", "buyer": "绿湖市数据局"}


@pytest.fixture
def market() -> Market:
    return Market()


def stated(source: str, amount: str) -> dict[str, Any]:
    return {"source": source, "amount_yuan": amount, "words": amount}


def flags(market: Market) -> list[str]:
    found: list[str] = market.only_award()["flags"]
    return found


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("2400000", []),
        ("2400099.99", []),
        ("2410000", ["amount_conflict"]),
        ("1000000", ["amount_conflict"]),
        ("24000000000", ["unit_conflict"]),
        ("240", ["unit_conflict"]),
    ],
    ids=[
        "equal",
        "less than 100 yuan more",
        "10,000 yuan more",
        "one of the lots",
        "too large by 10^4",
        "too small by 10^4",
    ],
)
def test_the_head_table_is_compared_with_the_sum_of_the_lots(market: Market, total: str, expected: list[str]) -> None:
    lots = lot("1000000", "甲公司", no=1), lot("1400000", "乙公司", no=2)
    market.notice("a:1", "award", "2025-07-01", *lots, **ABOUT, price_statements=[stated("head_table", total)])
    assert flags(market) == expected


def test_a_flag_comes_with_both_sides_of_the_contradiction(market: Market) -> None:
    priced = lot("1200000", "甲公司") | {"price_statements": [stated("digits", "12000000000")]}
    market.notice("a:1", "award", "2025-07-01", priced, **ABOUT)
    [doubt] = market.only_award()["evidence"]["flags"]
    assert doubt == {
        "flag": "unit_conflict",
        "amount_yuan": "1200000.00",
        "other_yuan": "12000000000.00",
        "source": "digits",
        "notice_key": "a:1",
        "words": ["12000000000"],
    }


@pytest.mark.parametrize(
    ("other", "expected"),
    [("1200000", []), ("1200049", []), ("1260000", ["amount_conflict"]), ("12000000000", ["unit_conflict"])],
)
def test_prices_of_two_portals_are_compared(market: Market, other: str, expected: list[str]) -> None:
    market.notice("a:1", "award", "2025-07-01", lot("1200000", "甲公司"), **ABOUT)
    market.notice("b:1", "award", "2025-07-02", lot(other, "甲公司"), **ABOUT)
    assert flags(market) == expected


@pytest.mark.parametrize("first", ["a", "b"])
def test_of_a_unit_slip_between_portals_the_usual_price_is_kept_in_any_order(market: Market, first: str) -> None:
    for portal, amount in (("a", "12000000000"), ("b", "1200000")):
        market.notice(f"{portal}:1", "award", "2025-07-0" + "12"[portal != first], lot(amount, "甲公司"), **ABOUT)
    award = market.only_award()
    assert (award["amount_yuan"], award["flags"]) == (yuan("1200000"), ["unit_conflict"])


def test_a_price_with_tax_does_not_contradict_one_without(market: Market) -> None:
    market.notice("a:1", "award", "2025-07-01", lot("1000000", "甲公司") | {"tax_included": False}, **ABOUT)
    market.notice("b:1", "award", "2025-07-02", lot("1060000", "甲公司") | {"tax_included": True}, **ABOUT)
    assert flags(market) == []


def test_what_a_correction_replaces_contradicts_nothing(market: Market) -> None:
    market.notice("a:1", "award", "2025-07-01", lot("12000000000", "甲公司"), **ABOUT)
    market.notice("a:2", "correction", "2025-07-05", lot("1200000", "甲公司"), **ABOUT)
    award = market.only_award()
    assert (award["amount_yuan"], award["flags"]) == (yuan("1200000"), [])


@pytest.mark.parametrize(("quote", "expected"), [("1200000", []), ("12000000000", ["unit_conflict"])])
def test_the_winners_own_quote_is_compared(market: Market, quote: str, expected: list[str]) -> None:
    market.notice("a:1", "candidate", "2025-06-20", candidates(("甲公司", quote), ("乙公司", "1")), **ABOUT)
    market.notice("a:2", "award", "2025-07-01", lot("1200000", "甲公司"), **ABOUT)
    assert flags(market) == expected


@pytest.mark.parametrize(("amount", "expected"), [("400000", []), ("120", ["unit_conflict"])])
def test_a_contract_for_a_part_is_no_contradiction(market: Market, amount: str, expected: list[str]) -> None:
    market.notice("a:1", "award", "2025-07-01", lot("1200000", "甲公司"), **ABOUT)
    market.notice("a:2", "contract", "2025-07-20", lot(amount, "甲公司"), **ABOUT)
    assert flags(market) == expected


@pytest.mark.parametrize(
    ("amount", "disclosed", "expected"),
    [
        ("500000000", True, []),
        ("500000001", True, ["amount_unconfirmed"]),
        ("1000000000", True, ["amount_unconfirmed"]),
        ("1000000001", False, ["amount_unconfirmed"]),
    ],
)
def test_a_large_sum_needs_a_second_witness(market: Market, amount: str, disclosed: bool, expected: list[str]) -> None:
    market.notice("a:1", "award", "2025-07-01", lot(amount, "甲公司"), **ABOUT)
    award = market.only_award()
    assert (award["amount_yuan"], award["disclosed"], award["flags"]) == (yuan(amount), disclosed, expected)


@pytest.mark.parametrize("witness", ["capitals", "head table", "quote", "another portal"])
def test_every_independent_statement_confirms_a_large_sum(market: Market, witness: str) -> None:
    amount = "1500000000"
    own = {"price_statements": [stated("capitals", amount)]} if witness == "capitals" else {}
    page = {"price_statements": [stated("head_table", amount)]} if witness == "head table" else {}
    if witness == "quote":
        market.notice("a:0", "candidate", "2025-06-20", candidates(("甲公司", amount)), **ABOUT)
    if witness == "another portal":
        market.notice("b:1", "award", "2025-07-02", lot(amount, "甲公司"), **ABOUT)
    market.notice("a:1", "award", "2025-07-01", lot(amount, "甲公司") | own, **ABOUT, **page)
    award = market.only_award()
    assert (award["disclosed"], award["flags"]) == (True, [])


def test_one_portal_that_repeats_itself_is_one_witness(market: Market) -> None:
    market.notice("a:1", "award", "2025-07-01", lot("1500000000", "甲公司"), **ABOUT)
    market.notice("a:2", "award", "2025-07-03", lot("1500000000", "甲公司"), **ABOUT)
    assert not market.only_award()["disclosed"]


def test_a_sum_that_waits_is_counted_but_in_no_sum(market: Market) -> None:
    market.notice("a:1", "award", "2025-07-01", lot("1500000000", "甲公司", vendors={"甲公司": "甲"}), **ABOUT)
    market.notice("a:2", "award", "2025-07-02", lot("3000000", "乙公司"), number="LH-2025-0042", name="校园智能体采购")
    market.publish()
    [month] = market.rows("FROM monthly")
    keys = ("awards", "disclosed", "undisclosed", "amount_yuan", "flagged")
    assert [month[key] for key in keys] == [2, 1, 1, yuan("3000000"), 1]
    for view in ("monthly_by_type", "monthly_by_sector", "quarterly", "yearly", "monthly_as_of(now())"):
        [row] = market.rows(f"SELECT DISTINCT amount_yuan FROM {view}")
        assert row["amount_yuan"] == yuan("3000000"), view
    assert all(row["amount_yuan"] != yuan("1500000000") for row in market.rows("FROM counted_vendors"))
    [change] = market.rows("SELECT sum(amount_change_yuan) AS amount FROM award_changes")
    assert change["amount"] == yuan("3000000")
