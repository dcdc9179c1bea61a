"""Which packages a notice about a failure, or a correction that takes a result back, is about. All names are invented."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.extract.failed_packages import read_failed_packages, read_withdrawn_packages
from pipelines.extract.notice import Source, read_notice


@pytest.mark.parametrize(
    ("title", "body", "numbers"),
    [
        ("某市智能体平台项目（包2）终止公告", "本项目终止", [2]),
        ("某市智能体平台项目第二包废标公告", "", [2]),
        ("某市智能体平台项目包1、包3终止公告", "", [1, 3]),
        ("某市智能体平台项目终止公告", "包2：数据治理，中标无效，该包终止。", [2]),
        ("某市智能体平台项目终止公告", "1包中标结果不变，2包中标结果无效。", [2]),
        ("某市智能体平台项目废标公告", "包1（算力服务）、包3（数据标注）因有效投标人不足三家，予以废标", [1, 3]),
        ("某市智能体平台项目终止公告", "因包1供应商提出质疑，包2予以终止", [2]),
        ("某市智能体平台项目终止公告", "包1有效投标人不足三家，本项目予以废标", []),
        ("某市智能体平台项目终止公告", "如包2有效投标人不足三家，则终止该包", []),
        ("某市智能体平台项目终止公告", "本项目包含两个标段，因故终止采购", []),
        ("某市智能体平台第二标段终止公告", "某市智能体平台第二标段中标无效", []),
    ],
)
def test_a_failure_is_about_the_packages_that_it_names(title: str, body: str, numbers: list[int]) -> None:
    name = "某市智能体平台第二标段" if "第二标段" in title else "某市智能体平台项目"
    entries = read_failed_packages(title, body, name)
    assert [entry.lot for entry in entries] == numbers
    assert all(entry.failed and entry.numbered for entry in entries)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("经质疑调查，包2中标结果无效，重新组织采购。", [2]),
        ("第一包、第三包成交资格取消。", [1, 3]),
        ("包2中标金额更正为110万元。", []),
        ("如包2中标结果无效，将重新采购。", []),
    ],
)
def test_a_correction_takes_the_result_of_a_package_back(text: str, numbers: list[int]) -> None:
    assert [entry.lot for entry in read_withdrawn_packages(text)] == numbers


def _correction(text: str) -> Source:
    body = (
        "一、项目基本情况\n原公告的采购项目编号：ZB-1\n原公告的采购项目名称：某市智能体平台\n首次公告日期：2025年07月04日\n"
        f"二、更正信息\n更正事项：采购结果\n更正内容：\n{text}\n更正日期：2025年07月09日\n三、其他补充事宜\n无\n"
    )
    seen = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    return Source("p:1", "p", "urn:1", seen, body, title="某市智能体平台项目更正公告")


@pytest.mark.parametrize(
    ("text", "cancels"),
    [
        ("经质疑调查，原中标结果无效，本项目作废标处理。", True),
        ("取消甲算力科技有限公司的中标资格。", True),
        ("质疑成立，成交结果予以撤销，重新开展采购活动。", True),
        ("有效投标人不足三家的，本项目作废标处理。", False),
        ("包2中标结果无效。", False),
        ("原中标结果无效，中标人变更为乙软件股份有限公司。", False),
        ("中标金额由120万元更正为110万元。", False),
        ("附件已更换，其他内容不变。", False),
    ],
)
def test_a_correction_without_a_new_winner_can_take_the_result_back(text: str, cancels: bool) -> None:
    notice = read_notice(_correction(text))
    assert (notice.kind, notice.cancels_result) == ("correction", cancels)
