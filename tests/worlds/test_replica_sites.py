"""Replica portals of operators, power grids and five provinces: each notice is found and read, in the portal's own shapes."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pdfplumber
import pytest
from lxml import html as lxml_html

from tests.helpers.replica_clients import MENUS, WALKS, get, numbers, post, session, squeezed
from tests.replica import capture, money
from tests.replica.forms import grids
from tests.replica.forms.company import Table
from tests.replica.market import market
from tests.replica.model import Market
from tests.replica.protocol import Ask
from tests.replica.server import CALM, Portal, Scenario, make_site
from tests.replica.sites import ccgp_beijing, ccgp_hubei, ccgp_shandong, chinatelecom, chinaunicom, csg, sgcc

pytestmark = pytest.mark.slow

PORTALS = (
    "chinatelecom",
    "chinaunicom",
    "sgcc",
    "csg",
    "zcy_shanghai",
    "zcy_guangxi",
    "ccgp_beijing",
    "ccgp_shandong",
    "ccgp_hubei",
)


@pytest.fixture(scope="module")
def made() -> Market:
    return market(seed=3, projects=500)


@pytest.fixture(scope="module")
def again() -> Market:
    """The same market, made a second time."""
    return market(seed=3, projects=500)


@pytest.fixture(scope="module")
def several(made: Market) -> list[Market]:
    return [made, market(1, 500), market(2, 500)]


@pytest.mark.parametrize(
    # The State Grid tells its winners in PDF files, which take seconds to read.
    "portal",
    [pytest.param(portal, marks=pytest.mark.long) if portal == "sgcc" else portal for portal in PORTALS],
)
def test_every_notice_stands_in_a_list_and_its_page_names_buyer_and_winners(made: Market, portal: str) -> None:
    told = {posting.notice_id: posting for posting in made.on(portal)}
    assert len(told) >= 8
    held_back = 1000 if portal == "ccgp_hubei" else 0
    found = {
        own: (title, text) for own, title, text in WALKS[portal](make_site(portal, made, Scenario(held_back=held_back)))
    }
    newest = sorted(told.values(), key=lambda p: (p.at, p.notice_id), reverse=True)
    missing = {p.notice_id for p in newest} - set(found)
    if portal == "ccgp_hubei":  # what had left the home page before the first look cannot be found
        assert missing == {p.notice_id for p in newest[len(newest) // 2 + ccgp_hubei.HOME_ROWS :]}
    else:
        assert missing == set()
    assert set(found) <= set(told)
    for own, (title, text) in found.items():
        posting, body = told[own], squeezed(text)
        assert title == posting.title
        assert posting.project.buyer.name in body
        if posting.event.what in ("award", "candidate"):
            for winner in (winner.name for lot in posting.event.lots for winner in lot.winners if lot.won):
                assert winner in body, (own, winner)


@pytest.mark.parametrize("portal", [portal for portal in PORTALS if portal != "sgcc"])
def test_a_price_that_this_copy_tells_is_printed_and_one_that_it_hides_is_not(made: Market, portal: str) -> None:
    shown = 0
    of_project = {project.key: project for project in made.world.projects}
    for own, _, text in WALKS[portal](make_site(portal, made, CALM)):
        posting = next(p for p in made.on(portal) if p.notice_id == own)
        if posting.event.what != "award":
            continue
        printed = numbers(text)
        for lot, whole in zip(
            posting.event.lots, of_project[posting.project.key].events[posting.fact].lots, strict=True
        ):
            if whole.price.yuan is None or not whole.won:
                continue
            notations = {
                money.shortest_decimals(whole.price.yuan),
                money.fixed_decimals(whole.price.yuan),
                money.in_wan_shortest(whole.price.yuan),
            }
            if lot.price.yuan is None:
                assert not printed & notations, (own, whole.price.yuan)
            else:
                shown += 1
                assert printed & notations, (own, whole.price.yuan)
    assert shown


def test_state_grid_prints_the_candidates_bids_in_units_of_10000_yuan(made: Market) -> None:
    pages = {own: numbers(text) for own, _, text in WALKS["sgcc"](make_site("sgcc", made, CALM))}
    bids = [
        (p.notice_id, bid)
        for p in made.on("sgcc")
        for lot in p.event.lots
        for _, bid in lot.losers
        if p.event.what == "candidate" and lot.price.yuan is not None
    ]
    assert bids
    for own, bid in bids:
        assert pages[own] & {money.in_wan_shortest(bid), money.in_wan(bid, 6)}, (own, bid)


@pytest.mark.parametrize("portal", PORTALS)
def test_the_same_market_gives_the_same_answers_byte_for_byte(made: Market, again: Market, portal: str) -> None:
    module = import_module(f"tests.replica.sites.{portal}")
    assert [module.detail(p) for p in made.on(portal)] == [module.detail(p) for p in again.on(portal)]
    assert list(WALKS[portal](make_site(portal, made, CALM))) == list(WALKS[portal](make_site(portal, again, CALM)))


def test_a_power_grid_file_is_drawn_the_same_each_time(made: Market) -> None:
    paper = next(one for p in made.on("sgcc") for one in sgcc.files(p).values())
    assert sgcc.pdf.__wrapped__(paper) == sgcc.pdf(paper)


@pytest.mark.parametrize("portal", PORTALS)
def test_what_is_held_back_appears_when_it_is_pushed(made: Market, portal: str) -> None:
    site = make_site(portal, made, Scenario(held_back=1))
    first = {own for own, _, _ in WALKS[portal](site)} if portal != "ccgp_hubei" else _home_ids(site)
    site.push()
    later = {own for own, _, _ in WALKS[portal](site)} if portal != "ccgp_hubei" else _home_ids(site)
    newest = max(made.on(portal), key=lambda p: (p.at, p.notice_id)).notice_id
    assert newest in later - first


def _home_ids(site: Any) -> set[str]:
    return set(re.findall(r"notice_(\w{32})\.html", get(site, "/").body.decode()))


@pytest.mark.parametrize("portal", PORTALS)
@pytest.mark.parametrize("kind", ["frequent", "verify", "empty"])
def test_a_block_answers_200_without_any_list_or_notice(made: Market, portal: str, kind: str) -> None:
    reply = make_site(portal, made, CALM).block_reply(kind)
    text = reply.body.decode()
    assert reply.status == 200
    signs = ("pageInfo", "records", "noteList", "List2", "art_con", "mainText", "news-list-content", '"data": {"')
    assert not any(sign in text for sign in signs)
    assert not any(posting.title in text for posting in made.on(portal))


@pytest.mark.long
@pytest.mark.parametrize("portal", PORTALS)
def test_the_capture_holds_every_notice_of_the_portal(made: Market, portal: str) -> None:
    lines = [line for line in capture.market_lines(made) if line["portal"] == portal]
    assert [line["url"] for line in lines] == [p.url for p in made.all() if p.portal == portal]
    assert {line["content_type"] for line in lines} <= {"text/html", "application/json", "text/plain"}
    for line in lines:
        if line["content_type"] == "application/json":
            assert isinstance(json.loads(line["body"]), dict)


def test_china_telecom_answers_a_wall_to_whoever_has_not_the_cookie_of_its_home_page(made: Market) -> None:
    site = make_site("chinatelecom", made, CALM)
    asked = Ask("POST", chinatelecom.LIST, body=b'{"pageNum":1,"pageSize":10}')
    assert site.answer(asked).content_type.startswith("text/html")
    wrong = Ask(
        "POST", chinatelecom.LIST, body=b'{"pageNum":1,"pageSize":10}', headers={"cookie": "JSESSIONID=made-up"}
    )
    assert site.answer(wrong).content_type.startswith("text/html")
    assert post(site, chinatelecom.LIST, {"pageNum": 1, "pageSize": 10}, session(site))["data"]["pageInfo"]["list"]


def test_china_telecom_tells_a_notice_only_under_its_kind_and_code(made: Market) -> None:
    site, posting = make_site("chinatelecom", made, CALM), made.on("chinatelecom")[0]
    code = parse_qs(urlsplit(posting.url).query)["securityViewCode"][0]
    right = {"type": posting.column, "id": posting.notice_id, "securityViewCode": code}
    cookie = session(site)
    assert post(site, chinatelecom.VIEWS[posting.column], right, cookie)["data"]
    assert (
        post(site, chinatelecom.VIEWS[posting.column], right | {"securityViewCode": "0" * 32}, cookie)["data"] is None
    )
    assert post(site, chinatelecom.VIEWS["CompareSelect"], right, cookie)["data"] is None


def test_china_telecom_tells_some_results_package_by_package(made: Market) -> None:
    details = [chinatelecom.detail(p)["data"] for p in made.on("chinatelecom") if p.event.what == "award"]
    packages = [data for data in details if data["listPackage"]]
    assert packages
    assert any(data["context"] for data in details)
    assert all(data["context"] is None for data in packages)


@pytest.mark.parametrize("portal", ["chinatelecom", "chinaunicom"])
def test_calls_for_bids_stand_among_the_results_and_can_be_read(made: Market, portal: str) -> None:
    site = make_site(portal, made, CALM)
    results = {p.notice_id for p in made.on(portal)}
    calls = [p for p in site.shelf.rows if p.notice_id not in results]
    assert calls
    assert all(p.title.endswith("公告") for p in calls)
    known = import_module(f"tests.replica.sites.{portal}").detail(calls[0])
    assert "欢迎潜在供应商参加" in json.dumps(known, ensure_ascii=False)


def test_china_unicom_lets_out_ten_rows_a_page_where_a_keyword_is_given(made: Market) -> None:
    site = make_site("chinaunicom", made, CALM)
    data = post(site, chinaunicom.LIST, {"pageNo": 1, "pageSize": 50, "annoName": "联合网络"})["data"]
    assert data["total"] > 10
    assert len(data["records"]) == 10
    assert len(post(site, chinaunicom.LIST, {"pageNo": 1, "pageSize": 50})["data"]["records"]) > 10


def test_state_grid_knows_a_notice_by_its_bare_id_alone(made: Market) -> None:
    site, posting = make_site("sgcc", made, CALM), made.on("sgcc")[0]
    assert post(site, sgcc.BASE + "getNoticeWin", posting.notice_id)["successful"] is True
    assert post(site, sgcc.BASE + "getNoticeWin", int(posting.notice_id))["successful"] is True
    row = sgcc.row(posting)
    for wrong in ({"noticeId": posting.notice_id}, row["firstPageDocId"]):
        assert post(site, sgcc.BASE + "getNoticeWin", wrong)["resultHint"] == "SYS001"
    assert site.answer(Ask("POST", sgcc.BASE.replace("//", "/") + "noteList", body=b"{}")) is None


@pytest.mark.long
def test_state_grid_tells_winners_in_tables_over_several_pages_and_files(several: list[Market]) -> None:
    told = [p for one in several for p in one.on("sgcc") if p.event.what == "award"]
    papers = [list(sgcc.files(p).values()) for p in told]
    assert {1, 2} == {len(files) for files in papers}
    long = max((paper for files in papers for paper in files), key=lambda paper: len(_table(paper).rows))
    with pdfplumber.open(io.BytesIO(sgcc.pdf(long))) as opened:
        assert len(opened.pages) >= 3
        cells = [
            cell for page in opened.pages for table in page.extract_tables() for row in table for cell in row if cell
        ]
    assert any("\n" in cell for cell in cells)
    assert {cell for row in _table(long).rows for cell in row if cell} <= {cell.replace("\n", "") for cell in cells}


def _table(paper: grids.Paper) -> Table:
    return next(block for block in paper.blocks if isinstance(block, Table))


def test_state_grid_counts_packages_anew_in_each_group_of_some_notices(several: list[Market]) -> None:
    told = [p for one in several for p in one.on("sgcc") if p.event.what == "award" and len(p.event.lots) > 12]
    counts = [[row[-3] for paper in grids.sgcc_papers(p) for row in _table(paper).rows].count("包1") for p in told]
    counts += [[row[-2] for paper in grids.sgcc_papers(p) for row in _table(paper).rows].count("包1") for p in told]
    assert max(counts) > 1
    assert 1 in counts


def test_southern_grid_lists_candidates_and_results_in_one_folder(made: Market) -> None:
    site = make_site("csg", made, CALM)
    page = get(site, "/zbhxrgs/index_1.jhtml").body.decode()
    assert "[中标候选人公示]" in page
    assert "[中标公告]" in page
    assert page == get(site, "/zbhxrgs/").body.decode()
    assert site.answer(Ask("GET", "/zbhxrgs/index_99.jhtml")) is None
    orders = [csg.detail(p) for p in made.on("csg") if p.event.what == "candidate"]
    assert any("排名不分先后" in page for page in orders)
    assert any("第一" in page for page in orders)


@pytest.mark.parametrize("portal", ["zcy_shanghai", "zcy_guangxi"])
def test_a_zcy_site_lists_a_window_of_days_and_marks_its_cells(made: Market, portal: str) -> None:
    site, told = make_site(portal, made, CALM), [p for p in made.on(portal) if p.column == "ZcyAnnouncement4"]
    day = f"{told[0].at:%Y-%m-%d}"
    wanted = {
        "pageNo": 1,
        "pageSize": 50,
        "categoryCode": "ZcyAnnouncement4",
        "publishDateBegin": day,
        "publishDateEnd": day,
    }
    data = post(site, "/portal/category", wanted)["result"]["data"]
    assert {row["articleId"] for row in data["data"]} == {p.notice_id for p in told if f"{p.at:%Y-%m-%d}" == day}
    award = next(p for p in told if p.event.what == "award")
    page = import_module(f"tests.replica.sites.{portal}").detail(award)["result"]["data"]["content"]
    cells = lxml_html.fromstring(page).cssselect("td[class^=code-winningSupplierName]")
    assert len(cells) == sum(lot.won for lot in award.event.lots)


@pytest.mark.parametrize(("portal", "module"), [("ccgp_beijing", ccgp_beijing), ("ccgp_shandong", ccgp_shandong)])
def test_some_notices_are_not_in_utf_8(made: Market, portal: str, module: Any) -> None:
    assert {module.encoding(posting) for posting in made.on(portal)} == {"utf-8", "gb18030"}


def test_shandong_answers_999_without_origin_and_referer_and_now_and_then_in_trouble(made: Market) -> None:
    wanted = {"colCode": "0302", "area": "", "currentPage": 1, "pageSize": 10, "homePage": 1}
    path = ccgp_shandong.BASE + "getListByCode"
    calm, shaky = make_site("ccgp_shandong", made, CALM), make_site("ccgp_shandong", made, Scenario(error_rate=0.4))
    assert post(calm, path, wanted, {"referer": "https://www.ccgp-shandong.gov.cn/"})["code"] == 999
    assert {post(calm, path, wanted)["code"] for _ in range(40)} == {200}
    assert {post(shaky, path, wanted)["code"] for _ in range(40)} == {200, 999}


def test_over_http_a_power_grid_file_arrives_and_a_redesign_renames_what_it_names(made: Market) -> None:
    with Portal(made, Scenario(rename=(("noteList", "rowList"),)), site="sgcc") as portal:
        body = json.dumps({"index": 1, "size": 5, "firstPageMenuId": MENUS[0]}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(portal.origin + sgcc.BASE + "noteList", data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=5) as answer:
            value = json.loads(answer.read())["resultValue"]
        assert "noteList" not in value
        assert value["rowList"]
        posting = next(p for p in made.on("sgcc") if sgcc.files(p))
        path = quote(next(iter(sgcc.files(posting))), safe="")
        with urllib.request.urlopen(f"{portal.origin}{sgcc.BASE}showPDF?filePath={path}", timeout=5) as answer:
            assert answer.headers["Content-Type"] == "application/pdf"
            assert answer.read().startswith(b"%PDF")
        assert portal.log.count(sgcc.BASE + "noteList", "200") == 1


REDESIGNS = [
    ("csg", "/zbhxrgs/", "List2"),
    ("ccgp_hubei", "/", "news-list-content"),
    ("ccgp_beijing", ccgp_beijing.LIST.format(1), "datetime"),
]


@pytest.mark.parametrize(("portal", "path", "word"), REDESIGNS)
def test_a_redesign_leaves_the_page_without_its_old_names(made: Market, portal: str, path: str, word: str) -> None:
    with Portal(made, Scenario(rename=((word, "x-new-name"),)), site=portal) as served:
        text = urllib.request.urlopen(served.origin + path, timeout=5).read().decode()
    assert word not in text
    assert "x-new-name" in text
