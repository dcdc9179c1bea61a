"""Crawl whole months back (``tenders backfill``): what to ask each portal for, how long it takes, and the crawls.

The published database says which days a definition lacks, so no list of work is kept: a run that was stopped plans
again what is still missing, and the crawler continues an unfinished query where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from analysis.figures.coverage import coverage_parameters
from analysis.figures.definition import Definition
from analysis.figures.months import shift_month
from pipelines.common.clock import SHANGHAI, minute_text
from tenders import portals
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.database import query_each, query_rows
from tenders.jobs.crawl import crawl_portals
from tenders.portals import Portal
from tenders.scheduling.backfill import BLOCK_PAUSE, last_blocks
from tenders.scheduling.backfill_progress import BackfillProgress

# One notice in so many has a keyword in its title, as far as nothing else is known.
_NOTICES_PER_HIT = 200

_COVERED_DAYS = """
    SELECT portal, day
    FROM covered_days_as_of($instant, search_words := $search_words, of_portals := $of_portals)
    WHERE state = 'complete'
"""
_LISTED_PER_DAY = """
    SELECT portal, avg(listed) AS listed
    FROM (
        SELECT portal, day, sum(listed) AS listed
        FROM crawled_questions_as_of(TIMESTAMPTZ 'infinity')
        WHERE state = 'complete' AND ($search_words IS NULL AND keywords = '' OR list_contains($search_words, keywords))
        GROUP BY portal, day
    )
    GROUP BY portal
"""
_COVERED_MONTHS = """
    SELECT month, state
    FROM covered_months_as_of($instant, search_words := $search_words, of_portals := $of_portals)
    WHERE month BETWEEN $first AND $last
    ORDER BY month
"""
_COUNTED_AWARDS = """
    SELECT month_of(awarded_on) AS month, count(*) AS awards
    FROM awards
    WHERE {condition}
    GROUP BY month
"""


@dataclass(frozen=True, slots=True)
class PortalMonths:
    """What is planned at one portal: one request for each month that lacks days, the newest first.

    ``expected`` is how many requests each takes, ``hours`` how long all of them take politely. ``skipped`` says why
    nothing is asked although days are missing, ``gaps`` what the portal cannot give.
    """

    portal: str
    crawls: tuple[CrawlRequest, ...] = ()
    expected: tuple[int, ...] = ()
    hours: float = 0.0
    skipped: str = ""
    gaps: str = ""

    @property
    def requests(self) -> int:
        """The number of requests that are expected."""
        return sum(self.expected)


@dataclass(frozen=True, slots=True)
class MonthsPlan:
    """All that is planned. Portals are crawled side by side, so ``hours`` is that of the slowest host."""

    portals: tuple[PortalMonths, ...]
    hours: float

    @property
    def requests(self) -> int:
        """The number of requests that are expected."""
        return sum(one.requests for one in self.portals)

    @property
    def expected(self) -> dict[CrawlRequest, int]:
        """The number of requests that are expected, by crawl."""
        return {crawl: count for one in self.portals for crawl, count in zip(one.crawls, one.expected, strict=True)}

    @property
    def steps(self) -> list[list[CrawlRequest]]:
        """The crawls in the order in which they run: those of one month together, the newest month first."""
        crawls = [crawl for one in self.portals for crawl in one.crawls]
        newest_first = sorted(crawls, key=_last_month, reverse=True)
        return [[*step] for _, step in groupby(newest_first, key=_last_month)]


def plan_months(
    data_dir: Path,
    definition: Definition,
    first: date,
    last: date,
    names: Iterable[str] = (),
    origin: str | None = None,
    now: datetime | None = None,
) -> MonthsPlan:
    """Plan the crawls that make the months from ``first`` to ``last`` (their first days) known by ``definition``.

    ``names`` are the portals; without any, those that the definition counts and that may be crawled. Of these, lists
    that cannot be queried by date are left out, because they would never be complete. Raises ValueError.
    """
    now = now or datetime.now(UTC)
    named = list(dict.fromkeys(names))
    counted = definition.counted_portals
    chosen = [portals.load(name) for name in named] or [
        portal for portal in portals.all() if portal.crawl and (counted is None or portal.name in counted)
    ]
    until = min(shift_month(last, 1) - timedelta(days=1), now.astimezone(SHANGHAI).date() - timedelta(days=1))
    asked = coverage_parameters(definition, None)
    words = {"search_words": asked["search_words"]}
    try:
        covered, rates = query_each(data_dir, (_COVERED_DAYS, asked), (_LISTED_PER_DAY, words))
    except (duckdb.CatalogException, duckdb.BinderException):  # published by an older version of this tool
        covered, rates = [], []
    done = {(row["portal"], row["day"]) for row in covered}
    listed = {row["portal"]: float(row["listed"]) for row in rates}
    blocks, planned = last_blocks(data_dir), []
    for portal in chosen:
        days = [day for day in _days(first, until) if day >= portal.first_day and (portal.name, day) not in done]
        planned.append(
            _portal_months(
                portal, definition, days, listed.get(portal.name), bool(named), origin, now, blocks.get(portal.name)
            )
        )
    return MonthsPlan(tuple(planned), _slowest_host(planned))


def crawl_months(
    plan: MonthsPlan,
    data_dir: Path,
    settings: Mapping[str, Any],
    progress: BackfillProgress | None = None,
) -> list[CrawlOutcome]:
    """Crawl what is planned, load after each month, and return all outcomes.

    A portal that blocks a crawl, or is down, is asked for nothing more.
    """
    outcomes: list[CrawlOutcome] = []
    stopped: set[str] = set()
    for step in plan.steps:
        requests = [request for request in step if request.portal not in stopped]
        if not requests:
            continue
        note = progress.begin(requests) if progress else None
        found = crawl_portals(requests, data_dir=data_dir, settings=settings, progress=note)
        outcomes += found
        stopped |= {outcome.portal for outcome in found if outcome.state in ("blocked", "failed")}
        if progress:
            progress.end(requests, found)
        if any(outcome.failure == "interrupted" for outcome in found):
            break
    return outcomes


def known_months(data_dir: Path, definition: Definition, first: date, last: date) -> dict[date, str]:
    """Return the coverage state of each crawled month from ``first`` to ``last`` by ``definition``."""
    asked = {**coverage_parameters(definition, None), "first": first, "last": last}
    return {row["month"]: row["state"] for row in query_rows(data_dir, _COVERED_MONTHS, asked)}


def counted_awards(data_dir: Path, definition: Definition) -> dict[date, int]:
    """Return how many awards ``definition`` counts in each month (its first day)."""
    rows = query_rows(data_dir, _COUNTED_AWARDS.format(condition=definition.condition))
    return {row["month"]: row["awards"] for row in rows}


def _portal_months(
    portal: Portal,
    definition: Definition,
    days: list[date],
    listed_per_day: float | None,
    is_named: bool,
    origin: str | None,
    now: datetime,
    blocked_at: datetime | None,
) -> PortalMonths:
    words = definition.search_words or ()
    searches = bool(words) and portal.keyword == "search"
    dated = portal.list_style(search=searches) == "dated"
    gaps = " ".join(portal.gaps.split())
    if not days:
        return PortalMonths(portal.name, gaps=gaps)
    if not dated and not is_named:
        return PortalMonths(portal.name, skipped="its list cannot be queried by date; name it to walk it", gaps=gaps)
    if blocked_at and blocked_at + BLOCK_PAUSE > now:
        until = minute_text(blocked_at + BLOCK_PAUSE)
        return PortalMonths(portal.name, skipped=f"blocked the last crawl, left alone until {until}")
    # A list that is not queried by date is walked once, from the top down to the first missing day.
    spans = [[*month] for _, month in groupby(days, key=lambda day: (day.year, day.month))] if dated else [days]
    crawls = tuple(
        CrawlRequest(portal=portal.name, since=span[0], until=span[-1], keywords=tuple(words), origin=origin)
        for span in reversed(spans)
    )
    expected = tuple(
        _expected_requests(portal, span, len(words) if searches else 0, bool(words), listed_per_day)
        for span in reversed(spans)
    )
    return PortalMonths(portal.name, crawls, expected, sum(expected) * portal.delay_seconds / 3600, gaps=gaps)


def _expected_requests(
    portal: Portal, span: list[date], searched_words: int, by_words: bool, listed_per_day: float | None
) -> int:
    """Return how many pages are expected: at least one for each query, more for long answers, one for each notice."""
    total = len(span)
    queries = -(-total // portal.slice_days) * len(portal.channels) * (searched_words or 1)
    hits = portal.notices_per_day / _NOTICES_PER_HIT if by_words else portal.notices_per_day
    notices = total * (hits if listed_per_day is None else listed_per_day)
    rows = notices if searched_words or not by_words else total * portal.notices_per_day
    return round(queries + rows / portal.page_size + notices)


def _slowest_host(planned: Iterable[PortalMonths]) -> float:
    """Return the hours of the host that takes longest: portals that share one are crawled one after the other."""
    by_host: dict[str, float] = {}
    for one in planned:
        for host in portals.load(one.portal).hosts:
            by_host[host] = by_host.get(host, 0.0) + one.hours
    return max(by_host.values(), default=0.0)


def _last_month(request: CrawlRequest) -> tuple[int, int]:
    assert request.until is not None
    return request.until.year, request.until.month


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
