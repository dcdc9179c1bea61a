"""Which files of a notice are needed to know its result."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from pipelines.common.clock import SHANGHAI
from pipelines.model import FileKeys, Locator, Page
from pipelines.needed_files import needed_files

_SEEN = datetime(2026, 1, 1, tzinfo=SHANGHAI)
_URL = "https://www.example.gov.cn/a/1.html"
_LINKS = (
    '<a href="f/2.pdf">采购文件.pdf</a><a href="/get?id=7">报告.docx</a><a href="../f/%E6%88%90%E4%BA%A4.xlsx">下载</a>'
    '<a href="javascript:get(1)">结果.pdf</a><a href="/b.html">中标公告</a>'
)


def _needed(text: str, title: str = "某市大模型平台采购项目中标公告", **changes: object) -> list[str]:
    page = {"content_type": "text/html", "body": f"<p>{text}</p>{_LINKS}", "title": title, **changes}
    return [link.url for link in needed_files(Page("p", _URL, _SEEN, **page))]  # type: ignore[arg-type]


_BY_NAME = "https://www.example.gov.cn/f/%E6%88%90%E4%BA%A4.xlsx"
_OTHER = "https://www.example.gov.cn/get?id=7"


def test_files_with_the_name_of_a_result_come_first_then_what_the_notice_points_to() -> None:
    assert _needed("三、中标信息：详见附件") == [_BY_NAME, _OTHER]
    assert _needed("三、中标信息：") == [_BY_NAME]


@pytest.mark.parametrize(
    ("text", "title", "needs"),
    [
        ("中标人：甲智能有限公司</p><p>中标金额：详见附件", "某项目中标公告", True),
        ("中标人：甲智能有限公司</p><p>中标金额：100万元", "某项目中标公告", False),
        ("中标人：甲智能有限公司</p><p>中标下浮率：5%", "某项目中标公告", False),
        ("更正内容：详见附件", "某项目结果更正公告", True),
        ("中标候选人：详见附件", "某项目中标候选人公示", True),
        ("项目概况：详见附件", "某项目公开招标公告", False),
        ("本项目废标，原因详见附件", "某项目废标公告", False),
    ],
)
def test_a_notice_needs_files_only_if_its_result_is_open(text: str, title: str, needs: bool) -> None:
    assert bool(_needed(text, title)) == needs


def test_the_files_of_a_json_answer_are_found_by_the_keys_of_its_portal() -> None:
    answer = {
        "data": {
            "content": "<p>三、中标信息：详见附件</p>",
            "files": [{"title": "中标结果.pdf", "path": "/f/1"}, {"path": 3}, 0],
        }
    }
    locator = Locator(contents=("data.content",), files=(FileKeys("files", "title", "path"),))
    changes = {"content_type": "application/json", "body": json.dumps(answer), "locator": locator}
    assert _needed("", **changes) == ["https://www.example.gov.cn/f/1"]
    assert _needed("", **{**changes, "locator": Locator(contents=("data.content",))}) == []
