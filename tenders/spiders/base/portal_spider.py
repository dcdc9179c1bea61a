"""What every portal's spider shares: its arguments, its manners, and one way to ask for a page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode, urlsplit, urlunsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from pipelines.model import Page
from tenders import portals
from tenders.archive.reader import PDF, clean, decode_page
from tenders.archive.records import PageRole
from tenders.crawling.desk import CannotStoreError, Desk
from tenders.crawling.errors import (
    BlockedError,
    LayoutError,
    MovedError,
    PageFailedError,
    PortalDownError,
    StoppedError,
    TooManyError,
)
from tenders.crawling.intake import TakeResult
from tenders.crawling.list_pages import Row
from tenders.crawling.outcome import Failure
from tenders.crawling.request import AT_HOME, count_of, day_of, is_loopback, origin_of, words_of
from tenders.crawling.stats import Tally
from tenders.crawling.windows import WindowBook
from tenders.items import PageItem
from tenders.portals.response_checks import Verdict, is_cut, judge
from tenders.portals.response_texts import content_type, page_text

# Answers that mean "not you, not now". 429 too: it is asked politely, and waiting it out would be working around it. And 416
# from a firewall: nobody asked for a part of a page.
BLOCK_STATUSES = frozenset({401, 403, 405, 407, 412, 416, 418, 429, 451})
_PATIENCE = 5  # pages in a row that fail before the portal counts as down
_PDF_END = 2048  # bytes, in which a whole PDF file says that it ends
_STUMPS = 3  # further tries for a page that came cut short, or with a passing error inside HTTP 200


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
        self.since, self.until = day_of("since", since), day_of("until", until)
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}: swap them")
        self.keywords = words_of(keyword)
        self.limit = count_of(limit)
        self.origin = origin_of(origin)
        chosen = "" if self.searches else ",".join(self.keywords)
        self.tally = Tally(self.portal.name, self.since, self.until, book=WindowBook(chosen))
        self.desk: Desk
        self.stop_asked = False
        self._progress = progress
        self._failed_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        if spider.origin and is_loopback(spider.origin):
            for name, value in AT_HOME.items():
                settings.set(name, value, priority="spider")
        else:
            delay = max(spider.portal.delay_seconds, settings.getfloat("DOWNLOAD_DELAY"))
            settings.set("DOWNLOAD_DELAY", delay, priority="spider")
        settings.set("COOKIES_ENABLED", spider.portal.cookies, priority="spider")
        if not spider.portal.verify_certificate:
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")
        if spider.portal.legacy_tls:
            settings.set("DOWNLOAD_HANDLERS", {"https": "tenders.tls.LegacyDownloadHandler"}, priority="spider")
        spider.desk = Desk(Path(settings["TENDERS_DATA"]), spider.portal.name, spider.asked_hosts)
        spider.tally.stored = spider.desk.known()
        return spider

    @property
    def searches(self) -> bool:
        """Whether the portal's own search is asked, once for each keyword; else keywords choose among listed titles."""
        return bool(self.keywords) and self.portal.keyword == "search"

    @property
    def asked_hosts(self) -> tuple[str, ...]:
        """The hosts (with their ports, if any) that requests go to."""
        return (self.origin[1],) if self.origin else self.portal.hosts

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

    def verdict(self, request: Request, response: Response) -> Verdict:
        """What this answer, though it came with HTTP 200, is worth as the page that the request asked for."""
        about, body = request.meta["archive"], response.body
        if body.startswith(b"%PDF") and about["page"] != "list":
            verdict, cut = Verdict("ok"), b"%%EOF" not in body[-_PDF_END:]
        else:
            text = page_text(response)
            if text is None:
                return Verdict("layout", f"not a text but {content_type(response)}")
            verdict, cut = judge(self.portal, request.meta["judged_as"], text, about["title"]), is_cut(text)
        # A page that is never closed is believed when it comes the same twice: then that is its form.
        if verdict.kind == "ok" and cut and request.meta.get("stump") != len(body):
            return Verdict("again", "the page is cut short")
        return verdict

    def role(self, request: Request, response: Response) -> PageRole:
        """What the archive keeps this answer as: a block page, or a stump, is evidence, but no rebuild may take it for the
        notice."""
        asked: PageRole = request.meta["archive"]["page"]
        refused = asked != "list" and self.verdict(request, response).kind in ("blocked", "again")
        return "list" if refused else asked

    async def fetch(self, request: Request) -> Response:
        """The portal's answer, archived; an HTTP 200 is not yet a success.

        Raises BlockedError, PageFailedError, TooManyError, PortalDownError or StoppedError.
        """
        if self.stop_asked:
            raise StoppedError
        try:
            response = await self._ask(request)
        except PageFailedError as failure:
            self._failed_in_a_row = 0 if failure.gone else self._failed_in_a_row + 1
            if self._failed_in_a_row >= _PATIENCE:
                kind: Failure = "layout" if failure.kind == "layout" else "timeout"
                raise PortalDownError(f"{_PATIENCE} pages in a row failed, the last: {failure}", kind) from failure
            raise
        self._failed_in_a_row = 0
        return response

    async def _ask(self, request: Request) -> Response:
        path = urlsplit(request.url).path
        for attempt in range(_STUMPS + 1):
            response = await self._download(request, path)
            verdict = self.verdict(request, response)
            if verdict.kind == "ok":
                return response
            if verdict.kind == "blocked":
                raise BlockedError(f"{verdict.reason} at {path}")
            if verdict.kind == "layout":
                raise LayoutError(f"{path}: {verdict.reason}")
            if verdict.kind == "narrow":
                raise TooManyError(verdict.reason)
            await asyncio.sleep(self.crawler.settings.getfloat("RETRY_BACKOFF_SECONDS") * 2.0**attempt)
            request = request.replace(meta={**request.meta, "stump": len(response.body)})
        raise PageFailedError(f"{path}: {verdict.reason}")

    async def _download(self, request: Request, path: str) -> Response:
        """An HTTP 200 from the host that was asked."""
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
            raise MovedError(f"{path} leads to another host, {urlsplit(response.url).hostname}")
        return response

    def request(
        self,
        address: str,
        page: PageRole,
        *,
        row: Row | None = None,
        form: Mapping[str, str] | None = None,
        data: Any = None,
        judged_as: str | None = None,
    ) -> Request:
        """A request for one page, marked for the archive: a ``list`` (anything on the way), a ``detail`` or a ``part`` of a
        notice, whose ``row`` is then given.

        ``address`` is the portal's own; with ``form`` or ``data`` (sent as JSON) it is a POST. ``judged_as`` is the name by
        which the descriptor says what the answer must hold, where that is not ``page``.
        """
        about: dict[str, Any] = {"page": page, "url": row.url if row else address, "title": None, "day": None}
        if row:
            about |= {"title": row.title, "day": row.day, "listed": dict(row.listed)}
        headers, body = dict(self.portal.headers), b""
        if form is not None:
            headers["Content-Type"], body = "application/x-www-form-urlencoded; charset=UTF-8", urlencode(form).encode()
        elif data is not None:
            headers["Content-Type"] = "application/json;charset=UTF-8"
            body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        method = "GET" if form is None and data is None else "POST"
        meta = {"archive": about, "judged_as": judged_as or page}
        return Request(self.live_url(address), method=method, headers=headers, body=body, meta=meta, dont_filter=True)

    def item(self, row: Row, response: Response, parts: Iterable[Response] = ()) -> PageItem:
        """What goes to the pipeline, stamped with the time of the archived answer. ``parts`` are the notice's other files,
        in the order in which they were archived."""
        # Read as the archive will read it, so that a rebuild gives the same page.
        kind, text = decode_page(content_type(response), response.body, pdf=True) or ("text/html", response.text)
        if kind == PDF:
            files = [decode_page(None, part.body, pdf=True) for part in parts]
            text = "\n".join([*(file[1] for file in files if file), text])
        return PageItem(row.notice_id, self._page(row, kind, text, response.meta["fetched_at"]))

    def item_in_list(self, row: Row, fetched_at: datetime) -> PageItem:
        """As ``item``, of a notice that the list itself carries."""
        page = self._page(row, "application/json", row.body or "", fetched_at)
        return PageItem(row.notice_id, page, archived=False)

    def _page(self, row: Row, content_type: str, body: str, fetched_at: datetime) -> Page:
        return Page(
            portal=self.portal.name,
            url=row.url,
            fetched_at=fetched_at,
            content_type=content_type,
            body=clean(body),
            title=row.title,
            published_on=row.day,
            listed=dict(row.listed),
        )

    def settle(self, item: PageItem, result: TakeResult) -> None:
        """Called by the pipeline once the page is on disk."""
        self.tally.stored.add(item.notice_id)
        self.tally.fresh += 1
        if self._progress:
            self._progress(self.tally.fresh)
        for problem in result.problems:
            self.tally.quarantined.add(item.notice_id)
            self.tally.trouble("partial", f"{problem.url} was read only in part: {problem.reason}")
        if not result.notice_keys and not result.problems:
            self.tally.trouble("layout", f"{item.page.url}: nothing could be read on the page")

    def break_down(self, item: PageItem, error: Exception) -> None:
        """Called by the pipeline when a page could not be stored: the crawl ends in its report."""
        self.tally.broken = ("storage", f"could not store {item.page.url}: {_short(error)}")
        self.logger.error("could not store %s", item.page.url, exc_info=error)

    async def settled(self) -> None:
        """Waits until Scrapy is done with every item given to it.

        Not only for the count's sake: a crawl that ends while an item is under way is not told when it is done, and hangs.
        """
        scraper = self.crawler.engine.scraper
        while scraper.slot is not None and not scraper.slot.is_idle():
            await asyncio.sleep(0)


def _short(error: BaseException) -> str:
    text = str(error).split("\n", 1)[0].strip()
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__
