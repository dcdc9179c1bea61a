"""Alarms for silent failures: a page with a new layout still answers 200, and its notice is stored without its fields.

A portal is measured by its own past. All alarms are computed from the published tables after each load and kept in
the table ``crawl_alarms``. So an alarm disappears once the reader is fixed and ``tenders rebuild`` has read the pages
again.
"""

from __future__ import annotations

import hashlib
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
# What is kept between two loads, because few notices change: the readings, and the digest of the query that wrote them.
_READINGS = """
    CREATE SCHEMA IF NOT EXISTS working;
    CREATE TABLE IF NOT EXISTS working.field_readings (
        notice_key VARCHAR, portal VARCHAR, kind VARCHAR, first_seen_at TIMESTAMPTZ,
        title BOOLEAN, published_on BOOLEAN, project_number BOOLEAN, buyer BOOLEAN,
        supplier BOOLEAN, amount BOOLEAN, nothing BOOLEAN
    );
    CREATE TABLE IF NOT EXISTS working.field_readings_by (digest VARCHAR);
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


def fill_alarms(con: duckdb.DuckDBPyConnection, changed: Iterable[str] | None = None) -> None:
    """Fill ``crawl_alarms`` from the other public tables of this store, inside the caller's transaction.

    ``changed`` are the keys of the notices that changed since the last call on this store; None means all of them.
    """
    con.execute("DELETE FROM crawl_alarms")
    if not con.execute("FROM crawls LIMIT 1").fetchone():
        con.execute("DROP TABLE IF EXISTS working.field_readings_by")  # nothing was read for the next call
        return  # all that follows measures crawls
    _update_readings(con, changed)
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


def _update_readings(con: duckdb.DuckDBPyConnection, changed: Iterable[str] | None) -> None:
    """Write which fields were read in the changed notices; in all, if another version of the query wrote the others."""
    query = _sql("field_readings.sql")
    digest = hashlib.sha256(query.encode()).hexdigest()
    con.execute(_READINGS)
    if changed is None or con.execute("FROM working.field_readings_by").fetchone() != (digest,):
        con.execute("CREATE OR REPLACE TEMP TABLE read_again AS SELECT DISTINCT notice_key FROM notices")
        con.execute("DELETE FROM working.field_readings; DELETE FROM working.field_readings_by")
        con.execute("INSERT INTO working.field_readings_by VALUES (?)", [digest])
    else:
        keys = "SELECT DISTINCT unnest(CAST(? AS VARCHAR[])) AS notice_key"
        con.execute(f"CREATE OR REPLACE TEMP TABLE read_again AS {keys}", [list(changed)])
        con.execute("DELETE FROM working.field_readings WHERE notice_key IN (SELECT notice_key FROM read_again)")
    con.execute(query)
    con.execute("DROP TABLE read_again")


def _sql(name: str) -> str:
    return (resources.files("tenders.monitoring") / name).read_text("utf-8")


def _batches(con: duckdb.DuckDBPyConnection) -> Iterator[Batch]:
    for row in list(dict_rows(con.execute(_sql("field_coverage.sql")))):
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
