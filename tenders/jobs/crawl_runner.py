"""Running crawls from Python, as often as one likes in one process.

Scrapy's production download handler needs Twisted's reactor, and a reactor cannot be started twice. So the first crawl starts
one in a daemon thread, which then serves every later crawl; the caller's thread waits. Nothing outlives the process: after
``kill -9`` no child goes on asking a portal. `scrapy crawl PORTAL` needs none of this and does the same.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.log import configure_logging

from tenders import portals as descriptors
from tenders import settings as project_settings
from tenders.crawling.desk import PortalBusyError
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import origin_of
from tenders.crawling.stats import Tally
from tenders.spiders.base.portal_spider import PortalSpider

_T = TypeVar("_T")
_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
_starting = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_live: set[AsyncCrawlerRunner] = set()

logger = logging.getLogger(__name__)


def run(
    portals: Iterable[str],
    since: date | None = None,
    until: date | None = None,
    keywords: Iterable[str] = (),
    limit: int | None = None,
    origin: str | None = None,
    data_dir: Path = Path("data"),
    *,
    progress: Callable[[int], None] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> list[CrawlOutcome]:
    """Crawls the portals, side by side, and says of each what came of it, in the order given.

    Days are of Asia/Shanghai and both included; ``limit`` holds for each portal. What was read is archived and spooled when this
    returns (and page by page before), but not loaded: see ``tenders.jobs.load``. ``progress`` is told, in another thread, how
    many pages of a portal are stored so far. Raises ValueError on arguments that make no sense, before anything is sent.
    Ctrl-C ends the crawls after the page under way, as interrupted.
    """
    names = list(dict.fromkeys(portals))
    known = [descriptors.load(name) for name in names]
    still = [portal.name for portal in known if not portal.crawl]
    if still:
        raise ValueError(f"{', '.join(still)}: not crawled, only read from saved pages (tenders ingest)")
    if origin_of(origin) and len(names) != 1:
        raise ValueError("an origin stands in for one portal: name exactly one")
    if since and until and since > until:
        raise ValueError(f"since {since} is after until {until}: swap them")
    if limit is not None and limit < 1:
        raise ValueError(f"limit {limit} is not a whole number above 0")
    chosen = scrapy_settings(data_dir, settings)
    if chosen["USER_AGENT"] == project_settings.user_agent("") and origin is None:
        logger.warning("set TENDERS_CONTACT to an address for a portal's operator; it goes into the User-Agent")
    if not logging.getLogger().handlers:
        configure_logging(chosen)
    for portal in known:
        if since is None and portal.lists == "dated" and not origin:
            logger.warning(
                "%s: no --since, so everything since %s is asked for: it takes days", portal.name, portal.first_day
            )
    runner = AsyncCrawlerRunner(chosen)
    # It advises programmers about answers that were cut short; those are asked for again, and named if that fails.
    logging.getLogger("scrapy.core.downloader.handlers").setLevel(logging.ERROR)
    arguments = {
        "since": since,
        "until": until,
        "keyword": tuple(keywords),
        "limit": limit,
        "origin": origin,
        "progress": progress,
    }
    return _wait(_crawl_all(runner, names, arguments), runner)


def stop() -> None:
    """Ends every crawl under way in this process after the page under way, as interrupted. Their ``run`` returns as always."""
    for runner in list(_live):
        for crawler in list(runner.crawlers):
            if crawler.spider is not None:
                cast("PortalSpider", crawler.spider).stop_asked = True


def scrapy_settings(data_dir: Path, changes: Mapping[str, Any] | None = None) -> Settings:
    """The project's settings for a crawl into ``data_dir`` that the caller loads by itself."""
    chosen = Settings()
    chosen.setmodule(project_settings, priority="project")
    chosen.update({"TENDERS_DATA": str(data_dir), "TENDERS_LOAD": False, **(changes or {})}, priority="cmdline")
    return chosen


async def _crawl_all(runner: AsyncCrawlerRunner, names: list[str], arguments: dict[str, Any]) -> list[CrawlOutcome]:
    turns = _Turns()
    return list(await asyncio.gather(*(turns.take(runner, name, arguments) for name in names)))


class _Turns:
    """Portals that share a host are asked one after the other, and none of them once the host has refused one."""

    def __init__(self) -> None:
        self._busy: dict[str, asyncio.Lock] = {}
        self._refused: dict[str, str] = {}

    async def take(self, runner: AsyncCrawlerRunner, name: str, arguments: dict[str, Any]) -> CrawlOutcome:
        hosts = sorted(descriptors.load(name).hosts)
        async with AsyncExitStack() as held:
            for host in hosts:  # in one order for all, so that no two wait for each other
                await held.enter_async_context(self._busy.setdefault(host, asyncio.Lock()))
            refused = next((host for host in hosts if host in self._refused), None)
            if refused:
                tally = Tally(name, arguments["since"], arguments["until"])
                tally.blocked = ("blocked", f"{refused} has just refused {self._refused[refused]}, so it was not asked")
                return tally.outcome()
            outcome = await _crawl(runner, name, arguments)
            if outcome.state == "blocked":
                self._refused.update(dict.fromkeys(hosts, name))
            return outcome


async def _crawl(runner: AsyncCrawlerRunner, name: str, arguments: dict[str, Any]) -> CrawlOutcome:
    crawler: Crawler = runner.create_crawler(name)
    tally = Tally(name, arguments["since"], arguments["until"])
    try:
        await runner.crawl(crawler, **arguments)
    except PortalBusyError as busy:
        tally.broken = ("interrupted", str(busy))
    except Exception as error:
        logger.exception("the crawl of %s broke down", name)
        tally.broken = ("storage", f"{type(error).__name__}: {error}")
    spider = cast("PortalSpider | None", crawler.spider)
    if spider is not None:
        spider.tally.broken = spider.tally.broken or tally.broken
        tally = spider.tally
    return tally.outcome()


def _wait(work: Coroutine[Any, Any, _T], runner: AsyncCrawlerRunner) -> _T:
    """Runs a coroutine in the reactor's thread and waits for it here, where Ctrl-C arrives."""
    loop = _running_loop()
    future: Future[_T] = asyncio.run_coroutine_threadsafe(work, loop)
    _live.add(runner)
    try:
        return future.result()
    except KeyboardInterrupt:
        stop()
        return future.result()  # after the page under way; a second Ctrl-C does not wait for it
    finally:
        _live.discard(runner)


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _starting:
        if _loop is None:
            started: Future[asyncio.AbstractEventLoop] = Future()
            threading.Thread(target=_serve, args=(started,), name="tenders-reactor", daemon=True).start()
            _loop = started.result()
    return _loop


def _serve(started: Future[asyncio.AbstractEventLoop]) -> None:
    from scrapy.utils.reactor import install_reactor

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        install_reactor(_REACTOR)
        from twisted.internet import reactor as installed

        reactor: Any = installed
        # Worker threads that resolve names must not keep the process alive at its end.
        pool: Any = reactor.getThreadPool()
        pool.threadFactory = partial(threading.Thread, daemon=True)
        reactor.callWhenRunning(started.set_result, loop)
        reactor.run(installSignalHandlers=False)
    except BaseException as error:
        if not started.done():
            started.set_exception(error)
        raise
