"""Keys: what must be the same project, and what must never be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.storage.keys import content_hash, name_key, party_key, project_number_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ZPDL(2026)77", "ZPDL（2026）77号"),
        ("【KRDL】K1-2606143", "[krdl] k1—2606143"),
        ("ＯＴＸＡ－2610", "OTXA-2610"),
        ("330110260010010000061-FYZXZBDL-2026-06-082", "FYZXZBDL-2026-06-082"),
        ("310116000260630121844-16367122", "16367122"),
        ("青海佳荣公招(货物)2026-094", "青海佳荣公招（货物）2026 - 094"),
    ],
)
def test_spellings_of_one_project_number_have_one_key(one: str, other: str) -> None:
    assert project_number_key(one, "ccgp") == project_number_key(other, "ggzy")


def test_a_number_of_17_to_21_digits_is_its_own_key() -> None:
    assert project_number_key("421083202606000639", "ccgp") == "421083202606000639"
    assert project_number_key("4000141611785401300275", "ccgp") == "4000141611785401300275"


def test_a_long_plan_number_before_a_part_number_keeps_its_digits() -> None:
    one, other = (project_number_key(n, "ccgp") for n in ("11000026210200173767-XM001", "11000026210200180452-XM001"))
    assert one == "11000026210200173767XM001"
    assert one != other


@pytest.mark.parametrize("nothing", [None, "", "  ", "/", "无", "详见公告", "——"])
def test_a_placeholder_is_not_a_project_number(nothing: str | None) -> None:
    assert project_number_key(nothing, "ccgp") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("某市 AI 大模型平台（二期）采购项目中标（成交）结果公告", "某市ai大模型平台(二期)项目"),
        ("“智慧”问答智能体采购项目成交公告", "智慧问答智能体采购项目"),
        ("数据治理服务公开招标公告", "数据治理服务"),
        ("数据治理服务项目中标候选人公示", "数据治理服务项目"),
        ("某市住房和城乡建设局关于大模型一体机采购项目", "大模型一体机采购项目"),
    ],
)
def test_spellings_of_one_project_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("大模型平台一期项目", "大模型平台二期项目"),
        ("大模型平台项目", "大模型平台项目（二次）"),
        ("2025年算力服务采购", "2026年算力服务采购"),
        ("算力服务（北京分公司）采购", "算力服务（上海分公司）采购"),
        ("设备采购项目4-3", "设备采购项目43"),
        ("更正公告", "中标公告"),
    ],
)
def test_phases_rounds_years_and_branches_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_brackets_and_marks_do_not_change_the_key_of_a_party() -> None:
    assert party_key("华为技术（北京）有限公司") == party_key("华为技术 (北京)有限公司 ")
    assert party_key("某市教育局（本级）") == party_key("某市教育局")
    assert party_key("甲公司（联合体牵头人）") == party_key("甲公司")
    assert party_key("某银行北京分行") != party_key("某银行上海分行")
    assert party_key(" 、 ") is None


def test_spacing_and_view_counters_do_not_create_a_new_version() -> None:
    first = content_hash("ccgp:1", "中标公告", "金额： 100元\n浏览次数：12")
    assert first == content_hash("ccgp:1", "中标公告 ", "金额：100元 浏览次数： 13 ")
    assert first != content_hash("ccgp:1", "中标公告", "金额：101元")
    assert first != content_hash("ccgp:2", "中标公告", "金额：100元")


@given(st.text())
@pytest.mark.slow
def test_keys_never_fail_and_contain_no_space_or_bracket(text: str) -> None:
    content_hash(text, text, text)
    for key in (project_number_key(text, "p"), name_key(text), party_key(text)):
        assert key is None or not set(key) & set(" \t\n()（）【】")
