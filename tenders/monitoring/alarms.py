"""Alarms for what fails in silence: a page whose layout changed still answers 200, and its notice is stored without its fields.

A portal is measured by its own past. Everything is computed anew from the published tables after each load and kept in the
table ``crawl_alarms``, so an alarm goes when the reader is mended and ``tenders rebuild`` has read the pages again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from tenders import portals
from tenders.database import query_rows
from tenders.monitoring.daily_counts import Day, Thin, short_of_total, thin_days
from tenders.monitoring.field_coverage import FIELDS, Batch, Finding, judge

# Of the days known in whole what the crawl that completed them listed.
_LISTED = """
    SELECT d.portal, d.channel, d.day, d.listed, NULL AS said, w.crawl_id, w.checked_at, ''
    FROM crawled_days AS d JOIN crawl_windows AS w
        ON w.portal = d.portal AND w.channel = d.channel AND w.day = d.day AND w.keywords = '' AND w.checked_at = d.complete_at
    WHERE d.state = 'complete' AND d.settled
    ORDER BY d.portal, d.channel, d.day
"""
_SAID = """
    SELECT portal, channel, day, listed, said, crawl_id, checked_at, keywords
    FROM crawl_windows
    WHERE state = 'complete'
    QUALIFY row_number() OVER (PARTITION BY portal, channel, keywords, day ORDER BY checked_at DESC, crawl_id DESC) = 1
    ORDER BY portal, channel, keywords, checked_at, crawl_id, day
"""
# The days of misread notices; of those whose day was not read either, all days that their crawl looked at.
_DAYS_MISREAD = """
    WITH seen AS (
        SELECT
            n.published_on, c.crawl_id, c.since,
            coalesce(c.until, CAST(timezone('Asia/Shanghai', c.started_at) AS DATE)) AS until
        FROM notices AS n JOIN crawls AS c
            ON n.portal = c.portal AND n.first_seen_at BETWEEN c.started_at AND c.finished_at
        WHERE list_contains($crawls, c.crawl_id) AND ($kinds = [] OR list_contains($kinds, n.kind))
    ), undated AS (
        SELECT DISTINCT crawl_id, since, until FROM seen WHERE published_on IS NULL
    )
    SELECT published_on FROM seen WHERE published_on IS NOT NULL
    UNION
    SELECT day FROM crawl_windows WHERE crawl_id IN (SELECT crawl_id FROM undated)
    UNION
    SELECT CAST(unnest(generate_series(since, until, INTERVAL 1 DAY)) AS DATE) FROM undated WHERE since IS NOT NULL
    ORDER BY 1
"""
_INSERT = """
    INSERT INTO crawl_alarms (crawl_id, portal, checked_at, alarm, subject, days, text, is_open) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``crawl_alarms`` from the other public tables of this store, inside the caller's transaction."""
    con.execute("DELETE FROM crawl_alarms")
    unpublished = {portal.name: portal.options.get("unpublished", ()) for portal in portals.all()}
    found = [_field_row(con, finding) for finding in judge(_batches(con), unpublished)]
    found += [_day_row("few", thin) for thin in thin_days(_days(con, _LISTED))]
    found += [_day_row("total", thin) for thin in short_of_total(_days(con, _SAID))]
    for row in found:
        con.execute(_INSERT, row)


def open_alarms(data_dir: Path) -> dict[str, list[str]]:
    """The alarms, in words, that no later crawl has put right, by portal."""
    found: dict[str, list[str]] = {}
    for row in query_rows(
        data_dir, "SELECT portal, text FROM crawl_alarms WHERE is_open ORDER BY portal, checked_at, text"
    ):
        found.setdefault(row["portal"], []).append(row["text"])
    return found


def _batches(con: duckdb.DuckDBPyConnection) -> Iterable[Batch]:
    counted = con.execute((resources.files("tenders.monitoring") / "field_coverage.sql").read_text("utf-8"))
    names = [column[0] for column in counted.description or ()]
    for values in counted.fetchall():
        row = dict(zip(names, values, strict=True))
        found = {name: row.pop(name) for name in FIELDS}
        yield Batch(found=found, **row)


def _days(con: duckdb.DuckDBPyConnection, query: str) -> Iterable[Day]:
    for row in con.execute(query).fetchall():
        yield Day(*row)


def _field_row(con: duckdb.DuckDBPyConnection, finding: Finding) -> list[Any]:
    asked = {"crawls": list(finding.crawls), "kinds": list(finding.kinds)}
    days: list[date] = [day for (day,) in con.execute(_DAYS_MISREAD, asked).fetchall()]
    alarm = "page" if finding.subject == "page" else "field"
    last = finding.crawls[-1]
    return [last, finding.portal, finding.checked_at, alarm, finding.subject, days, finding.text, finding.is_open]


def _day_row(alarm: str, thin: Thin) -> list[Any]:
    return [thin.crawl_id, thin.portal, thin.checked_at, alarm, thin.channel, list(thin.days), thin.text, thin.is_open]
