"""What a month's figures are based on: which portals were read completely, and what is stored of the others."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

_SHORT = ("partial", "blocked", "failed", "incomplete", "keyword")

_DAYS = """
    SELECT portal, state, count(*) FROM covered_days_as_of(?) WHERE day BETWEEN ? AND ? AND state <> 'never'
    GROUP BY portal, state
"""
_LAST_CRAWLS = """
    SELECT portal, arg_max(state, (started_at, crawl_id)) FROM crawls
    WHERE finished_at <= ? AND (
        (since <= ? AND coalesce(until, shanghai_day(started_at)) >= ?)
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


@dataclass(frozen=True, slots=True)
class PortalCoverage:
    """One portal's part in a month: how many days were read completely and how many notices are stored.

    ``state`` is ``complete`` (every day), ``partial`` (some), ``keyword`` (asked for keywords only), ``blocked``,
    ``failed`` or ``incomplete`` (the last crawl that touches the month ended so and no day is complete), ``loaded``
    (notices from files, never crawled). A day that an alarm casts doubt on is missing.
    """

    portal: str
    state: str
    days_complete: int
    days_missing: int
    notices: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a month's figures are based on. ``alarms`` are sentences; ``words_zh`` and ``words_en`` sum it all up."""

    days: int
    notices: int
    portals: tuple[PortalCoverage, ...]
    alarms: tuple[str, ...]
    words_zh: str
    words_en: str

    @property
    def portals_complete(self) -> int:
        """The number of portals that were read completely on every day."""
        return sum(portal.state == "complete" for portal in self.portals)

    @property
    def has_data(self) -> bool:
        """Whether anything is known of the month: a stored notice, or a day that was read completely."""
        return self.notices > 0 or any(portal.days_complete for portal in self.portals)


def coverage(con: duckdb.DuckDBPyConnection, month: date, instant: datetime | None = None) -> Coverage:
    """Return, portal by portal, the days of ``month`` that were read completely (view ``covered_days``).

    The state of knowledge is that of ``instant``; None means now.
    """
    first, last = month, date(month.year, month.month, monthrange(month.year, month.month)[1])
    days = (last - first).days + 1
    upto = instant or "infinity"
    by_portal: dict[str, dict[str, int]] = {}
    for portal, state, count in con.execute(_DAYS, [upto, first, last]).fetchall():
        by_portal.setdefault(portal, {})[state] = count
    last_states = dict(con.execute(_LAST_CRAWLS, [upto, last, first, first, last]).fetchall())
    stored = dict(con.execute(_STORED, [first, last, upto]).fetchall())
    portals = []
    for portal in sorted({*by_portal, *stored}):
        day_states = by_portal.get(portal, {})
        complete = day_states.get("complete", 0)
        state = _state(day_states, days, last_states.get(portal))
        portals.append(PortalCoverage(portal, state, complete, days - complete, stored.get(portal, 0)))
    alarms = con.execute(_ALARMS, {"first": first, "last": last, "instant": upto}).fetchall()
    doubtful = {portal: states["doubtful"] for portal, states in by_portal.items() if "doubtful" in states}
    return Coverage(
        days=days,
        notices=sum(stored.values()),
        portals=tuple(portals),
        alarms=tuple(text for _, text, days_touched in alarms if days_touched),
        words_zh=_words_zh(portals, doubtful),
        words_en=_words_en(portals, doubtful),
    )


def _state(day_states: dict[str, int], days: int, last_state: str | None) -> str:
    """Judge a portal by the number of its days in each state, and by how the month's last crawl ended if one did."""
    if day_states.get("complete") == days:
        return "complete"
    if day_states.get("complete"):
        return "partial"
    if not day_states:
        return "loaded"
    if set(day_states) == {"keyword"}:
        return "keyword"
    return "partial" if last_state in (None, "complete") else last_state


def _words_zh(portals: Sequence[PortalCoverage], doubtful: dict[str, int]) -> str:
    if not portals:
        return "本月没有任何数据"
    complete, short, loaded = _sorted_out(portals)
    words = [f"{len(portals)} 个平台中 {complete} 个完整"]
    words += [f"{portal.portal} 缺 {portal.days_missing} 天" for portal in short]
    words += [f"{portal} 有 {days} 天可能读取有误" for portal, days in doubtful.items()]
    words += [f"{'、'.join(loaded)} 来自文件，完整性未知"] if loaded else []
    return "；".join(words)


def _words_en(portals: Sequence[PortalCoverage], doubtful: dict[str, int]) -> str:
    if not portals:
        return "nothing is known of this month"
    complete, short, loaded = _sorted_out(portals)
    words = [f"{complete} of {len(portals)} portals complete"]
    words += [f"{_days(portal.days_missing)} of {portal.portal} missing" for portal in short]
    words += [f"{_days(days)} of {portal} may be misread" for portal, days in doubtful.items()]
    words += [f"{', '.join(loaded)} from files, completeness unknown"] if loaded else []
    return "; ".join(words)


def _sorted_out(portals: Sequence[PortalCoverage]) -> tuple[int, list[PortalCoverage], list[str]]:
    """Return how many portals are complete, those that miss days, and the names of those known from files only."""
    complete = sum(portal.state == "complete" for portal in portals)
    short = [portal for portal in portals if portal.state in _SHORT]
    return complete, short, [portal.portal for portal in portals if portal.state == "loaded"]


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
