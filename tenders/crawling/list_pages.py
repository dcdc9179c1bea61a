"""What is asked of a portal's lists and what a list page says, whatever portal it is of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any


class NoListError(ValueError):
    """The page does not hold the list it should: a block, an error page or a changed layout."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One question to a portal's lists: a channel, for a portal that can be asked for days those days (both included), a
    search word ('' for every notice), and a ``part`` of it (such as a province) where a day is still too much."""

    channel: str
    since: date | None = None
    until: date | None = None
    keyword: str = ""
    part: str = ""

    @property
    def dated(self) -> bool:
        """Whether the portal is asked for days."""
        return self.since is not None

    @property
    def name(self) -> str:
        """How reports call it."""
        days = f" {self.since}…{self.until}" if self.dated else ""
        return (
            f"{self.channel}{days}{f' {self.keyword}' if self.keyword else ''}{f' ({self.part})' if self.part else ''}"
        )

    def wider(self, days: int) -> Listing:
        """The same question with so many days more at each end, for a portal of which it is not sure that it means the first
        and the last day to be included."""
        if self.since is None or self.until is None or not days:
            return self
        more = timedelta(days=days)
        return replace(self, since=self.since - more, until=self.until + more)

    def halves(self) -> list[Listing]:
        """The same question in two, the newer days first; none where it asks for one day or for no days."""
        if self.since is None or self.until is None or self.since >= self.until:
            return []
        middle = self.since + (self.until - self.since) // 2
        return [replace(self, since=middle + timedelta(days=1)), replace(self, until=middle)]


def slices(channel: str, since: date, until: date, days: int, keyword: str = "") -> Iterator[Listing]:
    """Questions that cover ``since`` to ``until``, the newest first, of ``days`` days at most.

    Their bounds lie on a fixed grid of days, so that a crawl of another day asks the same questions about the past.
    """
    first = until.toordinal() - until.toordinal() % days
    while first + days > since.toordinal():
        last = min(date.fromordinal(first + days - 1), until)
        yield Listing(channel, max(date.fromordinal(first), since), last, keyword)
        first -= days


@dataclass(frozen=True, slots=True)
class Row:
    """One listed notice: its public address, whole title, day in Asia/Shanghai, and the listed time as written.

    ``notice_id`` is the portal's own id, or the address where that shows none. ``listed`` is what else the list says of the
    notice (``pipelines.model.Page.listed``), ``ask`` what the detail address wants to know, ``body`` the notice itself where
    the list carries it (the JSON that the detail address would answer). ``aside``: of a kind that is not read, such as a call
    for bids in a list of results too; it is shown, but counts neither as listed nor as missing.
    """

    notice_id: str
    url: str
    title: str
    day: date | None
    listed_at: str = ""
    listed: Mapping[str, str] = field(default_factory=dict)
    ask: Mapping[str, Any] = field(default_factory=dict)
    body: str | None = None
    aside: bool = False

    @property
    def face(self) -> str:
        """What a reader of the list sees of this row: when it differs from before, the notice has been changed."""
        return f"{self.listed_at} {self.title}"

    def within(self, since: date | None, until: date | None) -> bool:
        """Whether the row lies in the window, both ends included. A row without a day is never left out."""
        if self.day is None:
            return True
        return (since is None or self.day >= since) and (until is None or self.day <= until)

    def before(self, since: date | None) -> bool:
        """Whether the row is older than the window."""
        return since is not None and self.day is not None and self.day < since


@dataclass(frozen=True, slots=True)
class ListPage:
    """The rows of one page, newest first as a rule, and how many pages and rows the portal says the list has (None: it does
    not say). ``too_many``: the portal wants a narrower question."""

    rows: tuple[Row, ...]
    pages: int | None = None
    total: int | None = None
    too_many: bool = False
