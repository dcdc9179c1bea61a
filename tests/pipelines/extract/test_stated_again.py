"""A winner that is named in several places, with candidates before it, and prices away from the names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.helpers.award_pages import read_result, table, won_lots

_FIRST, _SECOND, _THIRD = "青山软件有限公司", "白水数据股份有限公司", "红叶智能科技有限公司"
_RANKED = (
    f"第一中标候选人：{_FIRST}，投标报价：3180000.00元，得分：91.2\n第二中标候选人：{_SECOND}，投标报价：2950000.00元"
)


@pytest.mark.parametrize(
    "winner",
    [
        f"经采购人确认，中标人为：{_FIRST}，中标金额：318.00万元。",
        f"中标人：{_FIRST}\n中标金额：318.00万元",
        f"中标供应商：{_FIRST}\n中标价：3180000元",
        f"中标人：{_FIRST}",
        f"确定{_FIRST}为中标人，中标金额为318万元。",
    ],
    ids=["sentence with a label", "labels", "other labels", "no price", "sentence"],
)
def test_the_first_candidate_and_the_winner_are_one_lot(winner: str) -> None:
    assert won_lots(read_result(f"{_RANKED}\n四、定标结果\n{winner}")) == [([_FIRST], Decimal(3_180_000))]


def test_the_price_of_the_winner_counts_and_not_the_quote() -> None:
    notice = read_result(f"{_RANKED}\n四、定标结果\n中标人：{_FIRST}\n中标金额：315万元")
    assert won_lots(notice) == [([_FIRST], Decimal(3_150_000))]


@pytest.mark.parametrize(
    "winner",
    [
        f"因第一中标候选人放弃，确定第二中标候选人{_SECOND}为中标人，中标金额2950000元",
        f"第一中标候选人放弃中标资格，现确定{_SECOND}为本项目中标供应商，中标金额为295万元。",
        f"第一中标候选人放弃，确定第二中标候选人{_SECOND}为中标人。",
        f"中标人：{_SECOND}\n中标金额：295万元",
    ],
    ids=["second candidate", "by name", "price in the ranking", "labels"],
)
def test_the_second_candidate_wins_if_the_first_gave_up(winner: str) -> None:
    assert won_lots(read_result(f"{_RANKED}\n四、定标结果\n{winner}")) == [([_SECOND], Decimal(2_950_000))]


@pytest.mark.parametrize(
    "line",
    [f"4、第二候选人：{_SECOND}", f"4、第二中标候选人：{_SECOND}", f"4、备选供应商：{_SECOND}"],
)
def test_whoever_comes_second_is_no_winner(line: str) -> None:
    lines = [f"1、成交供应商：{_FIRST}", "2、成交供应商地址：某市", "3、成交金额：88.5万元", line]
    assert won_lots(read_result("\n".join(lines))) == [([_FIRST], Decimal(885_000))]


def test_a_recommended_second_candidate_does_not_replace_the_first() -> None:
    sentence = f"评审委员会推荐{_FIRST}为第一中标候选人，推荐{_SECOND}为本项目第二中标候选人。"
    assert [names for names, _ in won_lots(read_result(f"{_RANKED}\n{sentence}"))] == [[_FIRST]]


def test_the_price_below_a_table_of_shares_is_that_of_the_lot() -> None:
    shares = table(["序号", "入围供应商名称", "中标份额"], ["1", _FIRST, "60%"], ["2", _SECOND, "40%"])
    notice = read_result(f"{shares}<p>中标（成交）金额：765.4321万元</p>")
    assert won_lots(notice) == [([_FIRST, _SECOND], Decimal(7_654_321))]


def test_several_prices_below_a_table_of_shares_belong_to_nobody() -> None:
    shares = table(["序号", "入围供应商名称", "中标份额"], ["1", _FIRST, "60%"], ["2", _SECOND, "40%"])
    notice = read_result(f"{shares}<p>中标金额：765万元</p><p>中标金额：612万元</p>")
    assert won_lots(notice) == [([_FIRST, _SECOND], None)]


@pytest.mark.parametrize(
    "price",
    ["包1：1200000元；包2：1800000元", "包一：120万元；包二：180万元", "第1包：120万元，第2包：180万元"],
)
def test_prices_by_package_are_those_of_the_only_winner(price: str) -> None:
    notice = read_result(f"中标供应商：{_FIRST}\n中标金额：{price}")
    assert won_lots(notice) == [([_FIRST], Decimal(1_200_000)), ([_FIRST], Decimal(1_800_000))]


def test_packages_in_one_line_are_parted() -> None:
    notice = read_result(f"标段一：{_FIRST}，1200000元；标段二：{_SECOND}，1800000元。")
    assert won_lots(notice) == [([_FIRST], Decimal(1_200_000)), ([_SECOND], Decimal(1_800_000))]


@pytest.mark.parametrize(
    ("sentence", "yuan"),
    [
        (f"经评审并报采购人确认，{_FIRST}以97.4512万元的价格中标本项目。", 974_512),
        (f"经评审，{_FIRST}以总价￥974512元成交。", 974_512),
        (f"经评审，{_FIRST}以974512元（大写：玖拾柒万肆仟伍佰壹拾贰元整）中标。", 974_512),
        (f"根据评审，确定{_FIRST}为本项目中标人，中标价格为人民币贰拾万元整（¥200000.00）。", 200_000),
        (f"确定{_FIRST}为成交供应商，成交金额为大写：贰拾万元整。", 200_000),
        (f"中标人：{_FIRST}（200000.00元）", 200_000),
        (f"中标人：{_FIRST}，￥200000.00", 200_000),
        (f"中标人：{_FIRST}（人民币20万元整）", 200_000),
    ],
)
def test_a_sentence_or_a_bracket_has_the_price(sentence: str, yuan: int) -> None:
    assert won_lots(read_result(sentence)) == [([_FIRST], Decimal(yuan))]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("采购已结束，成交供应商为远山通信股份有限公司松岭分公司，成交价为20万元。", "远山通信股份有限公司松岭分公司"),
        ("经评审，确定远山通信有限公司松岭市分公司为中标人，中标价为20万元。", "远山通信有限公司松岭市分公司"),
        ("本项目的中选人为：远山通信有限公司软件研究院，中选金额为20万元。", "远山通信有限公司软件研究院"),
        ("成交供应商为远山通信有限公司，成交价为20万元。", "远山通信有限公司"),
    ],
)
def test_a_branch_is_part_of_the_name(sentence: str, name: str) -> None:
    assert won_lots(read_result(sentence)) == [([name], Decimal(200_000))]
