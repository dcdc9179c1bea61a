"""Special behaviour of single portal families: divided days, completed notices, skipped kinds, new sites."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.process import read_notices
from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import crawl_requests
from tenders.jobs import crawl_runner
from tenders.spiders import registry
from tests.helpers.portal_sites import keys, played, published, stored
from tests.replica.market import market
from tests.replica.model import Market
from tests.replica.protocol import Ask, Reply, as_json
from tests.replica.server import CALM, Portal, Scenario, make_site
from tests.replica.sites import szggzy
from tests.replica.sites.invitations import with_invitations

pytestmark = pytest.mark.slow

QUICK = {"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR"}
BUSY_DAY = date(2025, 3, 12)


class Changed:
    """A site whose responses are changed. `change` may return its own response, or None to keep the site's."""

    def __init__(self, site: Any, change: Callable[[Ask, Reply | None], Reply | None]) -> None:
        self.site, self.change = site, change
        self.is_list, self.push, self.block_reply = site.is_list, site.push, site.block_reply

    def answer(self, ask: Ask) -> Reply | None:
        reply = self.site.answer(ask)
        return self.change(ask, reply) or reply


def crawl_once(portal: Portal, name: str, data: Path, since: date, until: date, **changes: Any) -> CrawlOutcome:
    portal.log.hits.clear()
    arguments = {"since": since, "until": until, "origin": portal.origin, **changes}
    [outcome] = crawl_runner.run(crawl_requests([name], **arguments), data, settings=QUICK)
    return outcome


def request_fields(portal: Portal) -> list[dict[str, str]]:
    """Return the fields of the form and JSON requests."""
    asked = [Ask(hit.method, hit.path, body=hit.body) for hit in portal.log.hits if hit.method == "POST"]
    return [ask.json() or ask.form() for ask in asked]


@pytest.fixture(scope="module")
def made() -> Market:
    return market(41, 260)


@pytest.fixture
def busy(made: Market) -> Market:
    """Return forty results of the national platform on one day, from many provinces."""
    postings = [posting for posting in made.on("ggzy") if posting.column == "0202"][:40]
    moved = [replace(p, event=replace(p.event, at=datetime.combine(BUSY_DAY, p.at.time()))) for p in postings]
    return replace(made, postings={"ggzy": tuple(moved)})


@pytest.fixture
def at_most(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def change(rows: int) -> None:
        monkeypatch.setitem(portals._by_name(), "ggzy", portals.load("ggzy").model_copy(update={"most_rows": rows}))  # type: ignore[arg-type]

    return change


@pytest.mark.long
def test_a_day_with_too_many_rows_is_queried_by_province(
    busy: Market, at_most: Callable[[int], None], tmp_path: Path
) -> None:
    at_most(20)
    with played("ggzy", busy, Scenario(cap=20)) as portal:
        outcome = crawl_once(portal, "ggzy", tmp_path, date(2025, 3, 1), date(2025, 3, 31))
    assert (outcome.state, outcome.stored) == ("complete", 40)
    assert stored("ggzy", tmp_path) == keys(list(busy.on("ggzy")))
    parts, day = [form for form in request_fields(portal) if "DEAL_PROVINCE" in form], str(BUSY_DAY)
    assert {(form["TIMEBEGIN"], form["TIMEEND"], form["DEAL_STAGE"]) for form in parts} == {(day, day, "0202")}
    assert len(parts) == len({form["DEAL_PROVINCE"] for form in parts}) == 32
    [window] = [window for window in outcome.windows if window.day == BUSY_DAY and window.channel == "0202"]
    assert (window.said, window.listed, window.state) == (40, 40, "complete")


@pytest.mark.long
def test_a_province_with_too_many_rows_in_a_day_is_reported_and_the_day_is_not_complete(
    busy: Market, at_most: Callable[[int], None], tmp_path: Path
) -> None:
    most = max(Counter(posting.project.buyer.province for posting in busy.on("ggzy")).values()) - 1
    at_most(most)
    with played("ggzy", busy, Scenario(cap=most)) as portal:
        outcome = crawl_once(portal, "ggzy", tmp_path, BUSY_DAY, BUSY_DAY)
    assert (outcome.state, outcome.failure) == ("incomplete", "reach")
    assert f"the portal says it has {most}" in str(outcome.reason)
    assert {window.channel for window in outcome.windows if window.state == "incomplete"} == {"0202"}


@pytest.mark.long
def test_a_crawl_stopped_between_provinces_completes_the_day_only_after_the_last(
    busy: Market, at_most: Callable[[int], None], tmp_path: Path
) -> None:
    at_most(20)
    with played("ggzy", busy, Scenario(cap=20)) as portal:
        crawl_once(portal, "ggzy", tmp_path, BUSY_DAY, BUSY_DAY, limit=15)
        with played("ggzy", busy, Scenario(cap=20, block_after=4)) as blocked:
            second = crawl_once(blocked, "ggzy", tmp_path, BUSY_DAY, BUSY_DAY)
        assert "complete" not in {window.state for window in second.windows if window.channel == "0202"}
        third = crawl_once(portal, "ggzy", tmp_path, BUSY_DAY, BUSY_DAY)
    assert (third.state, third.listed, third.stored) == ("complete", 40, 40)
    [window] = [window for window in third.windows if window.channel == "0202"]
    assert (window.listed, window.stored, window.state) == (40, 40, "complete")


@pytest.mark.parametrize(
    ("code", "state", "failure", "requests"),
    [
        (829, "blocked", "blocked", 1),
        (800, "blocked", "blocked", 1),
        (801, "failed", "layout", 5),  # each stage once
        (999, "failed", "timeout", 20),  # each stage with three retries
    ],
)
def test_each_error_code_of_the_national_platform_has_its_own_handling(
    made: Market, code: int, state: str, failure: str, requests: int, tmp_path: Path
) -> None:
    refusing = Changed(
        make_site("ggzy", made), lambda ask, reply: as_json({"code": code, "message": "…", "data": None})
    )
    with Portal(refusing) as portal:
        outcome = crawl_once(portal, "ggzy", tmp_path, BUSY_DAY, BUSY_DAY)
    assert (outcome.state, outcome.failure, len(portal.log.hits)) == (state, failure, requests)


@pytest.mark.long
def test_a_query_that_the_portal_wants_narrower_is_divided(made: Market, tmp_path: Path) -> None:
    def narrow(ask: Ask, reply: Reply | None) -> Reply | None:
        form = ask.form()
        if (
            "TIMEBEGIN" in form
            and (date.fromisoformat(form["TIMEEND"]) - date.fromisoformat(form["TIMEBEGIN"])).days > 8
        ):
            return as_json({"code": 804, "message": "查询条件过于宽泛，请细化查询条件", "data": None})
        return None

    since, until = date(2025, 3, 1), date(2025, 4, 30)
    with Portal(Changed(make_site("ggzy", made), narrow)) as portal:
        outcome = crawl_once(portal, "ggzy", tmp_path, since, until)
    assert (outcome.state, stored("ggzy", tmp_path)) == ("complete", keys(published("ggzy", made, since, until)))


@pytest.mark.long
def test_the_outer_page_is_fetched_only_if_the_inner_one_has_no_number(made: Market, tmp_path: Path) -> None:
    since, until = date(2025, 1, 1), date(2025, 4, 30)
    with played("ggzy", made) as portal:
        crawl_once(portal, "ggzy", tmp_path, since, until)
    found = published("ggzy", made, since, until)
    tables = [posting for posting in found if posting.form == "table"]
    outer = {hit.path.rsplit("/", 1)[1] for hit in portal.log.hits if "/html/a/" in hit.path}
    unnumbered = {f"{posting.notice_id}.html" for posting in found if posting.form == "table" or not posting.number}
    assert tables
    assert outer == unnumbered
    notices = {
        n.notice_key: n for file in archive_files(tmp_path) for page in read_pages(file) for n in read_notices(page)
    }
    assert len(notices) == len(found)
    for posting in tables:
        notice = notices[posting.key]
        if posting.number:
            assert notice.project_number is not None
            assert notice.evidence["project_number"]
        assert notice.url == posting.url


def test_a_notice_without_outer_page_is_kept_and_one_whose_outer_page_fails_is_retried(
    made: Market, tmp_path: Path
) -> None:
    since, until = date(2025, 1, 1), date(2025, 2, 28)
    found = published("ggzy", made, since, until)
    answers = {"gone": Reply(404), "down": Reply(500)}
    for name, trouble in answers.items():
        broken = Changed(
            make_site("ggzy", made), lambda ask, reply, trouble=trouble: trouble if "/html/a/" in ask.path else None
        )
        with Portal(broken) as portal:
            outcome = crawl_once(portal, "ggzy", tmp_path / name, since, until)
        assert (outcome.state, outcome.stored == len(found)) == (
            ("complete", True) if name == "gone" else ("incomplete", False)
        )
    with played("ggzy", made) as portal:
        outcome = crawl_once(portal, "ggzy", tmp_path / "down", since, until)
    assert (outcome.state, stored("ggzy", tmp_path / "down")) == ("complete", keys(found))


def test_a_notice_with_a_blocked_outer_page_is_kept_and_completed_by_the_next_crawl(
    made: Market, tmp_path: Path
) -> None:
    [posting, *_] = [one for one in published("ggzy", made) if one.form == "table" and one.number]
    day = posting.at.date()
    same_day = published("ggzy", made, day, day)
    refusal = Reply(200, "<html><body>请输入验证码</body></html>".encode())
    outer = posting.url.removeprefix("https://www.ggzy.gov.cn")
    guarded = Changed(make_site("ggzy", made), lambda ask, reply: refusal if ask.path == outer else None)
    with Portal(guarded) as portal:
        outcome = crawl_once(portal, "ggzy", tmp_path, day, day)
    assert (outcome.state, portal.log.hits[-1].path) == ("blocked", outer)
    assert posting.key in stored("ggzy", tmp_path)
    assert outcome.stored == len(stored("ggzy", tmp_path))
    with played("ggzy", made) as portal:
        outcome = crawl_once(portal, "ggzy", tmp_path, day, day)
    assert (outcome.state, outcome.stored) == ("complete", len(same_day))
    seen = [page for file in archive_files(tmp_path) for page in read_pages(file) if page.url == posting.url]
    assert [notice.project_number is None for page in seen for notice in read_notices(page)] == [True, False]


def test_calls_for_bids_among_results_are_skipped_without_counting_as_missing(
    made: Market, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(szggzy._NAMES, "tender", "公开招标公告")
    mixed = with_invitations(made, "szggzy", (("2850", "公开招标公告"),))
    calls = [posting for posting in mixed.on("szggzy") if posting.event.what == "tender"]
    results = [posting for posting in mixed.on("szggzy") if posting.event.what != "tender"]
    assert calls
    # The portal's total of a day includes the calls for bids.
    monkeypatch.setitem(portals._by_name(), "szggzy", portals.load("szggzy").model_copy(update={"edge_days": 0}))  # type: ignore[arg-type]
    with played("szggzy", mixed) as portal:
        outcome = crawl_once(portal, "szggzy", tmp_path, date(2024, 1, 1), date(2025, 12, 31))
        one = crawl_once(portal, "szggzy", tmp_path / "day", calls[0].at.date(), calls[0].at.date())
    assert (outcome.state, outcome.listed, outcome.stored) == ("complete", len(results), len(results))
    assert stored("szggzy", tmp_path) == keys(results)
    same_day = [posting for posting in results if posting.at.date() == calls[0].at.date()]
    assert [(window.said, window.listed) for window in one.windows if window.channel == "2850"] == [
        (len(same_day), len(same_day))
    ]


OTHER_SITE = """
name = "elsewhere"
title = "别处公共资源交易网"
origin = "http://ggzy.elsewhere.example"
family = "epoint"
crawl = true
notice_id = '/([0-9a-f-]{36})\\.html'
keyword = "search"
lists = "dated"
channels = ["003001005"]
coverage = "results"

[answers.list]
key = ["custom.infodata"]

[options]
list = "/EpointWebBuilder/rest/secaction/getSecInfoListYzm"
clock = [" 00:00:00", " 23:59:59"]

[options.fixed]
siteGuid = "00000000-0000-0000-0000-000000000000"

[options.names]
category = "categoryNum"
words = "content"
page = "pageindex"
size = "pagesize"
since = "startdate"
until = "enddate"
"""


def test_another_site_of_a_family_needs_only_a_descriptor(
    made: Market, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.toml").write_text(OTHER_SITE, "utf-8")
    other = portals.read_descriptor(tmp_path / "elsewhere.toml")
    monkeypatch.setitem(portals._by_name(), other.name, other)  # type: ignore[arg-type]
    monkeypatch.setattr(registry, "ElsewhereSpider", registry.spider_for(other), raising=False)
    expected = [posting for posting in made.on("yichang") if posting.column == "003001005"]
    with played("yichang", made) as portal:
        outcome = crawl_once(portal, "elsewhere", tmp_path / "data", date(2024, 1, 1), date(2025, 12, 31))
    assert (outcome.state, outcome.stored) == ("complete", len(expected))
    assert stored("elsewhere", tmp_path / "data") == {f"elsewhere:{posting.notice_id}" for posting in expected}
    pages = [page for file in archive_files(tmp_path / "data") for page in read_pages(file)]
    assert {page.url.split("/jyxx/")[0] for page in pages} == {"http://ggzy.elsewhere.example"}
    assert request_fields(portal)[0]["enddate"].endswith(" 23:59:59")


def test_a_row_without_its_notice_is_read_from_the_detail_page(made: Market, tmp_path: Path) -> None:
    def bare(ask: Ask, reply: Reply | None) -> Reply | None:
        if reply is None or b"infodata" not in reply.body:
            return None
        data = json.loads(reply.body)
        for row in data["custom"]["infodata"]:
            row.pop("infocontent")
        return as_json(data)

    since, until = date(2025, 1, 1), date(2025, 6, 30)
    expected = published("yichang", made, since, until)
    with Portal(Changed(make_site("yichang", made), bare)) as portal:
        outcome = crawl_once(portal, "yichang", tmp_path, since, until)
    assert (outcome.state, stored("yichang", tmp_path)) == ("complete", keys(expected))
    assert len([hit for hit in portal.log.hits if hit.method == "GET"]) == len(expected)
    notices = [n for file in archive_files(tmp_path) for page in read_pages(file) for n in read_notices(page)]
    assert {notice.buyer for notice in notices} == {posting.project.buyer.name for posting in expected}


def test_a_block_page_instead_of_a_detail_page_is_not_a_notice(made: Market, tmp_path: Path) -> None:
    def guarded(ask: Ask, reply: Reply | None) -> Reply | None:
        if reply is not None and b"infodata" in reply.body:
            data = json.loads(reply.body)
            return as_json(
                {"custom": {"infodata": [{**row, "infocontent": None} for row in data["custom"]["infodata"]]}}
            )
        return Reply(200, "<html><body>请输入验证码</body></html>".encode()) if ask.method == "GET" else None

    with Portal(Changed(make_site("yichang", made), guarded)) as portal:
        outcome = crawl_once(portal, "yichang", tmp_path, date(2025, 1, 1), date(2025, 6, 30))
    assert (outcome.state, outcome.stored, portal.log.hits[-1].method) == ("blocked", 0, "GET")
    assert list(stored("yichang", tmp_path)) == []


def test_a_list_that_repeats_its_last_page_ends(made: Market, tmp_path: Path) -> None:
    site = make_site("yichang", made)

    def stuck(ask: Ask, reply: Reply | None) -> Reply | None:
        number = ask.form().get("pageindex", "0")
        if number == "0" or (reply and json.loads(reply.body)["custom"]["infodata"]):
            return None
        first = ask.body.replace(f"pageindex={number}&".encode(), b"pageindex=0&")
        return site.answer(replace(ask, body=first))  # type: ignore[no-any-return]

    since, until = date(2025, 1, 1), date(2025, 6, 30)
    with Portal(Changed(site, stuck)) as portal:
        outcome = crawl_once(portal, "yichang", tmp_path / "stuck", since, until)
    with played("yichang", made) as calm:
        crawl_once(calm, "yichang", tmp_path / "calm", since, until)
    assert (outcome.state, stored("yichang", tmp_path / "stuck")) == (
        "complete",
        keys(published("yichang", made, since, until)),
    )
    assert len(portal.log.hits) == len(calm.log.hits)


def test_a_query_with_more_pages_than_allowed_is_divided(
    made: Market, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    short = portals.load("yichang").model_copy(update={"most_pages": 2, "page_size": 2, "slice_days": 365})
    monkeypatch.setitem(portals._by_name(), "yichang", short)  # type: ignore[arg-type]
    with played("yichang", made) as portal:
        outcome = crawl_once(portal, "yichang", tmp_path, date(2024, 1, 1), date(2025, 12, 31))
    assert (outcome.state, stored("yichang", tmp_path)) == ("complete", keys(published("yichang", made)))
    assert {form["pageindex"] for form in request_fields(portal)} == {"0", "1"}


def _rewrite_loosely(value: Any, number: Callable[[Any], Any]) -> Any:
    """Write a response as another program would: numbers as text or the reverse, no null fields, no empty lists."""
    if isinstance(value, dict):
        return {name: _rewrite_loosely(entry, number) for name, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_rewrite_loosely(entry, number) for entry in value] or None
    return number(value)


@pytest.mark.parametrize(
    "name",
    [
        "ggzy",
        "cmcc",
        "szggzy",
        "yichang",
        "gdgpo",
        "chinatelecom",
        "chinaunicom",
        "sgcc",
        "zcy_shanghai",
        "ccgp_shandong",
    ],
)
@pytest.mark.parametrize(
    "number",
    [
        lambda value: str(value) if isinstance(value, int) and not isinstance(value, bool) else value,
        lambda value: int(value) if isinstance(value, str) and value.isdigit() and value[0] != "0" else value,
    ],
    ids=["numbers as texts", "texts as numbers"],
)
def test_responses_are_read_with_any_notation_of_numbers_and_missing_values(
    made: Market, name: str, number: Callable[[Any], Any], tmp_path: Path
) -> None:
    def loose(ask: Ask, reply: Reply | None) -> Reply | None:
        if reply is None or not reply.content_type.startswith("application/json"):
            return None
        return as_json(_rewrite_loosely(json.loads(reply.body), number))

    every = published(name, made)
    since, until = (every[len(every) // 2 + place].at.date() for place in (-2, 2))
    expected = published(name, made, since, until)
    with Portal(Changed(make_site(name, made, CALM), loose)) as portal:
        outcome = crawl_once(portal, name, tmp_path, since, until)
    assert (outcome.state, outcome.listed) == ("complete", len(expected))
    assert stored(name, tmp_path) == keys(expected)


def test_search_highlights_are_not_part_of_titles_and_search_rows_match_list_rows(made: Market, tmp_path: Path) -> None:
    since, until = date(2024, 1, 1), date(2025, 12, 31)
    with played("gdgpo", made) as portal:
        searched = crawl_once(portal, "gdgpo", tmp_path, since, until, keyword=("采购",))
        assert {hit.path.rsplit("/", 1)[1] for hit in portal.log.hits} == {"selectInfoForIndex", "getInfoById"}
        full = crawl_once(portal, "gdgpo", tmp_path, since, until)
    assert searched.fresh > 0
    assert full.fresh == full.stored - searched.stored  # notices found by the search are not fetched again
    titles = {posting.title for posting in made.on("gdgpo")}
    pages = [page for file in archive_files(tmp_path) for page in read_pages(file)]
    assert {page.title for page in pages} <= titles


def test_a_portal_that_answers_403_is_left_alone(made: Market, tmp_path: Path) -> None:
    refusing = Changed(make_site("gdgpo", made), lambda ask, reply: Reply(403, b"<h1>403 Forbidden</h1>"))
    with Portal(refusing) as portal:
        outcome = crawl_once(portal, "gdgpo", tmp_path, date(2025, 1, 1), date(2025, 12, 31))
    assert (outcome.state, len(portal.log.hits)) == ("blocked", 1)
