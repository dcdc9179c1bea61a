"""The running account of one crawl, from which its outcome follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tenders.crawling.outcome import CrawlOutcome, Failure, State
from tenders.crawling.windows import WindowBook

_SHOWN = 3  # of a kind of trouble, in the reason
# Of several kinds of trouble the one that a person should look at first.
_WORST_FIRST: tuple[Failure, ...] = ("layout", "moved", "timeout", "empty", "partial", "reach")


@dataclass(slots=True)
class Tally:
    """``listed``: ids of the window's rows seen; ``stored``: ids the data folder holds; ``fresh``: those read now.

    ``recalled`` counts the notices of questions that an earlier, unfinished crawl had answered in whole. ``troubles`` are pages
    that could not be read and what the portal can no longer show, ``notes`` what a person may want to know of a complete crawl.
    """

    portal: str
    since: date | None
    until: date | None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    listed: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    quarantined: set[str] = field(default_factory=set)
    recalled: int = 0
    fresh: int = 0
    lists_read: int = 0
    book: WindowBook = field(default_factory=WindowBook)
    troubles: list[tuple[Failure, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    blocked: tuple[Failure, str] | None = None
    broken: tuple[Failure, str] | None = None
    limited: bool = False
    finished: bool = False

    def trouble(self, kind: Failure, what: str) -> None:
        self.troubles.append((kind, what))

    def outcome(self) -> CrawlOutcome:
        """The crawl as it stands: before its end it counts as interrupted."""
        state, failure, reason = self._verdict()
        return CrawlOutcome(
            portal=self.portal,
            since=self.since,
            until=self.until,
            started_at=self.started_at,
            finished_at=datetime.now(UTC),
            state=state,
            listed=len(self.listed) + self.recalled,
            stored=len(self.listed & self.stored) + self.recalled,
            reason=reason,
            failure=failure,
            fresh=self.fresh,
            limited=self.limited and not self.troubles and self.blocked is None and self.broken is None,
            windows=self.book.windows(self.stored, self.quarantined, state, self.since, self.until),
        )

    def _verdict(self) -> tuple[State, Failure | None, str | None]:
        missing = self._missing()
        if self.blocked is not None:
            return "blocked", self.blocked[0], _sentence([f"blocked: {self.blocked[1]}", *missing])
        if self.broken is not None:
            return "failed", self.broken[0], _sentence([self.broken[1], *missing])
        worst = next((kind for kind in _WORST_FIRST if any(kind == found for found, _ in self.troubles)), None)
        if not self.finished:
            return "incomplete", worst or "interrupted", _sentence(["interrupted before the end", *missing])
        if self.troubles and not self.lists_read:
            return "failed", worst, _sentence(missing)
        if self.limited:
            return (
                "incomplete",
                worst or "limit",
                _sentence([f"stopped after the {self.fresh} notices asked for", *missing]),
            )
        if missing:
            return "incomplete", worst, _sentence(missing)
        return "complete", None, _sentence(self.notes) if self.notes else None

    def _missing(self) -> list[str]:
        """The first few troubles of each kind, in words."""
        words: list[str] = []
        for kind in dict.fromkeys(kind for kind, _ in self.troubles):
            mine = [what for found, what in self.troubles if found == kind]
            words += mine[:_SHOWN]
            if len(mine) > _SHOWN:
                words.append(f"and {len(mine) - _SHOWN} more")
        return words


def _sentence(parts: list[str]) -> str:
    return "; ".join(parts)
