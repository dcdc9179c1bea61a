"""What the crawler asks of a portal's lists, and what one list page says. The same for every portal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One query to a portal's lists.

    ``channel``: a list or category of the portal. ``since`` and ``until``: publication days, both included; None if
    the list cannot be queried by date. ``keyword``: a search word; '' for every notice. ``part``: a part of the
    channel, such as a province, if one day of the channel has too many notices for one query.
    """

    channel: str
    since: date | None = None
    until: date | None = None
    keyword: str = ""
    part: str = ""

    @property
    def dated(self) -> bool:
        """Whether the portal is queried by date."""
        return self.since is not None

    @property
    def name(self) -> str:
        """The name of the query in reports and saved state, such as ``0202 2026-07-01…2026-07-02 大模型 (440000)``."""
        days = f"{self.since}…{self.until}" if self.dated else ""
        part = f"({self.part})" if self.part else ""
        return " ".join(filter(None, (self.channel, days, self.keyword, part)))

    def widened(self, days: int) -> ListQuery:
        """Return the same query with ``days`` more days at each end.

        For portals of which it is not certain that they include the first and the last day.
        """
        if self.since is None or self.until is None or not days:
            return self
        more = timedelta(days=days)
        return replace(self, since=self.since - more, until=self.until + more)

    def halves(self) -> list[ListQuery]:
        """Return two queries for the same days, the newer half first; [] for a query of one day or without days."""
        if self.since is None or self.until is None or self.since >= self.until:
            return []
        middle = self.since + (self.until - self.since) // 2
        return [replace(self, since=middle + timedelta(days=1)), replace(self, until=middle)]


def dated_queries(channel: str, since: date, until: date, days: int, keyword: str = "") -> Iterator[ListQuery]:
    """Yield queries of at most ``days`` days that cover ``since`` to ``until``, the newest first.

    Their bounds lie on a fixed grid of days, so that a crawl on another day asks the same queries about the past.
    """
    first = until.toordinal() - until.toordinal() % days
    while first + days > since.toordinal():
        last = min(date.fromordinal(first + days - 1), until)
        yield ListQuery(channel, max(date.fromordinal(first), since), last, keyword)
        first -= days


@dataclass(frozen=True, slots=True)
class ListRow:
    """One listed notice.

    ``notice_id``: the portal's own id, or the address if there is none. ``url``: the public address. ``title``: the
    full title. ``day``: the publication day in Asia/Shanghai. ``listed_at``: the publication time as the list writes
    it. ``listed``: what else the list says about the notice (``pipelines.model.Page.listed``). ``detail_params``:
    what the portal's detail address needs. ``body``: the notice itself if the list carries it (the JSON that the
    detail address would answer). ``skipped``: the notice is of a kind that is not read, such as a call for bids in a
    list of results; it counts neither as listed nor as missing.
    """

    notice_id: str
    url: str
    title: str
    day: date | None
    listed_at: str = ""
    listed: Mapping[str, str] = field(default_factory=dict)
    detail_params: Mapping[str, Any] = field(default_factory=dict)
    body: str | None = None
    skipped: bool = False

    @property
    def fingerprint(self) -> str:
        """What a reader of the list sees of this row. If it differs from before, the notice was changed."""
        return f"{self.listed_at} {self.title}"

    def is_within(self, since: date | None, until: date | None) -> bool:
        """Whether the row is of these days, both ends included. A row without a day always is."""
        if self.day is None:
            return True
        return (since is None or self.day >= since) and (until is None or self.day <= until)

    def is_before(self, since: date | None) -> bool:
        """Whether the row is older than ``since``."""
        return since is not None and self.day is not None and self.day < since


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list.

    ``rows``: its notices, usually the newest first. ``reported_pages`` and ``reported_total``: how many pages and
    rows the portal says the list has, None if it gives no number. ``too_broad``: the portal wants a narrower query.
    """

    rows: tuple[ListRow, ...]
    reported_pages: int | None = None
    reported_total: int | None = None
    too_broad: bool = False


def is_short_of_total(shown: int, total: int | None, page_size: int) -> bool:
    """Return whether a first page has so few of all rows that the portal shows fewer per page than were requested.

    >>> is_short_of_total(7, 15, 20), is_short_of_total(15, 15, 20), is_short_of_total(19, 20, 20)
    (True, False, False)
    """
    return total is not None and 0 < shown < total and shown <= page_size * 3 // 4
