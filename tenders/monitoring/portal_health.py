"""How each portal stands, from the published database: last run, freshness, what is missing, alarms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from pipelines.common.clock import SHANGHAI
from tenders import portals
from tenders.crawling.outcome import Failure, State
from tenders.database import query_rows
from tenders.monitoring import alarms
from tenders.monitoring.date_ranges import runs, span
from tenders.monitoring.remedies import kind_of
from tenders.scheduling.backfill import GONE

_RUNS = """
    SELECT c.*, w.complete_at
    FROM crawls AS c
    JOIN (
        SELECT
            portal,
            max(finished_at) FILTER (state = 'complete' AND crawl_id NOT IN (SELECT crawl_id FROM crawl_alarms)) AS complete_at
        FROM crawls
        GROUP BY portal
    ) AS w USING (portal)
    QUALIFY row_number() OVER (PARTITION BY portal ORDER BY started_at DESC, crawl_id DESC) = 1
"""
_NEWEST = """
    SELECT portal, max(published_on) AS newest, max(first_seen_at) AS seen_at, count(*) FILTER (is_latest) AS notices
    FROM notices GROUP BY portal
"""
_COUNTS = """
    SELECT
        portal,
        sum(said) AS said,
        sum(listed) FILTER (said IS NOT NULL) AS listed_of_said,
        sum(listed) AS listed,
        sum(stored) AS stored,
        sum(failed) AS failed,
        sum(quarantined) AS quarantined,
        count(DISTINCT channel) AS channels
    FROM crawled_days
    GROUP BY portal
"""
# What is missing from the first day that was asked for or known in whole to the day before the last run.
_MISSING = f"""
    WITH begun AS (
        SELECT portal, min(day) AS day
        FROM (
            SELECT portal, since AS day FROM crawls WHERE since IS NOT NULL
            UNION ALL
            SELECT portal, day FROM covered_days WHERE state IN ('complete', 'keyword', 'doubtful')
        )
        GROUP BY portal
    ), last_run AS (
        SELECT portal, CAST(timezone('Asia/Shanghai', max(started_at)) AS DATE) AS day FROM crawls GROUP BY portal
    ), gone AS (
        SELECT portal, day, list(DISTINCT channel) AS channels FROM ({GONE}) GROUP BY portal, day
    )
    SELECT
        d.portal, d.day, d.channels,
        CASE WHEN d.state = 'incomplete' AND list_has_all(g.channels, d.channels) THEN 'gone' ELSE d.state END AS state
    FROM covered_days AS d
    JOIN begun AS b ON b.portal = d.portal AND d.day >= b.day
    JOIN last_run AS r ON r.portal = d.portal AND d.day < r.day
    LEFT JOIN gone AS g ON g.portal = d.portal AND g.day = d.day
    WHERE d.state NOT IN ('complete', 'keyword')
    ORDER BY d.portal, d.day
"""

# The states of missing days that a crawl may still bring.
ASK_AGAIN = ("never", "incomplete", "blocked", "failed", "unsettled")


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row that are not known in whole; ``channels`` are those that lack (none named: all of them).

    ``state`` is that of the view ``covered_days``, or ``gone``: the portal no longer shows all of these days.
    """

    since: date
    until: date
    state: str
    channels: tuple[str, ...] = ()

    def __str__(self) -> str:
        return span(self.since, self.until) + (f" ({' '.join(self.channels)})" if self.channels else "")


@dataclass(frozen=True, slots=True)
class Run:
    """The last crawl of a portal; instants are in Asia/Shanghai."""

    since: date | None
    until: date | None
    started_at: datetime
    finished_at: datetime
    state: State
    failure: Failure | None
    listed: int
    stored: int
    reason: str | None


@dataclass(slots=True)
class Standing:
    """One portal. ``said`` is what it says it has on the days where it does say so, ``listed_of_said`` what its lists showed of
    them; ``listed``, ``stored``, ``failed`` and ``quarantined`` count the notices of all days crawled. ``mode`` is None for an
    unknown portal, ``crawled`` says whether ``tenders crawl`` can."""

    portal: str
    title: str = ""
    mode: str | None = None
    crawled: bool = False
    last_run: Run | None = None
    last_complete_at: datetime | None = None
    newest_notice: date | None = None
    newest_seen_at: datetime | None = None
    notices: int = 0
    said: int | None = None
    listed_of_said: int | None = None
    listed: int | None = None
    stored: int | None = None
    failed: int | None = None
    quarantined: int | None = None
    gaps: list[Gap] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    def missing(self, *states: str, since: date | None = None) -> list[tuple[date, date]]:
        """First and last days of the gaps in one of these states (none named: any), from ``since`` on."""
        chosen = [
            gap for gap in self.gaps if (not states or gap.state in states) and (since is None or gap.until >= since)
        ]
        return runs(gap.since + timedelta(days=n) for gap in chosen for n in range((gap.until - gap.since).days + 1))

    def to_crawl_again(self) -> list[tuple[date, date]]:
        """The missing days of the last run that the portal may still give; its whole window where the ledger names none."""
        run, spans = self.last_run, self.missing(*ASK_AGAIN)
        if run is None or run.since is None:
            return spans
        until = run.until or run.started_at.date()
        own = [days for days in spans if days[1] >= run.since and days[0] <= until]
        return own or [(run.since, until)]


def standings(data_dir: Path) -> list[Standing]:
    """Every portal that has a descriptor, a crawl or a notice, by name."""
    found = {portal.name: Standing(portal.name, portal.title, portal.mode, portal.crawl) for portal in portals.all()}

    def of(name: str) -> Standing:
        return found.setdefault(name, Standing(name))

    for row in query_rows(data_dir, _NEWEST):
        standing = of(row["portal"])
        standing.newest_notice, standing.newest_seen_at = row["newest"], _local(row["seen_at"])
        standing.notices = row["notices"]
    for row in query_rows(data_dir, _RUNS):
        standing = of(row["portal"])
        standing.last_run, standing.last_complete_at = _run(row), _local(row["complete_at"])
    channels: dict[str, int] = {}
    for row in query_rows(data_dir, _COUNTS):
        standing = of(row["portal"])
        channels[standing.portal] = row["channels"]
        for name in ("said", "listed_of_said", "listed", "stored", "failed", "quarantined"):
            setattr(standing, name, None if row[name] is None else int(row[name]))
    for name, missing in groupby(query_rows(data_dir, _MISSING), key=lambda row: row["portal"]):
        of(name).gaps = _gaps(missing, channels.get(name, 0))
    for name, texts in alarms.open_alarms(data_dir).items():
        of(name).alarms = texts
    return [standing for _, standing in sorted(found.items())]


def _run(row: dict[str, Any]) -> Run:
    ended = _local(row["finished_at"]) or _local(row["started_at"])
    started = _local(row["started_at"])
    assert started is not None
    assert ended is not None
    failure = kind_of(row["state"], row["failure"])
    return Run(
        row["since"], row["until"], started, ended, row["state"], failure, row["listed"], row["stored"], row["reason"]
    )


def _gaps(missing: Iterable[dict[str, Any]], channels: int) -> list[Gap]:
    """Days in a row that lack the same, as one gap."""
    found: list[Gap] = []
    for row in missing:
        lacking = () if len(row["channels"]) == channels else tuple(row["channels"])
        last = found[-1] if found else None
        if (
            last
            and (last.state, last.channels) == (row["state"], lacking)
            and last.until + timedelta(days=1) == row["day"]
        ):
            found[-1] = Gap(last.since, row["day"], last.state, last.channels)
        else:
            found.append(Gap(row["day"], row["day"], row["state"], lacking))
    return found


def _local(at: datetime | None) -> datetime | None:
    return at.astimezone(SHANGHAI) if at else None
