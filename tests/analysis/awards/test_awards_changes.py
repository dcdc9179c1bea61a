"""What corrections, cancellations and new rounds do to an award: one test a rule of docs/awards.md."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.market import Market, candidates, day, lot, yuan

pytestmark = pytest.mark.slow

ABOUT: dict[str, Any] = {"number": "ZB-2025-0001", "name": "政务大模型平台建设项目", "buyer": "某市数据局"}


@pytest.fixture
def market() -> Market:
    made = Market()
    made.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
    return made


def two_lots() -> Market:
    made = Market()
    made.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1, numbered=True),
                lot("20.00", "乙公司", no=2, numbered=True), **ABOUT)  # fmt: skip
    return made


class TestCorrections:
    def test_a_correction_replaces_the_price_and_not_the_month(self, market: Market) -> None:
        market.notice("ccgp:2", "correction", "2025-08-05", lot("90.00"), **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"], award["awarded_on"]) == (
            yuan("90"),
            ["甲公司"],
            day("2025-07-01"),
        )

    def test_a_correction_replaces_the_winner_and_leaves_the_price(self, market: Market) -> None:
        market.notice("ccgp:2", "correction", "2025-07-05", lot(None, "甲科技公司"), **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"]) == (yuan("100"), ["甲科技公司"])

    def test_a_correction_of_one_lot_leaves_the_others(self) -> None:
        market = two_lots()
        market.notice("ccgp:2", "correction", "2025-07-05", lot("25.00", no=2, numbered=True), **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("35")

    def test_a_correction_that_takes_the_result_back_voids_the_award(self, market: Market) -> None:
        market.notice("ccgp:2", "correction", "2025-07-10", cancels=True, **ABOUT)
        award = market.only_award()
        assert (award["status"], award["amount_yuan"]) == ("void", yuan("100"))

    def test_a_correction_can_take_one_lot_back(self) -> None:
        market = two_lots()
        market.notice("ccgp:2", "correction", "2025-07-10", lot(no=2, numbered=True, failed=True), **ABOUT)
        award = market.only_award()
        assert (award["status"], award["amount_yuan"]) == ("awarded", yuan("10"))

    def test_the_candidates_say_which_lots_of_the_result_are_about_large_models(self) -> None:
        market = Market()
        market.notice("cmcc:1", "candidate", "2025-07-01", candidates(("甲公司", "9.00"), no=1, name="大模型平台", large=True),
                      candidates(("乙公司", "5.00"), no=2, name="办公桌椅", large=False), **ABOUT)  # fmt: skip
        market.notice("cmcc:2", "award", "2025-07-08", lot("9.00", "甲公司", no=1), lot("5.00", "乙公司", no=2),
                      large=False, **ABOUT)  # fmt: skip
        assert market.only_award()["amount_yuan"] == yuan("9")

    def test_a_correction_may_number_the_lots_that_the_result_only_listed(self) -> None:
        market = Market()
        market.notice(
            "ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1), lot("20.00", "乙公司", no=2), **ABOUT
        )
        market.notice("ccgp:2", "correction", "2025-07-05", lot("5.00", "丙公司", no=2, numbered=True), **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"]) == (yuan("15"), ["甲公司", "丙公司"])

    def test_a_correction_that_only_mends_the_agency_fee_changes_nothing(self, market: Market) -> None:
        market.notice("ccgp:2", "correction", "2025-07-05", **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("100")

    def test_a_correction_of_the_tender_before_the_result_changes_nothing(self, market: Market) -> None:
        market.notice("ccgp:0", "correction", "2025-06-05", lot("500.00"), **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("100")

    def test_a_late_copy_of_the_uncorrected_result_does_not_undo_the_correction(self, market: Market) -> None:
        market.notice("ccgp:2", "correction", "2025-07-05", lot("90.00"), **ABOUT)
        market.notice("ggzy:1", "award", "2025-07-08", lot("100.00", "甲公司"), **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("90")

    def test_a_result_published_again_as_corrected_replaces_the_first(self, market: Market) -> None:
        market.notice("ccgp:2", "award", "2025-07-05", lot("80.00", "乙公司"), replaces=["（更正后）"], **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"], award["awarded_on"]) == (
            yuan("80"),
            ["乙公司"],
            day("2025-07-01"),
        )

    def test_a_page_that_changed_in_its_place_counts_as_it_stands_now(self, market: Market) -> None:
        market.notice("ccgp:1", "award", "2025-07-01", lot("95.00", "甲公司"), seen="2025-07-09", version="2", **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("95")

    def test_corrections_of_one_day_apply_after_the_result_whichever_was_seen_first(self) -> None:
        market = Market()
        market.notice("ccgp:2", "correction", "2025-07-01", lot("90.00"), seen="2025-07-01 08:00", **ABOUT)
        market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), seen="2025-07-01 09:00", **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("90")


class TestVoids:
    def test_a_cancelled_result_is_void(self, market: Market) -> None:
        market.notice("ccgp:2", "failed", "2025-07-20", cancels=True, **ABOUT)
        award = market.only_award()
        assert (award["status"], award["amount_yuan"]) == ("void", yuan("100"))

    def test_a_plain_failure_after_the_result_voids_nothing(self, market: Market) -> None:
        market.notice("ccgp:2", "failed", "2025-07-20", **ABOUT)
        assert market.only_award()["status"] == "awarded"

    def test_a_failure_before_the_result_is_a_former_round_and_voids_nothing(self, market: Market) -> None:
        market.notice("ccgp:0", "failed", "2025-06-01", cancels=True, **ABOUT)
        assert market.only_award()["status"] == "awarded"

    def test_a_later_result_with_another_winner_revives_the_award_in_its_first_month(self, market: Market) -> None:
        market.notice("ccgp:2", "failed", "2025-07-20", cancels=True, **ABOUT)
        market.notice("ccgp:3", "award", "2025-08-20", lot("80.00", "乙公司"), **ABOUT)
        award = market.only_award()
        assert (award["status"], award["suppliers"], award["amount_yuan"]) == ("awarded", ["乙公司"], yuan("80"))
        assert award["awarded_on"] == day("2025-07-01")

    def test_a_late_copy_of_the_cancelled_result_does_not_revive_it(self, market: Market) -> None:
        market.notice("ccgp:2", "failed", "2025-07-20", cancels=True, **ABOUT)
        market.notice("ggzy:1", "award", "2025-07-22", lot("100.00", "甲公司"), **ABOUT)
        assert market.only_award()["status"] == "void"

    def test_a_copy_of_the_second_result_does_not_revive_the_first_beside_it(self, market: Market) -> None:
        market.notice("ccgp:2", "failed", "2025-07-05", cancels=True, **ABOUT)
        market.notice("zcy:1", "award", "2025-07-10", lot("100.00", "甲公司", no=1, numbered=True), **ABOUT)
        market.notice("ccgp:3", "award", "2025-08-01", lot("90.00", "乙公司"), **ABOUT)
        market.notice("zcy:4", "award", "2025-08-03", lot("90.00", "乙公司", no=1, numbered=True), **ABOUT)
        award = market.only_award()
        assert (award["status"], award["amount_yuan"], award["suppliers"]) == ("awarded", yuan("90"), ["乙公司"])

    def test_a_cancellation_of_one_lot_voids_that_lot_only(self) -> None:
        market = two_lots()
        market.notice(
            "ccgp:2", "failed", "2025-07-20", lot(None, no=1, numbered=True, failed=True), cancels=True, **ABOUT
        )
        award = market.only_award()
        assert (award["status"], award["amount_yuan"], award["suppliers"]) == ("awarded", yuan("20"), ["乙公司"])

    def test_a_voided_lot_that_is_won_anew_counts_with_the_new_winner(self) -> None:
        market = two_lots()
        market.notice(
            "ccgp:2", "failed", "2025-07-20", lot(None, no=1, numbered=True, failed=True), cancels=True, **ABOUT
        )
        market.notice("ccgp:3", "award", "2025-08-20", lot("15.00", "丙公司", no=1, numbered=True), **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"]) == (yuan("35"), ["丙公司", "乙公司"])

    def test_a_cancellation_of_a_lot_that_was_not_won_voids_nothing(self) -> None:
        market = two_lots()
        market.notice(
            "ccgp:2", "failed", "2025-07-20", lot(None, no=3, numbered=True, failed=True), cancels=True, **ABOUT
        )
        assert market.only_award()["amount_yuan"] == yuan("30")

    def test_a_cancellation_on_another_portal_voids_too(self, market: Market) -> None:
        market.notice("ggzy:1", "failed", "2025-07-20", cancels=True, name=ABOUT["name"], buyer=ABOUT["buyer"])
        assert market.only_award()["status"] == "void"

    def test_a_project_that_ends_after_its_candidates_is_void(self) -> None:
        market = Market()
        market.notice("ccgp:1", "candidate", "2025-07-01", candidates(("甲公司", "9.00")), **ABOUT)
        market.notice("ccgp:2", "failed", "2025-07-05", **ABOUT)
        assert market.only_award()["status"] == "void"


class TestRounds:
    def test_a_project_that_failed_first_counts_when_it_is_won(self) -> None:
        market = Market()
        market.notice("ccgp:1", "failed", "2025-06-01", lot(None, failed=True), **ABOUT)
        market.notice(
            "ccgp:2", "award", "2025-07-01", lot("90.00", "甲公司"), **ABOUT | {"name": ABOUT["name"] + "（二次）"}
        )
        award = market.only_award()
        assert (award["status"], award["awarded_on"]) == ("awarded", day("2025-07-01"))

    def test_a_second_round_under_another_number_leaves_one_award_that_counts(self, market: Market) -> None:
        market.notice("ccgp:2", "failed", "2025-07-20", cancels=True, **ABOUT)
        market.notice("ccgp:3", "award", "2025-08-20", lot("80.00", "乙公司"), **ABOUT | {"number": "ZB-2025-0001-2"})
        found = {a["project_number"]: a["status"] for a in market.resolve().awards()}
        assert found == {"ZB-2025-0001": "void", "ZB-2025-0001-2": "awarded"}

    def test_the_round_in_a_name_does_not_part_two_portals(self) -> None:
        market = Market()
        market.notice(
            "ccgp:1",
            "award",
            "2025-07-01",
            lot("9.00", "甲公司"),
            number="N-2025-0001-2",
            name="大模型平台（二次）",
            buyer="某局",
        )
        market.notice(
            "ggzy:1", "award", "2025-07-02", lot("9.00", "甲公司"), number="E440300001", name="大模型平台", buyer="某局"
        )
        assert len(market.resolve().awards()) == 1

    def test_a_lot_that_failed_and_is_won_later_joins_the_award(self) -> None:
        market = Market()
        market.notice("ccgp:1", "award", "2025-07-01", lot("10.00", "甲公司", no=1, numbered=True),
                      lot(None, no=2, numbered=True, failed=True), **ABOUT)  # fmt: skip
        market.notice("ccgp:2", "award", "2025-08-01", lot("20.00", "乙公司", no=2, numbered=True), **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], award["awarded_on"]) == (yuan("30"), day("2025-07-01"))


class TestReplacedResults:
    """A second result in place of the first: 递补, 顺延, 放弃, 重新评审, 质疑成立."""

    @pytest.fixture
    def market(self) -> Market:
        market = Market()
        market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
        return market

    def test_a_result_that_says_why_replaces_the_only_winner(self, market: Market) -> None:
        market.notice("ccgp:2", "award", "2025-07-05", lot("80.00", "乙公司"), replaces=["由乙公司递补"], **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], award["suppliers"]) == (yuan("80"), ["乙公司"])

    def test_a_second_result_without_a_word_adds_its_lot(self, market: Market) -> None:
        market.notice("ccgp:2", "award", "2025-07-05", lot("80.00", "乙公司"), **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("180")

    def test_the_lot_whose_winner_is_named_is_replaced_and_the_others_stay(self, market: Market) -> None:
        market.notice("ccgp:2", "award", "2025-07-02", lot("50.00", "丙公司"), **ABOUT)
        market.notice("ccgp:3", "award", "2025-07-05", lot("80.00", "乙公司"), replaces=["原中标人甲公司放弃"], **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], sorted(award["suppliers"])) == (yuan("130"), ["丙公司", "乙公司"])

    def test_a_correction_without_a_lot_changes_the_lot_whose_old_winner_it_names(self, market: Market) -> None:
        market.notice("ccgp:2", "award", "2025-07-02", lot("50.00", "丙公司"), **ABOUT)
        words = ["供应商名称：丙公司，中标金额：50元", "更正为：供应商名称：乙公司，中标金额：60元"]
        market.notice("ccgp:3", "correction", "2025-07-05", lot("60.00", "乙公司"), replaces=words, **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], sorted(award["suppliers"])) == (yuan("160"), ["乙公司", "甲公司"])

    def test_a_correction_without_a_lot_changes_the_lot_whose_old_price_it_names(self, market: Market) -> None:
        market.notice("ccgp:2", "award", "2025-07-02", lot("5000.00", "丙公司"), **ABOUT)
        words = ["原中标金额：0.5（万元），现更正为0.6（万元）"]
        market.notice("ccgp:3", "correction", "2025-07-05", lot("6000.00"), replaces=words, **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("6100")


class TestWithdrawnPrices:
    """A rate or a unit price takes the place of a price."""

    @pytest.fixture
    def market(self) -> Market:
        market = Market()
        market.notice("ccgp:0", "candidate", "2025-06-25", candidates(("甲公司", "100.00")), **ABOUT)
        market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **ABOUT)
        return market

    @pytest.mark.parametrize("kind", ["rate", "unit_price"])
    def test_the_price_goes_and_the_old_quote_does_not_bring_it_back(self, market: Market, kind: str) -> None:
        market.notice("ccgp:2", "correction", "2025-07-05", lot(amount_kind=kind), **ABOUT)
        award = market.only_award()
        assert (award["amount_yuan"], award["disclosed"], award["suppliers"]) == (None, False, ["甲公司"])

    def test_a_late_copy_of_the_old_result_does_not_bring_it_back(self, market: Market) -> None:
        market.notice("ccgp:2", "correction", "2025-07-05", lot(amount_kind="rate"), **ABOUT)
        market.notice("ggzy:1", "award", "2025-07-08", lot("100.00", "甲公司"), **ABOUT)
        assert market.only_award()["amount_yuan"] is None

    def test_a_correction_that_says_nothing_of_the_price_keeps_it(self, market: Market) -> None:
        market.notice("ccgp:2", "correction", "2025-07-05", lot(None, "甲公司"), **ABOUT)
        assert market.only_award()["amount_yuan"] == yuan("100")
