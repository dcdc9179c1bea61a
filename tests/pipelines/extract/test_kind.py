"""What a notice is, by its title, its channel and its text."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.model import Notice, Page
from pipelines.process import read_notices
from tenders.portals import page_of


def _read_notice(title: str, body: str = "", channel: str = "") -> Notice:
    text = (f"当前位置：首页 » 政采公告 » 中央公告 » {channel}\n" if channel else "") + body
    page = Page("ccgp", "urn:test", datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")), "text/plain", text, title)
    return read_notices(page)[0]


_WON = "一、项目编号：X-1\n二、项目名称：某项目\n三、中标（成交）信息\n供应商名称：甲有限公司\n中标（成交）金额：5.0000000（万元）\n"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某项目中标公告", "award"),
        ("某项目成交结果公告", "award"),
        ("某项目中标公告（第二中标候选人递补）", "award"),
        ("某项目成交结果公告（由第二成交候选人替补）", "award"),
        ("某项目第二中标候选人递补中标公告", "award"),
        ("某项目中标候选人公示（递补）", "candidate"),
        ("某项目单一来源采购成交公告", "award"),
        ("某项目中标结果更正公告", "correction"),
        ("某项目更正公告2", "correction"),
        ("某项目第一成交候选人放弃中标，推选第二成交候选人公告", "correction"),
        ("某项目中标候选人公示", "candidate"),
        ("某项目评标结果公示", "candidate"),
        ("某系统公开招标公告", "tender"),
        ("入围项目公开招标公告", "tender"),
        ("某项目终止招标公告", "failed"),
        ("某项目废标公告", "failed"),
        ("关于取消某项目中标资格的公告", "failed"),
        ("某采购项目合同公告", "contract"),
        ("某单位采购意向公告", "intention"),
        ("某项目单一来源采购公示", "single_source"),
        ("某项目开标记录", "other"),
        ("某集团拿下大模型订单", "other"),
    ],
)
def test_the_title_gives_the_kind(title: str, kind: str) -> None:
    assert _read_notice(title, _WON if kind == "award" else "").kind == kind


def test_a_failure_filed_under_awards_is_still_a_failure() -> None:
    assert _read_notice("某项目流标公告", "有效投标人不足三家", "中标公告").kind == "failed"


def test_a_result_without_winners_that_reports_failure_is_a_failure() -> None:
    body = "一、项目编号：X-1\n二、采购结果\n合同包1(某设备):\n废标理由：有效投标人不足三家，本项目流标"
    assert _read_notice("某项目结果公告", body, "中标公告").kind == "failed"


def test_an_empty_table_of_failures_does_not_make_a_failure() -> None:
    assert _read_notice("某项目结果公告", _WON + "2.废标结果:\n序号标项名称废标理由其他事项").kind == "award"


def test_a_correction_titled_as_a_result_is_a_correction() -> None:
    body = "一、项目基本情况\n原公告的采购项目编号：X-1\n二、更正信息\n更正事项：采购结果\n更正内容：补充得分"
    assert _read_notice("某项目中标结果公告", body, "更正公告").kind == "correction"


_GGZY = "https://www.ggzy.gov.cn/information/deal/html/a/330000/{}/20260105/00ab12.html"
_TABLE = "采购人名称\t某局\n中标（成交）供应商名称\t甲有限公司\n中标（成交）金额\t50000元 人民币"


@pytest.mark.parametrize(
    ("stage", "title", "body", "kind"),
    [
        ("0202", "某局办公家具采购", _TABLE, "award"),
        ("0202", "某局采购合同管理系统升级改造", _TABLE, "award"),
        ("0202", "某局征求意见平台建设项目", _TABLE, "award"),
        ("0202", "某局单一来源采购设备", _TABLE, "award"),
        ("0202", "某局办公家具采购", "本项目有效投标人不足三家，予以废标。", "failed"),
        ("0202", "某局办公家具采购废标公告", _TABLE, "failed"),
        ("0202", "某局办公家具采购更正公告", _TABLE, "correction"),
        ("0104", "某大道改造工程", "中标人名称\t甲有限公司\n中标价格\t50万元", "award"),
        ("0104", "某大道改造工程", "排名\t中标候选人名称\t投标报价（元）\n1\t甲有限公司\t50000", "candidate"),
        ("0203", "某局办公家具采购", "采购人名称\t某局\n合同金额\t50000元 人民币", "contract"),
        ("0204", "某局办公家具采购", "更正内容：开标时间改期", "correction"),
        ("0201", "某局办公家具采购", "获取采购文件的时间", "tender"),
        ("0102", "某大道改造工程", "投标人\t报价\n甲有限公司\t50000", "other"),
    ],
)
def test_the_stage_in_the_address_gives_the_kind_if_the_title_is_only_a_project_name(
    stage: str, title: str, body: str, kind: str
) -> None:
    seen = datetime(2026, 1, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
    (notice,) = read_notices(page_of("ggzy", _GGZY.format(stage), seen, "text/plain", body, title=title))
    assert notice.kind == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某局食品安全监督检查服务中标公告", "award"),
        ("某局行政处罚文书辅助系统成交结果公告", "award"),
        ("某公司智能客服项目询比公告（变更）", "correction"),
        ("某公司技术规范书及评分表意见征集公告", "intention"),
        ("某系统采购监督检查处理决定公告", "other"),
    ],
)
def test_words_of_the_project_name_do_not_change_the_kind(title: str, kind: str) -> None:
    assert _read_notice(title, _WON if kind == "award" else "").kind == kind


def test_only_a_notice_that_withdraws_a_result_cancels_it() -> None:
    assert _read_notice("某项目中标结果作废公告", "中标结果无效").cancels_result
    assert _read_notice("某项目终止公告", "因重大变故，采购任务取消，终止采购").cancels_result
    assert not _read_notice("某项目流标公告", "有效投标人不足三家，予以废标").cancels_result


@pytest.mark.parametrize(
    ("title", "body", "channel", "kind"),
    [
        (
            "某平台重新评审结果公告",
            "三、中标（成交）信息\n供应商名称：乙软件有限公司\n中标（成交）金额：125万元",
            None,
            "award",
        ),
        ("某平台评审结果公示", "中标候选人\t排序\n乙软件有限公司\t第一名", None, "candidate"),
        (
            "某平台",
            "采购人名称\t某局\n中标（成交）供应商名称\t甲软件有限公司\n合同金额\t0元 人民币\n合同签署时间\t2025-07-16",
            "成交公告",
            "contract",
        ),
        (
            "某平台中标公告",
            "中标人：甲软件有限公司\n中标金额：10万元\n合同签订时间：30日内\n合同金额：10万元",
            None,
            "award",
        ),
    ],
)
def test_the_form_tells_results_from_candidates_and_contracts(
    title: str, body: str, channel: str | None, kind: str
) -> None:
    assert _read_notice(title, body, channel).kind == kind
