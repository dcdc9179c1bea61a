"""A month's growth like for like, and how its figures changed after it was first known: for one summary, of any definition."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from analysis.figures.definition import WHERE, Definition

Json = dict[str, Any]

# A month's figures are first looked at when this many days after its end are over: by then its last days are read too.
FIRST_LOOK_DAYS = 5

_ALIKE = """
    SELECT compared, strftime(base_month, '%Y-%m'), portals, like_awards, like_base_awards, like_awards_pct,
        CAST(like_amount_yuan AS VARCHAR), CAST(like_base_amount_yuan AS VARCHAR), like_amount_pct
    FROM like_for_like_of('counted', CAST(? AS TIMESTAMPTZ)) WHERE month = ?
"""
_ALIKE_NAMES = (
    "base_month", "portals", "awards", "base_awards", "awards_pct", "amount_yuan", "base_amount_yuan", "amount_pct"
)  # fmt: skip

# Only awards that were of the month in some state can have changed it.
_STATES = f"""
    CREATE OR REPLACE TEMP TABLE told_states AS
    SELECT award_key, valid_from, valid_to, status, is_large_model, amount_yuan, notice_keys,
        CASE WHEN {WHERE} THEN CAST(date_trunc('month', awarded_on) AS DATE) END AS month
    FROM award_states
    WHERE award_key IN (SELECT award_key FROM award_states WHERE date_trunc('month', awarded_on) = $first)
"""
_CHANGES = """
    CREATE OR REPLACE TEMP TABLE told_changes AS
    SELECT * FROM award_changes_of('told_states') WHERE month = $first AND known_at <= CAST($instant AS TIMESTAMPTZ)
"""
_SINCE = "SELECT greatest(min(known_on), last_day(CAST(? AS DATE)) + ?) FROM told_changes"
_THEN = """
    SELECT CAST(coalesce(sum(awards_change), 0) AS BIGINT), CAST(coalesce(sum(disclosed_change), 0) AS BIGINT),
        CAST(sum(amount_change_yuan) AS VARCHAR)
    FROM told_changes WHERE known_on <= ?
"""
_BY_CAUSE = """
    SELECT cause, count(*), CAST(sum(awards_change) AS BIGINT), CAST(sum(disclosed_change) AS BIGINT),
        CAST(sum(amount_change_yuan) AS VARCHAR)
    FROM told_changes WHERE known_on > ? GROUP BY cause ORDER BY count(*) DESC, cause
"""
# The notices that were seen first at that very instant are what moved the figure.
_SINGLE = """
    SELECT
        CAST(c.known_on AS VARCHAR), c.award_key, c.cause, c.awards_change, CAST(c.amount_before_yuan AS VARCHAR),
        CAST(c.amount_after_yuan AS VARCHAR), any_value(coalesce(s.project_name, s.title)), any_value(s.buyer),
        coalesce(list({'kind': n.kind, 'title': n.title, 'url': n.url} ORDER BY n.notice_key, n.version)
            FILTER (n.url IS NOT NULL), [])
    FROM (SELECT * FROM told_changes WHERE known_on > $since ORDER BY known_at DESC, award_key, awards_change LIMIT $listed) AS c
    LEFT JOIN (
        SELECT award_key, arg_max(project_name, valid_from) AS project_name, arg_max(title, valid_from) AS title,
            arg_max(buyer, valid_from) AS buyer, flatten(list(notice_keys)) AS notice_keys
        FROM award_states WHERE award_key IN (SELECT award_key FROM told_changes WHERE known_on > $since) GROUP BY award_key
    ) AS s USING (award_key)
    LEFT JOIN notices AS n ON n.first_seen_at = c.known_at AND list_contains(s.notice_keys, n.notice_key)
    GROUP BY ALL
    ORDER BY 1 DESC, 2, 4
"""
_SINGLE_NAMES = (
    "known_on", "award_key", "cause", "awards_change", "amount_before_yuan", "amount_after_yuan", "project_name", "buyer",
    "notices"
)  # fmt: skip
_CAUSE_NAMES = ("cause", "changes", "awards_change", "disclosed_change", "amount_change_yuan")


def like_for_like(con: duckdb.DuckDBPyConnection, first: date, instant: datetime | None) -> Json:
    """Growth over the portals that were complete in both months (macro ``like_for_like_of``), of the temp table ``counted``.

    ``yoy`` and ``mom`` are there always; their figures are None where no portal was complete in both, or nothing counts.
    """
    rows = con.execute(_ALIKE, [instant or "infinity", first]).fetchall()
    found: Json = {compared: dict(zip(_ALIKE_NAMES, row, strict=True)) for compared, *row in rows}
    before = (first - timedelta(days=1)).replace(day=1)
    bases = {"yoy": first.replace(year=first.year - 1), "mom": before}
    return {
        key: found.get(key) or dict.fromkeys(_ALIKE_NAMES) | {"base_month": f"{base:%Y-%m}"}
        for key, base in bases.items()
    }


def revisions(
    con: duckdb.DuckDBPyConnection,
    first: date,
    rules: Definition,
    instant: datetime | None,
    today: str | None,
    listed: int = 0,
) -> Json | None:
    """How the month changed since its figures were first looked at, by cause, up to ``instant`` (None: now).

    ``since`` is the day at whose end they were: :data:`FIRST_LOOK_DAYS` after the month's end, or, if that was later, the day on
    which an award of it was first known. ``awards``, ``disclosed`` and ``amount_yuan`` are the figures then. None before that day
    (``today`` is the last day on which anything was known), and for a month in which no award was ever counted. With ``listed``
    there are also the newest single ``changes``, each with the notices that were first seen then.
    """
    con.execute(_STATES, rules.parameters | {"first": first})
    con.execute(_CHANGES, {"first": first, "instant": instant or "infinity"})
    try:
        row = con.execute(_SINCE, [first, FIRST_LOOK_DAYS]).fetchone()
        known = con.execute("SELECT count(*) FROM told_changes").fetchone()
        if not row or not known or not known[0] or today is None or row[0].isoformat() > today:
            return None
        since = row[0]
        then = con.execute(_THEN, [since]).fetchone() or (0, 0, None)
        causes = [dict(zip(_CAUSE_NAMES, cause, strict=True)) for cause in con.execute(_BY_CAUSE, [since]).fetchall()]
        single = con.execute(_SINGLE, {"since": since, "listed": listed}).fetchall() if listed else []
    finally:
        con.execute("DROP TABLE IF EXISTS temp.told_states; DROP TABLE IF EXISTS temp.told_changes")
    return {
        "since": since.isoformat(),
        "awards": then[0],
        "disclosed": then[1],
        "amount_yuan": then[2] if then[1] else None,
        "causes": causes,
        **({"changes": [dict(zip(_SINGLE_NAMES, change, strict=True)) for change in single]} if listed else {}),
    }
