"""What is due at a portal, told from our own ledger: how far back the next crawl must go, and whether it may start now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.common.clock import SHANGHAI
from tenders import portals
from tenders.config.cron import trigger
from tenders.config.project import PortalPlan
from tenders.database import query_rows

# After a block nothing is asked for so long, and then until the next time of the portal's own plan.
REST = timedelta(hours=6)
# A crawl that ended so shortly ago is not repeated, as when a catch-up ends just before the clock strikes.
_JUST_NOW = timedelta(minutes=10)

# Days of which all that the portal still shows is stored, and it shows no more.
GONE = """
        SELECT DISTINCT w.portal, w.channel, w.keywords, w.day
        FROM crawl_windows AS w
        JOIN crawls AS c USING (crawl_id)
        WHERE c.failure = 'reach' AND w.state = 'incomplete' AND w.failed + w.quarantined = 0 AND w.listed = w.stored
            AND w.checked_at >= timezone('Asia/Shanghai', w.day + INTERVAL 1 DAY)
"""
# The days of the window, for each question that a crawl asks: done when it was found complete after the day's end.
_DAYS = f"""
    WITH asked AS (
        SELECT channel, unnest(CAST($keywords AS VARCHAR[])) AS keywords
        FROM (SELECT unnest(CAST($channels AS VARCHAR[])) AS channel)
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
    ), gone AS (
        SELECT channel, keywords, day FROM ({GONE}) WHERE portal = $portal
    )
    SELECT
        min(day) FILTER (WHERE done.day IS NULL AND gone.day IS NULL) AS missing,
        max(day) FILTER (WHERE done.day IS NULL AND gone.day IS NOT NULL) AS gone
    FROM asked
    CROSS JOIN days
    LEFT JOIN done USING (channel, keywords, day)
    LEFT JOIN gone USING (channel, keywords, day)
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


@dataclass(frozen=True, slots=True)
class History:
    """What the ledger says of a portal. ``missing``: the first day of the window, today left out, that is not known in whole and
    can still be asked for; ``gone``: the last one that the portal no longer shows in whole. ``started_at`` and ``finished_at``
    are those of the last crawls that nobody interrupted, ``blocked_at`` is the end of a blocked one that none was answered after.
    """

    missing: date | None = None
    gone: date | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    blocked_at: datetime | None = None


def history(data_dir: Path, plan: PortalPlan, today: date) -> History:
    """What earlier crawls of the portal came to, for the plan's window before ``today``."""
    first = today - timedelta(days=plan.window_days)
    portal = portals.load(plan.name)
    # The portal's search is asked word by word; chosen among listed titles, all words are one question.
    keywords = list(plan.keywords) if portal.keyword == "search" and plan.keywords else [",".join(plan.keywords)]
    last = today - timedelta(days=1)
    asked = {"portal": plan.name, "first": first, "last": last, "channels": list(portal.channels), "keywords": keywords}
    try:
        runs = query_rows(data_dir, _RUNS, {"portal": plan.name})
        days = query_rows(data_dir, _DAYS, asked)
    except (duckdb.CatalogException, duckdb.BinderException):  # published by an older version of this tool
        return History(missing=first)
    if not runs or not days:
        return History(missing=first)
    run, day = runs[0], days[0]
    blocked = run["blocked_at"] is not None and (run["answered_at"] is None or run["answered_at"] < run["blocked_at"])
    return History(
        missing=day["missing"],
        gone=day["gone"],
        started_at=run["started_at"],
        finished_at=run["finished_at"],
        blocked_at=run["blocked_at"] if blocked else None,
    )


def first_day(found: History, plan: PortalPlan, today: date) -> date:
    """From which day on the next crawl asks: the first missing one, or those that may have been added to late. Days that the
    portal no longer shows are not asked for again."""
    overlap = today - timedelta(days=plan.overlap_days)
    if found.gone:
        overlap = max(overlap, found.gone + timedelta(days=1))
    return min(overlap, found.missing or overlap)


def rests_until(found: History, plan: PortalPlan, now: datetime) -> datetime | None:
    """Until when a portal that blocked the last crawl is left alone; None where it may be asked."""
    if found.blocked_at is None:
        return None
    until = next_time(plan, found.blocked_at + REST)
    return until if until > now else None


def ran_just_now(found: History, plan: PortalPlan, now: datetime) -> bool:
    """Whether a crawl has ended so shortly ago that this one can bring nothing."""
    pause = min(_JUST_NOW, (next_time(plan, now + timedelta(seconds=1)) - now) / 2)
    return found.finished_at is not None and found.finished_at > now - pause


def missed(found: History, plan: PortalPlan, now: datetime) -> bool:
    """Whether a crawl should have run before ``now``: days are missing, or a time of the plan has passed without one."""
    return found.missing is not None or found.started_at is None or next_time(plan, found.started_at) <= now


def next_time(plan: PortalPlan, after: datetime) -> datetime:
    """The first time of the plan that is not before ``after``."""
    at: datetime = trigger(plan.cron).get_next_fire_time(None, after)
    return at.astimezone(SHANGHAI)
