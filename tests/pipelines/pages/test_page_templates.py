"""The page templates: what a page of an unknown portal is read by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import orjson
import pytest

from pipelines.common.clock import SHANGHAI
from pipelines.model import Page
from pipelines.pages import parse_page
from pipelines.pages.page_templates import PageTemplate, page_templates, template_locator
from tenders.portals import page_of

_SEEN = datetime(2026, 9, 1, tzinfo=SHANGHAI)
_JSON_EXAMPLES = [template for template in page_templates() if template.example.startswith("{")]


def json_keys(data: object) -> set[str]:
    """All keys of a JSON document."""
    if isinstance(data, dict):
        return set(data).union(*map(json_keys, data.values()))
    return set().union(*map(json_keys, data)) if isinstance(data, list) else set()


@pytest.mark.parametrize("template", _JSON_EXAMPLES, ids=lambda template: template.name)
def test_each_json_example_is_read_with_a_title(template: PageTemplate) -> None:
    envelope = parse_page(Page("somewhere", "urn:1", _SEEN, "application/json", template.example))
    assert envelope.title is not None
    assert envelope.title.startswith("某项目")


@pytest.mark.parametrize("template", _JSON_EXAMPLES, ids=lambda template: template.name)
def test_each_json_example_shows_keys_of_its_template(template: PageTemplate) -> None:
    place = template.notice
    named: Iterable[str] = (*place.title_keys, *place.content_keys, *(path.split(".")[-1] for path in place.records))
    assert json_keys(orjson.loads(template.example)).intersection(named)


def test_no_place_is_listed_twice() -> None:
    locator = template_locator()
    for name in ("containers", "title_selectors", "records", "content_keys", "title_keys", "date_keys", "number_keys"):
        places = getattr(locator, name)
        assert len(places) == len(set(places)), name


def test_an_unknown_portal_may_keep_the_buyer_and_the_number_beside_the_text() -> None:
    body = orjson.dumps(
        {
            "data": {
                "title": "某项目中标公告",
                "txt": "<p>一、中标供应商：某某软件有限公司</p>",
                "attrs": [
                    {"attrName": "jygg_cgr", "attrValue": "某局"},
                    {"attrName": "jygg_xmbh", "attrValue": "XM-1"},
                ],
            }
        }
    ).decode()
    envelope = parse_page(Page("somewhere", "urn:1", _SEEN, "application/json", body))
    assert (envelope.buyer, envelope.number) == ("某局", "XM-1")


def test_an_unknown_portal_may_split_a_notice_into_packages() -> None:
    packages = [
        {"packageName": "一包", "packageContent": "<p>甲公司</p>"},
        {"packageName": "二包", "packageContent": "<p>乙公司</p>"},
    ]
    body = orjson.dumps({"data": {"docTitle": "某项目结果公示", "listPackage": packages}}).decode()
    envelope = parse_page(Page("somewhere", "urn:1", _SEEN, "application/json", body))
    assert all(words in envelope.text for words in ("一包", "甲公司", "二包", "乙公司"))


@pytest.mark.parametrize("portal", ["ggzy", "somewhere"])
@pytest.mark.parametrize(
    ("label", "text", "day"),
    [
        ("发布时间", "并于2025年07月30日 09点30分前递交投标文件。", date(2025, 7, 10)),
        ("发布时间", "本项目于2025年07月02日发布结果公告，因质疑成立，原结果无效。", date(2025, 7, 10)),
        ("签署时间", "合同已签署。", None),
    ],
)
def test_the_head_of_a_page_has_the_day_of_publication(portal: str, label: str, text: str, day: date | None) -> None:
    html = (
        f'<html><body><h4 class="h4_o">某市智能体平台项目公告</h4><p class="p_o"><span>{label}：2025-07-10 09:32</span>'
        f'<span>信息来源：某市公共资源交易网</span></p><div id="mycontent"><p>{text}</p></div></body></html>'
    )
    page = page_of(
        portal, "https://www.ggzy.gov.cn/information/deal/html/b/1/0202/2/00ab.html", _SEEN, "text/html", html
    )
    assert parse_page(page).published_on == day
