"""Crawls that a data folder knows about, without crawling: for tests of monitoring and scheduling."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from tenders.crawling.outcome import CrawlOutcome, Failure, State, Window
from tenders.jobs.crawl import record_crawls
from tenders.jobs.load import load_spool


def record_crawl(
    data: Path,
    ended: datetime,
    windows: Iterable[Window] = (),
    *,
    portal: str = "ccgp",
    state: State = "complete",
    failure: Failure | None = None,
    reason: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> None:
    """Record and load a crawl of five minutes with the counts of its windows."""
    listed_days = tuple(windows)
    outcome = CrawlOutcome(
        portal,
        since,
        until,
        ended - timedelta(minutes=5),
        ended,
        state,
        sum(window.listed for window in listed_days),
        sum(window.stored for window in listed_days),
        reason,
        failure,
        windows=listed_days,
    )
    record_crawls([outcome], data)
    load_spool(data)
