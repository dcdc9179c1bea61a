"""Sites described by templates and paths: what the descriptor says is what is requested and read."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from scrapy.http import Request, TextResponse

from tenders import portals
from tenders.crawling.list_pages import ListPage, ListQuery
from tenders.portals import Portal
from tenders.portals.descriptor import portal_from
from tenders.portals.response_checks import check
from tenders.spiders.base.list_values import listed_time_text, parse_listed_day
from tenders.spiders.base.templates import fill, fill_address
from tenders.spiders.json_list import JsonTemplateSpider
from tenders.spiders.registry import SPIDERS, spider_for
from tenders.spiders.zcy import ZcySpider

_TOWN: dict[str, Any] = {
    "name": "town",
    "title": "某采购平台",
    "origin": "https://buy.town.example",
    "family": "json_list",
    "crawl": True,
    "channels": ["结果"],
    "coverage": "results",
    "page_size": 50,
    "notice": {"contents": ["data.text"], "title_keys": ["name"], "date_keys": ["time"]},
    "options": {
        "page": "/notice?id={key}",
        "first_number": 0,
        "rows": ["data.rows", "rows"],
        "total": ["data.total"],
        "mixed": True,
        "keys": {"id": ["key"], "title": ["name"], "time": ["time"], "body": ["text"], "kind": ["type"]},
        "parameters": {"结果": {"way": 7}},
        "kind_names": {"1": "招标公告"},
        "list": {
            "address": "/api/list",
            "query": {"from": "{offset}"},
            "data": {"page": "{number}", "size": "{size}", "way": "{way}", "days": ["{since} 00:00:00", "{until}"]},
        },
    },
}


def spider_of(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> JsonTemplateSpider:
    portal = portal_from(_TOWN | {"options": _TOWN["options"] | changes}, "town")
    monkeypatch.setitem(portals._by_name(), "town", portal)  # type: ignore[arg-type]
    spider = spider_for(portal)()
    assert isinstance(spider, JsonTemplateSpider)
    return spider


def read_list(spider: Any, answer: Any, channel: str = "结果") -> ListPage:
    request = Request(spider.portal.origin, meta={"archive": {"url": f"{spider.portal.origin}/"}, "number": 1})
    body = json.dumps(answer, ensure_ascii=False).encode()
    response = TextResponse(request.url, body=body, encoding="utf-8", request=request)
    page = spider.read_list(response, ListQuery(channel))
    assert isinstance(page, ListPage)
    return page


def test_a_placeholder_alone_keeps_the_type_of_its_value_and_others_become_text() -> None:
    values = {"number": 3, "word": "大模型", "key": "a b/c"}
    template = {"page": "{number}", "title": "第{number}页 {word}", "dto": {"list": ["{number}", True, "{none}"]}}
    filled = {"page": 3, "title": "第3页 大模型", "dto": {"list": [3, True, ""]}}
    assert fill(template, values) == filled
    assert fill_address("/a/{key}?w={word}", values) == "/a/a%20b/c?w=%E5%A4%A7%E6%A8%A1%E5%9E%8B"


def test_a_list_is_requested_as_its_template_says(monkeypatch: pytest.MonkeyPatch) -> None:
    query = ListQuery("结果", date(2026, 7, 1), date(2026, 7, 2))
    request = spider_of(monkeypatch).list_request(query, 2)
    assert (request.method, request.url) == ("POST", "https://buy.town.example/api/list?from=50")
    assert json.loads(request.body) == {"page": 1, "size": 50, "way": 7, "days": ["2026-07-01 00:00:00", "2026-07-02"]}


def test_rows_are_read_by_their_keys_with_the_notice_if_the_list_carries_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"key": "a", "name": "某平台采购结果公告", "time": 1782864000000, "text": "<p>中标人：甲公司</p>", "type": 4},
        {"key": "b", "name": "某平台建设项目", "time": "2026-07-01 09:00", "text": "", "type": 1},
        {"key": "c", "name": "某系统公开招标公告", "time": "2026-07-01", "text": None, "type": 2},
        {"key": "d", "name": "某系统", "time": "2026-07-01", "type": 3},
    ]
    page = read_list(spider_of(monkeypatch), {"data": {"rows": rows, "total": 4}})
    assert [(row.notice_id, row.skipped) for row in page.rows] == [("a", False), ("b", True), ("c", True), ("d", False)]
    first = page.rows[0]
    assert (first.url, str(first.day), first.listed) == (
        "https://buy.town.example/notice?id=a", "2026-07-01", {"channel": "4"},
    )  # fmt: skip
    assert json.loads(first.body or "")["data"]["text"] == "<p>中标人：甲公司</p>"
    assert page.rows[3].body is None


def test_an_answer_may_be_the_list_itself_and_a_short_page_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"key": "a", "name": "某平台采购结果公告", "time": "2026-07-01"}
    assert len(read_list(spider_of(monkeypatch, rows=["data", ""]), [row]).rows) == 1
    assert read_list(spider_of(monkeypatch), {"rows": [row]}).reported_pages is None
    assert read_list(spider_of(monkeypatch, full_pages=True), {"rows": [row]}).reported_pages == 1


@pytest.mark.parametrize(
    ("listed", "day", "text"),
    [
        ("2026-06-30T16:30:00.000+0000", "2026-07-01", "2026-07-01 00:30:00"),
        ("2026-07-01T16:30:00.000+0800", "2026-07-01", "2026-07-01 16:30:00"),
        ("202607010930", "2026-07-01", "2026-07-01 0930"),
        ("1782864000000", "2026-07-01", "2026-07-01 08:00:00"),
        ("2026/7/1 09:30", "2026-07-01", "2026-07-01 09:30"),
        ("2026-07-01 09:30", "2026-07-01", "2026-07-01 09:30"),
        ("soon", "None", "soon"),
    ],
)
def test_a_listed_time_begins_with_its_day_in_shanghai(listed: str, day: str, text: str) -> None:
    assert (str(parse_listed_day(listed)), listed_time_text(listed)) == (day, text)


def test_the_wanted_categories_of_a_tree_are_its_lowest_ones_with_results() -> None:
    def leaf(name: str, code: str) -> dict[str, Any]:
        return {"name": name, "code": code, "children": []}

    tree = [
        {"name": "采购公告", "code": "1", "children": [leaf("公开招标公告", "2"), leaf("更正公告", "3")]},
        {"name": "结果公告", "code": "4", "children": [leaf("中标(成交)公告", "5"), leaf("废标(终止)公告", "6")]},
        leaf("合同公告", "7"),
        leaf("框架协议入围结果公告", "8"),
        leaf("履约验收结果", "9"),
        None,
    ]
    spider = SPIDERS["ccgp_hunan"]()
    assert isinstance(spider, ZcySpider)
    assert list(spider._wanted_codes(tree)) == ["3", "5", "6", "8"]


@pytest.mark.parametrize("answer", ['{"success": true, "result": "eyJ0eXAi"}', '{"code": "NEED_CAPTCHA"}'])
def test_a_text_instead_of_data_is_a_block(answer: str) -> None:
    assert check(portals.load("ccgp_hunan"), "list", answer).kind == "blocked"


_CHALLENGE = (
    '<textarea id="renderData" style="display:none">{"l1":"x"}</textarea><!doctype html><html><head>'
    '<meta name="aliyun_waf_aa" content="y"></head><body></body></html>'
)
HTML_LISTS = [
    portal for portal in portals.all() if portal.crawl and portal.answers.list and portal.answers.list.anything
]


@pytest.mark.parametrize("portal", HTML_LISTS, ids=lambda portal: portal.name)
def test_a_challenge_without_words_is_a_block_and_no_empty_list(portal: Portal) -> None:
    assert check(portal, "list", _CHALLENGE).kind == "blocked"
    assert check(portal, "list", "<html><body><ul></ul></body></html>").kind == "ok"
