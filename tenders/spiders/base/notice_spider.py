"""Reading the notices of listed rows: requested ones that are not stored yet, or were changed since they were read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from scrapy.http import Request

from pipelines.model import Attachment
from pipelines.needed_files import needed_files
from pipelines.pages.file_links import FileLink
from tenders import portals
from tenders.archive.decoding import content_type
from tenders.attachments import attachment_of, name_in
from tenders.crawling.errors import (
    BlockedError,
    ForbiddenError,
    LimitReachedError,
    MovedError,
    PageFailedError,
    StoppedError,
    StorageFailedError,
)
from tenders.crawling.list_pages import ListRow
from tenders.crawling.list_progress import ListProgress
from tenders.crawling.outcome import Failure
from tenders.items import PageItem
from tenders.spiders.base.portal_spider import PortalSpider

_MOST_FILES = 3  # that are fetched for one notice


class NoticeSpider(PortalSpider):
    """A portal where a listed row leads to the notice.

    1. By default the notice is at the row's public address: nothing to do.
    2. If it is at another address, or needs a POST, override ``notice_request``.
    3. If it takes more than one request, override ``read_notice``.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seen_ids: set[str] = set()
        self.list_fetched_at: datetime  # of the list page in progress
        self._postponed: list[tuple[ListProgress, ListRow]] = []
        self._block: BlockedError | None = None

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for the page of a row's notice."""
        return self.page_request(row.url, "detail", row=row)

    async def read_notice(self, row: ListRow) -> PageItem:
        """Fetch the notice of a row. Raises what ``fetch`` raises."""
        return self.build_item(row, await self.fetch(self.notice_request(row)))

    def note_failure(self, progress: ListProgress, failure: Failure, text: str) -> None:
        """Report a problem. The list that has it is not complete."""
        progress.complete = False
        self.crawl_stats.add_problem(failure, text)
        self.logger.warning("%s", text)

    async def read_rows(self, progress: ListProgress, rows: Iterable[ListRow]) -> AsyncIterator[PageItem]:
        """Fetch the notices of those rows that are requested and not stored yet."""
        state, channel_name = self.session.state, progress.query.channel
        channel = state.channel(channel_name)
        stored: list[ListRow] = []
        for row in rows:
            progress.shown_ids.add(row.notice_id)
            if row.skipped:
                progress.skipped_ids.add(row.notice_id)
            requested = not row.skipped and row.is_within(self.since, self.until) and self._matches_keywords(row)
            if requested:
                progress.rows[row.notice_id] = row
                self.crawl_stats.windows.add_row(progress.query, row)
            if row.notice_id in self.seen_ids:
                continue
            self.seen_ids.add(row.notice_id)
            if not requested:
                continue
            self.crawl_stats.listed_ids.add(row.notice_id)
            suspect = row.notice_id in state.suspect_ids
            if row.notice_id in self.crawl_stats.stored_ids and not channel.is_changed(row) and not suspect:
                stored.append(row)
            elif suspect:
                self._postponed.append((progress, row))
                progress.complete = False
            else:
                item = await self._try_notice(progress, row)
                if item is not None:
                    yield item
                    stored.append(row)
                    await self._end_if_blocked()
        await self._require_stored_items()
        state.note_stored(channel_name, stored)
        state.save()

    async def read_postponed_rows(self) -> AsyncIterator[PageItem]:
        """Fetch the notices at which an earlier crawl was blocked.

        They come last, so that one odd page does not keep all others from being read.
        """
        for progress, row in self._postponed:
            item = await self._try_notice(progress, row)
            if item is not None:
                yield item
                await self._end_if_blocked()
                await self._require_stored_items()
                self.session.state.note_stored(progress.query.channel, [row])

    async def _try_notice(self, progress: ListProgress, row: ListRow) -> PageItem | None:
        """Return the item of a row; None if its page failed, which is then reported."""
        await self._require_stored_items()
        limit = self.crawl_request.limit
        if limit is not None and self.crawl_stats.fresh >= limit:
            raise LimitReachedError
        if row.body is not None:
            return self.build_item_from_list(row, self.list_fetched_at)
        suspect_ids = self.session.state.suspect_ids
        try:
            if len(row.url) > portals.LONGEST_URL:
                raise PageFailedError(f"{row.title[:80]}: listed with an address of {len(row.url):,} characters")
            if not self.portal.publishes(row.url):
                raise PageFailedError(f"{row.url}: listed, but on another host")
            item = await self.read_notice(row)
        except PageFailedError as error:
            self.crawl_stats.windows.add_failed(progress.query, row)
            self.note_failure(progress, error.failure, str(error))
            return None
        except BlockedError as block:
            suspect_ids.add(row.notice_id)
            if block.partial_item is None:
                raise
            self._block = block
            return block.partial_item
        suspect_ids.discard(row.notice_id)
        return await self._with_files(item, row)

    async def _with_files(self, item: PageItem, row: ListRow) -> PageItem:
        """Return an item with the files that its notice leaves its result to. Most notices need none.

        A file that cannot be had costs no more than itself: the notice is stored without it.
        """
        links = await self.session.ask(needed_files, item.page) or []
        allowed = [link for link in links if self.portal.offers_file(self.public_url(link.url))]
        files: list[Attachment] = []
        for link in allowed[:_MOST_FILES]:
            public = FileLink(self.public_url(link.url), link.name or name_in(link.url))
            try:
                response = await self.fetch(self.file_request(row, public))
            except (ForbiddenError, MovedError) as error:
                self.logger.info("a file of %s is left alone: %s", row.url, error)
            except BlockedError as block:
                self._block = block
                break
            except PageFailedError as error:
                if not error.gone:
                    self.crawl_stats.add_problem("partial", f"a file of {row.url} is missing: {error}")
            else:
                files.append(attachment_of(public.url, content_type(response), response.body, public.name))
        return replace(item, page=replace(item.page, attachments=tuple(files))) if files else item

    async def _end_if_blocked(self) -> None:
        """End the crawl after a block in the middle of a notice, once the part that was read is stored."""
        if self._block is not None:
            await self.wait_for_items()
            raise self._block

    async def _require_stored_items(self) -> None:
        """Wait until all items are stored.

        Raises StorageFailedError if one could not be stored, StoppedError if the reading of one was given up.
        """
        await self.wait_for_items()
        if not self.read_to_the_end:
            raise StoppedError
        if self.crawl_stats.failed:
            raise StorageFailedError

    def _matches_keywords(self, row: ListRow) -> bool:
        return self.uses_search or not self.keywords or any(word in row.title for word in self.keywords)
