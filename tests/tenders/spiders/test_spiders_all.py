"""Every crawled portal against its replica: each published notice is found once, with few requests.

A portal is crawled once in calm, and many tests read what that crawl did. What a portal finds, and how it copes with
limits, blocks and errors, is the work of its spider. So the daily tests ask that of one portal per spider and the long
ones of all. The cassettes play every portal each day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import duckdb
import pytest

from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest, crawl_requests
from tenders.crawling.stats import CrawlStats
from tenders.jobs import crawl_runner
from tenders.jobs.crawl import record_crawls
from tenders.jobs.load import load_spool
from tenders.jobs.rebuild import rebuild_store
from tests.helpers.portal_sites import CRAWLED, REPRESENTATIVES, keys, played, published, stored
from tests.replica.families import add_family_portals
from tests.replica.market import market
from tests.replica.model import Market, Posting
from tests.replica.protocol import Ask
from tests.replica.server import Hit, Portal, Scenario

pytestmark = pytest.mark.slow

QUICK = {"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR"}
MOST = 7  # notices in a window: enough for a limit, two blocks and errors, one after the other
FAULTS = ("502", "reset", "truncated")


BY_SPIDER = [name if name in REPRESENTATIVES else pytest.param(name, marks=pytest.mark.long) for name in CRAWLED]


@cache
def made() -> Market:
    return add_family_portals(market(41, 260))


def window_of(name: str) -> tuple[date, date]:
    """Return days whose first and last have a notice, with other notices before and after."""
    found = published(name, made())
    assert len(found) >= 5, f"the replica has too few notices of {name} to show anything"
    first = max(1, len(found) // 2 - MOST // 2)
    return found[first].at.date(), found[min(first + MOST, len(found) - 1) - 1].at.date()


def expected_in_window(name: str) -> list[Posting]:
    return published(name, made(), *window_of(name))


def window_request(name: str, portal: Portal, **changes: Any) -> CrawlRequest:
    since, until = window_of(name)
    [request] = crawl_requests([name], **{"since": since, "until": until, "origin": portal.origin, **changes})
    return request


def crawl_window(
    portal: Portal, name: str, data: Path, progress: Callable[[CrawlStats], None] | None = None, **changes: Any
) -> CrawlOutcome:
    """Crawl the window once, after emptying the replica's log."""
    portal.log.hits.clear()
    request = window_request(name, portal, **changes)
    [outcome] = crawl_runner.run([request], data, settings=QUICK, progress=progress)
    return outcome


def notice_requests(portal: Portal) -> list[Hit]:
    """Return the requests for notices: all but lists and the home page."""
    return [hit for hit in portal.log.hits if not portal.site.is_list(_ask(hit)) and hit.path != "/"]


def _ask(hit: Hit, headers: dict[str, str] | None = None) -> Ask:
    fields = dict(parse_qsl(hit.query, keep_blank_values=True))
    return Ask(hit.method, hit.path, fields, hit.query, hit.body, headers or {})


def list_shows_a_total(portal: Portal) -> bool:
    """Return whether the first list in the log holds the number of its notices."""
    hit = next(hit for hit in portal.log.hits if portal.site.is_list(_ask(hit)))
    sent = {
        "origin": "https://b2b.10086.cn",
        "referer": "https://b2b.10086.cn/",
        "user-agent": hit.agent,
        "app-id": "cnooc-kshmh",
    }
    body = portal.site.answer(_ask(hit, sent)).body
    return b'"total' in body or b'"count"' in body


def stored_rows(data: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return con.execute("SELECT * EXCLUDE (first_seen_at) FROM notices ORDER BY notice_key, version").fetchall()


@dataclass(frozen=True)
class CalmCrawl:
    """What two crawls of the same window did, one after the other."""

    name: str
    data: Path
    first: CrawlOutcome
    hits: list[Hit]  # of the first crawl
    notices: list[Hit]  # those for notices
    second: CrawlOutcome
    notices_again: list[Hit]  # of the second crawl


@pytest.fixture(scope="module", params=BY_SPIDER)
def calm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CalmCrawl:
    """A portal, crawled twice. Tests only read what is here."""
    name, data = request.param, tmp_path_factory.mktemp("calm")
    with played(name, made()) as portal:
        first = crawl_window(portal, name, data)
        hits, notices = [*portal.log.hits], notice_requests(portal)
        second = crawl_window(portal, name, data)
        return CalmCrawl(name, data, first, hits, notices, second, notice_requests(portal))


def test_a_window_is_read_completely_including_its_ends_and_reported_by_day(calm: CalmCrawl) -> None:
    expected = expected_in_window(calm.name)
    outcome = calm.first
    assert outcome.state == "complete"
    assert outcome.reason is None or outcome.reason.startswith("empty lists: ")  # a list that the replica lacks
    assert (outcome.listed, outcome.stored, outcome.fresh) == (len(expected),) * 3
    assert stored(calm.name, calm.data) == keys(expected)
    assert not [hit for hit in calm.hits if hit.status == "404"]
    asked = Counter((hit.path, hit.query, hit.body) for hit in calm.notices)
    assert set(asked.values()) <= {1}
    listed: Counter[date] = Counter()
    for window in outcome.windows:
        assert window.state == "complete"
        assert window.said in (None, window.listed)
        assert (window.stored, window.failed, window.quarantined) == (window.listed, 0, 0)
        listed[window.day] += window.listed
    assert {day: count for day, count in listed.items() if count} == Counter(posting.at.date() for posting in expected)
    assert (min(listed), max(listed)) == window_of(calm.name)


def test_a_second_crawl_fetches_no_notice_again(calm: CalmCrawl) -> None:
    assert (calm.second.state, calm.second.stored, calm.second.fresh) == ("complete", calm.first.stored, 0)
    assert calm.notices_again == []


def test_only_the_public_address_is_stored(calm: CalmCrawl) -> None:
    pages = [page for file in archive_files(calm.data) for page in read_pages(file)]
    assert len(pages) == calm.first.stored
    assert {urlsplit(page.url).netloc for page in pages} <= set(portals.load(calm.name).hosts)
    titles = {posting.key: posting.title for posting in expected_in_window(calm.name)}
    for page in pages:
        key = f"{calm.name}:{portals.notice_id_of(calm.name, page.url) or page.url}"
        assert page.title == titles[key]


@pytest.mark.long
@pytest.mark.parametrize(
    "names",
    [
        pytest.param(REPRESENTATIVES, id="one per spider"),
        pytest.param(CRAWLED, id="all", marks=pytest.mark.long),
    ],
)
def test_a_rebuild_from_the_archive_gives_the_same_notices_of_every_portal(names: list[str], tmp_path: Path) -> None:
    with ExitStack() as opened:
        running = {name: opened.enter_context(played(name, made())) for name in names}
        requests = [window_request(name, portal, limit=3) for name, portal in running.items()]
        outcomes = crawl_runner.run(requests, tmp_path, settings=QUICK)
    assert {outcome.portal: outcome.stored for outcome in outcomes} == dict.fromkeys(names, 3)
    record_crawls(outcomes, tmp_path)
    load_spool(tmp_path)
    before = stored_rows(tmp_path)
    assert len(before) == 3 * len(names)
    rebuild_store(tmp_path)
    assert stored_rows(tmp_path) == before


one_per_spider = pytest.mark.parametrize("name", BY_SPIDER)


@one_per_spider
def test_each_day_is_compared_with_the_portals_reported_total(name: str, tmp_path: Path) -> None:
    day = window_of(name)[1]
    expected = published(name, made(), day, day)
    with played(name, made()) as portal:
        outcome = crawl_window(portal, name, tmp_path, since=day)
        total = list_shows_a_total(portal)
    assert (outcome.state, stored(name, tmp_path)) == ("complete", keys(expected))
    if portals.load(name).lists == "dated" and total:
        assert sum(window.said or 0 for window in outcome.windows) == len(expected)
        assert all(window.said == window.listed for window in outcome.windows)


@one_per_spider
def test_a_keyword_finds_exactly_the_notices_with_it_in_the_title(name: str, tmp_path: Path) -> None:
    inside = expected_in_window(name)
    word = inside[0].project.name[-6:]
    with played(name, made()) as portal:
        outcome = crawl_window(portal, name, tmp_path, keyword=(word,))
    assert outcome.state == "complete"
    assert stored(name, tmp_path) == keys([posting for posting in inside if word in posting.title]) != set()
    assert {window.keywords for window in outcome.windows} == {word}


@one_per_spider
def test_limits_blocks_and_errors_lose_no_notice_and_fetch_none_twice(name: str, tmp_path: Path) -> None:
    """Four crawls of one folder: a limit ends the first, blocks end the next two, and the last meets errors."""
    expected = expected_in_window(name)
    with played(name, made()) as portal:
        limited = crawl_window(portal, name, tmp_path, limit=2)
    assert (limited.state, limited.limited, limited.ok, limited.fresh) == ("incomplete", True, True, 2)
    kept, received = stored(name, tmp_path), notice_requests(portal)
    assert len(kept) == 2

    blocked_pages: set[str] = set()
    for kind in ("frequent", "verify"):
        with played(name, made()) as portal:
            blocked = crawl_window(portal, name, tmp_path, progress=partial(block_after_a_notice, portal, kind))
        assert (blocked.state, blocked.ok) == ("blocked", False)
        assert [hit.status for hit in portal.log.hits].index("blocked") == len(portal.log.hits) - 1
        assert stored(name, tmp_path) > kept
        assert len(stored(name, tmp_path)) == len(kept) + blocked.fresh
        assert any(window.state == "blocked" for window in blocked.windows)
        kept = stored(name, tmp_path)
        received += notice_requests(portal)[:-1]
        blocked_pages.add(portal.log.hits[-1].path.rpartition("/")[2])

    with played(name, made(), Scenario(error_rate=0.4, errors=FAULTS, seed=5)) as portal:
        complete = crawl_window(portal, name, tmp_path)
    received += [hit for hit in notice_requests(portal) if hit.status == "200"]
    assert {*FAULTS} & {hit.status for hit in portal.log.hits}
    assert (complete.state, complete.stored) == ("complete", len(expected))
    assert stored(name, tmp_path) == keys(expected)
    # A notice of several pages is fetched again if one of them was blocked.
    again = [hit for hit, times in Counter((hit.path, hit.query, hit.body) for hit in received).items() if times > 1]
    assert {path.rpartition("/")[2] for path, _, _ in again} <= blocked_pages
    assert complete.fresh == len(expected) - len(kept) + len(again)


def block_after_a_notice(portal: Portal, kind: str, stats: CrawlStats) -> None:
    """Let a portal refuse all requests that follow, once a notice is stored."""
    if stats.fresh:
        portal.scenario = Scenario(block_after=0, block_kind=kind)
