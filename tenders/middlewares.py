"""Downloader middlewares: patience with a portal in trouble, and the archive of what it answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Request, Response

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from tenders.spiders.base.portal_spider import PortalSpider

_LONGEST_WAIT_SECONDS = 300.0
_LOOK_UP_SECONDS = 0.5


class PatientRetryMiddleware(RetryMiddleware):
    """Retries as Scrapy does, but waits before each further try: twice as long each time, or as long as the portal asks.

    The wait holds the only place in the downloader, so nothing else is sent to the portal meanwhile. Once the crawl is asked to
    stop, it neither waits nor tries again.
    """

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        result = super().process_response(request, response)
        if isinstance(result, Request):
            await self._wait(result, response)
        return response if self._stopping else result

    async def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:  # type: ignore[override]
        result = super().process_exception(request, exception)
        if isinstance(result, Request):
            await self._wait(result)
        return None if self._stopping else result

    async def _wait(self, request: Request, response: Response | None = None) -> None:
        base = self.crawler.settings.getfloat("RETRY_BACKOFF_SECONDS")
        seconds = base * 2.0 ** (request.meta["retry_times"] - 1)
        asked = response.headers.get("Retry-After", b"") if response is not None else b""
        if base and asked and asked.isdigit():
            seconds = max(seconds, float(asked))
        waiting = asyncio.ensure_future(asyncio.sleep(min(seconds, _LONGEST_WAIT_SECONDS)))
        while not waiting.done() and not self._stopping:
            await asyncio.wait({waiting}, timeout=_LOOK_UP_SECONDS)
        waiting.cancel()

    @property
    def _stopping(self) -> bool:
        return bool(getattr(self.crawler.spider, "stop_requested", False))


class ArchiveMiddleware:
    """Writes each answer to the archive before any spider code sees it.

    It stands next to the engine, so it meets an answer once: after decompression, redirects and the last retry. Only
    requests that a spider marked (``meta["archive"]``) are kept, which leaves out robots.txt.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        about = request.meta.get("archive")
        if about is not None:
            spider: PortalSpider = self.crawler.spider  # type: ignore[assignment]
            spider.session.archive(request, response, **{**about, "page": spider.archive_role(request, response)})
        return response
