"""Special behaviour of operators and grids: a session, skipped kinds, notices that are files."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from reportlab.pdfgen.canvas import Canvas

from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.jobs.crawl import record_crawls
from tenders.jobs.load import load_spool
from tenders.jobs.rebuild import rebuild_store
from tests.helpers.portal_sites import played, published
from tests.replica.market import market
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask, Reply, as_json, html
from tests.replica.server import Portal, Scenario, make_site
from tests.replica.sites import sgcc
from tests.tenders.spiders.test_spider_families import Changed, crawl_once, keys, request_fields, stored

pytestmark = pytest.mark.slow

ALL = (date(2024, 1, 1), date(2026, 12, 31))
RESULTS, CANDIDATES = "2018060501171111", "2018060501171107"
SGCC = "/ecp2.0/ecpwcmcore//index/"


@pytest.fixture(scope="module")
def made() -> Market:
    return market(41, 260)


def window_with(made: Market, name: str, count: int) -> tuple[date, date]:
    """Return days that hold about `count` of the portal's notices."""
    found = published(name, made)
    return found[-count].at.date(), ALL[1]


# China Telecom


def test_the_home_page_is_opened_once_first_and_its_session_is_kept(made: Market, tmp_path: Path) -> None:
    with played("chinatelecom", made) as portal:
        outcome = crawl_once(portal, "chinatelecom", tmp_path, *ALL)
    assert (outcome.state, outcome.stored) == ("complete", len(made.on("chinatelecom")))
    assert [hit.path for hit in portal.log.hits].index("/") == 0
    assert portal.log.paths().count("/") == 1


def test_a_crawl_goes_on_where_no_home_page_hands_out_a_session(made: Market, tmp_path: Path) -> None:
    site = make_site("chinatelecom", made)
    inside = {"cookie": f"JSESSIONID={site.session}"}

    def without_session(ask: Ask, reply: Reply | None) -> Reply | None:
        return Reply(404) if ask.path == "/" else site.answer(replace(ask, headers={**ask.headers, **inside}))

    since, until = window_with(made, "chinatelecom", 3)
    with Portal(Changed(site, without_session)) as portal:
        outcome = crawl_once(portal, "chinatelecom", tmp_path, since, until)
    assert (outcome.state, portal.log.paths().count("/")) == ("complete", 1)
    assert outcome.stored >= 3


def test_china_telecom_gets_its_own_query_fields_and_is_read_to_its_total(made: Market, tmp_path: Path) -> None:
    with played("chinatelecom", made) as portal:
        crawl_once(portal, "chinatelecom", tmp_path, *ALL)
        lists = [form for form in request_fields(portal) if "pageNum" in form]
        details = [form for form in request_fields(portal) if "pageNum" not in form]
    assert {form["type"] for form in lists} == {"n0eves"}
    pages = -(-len(published("chinatelecom", made)) // 20)
    assert pages > 1
    assert {form["pageNum"] for form in lists} == set(
        range(1, pages + 1)
    )  # even though hasNextPage is false on every page
    assert all(set(form) == {"type", "id", "securityViewCode"} for form in details)
    assert {form["type"] for form in details} == {"ResultAnnounc"}


@pytest.mark.parametrize("page", ["<html><body>安全验证：请拖动滑块</body></html>", 403])
def test_a_blocked_home_page_is_the_only_request(made: Market, page: str | int, tmp_path: Path) -> None:
    answer = Reply(page) if isinstance(page, int) else html(page)
    with Portal(
        Changed(make_site("chinatelecom", made), lambda ask, reply: answer if ask.path == "/" else None)
    ) as portal:
        outcome = crawl_once(portal, "chinatelecom", tmp_path, *ALL)
    assert (outcome.state, portal.log.paths()) == ("blocked", ["/"])


def test_a_document_kind_without_an_address_is_reported_and_the_others_are_read(made: Market, tmp_path: Path) -> None:
    def other(ask: Ask, reply: Reply | None) -> Reply | None:
        data = json.loads(reply.body) if reply and b'"pageInfo"' in reply.body else None
        if data is None or ask.json()["pageNum"] > 1:
            return None
        data["data"]["pageInfo"]["list"][3]["docTypeCode"] = "SomethingNew"
        return as_json(data)

    with Portal(Changed(make_site("chinatelecom", made), other)) as portal:
        outcome = crawl_once(portal, "chinatelecom", tmp_path, *ALL)
    assert (outcome.state, outcome.stored) == ("incomplete", len(published("chinatelecom", made)) - 1)
    assert "SomethingNew" in str(outcome.reason)


# China Unicom


def test_calls_for_bids_of_china_unicom_are_listed_but_skipped(made: Market, tmp_path: Path) -> None:
    with played("chinaunicom", made) as portal:
        outcome = crawl_once(portal, "chinaunicom", tmp_path, *ALL)
        calls = {posting.notice_id for posting in portal.site.shelf.rows if posting.event.what == "tender"}
    assert calls
    asked = {hit.path.rsplit("/", 1)[1] for hit in portal.log.hits if hit.method == "GET"}
    assert not asked & calls
    assert (outcome.state, outcome.listed, outcome.stored) == ("complete", len(asked), len(asked))
    assert all(
        (form["annoType"], form["annoName"], form["tenderingType"]) == ("", "", "1") for form in request_fields(portal)
    )


def test_a_keyword_is_not_sent_to_a_search_that_returns_only_some_rows(made: Market, tmp_path: Path) -> None:
    wanted = [posting for posting in published("chinaunicom", made) if "采购" in posting.title]
    assert len(wanted) > 10
    with played("chinaunicom", made) as portal:
        outcome = crawl_once(portal, "chinaunicom", tmp_path, *ALL, keyword=("采购",))
    assert (outcome.state, stored("chinaunicom", tmp_path)) == ("complete", keys(wanted))
    assert {form["annoName"] for form in request_fields(portal)} == {""}


# State Grid


def posting_with_files(made: Market, count: int) -> Posting:
    return next(
        posting
        for posting in made.on("sgcc")
        if len(sgcc.files(posting)) == count and posting.event.what != "candidate"
    )


def stored_rows(data: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        notices = con.execute("SELECT notice_key, kind, title, buyer, body FROM notices ORDER BY notice_key").fetchall()
        return notices + con.execute("SELECT notice_key, lot_no, supplier FROM winners ORDER BY ALL").fetchall()


def test_state_grid_notices_are_requested_by_bare_id_after_two_slashes(made: Market, tmp_path: Path) -> None:
    posting = posting_with_files(made, 1)
    with played("sgcc", made) as portal:
        crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
        bodies = {(hit.path, hit.body) for hit in portal.log.hits if hit.path != f"{SGCC}noteList"}
    asked = f'"{posting.notice_id}"'.encode()
    assert {(f"{SGCC}getNoticeWin", asked), (f"{SGCC}getWinFile", asked)} <= bodies
    lists = [hit for hit in portal.log.hits if hit.path == f"{SGCC}noteList"]
    assert {json.loads(hit.body)["firstPageMenuId"] for hit in lists} == {RESULTS, CANDIDATES}
    assert json.loads(lists[0].body)["index"] == 1


def test_all_files_of_a_notice_are_read_in_order_and_a_rebuild_gives_the_same(tmp_path: Path) -> None:
    made = market(3, 300)
    posting = posting_with_files(made, 2)
    assert posting.event.what == "award"
    with played("sgcc", made) as portal:
        outcome = crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
    record_crawls([outcome], tmp_path)
    load_spool(tmp_path)
    before = stored_rows(tmp_path)
    names = [lot.winners[0].name for lot in posting.event.lots if lot.winners]
    read = [row[2] for row in before if row[0] == posting.key and len(row) == 3]
    assert sorted(read) == sorted(names)
    [body] = [row[4] for row in before if row[0] == posting.key and len(row) == 5]
    assert body.index(names[0]) < body.index(names[-1])
    rebuild_store(tmp_path)
    assert stored_rows(tmp_path) == before


def test_a_notice_without_files_is_read_from_its_own_page(made: Market, tmp_path: Path) -> None:
    posting = posting_with_files(made, 0)
    with played("sgcc", made) as portal:
        outcome = crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
    assert outcome.state == "complete"
    pages = {page.url: page for file in archive_files(tmp_path) for page in read_pages(file)}
    assert pages[posting.url].content_type == "application/json"


def _packed_file() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("中标结果.docx", "…")
    return file.getvalue()


def with_renamed_files(made: Market, name: str) -> Changed:
    """Return State Grid with files of this name."""

    def change(ask: Ask, reply: Reply | None) -> Reply | None:
        if not ask.path.endswith("getWinFile") or reply is None:
            return (
                Reply(200, _packed_file(), "application/zip")
                if ask.path.endswith("showPDF") and not name.endswith("pdf")
                else None
            )
        files = [{"FILE_NAME": name, "FILE_PATH": f"/portal/win/{name}"}]
        return as_json({"successful": True, "resultValue": {"files": files}, "resultHint": ""})

    return Changed(make_site("sgcc", made), change)


def test_a_notice_whose_only_file_is_not_a_pdf_is_stored_and_reported(made: Market, tmp_path: Path) -> None:
    posting = posting_with_files(made, 1)
    with Portal(with_renamed_files(made, "中标结果.zip")) as portal:
        outcome = crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
    assert stored("sgcc", tmp_path) >= {posting.key}
    assert (outcome.state, outcome.failure, outcome.listed) == ("incomplete", "partial", outcome.stored)
    assert "中标结果.zip" in str(outcome.reason)
    assert not [hit for hit in portal.log.hits if hit.path.endswith("showPDF")]


@pytest.mark.parametrize(
    ("instead", "state", "failure"),
    [
        (html("<html><body><h1>请稍候</h1></body></html>"), "blocked", "blocked"),
        (Reply(404), "incomplete", "partial"),
        (as_json({"successful": False, "resultValue": None, "resultHint": "SYS001"}), "incomplete", "partial"),
        (Reply(200, _packed_file(), "application/zip"), "incomplete", "layout"),
    ],
    ids=["page", "gone", "trouble", "another file"],
)
def test_a_response_that_is_not_the_file_is_not_read_as_one(
    made: Market, instead: Reply, state: str, failure: str, tmp_path: Path
) -> None:
    posting = posting_with_files(made, 1)

    def change(ask: Ask, reply: Reply | None) -> Reply | None:
        return instead if ask.path.endswith("showPDF") else None

    with Portal(Changed(make_site("sgcc", made), change)) as portal:
        outcome = crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
    assert (outcome.state, outcome.failure) == (state, failure)
    assert posting.key not in stored("sgcc", tmp_path)
    assert posting.url not in {page.url for file in archive_files(tmp_path) for page in read_pages(file)}
    with played("sgcc", made) as portal:
        again = crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
    assert (again.state, posting.key in stored("sgcc", tmp_path)) == ("complete", True)


def test_a_file_is_read_whatever_its_content_type(made: Market, tmp_path: Path) -> None:
    posting = posting_with_files(made, 1)

    def change(ask: Ask, reply: Reply | None) -> Reply | None:
        return Reply(200, reply.body, "text/html;charset=UTF-8") if reply and reply.body.startswith(b"%PDF") else None

    with Portal(Changed(make_site("sgcc", made), change)) as portal:
        outcome = crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
    assert (outcome.state, posting.key in stored("sgcc", tmp_path)) == ("complete", True)


def test_a_truncated_file_is_requested_again(made: Market, tmp_path: Path) -> None:
    posting = posting_with_files(made, 1)
    seen: list[str] = []

    def change(ask: Ask, reply: Reply | None) -> Reply | None:
        if reply is None or not reply.body.startswith(b"%PDF") or ask.raw_query in seen:
            return None
        seen.append(ask.raw_query)
        return Reply(200, reply.body[: len(reply.body) // 2], "application/pdf")

    with Portal(Changed(make_site("sgcc", made), change)) as portal:
        outcome = crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
    assert outcome.state == "complete"
    pages = [page for file in archive_files(tmp_path) for page in read_pages(file) if page.url == posting.url]
    assert len(pages) == 1  # the truncated file is kept as evidence and not read


def test_a_file_without_an_end_mark_is_accepted_after_two_equal_responses(made: Market, tmp_path: Path) -> None:
    posting = posting_with_files(made, 1)
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.drawString(72, 700, "Result")
    canvas.save()
    odd = page.getvalue().replace(b"%%EOF", b"")

    def change(ask: Ask, reply: Reply | None) -> Reply | None:
        return Reply(200, odd, "application/pdf") if reply and reply.body.startswith(b"%PDF") else None

    with Portal(Changed(make_site("sgcc", made), change)) as portal:
        crawl_once(portal, "sgcc", tmp_path, posting.at.date(), posting.at.date())
    assert posting.key in stored("sgcc", tmp_path)


# All operators


@pytest.mark.parametrize("name", ["chinatelecom", "chinaunicom", "csg", "sgcc"])
def test_a_second_crawl_of_an_unchanged_portal_reads_only_the_first_list_pages(
    made: Market, name: str, tmp_path: Path
) -> None:
    since, until = window_with(made, name, 6)
    with played(name, made) as portal:
        crawl_once(portal, name, tmp_path, since, until)
        first = len(portal.log.hits)
        second = crawl_once(portal, name, tmp_path, since, until)
    assert (second.state, second.fresh) == ("complete", 0)
    assert len(portal.log.hits) < first
    asked = [(hit.path, hit.body) for hit in portal.log.hits if "getNotice" not in hit.path]
    assert all(asked.count(one) <= 2 for one in asked)  # once, and the first page twice


@pytest.mark.parametrize("name", ["chinatelecom", "chinaunicom", "sgcc"])
def test_a_portal_that_returns_smaller_pages_than_requested_is_read_to_its_end(
    made: Market, name: str, tmp_path: Path
) -> None:
    site, sizes = make_site(name, made), ("pageSize", "size")

    def change(ask: Ask, reply: Reply | None) -> Reply | None:
        asked = ask.json()
        named = next((size for size in sizes if isinstance(asked, dict) and size in asked), None)
        if named is None or asked[named] <= 7:
            return None
        fewer: Reply = site.answer(
            Ask(ask.method, ask.path, body=json.dumps({**asked, named: 7}).encode(), headers=ask.headers)
        )
        return fewer

    since, until = window_with(made, name, 9)
    expected = published(name, made, since, until)
    assert len(expected) > 7
    with Portal(Changed(site, change)) as portal:
        outcome = crawl_once(portal, name, tmp_path, since, until)
    assert (outcome.state, stored(name, tmp_path)) == ("complete", keys(expected))


@pytest.mark.parametrize("name", ["chinatelecom", "chinaunicom", "csg", "sgcc"])
def test_notices_published_during_a_crawl_are_found(made: Market, name: str, tmp_path: Path) -> None:
    since, until = window_with(made, name, 6)
    expected = keys(published(name, made, since, until))
    with played(name, made, Scenario(held_back=3, push_every=2)) as portal:
        assert not expected <= {posting.key for posting in portal.site.shelf.rows}
        for _ in range(4):  # each crawl shows one more
            crawl_once(portal, name, tmp_path, since, until)
        shown = {posting.key for posting in portal.site.shelf.rows}
    assert expected <= shown
    assert stored(name, tmp_path) == expected
