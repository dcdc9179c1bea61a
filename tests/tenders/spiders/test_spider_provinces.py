"""Special behaviour of provincial sites: rejected signed calls, HTML lists, base64 notices."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from pipelines.model import Notice
from pipelines.process import read_notices
from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.errors import UnreadableListError
from tenders.portals import Portal as Descriptor
from tenders.portals import page_of
from tenders.portals.response_checks import check
from tenders.spiders import registry
from tenders.spiders.base.html_list_spider import read_list
from tests.helpers.portal_sites import played, published
from tests.replica.market import market
from tests.replica.model import Market
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Portal, make_site
from tests.tenders.spiders.test_spider_families import Changed, crawl_once, keys, request_fields, stored

pytestmark = pytest.mark.slow

ALL = (date(2024, 1, 1), date(2026, 12, 31))


@pytest.fixture(scope="module")
def made() -> Market:
    return market(41, 260)


# 政采云


ANOTHER_SITE = """
name = "zcy_elsewhere"
title = "别处政府采购网"
origin = "https://zfcg.elsewhere.example"
family = "zcy"
crawl = true
notice_id = '/site/detail\\?(?:[^#]*&)?articleId=([^&#]+)'
province = "安徽"
lists = "dated"
channels = ["ZcyAnnouncement4"]
coverage = "results"

[answers.list]
key = ["result.data.data"]

[notice]
contents = ["result.data.content"]

[options]
parent = "900001"
"""


def test_another_site_of_the_zcy_family_needs_only_a_descriptor(
    made: Market, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "zcy_elsewhere.toml").write_text(ANOTHER_SITE, "utf-8")
    other = portals.read_descriptor(tmp_path / "zcy_elsewhere.toml")
    monkeypatch.setitem(portals._by_name(), other.name, other)  # type: ignore[arg-type]
    monkeypatch.setattr(registry, "ZcyElsewhereSpider", registry.spider_for(other), raising=False)
    expected = [posting for posting in made.on("zcy_guangxi") if posting.column == "ZcyAnnouncement4"]
    with played("zcy_guangxi", made) as portal:
        outcome = crawl_once(portal, other.name, tmp_path / "data", *ALL)
        asked = request_fields(portal)
    assert (outcome.state, outcome.stored) == ("complete", len(expected))
    assert stored(other.name, tmp_path / "data") == {f"{other.name}:{posting.notice_id}" for posting in expected}
    assert {form["parentId"] for form in asked} == {"900001"}
    pages = [page for file in archive_files(tmp_path / "data") for page in read_pages(file)]
    notices = [notice for page in pages for notice in read_notices(page)]  # type: ignore[arg-type]
    assert {page.url.split("/site/")[0] for page in pages} == {"https://zfcg.elsewhere.example"}
    assert {notice.buyer for notice in notices} == {posting.project.buyer.name for posting in expected}


def test_a_zcy_site_gets_its_own_query_fields_for_days(made: Market, tmp_path: Path) -> None:
    expected = published("zcy_shanghai", made)
    since, until = expected[0].at.date(), expected[-1].at.date()
    with played("zcy_shanghai", made) as portal:
        outcome = crawl_once(portal, "zcy_shanghai", tmp_path, since, until)
        asked = request_fields(portal)
        details = [hit for hit in portal.log.hits if hit.method == "GET"]
    assert (outcome.state, outcome.stored) == ("complete", len(expected))
    assert {form["categoryCode"] for form in asked} == {"ZcyAnnouncement4", "ZcyAnnouncement5"}
    assert all(form["isGov"] is True and form["pageNo"] >= 1 and form["_t"] > 1e12 for form in asked)
    assert min(form["publishDateBegin"] for form in asked) <= str(since)
    assert max(form["publishDateEnd"] for form in asked) >= str(until)
    assert {hit.path for hit in details} == {"/portal/detail"}
    # The id is base64: its characters are percent-encoded in the address.
    articles = {hit.query.split("&")[0] for hit in details}
    assert articles == {f"articleId={quote(posting.notice_id, safe='')}" for posting in expected}


@pytest.mark.parametrize(
    "answer",
    [
        as_json({"success": False, "code": "40003", "message": "请求签名校验失败", "result": None}),
        as_json({"success": False, "error": "missing header X-Sign", "result": None}),
        html("<html><script>var arg1='4A2B';</script></html>"),
        Reply(416),
        Reply(405),
    ],
    ids=["signature", "header", "challenge", "416", "405"],
)
def test_a_site_that_requires_a_signature_or_a_challenge_is_not_crawled_further(
    made: Market, answer: Reply, tmp_path: Path
) -> None:
    with Portal(Changed(make_site("zcy_shanghai", made), lambda ask, reply: answer)) as portal:
        outcome = crawl_once(portal, "zcy_shanghai", tmp_path, *ALL)
    assert (outcome.state, len(portal.log.hits)) == ("blocked", 1)


def test_an_id_does_not_depend_on_the_encoding_of_its_address() -> None:
    for written in ("aB%2Bc%2F1%3D%3D", "aB%2bc%2f1%3d%3d", "aB+c/1=="):
        url = f"https://www.zfcg.sh.gov.cn/site/detail?parentId=137027&articleId={written}&utm=x"
        assert portals.notice_id_of("zcy_shanghai", url) == "aB+c/1=="


@pytest.mark.parametrize(
    ("name", "district", "province"),
    [
        ("ccgp_shandong", "市中区", "山东"),
        ("ccgp_shandong", "省本级", "山东"),
        ("ccgp_shandong", "山东省济南市", "山东"),
        ("zcy_guangxi", "", "广西"),
        ("chinaunicom", "湖北", "湖北"),
    ],
)
def test_a_district_on_a_provincial_site_belongs_to_that_province(name: str, district: str, province: str) -> None:
    body = json.dumps({"data": {"content": "<p>一、项目编号：XM-1</p><p>采购人：实验小学</p>"}}, ensure_ascii=False)
    listed = {"region": district} if district else {}
    seen = datetime(2026, 1, 1, tzinfo=UTC)
    [notice] = read_notices(
        page_of(name, f"{portals.load(name).origin}/1", seen, "application/json", body, title="中标公告", listed=listed)
    )
    assert notice.province == province


# Lists in HTML


CSG = portals.load("csg")
CSG_LIST = "https://www.bidding.csg.cn/zbhxrgs/"


def list_entry(kind: str, buyer: str, number: int, title: str, day: str = "2026-08-19") -> str:
    return (
        f'<li><a class="Blue" href="/zbhxrgs/index.jhtml">[{kind}]</a> <a href="/dbsearch.jspx?q=x">{buyer}</a>'
        f'<a href="/zbhxrgs/{number}.jhtml" title="{title}">{title[:6]}…</a><span class="Black14 Gray">{day}</span></li>'
    )


def list_page(*entries: str, more: str = "") -> str:
    rows = f"<div class='List2'><ul>{''.join(entries)}</ul></div>"
    return f"<html><body><div class='Path'>2026-08-20</div>{rows}{more}</body></html>"


def test_a_row_gives_kind_buyer_full_title_and_day() -> None:
    page = read_list(
        list_page(list_entry("中标公告", "某供电局", 12, "某供电局调度大模型开发项目中标结果公告")), CSG_LIST, CSG
    )
    [row] = page.rows
    assert (row.notice_id, row.url, row.day) == ("12", f"{CSG_LIST}12.jhtml", date(2026, 8, 19))
    assert row.title == "某供电局调度大模型开发项目中标结果公告"
    assert dict(row.listed) == {"channel": "中标公告", "buyer": "某供电局"}


@pytest.mark.parametrize(
    ("kind", "title", "aside"),
    [
        ("中标候选人公示", "某项目", False),
        ("公示", "某项目中标候选人公示", False),
        ("服务", "某项目", False),
        ("招标公告", "某项目", True),
        ("公告", "某项目澄清公告", True),
        ("变更公告", "某项目中标结果变更公告", False),
    ],
)
def test_only_kinds_that_are_certainly_not_results_are_skipped(kind: str, title: str, aside: bool) -> None:
    [row] = read_list(list_page(list_entry(kind, "某供电局", 12, title)), CSG_LIST, CSG).rows
    assert row.skipped is aside


def test_a_page_gives_the_number_of_pages_and_rows() -> None:
    rows = [list_entry("中标公告", "某供电局", number, f"第{number}号项目") for number in range(12, 27)]
    page = read_list(list_page(*rows, more="<div>共128条记录 1/9页</div>"), CSG_LIST, CSG)
    assert (len(page.rows), page.reported_pages, page.reported_total) == (15, 9, 128)
    assert read_list(list_page(*rows), CSG_LIST, CSG).reported_pages is None


def test_a_row_does_not_take_the_day_of_another_row() -> None:
    page = list_page(
        list_entry("中标公告", "甲局", 12, "甲项目", ""),
        list_entry("中标公告", "乙局", 13, "乙项目2025年1月1日", "2026-08-18"),
    )
    days = {row.notice_id: row.day for row in read_list(page, CSG_LIST, CSG).rows}
    assert days == {"12": None, "13": date(2026, 8, 18)}


def test_a_list_with_days_but_without_links_is_a_changed_layout() -> None:
    rows = [f"<li><span data-id='{day}'>某公告</span><span>2026-08-{day}</span></li>" for day in range(10, 20)]
    with pytest.raises(UnreadableListError):
        read_list(list_page(*rows), CSG_LIST, CSG)


def test_only_the_results_tab_of_hubeis_home_page_is_read() -> None:
    def tab(number: int, title: str) -> str:
        link = f'<a href="/notice/202608/notice_{number:032x}.html">[<font>\n  竞争性磋商 </font>]\n  {title} </a>'
        return (
            f"<div id='area-1-{number}'><ul class='news-list-content'><li>{link}<span>2026-08-16</span></li></ul></div>"
        )

    page = f"<html><body>{tab(1, '甲项目招标公告')}{tab(4, '乙项目成交结果公告')}</body></html>"
    [row] = read_list(page, "http://www.ccgp-hubei.gov.cn/", portals.load("ccgp_hubei")).rows
    assert (row.title, row.day) == ("乙项目成交结果公告", date(2026, 8, 16))
    with pytest.raises(UnreadableListError):
        read_list("<html><body><ul></ul></body></html>", "http://www.ccgp-hubei.gov.cn/", portals.load("ccgp_hubei"))


def test_the_reach_of_hubeis_home_page_is_reported(tmp_path: Path) -> None:
    made = market(3, 500)
    newest = published("ccgp_hubei", made)[-15:]
    with played("ccgp_hubei", made) as portal:
        far = crawl_once(portal, "ccgp_hubei", tmp_path, *ALL)
        near = crawl_once(portal, "ccgp_hubei", tmp_path, newest[3].at.date(), ALL[1])
    assert (far.state, far.failure, far.stored) == ("incomplete", "reach", 15)
    assert f"reaches back to {newest[0].at.date()} only" in str(far.reason)
    assert "complete" not in {window.state for window in far.windows if window.day <= newest[0].at.date()}
    assert near.state == "complete"
    assert stored("ccgp_hubei", tmp_path) == keys(newest)


def count_pages_from_zero(ask: Ask, reply: Reply | None, site: object) -> Reply | None:
    """Number Southern Grid's pages like CCGP's: the folder, index_1, index_2."""
    name = ask.path.removeprefix("/zbhxrgs/")
    if name.startswith("index_"):
        number = int(name[6:].split(".")[0]) + 1
        reply = site.answer(replace(ask, path=f"/zbhxrgs/index_{number}.jhtml"))  # type: ignore[attr-defined]
    if reply is None or b"List2" not in reply.body:
        return reply
    text = reply.body.decode()
    for number in range(2, 20):
        text = text.replace(f"index_{number}.jhtml", f"index_{number - 1}.jhtml")
    return html(text)


def without_folder(ask: Ask, reply: Reply | None, site: object) -> Reply | None:
    return Reply(404) if ask.path == "/zbhxrgs/" else None


@pytest.mark.long
@pytest.mark.parametrize("counting", [count_pages_from_zero, without_folder])
def test_a_list_is_read_completely_however_its_pages_are_numbered(
    made: Market, counting: object, tmp_path: Path
) -> None:
    site = make_site("csg", market(3, 600))
    expected = published("csg", market(3, 600))
    assert len(expected) > 30
    with Portal(Changed(site, lambda ask, reply: counting(ask, reply, site))) as portal:  # type: ignore[operator]
        outcome = crawl_once(portal, "csg", tmp_path, *ALL)
    assert (outcome.state, stored("csg", tmp_path)) == ("complete", keys(expected))


def test_pages_of_beijing_are_read_in_their_real_encoding(made: Market, tmp_path: Path) -> None:
    with played("ccgp_beijing", made) as portal:
        outcome = crawl_once(portal, "ccgp_beijing", tmp_path, *ALL)
    notices = {
        n.notice_key: n for file in archive_files(tmp_path) for page in read_pages(file) for n in read_notices(page)
    }  # type: ignore[arg-type]
    assert outcome.state == "complete"
    for posting in published("ccgp_beijing", made):
        assert notices[posting.key].buyer == posting.project.buyer.name


def test_a_gb18030_list_without_a_declared_encoding_is_read(made: Market, tmp_path: Path) -> None:
    def change(ask: Ask, reply: Reply | None) -> Reply | None:
        if reply is None or "index_" not in ask.path:
            return None
        return Reply(200, reply.body.decode().replace("charset=utf-8", "").encode("gb18030"), "text/html")

    with Portal(Changed(make_site("ccgp_beijing", made), change)) as portal:
        outcome = crawl_once(portal, "ccgp_beijing", tmp_path, *ALL)
    assert outcome.state == "complete"
    titles = {page.title for file in archive_files(tmp_path) for page in read_pages(file)}
    assert titles == {posting.title for posting in published("ccgp_beijing", made)}


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<html><body><div class='any'>燕京中学大模型实训室采购项目中标公告</div></body></html>", "ok"),
        ("<html><body><div class='xl'></div></body></html>", "blocked"),
        ("<html><body>请输入验证码</body></html>", "blocked"),
        ("<html><body><p>燕京", "again"),
        (f"<html><body><p>{'本公告由系统生成。' * 80}</p></body></html>", "layout"),
    ],
    ids=["its own", "empty", "block", "cut", "another"],
)
def test_a_page_with_unknown_containers_must_contain_the_listed_title(page: str, kind: str) -> None:
    assert check(portals.load("ccgp_beijing"), "detail", page, "燕京中学大模型实训室采购项目中标公告").kind == kind


# Shandong


SHANDONG = portals.load("ccgp_shandong")
NOTICE = (
    "<html><body><p>一、采购人：某区医院</p><p>二、采购项目名称：病历质控大模型采购</p><table><tr><td>供应商名称</td><td>中标金额（元）</td></tr>"
    "<tr><td>齐鲁医数科技有限公司</td><td>1268000.00</td></tr></table></body></html>"
)


def encoded_notice(encoding: str) -> str:
    return base64.b64encode(NOTICE.encode(encoding)).decode()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("shape", ["body", "content", "bare", "text", "lines"])
def test_a_base64_notice_is_read_under_any_key_and_in_any_encoding(shape: str, encoding: str) -> None:
    text = encoded_notice(encoding)
    lines = "\r\n".join(text[i : i + 76] for i in range(0, len(text), 76))
    answers = {
        "body": json.dumps({"code": 200, "data": {"data": {"id": "1", "body": text}}}),
        "content": json.dumps({"code": 200, "data": {"content": text}}),
        "text": json.dumps(text),
        "bare": text,
        "lines": json.dumps({"code": 200, "data": {"data": {"body": lines}}}),
    }
    body = answers[shape]
    assert check(SHANDONG, "detail", body).kind == "ok"
    url = "https://www.ccgp-shandong.gov.cn/detail?id=1&colCode=0302"
    [notice] = read_notices(page_of("ccgp_shandong", url, datetime(2026, 1, 1, tzinfo=UTC), "application/json", body))
    assert (notice.buyer, notice.project_name) == ("某区医院", "病历质控大模型采购")
    assert [winner.supplier for lot in notice.lots for winner in lot.winners] == ["齐鲁医数科技有限公司"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"code": 999, "msg": "系统繁忙，请稍后再试", "data": None}, "again"),
        ({"code": 200, "data": None}, "layout"),
        ({"code": 200, "data": {"data": {"id": "1", "title": "某项目中标公告"}}}, "layout"),
    ],
)
def test_a_response_without_the_notice_is_rejected(answer: object, kind: str) -> None:
    assert check(SHANDONG, "detail", json.dumps(answer, ensure_ascii=False)).kind == kind


def test_code_999_is_retried_and_shandong_gets_its_required_headers(made: Market, tmp_path: Path) -> None:
    answered: dict[tuple[str, bytes], int] = {}
    headers: set[tuple[str, str]] = set()

    def busy(ask: Ask, reply: Reply | None) -> Reply | None:
        headers.add((ask.header("Origin"), ask.header("Referer")))
        key = (f"{ask.path}?{ask.raw_query}", ask.body)
        answered[key] = answered.get(key, 0) + 1
        return as_json({"code": 999, "msg": "系统繁忙，请稍后再试", "data": None}) if answered[key] < 3 else None

    with Portal(Changed(make_site("ccgp_shandong", made), busy)) as portal:
        outcome = crawl_once(portal, "ccgp_shandong", tmp_path, *ALL)
        lists = request_fields(portal)
    assert (outcome.state, stored("ccgp_shandong", tmp_path)) == ("complete", keys(published("ccgp_shandong", made)))
    assert headers == {("https://www.ccgp-shandong.gov.cn", "https://www.ccgp-shandong.gov.cn/")}
    assert {(form["colCode"], form["area"], form["homePage"]) for form in lists} == {("0302", "", 0)}


def test_certificate_checks_are_disabled_only_by_a_descriptor() -> None:
    unverified: list[Descriptor] = [portal for portal in portals.all() if not portal.verify_certificate]
    assert [portal.name for portal in unverified] == ["ccgp_shandong"]


# List rows


LISTED = {"buyer": "某市电信局", "project_number": "DX-999", "agency": "甲招标有限公司", "region": "江西"}


def read_notice_with_row(body: str, listed: dict[str, str]) -> Notice:
    page = json.dumps({"data": {"context": body}}, ensure_ascii=False)
    url, seen = "https://caigou.chinatelecom.com.cn/DeclareDetails?id=1", datetime(2026, 1, 1, tzinfo=UTC)
    [notice] = read_notices(
        page_of("chinatelecom", url, seen, "application/json", page, title="某某项目采购结果公示", listed=listed)
    )
    return notice


def test_the_detail_page_outranks_the_list_row() -> None:
    body = "<p>项目编号：ABC-2025-1</p><p>中选人：乙公司</p><p>采购人：某市电信局城区分局</p><p>采购代理机构：丙招标有限公司</p>"
    notice = read_notice_with_row(body, LISTED)
    assert (notice.project_number, notice.platform_number) == ("ABC-2025-1", "DX-999")
    assert (notice.buyer, notice.agency) == ("某市电信局城区分局", "丙招标有限公司")


def test_the_list_row_fills_fields_missing_from_the_page_with_evidence_in_the_stored_text() -> None:
    notice = read_notice_with_row("<p>中选人：乙公司</p>", LISTED)
    assert (notice.project_number, notice.buyer, notice.agency) == ("DX-999", "某市电信局", "甲招标有限公司")
    assert notice.province == "江西"
    for field in ("project_number", "buyer", "agency"):
        assert all(words in notice.body for words in notice.evidence[field])
