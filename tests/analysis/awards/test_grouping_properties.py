"""Properties of grouping, on random notices that share few buyers, names and numbers, so that many can be joined."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.awards.facts import LotFacts, NoticeFacts, Supplier
from analysis.awards.grouping import group_notices

NUMBERS = (None, "001", "2026-001", "GCHCD260669", "ZB20250001ABCDEF", "12345678901234567ZB20250001ABCDEF", "XM001")
NAMES = (
    None,
    "政务大模型平台",
    "政务大模型平台二次",
    "政务大模型平台包2配套服务",
    "政务大模型平台二期",
    "算力服务采购",
)
BUYERS = (None, "某市数据局", "某市数据局信息中心", "某银行杭州分行", "某银行宁波分行")


def notice(
    place: int, portal: str, kind: str, day: int, number: str | None, name: str | None, buyer: str | None, supplier: str
) -> NoticeFacts:
    winner = Supplier(supplier, supplier, None, "sole", 1, None)
    lot = LotFacts(1, 1, False, None, None, Decimal(100), None, True, False, (winner,))
    return NoticeFacts(
        key=f"{portal}:{place}",
        portal=portal,
        kind=kind,
        title=None,
        published_on=None,
        day=day,
        seen=place,
        first_seen=place,
        project_number=number,
        number_key=number,
        platform_number_key=None,
        project_name=name,
        name_key=name,
        buyer=buyer,
        buyer_key=buyer,
        buyer_vendor=None,
        buyer_kind=None,
        province=None,
        cancels_result=False,
        replacement_words="",
        is_retender=False,
        is_large_model=True,
        relevance=0.9,
        project_type=None,
        sector=None,
        subsector=None,
        evidence=None,
        lots=(lot,) if kind in ("award", "candidate") else (),
    )


DETAILS = st.tuples(
    st.sampled_from(("ccgp", "ggzy", "szggzy")),
    st.sampled_from(("tender", "candidate", "award", "correction", "contract")),
    st.integers(739_000, 739_120),
    st.sampled_from(NUMBERS),
    st.sampled_from(NAMES),
    st.sampled_from(BUYERS),
    st.sampled_from(("甲公司", "乙公司")),
)
NOTICES = st.lists(DETAILS, max_size=9).map(
    lambda details: [notice(place, *detail) for place, detail in enumerate(details)]
)


def partition(notices: list[NoticeFacts]) -> set[tuple[str, ...]]:
    return {tuple(notice.key for notice in group) for group in group_notices(notices)}


@settings(max_examples=40, deadline=None)
@given(NOTICES)
def test_each_notice_is_in_exactly_one_group(notices: list[NoticeFacts]) -> None:
    keys = [notice.key for group in group_notices(notices) for notice in group]
    assert sorted(keys) == sorted(notice.key for notice in notices)


@settings(max_examples=40, deadline=None)
@given(NOTICES, st.randoms(use_true_random=False))
def test_the_order_of_notices_changes_no_group(notices: list[NoticeFacts], random: Random) -> None:
    shuffled = list(notices)
    random.shuffle(shuffled)
    assert partition(shuffled) == partition(notices)


@settings(max_examples=40, deadline=None)
@given(NOTICES, st.sampled_from(("tender", "award")))
def test_an_unrelated_notice_changes_no_group(notices: list[NoticeFacts], kind: str) -> None:
    unrelated = notice(99, "ccgp", kind, 739_060, "QT99998888777766", "办公家具购置", "某县档案馆", "丙公司")
    assert partition([*notices, unrelated]) == partition(notices) | {(unrelated.key,)}
