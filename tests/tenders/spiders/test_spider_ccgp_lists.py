"""Reading list pages of CCGP, and rejecting other pages."""

from __future__ import annotations

from datetime import date

import pytest

from tenders import portals
from tenders.crawling.errors import UnreadableListError
from tenders.portals.response_checks import check
from tenders.spiders.ccgp import list_url, read_list
from tests.paths import SHARED

CCGP = portals.load("ccgp")
ADDRESS = "http://www.ccgp.gov.cn/cggg/dfgg/zbgg/index_3.htm"
CAPTURES = SHARED / "captures" / "pages" / "ccgp"


def page(entries: str, after: str = "") -> str:
    return f"<html><body><div><ul class='vT c_list_bid '>{entries}</ul></div>{after}</body></html>"


def test_page_two_is_index_1() -> None:
    channel = "/cggg/zygg/cjgg/"
    assert [list_url(CCGP, channel, number) for number in (1, 2, 25)] == [
        "http://www.ccgp.gov.cn/cggg/zygg/cjgg/",
        "http://www.ccgp.gov.cn/cggg/zygg/cjgg/index_1.htm",
        "http://www.ccgp.gov.cn/cggg/zygg/cjgg/index_24.htm",
    ]


def test_a_row_gives_address_full_title_day_region_and_buyer() -> None:
    text = page(
        '<li><a href="./202608/t20260805_9.htm" title="甲县&quot;智慧&quot;平台（二期）成交结果公告">甲县"智慧"平…</a>\n'
        "发布时间：<em>2026-08-05 09:07</em> 地域：<em>宁夏</em> 采购人：<em>甲县 教育局</em></li>"
    )
    [row] = read_list(text, ADDRESS, CCGP).rows
    assert row.url == "http://www.ccgp.gov.cn/cggg/dfgg/zbgg/202608/t20260805_9.htm"
    assert row.title == '甲县"智慧"平台（二期）成交结果公告'
    assert (row.notice_id, row.day, row.listed_at) == ("20260805_9", date(2026, 8, 5), "2026-08-05 09:07")
    assert row.listed == {"region": "宁夏", "buyer": "甲县 教育局"}


@pytest.mark.parametrize(
    "href", ["/cggg/dfgg/zbgg/202608/t20260805_9.htm", "//www.ccgp.gov.cn/cggg/dfgg/zbgg/202608/t20260805_9.htm"]
)
def test_links_of_other_shapes_lead_to_the_same_notice(href: str) -> None:
    [row] = read_list(page(f"<li><a href='{href}'>某公告</a><em>2026-08-05</em></li>"), ADDRESS, CCGP).rows
    assert (row.notice_id, row.title, row.day) == ("20260805_9", "某公告", date(2026, 8, 5))


def test_a_row_with_an_unreadable_day_is_kept() -> None:
    [row] = read_list(page("<li><a href='./a/t20260805_9.htm'>某公告</a><em>今天</em></li>"), ADDRESS, CCGP).rows
    assert row.day is None
    assert row.is_within(date(2026, 1, 1), date(2026, 1, 2))


def test_the_pager_gives_the_number_of_pages() -> None:
    script = "<script>function Pager(c){return {size:1}};</script><script>Pager({size:25, current:3, prefix:'index'});</script>"
    assert read_list(page("", script), ADDRESS, CCGP).reported_pages == 25
    assert read_list(page(""), ADDRESS, CCGP).reported_pages is None


def test_entries_without_links_are_not_an_empty_list() -> None:
    with pytest.raises(UnreadableListError, match="layout"):
        read_list(page("<li>某公告</li><li><a href='javascript:void(0)'>更多</a></li>"), ADDRESS, CCGP)


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("list", "<p>频繁访问!中国政府采购网</p>", "频繁访问"),
        ("detail", "<div class='check'>安全验证</div>", "安全验证"),
        ("detail", "<div class='c_list_bid'></div>", "vF_detail_content"),
        ("detail", "<div class='new-vF_detail_content-v2'>甲公司中标</div>", "vF_detail_content"),
        ("list", "", "cut short"),
        ("list", "<p>class=c_list_bid</p>", "c_list_bid"),
    ],
)
def test_a_page_without_its_container_is_rejected_with_the_reason(kind: str, text: str, words: str) -> None:
    verdict = check(CCGP, kind, text)
    assert verdict.kind in ("blocked", "again")
    assert words in verdict.reason


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (
            "detail",
            "<div class='vF_detail_main pz1'><div class=\"box vF_detail_content\">安全验证系统采购 频繁访问</div></div>",
        ),
        ("detail", "<td id=noticeArea>老模板</td>"),
        ("list", "<ul class=c_list_bid></ul>"),
    ],
)
def test_block_words_inside_a_notice_do_not_make_a_block_page(kind: str, text: str) -> None:
    assert check(CCGP, kind, text).kind == "ok"


@pytest.mark.skipif(not CAPTURES.exists(), reason="the real captures are not next to this checkout")
def test_a_real_list_page_is_read_completely() -> None:
    text = (CAPTURES / "list_gkzb_20260729.html").read_text("utf-8")
    assert check(CCGP, "list", text).kind == "ok"
    listing = read_list(text, "http://www.ccgp.gov.cn/cggg/dfgg/gkzb/", CCGP)
    assert (len(listing.rows), listing.reported_pages) == (20, 25)
    assert len({row.notice_id for row in listing.rows}) == 20
    assert {row.day for row in listing.rows} == {date(2026, 7, 29)}
    assert all(row.listed["buyer"] and row.listed["region"] and "…" not in row.title for row in listing.rows)
    assert listing.rows[0].url == "http://www.ccgp.gov.cn/cggg/dfgg/gkzb/202607/t20260729_27027394.htm"
    assert listing.rows[0].listed_at == "2026-07-29 10:42"


@pytest.mark.skipif(not CAPTURES.exists(), reason="the real captures are not next to this checkout")
@pytest.mark.parametrize("name", ["detail_award_guangdong_20250527.html", "detail_tender_gkzb_20260729_27027394.html"])
def test_real_notices_are_not_block_pages(name: str) -> None:
    assert check(CCGP, "detail", (CAPTURES / name).read_text("utf-8")).kind == "ok"
