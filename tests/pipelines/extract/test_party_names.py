"""The name of one supplier, without what sticks to it."""

from __future__ import annotations

import pytest

from pipelines.extract.party_names import clean_party

_NAME = "青山软件有限公司"
_OLD_NAME = "白水数据有限公司"
_CODE = "91000000MA00ABCD0X"


@pytest.mark.parametrize(
    "text",
    [
        f"{_NAME}（原：{_OLD_NAME}）",
        f"{_NAME}(原{_OLD_NAME})",
        f"{_NAME}[原名称：{_OLD_NAME}]",
        f"{_NAME}（曾用名{_OLD_NAME}）",
        f"{_NAME}（由{_OLD_NAME}更名）",
        f"{_NAME}（原：白水（沙丘）数据有限公司）",
        f"{_NAME}，曾用名：{_OLD_NAME}",
        f"{_NAME}（以下简称“青山”）",
    ],
)
def test_an_older_or_shorter_name_is_left_out(text: str) -> None:
    assert clean_party(text) == _NAME


@pytest.mark.parametrize(
    "text",
    [
        f"{_NAME}{_CODE}",
        f"{_NAME} {_CODE}",
        f"{_NAME}（{_CODE}）",
        f"{_NAME}/{_CODE}",
        f"{_CODE} {_NAME}",
        f"{_NAME}9100000*********0X",
        f"{_NAME}（统一社会信用代码：{_CODE}）",
        f"{_NAME}，统一社会信用代码：{_CODE}",
        f"{_NAME}（组织机构代码：00000000-0）",
        f"{_NAME}地址：某市某区某路8号",
        f"{_NAME}（地址：某市某区某路8号）",
        f"{_NAME}（某市某区某路8号）",
        f"{_NAME}，某市某区某路8号",
        f"{_NAME}北京市某区某路8号",
    ],
)
def test_a_code_or_an_address_is_no_part_of_a_name(text: str) -> None:
    assert clean_party(text) == _NAME


@pytest.mark.parametrize(
    "text",
    [
        f"{_NAME}（监狱企业）",
        f"{_NAME} 小型企业",
        f"{_NAME}（盖章）",
        f"{_NAME}（注册地：北京）",
        f"{_NAME}，综合评分92.1分",
        f"{_NAME}（大写：叁佰万元整）",
        f"{_NAME}（中标人）",
        f"{_NAME}（A包）",
        f"{_NAME}资质：一级",
        f"【{_NAME}】",
        f"（{_NAME}）",
        f"★{_NAME}",
        f"公司名称：{_NAME}",
        f"训练服务：{_NAME}",
        f"01包-{_NAME}",
        f"包1——{_NAME}",
    ],
)
def test_remarks_and_labels_are_no_part_of_a_name(text: str) -> None:
    assert clean_party(text) == _NAME


@pytest.mark.parametrize(
    "name",
    [
        "青山会计师事务所（特殊普通合伙）",
        "沙丘区小山软件工作室（个体工商户）",
        "青山数据产业研究院（沙丘）",
        "青山（沙丘）软件有限公司北京分公司",
        "青山（集团）股份有限公司",
        "中共青山市委党校",
        "青山农民专业合作社",
        "Green Hill Computing Co., Ltd.",
        "GREEN HILL AI PTE. LTD.",
        "中标（北京）科技有限公司",
        "修正算术科技有限公司",
        "第四青山技术有限公司",
    ],
)
def test_an_unusual_name_is_kept_whole(name: str) -> None:
    assert clean_party(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "中标供应商",
        "成交供应商全称",
        "中标（成交）供应商",
        "入围供应商",
        "成交金额（元）",
        "统一社会信用代码",
        "推荐中标候选人",
        "（盖章）",
        "监理单位：白水监理有限公司",
        "采购人：青山市数据局",
    ],
)
def test_labels_heads_and_others_are_no_supplier(text: str) -> None:
    assert clean_party(text) is None
