"""The number and the name of a project."""

from __future__ import annotations

import pytest

from pipelines.extract import fields, organisations
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


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("项目编号：QS-2025-ZB0031（采购计划编号：QSJH-2025-00777）", "QS-2025-ZB0031"),
        ("项目编号：QS-2025-ZB0031(备案编号:QSBA-2025-00777)", "QS-2025-ZB0031"),
        ("一、原项目编号：QS-2025-ZB0031", "QS-2025-ZB0031"),
        ("项目编号：QS-2025-ZB0031【政府采购计划：QSJH-2025-00777】", "QS-2025-ZB0031"),
        ("项目编号（采购计划编号）：QS-2025-ZB0031（QSJH-2025-00777）", "QS-2025-ZB0031"),
        ("招标编号/包号：QS-2025-ZB0031/2", "QS-2025-ZB0031/2"),
        ("采购编号/标段编号：QS-2025-ZB0031/002", "QS-2025-ZB0031/002"),
        ("招标编号： 0899-QSZX- 货物 -20250031", "0899-QSZX-货物-20250031"),
        ("项目编号：QS-2025-服务 - 0031", "QS-2025-服务- 0031"),
        ("项目编号：【QS-2025-ZB0031】", "QS-2025-ZB0031"),
        ("【项目编号】QS-2025-ZB0031", "QS-2025-ZB0031"),
        ("项目编号：[QS0101]QSZB[GK]2025031", "[QS0101]QSZB[GK]2025031"),
        ("项目编号：QS-2025-ZB0031项目名称：青山市政务大模型", "QS-2025-ZB0031"),
        ("项目编号：QS-2025-ZB0031 采购方式：公开招标", "QS-2025-ZB0031"),
        ("项目编号 QS：QS-2025-ZB0031，备案编号：QSBA-2025-00777", "QS-2025-ZB0031"),
        ("比选编号：QS-2025-BX0031", "QS-2025-BX0031"),
        ("项目编号：青财采〔2025〕31号", "青财采〔2025〕31号"),
        ("项目编号：QS(2025)0031号", "QS(2025)0031号"),
        ("采购计划编号：QSJH-2025-00777", None),
    ],
)
def test_a_project_number_is_read_without_what_stands_beside_it(line: str, number: str | None) -> None:
    body = f"一、{line}\n二、项目名称：青山市政务大模型平台"
    field = fields.read_project_number("青山市政务大模型平台中标公告", body, sections(body))
    assert (field.value if field else None) == number


@pytest.mark.parametrize(
    "line",
    [
        "招标人名称： 青山能源有限公司 招标代理机构名称：白水招标有限公司",
        "招标人：青山能源有限公司 招标代理机构：白水招标有限公司",
        "招标人名称：青山能源有限公司招标代理机构名称：白水招标有限公司",
        "采购人：青山能源有限公司；采购代理机构：白水招标有限公司",
    ],
)
def test_buyer_and_agency_on_one_line_are_two(line: str) -> None:
    buyer, agency = organisations.find_buyer(line), organisations.find_agency(line)
    assert (buyer and buyer.value, agency and agency.value) == ("青山能源有限公司", "白水招标有限公司")


def test_a_number_before_the_name_in_a_title_is_no_part_of_the_name() -> None:
    name = fields.read_project_name("[CG2025-001]某市智能客服项目中标公告", "", [])
    assert name is not None
    assert name.value == "某市智能客服项目"


def test_the_number_may_be_in_brackets_after_this_project() -> None:
    number = fields.read_project_number(None, "本项目（CGZB2025000123）由甲软件有限公司中标。", [])
    assert number is not None
    assert number.value == "CGZB2025000123"
