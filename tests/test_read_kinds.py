"""What a notice is, by its title, its channel and its text."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.model import Notice, Page
from tenders.parsing import parse


def _read(title: str, body: str = "", channel: str = "") -> Notice:
    text = (f"当前位置：首页 » 政采公告 » 中央公告 » {channel}\n" if channel else "") + body
    page = Page("ccgp", "urn:test", datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")), "text/plain", text, title)
    return parse(page)[0]


_WON = (
    "一、项目编号：X-1\n二、项目名称：某项目\n三、中标（成交）信息\n供应商名称：甲有限公司\n中标（成交）金额：5.0000000（万元）\n"
)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("某项目中标公告", "award"),
        ("某项目成交结果公告", "award"),
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
def test_the_title_says_what_a_notice_is(title: str, kind: str) -> None:
    assert _read(title, _WON if kind == "award" else "").kind == kind


def test_a_failure_filed_under_awards_is_a_failure() -> None:
    assert _read("某项目流标公告", "有效投标人不足三家", "中标公告").kind == "failed"


def test_a_result_that_names_nobody_and_says_it_failed_is_a_failure() -> None:
    body = "一、项目编号：X-1\n二、采购结果\n合同包1(某设备):\n废标理由：有效投标人不足三家，本项目流标"
    assert _read("某项目结果公告", body, "中标公告").kind == "failed"


def test_the_empty_table_of_failures_means_nothing_by_itself() -> None:
    assert _read("某项目结果公告", _WON + "2.废标结果:\n序号标项名称废标理由其他事项").kind == "award"


def test_a_correction_titled_as_a_result_is_a_correction() -> None:
    body = "一、项目基本情况\n原公告的采购项目编号：X-1\n二、更正信息\n更正事项：采购结果\n更正内容：补充得分"
    assert _read("某项目中标结果公告", body, "更正公告").kind == "correction"


def test_only_what_takes_back_a_result_cancels_it() -> None:
    assert _read("某项目中标结果作废公告", "中标结果无效").cancels_result
    assert _read("某项目终止公告", "因重大变故，采购任务取消，终止采购").cancels_result
    assert not _read("某项目流标公告", "有效投标人不足三家，予以废标").cancels_result
