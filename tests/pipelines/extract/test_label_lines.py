"""Label and value on lines of their own: what text extraction leaves of tables of labels and values."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.extract.subjects import add_subjects
from pipelines.model import Lot, Notice, Page
from pipelines.process import read_notices


def _read_notice(title: str, text: str) -> Notice:
    seen = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    return read_notices(Page("unheard-of", "urn:lines", seen, "text/plain", text, title))[0]


def _winners_with_amounts(notice: Notice) -> list[tuple[str, str | None]]:
    return [
        (w.supplier, None if lot.amount_yuan is None else str(lot.amount_yuan))
        for lot in notice.lots
        for w in lot.winners
    ]


def test_a_label_that_ends_in_a_colon_takes_the_next_line() -> None:
    notice = _read_notice(
        "某公园项目（施工）中标结果公告",
        "一、中标人信息\n某公园项目（施工）：\n中标人:\n甲建设工程有限公司\n"
        "投标总报价中标价格:\n2446475.04 元\n二、其他公告内容\n/\n"
        "四、联系方式\n招 标 人:\n某市文化广电体育局\n地 址:\n某市某路1号\n招标代理机构:\n乙招标代理有限公司",
    )
    assert (notice.buyer, notice.agency) == ("某市文化广电体育局", "乙招标代理有限公司")
    assert _winners_with_amounts(notice) == [("甲建设工程有限公司", "2446475.04")]


@pytest.mark.parametrize(
    ("price", "amount"), [("6040665.58元", "6040665.58"), ("286.6元/工日", None), ("详见合同", None)]
)
def test_a_name_below_a_heading_belongs_to_that_party(price: str, amount: str | None) -> None:
    notice = _read_notice(
        "（某管网更新工程）中标结果公示",
        "（某管网更新工程）\n中标结果公告\n项目信息\n项目名称\n某管网更新工程\n招标人信息\n单位名称\n某交通实业有限公司\n社会信用代码\n91500000000000000C\n"
        "招标代理机构信息\n单位名称\n某工程管理有限公司\n中标人信息\n单位名称\n某局集团第五工程有限公司\n社会信用代码\n91500000000000001C\n"
        f"中标金额（费率、单价等）\n{price}\n项目负责人\n评标意见\n推荐综合得分前三名为中标候选人。\n其他\n最高限价：6310520.53元",
    )
    assert (notice.buyer, notice.agency) == ("某交通实业有限公司", "某工程管理有限公司")
    assert _winners_with_amounts(notice) == [("某局集团第五工程有限公司", amount)]


@pytest.mark.parametrize(
    ("unit", "amount", "kind"),
    [("元", "513360.00", "total"), ("元每年", None, "unit_price"), ("万元", "5133600000.00", "total")],
)
def test_a_unit_on_the_next_line_belongs_to_its_number(unit: str, amount: str | None, kind: str) -> None:
    text = (
        "三、中标（成交）信息\n供应商名称：\n甲农业集团有限公司\n供应商地址：某县某镇\n"
        f"中标（成交）金额：\n513360.00\n{unit}\n四、主要标的信息\n食堂运营"
    )
    notice = _read_notice("某局食堂运营服务项目成交结果公告", text)
    assert _winners_with_amounts(notice) == [("甲农业集团有限公司", amount)]
    assert notice.lots[0].amount_kind == kind


def test_unlabelled_ranks_and_weighted_prices_are_not_bids() -> None:
    notice = _read_notice(
        "某体育中心建设项目施工",
        "某体育中心建设项目施工评标结果公示\n招标人\n某县教育和体育局\n中标候选人及排序\n中标候选人名称\n质量\n工期（交货期）\n投标报价（元）\n经评审的投标价（元）\n综合评标得分\n"
        "第一名\n甲工程局有限公司\n合格\n360日历天\n139584357.34\n118050246.26\n96.89\n第二名\n乙建筑工程有限责任公司\n合格\n360日历天\n138710233.16\n117176122.08\n92.86\n"
        "第一中标候选人项目管理机构主要人员（甲工程局有限公司）\n职务\n姓名\n执业或职业资格\n项目负责人\n第一中标候选人类似业绩（甲工程局有限公司）\n项目业主\n项目名称\n"
        "合同价格（元）\n丙产业投资有限公司\n某住宅配套设施项目\n520642245.18",
    )
    assert notice.kind == "candidate"
    (lot,) = notice.lots
    assert [(w.supplier, w.position, str(w.amount_yuan)) for w in lot.winners] == [
        ("甲工程局有限公司", 1, "139584357.34"),
        ("乙建筑工程有限责任公司", 2, "138710233.16"),
    ]


def test_consortium_members_on_separate_lines_stay_together() -> None:
    notice = _read_notice(
        "某建设项目（EPC）中标候选人公示",
        "四、中标候选人情况\n序号\n中标候选人名称\n投标报价(%)\n工期\n1\n牵头人：甲建设集团有限公司\n联合体成员1：乙建筑设计有限公司\n联合体成员2：丙勘察院有限公司\n"
        "97.67%\n24个月\n2\n牵头人：\n丁建设集团有限公司\n联合体成员：戊设计有限公司\n98%\n24个月\n五、公示期\n三日",
    )
    names = {w.supplier for lot in notice.lots for w in lot.winners}
    assert names == {
        "甲建设集团有限公司",
        "乙建筑设计有限公司",
        "丙勘察院有限公司",
        "丁建设集团有限公司",
        "戊设计有限公司",
    }


def test_a_buyer_in_the_title_is_read_from_before_the_project_name() -> None:
    text = (
        "一、项目名称：\n某考点巡查系统设备采购项目\n"
        "七、中标情况：\n序号\n中标供应商名称\n中标供应商地址\n中标金额(元)\n1\n甲电子有限公司\n某路53号\n736320.0"
    )
    notice = _read_notice("某市某区教育和体育局某考点巡查系统设备采购项目成交公告", text)
    assert notice.buyer == "某市某区教育和体育局"
    assert notice.evidence["buyer"] == ["某市某区教育和体育局"]
    assert _winners_with_amounts(notice) == [("甲电子有限公司", "736320.00")]
    assert _read_notice("智慧某考点巡查系统设备采购项目成交公告", text).buyer is None


def test_a_seal_or_the_next_label_is_not_a_buyer() -> None:
    assert _read_notice("某项目答疑一", "招标人：\n（盖章）\n招标代理机构：\n（盖章）").buyer is None
    assert _read_notice("某项目中标候选人公示", "发包人\n合同签订时间\n合同金额(元)").buyer is None


def test_a_name_broken_at_the_page_width_is_joined() -> None:
    notice = _read_notice(
        "某项目_中选候选人公示",
        "某项目评审完成。\n采购人名称/采购代理机构名称：某通信集团某省有限公司/某某通信建设监理咨询有\n限责任公司\n2026年02月27日",
    )
    assert (notice.buyer, notice.agency) == ("某通信集团某省有限公司", "某某通信建设监理咨询有限责任公司")
    assert _read_notice("某项目结果公告", "采购人：某某市教育局机关\n后勤服务中心承办").buyer == "某某市教育局机关"


def test_a_unit_price_in_the_form_outranks_the_total_of_the_summary_table() -> None:
    text = (
        "公告概要：\n采购项目名称\t某智能助手服务\n总中标金额\t￥0.115000 万元（人民币）\n"
        "三、中标（成交）信息\n供应商名称：甲有限公司\n报价：0（元）\n"
        "八、其他补充事宜\n受系统推送功能限制，本项目中标单价为 1150.00 元/千tokens。"
    )
    (lot,) = _read_notice("某智能助手服务中标公告", text).lots
    assert (lot.amount_kind, lot.amount_yuan, lot.amount_text) == ("unit_price", None, "1150.00 元/千tokens")
    (lot,) = _read_notice("某智能助手服务中标公告", text.partition("八、")[0]).lots
    assert str(lot.amount_yuan) == "1150.00"


def test_goods_on_a_separate_line_of_the_result_belong_to_the_lot() -> None:
    body = (
        "七、中标情况：\n序号\t中标供应商名称\t地址\t中标金额(元)\n1\t甲有限公司\t某路8号\t960000.00\n"
        "主要标的信息：\n标的名称\t品牌\t规格型号\t数量\t单价(元)\n大模型一体机\t/\t/\t2\t480000.00\n八、评标委员会成员名单："
    )
    lot = Lot(lot_no=1)
    add_subjects([lot], body, [])
    assert "大模型一体机" in lot.subject
    assert "甲有限公司" not in lot.subject


@pytest.mark.parametrize(
    "lines",
    [
        "1. 甲软件有限公司 中标金额：120万元 2. 乙软件有限公司 中标金额：80万元",
        "中标供应商：1. 甲软件有限公司 中标金额：120万元 2. 乙软件有限公司 中标金额：80万元",
        "1、甲软件有限公司，中标金额：120万元；2、乙软件有限公司，中标金额：80万元",
    ],
)
def test_a_numbered_list_of_winners_may_be_on_one_line(lines: str) -> None:
    notice = _read_notice("某市智能问答项目中标公告", f"二、项目名称：某市智能问答项目\n三、中标信息\n{lines}")
    assert sum(lot.amount_yuan or 0 for lot in notice.lots) == 2_000_000
    assert [w.supplier for lot in notice.lots for w in lot.winners] == ["甲软件有限公司", "乙软件有限公司"]


@pytest.mark.parametrize(
    "lines",
    [
        "成交单位/成交金额\n甲软件有限公司/120万元",
        "成交单位/成交金额：甲软件有限公司/120万元",
        "序号\t成交单位/成交金额\n1\t甲软件有限公司/120万元",
        "包号\t成交单位/成交金额\n1\t甲软件有限公司 1200000元",
        "拟签约供应商：甲软件有限公司\n签约金额：120万元",
        "拟签约供应商名称\t拟签约金额（元）\n甲软件有限公司\t1200000",
    ],
)
def test_a_winner_and_its_price_may_share_a_head_or_be_called_by_the_contract_to_come(lines: str) -> None:
    notice = _read_notice("某市智能问答项目成交公告", f"二、项目名称：某市智能问答项目\n三、成交信息\n{lines}")
    assert _winners_with_amounts(notice) == [("甲软件有限公司", "1200000.00")]


@pytest.mark.parametrize(
    "line",
    [
        "第一名甲软件有限公司投标报价120万元，第二名乙软件有限公司投标报价130万元。",
        "第一名：甲软件有限公司投标报价：1200000.00元第二名：乙软件有限公司投标报价：1300000.00元",
        "第一中标候选人甲软件有限公司投标报价1200000元，第二中标候选人乙软件有限公司投标报价1300000元。",
    ],
)
def test_candidates_in_one_sentence_keep_their_ranks_and_quotes(line: str) -> None:
    [lot] = _read_notice("某市智能问答项目中标候选人公示", f"二、项目名称：某市智能问答项目\n{line}").lots
    assert [(w.supplier, w.position, int(w.amount_yuan or 0)) for w in lot.winners] == [
        ("甲软件有限公司", 1, 1_200_000),
        ("乙软件有限公司", 2, 1_300_000),
    ]
