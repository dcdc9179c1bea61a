"""Runs crawls from Python, as often as a caller likes in one process.

Scrapy's production download handler needs Twisted's reactor, and a reactor cannot be started twice. So the first
crawl starts one in a daemon thread, which then serves every later crawl while the caller's thread waits. Nothing
outlives the process: after ``kill -9`` no child goes on sending requests to a portal. ``scrapy crawl PORTAL`` needs
none of this and does the same.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging

from tenders import portals
from tenders import settings as project_settings
from tenders.crawling.errors import PortalBusyError
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.crawling.stats import CrawlStats, Problem
from tenders.spiders.base.portal_spider import PortalSpider

Progress = Callable[[CrawlStats], None]
_Spiders = Mapping[str, type[PortalSpider]]

_T = TypeVar("_T")
_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
_LAST_SECONDS = 1.0  # it may wait for a name server; the process does not
_starting = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_active_turns: set[_HostTurns] = set()

logger = logging.getLogger(__name__)


def run(
    requests: Sequence[CrawlRequest],
    data_dir: Path,
    *,
    progress: Progress | None = None,
    settings: Mapping[str, Any] | None = None,
    spiders: Mapping[str, type[PortalSpider]] | None = None,
) -> list[CrawlOutcome]:
    """Crawl the portals side by side and return one outcome per request, in their order.

    What was read is archived and spooled page by page, but not loaded: see ``tenders.jobs.load``. ``progress``
    is called in another thread with the running counts of a portal's crawl, after each answer and each stored notice.
    ``settings``: changes to Scrapy's settings. ``spiders``: portal → the spider to run in place of its own.
    Ctrl-C ends the crawls after the page in progress, as interrupted.
    """
    chosen = scrapy_settings(data_dir, settings)
    if not logging.getLogger().handlers:
        configure_logging(chosen)
    # Scrapy logs truncated answers as errors of the program. Here they are requested again, and reported if that fails.
    logging.getLogger("scrapy.core.downloader.handlers").setLevel(logging.ERROR)
    # It logs a robots.txt that did not come with a traceback. The outcome of the crawl says so in one line.
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    _warn_about(requests, chosen, spiders or {})
    turns = _HostTurns(AsyncCrawlerRunner(chosen), spiders or {})
    return _wait(turns.crawl_all(requests, progress), turns)


def stop() -> None:
    """End every crawl of this process after the page in progress, as interrupted. Their ``run`` returns as always."""
    for turns in list(_active_turns):
        turns.stop()


def scrapy_settings(data_dir: Path, changes: Mapping[str, Any] | None = None) -> Settings:
    """Return the project's settings for a crawl into ``data_dir``. The caller loads the result."""
    chosen = Settings()
    chosen.setmodule(project_settings, priority="project")
    chosen.update({"TENDERS_DATA": str(data_dir), "TENDERS_LOAD": False, **(changes or {})}, priority="cmdline")
    return chosen


def _warn_about(requests: Sequence[CrawlRequest], settings: Settings, spiders: _Spiders) -> None:
    live = [request for request in requests if request.origin is None]
    if live and settings["USER_AGENT"] == project_settings.user_agent(""):
        logger.warning("set TENDERS_CONTACT to an address for a portal's operator; it goes into the User-Agent")
    for request in live:
        portal = portals.load(request.portal)
        if request.since is None and portal.lists == "dated" and portal.name not in spiders:
            logger.warning(
                "%s: no --since, so everything since %s is requested: it takes days", portal.name, portal.first_day
            )


class _HostTurns:
    """Crawls portals that share a host one after the other, and none once the host has refused one."""

    def __init__(self, runner: AsyncCrawlerRunner, spiders: _Spiders) -> None:
        self._runner = runner
        self._spiders = spiders
        self._stopping = False
        self._locks: dict[str, asyncio.Lock] = {}
        self._refused: dict[str, str] = {}  # host → the portal that it refused

    async def crawl_all(self, requests: Sequence[CrawlRequest], progress: Progress | None) -> list[CrawlOutcome]:
        """Return the outcome of each crawl, in the order of ``requests``."""
        return list(await asyncio.gather(*(self._crawl(request, progress) for request in requests)))

    def stop(self) -> None:
        """End the crawls that run after their page, and let no other begin. Another thread may call it."""
        self._stopping = True
        for crawler in list(self._runner.crawlers):
            if crawler.spider is not None:
                cast("PortalSpider", crawler.spider).stop_requested = True

    async def _crawl(self, request: CrawlRequest, progress: Progress | None) -> CrawlOutcome:
        hosts = sorted(portals.load(request.portal).requested_hosts)
        async with AsyncExitStack() as held:
            for host in hosts:  # in the same order for all, so that no two wait for each other
                await held.enter_async_context(self._locks.setdefault(host, asyncio.Lock()))
            refused = next((host for host in hosts if host in self._refused), None)
            if refused:
                stats = CrawlStats(request.portal, request.since, request.until)
                text = f"{refused} has just refused {self._refused[refused]}, so it was not asked"
                stats.blocked = Problem("blocked", text)
                return stats.outcome()
            if self._stopping:
                return CrawlStats(request.portal, request.since, request.until).outcome()
            spider = self._spiders.get(request.portal, request.portal)
            outcome = await _crawl(self._runner, request, progress, spider)
            if outcome.state == "blocked":
                self._refused.update(dict.fromkeys(hosts, request.portal))
            return outcome


async def _crawl(
    runner: AsyncCrawlerRunner, request: CrawlRequest, progress: Progress | None, chosen: type[PortalSpider] | str
) -> CrawlOutcome:
    crawler: Crawler = runner.create_crawler(chosen)
    failed: Problem | None = None
    try:
        await runner.crawl(crawler, **request.spider_arguments(), progress=progress)
    except PortalBusyError as error:
        failed = Problem("interrupted", str(error))
    except OSError as error:  # such as a folder that cannot be written
        failed = Problem("storage", f"cannot read or write {error.filename}: {error.strerror or error}")
    except Exception as error:
        logger.exception("the crawl of %s broke down", request.portal)
        failed = Problem("storage", f"{type(error).__name__}: {error}")
    spider = cast("PortalSpider | None", crawler.spider)
    stats = spider.crawl_stats if spider else CrawlStats(request.portal, request.since, request.until)
    stats.failed = stats.failed or failed
    return stats.outcome()


def _wait(work: Coroutine[Any, Any, _T], turns: _HostTurns) -> _T:
    """Run a coroutine in the reactor's thread and wait for it in this one, where Ctrl-C arrives."""
    loop = _running_loop()
    future: Future[_T] = asyncio.run_coroutine_threadsafe(work, loop)
    _active_turns.add(turns)
    try:
        return future.result()
    except KeyboardInterrupt:
        stop()
        return future.result()  # after the page in progress; a second Ctrl-C does not wait for it
    finally:
        _active_turns.discard(turns)


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _starting:
        if _loop is None:
            started: Future[asyncio.AbstractEventLoop] = Future()
            thread = threading.Thread(target=_run_reactor, args=(started,), name="tenders-reactor", daemon=True)
            thread.start()
            _loop = started.result()
            atexit.register(_end_reactor, _loop, thread)
    return _loop


def _end_reactor(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    """End the reactor at the end of the process, so that DuckDB can free what its thread holds and reports no leak."""
    from twisted.internet import reactor as installed_reactor

    reactor: Any = installed_reactor
    loop.call_soon_threadsafe(reactor.stop)
    thread.join(_LAST_SECONDS)


def _run_reactor(started: Future[asyncio.AbstractEventLoop]) -> None:
    from scrapy.utils.reactor import install_reactor

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        install_reactor(_REACTOR)
        from twisted.internet import reactor as installed_reactor

        reactor: Any = installed_reactor
        # Worker threads that resolve names must not keep the process alive at its end.
        pool: Any = reactor.getThreadPool()
        pool.threadFactory = partial(threading.Thread, daemon=True)
        reactor.callWhenRunning(started.set_result, loop)
        reactor.run(installSignalHandlers=False)
    except BaseException as error:
        if not started.done():
            started.set_exception(error)
        raise
