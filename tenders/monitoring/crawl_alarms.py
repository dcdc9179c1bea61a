"""Alarms for silent failures: a page with a new layout still answers 200, and its notice is stored without its fields.

A portal is measured by its own past. All alarms are computed from the published tables after each load and kept in
the table ``crawl_alarms``. So an alarm disappears once the reader is fixed and ``tenders rebuild`` has read the pages
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines.common.rows import dict_rows
from tenders import portals
from tenders.database import query_rows
from tenders.monitoring.daily_counts import DayAlarm, ListedDay, thin_day_alarms, total_alarms
from tenders.monitoring.field_coverage import FIELDS, Batch, FieldAlarm, field_alarms

# Listed notices per complete day, from the crawl that completed it.
_LISTED_DAYS = """
    SELECT d.portal, d.channel, d.day, d.listed, NULL AS reported, w.crawl_id, w.checked_at
    FROM crawled_days AS d
    JOIN crawl_windows AS w
        ON w.portal = d.portal
        AND w.channel = d.channel
        AND w.day = d.day
        AND w.keywords = ''
        AND w.checked_at = d.complete_at
    WHERE d.state = 'complete' AND d.settled
    ORDER BY d.portal, d.channel, d.day
"""
# Listed notices and the portal's own total per day, from the last crawl that found the day complete.
_REPORTED_DAYS = """
    SELECT portal, channel, day, listed, said AS reported, crawl_id, checked_at, keywords
    FROM crawl_windows
    WHERE state = 'complete'
    QUALIFY row_number() OVER (PARTITION BY portal, channel, keywords, day ORDER BY checked_at DESC, crawl_id DESC) = 1
    ORDER BY portal, channel, keywords, checked_at, crawl_id, day
"""
# The publication days of misread notices. If a notice's day was not read either, all days that its crawl looked at.
_MISREAD_DAYS = """
    WITH misread AS (
        SELECT
            n.published_on, c.crawl_id, c.since,
            coalesce(c.until, CAST(timezone('Asia/Shanghai', c.started_at) AS DATE)) AS until
        FROM notices AS n JOIN crawls AS c
            ON n.portal = c.portal AND n.first_seen_at BETWEEN c.started_at AND c.finished_at
        WHERE list_contains($crawls, c.crawl_id) AND ($kinds = [] OR list_contains($kinds, n.kind))
    ), undated AS (
        SELECT DISTINCT crawl_id, since, until FROM misread WHERE published_on IS NULL
    )
    SELECT published_on FROM misread WHERE published_on IS NOT NULL
    UNION
    SELECT day FROM crawl_windows WHERE crawl_id IN (SELECT crawl_id FROM undated)
    UNION
    SELECT CAST(unnest(generate_series(since, until, INTERVAL 1 DAY)) AS DATE) FROM undated WHERE since IS NOT NULL
    ORDER BY 1
"""
_INSERT = """
    INSERT INTO crawl_alarms (crawl_id, portal, checked_at, alarm, subject, days, text, is_open)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_OPEN_ALARMS = "SELECT portal, text FROM crawl_alarms WHERE is_open ORDER BY portal, checked_at, text"


class _AlarmRow(NamedTuple):
    """A row of ``crawl_alarms``, in the order of ``_INSERT``."""

    crawl_id: str
    portal: str
    checked_at: datetime
    alarm: str
    subject: str
    days: list[date]
    text: str
    is_open: bool


def fill_alarms(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``crawl_alarms`` from the other public tables of this store, inside the caller's transaction."""
    con.execute("DELETE FROM crawl_alarms")
    if not con.execute("FROM crawls LIMIT 1").fetchone():
        return  # all that follows measures crawls
    unpublished = {portal.name: portal.unpublished for portal in portals.all()}
    rows = [_field_row(con, alarm) for alarm in field_alarms(_batches(con), unpublished)]
    rows += [_day_row("few", alarm) for alarm in thin_day_alarms(_listed_days(con, _LISTED_DAYS))]
    rows += [_day_row("total", alarm) for alarm in total_alarms(_listed_days(con, _REPORTED_DAYS))]
    for row in rows:
        con.execute(_INSERT, list(row))


def open_alarms(data_dir: Path) -> dict[str, list[str]]:
    """Return the texts of the alarms that no later crawl has closed, by portal."""
    texts: dict[str, list[str]] = {}
    for row in query_rows(data_dir, _OPEN_ALARMS):
        texts.setdefault(row["portal"], []).append(row["text"])
    return texts


def _batches(con: duckdb.DuckDBPyConnection) -> Iterator[Batch]:
    query = (resources.files("tenders.monitoring") / "field_coverage.sql").read_text("utf-8")
    for row in list(dict_rows(con.execute(query))):
        found = {name: row.pop(name) for name in FIELDS}
        yield Batch(found=found, **row)


def _listed_days(con: duckdb.DuckDBPyConnection, query: str) -> Iterable[ListedDay]:
    return [ListedDay(**row) for row in dict_rows(con.execute(query))]


def _field_row(con: duckdb.DuckDBPyConnection, alarm: FieldAlarm) -> _AlarmRow:
    misread = {"crawls": list(alarm.crawls), "kinds": list(alarm.kinds)}
    days: list[date] = [day for (day,) in con.execute(_MISREAD_DAYS, misread).fetchall()]
    name = "page" if alarm.subject == "page" else "field"
    return _AlarmRow(
        alarm.crawls[-1], alarm.portal, alarm.checked_at, name, alarm.subject, days, alarm.text, alarm.is_open
    )


def _day_row(name: str, alarm: DayAlarm) -> _AlarmRow:
    days = list(alarm.days)
    return _AlarmRow(
        alarm.crawl_id, alarm.portal, alarm.checked_at, name, alarm.channel, days, alarm.text, alarm.is_open
    )
