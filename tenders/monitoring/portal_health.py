"""The health of each portal, from the published database: last crawl, freshness, missing days, alarms."""

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
from tenders.database import query_each
from tenders.monitoring import crawl_alarms
from tenders.monitoring.date_ranges import date_ranges, short_range
from tenders.monitoring.remedies import failure_of

# Days for which we stored everything the portal still lists, though it no longer lists all that was asked for.
EXHAUSTED_DAYS = """
        SELECT DISTINCT w.portal, w.channel, w.keywords, w.day
        FROM crawl_windows AS w
        JOIN crawls AS c USING (crawl_id)
        WHERE c.failure = 'reach' AND w.state = 'incomplete' AND w.failed + w.quarantined = 0 AND w.listed = w.stored
            AND w.checked_at >= timezone('Asia/Shanghai', w.day + INTERVAL 1 DAY)
"""
_LAST_CRAWLS = """
    SELECT c.*, last_complete.complete_at
    FROM crawls AS c
    JOIN (
        SELECT
            portal,
            max(finished_at) FILTER (
                state = 'complete' AND crawl_id NOT IN (SELECT crawl_id FROM crawl_alarms)
            ) AS complete_at
        FROM crawls
        GROUP BY portal
    ) AS last_complete USING (portal)
    QUALIFY row_number() OVER (PARTITION BY portal ORDER BY started_at DESC, crawl_id DESC) = 1
"""
_NEWEST_NOTICES = """
    SELECT portal, max(published_on) AS newest, max(first_seen_at) AS seen_at, count(*) FILTER (is_latest) AS notices
    FROM notices
    GROUP BY portal
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
# Incomplete days, from the first day that was asked for or is complete to the day before the last crawl.
_MISSING_DAYS = f"""
    WITH first_days AS (
        SELECT portal, min(day) AS day
        FROM (
            SELECT portal, since AS day FROM crawls WHERE since IS NOT NULL
            UNION ALL
            SELECT portal, day FROM covered_days WHERE state IN ('complete', 'keyword', 'doubtful')
        )
        GROUP BY portal
    ), last_crawls AS (
        SELECT portal, CAST(timezone('Asia/Shanghai', max(started_at)) AS DATE) AS day FROM crawls GROUP BY portal
    ), exhausted AS (
        SELECT portal, day, list(DISTINCT channel) AS channels FROM ({EXHAUSTED_DAYS}) GROUP BY portal, day
    )
    SELECT
        d.portal, d.day, d.channels,
        CASE WHEN d.state = 'incomplete' AND list_has_all(e.channels, d.channels) THEN 'gone' ELSE d.state END AS state
    FROM covered_days AS d
    JOIN first_days AS f ON f.portal = d.portal AND d.day >= f.day
    JOIN last_crawls AS l ON l.portal = d.portal AND d.day < l.day
    LEFT JOIN exhausted AS e ON e.portal = d.portal AND e.day = d.day
    WHERE d.state NOT IN ('complete', 'keyword')
    ORDER BY d.portal, d.day
"""

# The states of missing days that another crawl may still bring.
CRAWLABLE_STATES = ("never", "incomplete", "blocked", "failed", "unsettled")


@dataclass(frozen=True, slots=True)
class Gap:
    """Consecutive days that are not complete. ``channels`` are those that lack something; empty means all channels.

    ``state`` is that of the view ``covered_days``, or ``gone``: the portal no longer shows all notices of these days.
    """

    since: date
    until: date
    state: str
    channels: tuple[str, ...] = ()

    def __str__(self) -> str:
        channels = f" ({' '.join(self.channels)})" if self.channels else ""
        return short_range(self.since, self.until) + channels


@dataclass(frozen=True, slots=True)
class LastCrawl:
    """The last crawl of a portal. Instants are in Asia/Shanghai."""

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
class PortalHealth:
    """The health of one portal. The field names are the JSON keys of ``tenders status`` and ``tenders portals``.

    ``mode`` is None for a portal without a descriptor. ``crawled``: whether ``tenders crawl`` can read it.
    ``said``: how many notices the portal itself reports, on the days for which it does; ``listed_of_said``: how many
    its lists showed on those days. ``listed``, ``stored``, ``failed``, ``quarantined``: notices of all crawled days.
    """

    portal: str
    title: str = ""
    mode: str | None = None
    crawled: bool = False
    last_run: LastCrawl | None = None
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
        """Return the first and last days of the gaps in these states (or any) that end at ``since`` or later."""
        gaps = [
            gap for gap in self.gaps if (not states or gap.state in states) and (since is None or gap.until >= since)
        ]
        return date_ranges(
            gap.since + timedelta(days=n) for gap in gaps for n in range((gap.until - gap.since).days + 1)
        )

    def days_to_crawl_again(self) -> list[tuple[date, date]]:
        """Return the missing days of the last crawl that the portal may still give.

        If no day of it is known to be missing, returns its complete window.
        """
        run, ranges = self.last_run, self.missing(*CRAWLABLE_STATES)
        if run is None or run.since is None:
            return ranges
        until = run.until or run.started_at.date()
        of_last_run = [days for days in ranges if days[1] >= run.since and days[0] <= until]
        return of_last_run or [(run.since, until)]


def all_portal_health(data_dir: Path) -> list[PortalHealth]:
    """Return the health of every portal that has a descriptor, a crawl or a notice, by name."""
    by_name = {
        portal.name: PortalHealth(portal.name, portal.title, portal.mode, portal.crawl) for portal in portals.all()
    }

    def health_of(name: str) -> PortalHealth:
        return by_name.setdefault(name, PortalHealth(name))

    newest_notices, last_crawls, counts, missing_days = query_each(
        data_dir, (_NEWEST_NOTICES, ()), (_LAST_CRAWLS, ()), (_COUNTS, ()), (_MISSING_DAYS, ())
    )
    for row in newest_notices:
        health = health_of(row["portal"])
        health.newest_notice, health.newest_seen_at = row["newest"], _in_shanghai(row["seen_at"])
        health.notices = row["notices"]
    for row in last_crawls:
        health = health_of(row["portal"])
        health.last_run, health.last_complete_at = _last_crawl(row), _in_shanghai(row["complete_at"])
    channels: dict[str, int] = {}
    for row in counts:
        health = health_of(row["portal"])
        channels[health.portal] = row["channels"]
        for name in ("said", "listed_of_said", "listed", "stored", "failed", "quarantined"):
            setattr(health, name, None if row[name] is None else int(row[name]))
    for name, days in groupby(missing_days, key=lambda row: row["portal"]):
        health_of(name).gaps = _gaps(days, channels.get(name, 0))
    for name, texts in crawl_alarms.open_alarms(data_dir).items():
        health_of(name).alarms = texts
    return [health for _, health in sorted(by_name.items())]


def _last_crawl(row: dict[str, Any]) -> LastCrawl:
    started = row["started_at"].astimezone(SHANGHAI)
    return LastCrawl(
        since=row["since"],
        until=row["until"],
        started_at=started,
        finished_at=_in_shanghai(row["finished_at"]) or started,
        state=row["state"],
        failure=failure_of(row["state"], row["failure"]),
        listed=row["listed"],
        stored=row["stored"],
        reason=row["reason"],
    )


def _gaps(missing_days: Iterable[dict[str, Any]], channels: int) -> list[Gap]:
    """Join consecutive days that lack the same to one gap. ``channels`` is how many the portal has."""
    gaps: list[Gap] = []
    for row in missing_days:
        day, state = row["day"], row["state"]
        lacking = () if len(row["channels"]) == channels else tuple(row["channels"])
        last = gaps[-1] if gaps else None
        if last and (last.state, last.channels) == (state, lacking) and last.until + timedelta(days=1) == day:
            gaps[-1] = Gap(last.since, day, state, lacking)
        else:
            gaps.append(Gap(day, day, state, lacking))
    return gaps


def _in_shanghai(at: datetime | None) -> datetime | None:
    return at.astimezone(SHANGHAI) if at else None
