"""Results in labelled lines: every wording of the labels, and what else is on the line."""

from __future__ import annotations

import pytest

from pipelines.extract.layouts.labelled_lines import read_labelled_lines
from pipelines.extract.parties import split_parties
from pipelines.text.labelled_values import part_stuck_labels

_WINNER = "青山软件有限公司"


def _read(text: str) -> list[tuple[list[str], str | None]]:
    entries = read_labelled_lines(part_stuck_labels(text), candidates=False)
    return [
        (
            [party.name for party in split_parties(entry.supplier)],
            None if entry.amount.yuan is None else str(entry.amount.yuan),
        )
        for entry in entries
    ]


@pytest.mark.parametrize(
    ("winner", "price"),
    [
        ("供应商", "最终报价"),
        ("供应商全称", "最后总价"),
        ("厂商", "成交价格"),
        ("中标厂商", "中标额"),
        ("中标商", "中标总额"),
        ("中标公司名称", "中标合同价"),
        ("中标承包商", "签约合同价"),
        ("最终成交供应商", "最终成交金额"),
        ("定标供应商", "定标价"),
        ("入选供应商名称", "入选价格"),
        ("入围服务商名单", "入围总报价"),
        ("推荐中标人", "推荐中标价"),
        ("拟定供应商", "议定价格"),
        ("单一来源供应商", "成交价款"),
        ("单一来源采购供应商名称", "协商价格"),
        ("成功投标人", "合同总价"),
        ("选定应答人", "含税成交价"),
        ("受让方", "成交总额"),
        ("中标/成交供应商", "中标/成交金额"),
        ("中标或成交单位", "中标或成交价"),
        ("本项目成交人", "成交合计金额"),
        ("第一成交候选供应商", "响应报价"),
        ("排名第一的中标候选人", "投标价"),
        ("成 交 厂 商", "成 交 总 价"),
        ("中标供应商为", "中标金额为"),
        ("【中标供应商】", "【中标金额】"),
        ("● 中标供应商", "● 中标金额"),
        ("3）中标供应商", "4）中标金额"),
        ("①中标供应商", "②中标金额"),
        ("中标供应商 Winner", "中标价 Price"),
        ("中标供应商（Successful Bidder）", "中标价(CNY)"),
        ("Supplier 供应商名称", "Amount 金额"),
        ("中标人/成交人", "中标价/成交价"),
        ("获选供应商", "获选金额"),
        ("采购结果", "成交价"),
        ("卖方", "中标金额/元"),
    ],
)
@pytest.mark.parametrize("after_label", ["：", ": ", "\t"])
def test_winner_and_price_are_read_under_every_label(winner: str, price: str, after_label: str) -> None:
    text = f"{winner}{after_label}{_WINNER}\n{price}{after_label}1200000元"
    assert _read(text) == [([_WINNER], "1200000.00")]


@pytest.mark.parametrize(
    "text",
    [
        f"中标人 {_WINNER}\n中标价 ￥1200000元",
        f"供应商名称  {_WINNER}\n最终报价  壹佰贰拾万元整",
        f"【中标供应商】{_WINNER}\n【中标金额】1200000元",
        f"供应商：{_WINNER}，最终报价：1200000元。",
        f"入选厂商：{_WINNER}入选价格：1200000元",
        f"供应商名称：{_WINNER}最终报价：1200000元",
        f"中标商：{_WINNER}中标额：1200000元",
        f"【中标单位】{_WINNER}【中标金额】120万元",
        f"成交供应商名称及金额：{_WINNER}，1200000元",
    ],
)
def test_labels_without_a_colon_or_without_a_gap_are_read(text: str) -> None:
    assert _read(text) == [([_WINNER], "1200000.00")]


@pytest.mark.parametrize(
    "text",
    [
        "供应商：按照采购文件要求提交响应文件",
        "供应商 应当在开标前签到",
        "供应商：供应商名称",
        "中标供应商：中标金额",
        "成交单位：/",
        "未中标供应商：白水数据有限公司",
        "参加投标供应商：白水数据有限公司",
        "提醒各供应商：请及时领取通知书",
        "中标人信息\n青山软件园建设项目",
        "采购结果：详见附件",
        "评审结果：合格",
    ],
)
def test_other_lines_name_no_winner(text: str) -> None:
    assert _read(text) == []


_PARTNER = "白水数据股份有限公司"


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (f"{_WINNER}\n{_PARTNER}", [_WINNER, _PARTNER]),
        (f"{_WINNER}、\n{_PARTNER}（联合体）", [_WINNER, _PARTNER]),
        (f"1.{_WINNER}\n2.{_PARTNER}", [_WINNER, _PARTNER]),
        (f"{_WINNER}（份额70%）\n{_PARTNER}（份额30%）", [_WINNER, _PARTNER]),
        (f"牵头人：{_WINNER}\n成员：{_PARTNER}", [_WINNER, _PARTNER]),
        ("青山软件\n有限公司", [_WINNER]),
        ("青山软件有\n限公司", [_WINNER]),
        ("青山\n软件有限公司", [_WINNER]),
    ],
)
def test_names_on_the_lines_below_belong_to_the_field(lines: str, names: list[str]) -> None:
    assert _read(f"供应商名称：{lines}\n供应商地址：某市某路8号\n中标（成交）金额：1200000元") == [
        (names, "1200000.00")
    ]


def test_the_leader_and_the_members_may_have_lines_of_their_own() -> None:
    members = f"联合体牵头人：{_WINNER}\n联合体成员：{_PARTNER}\n中标金额：1200000元"
    assert _read(members) == [([_WINNER, _PARTNER], "1200000.00")]
    assert _read(f"中标人：{_WINNER}、{_PARTNER}\n{members}") == [([_WINNER, _PARTNER], "1200000.00")]


def test_a_signature_below_the_winner_is_no_winner() -> None:
    assert _read(f"中标价：1200000元\n中标人：{_WINNER}\n白水招标代理有限公司\n2025年7月4日") == [
        ([_WINNER], "1200000.00")
    ]


def test_a_partner_who_is_chosen_has_won_and_gets_what_is_paid() -> None:
    assert _read(f"合作单位：{_WINNER}\n合作金额：98万元") == [([_WINNER], "980000.00")]
    assert _read(f"供应商：{_WINNER}\n采购金额：1,050,000元") == [([_WINNER], "1050000.00")]


def test_what_the_buyer_planned_to_pay_is_no_price() -> None:
    assert _read(f"采购金额：500万元\n中标人：{_WINNER}") == [([_WINNER], None)]
    assert _read(f"采购金额：500万元\n中标人：{_WINNER}\n中标金额：463万元") == [([_WINNER], "4630000.00")]


def test_the_head_of_a_unit_price_is_no_winner() -> None:
    assert _read("中选供应商\n人月单价（元/月）\n28,500.00") == []
