"""Epoint's full-text search: what is asked for, and how its records become rows."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tenders import portals
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.response_checks import check, dig
from tenders.spiders.epoint_search import EpointSearchSpider
from tenders.spiders.registry import SPIDERS

MAY = (date(2026, 5, 1), date(2026, 5, 31))
GUID = "3AC41716-9B22-42BF-B92A-5E043DE3B492"


def spider(name: str) -> EpointSearchSpider:
    made = SPIDERS[name]()
    assert isinstance(made, EpointSearchSpider)
    return made


def asked(name: str, channel: str, number: int = 1, keyword: str = "") -> dict[str, Any]:
    """Return the body of the request for a page of a list."""
    query = ListQuery(channel, *MAY, keyword=keyword)
    request = spider(name).list_request(query, number)
    assert request.method == "POST"
    body = json.loads(request.body)
    assert isinstance(body, dict)
    return body


def row(name: str, **changes: Any) -> ListRow:
    """Return the row of a record in the form of the real ones."""
    record = {
        "id": f"002001009{GUID}_001",
        "title": "2026年甲县<em style='color:red'>大模型</em>平台建设项目",
        "categorynum": "002001009",
        "webdate": "2026-03-14 11:14:25",
        "zhuanzai": "甲州公共资源交易中心",
        "linkurl": f"/jyxx/002001/002001009/20260314/{GUID}.html",
    }
    read = spider(name).read_entry(record | changes, ListQuery("002", *MAY))
    assert read is not None
    return read


def test_a_list_is_asked_for_by_category_and_days_from_an_offset() -> None:
    body = asked("ggzy_jiangxi", "002006004", 3)
    assert (body["pn"], body["rn"]) == (80, 40)
    assert body["condition"] == [{"fieldName": "categorynum", "equal": "002006004", "isLike": True, "likeType": 2}]
    days = {"fieldName": "webdate", "startTime": "2026-05-01 00:00:00", "endTime": "2026-05-31 23:59:59"}
    assert body["time"] == [days]
    assert (body["wd"], body["noWd"], body["isBusiness"], body["cnum"]) == ("", True, "1", "")
    assert json.loads(body["sort"]) == {"webdate": "0"}


def test_a_keyword_is_searched_in_titles() -> None:
    body = asked("chinatower", "003004", keyword="大模型")
    assert (body["wd"], body["noWd"], body["fields"], body["cnum"]) == ("大模型", False, "title", "001")
    assert body["time"][0]["fieldName"] == "infodate"


def test_a_star_asks_for_every_category_and_a_site_may_need_keys_of_its_own() -> None:
    assert asked("ggzy_guangxi", "*")["condition"] == []
    assert {key: asked("ggzy_xinjiang", "001001005")[key] for key in ("esdsid", "cutIngore")} == {
        "esdsid": "1",
        "cutIngore": "",
    }


def test_a_record_gives_id_address_day_and_a_title_without_marks() -> None:
    read = row("ggzy_sichuan")
    assert (read.notice_id, read.title) == (GUID, "2026年甲县大模型平台建设项目")
    assert read.url == f"https://ggzyjy.sc.gov.cn/jyxx/002001/002001009/20260314/{GUID}.html"
    assert (read.day, read.listed["region"]) == (date(2026, 3, 14), "甲州公共资源交易中心")


def test_the_day_is_that_by_which_the_search_is_queried() -> None:
    days = {"webdate": "", "showdate": "2026-03-12 00:00:00", "infodate": "2026-03-14 08:30:31"}
    assert row("ggzy_hebei", **days).day == date(2026, 3, 12)
    assert row("chinatower", **days).day == date(2026, 3, 14)


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("ggzy_hebei", f"/bszn/20260314/{GUID}.html", f"https://szj.hebei.gov.cn/hbggfwpt/bszn/20260314/{GUID}.html"),
        ("ggzy_hebei", f"/hbggfwpt/bszn/{GUID}.html", f"https://szj.hebei.gov.cn/hbggfwpt/bszn/{GUID}.html"),
        ("ggzy_hebei", f"https://szj.hebei.gov.cn/x/{GUID}.html", f"https://szj.hebei.gov.cn/x/{GUID}.html"),
        ("ggzy_sichuan", f"/jyxx/{GUID}.html", f"https://ggzyjy.sc.gov.cn/jyxx/{GUID}.html"),
    ],
)
def test_the_path_that_a_site_leaves_out_is_put_before_its_addresses(name: str, address: str, expected: str) -> None:
    read = row(name, linkurl=address)
    assert (read.url, read.notice_id) == (expected, GUID)


@pytest.mark.parametrize(
    ("changes", "is_read"),
    [
        ({"categorynum": "002001008"}, True),  # results by the number, whatever the title says
        ({"categorynum": "002002002", "title": "甲大学大模型采购公开招标公告"}, False),
        ({"categorynum": "002002002", "title": "甲大学大模型采购"}, False),
        ({"categorynum": "002002002", "title": "甲大学大模型采购中标（成交）结果公告"}, True),
        ({"categorynum": "002002002", "title": "甲大学大模型采购", "categoryname": "采购结果公告"}, True),
        ({"categorynum": "002002002", "title": "甲大学大模型采购废标公告"}, True),
    ],
)
def test_a_category_without_a_name_is_read_by_the_words_of_its_kinds(changes: dict[str, str], is_read: bool) -> None:
    assert row("ggzy_sichuan", **changes).skipped is not is_read


def test_an_answer_may_hold_its_result_as_text() -> None:
    portal = portals.load("ggzy_shaanxi")
    result = {"totalcount": 1, "records": [{"id": "a"}]}
    for answer in ({"result": result}, {"result": json.dumps(result)}):
        text = json.dumps(answer)
        assert check(portal, "list", text).kind == "ok"
        assert dig(json.loads(text), "result.totalcount") == 1
    assert check(portal, "list", '{"result": "{broken"}').kind == "layout"
    assert check(portal, "list", "<html>请完成安全验证</html>").kind == "blocked"
