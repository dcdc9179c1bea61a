"""Crawls that a data folder knows about, without crawling: for tests of monitoring and scheduling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import orjson

from pipelines.common.clock import utc_text
from tenders.crawling.outcome import CrawlOutcome, Failure, State, Window
from tenders.data_folder import DataFolder
from tenders.jobs.crawl import record_crawls
from tenders.jobs.load import load_spool
from tenders.monitoring.crawl_alarms import fill_alarms
from tests.helpers.data_folders import empty_data_folder

_WINDOWS = """
    INSERT INTO crawl_windows BY NAME
    SELECT c.crawl_id, c.portal, w.*, c.finished_at AS checked_at
    FROM crawls AS c, (SELECT unnest(from_json(CAST(? AS JSON), '[{"channel": "VARCHAR", "keywords": "VARCHAR",
        "day": "DATE", "said": "BIGINT", "listed": "BIGINT", "stored": "BIGINT", "failed": "BIGINT",
        "quarantined": "BIGINT", "state": "VARCHAR"}]'), recursive := true)) AS w
    WHERE c.crawl_id = ?
    ORDER BY channel, keywords, day
"""


def crawl_outcome(
    ended: datetime,
    windows: Iterable[Window] = (),
    *,
    portal: str = "ccgp",
    state: State = "complete",
    failure: Failure | None = None,
    reason: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> CrawlOutcome:
    """A crawl of five minutes with the counts of its windows."""
    days = tuple(windows)
    listed, stored = sum(window.listed for window in days), sum(window.stored for window in days)
    began = ended - timedelta(minutes=5)
    return CrawlOutcome(portal, since, until, began, ended, state, listed, stored, reason, failure, windows=days)


def load_crawl(data: Path, outcome: CrawlOutcome) -> None:
    """Record a crawl and load it, as ``tenders crawl`` does."""
    record_crawls([outcome], data)
    load_spool(data)


def publish_crawl(data: Path, outcome: CrawlOutcome) -> None:
    """Write a crawl into the published tables that the tool reads, which takes a tenth of loading it.

    Only for folders that load nothing later: the store does not have the crawl.
    """
    own = DataFolder(data).own
    if not own.exists():
        empty_data_folder(data)
    crawl_id = f"{outcome.portal}:{utc_text(outcome.started_at)}"
    with duckdb.connect(str(own)) as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        con.execute("BEGIN")
        con.execute(
            """INSERT INTO crawls (crawl_id, portal, since, until, started_at, finished_at, state, listed, stored,
                reason, failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            [crawl_id, outcome.portal, outcome.since, outcome.until, outcome.started_at, outcome.finished_at,
             outcome.state, outcome.listed, outcome.stored, outcome.reason, outcome.failure],
        )  # fmt: skip
        con.execute(_WINDOWS, [orjson.dumps([asdict(window) for window in outcome.windows]).decode(), crawl_id])
        fill_alarms(con)
        con.execute("COMMIT")


def record_crawl(data: Path, ended: datetime, windows: Iterable[Window] = (), **crawl: object) -> None:
    """Let the published tables show a crawl: see ``crawl_outcome`` and ``publish_crawl``."""
    publish_crawl(data, crawl_outcome(ended, windows, **crawl))  # type: ignore[arg-type]
