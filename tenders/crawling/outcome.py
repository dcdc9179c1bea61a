"""The result of one crawl of one portal: the rows that the tables ``crawls`` and ``crawl_windows`` keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["complete", "incomplete", "blocked", "failed"]

# blocked: the portal refuses to be read. moved: an address leads to another host or no longer exists. layout: the
# expected container, key or field is missing. timeout: no answer, or only server errors. empty: lists that should have
# notices have none. partial: single pages are missing. reach: the portal no longer lists everything that was requested.
# storage: our own disk or code failed. limit: the requested number of notices was read. interrupted: a person or the
# system ended the crawl.
Failure = Literal[
    "blocked", "moved", "layout", "timeout", "empty", "partial", "reach", "storage", "limit", "interrupted"
]


@dataclass(frozen=True, slots=True)
class Window:
    """The counts of one channel on one day; the field names are the columns of ``crawl_windows``.

    ``said``: how many notices the portal says it has, None if it gives no number. ``listed``: how many its lists
    showed. ``stored``, ``failed`` and ``quarantined``: how many of the listed ones are stored, could not be read, or
    are in quarantine. ``keywords``: the search words; '' if every notice was requested.
    """

    channel: str
    day: date
    said: int | None
    listed: int
    stored: int
    failed: int
    quarantined: int
    state: State
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """The result of one crawl.

    ``listed``: notices of the requested days that the portal's lists showed. ``stored``: how many of these the data
    folder holds now. ``fresh``: how many were read in this crawl. ``requests``: how many requests were sent.
    ``reason``: what is missing, in words, or notes about a complete crawl. ``failure``: the kind of trouble.
    ``limited``: the crawl ended because it had read the requested number of notices. Such a crawl succeeded (``ok``),
    but its days are ``incomplete`` because the portal lists more. ``alarms``: contradictions with the portal's own
    history (``tenders.monitoring.crawl_alarms``), known once the crawl is loaded.
    """

    portal: str
    since: date | None
    until: date | None
    started_at: datetime
    finished_at: datetime
    state: State
    listed: int
    stored: int
    reason: str | None = None
    failure: Failure | None = None
    fresh: int = 0
    requests: int = 0
    limited: bool = False
    windows: tuple[Window, ...] = ()
    alarms: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the command that ran the crawl should exit with 0."""
        return not self.alarms and (self.state == "complete" or (self.limited and self.state == "incomplete"))
