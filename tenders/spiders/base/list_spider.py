"""Reading the lists of a portal: every requested notice once, whatever happens to the lists meanwhile."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy.exceptions import CloseSpider
from scrapy.http import Request, TextResponse

from pipelines.common.clock import today
from tenders.crawling.coverage import CoverageCheck, oldest_listed_time
from tenders.crawling.errors import (
    BlockedError,
    CannotStoreError,
    LimitReachedError,
    PageFailedError,
    PortalDownError,
    QueryTooBroadError,
    StoppedError,
    StorageFailedError,
    UnreadableListError,
)
from tenders.crawling.list_pages import ListPage, ListQuery, ListRow, dated_queries, is_short_of_total
from tenders.crawling.list_progress import ListProgress
from tenders.crawling.stats import Problem
from tenders.items import PageItem
from tenders.spiders.base.notice_spider import NoticeSpider

_LONG_ANSWER_ROWS = 1000
_FINAL_CHECKS = 3  # how often the tops of the lists are read again for notices that were listed meanwhile


class ListSpider(NoticeSpider):
    """A portal that shows its notices in lists: by channel, page after page, newest first or queried by date.

    1. In the descriptor ``tenders/portals/NAME.toml``, set ``channels`` and, if the portal can be queried by date,
       ``lists = "dated"``.
    2. Write ``list_request``: the request for one page of a query. Send the query's channel, its days if it has any,
       its keyword and the page number.
    3. Write ``read_list``: the rows of that page.
    4. If the notice is not at the row's public address, see ``NoticeSpider``.
    5. If a day can have too many notices for one query, override ``split_query``.
    6. If the portal can be asked which lists it has, override ``find_channels``.

    The spider reads a list page, then the notices on it, then the next page. Only one request is in progress at any
    time, so a block is the last request (docs/decisions/serial-crawl.md).
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.channels: Sequence[str] = self.portal.channels

    async def find_channels(self) -> Sequence[str]:
        """Return the lists to walk: those of the descriptor, if the portal is not asked for them."""
        return self.portal.channels

    @abstractmethod
    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` (from 1) of a query."""

    @abstractmethod
    def read_list(self, response: TextResponse, query: ListQuery) -> ListPage:
        """Return the rows of a list page. Raises UnreadableListError."""

    def split_query(self, query: ListQuery) -> list[ListQuery]:
        """Return narrower queries that together ask for the same; [] if there are none."""
        return query.halves()

    def queries(self) -> Iterator[ListQuery]:
        """Yield every query of this crawl, channel by channel, the newest days first."""
        style = self.portal.list_style(search=self.uses_search)
        for channel in self.channels:
            for word in self.keywords if self.uses_search else ("",):
                if style == "newest":
                    yield ListQuery(channel, keyword=word)
                else:
                    since, until = self.since or self.portal.first_day, self.until or today()
                    yield from dated_queries(channel, since, until, self.portal.slice_days, word)

    async def start(self) -> AsyncIterator[PageItem]:
        """Read all lists and yield their notices. However the crawl ends, its stats say why."""
        stats, state = self.crawl_stats, self.session.state
        self._open_parts: Counter[ListQuery] = Counter()
        self._coverage = CoverageCheck(self.portal, stats, state, self.since, self.until or today())
        growing: list[ListProgress] = []  # lists that may get new rows while they are read
        stopped = False
        try:
            async for item in self._read_all_queries(growing):
                yield item
            for _ in range(_FINAL_CHECKS):
                seen = len(self.seen_ids)
                for progress in growing:
                    async for item in self._read_top_again(progress):
                        yield item
                if len(self.seen_ids) == seen:
                    break
            async for item in self.read_postponed_rows():
                yield item
            self._coverage.report_empty_lists(growing)
            state.end_crawl()
        except BlockedError as block:
            stats.blocked = Problem(block.failure, str(block))
        except LimitReachedError:
            stats.limit_reached = True
        except PortalDownError as error:
            stats.failed = Problem(error.failure, str(error))
        except CannotStoreError as error:
            stats.failed = Problem("storage", str(error))
        except StorageFailedError:
            pass  # the item pipeline has reported the cause
        except StoppedError:
            stopped = True
        await self.wait_for_items()
        stats.finished = not stopped
        # Without this the engine may notice the end only at its next heartbeat, seconds later.
        raise CloseSpider("finished")

    async def _read_all_queries(self, growing: list[ListProgress]) -> AsyncIterator[PageItem]:
        stats = self.crawl_stats
        task = [*(day.isoformat() if day else None for day in (self.since, self.until)), ",".join(self.keywords)]
        answered = self.session.state.start_crawl(task, datetime.now(UTC))
        self.channels = await self.find_channels()
        queries = deque(self.queries())
        for query in queries:
            stats.windows.add_query(query)
        while queries:
            query = queries.popleft()
            if query.name in answered and not _may_grow(query):
                counts = answered[query.name]
                stats.windows.add_resumed(query, counts, complete=self._close_part(query))
                stats.resumed += sum(counts.values())
                continue
            progress = ListProgress(query)
            async for item in self._read_query(progress):
                yield item
            if progress.must_split:
                narrower = self.split_query(query)
                if narrower[0].part:
                    self._open_parts[replace(query, part="")] = len(narrower)
                queries.extendleft(reversed(narrower))
            elif _may_grow(query):
                growing.append(progress)

    async def _read_query(self, progress: ListProgress) -> AsyncIterator[PageItem]:
        for _ in range(2):
            async for item in self._read_pages(progress):
                yield item
            # Rows that moved to an earlier page meanwhile were missed. Read the list again; nothing is fetched twice.
            ended_early = (
                progress.must_split or not progress.complete or progress.covered_pages > self.portal.overlap_pages
            )
            total = progress.reported_total
            if ended_early or total is None or len(progress.shown_ids) >= total or self._is_capped(progress):
                break
        if progress.must_split:
            return
        if progress.query.dated:
            self._close_dated_query(progress)
        else:
            self._close_newest_list(progress)
        self.session.state.save()

    def _close_newest_list(self, progress: ListProgress) -> None:
        """Note what a newest-first list showed. It covers its channel if every page came."""
        self._coverage.report_gaps(progress)
        if not progress.complete:
            return
        if not self.keywords:
            self.session.state.note_covered(
                progress.query.channel,
                progress.rows.values(),
                since=self.since,
                cut_off_at=progress.cut_off_at,
                reached_covered=progress.reached_covered,
            )
        if not progress.empty:
            self._coverage.mark_complete_days(progress)

    def _close_dated_query(self, progress: ListProgress) -> None:
        """Note what a dated query showed. Its days are complete if every page came and every row was shown."""
        query, windows, total = progress.query, self.crawl_stats.windows, progress.reported_total
        if total is not None:
            if not self.portal.edge_days:
                windows.add_reported_total(query, total - len(progress.skipped_ids))
            # A portal may count no further than its cap. Then even an equal number proves nothing.
            capped, shown = self._is_capped(progress), len(progress.shown_ids)
            if progress.complete and (capped or shown < total):
                text = f"list {query.name}: the portal says it has {total}, {shown} were listed"
                self.note_failure(progress, "reach" if capped else "partial", text)
        if not progress.complete:
            windows.mark_gaps(query)
            return
        if total is not None:
            windows.mark_totals_agree(query)
        if query.since and query.until and self._close_part(query):
            windows.mark_complete(query, query.since, query.until)
        if all(notice_id in self.crawl_stats.stored_ids for notice_id in progress.rows):
            days = Counter(
                row.day for row in progress.rows.values() if row.day and row.is_within(query.since, query.until)
            )
            counts = {day.isoformat(): count for day, count in days.items()}
            self.session.state.note_answered(query.name, counts)

    def _close_part(self, query: ListQuery) -> bool:
        """Count one part of its days as read. Returns whether no other part of the same days is left."""
        all_parts = replace(query, part="")
        self._open_parts[all_parts] -= 1
        return self._open_parts[all_parts] <= 0

    def _is_capped(self, progress: ListProgress) -> bool:
        """Whether the portal has, or may have, more rows for the query than it ever shows."""
        most, total = self.portal.most_rows, progress.reported_total
        return most is not None and total is not None and total >= most

    def _should_split(self, progress: ListProgress, page: ListPage) -> bool:
        """Whether the first page of an answer says that narrower queries should be asked instead.

        The portal wants it, or would not show the rest, or the answer is so long that a stopped crawl would lose much
        work.
        """
        total, pages = progress.reported_total, page.reported_pages
        is_long = total is not None and total > _LONG_ANSWER_ROWS
        has_too_many_pages = pages is not None and pages > self.portal.most_pages
        return page.too_broad or (progress.query.dated and (is_long or has_too_many_pages or self._is_capped(progress)))

    async def _read_pages(self, progress: ListProgress) -> AsyncIterator[PageItem]:
        """Read a list from its first page to its last, or to the place that earlier crawls cover."""
        query, most_pages = progress.query, self.portal.most_pages
        number, last_page, first_page = 0, None, ListPage(())
        progress.reported_total, progress.covered_pages = None, 0
        listed_ids: set[str] = set()
        while number < (last_page or most_pages):
            number += 1
            page = await self._fetch_list_page(progress, number, last_page)
            if page is None:
                if number == 1:
                    break
                continue
            if page.reported_total is not None:
                progress.reported_total = page.reported_total
            if number == 1:
                if self._stops_at_first_page(progress, page):
                    return
                first_page = page
            last_page = self._last_page(query, first_page, page.reported_pages) or last_page
            if not page.rows:
                self._note_no_rows(progress, number, last_page)
                break
            if last_page is None and listed_ids.issuperset(row.notice_id for row in page.rows):
                break  # beyond its end the list shows its last page again
            listed_ids.update(row.notice_id for row in page.rows)
            async for item in self.read_rows(progress, page.rows):
                yield item
            if not query.dated and self._is_caught_up(progress, page):
                break
            progress.page_size = max(progress.page_size, len(page.rows))
            is_last_and_full = number >= most_pages and len(page.rows) == progress.page_size
            progress.cut_off_at = oldest_listed_time(page.rows) if is_last_and_full else None
        else:
            if query.dated and last_page is None:
                progress.must_split = bool(self.split_query(query))
                if not progress.must_split:
                    text = f"list {query.name}: more may follow after {most_pages} pages"
                    self.note_failure(progress, "reach", text)

    def _stops_at_first_page(self, progress: ListProgress, page: ListPage) -> bool:
        """Whether narrower queries must be asked instead, or should be but cannot, which is then reported."""
        if not self._should_split(progress, page):
            return False
        progress.must_split = bool(self.split_query(progress.query))
        if page.too_broad and not progress.must_split:
            text = f"list {progress.query.name}: the portal wants a narrower query, and there is none"
            self.note_failure(progress, "reach", text)
        return page.too_broad or progress.must_split

    def _last_page(self, query: ListQuery, first_page: ListPage, reported_pages: int | None) -> int | None:
        """Return the number of the last page to read; None if the portal reports no number."""
        if not reported_pages:
            return None
        last_page = reported_pages
        total, shown = first_page.reported_total, len(first_page.rows)
        if total and is_short_of_total(shown, total, self.portal.page_size):
            last_page = max(last_page, -(-total // shown))
        if query.dated:  # a list that cannot be divided is followed as far as its pager leads
            last_page = min(last_page, self.portal.most_pages)
        if query.dated and self.portal.most_rows:
            last_page = min(last_page, -(-self.portal.most_rows // self.portal.page_size))
        return last_page

    def _is_caught_up(self, progress: ListProgress, page: ListPage) -> bool:
        """Whether enough pages in a row brought nothing new, so that reading may stop."""
        if not self._coverage.is_covered(progress, page.rows):
            progress.covered_pages, progress.reached_covered = 0, False
            return False
        progress.covered_pages += 1
        return progress.covered_pages > self.portal.overlap_pages

    async def _read_top_again(self, progress: ListProgress) -> AsyncIterator[PageItem]:
        """Read a list again from the top, down to the first page that shows nothing new."""
        if progress.empty or not progress.page_size:
            return
        new_rows: list[ListRow] = []
        number = 0
        while number < self.portal.most_pages:
            number += 1
            page = await self._fetch_list_page(progress, number, None)
            if page is None or all(row.notice_id in self.seen_ids for row in page.rows):
                break
            new_rows += [row for row in page.rows if row.notice_id not in self.seen_ids]
            async for item in self.read_rows(progress, page.rows):
                yield item
            if page.reported_pages is not None and number >= page.reported_pages:
                break
        if new_rows and progress.complete and not self.keywords and not progress.query.dated:
            requested = [row for row in new_rows if row.is_within(self.since, self.until)]
            self.session.state.extend_covered(progress.query.channel, requested)
        self.session.state.save()

    async def _fetch_list_page(self, progress: ListProgress, number: int, last_page: int | None) -> ListPage | None:
        """Return one list page, empty if it is beyond the end of the list; None if it failed, which is reported."""
        query = progress.query
        try:
            response = await self.fetch(self.list_request(query.widened(self.portal.edge_days), number))
            if not isinstance(response, TextResponse):
                raise PageFailedError("not a text")
            page = self._with_public_urls(self.read_list(response, query))
        except QueryTooBroadError:
            return ListPage((), too_broad=True)
        except PageFailedError as error:
            is_beyond_the_end = number > 1 and (last_page is None or number > last_page)
            if error.gone and (is_beyond_the_end or f"channels.{query.channel}" in self.portal.unverified):
                return ListPage(())
            failure = "moved" if error.gone and number == 1 else error.failure
            self.note_failure(progress, failure, f"list {query.name}: {error}")
            return None
        except UnreadableListError as error:
            self.note_failure(progress, "layout", f"list {query.name} page {number}: {error}")
            return None
        stats = self.crawl_stats
        stats.list_pages += 1
        counts = (query.name, number, len(page.rows), len(stats.listed_ids), stats.fresh)
        self.logger.info("%s page %d: %d rows; so far %d listed, %d read", *counts)
        self.list_fetched_at = response.meta["fetched_at"]
        return page

    def _with_public_urls(self, page: ListPage) -> ListPage:
        """Replace a mirror's addresses, to which its lists may link, by the portal's own."""
        return replace(page, rows=tuple(replace(row, url=self.public_url(row.url)) for row in page.rows))

    def _note_no_rows(self, progress: ListProgress, number: int, last_page: int | None) -> None:
        if number == 1:
            progress.empty = True
        elif last_page is not None and number <= last_page:
            text = f"list {progress.query.name} page {number} of {last_page} shows no rows"
            self.note_failure(progress, "partial", text)


def _may_grow(query: ListQuery) -> bool:
    """Whether new notices may be listed while the query is read."""
    return query.until is None or query.until >= today()
