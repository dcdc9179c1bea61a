"""The spiders on responses of real portals, from public collections."""

from __future__ import annotations

import json
from datetime import date

import pytest
from scrapy.http import Request, TextResponse

from tenders.crawling.list_pages import ListPage, ListQuery
from tenders.portals.response_checks import check
from tenders.spiders.registry import SPIDERS
from tests.paths import SHARED

PAGES = SHARED / "captures" / "pages"
PAGES_2 = SHARED / "captures" / "pages2"
BLOCKS = ("aliyun_acw_sc_v2_challenge_head_202606.html", "aliyun_slider_wrapper_head_202606.html")

pytestmark = pytest.mark.skipif(not PAGES.exists(), reason="the real captures are not next to this checkout")


def read_list(portal: str, text: str, channel: str) -> ListPage:
    """Return what the portal's spider reads in this list response."""
    spider = SPIDERS[portal]()
    assert check(spider.portal, "list", text).kind == "ok"
    request = Request(spider.portal.origin, meta={"archive": {"url": f"{spider.portal.origin}/"}})
    response = TextResponse(request.url, body=text.encode(), encoding="utf-8", request=request)
    return spider.read_list(response, ListQuery(channel, date(2026, 1, 1), date(2026, 1, 2)))


@pytest.mark.parametrize(
    ("portal", "page", "channel", "rows", "total", "first"),
    [
        ("ggzy", "ggzy/list_getTradList_20260317.json", "0202", 20, 1598, ("003346ed9dd8b0494c7aa507db162810f636", "2026-03-17")),
        ("yichang", "yichang/list_award_first3.json", "003001005", 3, None,
         ("753db113-f948-45ed-8e44-9584be8789d2", "2025-03-24")),
        ("gdgpo", "gdgpo/selectInfoForIndex_trimmed_202607.json", "00102", 1, 1,
         ("19249ba9-5d33-48e4-b9cb-def134be8824", "2026-07-17")),
        ("szggzy", "szggzy/content_page_trimmed_202604.json", "2850", 1, 1, ("20359755", "2026-04-30")),
        ("sgcc", "sgcc_ecp/noteList_fragment_20260611.json", "2018060501171111", 2, None, ("2606118496575576", "2026-06-11")),
    ],
)  # fmt: skip
def test_a_real_list_is_read(
    portal: str, page: str, channel: str, rows: int, total: int | None, first: tuple[str, str]
) -> None:
    found = read_list(portal, (PAGES / page).read_text("utf-8"), channel)
    assert (len(found.rows), found.reported_total) == (rows, total)
    row = found.rows[0]
    assert (row.notice_id, str(row.day)) == first
    assert SPIDERS[portal]().portal.notice_id_in(row.url) == row.notice_id
    assert all("<" not in row.title for row in found.rows)


def test_the_rows_of_a_real_list_of_china_mobile_are_read() -> None:
    entries = json.loads((PAGES / "cmcc_b2b10086" / "list_bidding_now_BJ_20251016.json").read_text("utf-8"))
    answer = json.dumps({"data": {"content": entries, "totalElements": len(entries), "totalPages": 1}})
    found = read_list("cmcc", answer, "PROCUREMENT")
    assert len(found.rows) == len(entries)
    assert {row.listed["region"] for row in found.rows} == {"北京"}
    assert all(row.url.startswith("https://b2b.10086.cn/#/noticeDetail?publishId=") for row in found.rows)


@pytest.mark.parametrize(
    ("portal", "kind", "page"),
    [
        ("ggzy", "detail", "ggzy/detail_b_sample_20260317.html"),
        ("ggzy", "outer", "ggzy/detail_a_330000_0203_20260317.html"),
        ("gdgpo", "detail", "gdgpo/getInfoById_trimmed_202607.json"),
        ("szggzy", "detail", "szggzy/content_detail_trimmed_202604.json"),
        ("ccgp_hubei", "detail", "ccgp_hubei/detail_award_20260816.html"),
    ],
)
def test_the_page_of_a_real_notice_is_accepted(portal: str, kind: str, page: str) -> None:
    assert check(SPIDERS[portal]().portal, kind, (PAGES / page).read_text("utf-8")).kind == "ok"


@pytest.mark.parametrize("name", BLOCKS)
def test_a_real_challenge_page_with_status_200_is_a_block_for_every_portal(name: str) -> None:
    text = (PAGES_2 / "_blocks" / name).read_text("utf-8")
    title = "某市政务大模型平台采购项目中标公告"
    for portal, spider in SPIDERS.items():
        assert check(spider().portal, "list", text).kind == "blocked", portal
        assert check(spider().portal, "detail", text, title).kind == "blocked", portal


@pytest.mark.parametrize(
    ("portal", "page", "rows", "first"),
    [
        ("chnenergy", "chnenergy/list_001002_20260928_rows.html", 6,
         ("222d9c1c-2c7c-4b52-86c6-3a3fd4397be5", "2026-09-28", "CEZB260108392")),
        ("chinacoal", "zmzb/list_ywgg1hw_20260928_rows.html", 7, ("61806", "2026-09-28", None)),
        ("psbc", "shccmg_qinyuan/queryContentPage_203_20260928.json", 2, ("1289184610822914048", "2026-09-28", None)),
        ("ccgp_hunan", "zcy_zhejiang/category_list_one_row_20250526.json", 1,
         ("5Gn8PpvGTWXGXmprc0ndGQ==", "2025-05-26", None)),
    ],
)  # fmt: skip
def test_a_real_list_of_the_same_software_is_read(
    portal: str, page: str, rows: int, first: tuple[str, str, str | None]
) -> None:
    found = read_list(portal, (PAGES_2 / page).read_text("utf-8"), "")
    assert len(found.rows) == rows
    row = found.rows[0]
    assert (row.notice_id, str(row.day), row.listed.get("project_number")) == first
    assert SPIDERS[portal]().portal.notice_id_in(row.url) == row.notice_id


@pytest.mark.parametrize(
    ("portal", "page"),
    [
        ("chnenergy", "chnenergy/detail_tender_20260928_head.html"),
        ("chinacoal", "zmzb/detail_tender_20260924_head.html"),
        ("cib", "shccmg_qinyuan/detail_tender_20260924_head.html"),
        ("ccgp_hunan", "zcy_zhejiang/detail_trimmed_20250526.json"),
    ],
)
def test_the_page_of_a_real_notice_of_the_same_software_is_accepted(portal: str, page: str) -> None:
    assert check(SPIDERS[portal]().portal, "detail", (PAGES_2 / page).read_text("utf-8")).kind == "ok"
