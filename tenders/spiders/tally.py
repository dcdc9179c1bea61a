"""The running account of one crawl, from which its outcome follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tenders.outcome import CrawlOutcome, State

_SHOWN = 3  # of a kind of trouble, in the reason


@dataclass(slots=True)
class Tally:
    """``listed``: ids of the window's rows seen; ``stored``: ids the data folder holds; ``fresh``: those read now.

    ``failures`` are pages that could not be read, ``gaps`` what the portal can no longer show, ``notes`` what a person may want
    to know of a complete crawl.
    """

    portal: str
    since: date | None
    until: date | None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    listed: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    fresh: int = 0
    lists_read: int = 0
    failures: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    blocked: str | None = None
    broken: str | None = None
    limited: bool = False
    finished: bool = False

    def outcome(self) -> CrawlOutcome:
        """The crawl as it stands: before its end it counts as interrupted."""
        state, reason = self._verdict()
        return CrawlOutcome(
            portal=self.portal,
            since=self.since,
            until=self.until,
            started_at=self.started_at,
            finished_at=datetime.now(UTC),
            state=state,
            listed=len(self.listed),
            stored=len(self.listed & self.stored),
            reason=reason,
            fresh=self.fresh,
            limited=self.limited and not self.failures and self.blocked is None and self.broken is None,
        )

    def _verdict(self) -> tuple[State, str | None]:
        missing = _some(self.failures) + _some(self.gaps)
        if self.blocked is not None:
            return "blocked", _sentence([f"blocked: {self.blocked}", *missing])
        if self.broken is not None:
            return "failed", _sentence([self.broken, *missing])
        if not self.finished:
            return "incomplete", _sentence(["interrupted before the end", *missing])
        if self.failures and not self.lists_read:
            return "failed", _sentence(missing)
        if self.limited:
            return "incomplete", _sentence([f"stopped after the {self.fresh} notices asked for", *missing])
        if missing:
            return "incomplete", _sentence(missing)
        return "complete", _sentence(self.notes) if self.notes else None


def _some(troubles: list[str]) -> list[str]:
    more = len(troubles) - _SHOWN
    return troubles[:_SHOWN] + ([f"and {more} more"] if more > 0 else [])


def _sentence(parts: list[str]) -> str:
    return "; ".join(parts)
