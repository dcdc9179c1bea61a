"""The growth of a period like for like, and how its figures changed after they were first known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from analysis.figures.coverage import coverage_parameters
from analysis.figures.definition import Definition
from analysis.figures.periods import Compared, Period

# A period is first looked at when this many days after its end are over: by then its last days are read too.
FIRST_LOOK_DAYS = 5


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """Growth over the portals that were complete in both periods. All is None if no portal was."""

    portals: tuple[str, ...] | None = None
    awards: int | None = None
    base_awards: int | None = None
    awards_pct: float | None = None
    amount_yuan: Decimal | None = None
    base_amount_yuan: Decimal | None = None
    amount_pct: float | None = None


@dataclass(frozen=True, slots=True)
class CauseChange:
    """All changes of a period that have one cause, net."""

    cause: str
    changes: int
    awards_change: int
    disclosed_change: int
    amount_change_yuan: Decimal


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """A notice that was first seen at the instant of a change."""

    kind: str
    title: str | None
    url: str


@dataclass(frozen=True, slots=True)
class AwardChange:
    """A single change. Amounts are in yuan, None where the award was not in the period or had no price."""

    known_on: date
    award_key: str
    cause: str
    awards_change: int
    amount_before_yuan: Decimal | None
    amount_after_yuan: Decimal | None
    project_name: str | None
    buyer: str | None
    notices: tuple[ChangeNotice, ...]


@dataclass(frozen=True, slots=True)
class Revisions:
    """How a period changed after the end of the day ``since``, on which it was first looked at.

    That is :data:`FIRST_LOOK_DAYS` days after the period's end or, if that was later, the day on which an award of it
    was first known. ``awards``, ``disclosed`` and ``amount_yuan`` are the figures of then. ``changes`` are the newest
    single changes, as many as were asked for.
    """

    since: date
    awards: int
    disclosed: int
    amount_yuan: Decimal | None
    causes: tuple[CauseChange, ...]
    changes: tuple[AwardChange, ...] = ()


_ALIKE = """
    SELECT
        CASE compared WHEN 'yoy' THEN 'yoy' ELSE 'prev' END,
        portals, like_awards, like_base_awards, like_awards_pct,
        like_amount_yuan, like_base_amount_yuan, like_amount_pct
    FROM like_for_like_of(
        'counted_awards', CAST($instant AS TIMESTAMPTZ), search_words := $search_words, of_portals := $of_portals,
        from_month := $first, period_months := $months
    )
"""

# Only awards that were in the period in some state can have changed it. All its months pass for the last one, so that a
# change of date within it is none.
_STATES = """
    CREATE OR REPLACE TEMP TABLE period_states AS
    SELECT award_key, valid_from, valid_to, status, is_large_model, notice_keys,
        summed_yuan(amount_yuan, disclosed) AS amount_yuan,
        CASE
            WHEN NOT ({condition}) THEN NULL
            WHEN month_of(awarded_on) BETWEEN $first AND $last THEN $last
            ELSE month_of(awarded_on)
        END AS month
    FROM award_states
    WHERE award_key IN (
        SELECT award_key FROM award_states WHERE month_of(awarded_on) BETWEEN $first AND $last
    )
"""
_CHANGES = """
    CREATE OR REPLACE TEMP TABLE period_changes AS
    SELECT * FROM award_changes_of('period_states') WHERE month = $last AND known_at <= CAST($instant AS TIMESTAMPTZ)
"""
_SINCE = "SELECT greatest(min(known_on), last_day(CAST(? AS DATE)) + ?) FROM period_changes"
_THEN = """
    SELECT CAST(coalesce(sum(awards_change), 0) AS BIGINT), CAST(coalesce(sum(disclosed_change), 0) AS BIGINT),
        sum(amount_change_yuan)
    FROM period_changes WHERE known_on <= ?
"""
_BY_CAUSE = """
    SELECT
        cause, count(*), CAST(sum(awards_change) AS BIGINT), CAST(sum(disclosed_change) AS BIGINT),
        sum(amount_change_yuan)
    FROM period_changes WHERE known_on > ? GROUP BY cause ORDER BY count(*) DESC, cause
"""
# The notices that were seen first at that very instant are what moved the figure.
_SINGLE = """
    SELECT
        c.known_on, c.award_key, c.cause, c.awards_change, c.amount_before_yuan, c.amount_after_yuan,
        any_value(coalesce(s.project_name, s.title)), any_value(s.buyer),
        coalesce(list({'kind': n.kind, 'title': n.title, 'url': n.url} ORDER BY n.notice_key, n.version)
            FILTER (n.url IS NOT NULL), [])
    FROM (
        SELECT * FROM period_changes WHERE known_on > $since
        ORDER BY known_at DESC, award_key, awards_change LIMIT $listed
    ) AS c
    LEFT JOIN (
        SELECT award_key, arg_max(project_name, valid_from) AS project_name, arg_max(title, valid_from) AS title,
            arg_max(buyer, valid_from) AS buyer, flatten(list(notice_keys)) AS notice_keys
        FROM award_states
        WHERE award_key IN (SELECT award_key FROM period_changes WHERE known_on > $since)
        GROUP BY award_key
    ) AS s USING (award_key)
    LEFT JOIN notices AS n ON n.first_seen_at = c.known_at AND list_contains(s.notice_keys, n.notice_key)
    GROUP BY ALL
    ORDER BY 1 DESC, 2, 4
"""


def like_for_like(
    con: duckdb.DuckDBPyConnection, period: Period, definition: Definition, instant: datetime | None
) -> dict[Compared, LikeForLike]:
    """Return growth over the portals that were complete in both periods by ``definition`` (``like_for_like_of``).

    Reads ``counted_awards``. The figures are None if no portal was complete in both, or nothing counts.
    """
    asked = {**coverage_parameters(definition, instant), "first": period.first, "months": period.months}
    rows = {
        compared: LikeForLike(None if portals is None else tuple(portals), *figures)
        for compared, portals, *figures in con.execute(_ALIKE, asked).fetchall()
    }
    return {compared: rows.get(compared) or LikeForLike() for compared in period.bases}


def revisions(
    con: duckdb.DuckDBPyConnection,
    period: Period,
    rules: Definition,
    instant: datetime | None,
    today: date | None,
    listed: int = 0,
) -> Revisions | None:
    """Return how the period changed since its figures were first looked at, by cause, up to ``instant`` (None: now).

    ``today`` is the last day on which anything was known. Returns None before the first look, and for a period in
    which no award was ever counted. ``listed`` is how many single changes to give.
    """
    con.execute(_STATES.format(condition=rules.condition), {"first": period.first, "last": period.last})
    con.execute(_CHANGES, {"last": period.last, "instant": instant or "infinity"})
    try:
        since = _only_value(con.execute(_SINCE, [period.last, FIRST_LOOK_DAYS]))
        if not _only_value(con.execute("SELECT count(*) FROM period_changes")) or today is None or since > today:
            return None
        awards, disclosed, amount_yuan = con.execute(_THEN, [since]).fetchone() or (0, 0, None)
        causes = con.execute(_BY_CAUSE, [since]).fetchall()
        changes = con.execute(_SINGLE, {"since": since, "listed": listed}).fetchall() if listed else []
    finally:
        con.execute("DROP TABLE IF EXISTS temp.period_states; DROP TABLE IF EXISTS temp.period_changes")
    return Revisions(
        since=since,
        awards=awards,
        disclosed=disclosed,
        amount_yuan=amount_yuan if disclosed else None,
        causes=tuple(CauseChange(*row) for row in causes),
        changes=tuple(_change(row) for row in changes),
    )


def _change(row: tuple[Any, ...]) -> AwardChange:
    known_on, award_key, cause, awards_change, amount_before, amount_after, project_name, buyer, notices = row
    return AwardChange(
        known_on,
        award_key,
        cause,
        awards_change,
        amount_before,
        amount_after,
        project_name,
        buyer,
        tuple(ChangeNotice(**notice) for notice in notices),
    )


def _only_value(result: duckdb.DuckDBPyConnection) -> Any:
    row = result.fetchone()
    return row[0] if row else None
