"""Results in sentences, and candidates that nobody else outranks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.helpers.award_pages import read_result, won_lots

_A, _B, _C = "甲岭软件有限公司", "乙川信息股份有限公司", "丙泉科技有限公司"
_WON_BY_A = [([_A], Decimal("1200000.00"))]


@pytest.mark.parametrize(
    "sentence",
    [
        f"{_A}中标，中标价：120万元",
        f"由{_A}以人民币120万元成交。",
        f"经评审，{_A}以1200000元中标。",
        f"中标候选供应商名称：{_A}\n中标金额：1200000元",
        f"成交候选人：{_A}\n成交价：120万元",
    ],
)
def test_the_winner_of_a_sentence_has_its_price(sentence: str) -> None:
    assert won_lots(read_result(sentence)) == _WON_BY_A


@pytest.mark.parametrize(
    "sentence",
    [f"经评审，{_A}、{_B}、{_C}三家单位入围本项目。", f"{_A}、{_B}、{_C}入围。", f"{_A}、{_B}、{_C}等3家供应商均入围"],
)
def test_all_who_are_shortlisted_in_a_sentence_won(sentence: str) -> None:
    assert won_lots(read_result(sentence)) == [([_A, _B, _C], None)]


def test_several_candidates_without_a_rank_are_no_winners() -> None:
    assert won_lots(read_result(f"成交候选人：{_A}\n成交候选人：{_B}")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        f"确定由{_A}承担本项目，合同价格为人民币120万元。",
        f"本项目由{_A}承接，合同金额为120万元。",
        f"经评审，选定{_A}为本项目服务商，合同总价为120万元。",
    ],
)
def test_a_supplier_that_takes_on_the_project_has_won(sentence: str) -> None:
    assert won_lots(read_result(sentence)) == _WON_BY_A


def test_an_agency_that_runs_the_tender_has_not_won() -> None:
    assert won_lots(read_result("招标代理工作由甲岭招标有限公司承担。")) == []
