"""What one crawl of one portal came to: the rows that the tables ``crawls`` and ``crawl_windows`` keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["complete", "incomplete", "blocked", "failed"]

# blocked: the portal refuses; moved: an address leads elsewhere or is gone; layout: the expected container, key or field is
# missing; timeout: no answer, or only errors of the server; empty: lists that should show notices show none; partial: single
# pages are missing; reach: the portal no longer shows what was asked for; storage: our own disk or code; limit: as many as
# were asked for; interrupted: a person or the system ended it.
Failure = Literal[
    "blocked", "moved", "layout", "timeout", "empty", "partial", "reach", "storage", "limit", "interrupted"
]


@dataclass(frozen=True, slots=True)
class Window:
    """One channel and day: how many notices the portal says it has (None: it does not say), how many its lists showed, and
    how many of those are stored, could not be read, or lie in quarantine. ``keywords`` '' means every notice was asked for."""

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
    """``listed``: notices of the window that the portal's lists showed; ``stored``: those of them that the data folder
    now holds, ``fresh`` of them read in this crawl. ``reason`` says in words what is missing, or notes about a complete crawl;
    ``failure`` says which kind of trouble it was.

    ``limited``: stopped because the asked number of notices was read. Such a crawl did what it was told (``ok``), but its
    window is ``incomplete``, because more was listed. ``alarms``: what the portal's own past says against it
    (``tenders.monitoring.alarms``), known once it is loaded.
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
    limited: bool = False
    windows: tuple[Window, ...] = ()
    alarms: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the command that ran it should exit with 0."""
        return not self.alarms and (self.state == "complete" or (self.limited and self.state == "incomplete"))
