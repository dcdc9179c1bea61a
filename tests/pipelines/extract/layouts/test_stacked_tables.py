"""Tables whose cells follow one another on separate lines, some broken or missing, as text extraction gives them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.extract.layouts.alignment import align
from pipelines.extract.layouts.stacked_tables import lay_out_stacked_tables
from pipelines.model import Notice, Page
from pipelines.process import read_notices


def _table_rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in lay_out_stacked_tables(text).split("\n") if "\t" in line]


def _read_notice(title: str, text: str) -> Notice:
    seen = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    return read_notices(Page("unheard-of", "urn:stacked", seen, "text/plain", text, title))[0]


_PACKAGES = """分标编号
分标名称
包号
项目名称
中标人
2500123-FW1
-9001
服务类01
包1
客户服务支撑项目
甲乙丙丁信息技术
（华东）有限公司
包2
大模型训练及推理
平台建设项目
戊己庚辛软件股份
有限公司某市分公
司
2500123-FW1
-9002
服务类02
包1
员工体检服务项目
某市职工医院
招标人：某电力有限公司"""


def test_broken_cells_are_joined_and_missing_cells_repeat_the_group_above() -> None:
    assert _table_rows(_PACKAGES) == [
        ["分标编号", "分标名称", "包号", "项目名称", "中标人"],
        ["2500123-FW1-9001", "服务类01", "包1", "客户服务支撑项目", "甲乙丙丁信息技术（华东）有限公司"],
        ["2500123-FW1-9001", "服务类01", "包2", "大模型训练及推理平台建设项目", "戊己庚辛软件股份有限公司某市分公司"],
        ["2500123-FW1-9002", "服务类02", "包1", "员工体检服务项目", "某市职工医院"],
    ]


def test_packages_numbered_again_in_each_group_are_separate_lots() -> None:
    notice = _read_notice("某批次采购中标结果公告", _PACKAGES)
    assert [(lot.lot_no, lot.lot_name, lot.winners[0].supplier) for lot in notice.lots] == [
        (1, "客户服务支撑项目", "甲乙丙丁信息技术（华东）有限公司"),
        (2, "大模型训练及推理平台建设项目", "戊己庚辛软件股份有限公司某市分公司"),
        (3, "员工体检服务项目", "某市职工医院"),
    ]
    assert not any(lot.numbered for lot in notice.lots)


def test_packages_numbered_across_all_groups_keep_their_numbers() -> None:
    notice = _read_notice("某批次采购中标结果公告", _PACKAGES.replace("9002\n服务类02\n包1", "9002\n服务类02\n包3"))
    assert [(lot.lot_no, lot.numbered) for lot in notice.lots] == [(1, True), (2, True), (3, True)]


@pytest.mark.parametrize("head", ["推荐的中标候选人", "中标候选人名\n称", "候选人名称"])
@pytest.mark.parametrize("price", ["投标价格（万元）", "投标报价(不含\n税，万元)", "投标报价（不含税总价，万元）"])
def test_column_heads_broken_over_lines_are_recognised(head: str, price: str) -> None:
    notice = _read_notice(
        "某项目中标候选人公示",
        f"包号\n排序\n{head}\n{price}\n包1\n第一名\n甲有限公司\n230.9\n第二名\n乙研究院\n236.5\n包2\n第一名\n丙有限公司\n1.25\n公示期3日",
    )
    assert [
        (lot.lot_no, [(w.supplier, w.position, str(w.amount_yuan)) for w in lot.winners]) for lot in notice.lots
    ] == [
        (1, [("甲有限公司", 1, "2309000.00"), ("乙研究院", 2, "2365000.00")]),
        (2, [("丙有限公司", 1, "12500.00")]),
    ]


def test_a_second_table_has_its_own_heads() -> None:
    rows = _table_rows(
        "标包名称\n排序\n候选人名称\n应答折扣率\n标包1\n第一名\n甲有限公司\n81.5%\n第二名\n乙有限公司\n83%\n"
        "标包名称\n排序\n候选人名称\n投标报价(不含税,\n元)\n标包2\n第一名\n丙有限公司\n3313954\n公示期3日"
    )
    assert rows[3:] == [
        ["标包名称", "排序", "候选人名称", "投标报价(不含税,元)"],
        ["标包2", "第一名", "丙有限公司", "3313954"],
    ]


def test_a_group_head_above_several_heads_is_not_a_column() -> None:
    rows = _table_rows(
        "排序\n名称\n投标报价(元）\n工期\n拟任项目经理\n姓名\n证书名称\n第一名\n甲建筑有限公司\n3078772.7\n90日历天\n张某\n建造师\n"
        "第二名\n乙建筑有限公司\n3649999.87\n90日历天\n李某\n建造师\n公示期3日"
    )
    assert [row[:3] for row in rows[1:]] == [
        ["第一名", "甲建筑有限公司", "3078772.7"],
        ["第二名", "乙建筑有限公司", "3649999.87"],
    ]


def test_lines_that_form_no_row_are_unchanged() -> None:
    assert align(["包号", "中标人", "中标金额"], ["本项目评审工作已经结束", "有关事项另行通知"]) is None
    text = "包号\n中标人\n中标金额\n本项目评审工作已经结束，有关事项另行通知。"
    assert lay_out_stacked_tables(text) == text


def test_a_table_with_many_packages_is_read_quickly() -> None:
    data = [cell for at in range(300) for cell in ("25001-9001", f"第{at}批服务", f"包{at + 1}", f"第{at}数据有限公司")]
    aligned = align(["分标编号", "分标名称", "包号", "中标人"], data)
    assert aligned is not None
    assert len(aligned.rows) == 300
    assert aligned.rows[-1] == data[-4:]


def test_a_bracket_broken_at_the_page_width_is_joined() -> None:
    text = "某项目（招标编号：2500123-\nFW1）评审结束，中标人如下：\n中标人：甲乙（华东\n）有限公司"
    notice = _read_notice("某项目中标结果公告", text)
    assert notice.lots[0].winners[0].supplier == "甲乙（华东）有限公司"
    assert "（招标编号：2500123-FW1）评审结束" in notice.body
