"""One project as several portals tell it: lots in notices of their own, second rounds, numbers that portals give."""

from __future__ import annotations

import pytest

from tests.helpers.market import Market, candidates, day, lot, yuan

pytestmark = pytest.mark.slow

PLATFORM = "政务大模型平台建设"
BUREAU = "某市数据局"


@pytest.fixture
def market() -> Market:
    return Market()


def test_a_notice_of_one_lot_without_number_belongs_to_the_project_that_bears_the_whole_name(market: Market) -> None:
    first, second = lot("60.00", "甲公司", name="平台软件"), lot("30.00", "乙公司", name="配套服务")
    market.notice("ccgp:2", "award", "2025-07-08", second, number="ZB-2025-0001", name=PLATFORM, buyer=BUREAU)
    market.notice("ggzy:1", "award", "2025-07-01", first, name=f"{PLATFORM} 包1（平台软件）", buyer=BUREAU)
    market.notice("ggzy:2", "award", "2025-07-08", second, name=f"{PLATFORM} 包2（配套服务）", buyer=BUREAU)
    award = market.only_award()
    assert (award["amount_yuan"], award["awarded_on"]) == (yuan("90"), day("2025-07-01"))
    assert award["suppliers"] == ["甲公司", "乙公司"]


def test_two_lots_that_were_tendered_as_projects_of_their_own_stay_apart(market: Market) -> None:
    for number, portal in ((1, "ccgp"), (2, "ccgp"), (1, "ggzy"), (2, "ggzy")):
        market.notice(
            f"{portal}:{number}", "award", f"2025-07-0{number}", lot(f"{number}0.00", f"第{number}公司"),
            name=f"{PLATFORM}标段{number}", buyer=BUREAU, number=f"ZB-2025-000{number}" if portal == "ccgp" else None,
        )  # fmt: skip
    awards = market.resolve().awards()
    assert [award["amount_yuan"] for award in awards] == [yuan("10"), yuan("20")]
    assert [award["portals"] for award in awards] == [["ccgp", "ggzy"]] * 2


def test_a_second_round_named_so_in_the_project_name_is_the_same_project(market: Market) -> None:
    market.notice("ccgp:1", "failed", "2025-07-01", number="ZB-2025-0001", name=f"{PLATFORM}", buyer=BUREAU)
    market.notice(
        "ccgp:2", "award", "2025-07-20", lot("90.00", "甲公司"), number="ZB-2025-0001", name=PLATFORM, buyer=BUREAU
    )
    market.notice(
        "ggzy:2", "award", "2025-07-22", lot("90.00", "甲公司"), name=f"{PLATFORM}采购项目（二次）", buyer=BUREAU
    )
    assert market.only_award()["notice_keys"] == ["ccgp:1", "ccgp:2", "ggzy:2"]


def test_the_result_of_a_second_tender_replaces_the_first_though_nobody_published_its_cancellation(
    market: Market,
) -> None:
    about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
    market.notice("ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), **about)
    market.notice("ggzy:1", "award", "2025-07-02", lot("90.00", "甲公司"), **about)
    market.notice(
        "ccgp:2", "award", "2025-08-01", lot("95.00", "乙公司"), title=f"{PLATFORM}（重新招标）中标公告", **about
    )
    market.notice(
        "ggzy:2", "award", "2025-08-02", lot("95.00", "乙公司"), title=f"{PLATFORM}（重新招标）中标公告", **about
    )
    award = market.only_award()
    assert (award["amount_yuan"], award["suppliers"], award["awarded_on"]) == (
        yuan("95"),
        ["乙公司"],
        day("2025-07-01"),
    )


def test_the_second_tender_of_a_lot_that_had_failed_adds_that_lot(market: Market) -> None:
    about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
    market.notice("ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), lot(no=2, failed=True), **about)
    market.notice("ccgp:2", "award", "2025-08-01", lot("95.00", "乙公司"), title=f"{PLATFORM}（二次）中标公告", **about)
    assert market.only_award()["amount_yuan"] == yuan("185")


def test_a_bare_serial_is_no_number_so_a_correction_finds_its_project_by_name(market: Market) -> None:
    plans = ((PLATFORM, "11026225210225955899", "90.00", "80.00"), ("档案系统运维", "11999", "7.00", "6.00"))
    for name, plan, price, mended in plans:
        about = {"name": name, "buyer": BUREAU}
        market.notice(f"ccgp:{plan}", "award", "2025-07-01", lot(price, "甲公司"), number=f"{plan}-XM001", **about)
        market.notice(f"ccgp:{plan}c", "correction", "2025-07-05", lot(mended, "甲公司"), number="XM001", **about)
    assert sorted(award["amount_yuan"] for award in market.resolve().awards()) == [yuan("6"), yuan("80")]


def test_a_correction_that_bears_only_the_platforms_own_number_finds_its_project(market: Market) -> None:
    about = {"name": PLATFORM, "buyer": BUREAU}
    market.notice(
        "szggzy:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="SZCG-2025-087653",
        platform_number_key="SZZXDL202514719", **about,
    )  # fmt: skip
    market.notice("ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="CHDYCG2025000820", **about)
    market.notice("szggzy:2", "correction", "2025-07-09", lot("80.00", "甲公司"), number="SZZXDL202514719", **about)
    award = market.only_award()
    assert award["amount_yuan"] == yuan("80")


def test_the_platforms_number_does_not_join_what_two_numbers_of_one_portal_keep_apart(market: Market) -> None:
    for number in (1, 2):
        market.notice(
            f"szggzy:{number}", "award", "2025-07-01", lot(f"{number}0.00", "甲公司"), number=f"SZCG-2025-08765{number}",
            platform_number_key=f"SZZXDL20251471{number}", name=PLATFORM, buyer=BUREAU,
        )  # fmt: skip
    assert len(market.resolve().awards()) == 2


def test_the_same_name_at_two_branches_and_in_two_phases_is_four_awards(market: Market) -> None:
    for portal in ("ccgp", "cmcc"):
        for branch in ("广州分公司", "深圳分公司"):
            for phase in ("（一期）", "（二期）"):
                market.notice(
                    f"{portal}:{branch}{phase}", "award", "2025-07-01", lot("10.00", "甲公司"), name=PLATFORM + phase,
                    buyer=f"中国移动通信集团广东有限公司{branch}",
                )  # fmt: skip
    awards = market.resolve().awards()
    assert len(awards) == 4
    assert all(award["portals"] == ["ccgp", "cmcc"] for award in awards)


def test_the_quotes_of_those_who_share_a_lot_add_up_and_a_missing_one_makes_the_sum_partial(market: Market) -> None:
    about = {"name": PLATFORM, "buyer": BUREAU}
    offers = (("甲公司", "60.00"), ("乙公司", "38.00"), ("丙公司", "99.00"))
    market.notice("cmcc:1", "candidate", "2025-07-01", candidates(*offers), **about)
    market.notice("cmcc:2", "award", "2025-07-05", lot(None, "甲公司", "乙公司", role="shared"), **about)
    award = market.only_award()
    assert (award["amount_yuan"], award["amount_partial"]) == (yuan("98"), False)
    market.notice(
        "cmcc:3",
        "candidate",
        "2025-07-01",
        candidates(("甲公司", "60.00"), ("乙公司", None)),
        name="智算云服务",
        buyer=BUREAU,
    )
    market.notice(
        "cmcc:4", "award", "2025-07-05", lot(None, "甲公司", "乙公司", role="shared"), name="智算云服务", buyer=BUREAU
    )
    [other] = [award for award in market.resolve().awards() if award["project_name"] == "智算云服务"]
    assert (other["amount_yuan"], other["amount_partial"]) == (yuan("60"), True)


def test_a_late_copy_of_a_corrected_result_on_another_portal_brings_the_old_winner_not_back(market: Market) -> None:
    about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
    market.notice("ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司", numbered=True, name="平台"), **about)
    market.notice("ccgp:2", "correction", "2025-07-05", lot("80.00", "乙公司", numbered=True, name="平台"), **about)
    market.notice("ggzy:1", "award", "2025-07-06", lot("90.00", "甲公司"), **about)
    award = market.only_award()
    assert (award["amount_yuan"], award["suppliers"]) == (yuan("80"), ["乙公司"])


def test_the_only_lots_of_candidates_and_result_are_one_however_they_are_numbered(market: Market) -> None:
    about = {"name": f"{PLATFORM}第二标段", "buyer": BUREAU}
    market.notice(
        "chinaunicom:1", "candidate", "2025-07-01", candidates(("甲公司", "60.00"), no=2, numbered=True), **about
    )
    market.notice("chinaunicom:2", "award", "2025-07-05", lot(None, "甲公司", no=1, numbered=True), **about)
    assert market.only_award()["amount_yuan"] == yuan("60")


def test_of_two_projects_of_one_name_a_contract_belongs_to_the_one_with_its_price(market: Market) -> None:
    about = {"name": PLATFORM, "buyer": BUREAU}
    market.notice("ccgp:1", "award", "2025-07-01", lot("30.00", "甲公司"), number="ZB-2025-0001", **about)
    market.notice("ccgp:2", "award", "2025-07-18", lot("34.00", "甲公司"), number="ZB-2025-0002", **about)
    market.notice("ggzy:1", "contract", "2025-07-26", lot("30.00", "甲公司"), **about)
    assert [award["notice_keys"] for award in market.resolve().awards()] == [["ccgp:1", "ggzy:1"], ["ccgp:2"]]


def test_a_contracts_price_of_one_lot_does_not_fill_another_of_the_same_winner(market: Market) -> None:
    about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
    rate = lot(None, "甲公司", no=1, numbered=True, amount_kind="rate")
    market.notice("ccgp:1", "award", "2025-07-01", rate, lot("98.00", "甲公司", no=2, numbered=True), **about)
    market.notice("ggzy:1", "contract", "2025-07-20", lot(None, "甲公司"), lot("98.00", "甲公司", no=2), **about)
    award = market.only_award()
    assert (award["amount_yuan"], award["amount_partial"]) == (yuan("98"), True)


def test_a_copy_that_names_only_the_first_candidate_does_not_lose_the_others(market: Market) -> None:
    about = {"name": PLATFORM, "buyer": BUREAU}
    market.notice("yichang:1", "candidate", "2025-07-01", candidates(("甲公司", "60.00"), ("乙公司", "61.00")), **about)
    market.notice("ggzy:1", "candidate", "2025-07-02", candidates(("甲公司", "60.00")), **about)
    assert market.only_award()["suppliers"] == ["甲公司", "乙公司"]


def test_a_late_copy_that_numbers_the_only_lot_brings_the_old_winner_not_back(market: Market) -> None:
    about = {"number": "ZB-2025-0001", "name": "招商大模型问答服务", "buyer": "某市商务局"}
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **about)
    market.notice("ccgp:2", "correction", "2025-07-05", lot("103.00", "乙公司"), **about)
    market.notice("zcy_guangxi:1", "award", "2025-07-09", lot("100.00", "甲公司", numbered=True), **about)
    award = market.only_award()
    assert (award["amount_yuan"], award["suppliers"]) == (yuan("103"), ["乙公司"])


def test_a_late_copy_without_prices_does_not_undo_the_correction_of_a_named_lot(market: Market) -> None:
    about = {"number": "ZB-2025-0001", "name": "大模型数据集加工服务", "buyer": "某市数据局"}
    lots = {"甲公司": "100.00", "乙公司": "20.00"}
    named = [lot(price, who, no=no, name=f"数据集{no}") for no, (who, price) in enumerate(lots.items(), 1)]
    market.notice("szggzy:1", "award", "2025-07-01", *named, **about)
    market.notice("szggzy:2", "correction", "2025-07-05", lot("25.00", "丙公司", no=2, name="数据集2"), **about)
    bare = [lot(None, who, no=no, name=f"数据集{no}") for no, who in enumerate(lots, 1)]
    market.notice("ccgp:1", "award", "2025-07-08", *bare, **about)
    award = market.only_award()
    assert (award["amount_yuan"], award["suppliers"]) == (yuan("125"), ["甲公司", "丙公司"])


def test_a_late_copy_does_not_undo_the_correction_of_a_price_that_the_first_result_had_left_out(market: Market) -> None:
    about = {"name": PLATFORM, "buyer": BUREAU}
    market.notice("ggzy:1", "award", "2025-07-01", lot(None, "甲公司"), **about)
    market.notice("ggzy:2", "correction", "2025-07-05", lot("97.00", "甲公司"), **about)
    market.notice("ccgp:1", "award", "2025-07-06", lot("100.00", "甲公司"), number="ZB-2025-0001", **about)
    assert market.only_award()["amount_yuan"] == yuan("97")


class TestNameAlone:
    """Notices that only share buyer and name, or not even the buyer."""

    def test_results_with_another_winner_and_another_price_stay_apart(self, market: Market) -> None:
        market.notice(
            "ggzy:1", "award", "2025-07-01", lot("31.00", "甲公司"), number="C-2025-34", name=PLATFORM, buyer=BUREAU
        )
        market.notice(
            "ccgp:1", "award", "2025-07-09", lot("45.00", "乙公司"), number="0701-21", name=PLATFORM, buyer=BUREAU
        )
        assert sorted(award["amount_yuan"] for award in market.resolve().awards()) == [yuan("31"), yuan("45")]

    @pytest.mark.parametrize(("amount", "firm"), [("31.00", "乙公司"), ("45.00", "甲公司"), (None, "乙公司")])
    def test_results_with_one_winner_or_one_price_are_one(self, market: Market, amount: str | None, firm: str) -> None:
        market.notice("ggzy:1", "award", "2025-07-01", lot("31.00", "甲公司"), name=PLATFORM, buyer=BUREAU)
        market.notice("ccgp:1", "award", "2025-07-09", lot(amount, firm), number="0701-21", name=PLATFORM, buyer=BUREAU)
        assert len(market.resolve().awards()) == 1

    def test_two_lots_of_one_name_are_one(self, market: Market) -> None:
        for no, amount, firm in ((1, "31.00", "甲公司"), (2, "45.00", "乙公司")):
            market.notice(
                f"ggzy:{no}",
                "award",
                "2025-07-01",
                lot(amount, firm, no=no, numbered=True),
                name=PLATFORM,
                buyer=BUREAU,
            )
        assert market.only_award()["amount_yuan"] == yuan("76")

    def test_a_new_result_on_another_portal_replaces_the_winner(self, market: Market) -> None:
        market.notice("ggzy:1", "award", "2025-07-01", lot("31.00", "甲公司"), name=PLATFORM, buyer=BUREAU)
        market.notice(
            "ccgp:1",
            "award",
            "2025-07-09",
            lot("45.00", "乙公司"),
            name=PLATFORM,
            buyer=BUREAU,
            replaces=["由乙公司递补"],
        )
        assert market.only_award()["suppliers"] == ["乙公司"]

    def test_candidates_without_a_buyer_join_the_result_that_one_of_them_won(self, market: Market) -> None:
        listed = candidates(("甲公司", "31.00"), ("乙公司", "45.00"))
        market.notice("cmcc:1", "candidate", "2025-07-01", listed, name=PLATFORM)
        market.notice("cmcc:2", "award", "2025-07-09", lot(None, "乙公司"), name=PLATFORM)
        award = market.only_award()
        assert (award["amount_yuan"], award["status"]) == (yuan("45"), "awarded")

    @pytest.mark.parametrize(
        ("portal", "firm", "name"),
        [("csg", "乙公司", PLATFORM), ("cmcc", "丙公司", PLATFORM), ("cmcc", "乙公司", "客服助手项目")],
    )
    def test_candidates_of_another_portal_winner_or_name_stay_apart(
        self, market: Market, portal: str, firm: str, name: str
    ) -> None:
        market.notice(
            "cmcc:1", "candidate", "2025-07-01", candidates(("甲公司", "31.00"), ("乙公司", "45.00")), name=PLATFORM
        )
        market.notice(f"{portal}:2", "award", "2025-07-09", lot(None, firm), name=name)
        assert len(market.resolve().awards()) == 2


@pytest.mark.parametrize("number", ["ZB-2025-0022包1", "ZB-2025-0022（第1包）", "ZB-2025-0022/1"])
def test_the_mark_of_a_lot_is_no_part_of_the_project_number(market: Market, number: str) -> None:
    market.notice("ccgp:1", "award", "2025-07-01", lot("31.00", "甲公司"), number=number, name=PLATFORM, buyer=BUREAU)
    market.notice(
        "ccgp:2", "award", "2025-07-02", lot("31.00", "甲公司"), number="ZB-2025-0022", name=PLATFORM, buyer=BUREAU
    )
    assert market.only_award()["amount_yuan"] == yuan("31")


def test_a_number_that_goes_on_is_another_project(market: Market) -> None:
    market.notice(
        "ccgp:1", "award", "2025-07-01", lot("31.00", "甲公司"), number="ZB-2025-0022", name=PLATFORM, buyer=BUREAU
    )
    market.notice(
        "ccgp:2", "award", "2025-07-02", lot("45.00", "乙公司"), number="ZB-2025-0022-1", name=PLATFORM, buyer=BUREAU
    )
    assert len(market.resolve().awards()) == 2


@pytest.mark.parametrize(
    ("copy", "awards"),
    [
        ("某市数据局政务大模型平台建设", 1),
        ("某市政务大模型平台建设", 1),
        ("关于2025年政务大模型平台建设", 1),
        ("关于某市数据局2025年度政务大模型平台建设", 1),
        ("二期政务大模型平台建设", 2),
        ("某县政务大模型平台建设", 2),
    ],
)
def test_another_portal_may_put_the_buyer_or_a_year_before_the_name(copy: str, awards: int) -> None:
    market = Market()
    about = {"buyer": "某市数据局"}
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), number="ZB-2025-0001",
                  name="政务大模型平台建设", **about)  # fmt: skip
    market.notice("ggzy:1", "award", "2025-07-03", lot("100.00", "甲公司"), name=copy, **about)
    assert len(market.resolve().awards()) == awards
