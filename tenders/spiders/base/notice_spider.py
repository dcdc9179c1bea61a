"""Reading the notices of listed rows: those that are wanted, not stored yet, or listed otherwise than when they were read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request

from tenders.crawling.errors import BlockedError, PageFailedError
from tenders.crawling.list_pages import Listing, Row
from tenders.crawling.outcome import Failure
from tenders.items import PageItem
from tenders.spiders.base.portal_spider import PortalSpider


class LimitReachedError(Exception):
    """As many pages were read as were asked for, and one more is wanted."""


class StoreBrokenError(Exception):
    """The pipeline could not store a page."""


@dataclass(slots=True)
class Walk:
    """One question, from its first page to its last. ``rows`` are those of the window, in the order seen, ``shown`` the ids of
    all, ``aside`` of those that are not read at all; ``whole`` until a page fails. ``connected``: it stopped at rows that an
    earlier walk covers."""

    listing: Listing
    rows: dict[str, Row] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    whole: bool = True
    idle: int = 0
    connected: bool = False
    short_of: str | None = None
    empty: bool = False
    page_size: int = 0
    total: int | None = None
    too_many: bool = False


class NoticeSpider(PortalSpider):
    """From rows to items. A family overrides ``notice_request``, or ``read_notice`` where one request is not enough."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seen: set[str] = set()
        self.list_seen_at: datetime  # when the list page under way was fetched
        self._postponed: list[tuple[Walk, Row]] = []
        self._block: BlockedError | None = None

    async def read_notice(self, row: Row) -> PageItem:
        """The notice of a row; a family whose notices take more than one request overrides it.

        Raises what ``fetch`` raises.
        """
        return self.item(row, await self.fetch(self.notice_request(row)))

    def notice_request(self, row: Row) -> Request:
        """The request for the page of a row's notice."""
        return self.request(row.url, "detail", row=row)

    def _fail(self, walk: Walk, kind: Failure, what: str) -> None:
        walk.whole = False
        self.tally.trouble(kind, what)
        self.logger.warning("%s", what)

    async def _read(self, walk: Walk, rows: Iterable[Row]) -> AsyncIterator[PageItem]:
        """Fetches the notices of those rows that are wanted and not stored yet."""
        ledger, channel_name = self.desk.ledger, walk.listing.channel
        channel = ledger.channel(channel_name)
        done: list[Row] = []
        for row in rows:
            walk.shown.add(row.notice_id)
            if row.aside:
                walk.aside.add(row.notice_id)
            wanted = not row.aside and row.within(self.since, self.until) and self._about(row)
            if wanted:
                walk.rows[row.notice_id] = row
                self.tally.book.saw(walk.listing, row)
            if row.notice_id in self.seen:
                continue
            self.seen.add(row.notice_id)
            if not wanted:
                continue
            self.tally.listed.add(row.notice_id)
            suspect = row.notice_id in ledger.suspects
            if row.notice_id in self.tally.stored and not channel.changed(row) and not suspect:
                done.append(row)
            elif suspect:
                self._postponed.append((walk, row))
                walk.whole = False
            else:
                item = await self._detail(walk, row)
                if item is not None:
                    yield item
                    done.append(row)
                    await self._end_if_blocked()
        await self.settled()
        if self.tally.broken:
            raise StoreBrokenError
        ledger.remember(channel_name, done)
        ledger.save()

    async def _detail(self, walk: Walk, row: Row) -> PageItem | None:
        await self.settled()
        if self.tally.broken:
            raise StoreBrokenError
        if self.limit is not None and self.tally.fresh >= self.limit:
            raise LimitReachedError
        if row.body is not None:
            return self.item_in_list(row, self.list_seen_at)
        host = urlsplit(row.url).hostname
        try:
            if host not in self.portal.hosts:
                raise PageFailedError(f"{row.url}: listed, but on another host, {host}")
            item = await self.read_notice(row)
        except PageFailedError as failure:
            self.tally.book.missed(walk.listing, row)
            self._fail(walk, failure.kind, str(failure))
            return None
        except BlockedError as block:
            self.desk.ledger.suspects.add(row.notice_id)
            if block.read is None:
                raise
            self._block = block
            return block.read
        self.desk.ledger.suspects.discard(row.notice_id)
        return item

    async def _end_if_blocked(self) -> None:
        """A block met half-way through a notice ends the crawl once what came of the notice is stored."""
        if self._block is not None:
            await self.settled()
            raise self._block

    async def _read_postponed(self) -> AsyncIterator[PageItem]:
        """Pages at which an earlier crawl met a block come last, so that one odd page cannot keep all others away."""
        for walk, row in self._postponed:
            item = await self._detail(walk, row)
            if item is not None:
                yield item
                await self._end_if_blocked()
                await self.settled()
                self.desk.ledger.remember(walk.listing.channel, [row])

    def _about(self, row: Row) -> bool:
        return self.searches or not self.keywords or any(word in row.title for word in self.keywords)
