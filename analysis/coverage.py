"""What a month's figures are based on: which portals were read completely, and what is stored of the others."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

Json = dict[str, Any]


def coverage(con: duckdb.DuckDBPyConnection, month: date, instant: datetime | None = None) -> Json:
    """Portal by portal the days of ``month`` that a complete crawl covers, as known at ``instant`` (None: now).

    ``state`` is ``complete`` (every day), ``partial`` (some), ``blocked``, ``failed`` or ``incomplete`` (the last crawl
    that touches the month ended so and none was complete), ``loaded`` (notices from files, never crawled).
    """
    first, last = month, date(month.year, month.month, monthrange(month.year, month.month)[1])
    windows = con.execute(
        """
        SELECT portal, since, coalesce(until, CAST(timezone('Asia/Shanghai', started_at) AS DATE)) AS until, state
        FROM crawls
        WHERE since <= ? AND coalesce(until, CAST(timezone('Asia/Shanghai', started_at) AS DATE)) >= ?
            AND (? IS NULL OR finished_at <= ?)
        ORDER BY portal, started_at, crawl_id
        """,
        [last, first, instant, instant],
    ).fetchall()
    stored = dict(
        con.execute(
            """
            SELECT portal, count(DISTINCT notice_key) FROM notices
            WHERE published_on BETWEEN ? AND ? AND (? IS NULL OR first_seen_at <= ?) GROUP BY portal
            """,
            [first, last, instant, instant],
        ).fetchall()
    )
    days = (last - first).days + 1
    portals = []
    for portal in sorted({w[0] for w in windows} | set(stored)):
        own = [w for w in windows if w[0] == portal]
        complete = _days(first, last, [(s, u) for _, s, u, state in own if state == "complete"])
        if complete == days:
            state = "complete"
        elif complete:
            state = "partial"
        else:
            state = own[-1][3] if own else "loaded"
        portals.append({
            "portal": portal, "state": state, "days_complete": complete, "days_missing": days - complete,
            "notices": stored.get(portal, 0),
        })  # fmt: skip
    return {
        "days": days,
        "notices": sum(stored.values()),
        "portals": portals,
        "portals_complete": sum(p["state"] == "complete" for p in portals),
        "words_zh": _words(portals, zh=True),
        "words_en": _words(portals, zh=False),
    }


def _days(first: date, last: date, windows: list[tuple[date, date]]) -> int:
    covered = set()
    for since, until in windows:
        day = max(since, first)
        while day <= min(until, last):
            covered.add(day)
            day += timedelta(days=1)
    return len(covered)


def _words(portals: list[Json], *, zh: bool) -> str:
    if not portals:
        return "本月没有任何数据" if zh else "nothing is known of this month"
    full = sum(p["state"] == "complete" for p in portals)
    short = [p for p in portals if p["state"] in ("partial", "blocked", "failed", "incomplete")]
    loaded = [p["portal"] for p in portals if p["state"] == "loaded"]
    if zh:
        words = [f"{len(portals)} 个平台中 {full} 个完整"]
        words += [f"{p['portal']} 缺 {p['days_missing']} 天" for p in short]
        words += [f"{'、'.join(loaded)} 来自文件，完整性未知"] if loaded else []
        return "；".join(words)
    words = [f"{full} of {len(portals)} portals complete"]
    words += [f"{p['days_missing']} days of {p['portal']} missing" for p in short]
    words += [f"{', '.join(loaded)} from files, completeness unknown"] if loaded else []
    return "; ".join(words)
