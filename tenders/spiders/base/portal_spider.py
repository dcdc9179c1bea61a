"""What every spider shares: its arguments, its manners towards the portal, and one way to fetch a page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode, urlsplit, urlunsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Request, Response

from pipelines.model import Page
from pipelines.pages.attached_files import MOST_FILE_BYTES
from pipelines.pages.file_links import FileLink
from tenders import portals
from tenders.archive.decoding import PDF, clean, content_type, decode_page, response_text
from tenders.archive.records import PageRole
from tenders.crawling.errors import (
    BlockedError,
    CannotStoreError,
    ForbiddenError,
    LayoutError,
    PageFailedError,
    PortalDownError,
    QueryTooBroadError,
    StoppedError,
    TooLargeError,
)
from tenders.crawling.list_pages import ListRow
from tenders.crawling.request import CrawlRequest
from tenders.crawling.session import CrawlSession, StoredPage
from tenders.crawling.stats import CrawlStats, Problem
from tenders.crawling.windows import CrawlWindows
from tenders.items import PageItem
from tenders.portals.response_checks import Check, check, check_file, is_truncated

# HTTP statuses that mean "not you" or "not now". 429 too: it is a request to stop, and to wait would be a workaround.
# 416 too: firewalls send it, although no request here asks for a part of a page.
BLOCK_STATUSES = frozenset({401, 403, 405, 407, 412, 416, 418, 429, 451})
_MOST_FAILED_PAGES = 5  # in a row; then the portal counts as down
_PDF_END_BYTES = 2048  # a complete PDF file has its end mark in the last so many bytes

# Settings for a loopback origin: there is no portal to spare, and a test should not wait. TENDERS_MANNERS=1 keeps the
# manners there too.
_HASTY_SETTINGS = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
    "RETRY_BACKOFF_SECONDS": 0.05,
}


class PortalSpider(scrapy.Spider):
    """The base of all spiders. It knows how to fetch one page of a portal, but not which pages there are.

    A portal is described by ``tenders/portals/NAME.toml``. This class takes from it the address, the manners (delay,
    headers, cookies, TLS) and what a good answer must hold.

    1. Do not inherit from this class directly. Choose ``HtmlListSpider`` if the portal's lists are HTML pages,
       ``JsonListSpider`` if they are JSON, and ``ListSpider`` for anything else.
    2. Make requests with ``page_request`` and fetch them with ``fetch``. ``fetch`` archives the answer, checks it and
       raises an error from ``tenders.crawling.errors`` if it is not the requested page.
    3. Make items with ``build_item``.

    Arguments, all optional, as values or as texts (``scrapy crawl ccgp -a since=2026-07-01``): ``since`` and
    ``until`` (days, both included), ``keyword`` (one or several, separated by commas), ``limit`` (read at most so
    many notices), ``origin`` (send requests to this scheme://host:port instead). ``progress`` is for callers in this
    process: it is called with the running counts after each answer and after each notice that was stored.
    """

    further_attempts = 3  # for a page that came truncated, or with a passing error inside HTTP 200

    def __init__(
        self,
        *,
        since: date | str | None = None,
        until: date | str | None = None,
        keyword: Iterable[str] | str | None = None,
        limit: int | str | None = None,
        origin: str | None = None,
        progress: Callable[[CrawlStats], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.portal = portals.load(self.name)
        self.crawl_request = CrawlRequest.from_arguments(
            self.name, since=since, until=until, keyword=keyword, limit=limit, origin=origin
        )
        self.since, self.until = self.crawl_request.since, self.crawl_request.until
        self.keywords = self.crawl_request.keywords
        self.origin = self.crawl_request.origin_parts
        title_keywords = "" if self.uses_search else ",".join(self.keywords)
        self.crawl_stats = CrawlStats(self.name, self.since, self.until, windows=CrawlWindows(title_keywords))
        self.session: CrawlSession
        self.stop_requested = False
        self.read_to_the_end = True  # whether the reading of no page was given up because the crawl was to end
        self._nothing_in_progress = asyncio.Event()
        self._nothing_in_progress.set()
        self._progress = progress
        self._failed_in_a_row = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make a spider, with the settings that the portal or the origin needs, and open its session."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        is_loopback = spider.crawl_request.is_loopback
        if is_loopback:  # a proxy's loopback is another machine
            settings.set("HTTPPROXY_ENABLED", False, priority="spider")
        if is_loopback and not settings.getbool("TENDERS_MANNERS"):
            for name, value in _HASTY_SETTINGS.items():
                settings.set(name, value, priority="spider")
        else:
            delay = max(spider.portal.delay_seconds, settings.getfloat("DOWNLOAD_DELAY"))
            settings.set("DOWNLOAD_DELAY", delay, priority="spider")
        settings.set("COOKIES_ENABLED", spider.portal.cookies, priority="spider")
        if not spider.portal.verify_certificate:
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")
        if spider.portal.legacy_tls:
            handlers = {**settings.getdict("DOWNLOAD_HANDLERS"), "https": "tenders.handlers.LegacyTlsDownloadHandler"}
            settings.set("DOWNLOAD_HANDLERS", handlers, priority="spider")
        folder = Path(settings["TENDERS_DATA"])
        spider.session = CrawlSession(
            folder, spider.portal.name, spider.requested_hosts, stopping=lambda: spider.is_stopping
        )
        spider.crawl_stats.stored_ids = spider.session.stored_ids()
        return spider

    @property
    def uses_search(self) -> bool:
        """Whether the portal's own search is queried, once per keyword. If not, keywords choose among titles."""
        return bool(self.keywords) and self.portal.keyword == "search"

    @property
    def is_stopping(self) -> bool:
        """Whether a person or the system wants the crawl to end."""
        return self.stop_requested or not self.crawler.crawling

    @property
    def requested_hosts(self) -> tuple[str, ...]:
        """The hosts (with their ports, if any) that requests go to."""
        return (self.origin[1],) if self.origin else self.portal.requested_hosts

    def closed(self, reason: str) -> None:
        """Save the state and close the session. Scrapy calls this at the end of the crawl, however it ended."""
        self._count_requests()
        for name, value in self.crawl_stats.counters().items():
            self.crawler.stats.set_value(name, value)
        self.session.state.save()
        self.session.close()

    def live_url(self, public_url: str) -> str:
        """Return the address to request for this public address: at the portal, or at the given origin."""
        if self.origin is None:
            return public_url
        scheme, host = self.origin
        return urlunsplit(urlsplit(public_url)._replace(scheme=scheme, netloc=host))

    def public_url(self, url: str) -> str:
        """Return the address that readers of the portal know. Only this one is ever stored."""
        parts = urlsplit(url)
        if self.origin is not None and parts.netloc == self.origin[1]:
            home = urlsplit(self.portal.origin)
            parts = parts._replace(scheme=home.scheme, netloc=home.netloc)
        return urlunsplit(parts)

    def check_response(self, request: Request, response: Response) -> Check:
        """Return whether this answer, although it came with HTTP 200, is the page that was requested."""
        meta, body = request.meta["archive"], response.body
        if meta["page"] == "attachment":
            return check_file(body)
        if body.startswith(b"%PDF") and meta["page"] != "list":
            verdict, truncated = Check("ok"), b"%%EOF" not in body[-_PDF_END_BYTES:]
        else:
            text = response_text(response)
            if text is None:
                return Check("layout", f"not a text but {content_type(response)}")
            verdict = check(self.portal, request.meta["checked_as"], text, meta["title"])
            truncated = is_truncated(text)
        # Some sites never send </html>. Accept such a page once two answers have the same length.
        if verdict.kind == "ok" and truncated and request.meta.get("truncated_bytes") != len(body):
            return Check("again", "the page is cut short")
        return verdict

    async def archive_role(self, request: Request, response: Response) -> PageRole:
        """Return as what the archive keeps this answer.

        Block pages and truncated pages are kept as evidence, but as a ``list``, so that no rebuild takes them for a
        notice. So are pages that came instead of a file.
        """
        role: PageRole = request.meta["archive"]["page"]
        if role == "list":
            return role
        kind = self.check_response(request, response).kind
        is_refused = kind in ("blocked", "again") or (role == "attachment" and kind != "ok")
        return "list" if is_refused else role

    async def fetch(self, request: Request) -> Response:
        """Return the portal's answer, archived and checked. HTTP 200 alone is not success.

        Raises BlockedError, PageFailedError, QueryTooBroadError, PortalDownError or StoppedError.
        """
        if self.stop_requested:
            raise StoppedError
        try:
            response = await self._fetch_checked(request)
        except PageFailedError as error:
            self._failed_in_a_row = 0 if error.gone else self._failed_in_a_row + 1
            if self._failed_in_a_row >= _MOST_FAILED_PAGES:
                message = f"{_MOST_FAILED_PAGES} pages in a row failed, the last: {error}"
                raise PortalDownError(message, "layout" if error.failure == "layout" else "timeout") from error
            raise
        self._failed_in_a_row = 0
        return response

    async def _fetch_checked(self, request: Request) -> Response:
        path = urlsplit(request.url).path
        for attempt in range(self.further_attempts + 1):
            response = await self._download(request, path)
            verdict = self.check_response(request, response)
            if verdict.kind == "ok":
                return response
            if verdict.kind == "blocked":
                raise BlockedError(f"{path}: {verdict.reason}")
            if verdict.kind == "layout":
                raise LayoutError(f"{path}: {verdict.reason}")
            if verdict.kind == "narrow":
                raise QueryTooBroadError(verdict.reason)
            await asyncio.sleep(self.crawler.settings.getfloat("RETRY_BACKOFF_SECONDS") * 2.0**attempt)
            request = request.replace(meta={**request.meta, "truncated_bytes": len(response.body)})
        raise PageFailedError(f"{path}: {verdict.reason}")

    async def _download(self, request: Request, path: str) -> Response:
        """Return an HTTP 200 answer from the requested host."""
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except IgnoreRequest as error:
            raise ForbiddenError(f"robots.txt or the redirect limit forbids {path}") from error
        except (BlockedError, CannotStoreError, StoppedError, PageFailedError):
            raise
        except DownloadCancelledError as error:
            raise TooLargeError(path) from error
        except Exception as error:
            raise PageFailedError(f"{path}: {_short_text(error)}") from error
        finally:
            self._count_requests()
            self._report_progress()
        if response.status in BLOCK_STATUSES:
            raise BlockedError(f"HTTP {response.status} at {path}")
        if response.status != 200:
            raise PageFailedError(f"{path}: HTTP {response.status}", gone=response.status in (404, 410))
        return response

    def page_request(
        self,
        address: str,
        role: PageRole,
        *,
        row: ListRow | None = None,
        form: Mapping[str, str | Sequence[str]] | None = None,
        data: Any = None,
        checked_as: str | None = None,
    ) -> Request:
        """Return the request for one page, with what the archive must know about it.

        ``address``: the portal's own address. ``role``: ``detail`` for the page of a notice, ``part`` for a part of
        it (both with its ``row``), ``list`` for any other page. With ``form``, or with ``data`` to be sent as JSON,
        the request is a POST. A field of the form may have several values. ``checked_as``: the name under which the
        descriptor says what the answer must hold, if it is not ``role``.
        """
        meta: dict[str, Any] = {"page": role, "url": row.url if row else address, "title": None, "day": None}
        if row:
            meta |= {"title": row.title, "day": row.day, "listed": dict(row.listed)}
        headers, body = dict(self.portal.headers), b""
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
            body = urlencode(form, doseq=True).encode()
        elif data is not None:
            headers["Content-Type"] = "application/json;charset=UTF-8"
            body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        return Request(
            self.live_url(address),
            method="GET" if form is None and data is None else "POST",
            headers=headers,
            body=body,
            meta={"archive": meta, "checked_as": checked_as or role},
            dont_filter=True,
        )

    def file_request(self, row: ListRow, link: FileLink) -> Request:
        """Return the request for a file of a row's notice."""
        request = self.page_request(link.url, "attachment", row=row)
        request.meta["archive"]["attachment"] = link._asdict()
        request.meta["download_maxsize"] = MOST_FILE_BYTES
        return request

    def build_item(self, row: ListRow, response: Response, parts: Iterable[Response] = ()) -> PageItem:
        """Return the item of a notice whose answer is archived.

        ``parts``: the notice's other files, in the order in which they were archived.
        """
        # Decoded as the archive's reader decodes it, so that a rebuild gives the same page.
        kind, text = decode_page(content_type(response), response.body, pdf=True) or ("text/html", response.text)
        if kind == PDF:
            files = [decode_page(None, part.body, pdf=True) for part in parts]
            text = "\n".join([*(file[1] for file in files if file), text])
        return PageItem(row.notice_id, self._build_page(row, kind, text, response.meta["fetched_at"]))

    def build_item_from_list(self, row: ListRow, fetched_at: datetime) -> PageItem:
        """Return the item of a notice that the list itself carries, which the archive does not have as a page."""
        page = self._build_page(row, "application/json", row.body or "", fetched_at)
        return PageItem(row.notice_id, page, archived=False)

    def _build_page(self, row: ListRow, content_type: str, body: str, fetched_at: datetime) -> Page:
        return portals.page_of(
            self.portal.name,
            row.url,
            fetched_at,
            content_type,
            clean(body),
            title=row.title,
            published_on=row.day,
            listed=dict(row.listed),
        )

    async def store(self, item: PageItem) -> None:
        """Store a page and count it. The item pipeline calls this. A failure ends the crawl and is in its report."""
        self._nothing_in_progress.clear()
        try:
            self._note_stored(item, await self.session.store(item.page, archived=item.archived))
        except StoppedError:
            self.read_to_the_end = False
        except Exception as error:  # such as a full disk
            text = f"could not store {item.page.url}: {_short_text(error)}"
            self.crawl_stats.failed = Problem("storage", text)
            self.logger.error("could not store %s", item.page.url, exc_info=error)
        finally:
            self._nothing_in_progress.set()

    def _note_stored(self, item: PageItem, result: StoredPage) -> None:
        stats = self.crawl_stats
        if result.problems:
            stats.quarantined_ids.add(item.notice_id)
        if not result.notice_keys:
            # What came is no notice. The next crawl asks for it again.
            reasons = [problem.reason for problem in result.problems] or ["nothing could be read on the page"]
            stats.add_problem("layout", f"{item.page.url}: {reasons[0]}")
            return
        stats.stored_ids.add(item.notice_id)
        stats.fresh += 1
        self._report_progress()
        for problem in result.problems:
            stats.add_problem("partial", f"{problem.url} was read only in part: {problem.reason}")

    def _count_requests(self) -> None:
        # Scrapy's own count has robots.txt and repeated requests too.
        self.crawl_stats.requests = self.crawler.stats.get_value("downloader/request_count", 0)

    def _report_progress(self) -> None:
        if self._progress:
            self._progress(self.crawl_stats)

    async def wait_for_items(self) -> None:
        """Wait until Scrapy has processed every item.

        Not only for the counts: a crawl that ends while an item is in progress gets no signal of its end, and hangs.
        """
        scraper = self.crawler.engine.scraper
        while scraper.slot is not None and not scraper.slot.is_idle():
            await self._nothing_in_progress.wait()
            await asyncio.sleep(0)


def _short_text(error: BaseException) -> str:
    text = str(error).split("\n", 1)[0].strip()
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__
