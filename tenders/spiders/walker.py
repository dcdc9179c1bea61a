"""Walking the lists of a portal: every notice of the window once, whatever the list does meanwhile, and nothing twice."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from scrapy.exceptions import CloseSpider
from scrapy.http import Request

from tenders.desk import CannotStoreError
from tenders.items import PageItem
from tenders.spiders.base import BlockedError, PageFailedError, PortalDownError, PortalSpider, StoppedError
from tenders.spiders.lists import ListPage, NoListError, Row

_SWEEPS = 3  # how often the heads of the lists are read again for rows pushed on meanwhile
_MOST_PAGES = 1000  # whatever a page says of its own number


class _LimitReachedError(Exception):
    """As many pages were read as were asked for, and one more is wanted."""


class _StoreBrokenError(Exception):
    """The pipeline could not store a page."""


@dataclass(slots=True)
class _Walk:
    """One channel, from the top down. ``rows`` are those of the window, in the order seen; ``whole`` until a page fails."""

    channel: str
    rows: dict[str, Row] = field(default_factory=dict)
    whole: bool = True
    idle: int = 0
    connected: bool = False
    short_of: str | None = None
    empty: bool = False
    page_size: int = 0


class ListSpider(PortalSpider):
    """Reads channel after channel: a list page, then the notices it shows, then the next page.

    One request is under way at a time, so a block is the last thing sent. A family says how its lists are asked for and read.
    """

    @abstractmethod
    def list_request(self, channel: str, number: int) -> Request:
        """The request for page ``number`` (from 1) of a channel."""

    @abstractmethod
    def read_list(self, text: str, public_url: str) -> ListPage:
        """The rows of a list page that stands at this address. Raises NoListError where they cannot be read."""

    async def start(self) -> AsyncIterator[PageItem]:
        self.seen: set[str] = set()
        self._postponed: list[tuple[_Walk, Row]] = []
        walks = [_Walk(channel) for channel in self.portal.channels]
        stopped = False
        try:
            for walk in walks:
                async for item in self._walk(walk):
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
            self._judge_emptiness(walks)
        except BlockedError as block:
            self.tally.blocked = str(block)
        except _LimitReachedError:
            self.tally.limited = True
        except (PortalDownError, CannotStoreError) as trouble:
            self.tally.broken = str(trouble)
        except _StoreBrokenError:
            pass  # the pipeline has said why
        except StoppedError:
            stopped = True
        await self.settled()
        self.tally.finished = not stopped
        # Said aloud, or the engine may notice only at its next heartbeat, seconds later.
        raise CloseSpider("finished")

    async def _walk(self, walk: _Walk) -> AsyncIterator[PageItem]:
        overlap = int(self.portal.options.get("overlap_pages", 0))
        full = int(self.portal.options.get("pages", _MOST_PAGES))
        number, said = 0, None  # said: how many pages the portal says the list has
        while number < (said or full):
            number += 1
            page = await self._list(walk, number, said)
            if page is None:
                if number == 1:
                    break
                continue
            said = min(page.pages, _MOST_PAGES) if page.pages else said
            if not page.rows:
                self._no_rows(walk, number, said)
                break
            async for item in self._read(walk, page.rows):
                yield item
            if self._nothing_new(walk, page.rows):
                walk.idle += 1
                if walk.idle > overlap:
                    break
            else:
                walk.idle, walk.connected = 0, False
            walk.page_size = max(walk.page_size, len(page.rows))
            walk.short_of = _oldest(page.rows) if number >= full and len(page.rows) == walk.page_size else None
        self._judge_reach(walk)
        if walk.whole and not self.keywords:
            self.desk.ledger.cover(
                walk.channel, walk.rows.values(), since=self.since, short_of=walk.short_of, connected=walk.connected
            )
        self.desk.ledger.save()

    async def _sweep(self, walk: _Walk) -> AsyncIterator[PageItem]:
        """Reads a list's head again, down to the first page that shows nothing new."""
        if walk.empty or not walk.page_size:
            return
        newer: list[Row] = []
        number = 0
        while number < _MOST_PAGES:
            number += 1
            page = await self._list(walk, number, None)
            if page is None or all(row.notice_id in self.seen for row in page.rows):
                break
            newer += [row for row in page.rows if row.notice_id not in self.seen]
            async for item in self._read(walk, page.rows):
                yield item
            if page.pages is not None and number >= page.pages:
                break
        if newer and walk.whole and not self.keywords:
            self.desk.ledger.extend(walk.channel, [row for row in newer if row.within(self.since, self.until)])
            self.desk.ledger.save()

    async def _list(self, walk: _Walk, number: int, said: int | None) -> ListPage | None:
        """One list page, without rows beyond the end of the list; None where it failed, which is then in the tally."""
        request = self.list_request(walk.channel, number)
        try:
            response = await self.fetch(request)
            page = self._public(self.read_list(response.text, request.meta["archive"]["url"]))
        except PageFailedError as failure:
            if failure.gone and number > 1 and (said is None or number > said):
                return ListPage(())
            self._fail(walk, f"list {failure}")
            return None
        except NoListError as trouble:
            self._fail(walk, f"list {walk.channel} page {number}: {trouble}")
            return None
        self.tally.lists_read += 1
        told = (walk.channel, number, len(page.rows), len(self.tally.listed), self.tally.fresh)
        self.logger.info("%s page %d: %d rows; so far %d listed, %d read", *told)
        return page

    def _public(self, page: ListPage) -> ListPage:
        """A mirror's list may link to the mirror; what is stored is the portal's own address."""
        return replace(page, rows=tuple(replace(row, url=self.public_url(row.url)) for row in page.rows))

    def _fail(self, walk: _Walk, what: str) -> None:
        walk.whole = False
        self.tally.failures.append(what)
        self.logger.warning("%s", what)

    async def _read(self, walk: _Walk, rows: Iterable[Row]) -> AsyncIterator[PageItem]:
        """Fetches the notices of those rows that are wanted and not stored yet."""
        ledger = self.desk.ledger
        channel = ledger.channel(walk.channel)
        done: list[Row] = []
        for row in rows:
            if row.notice_id in self.seen:
                continue
            self.seen.add(row.notice_id)
            if not row.within(self.since, self.until) or not self._about(row):
                continue
            self.tally.listed.add(row.notice_id)
            walk.rows[row.notice_id] = row
            if row.notice_id in self.tally.stored and not channel.changed(row):
                done.append(row)
            elif row.notice_id in ledger.suspects:
                self._postponed.append((walk, row))
                walk.whole = False
            else:
                item = await self._detail(walk, row)
                if item is not None:
                    yield item
                    done.append(row)
        await self.settled()
        if self.tally.broken:
            raise _StoreBrokenError
        ledger.remember(walk.channel, done)
        ledger.save()

    async def _detail(self, walk: _Walk, row: Row) -> PageItem | None:
        await self.settled()
        if self.tally.broken:
            raise _StoreBrokenError
        if self.limit is not None and self.tally.fresh >= self.limit:
            raise _LimitReachedError
        host = urlsplit(row.url).hostname
        if host not in self.portal.hosts:
            self._fail(walk, f"{row.url}: listed, but on another host, {host}")
            return None
        try:
            response = await self.fetch(self.request(row.url, "detail", title=row.title, day=row.day))
        except PageFailedError as failure:
            self._fail(walk, str(failure))
            return None
        except BlockedError:
            self.desk.ledger.suspects.add(row.notice_id)
            raise
        self.desk.ledger.suspects.discard(row.notice_id)
        return self.item(row, response)

    async def _read_postponed(self) -> AsyncIterator[PageItem]:
        """Pages at which an earlier crawl met a block come last, so that one odd page cannot keep all others away."""
        for walk, row in self._postponed:
            item = await self._detail(walk, row)
            if item is not None:
                yield item
                await self.settled()
                self.desk.ledger.remember(walk.channel, [row])

    def _about(self, row: Row) -> bool:
        return not self.keywords or any(word in row.title for word in self.keywords)

    def _nothing_new(self, walk: _Walk, rows: Iterable[Row]) -> bool:
        """Whether going further down than this page can bring nothing, as far as the page can tell.

        Rows that are merely stored do not count: a crawl that was killed stores rows above a hole.
        """
        channel = self.desk.ledger.channel(walk.channel)
        if all(row.before(self.since) for row in rows):
            walk.connected = False
            return True
        if not channel.reaches(self.since):
            return False
        inside = [row for row in rows if not row.before(self.since)]
        walk.connected = all(channel.covers(row) and row.notice_id in self.tally.stored for row in inside)
        return walk.connected

    def _no_rows(self, walk: _Walk, number: int, said: int | None) -> None:
        if number == 1:
            walk.empty = True
        elif said is not None and number <= said:
            self._fail(walk, f"list {walk.channel} page {number} of {said} shows no rows")

    def _judge_reach(self, walk: _Walk) -> None:
        """A list cut off by its own length cannot show what is older; say so where that was asked for, or is now lost."""
        channel = self.desk.ledger.channel(walk.channel)
        short_of = channel.short_of if walk.connected else walk.short_of
        if short_of is None:
            return
        if self.since and self.since.isoformat() <= short_of[:10]:
            self.tally.gaps.append(f"the list {walk.channel} reaches back to {short_of} only, not to {self.since}")
        elif channel.walked and not walk.connected and not any(row in channel.covered for row in walk.rows):
            self.tally.gaps.append(f"the list {walk.channel} has rolled over since the last crawl, before {short_of}")

    def _judge_emptiness(self, walks: list[_Walk]) -> None:
        """A list without rows is believed only while others are read well, and it never had any."""
        empty = [walk for walk in walks if walk.empty]
        doubtful = [walk for walk in empty if len(empty) == len(walks) or self.desk.ledger.channel(walk.channel).faces]
        for walk in doubtful:
            self.tally.gaps.append(f"the list {walk.channel} shows no rows: look at the page, its layout may have changed")
        plain = [walk.channel for walk in empty if walk not in doubtful]
        if plain:
            self.tally.notes.append(f"empty lists: {' '.join(plain)}")


def _oldest(rows: Iterable[Row]) -> str | None:
    times = [row.listed_at for row in rows if row.day]
    return min(times) if times else None
