"""What a crawl listed per channel and day, and whether that list is complete: the rows of ``crawl_windows``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.crawling.outcome import State, Window

_MOST_DAYS = 4000  # a crawl of more days reports only the days on which something was listed


@dataclass(slots=True)
class _Day:
    """One channel on one day.

    ``ids``: listed notices. ``failed_ids``: those whose pages could not be read. ``reported_total``: the portal's own
    number. ``resumed``: notices of queries that an earlier crawl had completely answered. All are stored.
    ``totals_agree``: as many rows were listed as the portal reports. ``has_gaps``: an answer lacked rows, so the day is
    not complete even if its list was read.
    """

    ids: set[str] = field(default_factory=set)
    failed_ids: set[str] = field(default_factory=set)
    reported_total: int | None = None
    resumed: int = 0
    totals_agree: bool = False
    has_gaps: bool = False


@dataclass(slots=True)
class _Channel:
    """The days of one channel, and the first and last days of the spans for which its list was read from end to end.

    A list that was read to its end covers every day since the portal began. So spans are kept, not their days.
    """

    days: dict[date, _Day] = field(default_factory=dict)
    read_spans: list[tuple[date, date]] = field(default_factory=list)

    def read_days(self, first: date) -> set[date]:
        """Return the days from ``first`` on for which the list was read from end to end."""
        return {day for since, until in self.read_spans for day in _days(max(since, first), until)}


class CrawlWindows:
    """Collected while the lists are read. ``rows`` is called at the end, when it is known what is stored.

    ``title_keywords``: the keywords by which this crawl chooses among listed titles, so that its days do not count as
    days of which every notice was read.
    """

    def __init__(self, title_keywords: str = "") -> None:
        self._title_keywords = title_keywords
        self._channels: dict[tuple[str, str], _Channel] = {}

    def add_query(self, query: ListQuery) -> None:
        """Note that this channel is queried, whatever the answer."""
        self._channel(query)

    def add_row(self, query: ListQuery, row: ListRow) -> None:
        """Add a listed row of the requested days."""
        if row.day is not None:
            self._day(query, row.day).ids.add(row.notice_id)

    def add_failed(self, query: ListQuery, row: ListRow) -> None:
        """Note that the page of a listed row could not be read."""
        if row.day is not None:
            self._day(query, row.day).failed_ids.add(row.notice_id)

    def mark_complete(self, query: ListQuery, since: date, until: date) -> None:
        """Note that the lists of these days were read from end to end."""
        self._channel(query).read_spans.append((since, until))

    def mark_gaps(self, query: ListQuery) -> None:
        """Note that the answer to a query lacks rows, so none of its days is complete."""
        for day in _days_of(query):
            self._day(query, day).has_gaps = True

    def add_reported_total(self, query: ListQuery, total: int) -> None:
        """Add the portal's own number for a query of one day. The parts of one day add up."""
        if query.since is not None and query.since == query.until:
            day = self._day(query, query.since)
            day.reported_total = (day.reported_total or 0) + total

    def mark_totals_agree(self, query: ListQuery) -> None:
        """Note that as many rows were listed as the portal reports. Then its number for each day equals ours."""
        for day in _days_of(query):
            self._day(query, day).totals_agree = True

    def add_resumed(self, query: ListQuery, counts: dict[str, int], *, complete: bool) -> None:
        """Add a query that an earlier, unfinished crawl had completely answered.

        ``counts``: ISO day → number of notices. ``complete``: whether the days of the query are thereby complete.
        """
        for day in _days_of(query):
            self._day(query, day).resumed += counts.get(day.isoformat(), 0)
        if complete and query.since and query.until:
            self.mark_complete(query, query.since, query.until)

    def rows(
        self, stored_ids: set[str], quarantined_ids: set[str], ended: State, since: date | None, until: date | None
    ) -> tuple[Window, ...]:
        """Return one row per channel and day, in order.

        Requested days for which no list was read are included. ``ended``: the state of the crawl.
        """
        requested: Iterable[date] = ()
        if since and until and (until - since).days < _MOST_DAYS:
            requested = list(_days(since, until))
        # A crawl without a first day covers years in which the portal has nothing. These are left out.
        days = (item for channel in self._channels.values() for item in channel.days.items())
        first = since or min((day for day, entry in days if entry.ids or entry.resumed), default=date.max)
        windows = []
        for name, channel in sorted(self._channels.items(), key=lambda item: item[0]):
            read = channel.read_days(first)
            for day in sorted(day for day in {*channel.days, *requested, *read} if day >= first):
                entry = channel.days.get(day, _Day())
                complete = day in read and not entry.has_gaps
                windows.append(_window(name, day, entry, complete, stored_ids, quarantined_ids, ended))
        return tuple(windows)

    def _channel(self, query: ListQuery) -> _Channel:
        return self._channels.setdefault((query.channel, query.keyword or self._title_keywords), _Channel())

    def _day(self, query: ListQuery, day: date) -> _Day:
        return self._channel(query).days.setdefault(day, _Day())


def _window(
    channel: tuple[str, str],
    day: date,
    entry: _Day,
    complete: bool,
    stored_ids: set[str],
    quarantined_ids: set[str],
    ended: State,
) -> Window:
    missing = entry.ids - stored_ids
    quarantined = entry.ids & quarantined_ids
    listed = len(entry.ids) + entry.resumed
    state: State = "complete" if complete and not missing and not quarantined else "incomplete"
    if not complete and ended in ("blocked", "failed"):
        state = ended
    derive_total = entry.reported_total is None and entry.totals_agree and complete
    return Window(
        channel=channel[0],
        day=day,
        said=listed if derive_total else entry.reported_total,
        listed=listed,
        stored=len(entry.ids & stored_ids) + entry.resumed,
        failed=len(entry.failed_ids & missing),
        quarantined=len(quarantined),
        state=state,
        keywords=channel[1],
    )


def _days_of(query: ListQuery) -> Iterator[date]:
    """Yield the days of a dated query; nothing for a query without days."""
    if query.since and query.until:
        yield from _days(query.since, query.until)


def _days(since: date, until: date) -> Iterator[date]:
    day = since
    while day <= until:
        yield day
        day += timedelta(days=1)
