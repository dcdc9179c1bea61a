"""What a person decided stands in the place of the rules: which fields, from when on, for which award."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality.explain import explain
from tests.analysis.awards.test_as_of import dump, fact, months, tell
from tests.helpers.examples import few_examples
from tests.helpers.market import Market, at, lot, yuan

pytestmark = pytest.mark.slow

ABOUT: dict[str, Any] = {"number": "ZB-2025-0001", "name": "政务平台建设项目", "buyer": "某市数据局"}
FIELDS = "is_large_model, relevance, project_type, sector, subsector, province, amount_yuan"


Seen = tuple[tuple[Any, ...], ...]


def review(market: Market, on: str, *keys: str, seen: Seen = (), **decided: Any) -> set[str]:
    """A person's decision, made at that time; ``seen`` are the lots as number, name, supplier and price. Returns the notices."""
    lots = [dict(zip(("lot_no", "name", "supplier", "amount_yuan"), told, strict=True)) for told in seen]
    market.insert("reviews", [{
        "reviewed_at": at(on), "award_key": "", "notice_keys": sorted(keys), "decided": orjson.dumps(decided).decode(),
        "lots": orjson.dumps(lots).decode(), "reviewer": "张三", "note": None,
    }])  # fmt: skip
    return set(keys)


def one(large: bool = True, **about: Any) -> Market:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), large=large, **ABOUT | about)
    return market


def three_lots(**about: Any) -> Market:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1, numbered=True, name="咨询", large=False),
                  lot("20.00", "乙公司", no=2, numbered=True, name="平台", large=True),
                  lot("40.00", "丙公司", no=3, numbered=True, name="服务器", large=False), **ABOUT | about)  # fmt: skip
    return market


SEEN = ((1, "咨询", "甲公司", "10.00"), (2, "平台", "乙公司", "20.00"), (3, "服务器", "丙公司", "40.00"))


class TestFields:
    def test_yes_makes_an_award_count_that_the_rules_leave_out(self) -> None:
        market = one(large=False)
        review(market, "2025-07-09", "ccgp:1", large_model="yes", project_type="compute")
        award = market.only_award()
        assert (award["is_large_model"], award["relevance"], award["project_type"]) == (True, 1.0, "compute")
        assert market.rows("SELECT awards, amount_yuan FROM monthly") == [{"awards": 1, "amount_yuan": yuan("100")}]
        assert market.rows("SELECT is_large_model, counted FROM award_lots") == [
            {"is_large_model": True, "counted": True}
        ]

    def test_no_takes_an_award_out_that_the_rules_count(self) -> None:
        market = one()
        review(market, "2025-07-09", "ccgp:1", large_model="no")
        award = market.only_award()
        assert (award["is_large_model"], award["relevance"], award["project_type"]) == (False, 0.0, None)
        assert market.rows("SELECT * FROM monthly") == []

    def test_unsure_leaves_everything_to_the_rules(self) -> None:
        market = one()
        before = market.resolve().awards(FIELDS)
        review(market, "2025-07-09", "ccgp:1", large_model="unsure")
        assert market.resolve().awards(FIELDS) == before

    @pytest.mark.parametrize(
        ("field", "value"), [("project_type", "data"), ("sector", "finance"), ("province", "广东")]
    )
    def test_a_field_is_replaced_and_the_others_stay(self, field: str, value: str) -> None:
        market = one(province="浙江")
        before = market.resolve().awards(FIELDS)[0]
        review(market, "2025-07-09", "ccgp:1", **{field: value})
        assert market.resolve().awards(FIELDS)[0] == before | {field: value}

    def test_another_sector_takes_the_subsector_with_it_and_the_same_leaves_it(self) -> None:
        market = one(subsector="justice_security")
        review(market, "2025-07-09", "ccgp:1", sector="government")
        assert market.only_award()["subsector"] == "justice_security"
        review(market, "2025-07-10", "ccgp:1", sector="healthcare")
        assert (market.only_award()["sector"], market.only_award()["subsector"]) == ("healthcare", None)
        review(market, "2025-07-11", "ccgp:1", sector="government", subsector="justice_security")
        assert market.only_award()["subsector"] == "justice_security"

    def test_notices_say_what_the_rules_say(self) -> None:
        market = one(large=False)
        before = market.publish().rows("FROM notices"), market.rows("FROM lots")
        review(market, "2025-07-09", "ccgp:1", large_model="yes", sector="finance", province="广东")
        assert (market.publish().rows("FROM notices"), market.rows("FROM lots")) == before


class TestLots:
    def test_only_the_lots_named_count_and_give_the_price(self) -> None:
        market = three_lots()
        assert market.only_award()["amount_yuan"] == yuan("20")
        choose(market, [1, 3])
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"]) == (yuan("50"), ["甲公司", "丙公司"])

    def test_yes_without_lots_leaves_them_to_the_rules(self) -> None:
        market = three_lots()
        review(market, "2025-07-09", "ccgp:1", large_model="yes")
        assert market.only_award()["amount_yuan"] == yuan("20")

    def test_lots_of_a_project_that_the_rules_leave_out(self) -> None:
        market = three_lots(large=False)
        choose(market, [2, 3])
        award = market.only_award()
        assert (award["is_large_model"], award["amount_yuan"], award["suppliers"]) == (
            True,
            yuan("60"),
            ["乙公司", "丙公司"],
        )

    def test_a_lot_that_came_later_is_what_the_rules_say_of_it(self) -> None:
        market = three_lots()
        choose(market, [3])
        market.notice("ccgp:2", "award", "2025-07-12", lot("5.00", "丁公司", no=4, numbered=True, name="大模型", large=True),
                      lot("7.00", "戊公司", no=5, numbered=True, name="家具", large=False), **ABOUT)  # fmt: skip
        assert market.only_award()["amount_yuan"] == yuan("45")

    def test_a_lot_is_known_again_by_its_name_its_winner_or_its_number(self) -> None:
        market = Market()
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司"), lot("20.00", "乙公司"), large=False, **ABOUT
        )
        # Two lots of one number are shown in their order.
        seen = ((1, None, "甲公司", "10.00"), (2, None, "乙公司", "20.00"))
        review(market, "2025-07-09", "ccgp:1", seen=seen, large_model="yes", lots=[2])
        assert market.only_award()["amount_yuan"] == yuan("20")
        market.notice("ccgp:2", "correction", "2025-07-20", lot("25.00", "乙公司", no=2, numbered=True, large=False), large=False,
                      **ABOUT)  # fmt: skip
        assert market.only_award()["amount_yuan"] == yuan("25")

    def test_where_the_only_lot_named_fails_later_the_award_is_not_about_large_models(self) -> None:
        market = three_lots()
        choose(market, [2])
        market.notice("ccgp:2", "failed", "2025-07-12", lot(None, no=2, numbered=True, name="平台", failed=True), cancels=True,
                      **ABOUT)  # fmt: skip
        award = market.only_award()
        assert (award["status"], award["is_large_model"]) == ("awarded", False)

    def test_no_counts_no_lot_apart(self) -> None:
        market = three_lots()
        review(market, "2025-07-09", "ccgp:1", large_model="no")
        assert not market.only_award()["is_large_model"]
        assert market.rows("SELECT DISTINCT is_large_model FROM award_lots") == [{"is_large_model": False}]


def choose(market: Market, lots: list[int]) -> None:
    review(market, "2025-07-09", "ccgp:1", seen=SEEN, large_model="yes", lots=lots)


class TestSeveral:
    def test_the_later_decision_counts_field_by_field_whichever_was_told_first(self) -> None:
        market = one()
        review(market, "2025-08-02", "ccgp:1", sector="finance")
        review(market, "2025-08-01", "ccgp:1", sector="energy", province="广东")
        award = market.only_award()
        assert (award["sector"], award["province"]) == ("finance", "广东")

    def test_unsure_takes_an_earlier_answer_back_and_the_lots_with_it(self) -> None:
        market = three_lots()
        before = market.resolve().awards(FIELDS)
        choose(market, [1, 3])
        assert market.only_award()["amount_yuan"] == yuan("50")
        review(market, "2025-08-01", "ccgp:1", large_model="unsure")
        assert market.resolve().awards(FIELDS) == before

    def test_a_decision_belongs_to_whatever_award_has_one_of_its_notices(self) -> None:
        market = one(large=False)
        review(market, "2025-07-09", "ccgp:1", large_model="yes")
        # Seen earlier than the reviewed one, it gives the award another key.
        market.notice(
            "ggzy:1", "award", "2025-07-02", lot("100.00", "甲公司"), seen="2025-07-01 08:00", large=False, **ABOUT
        )
        [award] = market.publish().awards()
        assert award["is_large_model"]
        assert set(award["notice_keys"]) == {"ccgp:1", "ggzy:1"}
        assert [(r["award_key"], r["value"]) for r in market.rows("FROM reviews")] == [(award["award_key"], "yes")]

    def test_a_review_of_notices_that_are_not_there_yet_waits_for_them(self) -> None:
        market = Market()
        review(market, "2025-06-01", "ccgp:1", large_model="yes")
        market.publish()
        assert market.rows("SELECT field, value FROM reviews") == [{"field": "large_model", "value": "yes"}]
        market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), large=False, **ABOUT)
        market.publish({"ccgp:1"})
        assert [a["is_large_model"] for a in market.awards()] == [True]
        assert months(market, "2025-07-02") == {"2025-07": (1, yuan("100"))}


class TestAsKnown:
    def test_a_decision_is_known_from_the_instant_it_was_made_on(self) -> None:
        market = one()
        review(market, "2025-08-10 12:00", "ccgp:1", large_model="no")
        market.publish()
        assert months(market, "2025-08-10 11:59") == {"2025-07": (1, yuan("100"))}
        assert months(market, "2025-08-10 12:00") == {}
        states = market.rows("SELECT is_large_model, valid_to IS NULL AS now FROM award_states ORDER BY valid_from")
        assert states == [{"is_large_model": True, "now": False}, {"is_large_model": False, "now": True}]

    def test_a_decision_that_says_what_the_rules_say_begins_no_state(self) -> None:
        market = one()
        review(market, "2025-08-10", "ccgp:1", sector="government")
        market.publish()
        assert len(market.rows("FROM award_states")) == 1
        assert market.awards()[0]["evidence"]["reviewed"][0]["value"] == "government"

    def test_explain_shows_the_decision_beside_the_rules(self) -> None:
        market = one(large=False)
        review(market, "2025-07-09", "ccgp:1", large_model="yes", sector="finance")
        said = explain(market.publish().con, "ccgp:1")
        assert "decided by a person: large_model yes; the rules say no, relevance 0.10 (2025-07-09" in said
        assert "decided by a person: sector finance; the rules say government" in said
        assert "by 张三" in said
        assert "Verdict: counts in 2025-07 with 100.00 yuan." in said
        review(market, "2025-07-10", "ccgp:1", large_model="no")
        assert "Verdict: does not count: a person decided" in explain(market.publish().con, "ccgp:1")


def decision(chance: random.Random, facts: list[dict[str, Any]]) -> dict[str, Any]:
    answer = chance.choice(["yes", "no", "unsure", None])
    told: dict[str, Any] = {"large_model": answer} if answer else {"sector": chance.choice(["finance", "energy"])}
    if answer == "yes" and chance.random() < 0.5:
        told["lots"] = [chance.randint(1, 3)]
        told["seen"] = tuple((no, None, chance.choice(["甲公司", "乙公司"]), "100.00") for no in (1, 2, 3))
    if chance.random() < 0.3:
        told["province"] = chance.choice(["广东", "浙江"])
    # In the season of the facts, sometimes at the very instant of one.
    told["on"] = chance.choice(facts)["seen"] + chance.choice(["", " 18:30"])
    told["keys"] = [chance.choice(facts)["key"] for _ in range(chance.randint(1, 2))]
    return told


def decide(market: Market, told: dict[str, Any]) -> set[str]:
    told = dict(told)
    return review(market, told.pop("on"), *told.pop("keys"), **told)


def worlds(seed: int, size: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    chance = random.Random(seed)
    facts = [fact(chance, i) for i in range(size)]
    return facts, [decision(chance, facts) for _ in range(chance.randint(1, 5))]


@few_examples(3)
@given(st.integers(0, 10**6), st.integers(2, 20), st.data())
@pytest.mark.long
def test_notices_and_decisions_in_any_order_give_the_same(seed: int, size: int, data: st.DataObject) -> None:
    facts, decisions = worlds(seed, size)
    at_once = Market()
    for told in facts:
        tell(at_once, told)
    for told in decisions:
        decide(at_once, told)
    at_once.publish()

    in_parts = Market()
    changed: set[str] = set()
    steps = [*((tell, told) for told in facts), *((decide, told) for told in decisions)]
    for take, told in data.draw(st.permutations(steps)):
        touched = take(in_parts, told)
        changed |= {touched} if isinstance(touched, str) else touched
        if data.draw(st.booleans()):
            in_parts.publish(changed)
            changed = set()
    in_parts.publish(changed)
    assert dump(in_parts) == dump(at_once)
    reviews = "FROM reviews ORDER BY ALL"
    assert in_parts.con.execute(reviews).fetchall() == at_once.con.execute(reviews).fetchall()


@few_examples(3)
@given(st.integers(0, 10**6), st.integers(2, 20))
@pytest.mark.long
def test_what_was_known_at_an_instant_has_the_decisions_made_by_then_and_no_others(seed: int, size: int) -> None:
    facts, decisions = worlds(seed, size)
    instant = "2025-07-05"
    full, then = Market(), Market()
    for take, told, when in (*((tell, x, x["seen"]) for x in facts), *((decide, x, x["on"][:10]) for x in decisions)):
        take(full, told)
        if when < instant:
            take(then, told)
    full.publish()
    then.publish()
    columns = (
        "award_key, status, amount_yuan, is_large_model, relevance, project_type, sector, province, notice_keys, lots"
    )
    known = full.con.execute(
        f"SELECT {columns} FROM awards_as_of(TIMESTAMPTZ '{instant} 00:00+08' - INTERVAL 1 SECOND) ORDER BY award_key"
    )
    held = then.con.execute(f"SELECT {columns} FROM award_states WHERE valid_to IS NULL ORDER BY award_key")
    assert known.fetchall() == held.fetchall()
