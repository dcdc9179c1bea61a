"""What was known when: states of awards, `monthly_as_of`, and results that do not depend on how notices were loaded."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import few_examples
from tests.helpers.market import Market, candidates, lot, yuan

pytestmark = pytest.mark.slow

ABOUT: dict[str, Any] = {"number": "ZB-2025-0001", "name": "政务大模型平台建设项目", "buyer": "某市数据局"}
PUBLIC = {
    "notices": "notice_key, version", "lots": "notice_key, version, lot_seq", "winners": "notice_key, version, lot_seq, seq",
    "awards": "award_key", "award_states": "award_key, valid_from", "award_lots": "award_key, seq",
}  # fmt: skip


def history(market: Market) -> list[tuple[Any, ...]]:
    return market.con.execute(
        "SELECT CAST(valid_from AS DATE), CAST(valid_to AS DATE), status, amount_yuan FROM award_states ORDER BY valid_from"
    ).fetchall()


def months(market: Market, at: str) -> dict[str, tuple[Any, ...]]:
    rows = market.rows("SELECT * FROM monthly_as_of(CAST(? AS TIMESTAMPTZ))", at)
    return {f"{r['month']:%Y-%m}": (r["awards"], r["amount_yuan"]) for r in rows}


@pytest.mark.long
def test_an_award_keeps_every_state_with_the_instants_between_which_it_held() -> None:
    market = Market()
    market.notice("ccgp:1", "candidate", "2025-06-28", candidates(("甲公司", "100.00")), **ABOUT)
    market.notice("ccgp:2", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ccgp:3", "correction", "2025-07-10", lot("90.00"), **ABOUT)
    market.notice("ccgp:4", "failed", "2025-08-02", cancels=True, **ABOUT)
    market.publish()
    day = date.fromisoformat
    assert history(market) == [
        (day("2025-06-28"), day("2025-07-01"), "candidate", None),
        (day("2025-07-01"), day("2025-07-10"), "awarded", yuan("100")),
        (day("2025-07-10"), day("2025-08-02"), "awarded", yuan("90")),
        (day("2025-08-02"), None, "void", yuan("90")),
    ]
    assert len({r["award_key"] for r in market.rows("SELECT award_key FROM award_states")}) == 1
    assert str(market.awards()[0]["first_seen_at"])[:10] == "2025-06-28"


def test_a_void_takes_the_award_out_of_later_vintages_only() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    market.notice("ccgp:2", "failed", "2025-09-10", cancels=True, **ABOUT)
    market.publish()
    assert months(market, "2025-08-31") == {"2025-07": (1, yuan("100"))}
    assert months(market, "2025-09-30") == {}


def test_a_notice_seen_late_counts_in_its_own_month_from_then_on() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), seen="2025-08-20", **ABOUT)
    market.publish()
    assert months(market, "2025-08-19") == {}
    assert months(market, "2025-08-21") == {"2025-07": (1, yuan("100"))}


def test_what_was_one_award_only_later_was_two_before() -> None:
    market = Market()
    market.notice(
        "ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), number="ZB-2025-0001", name="大模型平台", buyer="某局"
    )
    market.notice("ggzy:1", "award", "2025-07-02", lot("100.00", "甲公司"), number="ZB-2025-0001", name="大模型平台", buyer=None,
                  title="读不出", version="1", project_name_key=None, project_number_key=None)  # fmt: skip
    market.notice("ggzy:1", "award", "2025-07-02", lot("100.00", "甲公司"), number="ZB-2025-0001", name="大模型平台",
                  buyer="某局", seen="2025-07-20", version="2")  # fmt: skip
    market.publish()
    assert months(market, "2025-07-10") == {"2025-07": (2, yuan("200"))}
    assert months(market, "2025-07-21") == {"2025-07": (1, yuan("100"))}
    assert len(market.awards()) == 1


def test_growth_compares_two_months_of_one_vintage() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2024-07-01", lot("100.00", "甲公司"), number="A2024-0001", buyer="某局")
    market.notice(
        "ccgp:2", "award", "2024-07-02", lot("100.00", "甲公司"), seen="2025-09-01", number="A2024-0002", buyer="某局"
    )
    market.notice("ccgp:3", "award", "2025-07-01", lot("300.00", "甲公司"), number="A2025-0003", buyer="某局")
    market.publish()
    growth = "SELECT awards_yoy_pct, amount_yoy_pct FROM monthly_as_of(TIMESTAMPTZ '{} 00:00+08') WHERE month = DATE '2025-07-01'"
    assert market.con.execute(growth.format("2025-08-31")).fetchall() == [(0.0, 200.0)]
    assert market.con.execute(growth.format("2025-09-30")).fetchall() == [(-50.0, 50.0)]


def test_versions_follow_the_times_of_seeing_and_equal_neighbours_are_one() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("2.00", "甲公司"), seen="2025-07-05", version="b", **ABOUT)
    market.notice("ccgp:1", "award", "2025-07-01", lot("1.00", "甲公司"), seen="2025-07-01", version="a", **ABOUT)
    market.see("ccgp:1", "2025-07-02", "a")
    market.see("ccgp:1", "2025-07-09", "a")
    market.publish()
    found = market.rows(
        "SELECT version, is_latest, CAST(first_seen_at AS DATE) AS seen, content_hash FROM notices ORDER BY version"
    )
    assert [(r["version"], r["is_latest"], str(r["seen"]), r["content_hash"]) for r in found] == [
        (1, False, "2025-07-01", "ccgp:1/a"), (2, False, "2025-07-05", "ccgp:1/b"), (3, True, "2025-07-09", "ccgp:1/a"),
    ]  # fmt: skip


def test_now_is_the_last_vintage() -> None:
    market = world(random.Random(7), 60)
    market.publish()
    now = market.con.execute("SELECT * FROM monthly").fetchall()
    assert now
    assert market.con.execute("SELECT * FROM monthly_as_of(TIMESTAMPTZ '2099-01-01 00:00+08')").fetchall() == now


# A small world in which numbers, buyers, names and days collide often, so that every rule of joining is met.
Fact = dict[str, Any]


def fact(chance: random.Random, i: int) -> Fact:
    kind = chance.choice(["award"] * 5 + ["candidate", "tender", "failed", "correction", "contract"])
    published = date(2025, 6, 1) + timedelta(days=chance.randrange(60))
    supplier = chance.choice(["甲公司", "乙公司", "丙公司"])
    numbered = chance.random() < 0.4
    no = chance.randint(1, 3)
    amount = chance.choice([None, "100.00", "200.00", "300.00"])
    if kind == "candidate":
        lots = [candidates((supplier, amount), no=no, numbered=numbered)]
    elif kind in ("tender", "failed"):
        lots = [lot(None, no=no, numbered=True, failed=kind == "failed")] if numbered else []
    else:
        lots = [lot(amount, supplier, no=no, numbered=numbered, large=chance.random() < 0.7)]
        if chance.random() < 0.3:
            lots.append(lot(chance.choice([None, "50.00"]), "丁公司", no=no + 1, numbered=numbered))
    return {
        "key": f"{chance.choice(['ccgp', 'ggzy', 'cmcc'])}:{chance.randrange(i + 1)}", "kind": kind, "on": published.isoformat(),
        "lots": lots, "seen": (published + timedelta(days=chance.randrange(20))).isoformat(), "version": str(i),
        "number": chance.choice([None, "ZB-2025-0001", "ZB-2025-0002", "2026-001", "7", "XM001", f"{10**17}-XM001"]),
        "name": chance.choice([None, "大模型平台一期", "大模型平台二期", "大模型平台一期（二次）", "校园智能体"]),
        "buyer": chance.choice([None, "某市数据局", "某市数据局办公室", "某大学"]), "cancels": chance.random() < 0.7,
        "large": chance.random() < 0.8,
    }  # fmt: skip


def tell(market: Market, told: Fact) -> str:
    told = dict(told)
    key, kind, on, lots = (told.pop(k) for k in ("key", "kind", "on", "lots"))
    return market.notice(key, kind, on, *lots, **told)


def world(chance: random.Random, size: int) -> Market:
    market = Market()
    for i in range(size):
        tell(market, fact(chance, i))
    return market


def dump(market: Market) -> dict[str, list[tuple[Any, ...]]]:
    return {t: market.con.execute(f"SELECT * FROM {t} ORDER BY {order}").fetchall() for t, order in PUBLIC.items()}


@few_examples(3)
@given(st.integers(0, 10**6), st.integers(2, 24), st.data())
@pytest.mark.long
def test_loading_bit_by_bit_in_any_order_gives_what_loading_all_at_once_gives(
    seed: int, size: int, data: st.DataObject
) -> None:
    chance = random.Random(seed)
    facts = [fact(chance, i) for i in range(size)]
    at_once = Market()
    for told in facts:
        tell(at_once, told)
    at_once.publish()

    in_parts = Market()
    changed: set[str] = set()
    for told in data.draw(st.permutations(facts)):
        changed.add(tell(in_parts, told))
        if data.draw(st.booleans()):
            in_parts.publish(changed)
            changed = set()
    in_parts.publish(changed)
    assert dump(in_parts) == dump(at_once)


@few_examples(3)
@given(st.integers(0, 10**6), st.integers(2, 24))
@pytest.mark.long
def test_what_was_known_at_an_instant_is_what_a_store_of_that_instant_holds(seed: int, size: int) -> None:
    chance = random.Random(seed)
    facts = [fact(chance, i) for i in range(size)]
    instant = "2025-07-05"
    full, then = Market(), Market()
    for told in facts:
        tell(full, told)
        if told["seen"] <= instant:
            tell(then, told)
    full.publish()
    then.publish()
    columns = "award_key, status, awarded_on, amount_yuan, is_large_model, suppliers, notice_keys, lots"
    known = full.con.execute(
        f"SELECT {columns} FROM awards_as_of(TIMESTAMPTZ '{instant} 00:00+08') ORDER BY award_key"
    ).fetchall()
    held = then.con.execute(f"SELECT {columns} FROM award_states WHERE valid_to IS NULL ORDER BY award_key").fetchall()
    assert known == held


@pytest.mark.long
def test_two_notices_of_one_portal_with_different_numbers_never_share_an_award_whatever_lies_between() -> None:
    for seed in range(5):
        market = world(random.Random(seed), 80).publish()
        shared = market.rows(
            """
            SELECT a.award_key, n.portal FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM awards) AS a
            JOIN notices AS n ON n.notice_key = a.notice_key AND n.is_latest
            WHERE n.project_number <> 'XM001' -- a serial within a plan, which is no number by itself
            GROUP BY ALL HAVING count(DISTINCT regexp_replace(n.project_number, '^[0-9]{18}-', '')) > 1
            """
        )
        assert shared == []
