"""The number and the name of a project."""

from __future__ import annotations

import pytest

from pipelines.extract import fields
from pipelines.text.document import sections


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("某平台项目更正公告2", "某平台项目"),
        ("某设备采购项目合同", "某设备采购项目"),
        ("某合同管理系统采购项目中标公告", "某合同管理系统采购项目"),
        ("某集成服务招标公告308831", "某集成服务"),
        ("某电力公司2026年第一次公开招标采购推荐的中标候选人公示", "某电力公司2026年第一次公开招标采购"),
        ("某电力公司2026年第三次服务公开招标采购中标（成交）结果公告", "某电力公司2026年第三次服务公开招标采购"),
        ("某平台项目竞争性磋商成交结果公告", "某平台项目"),
    ],
)
def test_a_project_name_excludes_the_announcement_words_of_the_title(title: str, name: str) -> None:
    assert fields.project_of_title(title) == name


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("某局智能体平台项目（招标编号：CG2025000123）的评标工作已完成，结果如下：", "CG2025000123"),
        ("某公司2025年语料采购(项目编号: DX-2025(03)号)评审工作已结束", "DX-2025(03)号"),
        ("某公司就“语料采购”（项目名称：语料采购，项目编号：YL25-07）组织评审", "YL25-07"),
        ("项目编号：A-1\n某项目（招标编号：B-2）的评标", "A-1"),
        ("经某公司（统一社会信用代码：91110000MA00000000）同意", None),
    ],
)
def test_a_project_number_in_a_sentence_is_read(body: str, number: str | None) -> None:
    field = fields.read_project_number("某项目结果公告", body, sections(body))
    assert (field.value if field else None) == number


@pytest.mark.parametrize(
    ("title", "body", "number"),
    [
        ("某校平台（项目编号：ZB-2025-0022）中标公告", "标段(包)编号：ZB-2025-0022-01", "ZB-2025-0022"),
        ("某校平台中标公告", "项目编号：ZB-2025-0022/1\n招标编号：ZB-2025-0022", "ZB-2025-0022"),
        ("某校平台中标公告", "项目编号：ZB-2025-0022包1\n招标编号：ZB-2025-0022", "ZB-2025-0022"),
        ("某校平台中标公告", "项目编号：ZB-2025-0022-01", "ZB-2025-0022-01"),
        ("某校平台（项目编号：ZB-2025-0021）中标公告", "项目编号：ZB-2025-0022-01", "ZB-2025-0022-01"),
    ],
)
def test_the_number_of_a_lot_gives_way_to_the_number_of_its_project(title: str, body: str, number: str) -> None:
    field = fields.read_project_number(title, body, sections(body))
    assert field is not None
    assert field.value == number
