"""Properties of awards that must hold whatever the notices say: on random histories of one or two projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.awards.facts import Award, LotFacts, NoticeFacts, Supplier
from analysis.awards.history import award_states
from tests.analysis.awards.test_grouping_properties import notice

pytestmark = pytest.mark.slow

FIRMS = ("甲公司", "乙公司", "丙公司")
PRICES = (None, Decimal(100), Decimal(200), Decimal(300))


def lot_facts(seq: int, firm: str, price: Decimal | None, *, numbered: bool) -> LotFacts:
    winner = Supplier(firm, firm, None, "sole", 1, None)
    return LotFacts(seq, seq, numbered, None, None, price, None, True, False, (winner,))


LOTS = st.lists(st.tuples(st.sampled_from(FIRMS), st.sampled_from(PRICES)), min_size=1, max_size=3)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("award", "award", "correction", "candidate", "failed", "contract")),
        st.sampled_from(("ccgp", "ggzy")),
        st.integers(739_000, 739_030),
        st.sampled_from(("ZB20250001ABCDEF", "ZB20250002ABCDEF", None)),
        st.sampled_from(("政务大模型平台建设", "政务大模型平台建设二次")),
        LOTS,
        st.booleans(),
        st.sampled_from(("", "原中标人甲公司放弃，由乙公司递补")),
    ),
    min_size=1,
    max_size=7,
)


def history(events: Sequence[tuple]) -> list[NoticeFacts]:
    """Return one version of one notice for each event, seen in the order of the events."""
    notices = []
    for place, (kind, portal, day, number, name, lots, numbered, words) in enumerate(events):
        facts = notice(place, portal, kind, day, number, name, "某市数据局", "甲公司")
        own_lots = tuple(lot_facts(seq, *given, numbered=numbered) for seq, given in enumerate(lots, 1))
        cancels = kind == "failed"
        own_lots = () if cancels else own_lots
        notices.append(replace(facts, lots=own_lots, cancels_result=cancels, replacement_words=words))
    return notices


def final_awards(notices: Sequence[NoticeFacts]) -> dict[str, Award]:
    return {state.award_key: state.award for state in award_states(list(notices)) if state.until is None}


def facts_of(award: Award) -> tuple[object, ...]:
    return (award.status, award.awarded_on, award.amount, award.partial, tuple(award.suppliers), tuple(award.rules))


def facts(notices: Sequence[NoticeFacts]) -> dict[str, tuple[object, ...]]:
    return {key: facts_of(award) for key, award in final_awards(notices).items()}


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_loading_changes_no_award(events: list[tuple], random: Random) -> None:
    notices = history(events)
    shuffled = list(notices)
    random.shuffle(shuffled)
    assert facts(shuffled) == facts(notices)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_an_unrelated_notice_changes_no_award(events: list[tuple]) -> None:
    notices = history(events)
    unrelated = replace(
        notice(99, "ccgp", "award", 739_010, "QT99998888777766", "办公家具购置", "某县档案馆", "丁公司"),
        lots=(lot_facts(1, "丁公司", Decimal(7), numbered=False),),
    )
    with_unrelated = facts([*notices, unrelated])
    assert {key: with_unrelated[key] for key in facts(notices)} == facts(notices)
    assert len(with_unrelated) == len(facts(notices)) + 1


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.data())
def test_reading_a_notice_twice_changes_no_award(events: list[tuple], data: st.DataObject) -> None:
    notices = history(events)
    assert facts([*notices, data.draw(st.sampled_from(notices))]) == facts(notices)


@settings(max_examples=60, deadline=None)
@given(LOTS, st.integers(0, 20))
def test_a_result_published_twice_counts_once(lots: list[tuple[str, Decimal | None]], later: int) -> None:
    event = ("award", "ccgp", 739_000, "ZB20250001ABCDEF", "政务大模型平台建设", lots, len(lots) > 1, "")
    twice = (*event[:2], 739_000 + later, *event[3:])
    (once,) = final_awards(history([event])).values()
    (both,) = final_awards(history([event, twice])).values()
    assert (both.amount, both.partial, both.suppliers) == (once.amount, once.partial, once.suppliers)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FIRMS), st.sampled_from(PRICES[1:])), min_size=1, max_size=4), st.data())
def test_a_result_split_into_notices_of_one_lot_adds_up(lots: list[tuple[str, Decimal]], data: st.DataObject) -> None:
    number, name = "ZB20250001ABCDEF", "政务大模型平台建设"
    (joint,) = final_awards(history([("award", "ccgp", 739_000, number, name, lots, True, "")])).values()
    parts = [
        replace(
            notice(seq, "ccgp", "award", 739_000 + seq, number, name, "某市数据局", firm),
            lots=(replace(lot_facts(1, firm, price, numbered=True), no=seq),),
        )
        for seq, (firm, price) in enumerate(lots, 1)
    ]
    (split,) = final_awards(data.draw(st.permutations(parts))).values()
    assert split.amount == joint.amount == sum(price for _, price in lots)
    assert sorted(split.suppliers) == sorted(joint.suppliers)
