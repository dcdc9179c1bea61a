"""The account of days: for every channel and day of a crawl, what was listed, and whether the day was listed in whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tenders.crawling.list_pages import Listing, Row
from tenders.crawling.outcome import State, Window

_LONGEST = 4000  # days; of a longer window only those days are told on which something was listed


@dataclass(slots=True)
class _Day:
    """``counted`` are notices of a question that an earlier crawl had answered in whole; all of them are stored."""

    ids: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    said: int | None = None
    counted: int = 0
    agreed: bool = False
    whole: bool = False
    short: bool = False


class WindowBook:
    """Filled while lists are walked; ``windows`` is read at the end, when it is known what is stored.

    ``chosen``: the keywords by which this crawl chooses among listed titles, so that its days are not taken for whole ones.
    """

    def __init__(self, chosen: str = "") -> None:
        self._chosen = chosen
        self._days: dict[tuple[str, str], dict[date, _Day]] = {}

    def open(self, listing: Listing) -> None:
        """This channel is asked, whatever comes of it."""
        self._days.setdefault(self._key(listing), {})

    def saw(self, listing: Listing, row: Row) -> None:
        """A row of the window was listed."""
        if row.day is not None:
            self._day(listing, row.day).ids.add(row.notice_id)

    def missed(self, listing: Listing, row: Row) -> None:
        """The page of a listed row could not be read."""
        if row.day is not None:
            self._day(listing, row.day).failed.add(row.notice_id)

    def whole(self, listing: Listing, since: date, until: date) -> None:
        """The lists of these days were read from end to end."""
        for day in _days(since, until):
            self._day(listing, day).whole = True

    def short(self, listing: Listing) -> None:
        """The question's answer lacks rows, so none of its days is known in whole."""
        if listing.since and listing.until:
            for day in _days(listing.since, listing.until):
                self._day(listing, day).short = True

    def said(self, listing: Listing, total: int) -> None:
        """The portal's own number, for a question about one day (several parts of one day add up)."""
        if listing.since is not None and listing.since == listing.until:
            day = self._day(listing, listing.since)
            day.said = (day.said or 0) + total

    def agreed(self, listing: Listing) -> None:
        """As many rows were listed as the portal says the question has, so its number of each day is ours."""
        if listing.since and listing.until:
            for day in _days(listing.since, listing.until):
                self._day(listing, day).agreed = True

    def recall(self, listing: Listing, counts: dict[str, int], *, whole: bool) -> None:
        """A question that an earlier, unfinished crawl had answered in whole; ``whole``: so its days are known in whole."""
        if listing.since and listing.until:
            for day in _days(listing.since, listing.until):
                entry = self._day(listing, day)
                entry.whole = entry.whole or whole
                entry.counted += counts.get(day.isoformat(), 0)

    def windows(
        self, stored: set[str], quarantined: set[str], ended: State, since: date | None, until: date | None
    ) -> tuple[Window, ...]:
        """One row a channel and day, in order. Days of the crawl's own window that no list was read for are told too."""
        asked: Iterable[date] = ()
        if since and until and (until - since).days < _LONGEST:
            asked = list(_days(since, until))
        # A crawl without a first day asks for years in which the portal has nothing: they are not told.
        listed = (day for days in self._days.values() for day, entry in days.items() if entry.ids or entry.counted)
        first = since or min(listed, default=date.max)
        rows = []
        for (channel, keyword), days in sorted(self._days.items()):
            for day in sorted(day for day in {*days, *asked} if day >= first):
                rows.append(_window(channel, keyword, day, days.get(day, _Day()), stored, quarantined, ended))
        return tuple(rows)

    def _day(self, listing: Listing, day: date) -> _Day:
        return self._days.setdefault(self._key(listing), {}).setdefault(day, _Day())

    def _key(self, listing: Listing) -> tuple[str, str]:
        return listing.channel, listing.keyword or self._chosen


def _window(
    channel: str, keyword: str, day: date, entry: _Day, stored: set[str], quarantined: set[str], ended: State
) -> Window:
    here = entry.ids & stored
    missing = entry.ids - stored
    held = entry.ids & quarantined
    whole = entry.whole and not entry.short
    listed = len(entry.ids) + entry.counted
    state: State = "complete" if whole and not missing and not held else "incomplete"
    if not whole and ended in ("blocked", "failed"):
        state = ended
    return Window(
        channel=channel,
        day=day,
        said=listed if entry.said is None and entry.agreed and whole else entry.said,
        listed=listed,
        stored=len(here) + entry.counted,
        failed=len(entry.failed & missing),
        quarantined=len(held),
        state=state,
        keywords=keyword,
    )


def _days(since: date, until: date) -> Iterable[date]:
    day = since
    while day <= until:
        yield day
        day += timedelta(days=1)
