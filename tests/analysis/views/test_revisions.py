"""Why a month's figures changed after they were first known: causes one by one, and changes that add up exactly."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.awards.test_as_of import ABOUT, fact, tell
from tests.analysis.awards.test_reviewed import review
from tests.helpers.examples import few_examples
from tests.helpers.market import Market, candidates, lot, yuan

pytestmark = pytest.mark.slow

JULY = "month = DATE '2025-07-01'"


def changes(market: Market, where: str = JULY) -> list[tuple[Any, ...]]:
    """Day, cause, change of awards and of the amount, in order."""
    sql = f"SELECT CAST(known_on AS VARCHAR), cause, awards_change, amount_change_yuan FROM award_changes WHERE {where}"
    return market.publish().con.execute(sql + " ORDER BY known_at, awards_change DESC").fetchall()


def test_an_award_enters_when_first_seen_and_a_void_removes_it_only_from_later_vintages() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ccgp:2", "failed", "2025-09-10", cancels=True, **ABOUT)
    assert changes(market) == [("2025-07-01", "first seen", 1, yuan("100")), ("2025-09-10", "void", -1, yuan("-100"))]
    assert market.rows("SELECT awards FROM monthly_as_of(TIMESTAMPTZ '2025-08-31 00:00+08')") == [{"awards": 1}]
    assert market.rows("SELECT awards FROM monthly") == []


@pytest.mark.parametrize(("seen", "cause"), [("2025-09-04 23:59", "first seen"), ("2025-09-05", "late notice")])
def test_a_notice_first_seen_more_than_35_days_after_the_month_is_late(seen: str, cause: str) -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), seen=seen, **ABOUT)
    assert [c[1] for c in changes(market)] == [cause]


def test_a_result_that_follows_its_candidates_is_an_arrival() -> None:
    market = Market()
    market.notice("ccgp:1", "candidate", "2025-06-28", candidates(("甲公司", "100.00")), **ABOUT)
    market.notice("ccgp:2", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    assert changes(market) == [("2025-07-01", "first seen", 1, yuan("100"))]


def test_a_correction_changes_the_amount_and_another_source_adds_a_price() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot(None, "甲公司"), **ABOUT)
    market.notice("ccgp:2", "contract", "2025-07-20", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ccgp:3", "correction", "2025-08-10", lot("90.00"), **ABOUT)
    assert changes(market) == [
        ("2025-07-01", "first seen", 1, 0), ("2025-07-20", "price found", 0, yuan("100")),
        ("2025-08-10", "correction", 0, yuan("-10")),
    ]  # fmt: skip


def test_a_changed_page_is_a_correction_and_one_without_winners_is_withdrawn() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ccgp:1", "award", "2025-07-01", lot("70.00", "甲公司"), seen="2025-08-10", version="b", **ABOUT)
    market.notice("ccgp:1", "other", "2025-07-01", seen="2025-08-20", version="c", **ABOUT)
    assert [c[1:] for c in changes(market)] == [
        ("first seen", 1, yuan("100")), ("correction", 0, yuan("-30")), ("withdrawn", -1, yuan("-70")),
    ]  # fmt: skip


def test_the_result_of_another_lot_is_a_further_result_and_a_voided_lot_is_a_void() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司", no=1, numbered=True), **ABOUT)
    market.notice("ccgp:2", "award", "2025-07-08", lot("50.00", "乙公司", no=2, numbered=True), **ABOUT)
    market.notice("ccgp:3", "failed", "2025-08-08", lot(no=1, numbered=True, failed=True), cancels=True, **ABOUT)
    assert [c[1:] for c in changes(market)] == [
        ("first seen", 1, yuan("100")), ("further result", 0, yuan("50")), ("void", 0, yuan("-100")),
    ]  # fmt: skip


def test_a_new_winner_after_a_void_revives_the_award_in_its_old_month() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ccgp:2", "failed", "2025-08-10", cancels=True, **ABOUT)
    market.notice("ccgp:3", "award", "2025-08-20", lot("80.00", "乙公司"), **ABOUT)
    assert [c[1:] for c in changes(market)] == [
        ("first seen", 1, yuan("100")), ("void", -1, yuan("-100")), ("revived", 1, yuan("80")),
    ]  # fmt: skip


def test_two_awards_that_become_one_are_reported_as_a_duplicate() -> None:
    market = Market()
    about: dict[str, Any] = {"number": "ZB-2025-0001", "name": "大模型平台"}
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), buyer="某局", **about)
    market.notice("ggzy:1", "award", "2025-07-02", lot("100.00", "甲公司"), buyer=None, version="1", project_name_key=None,
                  project_number_key=None, **about)  # fmt: skip
    market.notice(
        "ggzy:1", "award", "2025-07-02", lot("100.00", "甲公司"), buyer="某局", seen="2025-08-20", version="2", **about
    )
    assert changes(market, f"{JULY} AND known_on > DATE '2025-07-31'") == [
        ("2025-08-20", "duplicate found", -1, yuan("-100"))
    ]


def test_one_award_that_becomes_two_is_reported_as_separated() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ggzy:1", "award", "2025-07-02", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ggzy:1", "award", "2025-07-02", lot("70.00", "乙公司"), seen="2025-08-20", version="2", number="ZB-2025-0099",
                  name="校园智能体", buyer="某大学")  # fmt: skip
    assert changes(market, f"{JULY} AND known_on > DATE '2025-07-31'") == [("2025-08-20", "separated", 1, yuan("70"))]


def test_an_earlier_first_result_moves_the_award_to_another_month() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ggzy:1", "award", "2025-06-28", lot("100.00", "甲公司"), seen="2025-07-09", **ABOUT)
    assert changes(market, "known_on > DATE '2025-07-01' AND month = DATE '2025-06-01'") == [
        ("2025-07-09", "date changed", 1, yuan("100"))
    ]
    assert changes(market, f"known_on > DATE '2025-07-01' AND {JULY}") == [
        ("2025-07-09", "date changed", -1, yuan("-100"))
    ]


def test_an_award_whose_tender_shows_a_large_model_is_reclassified() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), large=False, **ABOUT)
    market.notice("ccgp:2", "tender", "2025-06-01", seen="2025-08-15", **ABOUT)
    assert changes(market) == [("2025-08-15", "reclassified", 1, yuan("100"))]


def test_a_review_decision_reclassifies_from_then_on() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    review(market, "2025-09-01 10:00", "ccgp:1", large_model="no")
    assert changes(market) == [
        ("2025-07-01", "first seen", 1, yuan("100")),
        ("2025-09-01", "reclassified", -1, yuan("-100")),
    ]


def test_a_day_of_revisions_has_figures_before_and_after_with_causes() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    market.notice(
        "ccgp:2", "award", "2025-07-02", lot(None, "甲公司"), number="ZB-2025-0002", name="智能体", buyer="某大学"
    )
    market.notice("ccgp:3", "failed", "2025-08-10", cancels=True, **ABOUT)
    rows = market.publish().rows(f"SELECT * EXCLUDE (month) FROM revisions WHERE {JULY}")
    assert [tuple(r.values()) for r in rows] == [
        (date(2025, 7, 1), -30, 0, 1, 0, 1, None, yuan("100"), ["first seen"]),
        (date(2025, 7, 2), -29, 1, 2, 1, 1, yuan("100"), yuan("100"), ["first seen"]),
        (date(2025, 8, 10), 10, 2, 1, 1, 0, yuan("100"), None, ["void"]),
    ]


def figures(market: Market, at: str) -> dict[date, tuple[int, int, Decimal]]:
    rows = market.con.execute(
        f"SELECT month, awards, disclosed, amount_yuan FROM monthly_as_of(TIMESTAMPTZ '{at}')"
    ).fetchall()
    return {month: (awards, disclosed, amount or Decimal(0)) for month, awards, disclosed, amount in rows}


@few_examples(4)
@given(st.integers(0, 10**6), st.integers(2, 40))
@pytest.mark.long
def test_an_earlier_vintage_plus_its_revisions_equals_the_later_vintage(seed: int, size: int) -> None:
    chance = random.Random(seed)
    market = Market()
    for i in range(size):
        known = tell(market, fact(chance, i))
        if chance.random() < 0.1:
            review(market, f"2025-07-{chance.randint(1, 28):02} 10:00", known, large_model=chance.choice(["yes", "no"]))
    market.publish()
    days = sorted(date(2025, 6, 1) + timedelta(days=chance.randrange(90)) for _ in range(5))
    for earlier, later in pairwise(days):
        first, last = (f"{day} 12:00+08" for day in (earlier, later))
        then, now = figures(market, first), figures(market, last)
        moved = market.con.execute(
            f"""
            SELECT month, sum(awards_change), sum(disclosed_change), sum(amount_change_yuan) FROM award_changes
            WHERE known_at > TIMESTAMPTZ '{first}' AND known_at <= TIMESTAMPTZ '{last}' GROUP BY month
            """
        ).fetchall()
        for month, *by in moved:
            old = then.get(month, (0, 0, Decimal(0)))
            then[month] = (old[0] + by[0], old[1] + by[1], old[2] + by[2])
        assert {month: found for month, found in then.items() if any(found)} == now


@few_examples(3)
@given(st.integers(0, 10**6))
@pytest.mark.long
def test_the_last_revision_of_a_month_has_its_current_figures(seed: int) -> None:
    chance = random.Random(seed)
    market = Market()
    for i in range(40):
        tell(market, fact(chance, i))
    market.publish()
    after = "arg_max((awards_after, disclosed_after, amount_after_yuan), known_on)"
    last = market.con.execute(f"SELECT month, {after} FROM revisions GROUP BY month ORDER BY month").fetchall()
    now = market.con.execute("SELECT month, (awards, disclosed, amount_yuan) FROM monthly ORDER BY month").fetchall()
    assert [row for row in last if row[1][0]] == now
