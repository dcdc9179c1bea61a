"""What one crawl has done so far. Its outcome follows from these counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

from tenders.crawling.outcome import CrawlOutcome, Failure, State
from tenders.crawling.windows import CrawlWindows

_SHOWN_PROBLEMS = 3  # of each kind, in the reason
# If a crawl has several kinds of problems, its outcome names the one that a person should look at first.
_WORST_FIRST: tuple[Failure, ...] = ("layout", "moved", "timeout", "empty", "partial", "reach")


class Problem(NamedTuple):
    """One thing that went wrong: its kind, and a text for people."""

    failure: Failure
    text: str


@dataclass(slots=True)
class CrawlStats:
    """The running counts of one crawl.

    ``listed_ids``: notices of the requested days that were listed. ``stored_ids``: notices that the data folder
    holds. ``fresh``: how many were read in this crawl. ``resumed``: notices of queries that an earlier, unfinished
    crawl had completely answered. ``requests``: how many requests were sent. ``problems``: pages that could not be
    read, and what the portal no longer lists. ``empty_lists``: lists that have no rows and never had any. ``blocked``
    and ``failed``: why the crawl ended early.
    """

    portal: str
    since: date | None
    until: date | None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    listed_ids: set[str] = field(default_factory=set)
    stored_ids: set[str] = field(default_factory=set)
    quarantined_ids: set[str] = field(default_factory=set)
    resumed: int = 0
    fresh: int = 0
    requests: int = 0
    list_pages: int = 0
    windows: CrawlWindows = field(default_factory=CrawlWindows)
    problems: list[Problem] = field(default_factory=list)
    empty_lists: list[str] = field(default_factory=list)
    blocked: Problem | None = None
    failed: Problem | None = None
    limit_reached: bool = False
    finished: bool = False

    def add_problem(self, failure: Failure, text: str) -> None:
        """Note something that went wrong without ending the crawl."""
        self.problems.append(Problem(failure, text))

    @property
    def listed(self) -> int:
        """Listed notices of the requested days."""
        return len(self.listed_ids) + self.resumed

    @property
    def stored(self) -> int:
        """Listed notices that the data folder holds."""
        return len(self.listed_ids & self.stored_ids) + self.resumed

    def counters(self) -> dict[str, int | str]:
        """Return the counts by the names under which they appear in Scrapy's stats."""
        state, _, _ = self._conclusion()
        counts = Counter(problem.failure for problem in self.problems)
        return {
            "tenders/state": state,
            "tenders/listed": self.listed,
            "tenders/stored": self.stored,
            "tenders/fresh": self.fresh,
            "tenders/quarantined": len(self.quarantined_ids),
            "tenders/list_pages": self.list_pages,
            **{f"tenders/problems/{failure}": count for failure, count in counts.items()},
        }

    def outcome(self) -> CrawlOutcome:
        """Return the outcome as of now. A crawl that has not finished counts as interrupted."""
        state, failure, reason = self._conclusion()
        return CrawlOutcome(
            portal=self.portal,
            since=self.since,
            until=self.until,
            started_at=self.started_at,
            finished_at=datetime.now(UTC),
            state=state,
            listed=self.listed,
            stored=self.stored,
            reason=reason,
            failure=failure,
            fresh=self.fresh,
            requests=self.requests,
            limited=self.limit_reached and not self.problems and self.blocked is None and self.failed is None,
            windows=self.windows.rows(self.stored_ids, self.quarantined_ids, state, self.since, self.until),
        )

    def _conclusion(self) -> tuple[State, Failure | None, str | None]:
        problems = self._problem_texts()
        if self.blocked is not None:
            return "blocked", self.blocked.failure, _joined([f"blocked: {self.blocked.text}", *problems])
        if self.failed is not None:
            return "failed", self.failed.failure, _joined([self.failed.text, *problems])
        failures = {problem.failure for problem in self.problems}
        worst = next((failure for failure in _WORST_FIRST if failure in failures), None)
        if not self.finished:
            return "incomplete", worst or "interrupted", _joined(["interrupted before the end", *problems])
        if self.problems and not self.list_pages:
            return "failed", worst, _joined(problems)
        if self.limit_reached:
            stopped = f"stopped after the {self.fresh} notices asked for"
            return "incomplete", worst or "limit", _joined([stopped, *problems])
        if problems:
            return "incomplete", worst, _joined(problems)
        return "complete", None, f"empty lists: {' '.join(self.empty_lists)}" if self.empty_lists else None

    def _problem_texts(self) -> list[str]:
        """Return the first few problems of each kind, in words."""
        texts: list[str] = []
        for failure in dict.fromkeys(problem.failure for problem in self.problems):
            same_kind = [problem.text for problem in self.problems if problem.failure == failure]
            texts += same_kind[:_SHOWN_PROBLEMS]
            if len(same_kind) > _SHOWN_PROBLEMS:
                texts.append(f"and {len(same_kind) - _SHOWN_PROBLEMS} more")
        return texts


def _joined(texts: list[str]) -> str:
    return "; ".join(texts)
