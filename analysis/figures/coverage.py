"""What the figures of a period are based on: which portals were read completely, and what is stored of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import duckdb

from analysis.figures.definition import Definition
from analysis.figures.periods import Period

CoverageState = Literal["complete", "partial", "unknown"]

_NAMED = 3  # so many portals known from files only are named where there are no others
_SHORT = ("partial", "blocked", "failed", "incomplete", "keyword")

_COVERED_ONCE = """
    CREATE OR REPLACE TEMP TABLE covered_once AS
    FROM covered_days_as_of($instant, search_words := $search_words, of_portals := $of_portals, of_months := $months)
"""
_COVERED_DAYS = """
    CREATE OR REPLACE TEMP MACRO covered_days_as_of(
        ts, search_words := NULL, of_portals := NULL, of_months := NULL
    ) AS TABLE FROM covered_once
"""
_DAYS = """
    SELECT portal, state, count(*)
    FROM covered_days_as_of($instant, search_words := $search_words, of_portals := $of_portals)
    WHERE day BETWEEN $first AND $last AND state <> 'never'
    GROUP BY portal, state
"""
# A month about which nothing is known is partial, unless nothing was ever crawled.
_STATE = """
    WITH states AS (
        SELECT DISTINCT coalesce(
            covered.state,
            CASE
                WHEN EXISTS (FROM crawled_portals_as_of($instant, of_portals := $of_portals)) THEN 'partial'
                ELSE 'unknown'
            END
        ) AS state
        FROM generate_series($first, $last, INTERVAL 1 MONTH) AS months (month)
        LEFT JOIN covered_months_as_of($instant, search_words := $search_words, of_portals := $of_portals) AS covered
            ON covered.month = CAST(months.month AS DATE)
    )
    SELECT CASE WHEN count(*) = 1 THEN any_value(state) ELSE 'partial' END FROM states
"""
_NEVER_CRAWLED = """
    SELECT portal
    FROM (
        SELECT portal FROM portals WHERE crawl
        UNION
        SELECT portal FROM notices WHERE published_on BETWEEN $first AND $last AND first_seen_at <= $instant
    )
    WHERE
        ($of_portals IS NULL OR list_contains($of_portals, portal))
        AND portal NOT IN (SELECT portal FROM crawled_portals_as_of($instant))
    ORDER BY portal
"""
_LAST_CRAWLS = """
    SELECT portal, arg_max(state, (started_at, crawl_id)) FROM crawls
    WHERE finished_at <= $instant AND (
        (since <= $last AND coalesce(until, shanghai_day(started_at)) >= $first)
        OR crawl_id IN (SELECT crawl_id FROM crawl_windows WHERE day BETWEEN $first AND $last)
    )
    GROUP BY portal
"""
_STORED = """
    SELECT portal, count(DISTINCT notice_key) FROM notices
    WHERE
        published_on BETWEEN $first AND $last
        AND first_seen_at <= $instant
        AND ($of_portals IS NULL OR list_contains($of_portals, portal))
    GROUP BY portal
"""
# Who published what the figures take from bases: awards of the period that count, or crawls of its days.
_BASES = """
    SELECT origin, coalesce(max(awards), 0)
    FROM (
        SELECT origin, count(*) AS awards
        FROM awards_as_of($instant)
        WHERE origin IS NOT NULL AND awarded_on BETWEEN $first AND $last AND {condition}
        GROUP BY origin
        UNION ALL
        SELECT DISTINCT origin, NULL
        FROM crawl_windows JOIN crawls USING (crawl_id)
        WHERE origin IS NOT NULL AND day BETWEEN $first AND $last AND checked_at <= $instant
    )
    GROUP BY origin ORDER BY origin
"""
_ALARMS = """
    SELECT portal, text, len(list_filter(days, lambda day: day BETWEEN $first AND $last)) AS days
    FROM crawl_alarms
    WHERE checked_at <= $instant AND days <> [] AND ($of_portals IS NULL OR list_contains($of_portals, portal))
    ORDER BY portal, checked_at, text
"""


@dataclass(frozen=True, slots=True)
class PortalCoverage:
    """One portal's part in a period: how many days were read completely and how many notices are stored.

    ``state`` is ``complete`` (every day), ``partial`` (some), ``keyword`` (asked for keywords only), ``blocked``,
    ``failed`` or ``incomplete`` (the last crawl that touches the period ended so and no day is complete), ``loaded``
    (notices from files, never crawled). A day that an alarm casts doubt on is missing.
    """

    portal: str
    state: str
    days_complete: int
    days_missing: int
    notices: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Who published a base, and how many awards of the period that count come from it."""

    origin: str
    awards: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the figures of a period are based on, by a definition.

    ``state``: ``complete`` if every portal that the definition counts, and that was ever crawled, is complete on every
    day; ``unknown`` if no day was crawled and portals that never were have notices (files, tables); else ``partial``.
    ``never_crawled``: portals that the definition counts and that were never crawled: those that could be, and those
    with notices of the period. ``bases``: who published the data sets of others that the figures rest on in part, and
    how many counted awards come from them. ``alarms`` are sentences; ``words_zh`` and ``words_en`` sum it all up.
    """

    state: CoverageState
    days: int
    notices: int
    portals: tuple[PortalCoverage, ...]
    never_crawled: tuple[str, ...]
    bases: tuple[Origin, ...]
    alarms: tuple[str, ...]
    words_zh: str
    words_en: str

    @property
    def portals_complete(self) -> int:
        """The number of portals that were read completely on every day."""
        return sum(portal.state == "complete" for portal in self.portals)

    @property
    def has_data(self) -> bool:
        """Whether anything is known of the period: a stored notice, or a day that was read completely."""
        return self.notices > 0 or any(portal.days_complete for portal in self.portals)


def coverage_parameters(definition: Definition, instant: datetime | None) -> dict[str, Any]:
    """Return what the coverage macros ask about a definition, as parameters of a statement."""
    return {
        "instant": instant or "infinity",
        "search_words": _as_list(definition.search_words),
        "of_portals": _as_list(definition.counted_portals),
    }


@contextmanager
def covered_once(
    con: duckdb.DuckDBPyConnection,
    definition: Definition,
    instant: datetime | None,
    months: Sequence[date] | None = None,
) -> Iterator[None]:
    """Find the covered days of a definition once, for all questions about them at this instant within the block.

    ``months`` are those that will be asked about (None: all). Like :func:`analysis.figures.counted.counted`: a
    temporary macro shadows the published one.
    """
    asked = {**coverage_parameters(definition, instant), "months": None if months is None else [*months]}
    try:
        con.execute(_COVERED_ONCE, asked)
        con.execute(_COVERED_DAYS)
        yield
    finally:
        con.execute("DROP MACRO TABLE IF EXISTS temp.covered_days_as_of")
        con.execute("DROP TABLE IF EXISTS temp.covered_once")


def coverage(
    con: duckdb.DuckDBPyConnection, period: Period, definition: Definition, instant: datetime | None = None
) -> Coverage:
    """Return, portal by portal, the days of ``period`` that are covered by ``definition`` (macro ``covered_days_of``).

    The state of knowledge is that of ``instant``; None means now.
    """
    first, last = period.first, period.last_day
    days = (last - first).days + 1
    asked = {**coverage_parameters(definition, instant), "first": first, "last": last}

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return con.execute(sql, {name: value for name, value in asked.items() if f"${name}" in sql}).fetchall()

    by_portal: dict[str, dict[str, int]] = {}
    for portal, state, count in rows(_DAYS):
        by_portal.setdefault(portal, {})[state] = count
    last_states = dict(rows(_LAST_CRAWLS))
    stored = dict(rows(_STORED))
    portals = []
    for portal in sorted({*by_portal, *stored}):
        day_states = by_portal.get(portal, {})
        complete = day_states.get("complete", 0)
        state = _state(day_states, days, last_states.get(portal))
        portals.append(PortalCoverage(portal, state, complete, days - complete, stored.get(portal, 0)))
    bases = tuple(Origin(*row) for row in rows(_BASES.format(condition=definition.condition)))
    doubtful = {portal: states["doubtful"] for portal, states in by_portal.items() if "doubtful" in states}
    return Coverage(
        state=rows(_STATE)[0][0],
        days=days,
        notices=sum(stored.values()),
        portals=tuple(portals),
        never_crawled=tuple(portal for (portal,) in rows(_NEVER_CRAWLED)),
        bases=bases,
        alarms=tuple(text for _, text, days_touched in rows(_ALARMS) if days_touched),
        words_zh="；".join([_words_zh(portals, doubtful), *_bases_zh(bases)]),
        words_en="; ".join([_words_en(portals, doubtful), *_bases_en(bases)]),
    )


def _as_list(values: tuple[str, ...] | None) -> list[str] | None:
    return None if values is None else [*values]


def _state(day_states: dict[str, int], days: int, last_state: str | None) -> str:
    """Judge a portal by the number of its days in each state, and by how the period's last crawl ended if one did."""
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
        return "没有任何数据"
    complete, short, loaded = _sorted_out(portals)
    if len(loaded) == len(portals) > _NAMED:
        return f"{len(portals)} 个平台的公告均来自文件，完整性未知"
    words = [f"{len(portals)} 个平台中 {complete} 个完整"]
    words += [f"{portal.portal} 缺 {portal.days_missing} 天" for portal in short]
    words += [f"{portal} 有 {days} 天可能读取有误" for portal, days in doubtful.items()]
    words += [f"{'、'.join(loaded)} 来自文件，完整性未知"] if loaded else []
    return "；".join(words)


def _words_en(portals: Sequence[PortalCoverage], doubtful: dict[str, int]) -> str:
    if not portals:
        return "nothing is known"
    complete, short, loaded = _sorted_out(portals)
    if len(loaded) == len(portals) > _NAMED:
        return f"all {len(portals)} portals from files, completeness unknown"
    words = [f"{complete} of {len(portals)} portals complete"]
    words += [f"{_days(portal.days_missing)} of {portal.portal} missing" for portal in short]
    words += [f"{_days(days)} of {portal} may be misread" for portal, days in doubtful.items()]
    words += [f"{', '.join(loaded)} from files, completeness unknown"] if loaded else []
    return "; ".join(words)


def _bases_zh(bases: Sequence[Origin]) -> list[str]:
    if not bases:
        return []
    return [f"部分依据他人发布的数据：{'、'.join(f'{one.origin}（{one.awards} 个项目）' for one in bases)}"]


def _bases_en(bases: Sequence[Origin]) -> list[str]:
    if not bases:
        return []
    return [f"partly from published data of {', '.join(f'{one.origin} ({one.awards} awards)' for one in bases)}"]


def _sorted_out(portals: Sequence[PortalCoverage]) -> tuple[int, list[PortalCoverage], list[str]]:
    """Return how many portals are complete, those that miss days, and the names of those known from files only."""
    complete = sum(portal.state == "complete" for portal in portals)
    short = [portal for portal in portals if portal.state in _SHORT]
    return complete, short, [portal.portal for portal in portals if portal.state == "loaded"]


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
