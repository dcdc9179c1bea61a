"""Whether a result says that it replaces an earlier one. All names are invented."""

from __future__ import annotations

import pytest

from pipelines.extract.replacements import replacement_words
from pipelines.text.document import sections

_RESULT = "三、中标（成交）信息\n供应商名称：乙软件有限公司\n中标（成交）金额：125万元\n"


@pytest.mark.parametrize(
    "title",
    [
        "某市智能体平台项目中标结果更正公告",
        "某市智能体平台项目中标公告（变更）",
        "某市智能体平台项目中标公告（第二中标候选人递补）",
        "某市智能体平台项目中标结果公告（更新）",
        "某市智能体平台项目重新评审结果公告",
        "某市智能体平台项目递补中标公告",
        "某市智能体平台项目中标结果重新公示",
        "某市智能体平台项目成交结果变更",
        "某市智能体平台项目重新确定中标人的公告",
    ],
)
def test_a_title_says_that_the_result_is_a_new_one(title: str) -> None:
    (words,) = replacement_words("award", title, _RESULT, sections(_RESULT))
    assert words in title


@pytest.mark.parametrize(
    "sentence",
    [
        "原中标人放弃中标资格，由第二中标候选人递补。",
        "因甲软件有限公司未在规定时间内签订合同，顺延第二名。",
        "因质疑成立，经评审委员会重新评审，中标人变更为乙软件有限公司。",
        "原成交公告作废，以本公告为准。",
        "甲软件有限公司自愿放弃成交资格。",
    ],
)
def test_a_sentence_says_why_the_first_result_no_longer_holds(sentence: str) -> None:
    body = f"{_RESULT}八、其他补充事宜\n{sentence}\n"
    assert replacement_words("award", "某市智能体平台项目中标公告", body, sections(body)) == [sentence.rstrip("。")]


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("某市设备更新改造项目中标公告", "无"),
        ("某市变更管理系统采购项目成交公告", "无"),
        ("某市智能体平台项目中标公告", "中标人放弃中标的，采购人可以按照排序确定下一候选人为中标人。"),
        ("某市智能体平台项目中标公告", "如果投诉成立，将依法处理。"),
        ("某市智能体平台项目中标公告", "工期顺延至8月。"),
    ],
)
def test_the_name_of_a_project_or_a_condition_says_nothing(title: str, sentence: str) -> None:
    body = f"{_RESULT}八、其他补充事宜\n{sentence}\n"
    assert replacement_words("award", title, body, sections(body)) == []


def test_a_correction_gives_the_lines_that_name_what_was() -> None:
    body = "二、更正信息\n更正内容：\n原中标人：甲软件有限公司\n现更正为：乙软件有限公司\n三、其他补充事宜\n无\n"
    words = replacement_words("correction", "某市智能体平台项目更正公告", body, sections(body))
    assert "原中标人：甲软件有限公司" in words
    assert "无" not in words
