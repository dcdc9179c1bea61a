"""How crawls of every portal behave: pace, robots.txt, blocks, cookies, and the hosts from which files are fetched."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.http import Request

from pipelines.common.clock import SHANGHAI
from pipelines.model import Page
from pipelines.pages.file_links import FileLink
from tenders import portals
from tenders.crawling.errors import PageFailedError
from tenders.crawling.list_pages import ListRow
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import crawl_requests
from tenders.items import PageItem
from tenders.jobs import crawl_runner
from tenders.jobs.crawl_runner import scrapy_settings
from tenders.spiders.registry import SPIDERS
from tests.helpers.loopback import Answering, listening

CRAWLED = sorted(SPIDERS)
_KEPT = {"TENDERS_MANNERS": True, "RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR"}
_CHECK_PAGE = "<html><head><title>安全验证</title></head><body><div>访问过于频繁，请完成安全验证</div></body></html>"
# Portals on one vendor's host are crawled one after the other. What its guard says to the first is meant for all.
_SHARED = [name for name in CRAWLED if portals.load(name).shared_hosts]
_NOT_ASKED: dict[str, list[str]] = {name: [] for name in _SHARED[1:]}
ASKED = [name for name in CRAWLED if name not in _NOT_ASKED]
# Its home page hands out a session, which lasts as long as the crawl and is never stored.
_WITH_SESSION = ["chinatelecom"]
_STRANGERS = ("files.example.org", "www.example.gov.cn", "169.254.169.254")
_FAILS_AT = 2  # the first request after that for robots.txt
# The server notes when a request arrives: on a busy machine the first of two may be noted a little late.
_SECOND = 0.9
_SIDE_BY_SIDE = 12


@dataclass
class _Log:
    """The paths, instants and cookies of the requests that one origin got."""

    robots: str
    paths: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)


@contextmanager
def _strict_site(robots: str) -> Iterator[tuple[str, _Log]]:
    """Serve a robots.txt, one failure of the server and then only a page of a guard. Every answer sets a cookie."""
    log = _Log(robots)
    lock = threading.Lock()

    class Site(Answering):
        def answer(self) -> None:
            with lock:
                log.paths.append(self.path)
                log.times.append(time.monotonic())
                log.cookies += self.headers.get_all("Cookie", [])
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == "/robots.txt":
                self.send(200, "text/plain", log.robots.encode())
            else:
                self.send(502 if len(log.paths) == _FAILS_AT else 200, "text/html; charset=utf-8", _CHECK_PAGE.encode())

        def end_headers(self) -> None:
            self.send_header("Set-Cookie", "visitor=1; Path=/")
            super().end_headers()

        do_GET = do_POST = answer

    with listening(Site) as origin:
        yield origin, log


def _crawl_all(robots: str, data: Path) -> tuple[dict[str, CrawlOutcome], dict[str, _Log]]:
    """Crawl every portal at a site of its own, a few side by side: with all of them, the sites note arrivals late."""
    logs: dict[str, _Log] = {}
    outcomes: list[CrawlOutcome] = []
    names = [*_SHARED, *(name for name in CRAWLED if name not in _SHARED)]
    for start in range(0, len(names), _SIDE_BY_SIDE):
        requests = []
        with ExitStack() as sites:
            for name in names[start : start + _SIDE_BY_SIDE]:
                origin, logs[name] = sites.enter_context(_strict_site(robots))
                requests += crawl_requests([name], origin=origin, since="2026-08-01", until="2026-08-03")
            outcomes += crawl_runner.run(requests, data, settings=_KEPT)
    return {outcome.portal: outcome for outcome in outcomes}, logs


@pytest.mark.long
def test_no_portal_is_asked_for_anything_but_a_robots_txt_that_forbids_all(tmp_path: Path) -> None:
    outcomes, logs = _crawl_all("User-agent: *\nDisallow: /\n", tmp_path)
    assert {name: log.paths for name, log in logs.items()} == {name: ["/robots.txt"] for name in ASKED} | _NOT_ASKED
    assert not [name for name, outcome in outcomes.items() if outcome.ok]


@pytest.mark.long
def test_every_portal_is_left_alone_after_the_first_page_of_a_guard(tmp_path: Path) -> None:
    outcomes, logs = _crawl_all("User-agent: *\nAllow: /\n", tmp_path)
    assert {name: outcome.state for name, outcome in outcomes.items()} == dict.fromkeys(CRAWLED, "blocked")
    # robots.txt, a page that failed, and the same page again, a second later. After the guard's page, nothing more.
    expected = dict.fromkeys(ASKED, 3) | dict.fromkeys(_NOT_ASKED, 0)
    assert {name: len(log.paths) for name, log in logs.items()} == expected
    gaps = {name: logs[name].times[2] - logs[name].times[1] for name in ASKED}
    assert {name: gap for name, gap in gaps.items() if gap < _SECOND} == {}
    assert {name: log.cookies for name, log in logs.items() if log.cookies and name not in _WITH_SESSION} == {}


@pytest.mark.slow
def test_every_portal_is_crawled_at_its_pace_and_by_its_rules(tmp_path: Path) -> None:
    broken: dict[str, list[str]] = defaultdict(list)
    for name in CRAWLED:
        crawler = Crawler(SPIDERS[name], scrapy_settings(tmp_path, _KEPT))
        SPIDERS[name].from_crawler(crawler, origin="http://127.0.0.1:8800").session.close()
        kept = {
            "pace": crawler.settings.getfloat("DOWNLOAD_DELAY") >= max(1.0, portals.load(name).delay_seconds or 0.0),
            "one at a time": crawler.settings.getint("CONCURRENT_REQUESTS") == 1,
            "robots.txt": crawler.settings.getbool("ROBOTSTXT_OBEY"),
            "throttle": crawler.settings.getbool("AUTOTHROTTLE_ENABLED"),
            "cookies": crawler.settings.getbool("COOKIES_ENABLED") == (name in _WITH_SESSION),
        }
        broken[name] += [rule for rule, is_kept in kept.items() if not is_kept]
    assert {name: rules for name, rules in broken.items() if rules} == {}


def _returning(links: list[FileLink]) -> Callable[..., Awaitable[list[FileLink]]]:
    async def ask(*_: object) -> list[FileLink]:
        return links

    return ask


def _recording(asked: list[str]) -> Callable[[Request], Awaitable[None]]:
    async def fetch(request: Request) -> None:
        asked.append(request.url)
        raise PageFailedError("no such file", gone=True)

    return fetch


@pytest.mark.slow
def test_files_are_fetched_from_the_hosts_of_the_portal_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, list[str]] = defaultdict(list)
    page = Page("somewhere", "urn:notice", datetime(2026, 8, 1, tzinfo=SHANGHAI), "text/html", "")
    row = ListRow("1", "urn:notice", "某项目中标公告", date(2026, 8, 1))
    for name in CRAWLED:
        portal = portals.load(name)
        links = [FileLink(f"https://{host}/result.pdf", "结果.pdf") for host in (*_STRANGERS, *portal.file_hosts)]
        links.append(FileLink(f"{portal.origin}/result.pdf", "结果.pdf"))
        spider = SPIDERS[name].from_crawler(Crawler(SPIDERS[name], scrapy_settings(tmp_path)))
        monkeypatch.setattr(spider.session, "ask", _returning(links))
        monkeypatch.setattr(spider, "fetch", _recording(asked[name]))
        asyncio.run(spider._with_files(PageItem("1", page), row))
        spider.session.close()
    wanted = {
        name: [
            *(f"https://{host}/result.pdf" for host in portals.load(name).file_hosts),
            f"{portals.load(name).origin}/result.pdf",
        ]
        for name in CRAWLED
    }
    assert asked == wanted
