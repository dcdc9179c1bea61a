"""Corrections of results: sentences, tables and lines that replace a winner or a price. All names are invented."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pipelines.extract.corrections import corrected_entries
from pipelines.extract.lots import build_lots
from pipelines.extract.notice import Source, read_notice
from pipelines.text.document import sections

_PRICE = [
    "中标金额1200000元应为1100000元。",
    "将“中标金额：1200000元”更改为“中标金额：1100000元”。",
    "中标金额由1200000元调整为1100000元。",
    "更正前：中标金额：1200000元\n更正后：中标金额：1100000元",
    "原公告：中标金额为1200000元；\n现修改为：中标金额为1100000元。",
    "原文：“中标金额：1200000元”，现改为：“中标金额：1100000元”",
    "更正事项\t原内容\t现内容\n中标金额\t1200000元\t1100000元",
    "原公告内容\t变更内容\n1200000元\t1100000元",
    "中标金额大写：壹佰贰拾万元整，更正为：壹佰壹拾万元整（1100000元）",
    "中标金额：1,100,000.00元（原公告金额1,200,000.00元有误）",
    "原中标金额：1200000元，现更正为：1100000元。",
    "序号\t更正项\t更正前内容\t更正后内容\n1\t中标金额\t1200000\t1100000",
    "序号\t更正项\t更正前内容\t更正后内容\n1\t中标（成交）金额（万元）\t120\t110",
    "原公告中标金额1200000元，现更正为1100000元",
    "中标金额误写为1200000元，应为1100000元。",
    "中标金额1100000元误写为1200000元，特此更正。",
    "因工作人员失误，中标金额误写为1200000元，正确金额应为1100000元。",
    "原公告中标金额有误，正确的中标金额为：110万元（大写：壹佰壹拾万元整）\n其他内容不变",
    "原结果公告中的成交金额填写错误，正确成交金额（元）：1100000",
    "成交金额（元）由“1200000”更正为“1100000”",
    "中标金额原为120万元，现更正为110万元",
    "原公告中“中标（成交）金额：120.0000000（万元）”有误，现更正为“中标（成交）金额：110.0000000（万元）”。其他内容不变。",
    "中标金额：1200000元\n更正为：1100000元",
    "原公告：中标（成交）金额：120（万元）\n更正为：三、中标（成交）信息中标（成交）金额：110.0000000（万元）",
    "更正前\t中标金额：1200000元\n更正后\t中标金额：1100000元",
    "更正前\t中标金额：1200000元\t更正后\t中标金额：1100000元",
    "更正事项\t中标金额\n更正前\t1200000元\n更正后\t1100000元",
    "更正前中标金额（元）\t更正后中标金额（元）\n1200000\t1100000",
    "更正事项\n原内容\n现内容\n中标金额\n1200000元\n1100000元",
    "序号\n更正项\n更正前内容\n更正后内容\n1\n中标金额\n1200000元\n1100000元",
    "原公告内容\t更正后内容\n三、中标（成交）信息 中标金额：1200000元\t三、中标（成交）信息 中标金额：1100000元",
    "现将中标金额更正为1100000元。",
    "中标金额由1200000元变更为1100000元，其他内容不变",
    "更正后中标金额：1100000元",
    "中标金额更正为：人民币110万元。公告期限由1个工作日更正为2个工作日。",
    "代理服务费由1.2万元更正为1.1万元；中标金额由120万元更正为110万元。",
    "中标金额由120万元更正为110万元，代理服务费由1.2万元更正为1.1万元。",
    "序号\t更正项\t更正前内容\t更正后内容\n1\t代理服务费\t1.2万元\t1.1万元\n2\t中标金额\t120万元\t110万元\n3\t公告日期\t2025年7月4日\t2025年7月5日",
    "成交价格1200000.00元，更正为成交价格1100000.00元",
    "1.原公告成交金额：1200000元；\n2.现更正成交金额为：1100000元。",
    "总中标金额：￥120.000000 万元（人民币）更正为：￥110.000000 万元（人民币）",
    "项目\t错误内容\t正确内容\n中标价\t120万元\t110万元",
    "更正项\t更正前\t更正后\n成交金额\t壹佰贰拾万元整（￥1200000.00）\t壹佰壹拾万元整（￥1100000.00）",
    "原：中标金额：1200000元\n现：中标金额：1100000元",
    "原：1200000.00元 现：1100000.00元",
    "原：1200000.00元；\n现：1100000.00元。",
    "中标金额：原：1200000元 现：1100000元",
    "中标金额\n原：1200000元\n现：1100000元",
    "原内容：1200000元\n现内容：1100000元",
    '"1200000.00"调整为"1100000.00"',
    "将“1200000.00元”更正为“1100000.00元”。",
]
_WINNER = [
    "中标单位名称“甲算力科技有限公司”应为“乙软件股份有限公司”。",
    "中标供应商由甲算力科技有限公司变更为乙软件股份有限公司。",
    "原成交供应商：甲算力科技有限公司\n现成交供应商：乙软件股份有限公司",
    "更正事项\t更正前\t更正后\n中标供应商名称\t甲算力科技有限公司\t乙软件股份有限公司",
    "原内容\t现内容\n甲算力科技有限公司\t乙软件股份有限公司",
    "因甲算力科技有限公司放弃中标资格，由第二中标候选人乙软件股份有限公司递补为中标人。",
    "现顺延至原第二名中标候选人乙软件股份有限公司为中标人。",
    "中标供应商乙软件股份有限公司误写为甲算力科技有限公司。",
    "中标供应商名称误写为“甲算力科技有限公司”，正确名称为“乙软件股份有限公司”。",
    "供应商名称：甲算力科技有限公司\n更正为：\n供应商名称：乙软件股份有限公司\n供应商地址：某市某路8号",
    "更正前：供应商名称：甲算力科技有限公司；更正后：供应商名称：乙软件股份有限公司。",
    "成交单位“甲算力科技有限公司”更正为“乙软件股份有限公司”，其它内容不变。",
    "中标人名称甲算力科技有限公司更改为乙软件股份有限公司",
    "原中标供应商甲算力科技有限公司因故放弃中标，推选第二成交候选人乙软件股份有限公司为成交供应商",
    "原：甲算力科技有限公司\n现：乙软件股份有限公司",
    "将“甲算力科技有限公司”更正为“乙软件股份有限公司”",
]
_BOTH = [
    "原：中标供应商：甲算力科技有限公司，中标金额：120万元；现：中标供应商：乙软件股份有限公司，中标金额：110万元",
    "成交供应商由甲算力科技有限公司变更为乙软件股份有限公司，成交金额变更为1100000元。",
    "原公告：供应商名称：甲算力科技有限公司，中标（成交）金额：1200000.00元\n更正为：供应商名称：乙软件股份有限公司，中标（成交）金额：110.0000000（万元）",
    "供应商名称：甲算力科技有限公司，中标金额：120万元 → 更正为：供应商名称：乙软件股份有限公司，中标金额：110万元",
    "供应商名称：甲算力科技有限公司，中标金额：120万元→供应商名称：乙软件股份有限公司，中标金额：110万元",
    "更正项\t更正前\t更正后\n中标供应商\t甲算力科技有限公司\t乙软件股份有限公司\n中标金额\t120万元\t110万元",
    "原公告内容\t更正后内容\n供应商名称：甲算力科技有限公司 中标金额：120万元\t供应商名称：乙软件股份有限公司 中标金额：110万元",
    "更正前：\n供应商名称：甲算力科技有限公司\n中标金额：120万元\n更正后：\n供应商名称：乙软件股份有限公司\n中标金额：110万元",
    "更正前供应商\t更正前金额（万元）\t更正后供应商\t更正后金额（万元）\n甲算力科技有限公司\t120\t乙软件股份有限公司\t110",
    "更正为：\n序号\t供应商名称\t中标金额（元）\n1\t乙软件股份有限公司\t1100000",
    "原公告：\n序号\t供应商名称\t中标金额（元）\n1\t甲算力科技有限公司\t1200000\n现更正为：\n序号\t供应商名称\t中标金额（元）\n1\t乙软件股份有限公司\t1100000",
    "1、中标供应商：甲算力科技有限公司，现更正为：乙软件股份有限公司；\n2、中标金额：120万元，现更正为：110万元。",
    "中标人由“甲算力科技有限公司”变更为“乙软件股份有限公司”，中标价由“120万元”变更为“110万元”",
    "因中标人放弃中标资格，现顺延第二中标候选人乙软件股份有限公司为中标人，中标金额1100000元。",
    "更正项\t更正前内容\t更正后内容\n采购结果\t供应商名称：甲算力科技有限公司，中标金额：120万元\t供应商名称：乙软件股份有限公司，中标金额：110万元",
]
_PRICE_OF_PACKAGE = [
    "合同包1：原：1200000.00元 现：1100000.00元",
    "合同包1（智能体平台（一））：原公告：中标（成交）金额：120（万元）\n更正为：中标（成交）金额：人民币110.000000 万元",
    "合同包1(智能体平台（一）):\n中标金额由120万元更正为110万元",
]
_BOTH_OF_PACKAGE = [
    "包1：中标人由甲算力科技有限公司变更为乙软件股份有限公司，中标金额由120万元变更为110万元。",
    "包号\t更正项\t更正前\t更正后\n1\t中标供应商\t甲算力科技有限公司\t乙软件股份有限公司\n1\t中标金额\t120万元\t110万元",
    "更正项\t更正前\t更正后\n标项1中标供应商名称\t甲算力科技有限公司\t乙软件股份有限公司\n标项1中标金额（元）\t1200000\t1100000",
]
_TWO_PACKAGES = [
    "第一包中标金额由120万元更正为110万元；第二包中标供应商由甲算力科技有限公司更正为乙软件股份有限公司。",
    "包1中标金额：120万元更正为110万元\n包2中标供应商：甲算力科技有限公司更正为乙软件股份有限公司",
]
_RATE = [
    "原公告：中标（成交）金额：103.0000000（万元）\n更正为：中标折扣  77.98%",
    "中标金额由120万元更正为下浮率5%。",
    "更正项\t更正前\t更正后\n中标金额\t120万元\t费率：95%",
]
_UNIT_PRICE = [
    "原公告：中标（成交）金额：28.28（万元）\n更正为：中标（成交）金额：单价689.00元/人·月",
    "中标（成交）金额：17.8168000（万元）\n更正为：三、中标（成交）信息中标（成交）金额：17.8168000（万元/年）",
    "中标金额1200000元更正为单价120元/台",
    "更正事项\t更正前内容\t更正后内容\n中标金额\t120万元\t12元/人次",
]
_NOTHING = [
    "原：预算金额：1200000元\n现：预算金额：1250000元",
    "原：2025年6月1日\n现：2025年6月3日",
    "代理服务费“12000元”调整为“12500元”",
    "评审得分“85.5”调整为“86.5”",
    "“1200000.00”调整为“2025年7月5日”",
    "原公告的收费标准：由中标单位向丙项目管理有限公司支付代理服务费6692元，更正为：由中标单位向丙项目管理有限公司支付代理服务费6670元。",
    "采购代理服务费由12000元更正为15000元。",
    "评审专家名单更正，其余内容不变。原中标金额1200000元不变。",
    "供应商地址由某市某路1号更正为某市某路2号。",
    "中标供应商地址：某市某路1号，更正为：某市某路2号北渡大厦",
    "公告期限由1个工作日更正为2个工作日，中标金额不变。",
    "更正项\t更正前\t更正后\n公告日期\t2025年7月4日\t2025年7月5日",
    "更正项\t更正前\t更正后\n代理服务费\t12000元\t15000元",
    "中标公告发布日期由2025年7月4日更正为2025年7月5日。",
    "预算金额由150万元更正为160万元，中标金额不变。",
    "更正项\t更正前\t更正后\n评审得分\t90.1\t91.2",
    "主要标的信息中规格型号由A1更正为A2，中标结果不变。",
    "采购人联系方式由0571-88888888更正为0571-99999999，中标结果不变",
]


def corrected(text: str) -> list[tuple[int | None, str | None, Decimal | str | None]]:
    """Return number, winner and price of each lot that a correction with this text changes."""
    body = (
        "一、项目基本情况\n原公告的采购项目编号：ZB-1\n原公告的采购项目名称：某市智能体平台\n首次公告日期：2025年07月04日\n"
        f"二、更正信息\n更正事项：采购结果\n更正内容：\n{text}\n更正日期：2025年07月09日\n三、其他补充事宜\n无\n"
        "四、凡对本次公告内容提出询问，请按以下方式联系。\n1.采购人信息\n名 称：某市数据局\n"
    )
    lots = build_lots(corrected_entries(sections(body), body), candidates=False)
    return [
        (
            lot.lot_no if lot.numbered else None,
            lot.winners[0].supplier if lot.winners else None,
            lot.amount_yuan or (lot.amount_kind if lot.amount_text else None),
        )
        for lot in lots
    ]


@pytest.mark.parametrize("text", _PRICE)
def test_a_new_price_is_read(text: str) -> None:
    assert corrected(text) == [(None, None, Decimal(1_100_000))]


@pytest.mark.parametrize("text", _WINNER)
def test_a_new_winner_is_read(text: str) -> None:
    assert corrected(text) == [(None, "乙软件股份有限公司", None)]


@pytest.mark.parametrize("text", _BOTH)
def test_a_new_winner_with_a_new_price_is_read(text: str) -> None:
    assert corrected(text) == [(None, "乙软件股份有限公司", Decimal(1_100_000))]


@pytest.mark.parametrize("text", _PRICE_OF_PACKAGE)
def test_a_new_price_is_read_with_its_package(text: str) -> None:
    assert corrected(text) == [(1, None, Decimal(1_100_000))]


@pytest.mark.parametrize("text", _BOTH_OF_PACKAGE)
def test_a_new_winner_and_price_are_read_with_their_package(text: str) -> None:
    assert corrected(text) == [(1, "乙软件股份有限公司", Decimal(1_100_000))]


@pytest.mark.parametrize("text", _TWO_PACKAGES)
def test_changes_of_two_packages_stay_apart(text: str) -> None:
    assert corrected(text) == [(1, None, Decimal(1_100_000)), (2, "乙软件股份有限公司", None)]


@pytest.mark.parametrize("text", _RATE)
def test_a_rate_takes_the_place_of_a_price(text: str) -> None:
    assert corrected(text) == [(None, None, "rate")]


@pytest.mark.parametrize("text", _UNIT_PRICE)
def test_a_unit_price_takes_the_place_of_a_price(text: str) -> None:
    assert corrected(text) == [(None, None, "unit_price")]


@pytest.mark.parametrize("text", _NOTHING)
def test_what_is_neither_winner_nor_price_changes_nothing(text: str) -> None:
    assert corrected(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "原中标人甲算力科技有限公司放弃中标，现由第二中标候选人乙软件股份有限公司递补为中标人，中标金额为1100000元。",
        "第一中标候选人甲算力科技有限公司放弃中标资格，递补第二中标候选人乙软件股份有限公司为中标人，中标金额：1100000元。",
        "因中标人甲算力科技有限公司放弃中标资格，现确定第二中标候选人乙软件股份有限公司为中标人，中标金额1100000元。",
        "按照排序由乙软件股份有限公司（第二中标候选人）替补中标，中标金额：110.0000万元。",
        "甲算力科技有限公司放弃中标，由乙软件股份有限公司（排名第二）递补为中标人，中标金额110万元。",
        "因甲算力科技有限公司拒签合同，现由第二名乙软件股份有限公司顺延中标，中标金额1100000元。",
    ],
)
def test_the_next_candidate_is_the_new_winner(text: str) -> None:
    assert corrected(text) == [(None, "乙软件股份有限公司", Decimal(1_100_000))]


def test_the_package_in_the_title_of_a_correction_is_the_one_that_changes() -> None:
    text = "三、中标（成交）信息\n供应商名称：乙软件股份有限公司\n中标（成交）金额：110万元"
    seen = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    notice = read_notice(Source("p:1", "p", "urn:1", seen, text, title="某市智能体平台包2中标结果变更公告"))
    assert notice.kind == "correction"
    assert [(lot.lot_no, lot.numbered) for lot in notice.lots] == [(2, True)]


@pytest.mark.parametrize("unit", ["单位：人民币万元", "（金额单位：万元）"])
def test_the_unit_above_a_table_holds_for_the_result_published_again(unit: str) -> None:
    text = (
        f"一、项目编号：ZB-1\n二、项目名称：某市智能体平台\n三、评审情况及中标（成交）结果\n{unit}\n"
        "序号\t供应商名称\t报价\t综合得分\t备注\n"
        "1\t甲算力科技有限公司\t7.453\t74.68\t\n2\t乙软件股份有限公司\t7.24\t90.18\t成交\n"
    )
    seen = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    notice = read_notice(Source("p:1", "p", "urn:1", seen, text, title="某市智能体平台项目中标公告（更正）"))
    assert notice.kind == "correction"
    assert [(lot.winners[0].supplier, lot.amount_yuan) for lot in notice.lots] == [
        ("乙软件股份有限公司", Decimal(72_400))
    ]


@pytest.mark.parametrize(
    "goods",
    [
        "序号\t标的名称\t数量\t成交金额（元）\n1\t智能体平台服务\t1项\t1100000.00",
        "供应商名称\t标的名称\t中标金额\n乙软件股份有限公司\t智能体平台服务\t1100000.00",
    ],
)
def test_a_result_published_again_may_have_its_price_among_its_goods(goods: str) -> None:
    text = (
        "一、项目编号：ZB-1\n二、项目名称：某市智能体平台\n三、中标（成交）信息\n供应商名称：乙软件股份有限公司\n"
        f"供应商地址：某市某路1号\n四、主要标的信息\n{goods}\n五、评审专家名单：\n"
    )
    seen = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    notice = read_notice(Source("p:1", "p", "urn:1", seen, text, title="某市智能体平台项目更正公告"))
    assert notice.kind == "correction"
    assert [lot.amount_yuan for lot in notice.lots] == [Decimal(1_100_000)]


def test_a_correction_that_names_only_the_supplier_is_about_the_result() -> None:
    text = "更正内容：供应商名称：甲岭软件有限公司 更正为：供应商名称：乙川科技有限公司"
    [entry] = corrected_entries(sections(text), text)
    assert entry.supplier == "乙川科技有限公司"


def test_where_bidders_write_their_name_is_no_result() -> None:
    text = "响应文件封面须写明供应商名称。开标时间更正为：2026年8月18日"
    assert corrected_entries(sections(text), text) == []
