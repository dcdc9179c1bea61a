"""How the crawler treats a real portal and this machine."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.statscollectors import MemoryStatsCollector

from tenders.jobs.crawl_runner import scrapy_settings
from tenders.middlewares import PatientRetryMiddleware
from tenders.spiders.registry import SPIDERS
from tests.helpers.list_server import LOCAL_AWARDS, ListServer, serving
from tests.paths import ROOT

pytestmark = pytest.mark.slow

CcgpSpider = SPIDERS["ccgp"]
PROJECT = ROOT


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
        for headers in ({}, {}, {"Retry-After": "77"}, {"Retry-After": "99999"}):
            request = await retry.process_response(request, Response(request.url, status=502, headers=headers))
        assert isinstance(request, Request)
        assert isinstance(await retry.process_response(request, Response(request.url, status=502)), Response)

    asyncio.run(go())
    assert waits == [5.0, 10.0, 77.0, 300.0]


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


def test_ctrl_c_ends_a_crawl_after_the_current_page(tmp_path: Path) -> None:
    server = ListServer(before=lambda path: time.sleep(0.02))
    server.fill(LOCAL_AWARDS, 100)
    with serving(server):
        process = subprocess.Popen(
            [sys.executable, "-c", "from tenders.cli import main; main()", "crawl", "ccgp", "--origin", server.origin],
            cwd=PROJECT,
            env={**os.environ, "TENDERS_DATA": str(tmp_path)},
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 30
        while len(server.details()) < 10 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        asked = len(server.details())
    assert process.returncode == 1
    assert "interrupted before the end" in errors
    assert "Traceback" not in errors
    assert 10 <= asked < 100
