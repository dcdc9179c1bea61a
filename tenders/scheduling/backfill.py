"""What is due at a portal: from which day the next crawl must ask, and whether it may start now.

Everything is read from our own tables of crawls, so no list of jobs is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from tenders import portals
from tenders.config.cron import next_time
from tenders.config.models import PortalPlan
from tenders.database import query_each, query_rows
from tenders.monitoring.portal_health import EXHAUSTED_DAYS

# After a block the portal is left alone for this long, and then until the next time of its own plan.
BLOCK_PAUSE = timedelta(hours=6)
# A crawl that ended this recently is not repeated, for example if a catch-up ends just before the planned time.
_JUST_NOW = timedelta(minutes=10)

# A portal that is asked which lists it has is measured by those that the last crawl found.
# The days of the window, for each question that a crawl asks: one per channel and, for a portal that searches, per
# word. A day is done if it was found complete after its end.
_DAYS = f"""
    WITH found AS (
        SELECT DISTINCT channel FROM crawl_windows
        WHERE $finds_channels AND portal = $portal
            AND checked_at = (SELECT max(checked_at) FROM crawl_windows WHERE portal = $portal)
    ), asked AS (
        SELECT channel, unnest(CAST($keywords AS VARCHAR[])) AS keywords
        FROM (
            SELECT channel FROM found
            UNION
            SELECT unnest(CAST($channels AS VARCHAR[])) WHERE NOT EXISTS (FROM found)
        )
    ), days AS (
        SELECT CAST(unnest(generate_series(CAST($first AS DATE), CAST($last AS DATE), INTERVAL 1 DAY)) AS DATE) AS day
    ), done AS (
        SELECT channel, '' AS keywords, day
        FROM crawled_days
        WHERE portal = $portal AND state = 'complete' AND settled
        UNION
        SELECT channel, keywords, day
        FROM crawl_windows
        WHERE portal = $portal AND keywords <> '' AND state = 'complete'
            AND checked_at >= timezone('Asia/Shanghai', day + INTERVAL 1 DAY)
    ), exhausted AS (
        SELECT channel, keywords, day FROM ({EXHAUSTED_DAYS}) WHERE portal = $portal
    )
    SELECT
        min(day) FILTER (WHERE done.day IS NULL AND exhausted.day IS NULL) AS first_missing,
        max(day) FILTER (WHERE done.day IS NULL AND exhausted.day IS NOT NULL) AS last_exhausted
    FROM asked
    CROSS JOIN days
    LEFT JOIN done USING (channel, keywords, day)
    LEFT JOIN exhausted USING (channel, keywords, day)
"""
_RUNS = """
    SELECT
        max(started_at) FILTER (WHERE failure IS DISTINCT FROM 'interrupted') AS started_at,
        max(finished_at) FILTER (WHERE failure IS DISTINCT FROM 'interrupted') AS finished_at,
        max(finished_at) FILTER (WHERE state = 'blocked') AS blocked_at,
        max(finished_at) FILTER (WHERE state IN ('complete', 'incomplete')) AS answered_at
    FROM crawls
    WHERE portal = $portal
"""

_LAST_BLOCKS = """
    SELECT portal, max(finished_at) FILTER (WHERE state = 'blocked') AS blocked_at
    FROM crawls
    GROUP BY portal
    HAVING blocked_at > coalesce(
        max(finished_at) FILTER (WHERE state IN ('complete', 'incomplete')), CAST('-infinity' AS TIMESTAMPTZ)
    )
"""


@dataclass(frozen=True, slots=True)
class History:
    """What earlier crawls of a portal achieved, within the window of its plan and without today.

    ``first_missing``: the first day that is not complete and may still be asked for.
    ``last_exhausted``: the last day that is not complete, but for which we stored everything the portal still lists.
    ``started_at``, ``finished_at``: of the last crawl that was not interrupted.
    ``blocked_at``: the end of the last blocked crawl, if the portal answered no crawl since.
    """

    first_missing: date | None = None
    last_exhausted: date | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    blocked_at: datetime | None = None


def crawl_history(data_dir: Path, plan: PortalPlan, today: date) -> History:
    """Return what earlier crawls of the portal achieved in the plan's window before ``today``."""
    first = today - timedelta(days=plan.window_days)
    portal = portals.load(plan.name)
    # A portal that searches is asked word by word. Otherwise titles are filtered, and all words are one question.
    keywords = list(plan.keywords) if portal.keyword == "search" and plan.keywords else [",".join(plan.keywords)]
    last = today - timedelta(days=1)
    asked = {
        "portal": plan.name,
        "first": first,
        "last": last,
        "channels": list(portal.channels),
        "finds_channels": portal.finds_channels,
        "keywords": keywords,
    }
    try:
        runs, days = query_each(data_dir, (_RUNS, {"portal": plan.name}), (_DAYS, asked))
    except (duckdb.CatalogException, duckdb.BinderException):  # published by an older version of this tool
        return History(first_missing=first)
    if not runs or not days:
        return History(first_missing=first)
    [run], [day] = runs, days
    blocked = run["blocked_at"] is not None and (run["answered_at"] is None or run["answered_at"] < run["blocked_at"])
    return History(
        first_missing=day["first_missing"],
        last_exhausted=day["last_exhausted"],
        started_at=run["started_at"],
        finished_at=run["finished_at"],
        blocked_at=run["blocked_at"] if blocked else None,
    )


def last_blocks(data_dir: Path) -> dict[str, datetime]:
    """Return the end of the last blocked crawl of each portal that answered no crawl since."""
    try:
        return {row["portal"]: row["blocked_at"] for row in query_rows(data_dir, _LAST_BLOCKS)}
    except (duckdb.CatalogException, duckdb.BinderException):  # published by an older version of this tool
        return {}


def first_day(history: History, plan: PortalPlan, today: date) -> date:
    """Return the day from which the next crawl asks: the first missing day, or the start of the overlap.

    Days for which we stored everything the portal still lists are not asked for again.
    """
    overlap = today - timedelta(days=plan.overlap_days)
    if history.last_exhausted:
        overlap = max(overlap, history.last_exhausted + timedelta(days=1))
    return min(overlap, history.first_missing or overlap)


def paused_until(blocked_at: datetime | None, plan: PortalPlan, now: datetime) -> datetime | None:
    """Return until when a portal that blocked its last crawl then is left alone, or None if it may be asked now."""
    if blocked_at is None:
        return None
    until = next_time(plan.cron, blocked_at + BLOCK_PAUSE)
    return until if until > now else None


def ran_just_now(history: History, plan: PortalPlan, now: datetime) -> bool:
    """Return whether a crawl ended so recently that another one can bring nothing new.

    A crawl that ended in the future says only that the clock was set back.
    """
    pause = min(_JUST_NOW, (next_time(plan.cron, now + timedelta(seconds=1)) - now) / 2)
    return history.finished_at is not None and now - pause < history.finished_at <= now


def is_overdue(history: History, plan: PortalPlan, now: datetime) -> bool:
    """Return whether a crawl should have run before ``now``: a day is missing, or a planned time passed without one."""
    if history.first_missing is not None or history.started_at is None:
        return True
    return next_time(plan.cron, history.started_at) <= now
