"""What a month's figures are based on: which portals were read completely, and what is stored of the others."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime
from typing import Any

import duckdb

Json = dict[str, Any]

_SHORT = ("partial", "blocked", "failed", "incomplete", "keyword")

_DAYS = """
    SELECT portal, state, count(*) FROM covered_days_as_of(?) WHERE day BETWEEN ? AND ? AND state <> 'never'
    GROUP BY portal, state
"""
_LAST_CRAWLS = """
    SELECT portal, arg_max(state, (started_at, crawl_id)) FROM crawls
    WHERE finished_at <= ? AND (
        (since <= ? AND coalesce(until, CAST(timezone('Asia/Shanghai', started_at) AS DATE)) >= ?)
        OR crawl_id IN (SELECT crawl_id FROM crawl_windows WHERE day BETWEEN ? AND ?)
    )
    GROUP BY portal
"""
_STORED = """
    SELECT portal, count(DISTINCT notice_key) FROM notices
    WHERE published_on BETWEEN ? AND ? AND first_seen_at <= ? GROUP BY portal
"""
_ALARMS = """
    SELECT portal, text, len(list_filter(days, lambda day: day BETWEEN $first AND $last)) AS days
    FROM crawl_alarms WHERE checked_at <= $instant AND days <> [] ORDER BY portal, checked_at, text
"""


def coverage(con: duckdb.DuckDBPyConnection, month: date, instant: datetime | None = None) -> Json:
    """Portal by portal the days of ``month`` that were read completely (view ``covered_days``), as known at ``instant``
    (None: now).

    ``state`` is ``complete`` (every day), ``partial`` (some), ``keyword`` (asked for keywords only), ``blocked``, ``failed`` or
    ``incomplete`` (the last crawl that touches the month ended so and no day is complete), ``loaded`` (notices from files, never
    crawled). A day that an alarm casts doubt on is missing; ``alarms`` says which, in words.
    """
    first, last = month, date(month.year, month.month, monthrange(month.year, month.month)[1])
    days = (last - first).days + 1
    upto = instant or "infinity"
    by_portal: dict[str, dict[str, int]] = {}
    for portal, state, count in con.execute(_DAYS, [upto, first, last]).fetchall():
        by_portal.setdefault(portal, {})[state] = count
    ended = dict(con.execute(_LAST_CRAWLS, [upto, last, first, first, last]).fetchall())
    stored = dict(con.execute(_STORED, [first, last, upto]).fetchall())
    portals = []
    for portal in sorted({*by_portal, *stored}):
        known = by_portal.get(portal, {})
        complete = known.get("complete", 0)
        portals.append({
            "portal": portal, "state": _state(known, days, ended.get(portal)), "days_complete": complete,
            "days_missing": days - complete, "notices": stored.get(portal, 0),
        })  # fmt: skip
    alarms = con.execute(_ALARMS, {"first": first, "last": last, "instant": upto}).fetchall()
    doubtful = {portal: known["doubtful"] for portal, known in by_portal.items() if "doubtful" in known}
    return {
        "days": days,
        "notices": sum(stored.values()),
        "portals": portals,
        "portals_complete": sum(p["state"] == "complete" for p in portals),
        "alarms": [text for _, text, touched in alarms if touched],
        "words_zh": _words(portals, doubtful, zh=True),
        "words_en": _words(portals, doubtful, zh=False),
    }


def _state(known: dict[str, int], days: int, ended: str | None) -> str:
    """``known`` counts the month's days by their state; ``ended`` is how the last crawl of the month did, if there was one."""
    if known.get("complete") == days:
        return "complete"
    if known.get("complete"):
        return "partial"
    if not known:
        return "loaded"
    if set(known) == {"keyword"}:
        return "keyword"
    return "partial" if ended in (None, "complete") else ended


def _words(portals: list[Json], doubtful: dict[str, int], *, zh: bool) -> str:
    if not portals:
        return "本月没有任何数据" if zh else "nothing is known of this month"
    full = sum(p["state"] == "complete" for p in portals)
    short = [p for p in portals if p["state"] in _SHORT]
    loaded = [p["portal"] for p in portals if p["state"] == "loaded"]
    if zh:
        words = [f"{len(portals)} 个平台中 {full} 个完整"]
        words += [f"{p['portal']} 缺 {p['days_missing']} 天" for p in short]
        words += [f"{portal} 有 {days} 天可能读取有误" for portal, days in doubtful.items()]
        words += [f"{'、'.join(loaded)} 来自文件，完整性未知"] if loaded else []
        return "；".join(words)
    words = [f"{full} of {len(portals)} portals complete"]
    words += [f"{_days(p['days_missing'])} of {p['portal']} missing" for p in short]
    words += [f"{_days(days)} of {portal} may be misread" for portal, days in doubtful.items()]
    words += [f"{', '.join(loaded)} from files, completeness unknown"] if loaded else []
    return "; ".join(words)


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
