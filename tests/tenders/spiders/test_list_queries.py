"""What single portals are asked for: the fields of the requests for their lists, without a crawl."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Request

from tenders import portals
from tenders.crawling.list_pages import ListQuery
from tenders.spiders.registry import SPIDERS

MAY = (date(2026, 5, 1), date(2026, 5, 31))
DAY = (date(2026, 5, 8), date(2026, 5, 8))


def fields(request: Request) -> dict[str, str]:
    """Return the fields of a form or of an address, each with its only value."""
    text = request.body.decode() if request.method == "POST" else urlsplit(request.url).query
    return {name: value for name, [value] in parse_qs(text, keep_blank_values=True).items()}


@pytest.mark.parametrize(
    ("channel", "classify", "stage", "source"),
    [
        ("0202", "02", "0202", "1"),
        ("0104", "01", "0104", "1"),
        ("bw0104", "01", "0104", "2"),
        ("bw0203", "02", "0203", "2"),
    ],
)
def test_the_national_platform_gets_stages_without_bw_and_no_field_that_means_all(
    channel: str, classify: str, stage: str, source: str
) -> None:
    assert channel in portals.load("ggzy").channels
    form = fields(SPIDERS["ggzy"]().list_request(ListQuery(channel, *MAY), 1))
    assert (form["DEAL_CLASSIFY"], form["DEAL_STAGE"], form["SOURCE_TYPE"]) == (classify, stage, source)
    assert (form["DEAL_TIME"], form["TIMEBEGIN"], form["TIMEEND"]) == ("06", "2026-05-01", "2026-05-31")
    assert not {"DEAL_PROVINCE", "DEAL_CITY", "DEAL_PLATFORM", "BID_PLATFORM", "DEAL_TRADE"} & form.keys()
    part = fields(SPIDERS["ggzy"]().list_request(ListQuery(channel, *DAY, part="420000"), 1))
    assert part == form | {"TIMEBEGIN": "2026-05-08", "TIMEEND": "2026-05-08", "DEAL_PROVINCE": "420000"}


def test_guangdong_is_asked_for_times_of_the_entire_province() -> None:
    request = SPIDERS["gdgpo"]().list_request(ListQuery("00102", *MAY), 2)
    query = fields(request)
    assert urlsplit(request.url).path.endswith("/info/selectInfoForIndex")
    assert (query["operationStartTime"], query["operationEndTime"]) == ("2026-05-01 00:00:00", "2026-05-31 23:59:59")
    empty = {"regionCode": "", "verifyCode": "", "searchKey": ""}
    assert {name: query[name] for name in empty} == empty
    assert (query["currPage"], query["noticeType"], query["subChannel"]) == ("2", "00102", "false")


def test_a_day_of_a_gpcms_site_is_divided_into_hours() -> None:
    spider = SPIDERS["gdgpo"]()
    parts = spider.split_query(ListQuery("00102", *DAY))
    times = [fields(spider.list_request(part, 1)) for part in parts]
    assert [times[n]["operationStartTime"] for n in (0, 9, 23)] == [f"2026-05-08 {n}:00:00" for n in ("00", "09", "23")]
    assert [times[n]["operationEndTime"] for n in (0, 9, 23)] == [f"2026-05-08 {n}:59:59" for n in ("00", "09", "23")]
    assert len({part.name for part in parts}) == 24
    assert spider.split_query(parts[0]) == []
    assert len(spider.split_query(ListQuery("00102", *MAY))) == 2


def test_shandong_is_asked_for_days() -> None:
    body = json.loads(SPIDERS["ccgp_shandong"]().list_request(ListQuery("0302", *MAY), 1).body)
    assert (body["startTime"], body["endTime"]) == ("2026-05-01 00:00:00", "2026-05-31 23:59:59")
    assert {name: body[name] for name in ("area", "homePage", "oldData", "mergeType")} == {
        "area": "",
        "homePage": 0,
        "oldData": 0,
        "mergeType": 0,
    }


def test_every_portal_that_is_asked_for_days_names_them_in_its_requests() -> None:
    for name, spider in SPIDERS.items():
        portal = portals.load(name)
        if portal.lists != "dated":
            continue
        query = ListQuery(portal.channels[0], *MAY)
        asked = [spider().list_request(one, 1) for one in (query, replace(query, since=MAY[1]))]
        assert (asked[0].url, asked[0].body) != (asked[1].url, asked[1].body), f"{name} ignores the first day"
