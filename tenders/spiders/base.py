"""What every portal's spider shares: its arguments, its manners, and one way to ask for a page."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response, TextResponse

from pipelines.model import Page
from tenders import portals
from tenders.archived import decode_page
from tenders.desk import CannotStoreError, Desk
from tenders.intake import TakeResult
from tenders.items import PageItem
from tenders.spiders.lists import Row
from tenders.spiders.tally import Tally

# Answers that mean "not you, not now". 429 too: it is asked politely, and waiting it out would be working around it.
BLOCK_STATUSES = frozenset({401, 403, 405, 407, 412, 418, 429, 451})
_PATIENCE = 5  # pages in a row that fail before the portal counts as down


class BlockedError(Exception):
    """The portal refuses to be read; nothing more may be sent to it."""


class PageFailedError(Exception):
    """One page could not be read, after all tries. ``gone``: the portal is well and says the page does not exist."""

    def __init__(self, message: str, *, gone: bool = False) -> None:
        super().__init__(message)
        self.gone = gone


class StoppedError(Exception):
    """The user wants the crawl to end."""


class PortalDownError(Exception):
    """Page after page fails: going on would only add load."""


class PortalSpider(scrapy.Spider):
    """Base of all spiders. A subclass has ``name`` (that of its descriptor) and ``start``.

    Arguments, all optional, as strings or as what they mean: ``since``, ``until`` (days, both included), ``keyword`` (one or
    several, separated by commas), ``limit`` (at most so many pages are read), ``origin`` (scheme://host:port to ask instead).
    ``progress`` is for callers in this process: it is told the number of pages stored so far.
    """

    def __init__(
        self,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        keyword: Iterable[str] | str | None = None,
        limit: int | str | None = None,
        origin: str | None = None,
        progress: Callable[[int], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.portal = portals.load(self.name)
        self.since, self.until = _day("since", since), _day("until", until)
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}: swap them")
        words = re.split(r"[,，]", keyword) if isinstance(keyword, str) else (keyword or ())
        self.keywords = tuple(word.strip() for word in words if word.strip())
        self.limit = _count(limit)
        self.origin = origin_of(origin)
        self.tally = Tally(self.portal.name, self.since, self.until)
        self.desk: Desk
        self.stop_asked = False
        self._progress = progress
        self._failed_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        if spider.origin and is_loopback(spider.origin):
            for name, value in _AT_HOME.items():
                settings.set(name, value, priority="spider")
        else:
            delay = max(spider.portal.delay_seconds, settings.getfloat("DOWNLOAD_DELAY"))
            settings.set("DOWNLOAD_DELAY", delay, priority="spider")
        spider.desk = Desk(Path(settings["TENDERS_DATA"]), spider.portal.name)
        spider.tally.stored = spider.desk.known()
        return spider

    def closed(self, reason: str) -> None:
        """Called by Scrapy when the crawl is over, however it ended."""
        self.desk.ledger.save()
        self.desk.close()

    def live_url(self, public_url: str) -> str:
        """Where this public address is asked for: at the portal, or at the origin given."""
        if self.origin is None:
            return public_url
        scheme, host = self.origin
        return urlunsplit(urlsplit(public_url)._replace(scheme=scheme, netloc=host))

    def public_url(self, url: str) -> str:
        """The address as the portal's readers know it; only that is ever stored."""
        parts = urlsplit(url)
        if self.origin is not None and parts.netloc == self.origin[1]:
            home = urlsplit(self.portal.origin)
            parts = parts._replace(scheme=home.scheme, netloc=home.netloc)
        return urlunsplit(parts)

    def refusal(self, page: str, text: str) -> str | None:
        """Why this text, though it came with HTTP 200, is not the kind of page that was asked for; None where it is."""
        return None

    async def fetch(self, request: Request) -> TextResponse:
        """The portal's answer, archived; an HTTP 200 is not yet a success.

        Raises BlockedError, PageFailedError or PortalDownError.
        """
        if self.stop_asked:
            raise StoppedError
        try:
            response = await self._ask(request)
        except PageFailedError as failure:
            self._failed_in_a_row = 0 if failure.gone else self._failed_in_a_row + 1
            if self._failed_in_a_row >= _PATIENCE:
                raise PortalDownError(f"{_PATIENCE} pages in a row failed, the last: {failure}") from failure
            raise
        self._failed_in_a_row = 0
        return response

    async def _ask(self, request: Request) -> TextResponse:
        path = urlsplit(request.url).path
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except IgnoreRequest as error:
            raise BlockedError(f"robots.txt or the redirect limit forbids {path}") from error
        except CannotStoreError:
            raise
        except Exception as error:
            raise PageFailedError(f"{path}: {_short(error)}") from error
        if response.status in BLOCK_STATUSES:
            raise BlockedError(f"HTTP {response.status} at {path}")
        if response.status != 200:
            raise PageFailedError(f"{path}: HTTP {response.status}", gone=response.status in (404, 410))
        if urlsplit(response.url).netloc != urlsplit(request.url).netloc:
            raise BlockedError(f"{path} leads to another host, {urlsplit(response.url).hostname}")
        if not isinstance(response, TextResponse):
            raise PageFailedError(f"{path}: not a text but {_content_type(response)}")
        refusal = self.refusal(request.meta["archive"]["page"], response.text)
        if refusal:
            raise BlockedError(f"{refusal} at {path}")
        return response

    def request(self, public_url: str, page: str, *, title: str | None = None, day: date | None = None) -> Request:
        """A GET of one page, marked for the archive as a ``list`` or a ``detail``."""
        about = {"page": page, "url": public_url, "title": title, "day": day}
        return Request(self.live_url(public_url), meta={"archive": about}, dont_filter=True)

    def item(self, row: Row, response: TextResponse) -> PageItem:
        """What goes to the pipeline, stamped with the time of the archived answer."""
        # Read as the archive will read it, so that a rebuild gives the same page.
        content_type, text = decode_page(_content_type(response), response.body) or ("text/html", response.text)
        page = Page(
            portal=self.portal.name,
            url=row.url,
            fetched_at=response.meta["fetched_at"],
            content_type=content_type,
            body=text,
            title=row.title,
            published_on=row.day,
        )
        return PageItem(row.notice_id, page)

    def settle(self, item: PageItem, result: TakeResult) -> None:
        """Called by the pipeline once the page is on disk."""
        self.tally.stored.add(item.notice_id)
        self.tally.fresh += 1
        if self._progress:
            self._progress(self.tally.fresh)
        self.tally.gaps.extend(f"{problem.url} was read only in part: {problem.reason}" for problem in result.problems)

    def break_down(self, item: PageItem, error: Exception) -> None:
        """Called by the pipeline when a page could not be stored: the crawl ends in its report."""
        self.tally.broken = f"could not store {item.page.url}: {_short(error)}"
        self.logger.error("could not store %s", item.page.url, exc_info=error)

    async def settled(self) -> None:
        """Waits until Scrapy is done with every item given to it.

        Not only for the count's sake: a crawl that ends while an item is under way is not told when it is done, and hangs.
        """
        scraper = self.crawler.engine.scraper
        while scraper.slot is not None and not scraper.slot.is_idle():
            await asyncio.sleep(0)


# No portal is there to be spared, and a test should not wait.
_AT_HOME = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "HTTPPROXY_ENABLED": False,  # a proxy's loopback is another machine
    "RETRY_BACKOFF_SECONDS": 0.05,
}


def origin_of(text: str | None) -> tuple[str, str] | None:
    """Scheme and host:port of an origin. Raises ValueError where it is no origin, or has a path (paths are the portal's)."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"origin {text!r} is not scheme://host:port, such as http://127.0.0.1:8800")
    return parts.scheme, parts.netloc


def is_loopback(origin: tuple[str, str]) -> bool:
    """Whether the origin is this very machine."""
    host = urlsplit(f"//{origin[1]}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _day(name: str, value: date | str | None) -> date | None:
    if not value or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{name} {value!r} is not a day; write 2025-07-31") from None


def _count(value: int | str | None) -> int | None:
    if value is None or value == "":
        return None
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"limit {value!r} is not a whole number above 0")
    return number


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def _short(error: BaseException) -> str:
    text = str(error).split("\n", 1)[0].strip()
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__
