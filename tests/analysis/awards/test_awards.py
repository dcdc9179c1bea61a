"""Which notices are one award: one test a rule of docs/awards.md, on hand-made notices."""

from __future__ import annotations

import pytest

from tests.helpers.market import Market, candidates, day, lot, yuan

pytestmark = pytest.mark.slow

PLATFORM = "政务大模型平台建设项目"
BUREAU = "某市数据局"


@pytest.fixture
def market() -> Market:
    return Market()


def count(market: Market) -> int:
    return len(market.resolve().awards())


class TestUnit:
    def test_a_tender_alone_is_no_award(self, market: Market) -> None:
        market.notice("ccgp:1", "tender", "2025-06-01", number="ZB-2025-0001", name=PLATFORM, buyer=BUREAU)
        market.notice("ccgp:2", "intention", "2025-05-01", name=PLATFORM, buyer=BUREAU)
        assert count(market) == 0

    def test_tender_candidates_and_result_of_one_number_are_one_award(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("ccgp:1", "tender", "2025-06-01", **about)
        market.notice(
            "ccgp:2", "candidate", "2025-06-28", candidates(("甲公司", "90.00"), ("乙公司", "95.00")), **about
        )
        market.notice("ccgp:3", "award", "2025-07-02", lot("90.00", "甲公司"), **about)
        award = market.only_award()
        assert award["notice_keys"] == ["ccgp:1", "ccgp:2", "ccgp:3"]
        assert (award["status"], award["amount_yuan"], award["suppliers"]) == ("awarded", yuan("90"), ["甲公司"])

    def test_one_number_written_in_two_ways_on_two_portals_is_one_award(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="ZB-2025-0001", name=PLATFORM, buyer=BUREAU
        )
        market.notice(
            "ggzy:1", "award", "2025-07-03", lot("90.00", "甲公司"), number="ZB2025(0001)", name=PLATFORM, buyer=BUREAU
        )
        award = market.only_award()
        assert award["amount_yuan"] == yuan("90")
        assert award["portals"] == ["ccgp", "ggzy"]

    def test_across_portals_one_buyer_and_one_name_within_30_days_are_one_award(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="N-2025-0001", name=PLATFORM, buyer=BUREAU
        )
        market.notice(
            "ggzy:1", "award", "2025-07-31", lot("90.00", "甲公司"), number="E4403000001", name=PLATFORM, buyer=BUREAU
        )
        assert market.only_award()["awarded_on"] == day("2025-07-01")

    def test_across_portals_one_buyer_and_one_name_31_days_apart_are_two_awards(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="N-2025-0001", name=PLATFORM, buyer=BUREAU
        )
        market.notice(
            "ggzy:1", "award", "2025-08-01", lot("90.00", "甲公司"), number="E4403000001", name=PLATFORM, buyer=BUREAU
        )
        assert count(market) == 2

    def test_a_chain_of_results_of_one_name_does_not_join_what_is_more_than_30_days_apart(self, market: Market) -> None:
        for i, on in enumerate(("2025-07-01", "2025-07-25", "2025-08-20")):
            market.notice(f"p{i}:1", "award", on, lot(f"{i + 1}.00", "甲公司"), name=PLATFORM, buyer=BUREAU)
        assert [a["awarded_on"] for a in market.resolve().awards()] == [day("2025-07-01"), day("2025-08-20")]

    def test_two_notices_of_one_portal_with_different_numbers_are_never_one_award(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="ZB-2025-0001", name=PLATFORM, buyer=BUREAU
        )
        market.notice(
            "ccgp:2", "award", "2025-07-01", lot("90.00", "甲公司"), number="ZB-2025-0002", name=PLATFORM, buyer=BUREAU
        )
        assert count(market) == 2

    def test_nor_are_they_through_a_notice_of_another_portal_that_has_no_number(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="ZB-2025-0001", name=PLATFORM, buyer=BUREAU
        )
        market.notice("ggzy:1", "award", "2025-07-02", lot("80.00", "乙公司"), name=PLATFORM, buyer=BUREAU)
        market.notice(
            "ccgp:2", "award", "2025-07-03", lot("80.00", "乙公司"), number="ZB-2025-0002", name=PLATFORM, buyer=BUREAU
        )
        awards = market.resolve().awards("project_number, notice_keys, awarded_on, award_key")
        assert [a["notice_keys"] for a in awards] == [["ccgp:1"], ["ggzy:1", "ccgp:2"]], "the one with the same winner"

    def test_a_number_that_many_buyers_have_joins_only_notices_of_one_buyer(self, market: Market) -> None:
        market.notice(
            "ccgp:1",
            "award",
            "2025-07-01",
            lot("90.00", "甲公司"),
            number="2026-001",
            name="大模型平台",
            buyer="某市数据局",
        )
        market.notice(
            "ggzy:1",
            "award",
            "2025-07-01",
            lot("80.00", "乙公司"),
            number="2026-001",
            name="校园智能体",
            buyer="某大学",
        )
        market.notice(
            "szggzy:1",
            "award",
            "2025-07-02",
            lot("90.00", "甲公司"),
            number="2026-001",
            name="大模型平台项目",
            buyer="某市数据局",
        )
        assert sorted(len(a["notice_keys"]) for a in market.resolve().awards()) == [1, 2]

    def test_one_long_number_with_two_spellings_of_the_buyer_is_one_award(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="GC-HCD260669", name=PLATFORM, buyer=BUREAU
        )
        market.notice("ggzy:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="GC-HCD260669", name=PLATFORM,
                      buyer="某市公共资源交易中心")  # fmt: skip
        assert count(market) == 1

    def test_a_number_with_the_portals_prefix_and_without_it_is_one_number(self, market: Market) -> None:
        long = "11266824210234836131-XM001"
        market.notice("ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number=long, name=PLATFORM, buyer=BUREAU)
        market.notice("ccgp:2", "failed", "2025-07-09", number="XM001", name=PLATFORM, buyer=BUREAU, cancels=True)
        assert market.only_award()["status"] == "void"

    def test_one_number_behind_two_prefixes_is_two_numbers(self, market: Market) -> None:
        for i, prefix in enumerate(("11266824210234836131", "11266824210234836132")):
            about = {"number": f"{prefix}-XM001", "name": PLATFORM, "buyer": BUREAU}
            market.notice(f"ccgp:{i}", "award", f"2025-07-0{i + 1}", lot("90.00", "甲公司"), **about)
        market.notice("ccgp:2", "failed", "2025-07-09", number="XM001", name=PLATFORM, buyer=BUREAU, cancels=True)
        assert [a["status"] for a in market.resolve().awards()] == ["awarded", "void"], "the nearer of the two"

    def test_one_number_given_by_two_agencies_to_other_buyers_and_projects_is_two_awards(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="ZB-2025-0001", name=PLATFORM, buyer=BUREAU
        )
        market.notice(
            "ggzy:1",
            "award",
            "2025-07-01",
            lot("90.00", "甲公司"),
            number="ZB-2025-0001",
            name="食堂承包",
            buyer="某中学",
        )
        assert count(market) == 2

    def test_branches_stay_apart_even_with_one_number_and_name(self, market: Market) -> None:
        for i, branch in enumerate(("某银行广州分行", "某银行深圳分行")):
            market.notice(
                f"p{i}:1",
                "award",
                "2025-07-01",
                lot("9.00", "甲公司"),
                number="YH2025-0001",
                name=PLATFORM,
                buyer=branch,
            )
        assert count(market) == 2

    @pytest.mark.parametrize(("one", "other"), [("智算平台一期", "智算平台二期"), ("2025年算力服务", "2026年算力服务")])
    def test_phases_and_years_stay_apart(self, market: Market, one: str, other: str) -> None:
        market.notice("ccgp:1", "award", "2025-12-20", lot("9.00", "甲公司"), name=one, buyer=BUREAU)
        market.notice("ggzy:1", "award", "2026-01-05", lot("9.00", "甲公司"), name=other, buyer=BUREAU)
        assert count(market) == 2

    def test_a_result_without_number_joins_the_one_of_its_portal_that_has_one(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("90.00", "甲公司"), number="ZB-2025-0001", name=PLATFORM, buyer=BUREAU
        )
        market.notice("ccgp:2", "award", "2025-07-02", lot("90.00", "甲公司"), name=PLATFORM, buyer=BUREAU)
        assert count(market) == 1

    def test_a_result_that_tells_nothing_but_its_winner_is_an_award_by_itself(self, market: Market) -> None:
        market.notice("a:1", "award", "2025-07-01", lot("1.00", "甲公司"))
        market.notice("a:2", "award", "2025-07-01", lot("1.00", "甲公司"))
        assert count(market) == 2

    def test_a_result_that_names_nobody_is_no_award(self, market: Market) -> None:
        market.notice("a:1", "award", "2025-07-01", lot(None, failed=True), number="ZB-2025-0001", buyer=BUREAU)
        assert count(market) == 0

    def test_a_contract_or_single_source_notice_makes_no_award_by_itself(self, market: Market) -> None:
        market.notice("a:1", "contract", "2025-07-01", lot("9.00", "甲公司"), number="ZB-2025-0001", buyer=BUREAU)
        market.notice("a:2", "single_source", "2025-07-01", lot("9.00", "甲公司"), number="ZB-2025-0002", buyer=BUREAU)
        assert count(market) == 0


class TestLots:
    def test_lots_published_one_a_notice_are_one_award_and_their_prices_add_up(self, market: Market) -> None:
        for i in range(1, 20):
            market.notice(f"ccgp:{i}", "award", "2026-08-05", lot(f"{i}000.00", f"供应商{i}", no=i, numbered=True),
                          number="HGSF-2026-07", name="电子数据库服务", buyer="某师范学院")  # fmt: skip
        award = market.only_award()
        assert award["amount_yuan"] == yuan("190000")
        assert len(award["suppliers"]) == 19

    def test_lots_without_number_or_name_won_by_different_suppliers_add_up(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司"), **about)
        market.notice("ccgp:2", "award", "2025-07-01", lot("20.00", "乙公司"), **about)
        assert market.only_award()["amount_yuan"] == yuan("30")

    def test_a_lot_told_again_on_another_portal_counts_once(self, market: Market) -> None:
        about = {"name": PLATFORM, "buyer": BUREAU}
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1, numbered=True), number="N-2025-0001", **about
        )
        market.notice(
            "ccgp:2", "award", "2025-07-01", lot("20.00", "乙公司", no=2, numbered=True), number="N-2025-0001", **about
        )
        market.notice(
            "ggzy:1", "award", "2025-07-02", lot("10.00", "甲公司", no=1), lot("20.00", "乙公司", no=2), **about
        )
        assert market.only_award()["amount_yuan"] == yuan("30")

    def test_two_lots_of_one_notice_with_one_winner_and_price_are_two(self, market: Market) -> None:
        market.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1), lot("10.00", "甲公司", no=2))
        assert market.only_award()["amount_yuan"] == yuan("20")

    @pytest.mark.parametrize("order", [("2025-07-01", "2025-07-02"), ("2025-07-02", "2025-07-01")])
    def test_another_portal_that_tells_all_lots_as_one_adds_nothing(
        self, market: Market, order: tuple[str, str]
    ) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("ccgp:1", "award", order[0], lot("10.00", "甲公司", no=1, numbered=True),
                      lot("20.00", "乙公司", no=2, numbered=True), **about)  # fmt: skip
        market.notice("ggzy:1", "award", order[1], lot("30.00", "甲公司", "乙公司", role="shared"), **about)
        assert market.only_award()["amount_yuan"] == yuan("30")

    def test_only_the_lots_about_large_models_make_the_price_and_the_winners(self, market: Market) -> None:
        market.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1, numbered=True, large=False),
                      lot("20.00", "乙公司", no=2, numbered=True, large=True))  # fmt: skip
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"], award["is_large_model"]) == (yuan("20"), ["乙公司"], True)
        counted = market.rows("SELECT lot_no, counted FROM award_lots ORDER BY seq")
        assert counted == [{"lot_no": 1, "counted": False}, {"lot_no": 2, "counted": True}]

    def test_where_the_large_model_lot_failed_the_award_is_not_about_large_models(self, market: Market) -> None:
        market.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1, numbered=True, large=False),
                      lot(None, no=2, numbered=True, large=True, failed=True))  # fmt: skip
        assert market.only_award()["is_large_model"] is False

    def test_where_the_project_is_about_large_models_all_its_lots_count(self, market: Market) -> None:
        market.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1, large=False),
                      lot("20.00", "乙公司", no=2, large=False), large=True)  # fmt: skip
        assert market.only_award()["amount_yuan"] == yuan("30")


class TestPrice:
    def test_a_lot_without_price_makes_the_amount_partial(self, market: Market) -> None:
        market.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1), lot(None, "乙公司", no=2))
        award = market.only_award()
        assert (award["amount_yuan"], award["amount_partial"], award["disclosed"]) == (yuan("10"), True, True)

    @pytest.mark.parametrize(
        ("amount", "kind"), [("97.00", "rate"), ("540.00", "unit_price"), ("0.00", "total"), (None, "undisclosed")]
    )
    def test_a_rate_a_unit_price_and_nought_disclose_nothing(
        self, market: Market, amount: str | None, kind: str
    ) -> None:
        market.notice("ccgp:1", "award", "2025-07-01", lot(amount, "甲公司", amount_kind=kind))
        award = market.only_award()
        assert (award["amount_yuan"], award["disclosed"], award["amount_partial"]) == (None, False, False)

    def test_a_price_on_any_portal_discloses_the_award(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("cmcc:1", "award", "2025-07-01", lot(None, "甲公司"), **about)
        market.notice("ggzy:1", "award", "2025-07-03", lot("90.00", "甲公司"), **about)
        assert market.only_award()["amount_yuan"] == yuan("90")

    def test_where_the_result_has_no_price_the_winners_own_quote_is_taken_whatever_its_rank(
        self, market: Market
    ) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice(
            "cmcc:1", "candidate", "2025-06-28", candidates(("甲公司", "90.00"), ("乙公司", "95.00")), **about
        )
        market.notice("cmcc:2", "award", "2025-07-01", lot(None, "乙公司"), **about)
        award = market.only_award()
        assert award["amount_yuan"] == yuan("95")
        assert award["evidence"]["amount_yuan"][0]["notice_key"] == "cmcc:1"

    def test_quotes_are_taken_lot_by_lot(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("cmcc:1", "candidate", "2025-06-28", candidates(("甲公司", "90.00"), no=1, numbered=True),
                      candidates(("甲公司", "70.00"), no=2, numbered=True), **about)  # fmt: skip
        market.notice("cmcc:2", "award", "2025-07-01", lot(None, "甲公司", no=1, numbered=True),
                      lot(None, "甲公司", no=2, numbered=True), **about)  # fmt: skip
        assert market.only_award()["amount_yuan"] == yuan("160")

    def test_a_contract_notice_discloses_the_price_of_its_award(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("ccgp:1", "award", "2025-07-01", lot(None, "甲公司"), **about)
        market.notice("ccgp:2", "contract", "2025-08-01", lot("88.00", "甲公司"), **about)
        award = market.only_award()
        assert (award["amount_yuan"], award["awarded_on"]) == (yuan("88"), day("2025-07-01"))

    def test_a_tender_budget_is_no_price(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("ccgp:1", "tender", "2025-06-01", lot("100.00"), **about)
        market.notice("ccgp:2", "award", "2025-07-01", lot(None, "甲公司"), **about)
        assert market.only_award()["amount_yuan"] is None

    def test_a_price_rounded_by_another_portal_does_not_replace_the_exact_one(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("ccgp:1", "award", "2025-07-01", lot("2080926.19", "甲公司"), **about)
        market.notice("ggzy:1", "award", "2025-07-03", lot("2080900.00", "甲公司"), **about)
        assert market.only_award()["amount_yuan"] == yuan("2080926.19")

    def test_a_price_without_tax_is_kept_as_published(self, market: Market) -> None:
        market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司", tax_included=False))
        award = market.only_award()
        assert (award["amount_yuan"], award["tax_included"]) == (yuan("100"), False)

    def test_the_prices_of_a_shared_lots_winners_add_up_where_the_lot_has_none(self, market: Market) -> None:
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot(None, "甲公司", "乙公司", role="shared", own=["70.00", "30.00"])
        )
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"]) == (yuan("100"), ["甲公司", "乙公司"])


class TestWinners:
    def test_of_a_consortium_all_members_win_the_lead_first(self, market: Market) -> None:
        market.notice(
            "ccgp:1",
            "award",
            "2025-07-01",
            lot("9.00", "甲公司", "乙公司", vendors={"甲公司": "阿里", "乙公司": "百度"}),
        )
        award = market.only_award()
        assert (award["suppliers"], award["vendors"]) == (["甲公司", "乙公司"], ["阿里", "百度"])

    def test_another_portal_that_names_only_the_lead_does_not_lose_the_members(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice("ccgp:1", "award", "2025-07-01", lot("9.00", "甲公司", "乙公司"), **about)
        market.notice("ggzy:1", "award", "2025-07-02", lot("9.00", "甲公司"), **about)
        assert market.only_award()["suppliers"] == ["甲公司", "乙公司"]

    def test_candidates_are_suppliers_only_while_there_is_no_result(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": PLATFORM, "buyer": BUREAU}
        market.notice(
            "ccgp:1", "candidate", "2025-06-28", candidates(("甲公司", "90.00"), ("乙公司", "95.00")), **about
        )
        award = market.only_award()
        assert (award["status"], award["suppliers"], award["awarded_on"]) == ("candidate", ["甲公司", "乙公司"], None)
        assert (award["amount_yuan"], award["disclosed"]) == (None, False)
        market.notice("ccgp:2", "award", "2025-07-02", lot("95.00", "乙公司"), **about)
        award = market.only_award()
        assert (award["status"], award["suppliers"]) == ("awarded", ["乙公司"])


class TestClasses:
    def test_the_results_own_words_come_before_the_tenders(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "buyer": BUREAU}
        market.notice(
            "ccgp:1", "tender", "2025-06-01", name="甲", project_type="data", province="广东", sector="other", **about
        )
        market.notice("ccgp:2", "award", "2025-07-01", lot("9.00", "甲公司"), name="乙", project_type="model", **about)
        award = market.only_award()
        assert (award["project_name"], award["project_type"]) == ("乙", "model")
        assert (award["province"], award["sector"]) == ("广东", "government")

    def test_what_only_the_tender_says_makes_the_award_one_about_large_models(self, market: Market) -> None:
        about = {"number": "ZB-2025-0001", "name": "信息化服务", "buyer": BUREAU}
        market.notice("ccgp:1", "tender", "2025-06-01", **about)
        market.notice("ccgp:2", "award", "2025-07-01", lot("9.00", "甲公司", large=False), large=False, **about)
        award = market.only_award()
        assert (award["is_large_model"], award["project_type"], award["relevance"]) == (True, "application", 0.9)
