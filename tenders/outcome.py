"""What one crawl of one portal came to: the row that the table ``crawls`` keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["complete", "incomplete", "blocked", "failed"]


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """``listed``: notices of the window that the portal's lists showed; ``stored``: those of them that the data folder
    now holds, ``fresh`` of them read in this crawl. ``reason`` says in words what is missing, or notes about a complete crawl.

    ``limited``: stopped because the asked number of notices was read. Such a crawl did what it was told (``ok``), but its
    window is ``incomplete``, because more was listed.
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
    fresh: int = 0
    limited: bool = False

    @property
    def ok(self) -> bool:
        """Whether the command that ran it should exit with 0."""
        return self.state == "complete" or (self.limited and self.state == "incomplete")
