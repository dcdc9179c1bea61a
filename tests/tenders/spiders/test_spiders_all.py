"""Every crawled portal against its replica: each published notice is found once, with few requests."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import duckdb
import pytest

from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import crawl_requests
from tenders.jobs import crawl_runner
from tenders.jobs.crawl import record_crawls
from tenders.jobs.load import load_spool
from tenders.jobs.rebuild import rebuild_store
from tests.helpers.portal_sites import CRAWLED, REPRESENTATIVES, keys, played, published, stored
from tests.replica.families import add_family_portals
from tests.replica.market import market
from tests.replica.model import Market
from tests.replica.protocol import Ask
from tests.replica.server import Hit, Portal, Scenario

pytestmark = pytest.mark.slow

QUICK = {"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR"}
MOST = 14  # notices in a window, so that a test takes a second

FEW = 4  # the same for the test of every portal

every_portal = pytest.mark.parametrize("name", CRAWLED)
# The long list of questions is asked of one portal per spider, and of all others among the heavy tests.
every_spider = pytest.mark.parametrize(
    "name",
    [name if name in REPRESENTATIVES else pytest.param(name, marks=pytest.mark.heavy) for name in CRAWLED],
)


@cache
def made() -> Market:
    return add_family_portals(market(41, 260))


def window_of(name: str, most: int = MOST) -> tuple[date, date]:
    """Return days whose first and last have a notice, with other notices before and after."""
    found = published(name, made())
    assert len(found) >= 5, f"the replica has too few notices of {name} to show anything"
    first = max(1, len(found) // 2 - most // 2)
    return found[first].at.date(), found[min(first + most, len(found) - 1) - 1].at.date()


def crawl_window(portal: Portal, name: str, data: Path, **changes: Any) -> CrawlOutcome:
    """Crawl the window once, after emptying the replica's log."""
    portal.log.hits.clear()
    since, until = window_of(name)
    arguments = {"since": since, "until": until, "origin": portal.origin, **changes}
    [outcome] = crawl_runner.run(crawl_requests([name], **arguments), data, settings=QUICK)
    return outcome


def split_requests(portal: Portal) -> tuple[list[Hit], list[Hit]]:
    """Return the requests for lists and those for notices, without the home page."""
    asked = [
        (hit, Ask(hit.method, hit.path, dict(parse_qsl(hit.query)), hit.query, hit.body)) for hit in portal.log.hits
    ]
    lists = [hit for hit, ask in asked if portal.site.is_list(ask)]
    return lists, [hit for hit, ask in asked if not portal.site.is_list(ask) and hit.path != "/"]


def stored_rows(data: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return con.execute("SELECT * EXCLUDE (first_seen_at) FROM notices ORDER BY notice_key, version").fetchall()


@every_portal
def test_some_days_are_read_completely_and_a_block_ends_the_crawl(name: str, tmp_path: Path) -> None:
    since, until = window_of(name, FEW)
    expected = published(name, made(), since, until)
    with played(name, made()) as portal:
        outcome = crawl_window(portal, name, tmp_path / "calm", since=since, until=until)
        requests = len(portal.log.hits)
    assert (outcome.state, outcome.reason) == ("complete", None)
    assert stored(name, tmp_path / "calm") == keys(expected)
    assert {window.day for window in outcome.windows if window.listed} == {posting.at.date() for posting in expected}
    with played(name, made(), Scenario(block_after=requests - 1, block_kind="verify")) as portal:
        blocked = crawl_window(portal, name, tmp_path / "blocked", since=since, until=until)
    assert (blocked.state, blocked.ok) == ("blocked", False)
    assert [hit.status for hit in portal.log.hits].index("blocked") == len(portal.log.hits) - 1
    assert stored(name, tmp_path / "blocked") <= keys(expected)


@every_spider
def test_a_window_is_read_completely_including_its_ends_and_reported_by_day(name: str, tmp_path: Path) -> None:
    since, until = window_of(name)
    expected = published(name, made(), since, until)
    with played(name, made()) as portal:
        outcome = crawl_window(portal, name, tmp_path)
        _, asked = split_requests(portal)
    assert (outcome.state, outcome.reason) == ("complete", None)
    assert (outcome.listed, outcome.stored, outcome.fresh) == (len(expected),) * 3
    assert stored(name, tmp_path) == keys(expected)
    assert portal.log.count(status="404") == 0
    assert not [ask for ask, count in Counter((hit.path, hit.query, hit.body) for hit in asked).items() if count > 1]
    listed: Counter[date] = Counter()
    for window in outcome.windows:
        assert window.state == "complete"
        assert window.said in (None, window.listed)
        assert (window.stored, window.failed, window.quarantined) == (window.listed, 0, 0)
        listed[window.day] += window.listed
    assert {day: count for day, count in listed.items() if count} == Counter(posting.at.date() for posting in expected)
    assert (min(listed), max(listed)) == (since, until)


@every_spider
def test_each_day_is_compared_with_the_portals_reported_total(name: str, tmp_path: Path) -> None:
    day = window_of(name)[1]
    expected = published(name, made(), day, day)
    with played(name, made()) as portal:
        outcome = crawl_window(portal, name, tmp_path, since=day)
        totals = any(word in _first_list_body(portal) for word in (b'"total', b'"count"'))
    assert (outcome.state, stored(name, tmp_path)) == ("complete", keys(expected))
    if portals.load(name).lists == "dated" and totals:
        assert sum(window.said or 0 for window in outcome.windows) == len(expected)
        assert all(window.said == window.listed for window in outcome.windows)


def _first_list_body(portal: Portal) -> bytes:
    """Return the portal's response to the first list request of its log."""
    hit = split_requests(portal)[0][0]
    sent = {"origin": "https://b2b.10086.cn", "referer": "https://b2b.10086.cn/", "user-agent": hit.agent}
    reply = portal.site.answer(Ask(hit.method, hit.path, dict(parse_qsl(hit.query, True)), hit.query, hit.body, sent))
    return reply.body  # type: ignore[no-any-return]


@every_spider
def test_only_the_public_address_is_stored(name: str, tmp_path: Path) -> None:
    with played(name, made()) as portal:
        crawl_window(portal, name, tmp_path, limit=3)
    pages = [page for file in archive_files(tmp_path) for page in read_pages(file)]
    home = urlsplit(portals.load(name).origin)
    assert len(pages) == 3
    assert {urlsplit(page.url)[:2] for page in pages} == {(home.scheme, home.netloc)}
    titles = {posting.key: posting.title for posting in published(name, made())}
    for page in pages:
        key = f"{name}:{portals.notice_id_of(name, page.url) or page.url}"
        assert page.title == titles[key]


@every_spider
def test_a_second_crawl_fetches_no_notice_again(name: str, tmp_path: Path) -> None:
    with played(name, made()) as portal:
        first = crawl_window(portal, name, tmp_path)
        second = crawl_window(portal, name, tmp_path)
        _, asked = split_requests(portal)
    assert (second.state, second.stored, second.fresh) == ("complete", first.stored, 0)
    assert asked == []


@every_spider
def test_a_keyword_finds_exactly_the_notices_with_it_in_the_title(name: str, tmp_path: Path) -> None:
    since, until = window_of(name)
    inside = published(name, made(), since, until)
    word = inside[0].project.name[-6:]
    with played(name, made()) as portal:
        outcome = crawl_window(portal, name, tmp_path, keyword=(word,))
    assert outcome.state == "complete"
    assert stored(name, tmp_path) == keys([posting for posting in inside if word in posting.title])
    assert {window.keywords for window in outcome.windows} == {word}


@every_spider
def test_a_limit_ends_a_crawl_and_the_next_one_continues(name: str, tmp_path: Path) -> None:
    since, until = window_of(name)
    expected = published(name, made(), since, until)
    with played(name, made()) as portal:
        first = crawl_window(portal, name, tmp_path, limit=2)
        assert (first.state, first.limited, first.ok, first.fresh) == ("incomplete", True, True, 2)
        assert len(stored(name, tmp_path)) == 2
        second = crawl_window(portal, name, tmp_path)
    assert (second.state, second.stored, second.fresh) == ("complete", len(expected), len(expected) - 2)
    assert stored(name, tmp_path) == keys(expected)


@every_spider
@pytest.mark.parametrize("kind", ["frequent", "verify"])
def test_no_request_follows_a_block_and_earlier_notices_are_kept(name: str, kind: str, tmp_path: Path) -> None:
    with played(name, made()) as calm:
        crawl_window(calm, name, tmp_path / "calm")
    with played(name, made(), Scenario(block_after=len(calm.log.hits) * 2 // 3, block_kind=kind)) as portal:
        outcome = crawl_window(portal, name, tmp_path / "blocked")
    assert (outcome.state, outcome.ok) == ("blocked", False)
    assert [hit.status for hit in portal.log.hits].index("blocked") == len(portal.log.hits) - 1
    kept = stored(name, tmp_path / "blocked")
    assert len(kept) == outcome.stored == outcome.fresh > 0
    assert any(window.state == "blocked" for window in outcome.windows)
    with played(name, made()) as portal:
        again = crawl_window(portal, name, tmp_path / "blocked")
    assert (again.state, again.fresh) == ("complete", again.stored - len(kept))


@every_spider
def test_temporary_errors_are_retried_without_losing_a_notice(name: str, tmp_path: Path) -> None:
    since, until = window_of(name)
    mood = Scenario(error_rate=0.15, errors=("502", "reset", "truncated"), seed=5)
    with played(name, made(), mood) as portal:
        outcome = crawl_window(portal, name, tmp_path)
    assert (outcome.state, stored(name, tmp_path)) == ("complete", keys(published(name, made(), since, until)))


@every_spider
def test_a_rebuild_from_the_archive_gives_the_same_notices(name: str, tmp_path: Path) -> None:
    with played(name, made()) as portal:
        outcome = crawl_window(portal, name, tmp_path)
    record_crawls([outcome], tmp_path)
    load_spool(tmp_path)
    before = stored_rows(tmp_path)
    assert len(before) == outcome.stored
    rebuild_store(tmp_path)
    assert stored_rows(tmp_path) == before
