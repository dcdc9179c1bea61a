"""How far a backfill is: requests, notices, awards that count, and the time that is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from analysis.figures.months import shift_month

if TYPE_CHECKING:
    from tenders.crawling.outcome import CrawlOutcome
    from tenders.crawling.request import CrawlRequest
    from tenders.crawling.stats import CrawlStats

_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests that were sent, notices that were read, and awards that count in the months that were loaded.

    ``seconds_left`` is None before there is a pace to reckon with, and 0 at the end.
    """

    requests: int
    notices: int
    awards: int
    seconds_left: float | None = None

    def __str__(self) -> str:
        counts = f"{self.requests:,} requests, {self.notices:,} notices, {self.awards:,} awards found"
        return f"{counts}, {_time_left(self.seconds_left)}" if self.seconds_left else counts


class BackfillProgress:
    """Follows the crawls of a backfill.

    ``expected``: how many requests each planned crawl takes. ``count_awards``: returns the awards that count, by month,
    as they are in the database now. ``show``: gets what was done so far as a share (0 to 1) and in words; None if there
    is no bar. ``say``: gets a line for each crawl with something to report and, without a bar, one for each month.
    """

    def __init__(
        self,
        expected: Mapping[CrawlRequest, int],
        count_awards: Callable[[], Mapping[date, int]],
        show: Callable[[float, str], None] | None,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._left = dict(expected)
        self._count_awards, self._show, self._say, self._clock = count_awards, show, say, clock
        self._began = clock()
        self._done = 0  # requests of the plan
        self._requests = self._notices = 0
        self._awards: dict[date, int] = {}
        self._running: dict[str, tuple[int, int]] = {}  # portal → requests, notices
        self._running_expected = 0

    def begin(self, requests: Sequence[CrawlRequest]) -> Callable[[CrawlStats], None]:
        """Begin the crawls of a month. What is returned gets the running counts of each, in another thread."""
        self._running_expected = sum(self._left[request] for request in requests)
        return self._note

    def end(self, requests: Sequence[CrawlRequest], outcomes: Sequence[CrawlOutcome]) -> None:
        """End the crawls of a month, after they were loaded. Portals that gave up are asked for nothing more."""
        self._running.clear()
        self._running_expected = 0
        for request, outcome in zip(requests, outcomes, strict=True):
            planned = self._left.pop(request)
            self._done += planned if outcome.state == "complete" else min(outcome.requests, planned)
            if outcome.state in ("blocked", "failed"):
                self._left = {crawl: count for crawl, count in self._left.items() if crawl.portal != request.portal}
        asked, read = sum(one.requests for one in outcomes), sum(one.fresh for one in outcomes)
        self._requests += asked
        self._notices += read
        counted, months = self._count_awards(), _months(requests)
        self._awards |= {month: counted.get(month, 0) for month in months}
        for one in outcomes:
            if one.reason:
                self._say(f"{one.portal} {one.since}…{one.until}: {one.state}, {one.listed} listed: {one.reason}")
        if self._show:
            self._show(self._share(), str(self._figures()))
            return
        ends = [f"{month:%Y-%m}" for month in dict.fromkeys((months[0], months[-1]))]
        found = sum(self._awards[month] for month in months)
        self._say(f"{'…'.join(ends)}: {Figures(asked, read, found, self._figures().seconds_left)}")

    def _note(self, stats: CrawlStats) -> None:
        self._running[stats.portal] = stats.requests, stats.fresh
        if self._show:
            self._show(self._share(), str(self._figures()))

    def _figures(self) -> Figures:
        requests = self._requests + sum(requests for requests, _ in self._running.values())
        notices = self._notices + sum(notices for _, notices in self._running.values())
        done, left = self._done_and_left()
        seconds = (self._clock() - self._began) * left / done if done else None
        return Figures(requests, notices, sum(self._awards.values()), seconds)

    def _share(self) -> float:
        done, left = self._done_and_left()
        return done / (done + left) if done + left else 1.0

    def _done_and_left(self) -> tuple[int, int]:
        """Return how many requests of the plan are done and left; a month counts as planned, whatever it took."""
        running = min(sum(requests for requests, _ in self._running.values()), self._running_expected)
        return self._done + running, sum(self._left.values()) - running


def _months(requests: Sequence[CrawlRequest]) -> list[date]:
    """Return the months, as first days, from the first to the last one that was asked for."""
    spans = [(request.since, request.until) for request in requests]
    month = min(since for since, _ in spans if since).replace(day=1)
    last = max(until for _, until in spans if until)
    months = []
    while month <= last:
        months.append(month)
        month = shift_month(month, 1)
    return months


def _time_left(seconds: float) -> str:
    return f"about {seconds / _HOUR:.1f} h left" if seconds >= _HOUR else f"about {ceil(seconds / 60)} min left"
