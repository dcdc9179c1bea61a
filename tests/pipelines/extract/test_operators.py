"""Results as operators and power grids write them: prices with and without tax or after names, packages, corrections."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pipelines.extract.amounts import read_amount
from pipelines.extract.corrections import corrected_entries
from pipelines.extract.layouts.labelled_lines import read_labelled_lines
from pipelines.extract.layouts.tables import read_tables
from pipelines.extract.lots import build_lots
from pipelines.extract.notice import Source, read_notice
from pipelines.text.document import sections

_SEEN = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("不含税1000000.00元，税率6%，含税1060000.00元", "中选金额"),
        ("1,000,000.00元（不含税），1,060,000.00元（含税）", "成交价"),
        ("100万元（含税106万元）", "中标金额（不含税）"),
        ("106万元（其中不含税100万元，税额6万元）", "中标价（含税）"),
        ("含税总价：1060000元；不含税总价：1000000元", ""),
        ("不含税价1000000元，增值税60000元，价税合计1060000元", ""),
        ("1060000元（含6%增值税）", "报价"),
    ],
)
def test_an_amount_with_tax_outranks_one_without(text: str, label: str) -> None:
    amount = read_amount(text, label)
    assert (amount.kind, amount.yuan, amount.tax_included) == ("total", Decimal("1060000.00"), True)


@pytest.mark.parametrize("text", ["1000000元，税率6%", "1000000元（税率：13%）", "1,000,000.00元"])
def test_an_amount_published_without_tax_is_kept(text: str) -> None:
    amount = read_amount(text, "不含税总价")
    assert (amount.kind, amount.yuan, amount.tax_included) == ("total", Decimal("1000000.00"), False)


def test_unit_prices_with_and_without_tax_are_not_amounts() -> None:
    assert read_amount("含税单价53元/套，不含税单价50元/套", "报价").kind == "unit_price"


def test_a_price_with_tax_on_the_next_line_outranks_the_one_without() -> None:
    zone = "中选人：甲软件有限公司\n不含税总价：1,000,000.00元\n含税总价：1,060,000.00元"
    (entry,) = read_labelled_lines(zone, candidates=False)
    assert (entry.amount.yuan, entry.amount.tax_included) == (Decimal("1060000.00"), True)
    (entry,) = read_labelled_lines("\n".join(zone.split("\n")[:2]), candidates=False)
    assert (entry.amount.yuan, entry.amount.tax_included) == (Decimal("1000000.00"), False)


def test_the_price_column_with_tax_outranks_the_other() -> None:
    zone = "标包\t中选人\t中选金额（元，不含税）\t税率\t中选金额（元，含税）\n1\t甲软件有限公司\t1000000\t6%\t1060000"
    (entry,) = read_tables(zone, candidates=False)
    assert (entry.amount.yuan, entry.amount.tax_included) == (Decimal("1060000.00"), True)


@pytest.mark.parametrize(
    ("after_name", "kind", "yuan"),
    [
        ("，应答报价5,034,094.17元（不含税）", "total", "5034094.17"),
        ("；投标总价：￥3000000.00元", "total", "3000000.00"),
        ("（投标报价：100万元）", "total", "1000000.00"),
        ("，折扣率94.25%", "rate", None),
        ("，地址：某市某路8号，投标报价：100万元", "total", "1000000.00"),
    ],
)
def test_a_price_after_a_name_is_not_part_of_the_name(after_name: str, kind: str, yuan: str | None) -> None:
    (lot,) = build_lots(
        read_labelled_lines(f"第一中选候选人：甲软件有限公司{after_name}", candidates=True), candidates=True
    )
    (winner,) = lot.winners
    assert winner.supplier == "甲软件有限公司"
    assert winner.amount_yuan == (Decimal(yuan) if yuan else None)
    (entry,) = read_labelled_lines(f"中选人：甲软件有限公司{after_name}", candidates=False)
    assert entry.amount.kind == kind


def test_a_numbered_list_in_one_field_gives_one_candidate_per_number() -> None:
    line = "中选候选人：1、甲软件有限公司，应答报价：100万元（不含税）；2、乙软件有限公司，应答报价：110万元（不含税）"
    (lot,) = build_lots(read_labelled_lines(line, candidates=True), candidates=True)
    assert [(winner.supplier, winner.position, winner.amount_yuan) for winner in lot.winners] == [
        ("甲软件有限公司", None, Decimal("1000000.00")),
        ("乙软件有限公司", None, Decimal("1100000.00")),
    ]


@pytest.mark.parametrize(
    "zone",
    [
        "第一名：甲软件有限公司，中选份额：70%，不含税报价：100万元\n第二名：乙软件有限公司，中选份额：30%，不含税报价：50万元",
        "第一中选人：甲软件有限公司\n中选份额：70%\n中选金额：100万元\n第二中选人：乙软件有限公司\n中选份额：30%\n中选金额：50万元",
        "中选人：甲软件有限公司（份额：70%），中选价100万元\n中选人：乙软件有限公司（份额：30%），中选价50万元",
    ],
)
def test_winners_who_share_a_package_are_in_one_lot(zone: str) -> None:
    (lot,) = build_lots(read_labelled_lines(zone, candidates=False), candidates=False)
    assert lot.amount_yuan == Decimal("1500000.00")
    assert [(winner.supplier, winner.role, winner.share_pct, winner.amount_yuan) for winner in lot.winners] == [
        ("甲软件有限公司", "shared", Decimal(70), Decimal("1000000.00")),
        ("乙软件有限公司", "shared", Decimal(30), Decimal("500000.00")),
    ]


def test_only_the_first_of_a_ranked_result_without_shares_has_won() -> None:
    zone = "中选人：甲软件有限公司\n第二名：乙软件有限公司，报价：110万元"
    assert [entry.supplier for entry in read_labelled_lines(zone, candidates=False)] == ["甲软件有限公司"]


def test_packages_with_names_but_without_numbers_stay_separate() -> None:
    zone = (
        "标包\t排名\t候选人名称\t应答报价（不含税，元）\n训练服务\t第一名\t甲软件有限公司\t1000000\n训练服务\t第二名\t乙软件有限公司\t1100000\n"
        "测评服务（一）\t第一名\t丙软件有限公司\t2000000"
    )
    lots = build_lots(read_tables(zone, candidates=True), candidates=True)
    assert [(lot.lot_name, [winner.supplier for winner in lot.winners]) for lot in lots] == [
        ("训练服务", ["甲软件有限公司", "乙软件有限公司"]),
        ("测评服务（一）", ["丙软件有限公司"]),
    ]


def test_candidate_numbers_are_packages_only_if_one_spans_several_rows() -> None:
    head = "序号\t中标候选人\t投标报价（元）\n"
    once = build_lots(
        read_tables(head + "1\t甲有限公司\t1000000\n2\t乙有限公司\t1100000", candidates=True), candidates=True
    )
    assert [[winner.supplier for winner in lot.winners] for lot in once] == [["甲有限公司", "乙有限公司"]]
    rows = "1\t甲有限公司\t1000000\n1\t乙有限公司\t1100000\n2\t丙有限公司\t900000"
    spanned = build_lots(read_tables(head + rows, candidates=True), candidates=True)
    assert [lot.lot_no for lot in spanned] == [1, 2]
    # The numbers of the next table say nothing about those of this one.
    both = head + "1\t戊有限公司\t1000000\n2\t己有限公司\t1100000\n" + head + rows
    apart = build_lots(read_tables(both, candidates=True), candidates=True)
    assert ["戊有限公司", "己有限公司"] in [[winner.supplier for winner in lot.winners] for lot in apart]


def test_packages_numbered_per_group_stay_separate_and_one_without_winner_failed() -> None:
    zone = "标的\t标包\t中标人\t中标价（万元）\n训练\t标包1\t甲有限公司\t100\n训练\t标包2\t乙有限公司\t200\n"
    zone += "测评\t标包1\t丙有限公司\t300"
    lots = build_lots(read_tables(zone, candidates=False), candidates=False)
    assert [(lot.lot_no, lot.lot_name, lot.amount_yuan) for lot in lots] == [
        (1, "训练 包1", Decimal("1000000.00")),
        (2, "训练 包2", Decimal("2000000.00")),
        (3, "测评", Decimal("3000000.00")),
    ]
    lots = build_lots(read_tables(zone.replace("丙有限公司\t300", "流标\t/"), candidates=False), candidates=False)
    assert [(lot.failed, len(lot.winners)) for lot in lots] == [(False, 1), (False, 1), (True, 0)]


def test_an_item_at_the_start_of_a_line_is_a_package_and_one_supplier_may_win_two() -> None:
    zone = (
        "标的1：训练服务\n中标人：甲有限公司\n标的2：测评服务\n中标人：甲有限公司\n中标价：120万元\n标的100万元以下免收"
    )
    lots = build_lots(read_labelled_lines(zone, candidates=False), candidates=False)
    assert [(lot.lot_no, lot.numbered, lot.lot_name, lot.amount_yuan) for lot in lots] == [
        (1, True, "训练服务", None),
        (2, True, "测评服务", Decimal("1200000.00")),
    ]


@pytest.mark.parametrize(
    ("title", "lot", "name"),
    [
        ("某馆大模型知识服务平台 包2（知识服务平台（二））中标结果公告", 2, "知识服务平台（二）"),
        ("某馆大模型知识服务平台包7（中文库）成交结果公告", 7, "中文库"),
        ("某馆大模型知识服务平台（第三标段）中标结果公告", 3, None),
        ("某馆大模型知识服务平台（二标段）中选结果公告", 2, None),
        ("某馆大模型知识服务平台-2包-定标公告", 2, None),
    ],
)
def test_the_package_in_the_title_outranks_the_row_number(title: str, lot: int, name: str | None) -> None:
    text = "二、项目名称：某馆大模型知识服务平台\n三、中标（成交）信息\n序号\t供应商名称\t中标金额（元）\n1\t甲有限公司\t1200000"
    (read_lot,) = read_notice(Source("p:1", "p", "urn:1", _SEEN, text, title=title)).lots
    assert (read_lot.lot_no, read_lot.numbered, read_lot.lot_name) == (lot, True, name)


def test_a_package_in_the_project_name_does_not_renumber_its_rows() -> None:
    title = "某馆大模型知识服务平台（第二标段）中标结果公告"
    text = "二、项目名称：某馆大模型知识服务平台（第二标段）\n三、中标（成交）信息\n"
    table = "序号\t供应商名称\t中标金额（元）\n1\t甲有限公司\t1200000"
    (lot,) = read_notice(Source("p:1", "p", "urn:1", _SEEN, text + table, title=title)).lots
    assert (lot.lot_no, lot.numbered) == (1, False)
    numbered = f"一、项目编号：ZB-2025-0022-02\n{text}"
    (lot,) = read_notice(Source("p:1", "p", "urn:1", _SEEN, numbered + table, title=title)).lots
    assert (lot.lot_no, lot.numbered) == (2, True)
    (lot,) = read_notice(Source("p:1", "p", "urn:1", _SEEN, text + "中标人：甲软件有限公司", title=title)).lots
    assert (lot.lot_no, lot.numbered) == (2, True)


@pytest.mark.parametrize(
    "text",
    [
        "包1（训练服务）原中选人：甲有限公司\n包1（训练服务）现中选人变更为：乙有限公司\n包1（训练服务）中选金额变更为：318300.00元（不含税）",
        "标包1原中标人：甲有限公司\n标包1变更后中标人：乙有限公司\n标包1变更后中标金额：31.83万元",
        "包1原中标人：甲有限公司\n包1中标人变更为：乙有限公司，中标价格：318300.00元",
        "第一标包中标人由甲有限公司变更为：乙有限公司\n第一标包中标金额调整为：318300元",
    ],
)
def test_a_correction_gives_the_new_winner_and_price_with_their_package(text: str) -> None:
    body = f"某项目采购结果变更公示\n因原中选人放弃中选资格，由下一候选人递补。\n{text}\n其他内容不变。"
    (lot,) = build_lots(corrected_entries(sections(body), body), candidates=False)
    assert (lot.lot_no, lot.numbered, lot.amount_yuan) == (1, True, Decimal("318300.00"))
    assert [winner.supplier for winner in lot.winners] == ["乙有限公司"]


@pytest.mark.parametrize("mark", ["标包{}的中选人", "标包{}中选人", "第{}标包的中选人"])
def test_winners_keep_their_packages_when_the_prices_are_in_lines_below(mark: str) -> None:
    text = "某公司数字化平台项目：\n" + "".join(
        f"{mark.format(number)}：{name}\n中选金额：{price}元\n"
        for number, name, price in ((1, "甲算力科技有限公司", 1_000_000), (2, "乙软件有限公司", 50_000))
    )
    notice = read_notice(Source("p:1", "p", "urn:1", _SEEN, text, title="某公司数字化平台项目_中选结果公示"))
    assert [(lot.lot_no, lot.numbered, lot.amount_yuan) for lot in notice.lots] == [
        (1, True, Decimal(1_000_000)),
        (2, True, Decimal(50_000)),
    ]
