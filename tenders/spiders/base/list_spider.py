"""Walking the lists of a portal: every notice of the window once, whatever the list does meanwhile, and nothing twice."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from scrapy.exceptions import CloseSpider
from scrapy.http import Request, TextResponse

from pipelines.common.clock import SHANGHAI
from tenders.crawling.coverage import WalkJudge
from tenders.crawling.desk import CannotStoreError
from tenders.crawling.errors import BlockedError, PageFailedError, PortalDownError, StoppedError, TooManyError
from tenders.crawling.list_pages import Listing, ListPage, NoListError, Row, slices
from tenders.items import PageItem
from tenders.spiders.base.notice_spider import LimitReachedError, NoticeSpider, StoreBrokenError, Walk

_LONG_ANSWER = 1000  # rows
_SWEEPS = 3  # how often the heads of the lists are read again for rows pushed on meanwhile


class ListSpider(NoticeSpider):
    """Reads question after question: a list page, then the notices it shows, then the next page.

    One request is under way at a time, so a block is the last thing sent. A family says how its lists and notices are asked
    for and read; the descriptor says whether the lists are asked for days.
    """

    @abstractmethod
    def list_request(self, listing: Listing, number: int) -> Request:
        """The request for page ``number`` (from 1) of a question."""

    @abstractmethod
    def read_list(self, response: TextResponse, listing: Listing) -> ListPage:
        """The rows of a list page. Raises NoListError where they cannot be read."""

    def narrower(self, listing: Listing) -> list[Listing]:
        """Questions that together ask the same, where the portal shows only a part of the answer; none where there are none."""
        return listing.halves()

    def listings(self) -> Iterator[Listing]:
        """Every question of this crawl, channel by channel, the newest days first."""
        style = self.portal.search_lists if self.searches else self.portal.lists
        for channel in self.portal.channels:
            for word in self.keywords if self.searches else ("",):
                if style == "newest":
                    yield Listing(channel, keyword=word)
                else:
                    since, until = self.since or self.portal.first_day, self.until or self._today()
                    yield from slices(channel, since, until, self.portal.slice_days, word)

    async def start(self) -> AsyncIterator[PageItem]:
        self._parts: Counter[Listing] = Counter()
        self._judge = WalkJudge(self.portal, self.tally, self.desk.ledger, self.since, self.until or self._today())
        walks: list[Walk] = []  # those whose lists may grow while they are read
        stopped = False
        try:
            async for item in self._walk_all(walks):
                yield item
            for _ in range(_SWEEPS):
                before = len(self.seen)
                for walk in walks:
                    async for item in self._sweep(walk):
                        yield item
                if len(self.seen) == before:
                    break
            async for item in self._read_postponed():
                yield item
            self._judge.emptiness(walks)
            self.desk.ledger.finish()
        except BlockedError as block:
            self.tally.blocked = (block.kind, str(block))
        except LimitReachedError:
            self.tally.limited = True
        except PortalDownError as trouble:
            self.tally.broken = (trouble.kind, str(trouble))
        except CannotStoreError as trouble:
            self.tally.broken = ("storage", str(trouble))
        except StoreBrokenError:
            pass  # the pipeline has said why
        except StoppedError:
            stopped = True
        await self.settled()
        self.tally.finished = not stopped
        # Said aloud, or the engine may notice only at its next heartbeat, seconds later.
        raise CloseSpider("finished")

    async def _walk_all(self, walks: list[Walk]) -> AsyncIterator[PageItem]:
        task = [*(day.isoformat() if day else None for day in (self.since, self.until)), ",".join(self.keywords)]
        done = self.desk.ledger.begin(task, datetime.now(UTC))
        questions = deque(self.listings())
        for listing in questions:
            self.tally.book.open(listing)
        while questions:
            listing = questions.popleft()
            if listing.name in done and not self._may_grow(listing):
                self.tally.book.recall(listing, done[listing.name], whole=self._last_part(listing))
                self.tally.recalled += sum(done[listing.name].values())
                continue
            walk = Walk(listing)
            async for item in self._walk(walk):
                yield item
            if walk.too_many:
                parts = self.narrower(listing)
                if parts[0].part:
                    self._parts[replace(listing, part="")] = len(parts)
                questions.extendleft(reversed(parts))
            elif self._may_grow(listing):
                walks.append(walk)

    def _may_grow(self, listing: Listing) -> bool:
        return listing.until is None or listing.until >= self._today()

    async def _walk(self, walk: Walk) -> AsyncIterator[PageItem]:
        for _ in range(2):
            async for item in self._pages(walk):
                yield item
            # Rows that moved to an earlier page meanwhile were missed: once more, fetching nothing twice.
            early = walk.too_many or not walk.whole or walk.idle > self.portal.overlap_pages
            if early or walk.total is None or len(walk.shown) >= walk.total or self._at_cap(walk):
                break
        if walk.too_many:
            return
        if walk.listing.dated:
            self._close_dated(walk)
        else:
            self._judge.reach(walk)
            if walk.whole:
                if not self.keywords:
                    rows, cover = walk.rows.values(), self.desk.ledger.cover
                    cover(
                        walk.listing.channel, rows, since=self.since, short_of=walk.short_of, connected=walk.connected
                    )
                if not walk.empty:
                    self._judge.days(walk)
        self.desk.ledger.save()

    def _close_dated(self, walk: Walk) -> None:
        """A question about days has been asked: its days are known in whole if every page came and every row was shown."""
        listing, book = walk.listing, self.tally.book
        if walk.total is not None:
            if not self.portal.edge_days:
                book.said(listing, walk.total - len(walk.aside))
            # At its cap a portal may count no further: then even an equal number proves nothing.
            if walk.whole and (self._at_cap(walk) or len(walk.shown) < walk.total):
                shown = f"the portal says it has {walk.total}, {len(walk.shown)} were listed"
                self._fail(walk, "reach" if self._at_cap(walk) else "partial", f"list {listing.name}: {shown}")
        if not walk.whole:
            book.short(listing)
            return
        if walk.total is not None:
            book.agreed(listing)
        if listing.since and listing.until and self._last_part(listing):
            book.whole(listing, listing.since, listing.until)
        if all(row_id in self.tally.stored for row_id in walk.rows):
            days = Counter(
                row.day for row in walk.rows.values() if row.day and row.within(listing.since, listing.until)
            )
            self.desk.ledger.answered(listing.name, {day.isoformat(): count for day, count in days.items()})

    def _last_part(self, listing: Listing) -> bool:
        """Whether no other part of the same days is still to be asked."""
        whole = replace(listing, part="")
        self._parts[whole] -= 1
        return self._parts[whole] <= 0

    def _at_cap(self, walk: Walk) -> bool:
        most = self.portal.most_rows
        return most is not None and walk.total is not None and walk.total >= most

    def _divides(self, walk: Walk, page: ListPage) -> bool:
        """Whether the first page of an answer says that narrower questions should be asked: the portal wants it, it would not
        show the rest, or so much is listed that a stopped crawl would begin again far behind."""
        long = walk.total is not None and walk.total > _LONG_ANSWER
        over = page.pages is not None and page.pages > self.portal.most_pages
        return page.too_many or (walk.listing.dated and (long or over or self._at_cap(walk)))

    async def _pages(self, walk: Walk) -> AsyncIterator[PageItem]:
        full, listing = self.portal.most_pages, walk.listing
        number, said, least = 0, None, 0  # said: how many pages the portal says the list has
        walk.total, walk.idle = None, 0
        before: set[str] = set()
        while number < (said or full):
            number += 1
            page = await self._list(walk, number, said)
            if page is None:
                if number == 1:
                    break
                continue
            walk.total = page.total if page.total is not None else walk.total
            if number == 1 and self._divides(walk, page):
                walk.too_many = bool(self.narrower(listing))
                if walk.too_many:
                    return
                if page.too_many:
                    self._fail(
                        walk, "reach", f"list {listing.name}: the portal wants a narrower question, and there is none"
                    )
                    return
            if number == 1 and page.total and 0 < len(page.rows) <= self.portal.page_size * 3 // 4:
                least = -(-page.total // len(page.rows))  # it shows fewer rows a page than were asked for
            said = min(max(page.pages, least), full) if page.pages else said
            if listing.dated and self.portal.most_rows and said:
                said = min(said, -(-self.portal.most_rows // self.portal.page_size))
            if not page.rows:
                self._no_rows(walk, number, said)
                break
            if said is None and before.issuperset(row.notice_id for row in page.rows):
                break  # beyond its end the list shows its last page again
            before.update(row.notice_id for row in page.rows)
            async for item in self._read(walk, page.rows):
                yield item
            if not listing.dated:
                if self._judge.nothing_new(walk, page.rows):
                    walk.idle += 1
                    if walk.idle > self.portal.overlap_pages:
                        break
                else:
                    walk.idle, walk.connected = 0, False
            walk.page_size = max(walk.page_size, len(page.rows))
            full_page = number >= full and len(page.rows) == walk.page_size
            walk.short_of = self._judge.oldest(page.rows) if full_page else None
        else:
            if listing.dated and said is None:
                walk.too_many = bool(self.narrower(listing))
                if not walk.too_many:
                    self._fail(walk, "reach", f"list {listing.name}: more may follow after {full} pages")

    async def _sweep(self, walk: Walk) -> AsyncIterator[PageItem]:
        """Reads a list's head again, down to the first page that shows nothing new."""
        if walk.empty or not walk.page_size:
            return
        newer: list[Row] = []
        number = 0
        while number < self.portal.most_pages:
            number += 1
            page = await self._list(walk, number, None)
            if page is None or all(row.notice_id in self.seen for row in page.rows):
                break
            newer += [row for row in page.rows if row.notice_id not in self.seen]
            async for item in self._read(walk, page.rows):
                yield item
            if page.pages is not None and number >= page.pages:
                break
        if newer and walk.whole and not self.keywords and not walk.listing.dated:
            self.desk.ledger.extend(walk.listing.channel, [row for row in newer if row.within(self.since, self.until)])
        self.desk.ledger.save()

    async def _list(self, walk: Walk, number: int, said: int | None) -> ListPage | None:
        """One list page, without rows beyond the end of the list; None where it failed, which is then in the tally."""
        listing = walk.listing
        try:
            response = await self.fetch(self.list_request(listing.wider(self.portal.edge_days), number))
            if not isinstance(response, TextResponse):
                raise PageFailedError("not a text")
            page = self._public(self.read_list(response, listing))
        except TooManyError:
            return ListPage((), too_many=True)
        except PageFailedError as failure:
            if failure.gone and number > 1 and (said is None or number > said):
                return ListPage(())
            self._fail(
                walk, "moved" if failure.gone and number == 1 else failure.kind, f"list {listing.name}: {failure}"
            )
            return None
        except NoListError as trouble:
            self._fail(walk, "layout", f"list {listing.name} page {number}: {trouble}")
            return None
        self.tally.lists_read += 1
        told = (listing.name, number, len(page.rows), len(self.tally.listed), self.tally.fresh)
        self.logger.info("%s page %d: %d rows; so far %d listed, %d read", *told)
        self.list_seen_at = response.meta["fetched_at"]
        return page

    def _public(self, page: ListPage) -> ListPage:
        """A mirror's list may link to the mirror; what is stored is the portal's own address."""
        return replace(page, rows=tuple(replace(row, url=self.public_url(row.url)) for row in page.rows))

    def _no_rows(self, walk: Walk, number: int, said: int | None) -> None:
        if number == 1:
            walk.empty = True
        elif said is not None and number <= said:
            self._fail(walk, "partial", f"list {walk.listing.name} page {number} of {said} shows no rows")

    @staticmethod
    def _today() -> date:
        return datetime.now(SHANGHAI).date()
