"""How the crawler treats a real portal and this machine."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.statscollectors import MemoryStatsCollector

from tenders.crawling.errors import BlockedError, MovedError
from tenders.crawling.request import crawl_requests
from tenders.jobs import crawl_runner
from tenders.jobs.crawl_runner import scrapy_settings
from tenders.middlewares import PatientRetryMiddleware, SameHostRedirectMiddleware
from tenders.spiders.registry import SPIDERS
from tests.helpers.forked import exit_code, start_command
from tests.helpers.list_server import HANG_UP, LOCAL_AWARDS, ListServer, serving

pytestmark = pytest.mark.slow

CcgpSpider = SPIDERS["ccgp"]


@pytest.fixture
def settings_of(tmp_path: Path) -> Callable[..., Any]:
    """Return a function that gives the settings of a crawl towards an origin."""

    def settings(origin: str | None, **changes: Any) -> Any:
        crawler = Crawler(CcgpSpider, scrapy_settings(tmp_path, changes))
        CcgpSpider.from_crawler(crawler, origin=origin).session.close()
        return crawler.settings

    return settings


@pytest.mark.parametrize("origin", [None, "http://mirror.example.org:8080"])
def test_a_portal_gets_at_most_one_request_a_second_and_its_robots_txt_is_obeyed(
    settings_of: Any, origin: str | None
) -> None:
    settings = settings_of(origin)
    assert settings.getfloat("DOWNLOAD_DELAY") >= 1
    assert settings.getfloat("DOWNLOAD_DELAY_JITTER") == 0
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getint("CONCURRENT_REQUESTS") == 1


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8800", "http://localhost:1", "http://[::1]:80", "http://ccgp.localhost"]
)
def test_a_loopback_origin_is_crawled_without_delay(settings_of: Any, origin: str) -> None:
    settings = settings_of(origin)
    assert settings.getfloat("DOWNLOAD_DELAY") == 0
    assert not settings.getbool("ROBOTSTXT_OBEY")
    assert not settings.getbool("AUTOTHROTTLE_ENABLED")


def test_the_manners_can_be_kept_on_loopback_too(settings_of: Any) -> None:
    settings = settings_of("http://127.0.0.1:8800", TENDERS_MANNERS=True)
    assert settings.getfloat("DOWNLOAD_DELAY") >= 1
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert not settings.getbool("HTTPPROXY_ENABLED")


def test_a_slower_pace_set_by_the_user_is_kept(settings_of: Any) -> None:
    assert settings_of(None, DOWNLOAD_DELAY=6).getfloat("DOWNLOAD_DELAY") == 6


def test_no_local_port_is_opened_and_no_cookie_is_kept(settings_of: Any) -> None:
    settings = settings_of(None)
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert not settings.getbool("COOKIES_ENABLED")
    assert 429 not in [int(code) for code in settings.getlist("RETRY_HTTP_CODES")]


def test_each_retry_waits_twice_as_long_or_as_long_as_the_portal_requests(
    settings_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    crawler = Crawler(CcgpSpider, scrapy_settings(tmp_path))
    crawler.spider = CcgpSpider()
    crawler.spider.crawler = crawler
    crawler.stats = _Stats()  # type: ignore[assignment]
    retry = PatientRetryMiddleware.from_crawler(crawler)

    async def go() -> None:
        request: Any = Request("http://www.ccgp.gov.cn/")
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=120))
        for headers in ({}, {}, {"Retry-After": "77"}, {"Retry-After": soon}):
            request = await retry.process_response(request, Response(request.url, status=502, headers=headers))
        assert isinstance(request, Request)
        assert isinstance(await retry.process_response(request, Response(request.url, status=502)), Response)

    asyncio.run(go())
    assert waits[:3] == [5.0, 10.0, 77.0]
    assert 100 < waits[3] <= 120


@pytest.mark.parametrize("header", ["3600", "99999999999999999999", "Wed, 01 Jan 2290 00:00:00 GMT"])
def test_a_portal_that_asks_for_a_long_wait_is_left_alone(settings_of: Any, tmp_path: Path, header: str) -> None:
    crawler = Crawler(CcgpSpider, scrapy_settings(tmp_path))
    crawler.spider = CcgpSpider()
    crawler.spider.crawler = crawler
    crawler.stats = _Stats()  # type: ignore[assignment]
    retry = PatientRetryMiddleware.from_crawler(crawler)
    answer = Response("http://www.ccgp.gov.cn/", status=503, headers={"Retry-After": header})
    with pytest.raises(BlockedError, match="asks to come back in"):
        asyncio.run(retry.process_response(Request(answer.url), answer))


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "//localhost/admin",
        "http://127.0.0.1:9200/",
        "https://www.ccgp.gov.cn:8443/a",
        "http://www.ccgp.gov.cn.example.org/",
        "http://[::ffff:169.254.169.254]/latest/",
        "http://2852039166/latest/",
        "http://0x7f.1/",
        "http://www.ccgp.gov.cn@127.0.0.1/",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_not_followed(location: str, status: int, tmp_path: Path) -> None:
    crawler = Crawler(CcgpSpider, scrapy_settings(tmp_path))
    redirects = SameHostRedirectMiddleware.from_crawler(crawler)
    answer = Response("http://www.ccgp.gov.cn/a", status=status, headers={"Location": location})
    with pytest.raises(MovedError, match="leads to another host"):
        redirects.process_response(Request(answer.url), answer)


def test_a_redirect_on_the_same_host_is_followed(tmp_path: Path) -> None:
    redirects = SameHostRedirectMiddleware.from_crawler(Crawler(CcgpSpider, scrapy_settings(tmp_path)))
    for location in ("/b", "https://www.ccgp.gov.cn/b"):
        answer = Response("http://www.ccgp.gov.cn/a", status=302, headers={"Location": location})
        followed = redirects.process_response(Request(answer.url), answer)
        assert isinstance(followed, Request)
        assert followed.url.endswith("www.ccgp.gov.cn/b")


def test_a_page_that_is_too_large_fails_alone_and_the_others_are_read(tmp_path: Path) -> None:
    server = ListServer()
    rows = server.fill(LOCAL_AWARDS, 3)
    server.answers[LOCAL_AWARDS + rows[1].path] = ["x" * 40_000]
    with serving(server):
        [outcome] = crawl_runner.run(
            crawl_requests(["ccgp"], origin=server.origin),
            tmp_path,
            settings={"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR", "DOWNLOAD_MAXSIZE": 30_000},
        )
    assert (outcome.state, outcome.listed, outcome.stored) == ("incomplete", 3, 2)
    assert "DOWNLOAD_MAXSIZE" in str(outcome.reason)


_OBEYING = {"ROBOTSTXT_OBEY": True, "RETRY_BACKOFF_SECONDS": 0.0, "RETRY_TIMES": 1, "LOG_LEVEL": "CRITICAL"}


@pytest.mark.parametrize("answer", [503, HANG_UP])
def test_nothing_is_asked_of_a_portal_whose_robots_txt_cannot_be_read(
    answer: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = ListServer(answers={"/robots.txt": [answer]})
    server.fill(LOCAL_AWARDS, 2)
    with serving(server):
        requests = crawl_requests(["ccgp"], origin=server.origin)
        [outcome] = crawl_runner.run(requests, tmp_path, settings=_OBEYING)
    assert set(server.requests) == {"/robots.txt"}
    assert (outcome.ok, outcome.failure) == (False, "timeout")
    assert "robots.txt of 127.0.0.1" in str(outcome.reason)
    assert [record.message for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("answers", [[404], [502, "User-agent: *\nAllow: /\n"]])
def test_a_robots_txt_that_is_missing_or_comes_late_forbids_nothing(answers: list[int | str], tmp_path: Path) -> None:
    server = ListServer(answers={"/robots.txt": [*answers]})
    server.fill(LOCAL_AWARDS, 2)
    with serving(server):
        requests = crawl_requests(["ccgp"], origin=server.origin)
        [outcome] = crawl_runner.run(requests, tmp_path, settings=_OBEYING)
    assert (outcome.state, outcome.stored) == ("complete", 2)


class _Stats:
    def inc_value(self, key: str, count: int = 1, start: int = 0) -> None:
        pass


def test_the_counts_of_a_crawl_are_also_in_scrapys_stats(tmp_path: Path) -> None:
    crawler = Crawler(CcgpSpider, scrapy_settings(tmp_path))
    crawler.stats = MemoryStatsCollector(crawler)
    spider = CcgpSpider.from_crawler(crawler)
    spider.crawl_stats.listed_ids = {"1", "2"}
    spider.closed("finished")
    assert crawler.stats.get_value("tenders/listed") == 2
    assert crawler.stats.get_value("tenders/stored") == 0


@pytest.mark.long
def test_ctrl_c_ends_a_crawl_after_the_current_page(tmp_path: Path) -> None:
    server = ListServer(before=lambda path: time.sleep(0.02))
    server.fill(LOCAL_AWARDS, 40)
    with serving(server):
        command = ("crawl", "ccgp", "--origin", server.origin, "--data", tmp_path)
        process = start_command(*command, errors=tmp_path / "errors.txt")
        deadline = time.monotonic() + 120  # a busy machine takes its time
        while len(server.details()) < 5 and time.monotonic() < deadline:
            time.sleep(0.005)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGINT)
        assert exit_code(process) == 1
        asked = len(server.details())
    errors = (tmp_path / "errors.txt").read_text("utf-8")
    assert "interrupted before the end" in errors
    assert "Traceback" not in errors
    assert 5 <= asked < 40
