"""Downloader middlewares: robots.txt, retries that wait, redirects on the same host, the archive of every answer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Headers, Request, Response

from tenders.archive.records import ArchivedResponse
from tenders.crawling.errors import (
    BlockedError,
    MovedError,
    PageFailedError,
    RequestsSpentError,
    StoppedError,
    TooLargeError,
)

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

    from tenders.spiders.base.portal_spider import PortalSpider

_LONGEST_WAIT_SECONDS = 300.0
_LOOK_UP_SECONDS = 0.5
_SERVER_ERRORS = 500  # the first HTTP status of them


class CarefulRobotsMiddleware(RobotsTxtMiddleware):
    """Obeys robots.txt as Scrapy does, and asks a host for nothing while its robots.txt cannot be read.

    Scrapy takes an answer such as HTTP 503, or none, for permission. RFC 9309 (2.3.1.4) says that all is forbidden
    then. A robots.txt that does not exist, or that redirects to another host, forbids nothing.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: dict[str, Exception] = {}  # host → what the requests to it fail with

    async def robot_parser(self, request: Request) -> RobotParser | None:
        parser = await super().robot_parser(request)
        error = self._unread.get(urlsplit(request.url).netloc)
        if error is not None:
            raise error
        return parser

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= _SERVER_ERRORS:
            self._unread[netloc] = _robots_failure(netloc, f"HTTP {response.status}")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest | MovedError):
            is_for_all = isinstance(exc, BlockedError | StoppedError)
            self._unread[netloc] = exc if is_for_all else _robots_failure(netloc, type(exc).__name__)
        super()._robots_error(exc, netloc)


def _robots_failure(netloc: str, reason: str) -> PageFailedError:
    return PageFailedError(f"the robots.txt of {netloc} cannot be read ({reason}), so nothing is asked")


class PatientRetryMiddleware(RetryMiddleware):
    """Retries as Scrapy does, but waits before each retry: twice as long each time, or as long as the portal asks.

    The wait occupies the only slot of the downloader, so nothing else is sent to the portal meanwhile. A portal that
    asks for a longer wait than five minutes ends the crawl as a block does. A crawl that is asked to stop neither waits
    nor retries.
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
        asked = _retry_after(response) if response is not None else 0.0
        if asked > _LONGEST_WAIT_SECONDS:
            raise BlockedError(f"the portal asks to come back in {asked / 60:,.0f} minutes")
        if base:
            seconds = max(seconds, asked)
        waiting = asyncio.ensure_future(asyncio.sleep(min(seconds, _LONGEST_WAIT_SECONDS)))
        while not waiting.done() and not self._stopping:
            await asyncio.wait({waiting}, timeout=_LOOK_UP_SECONDS)
        waiting.cancel()

    @property
    def _stopping(self) -> bool:
        return bool(getattr(self.crawler.spider, "stop_requested", False))


def _retry_after(response: Response) -> float:
    """Return how many seconds the portal asks to wait (``Retry-After``: seconds or a date); 0 if it does not ask."""
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


class SameHostRedirectMiddleware(RedirectMiddleware):
    """Follows redirects as Scrapy does, but only on the host that was asked.

    Another host would be asked although no robots.txt of it was read, and it may be one inside this machine's network.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        result: Request | Response = super().process_response(request, response)
        if isinstance(result, Request) and urlsplit(result.url).netloc != urlsplit(request.url).netloc:
            raise MovedError(f"{urlsplit(request.url).path} leads to another host, {urlsplit(result.url).hostname}")
        return result


class BoundedCompressionMiddleware(HttpCompressionMiddleware):
    """Unpacks answers as Scrapy does, and reports one that unpacks to too much by an error of its own."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        try:
            unpacked: Request | Response = super().process_response(request, response)
        except IgnoreRequest as error:  # Scrapy's middleware has no other reason
            raise TooLargeError(urlsplit(request.url).path) from error
        return unpacked


class RequestLimitMiddleware:
    """Sends at most ``TENDERS_MOST_REQUESTS`` requests, robots.txt included, and then raises RequestsSpentError.

    It is the middleware next to the downloader, so it sees each request that would be sent.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getint("TENDERS_MOST_REQUESTS"):
            raise NotConfigured
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RequestLimitMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        most, stats = self.crawler.settings.getint("TENDERS_MOST_REQUESTS"), self.crawler.stats
        assert stats is not None
        if stats.get_value("tenders/requests", 0) >= most:
            raise RequestsSpentError(f"{most} requests were sent")
        stats.inc_value("tenders/requests")


class ArchiveMiddleware:
    """Writes each answer to the archive before any spider code sees it.

    It is the middleware next to the engine, so it sees an answer once: after decompression, redirects and the last
    retry. Only requests that a spider marked (``meta["archive"]``) are kept, so robots.txt is not.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveMiddleware:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        page = request.meta.get("archive")
        if page is not None:
            spider: PortalSpider = self.crawler.spider  # type: ignore[assignment]
            request.meta["fetched_at"] = datetime.now(UTC)
            spider.session.archive(
                ArchivedResponse(
                    portal=spider.portal.name,
                    url=request.url,
                    public_url=page["url"],
                    fetched_at=request.meta["fetched_at"],
                    method=request.method,
                    status=response.status,
                    headers=_header_pairs(response.headers),
                    body=response.body,
                    request_headers=_header_pairs(request.headers),
                    request_body=request.body,
                    title=page["title"],
                    published_on=page["day"],
                    listed=page.get("listed") or {},
                    role=await spider.archive_role(request, response),
                    attachment=page.get("attachment"),
                )
            )
        return response


def _header_pairs(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]
