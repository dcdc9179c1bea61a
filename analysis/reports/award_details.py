"""The awards of a report with their lots, notices and evidence, for the page and for the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import duckdb

from analysis.figures.definition import Definition
from analysis.reports.period_report import Contents

ROOM = 8_000  # awards on a page; all awards of the period itself are there in any case

# Fields whose evidence is shown, among them those that a person can decide.
EVIDENCE = ("is_large_model", "project_type", "sector", "province", "buyer", "suppliers", "amount_yuan", "awarded_on")

_CHOSEN = """
    CREATE OR REPLACE TEMP TABLE reported AS
    SELECT
        * REPLACE (summed_yuan(amount_yuan, disclosed) AS amount_yuan),
        month_of(awarded_on) AS month, amount_yuan IS NOT NULL AND NOT disclosed AS waits_for_review
    FROM awards_as_of($instant)
    WHERE awarded_on BETWEEN $since AND last_day($until)
        AND list_contains($months, month_of(awarded_on)) AND {condition}
"""
# The notices as they read at the report's instant.
_NOTICES = """
    CREATE OR REPLACE TEMP TABLE reported_notices AS
    SELECT
        award_key,
        list(
            {
                'notice_key': notice_key, 'kind': kind, 'day': published_on, 'title': title, 'url': url,
                'is_latest': is_latest
            }
            ORDER BY (kind <> 'award'), published_on NULLS LAST, notice_key
        ) AS notices
    FROM (
        SELECT r.award_key, n.notice_key, n.kind, n.published_on, n.title, n.url, n.is_latest
        FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM reported) AS r
        JOIN notices AS n ON n.notice_key = r.notice_key AND {known}
    )
    GROUP BY award_key
"""
_LATEST = "n.is_latest"
_LATEST_AT_INSTANT = """
    n.first_seen_at <= $instant AND n.version = (
        SELECT max(v.version) FROM notices AS v WHERE v.notice_key = n.notice_key AND v.first_seen_at <= $instant
    )
"""

# What the places of one award's JSON array hold: first what a list shows of it and finds it by, then what is seen when
# it is opened. ``won`` are the vendor groups that won a lot of it, each with the price of those lots, as the rankings
# count. A piece of evidence is the place of its notice, the words, the rules.
LISTED = (
    "key",
    "month",
    "day",
    "name",
    "number",
    "buyer",
    "province",
    "type",
    "sector",
    "amount",
    "partial",
    "own",
    "suppliers",
    "won",
)
OPENED = ("vendors", "lots", "notices", "evidence", "decided")
NAMES = LISTED + OPENED
_SOURCES = '[{"notice_key": "VARCHAR", "words": ["VARCHAR"], "rules": ["VARCHAR"]}]'
_DECIDED = "json_extract(evidence, '$.reviewed')"

_ROWS = """
    SELECT
        coalesce(r.project_name, r.title), r.buyer, r.province, r.awarded_on, r.project_type, r.sector, r.amount_yuan,
        r.amount_partial, r.suppliers, r.vendors, r.own_group, len(r.lots), r.project_number, n.notices[1].url,
        r.award_key
    FROM reported AS r LEFT JOIN reported_notices AS n USING (award_key)
    ORDER BY r.amount_yuan DESC NULLS LAST, r.award_key
"""


def months_with_room(contents: Contents) -> list[date]:
    """Return the months whose awards are on the page, those of the period first.

    The period itself always is. The months that it is compared with follow, then the others of the curve
    from the newest back, as long as all awards of a month fit.
    """
    counts = {month.month: month.figures.awards for month in contents.curve if month.figures}
    period = contents.period
    months = [*reversed(period.each_month)]
    room = ROOM - sum(counts.get(month, 0) for month in months)
    bases = [month for base in period.bases.values() for month in reversed(base.each_month)]
    for month in dict.fromkeys((*bases, *reversed(counts))):
        if month not in months and 0 < counts.get(month, 0) <= room:
            months.append(month)
            room -= counts[month]
    return months


@contextmanager
def chosen(
    con: duckdb.DuckDBPyConnection, definition: Definition, months: Sequence[date], instant: datetime | None
) -> Iterator[None]:
    """Have the awards that count in the ``months``, and their notices, in temporary tables, as known at ``instant``."""
    span = {"months": months, "since": min(months), "until": max(months), "instant": instant or "infinity"}
    try:
        con.execute(_CHOSEN.format(condition=definition.condition), span)
        known = {"instant": instant} if instant else None
        con.execute(_NOTICES.replace("{known}", _LATEST_AT_INSTANT if instant else _LATEST), known)
        yield
    finally:
        con.execute("DROP TABLE IF EXISTS temp.reported; DROP TABLE IF EXISTS temp.reported_notices")


def as_json(con: duckdb.DuckDBPyConnection, instant: datetime | None) -> list[str]:
    """Return the :func:`chosen` awards as JSON arrays, the newest month and the largest amount first."""
    sql = _json_rows(_DECIDED if instant is None else "NULL", "month DESC, amount_yuan DESC NULLS LAST, award_key")
    return [f"{listed[:-1]},{opened[1:]}" for listed, opened in con.execute(sql).fetchall()]


def as_two_parts(con: duckdb.DuckDBPyConnection, month: date) -> list[tuple[str, str]]:
    """Return the :func:`chosen` awards of a month, the newest day first, each as the arrays of LISTED and OPENED."""
    sql = _json_rows(_DECIDED, "awarded_on DESC, amount_yuan DESC NULLS LAST, award_key", "WHERE r.month = $month")
    return con.execute(sql, {"month": month}).fetchall()


def as_rows(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Return the :func:`chosen` awards, the largest amount first, as rows of a sheet."""
    return con.execute(_ROWS).fetchall()


def _json_rows(decided: str, order: str, condition: str = "") -> str:
    """Return the SELECT of two JSON arrays for each award, whose places are :data:`LISTED` and :data:`OPENED`."""
    return f"""
        WITH awards_with_notices AS (
            SELECT
                r.*, coalesce(n.notices, []) AS notices, coalesce(a.evidence, '{{}}') AS evidence,
                list_transform(
                    list_filter(r.lots, lambda l: l.counted AND l.state = 'won'),
                    lambda l: {{
                        'vendors': l.vendors,
                        'amount_yuan': CASE WHEN NOT r.waits_for_review THEN l.amount_yuan END
                    }}
                ) AS won
            FROM reported AS r
            LEFT JOIN reported_notices AS n USING (award_key)
            LEFT JOIN awards AS a USING (award_key)
            {condition}
        )
        SELECT
            CAST(json_array(
                award_key, strftime(month, '%Y-%m'), CAST(awarded_on AS VARCHAR), coalesce(project_name, title),
                project_number, buyer, province, project_type, sector, amount_yuan, amount_partial, own_group,
                suppliers,
                list_transform(
                    list_sort(list_distinct(flatten(list_transform(won, lambda w: w.vendors)))),
                    lambda v: json_array(v, list_sum(
                        list_transform(list_filter(won, lambda w: list_contains(w.vendors, v)), lambda w: w.amount_yuan)
                    ))
                )
            ) AS VARCHAR),
            CAST(json_array(
                vendors,
                list_transform(lots, lambda l: json_array(
                    l.lot_no, l.lot_name, l.state, l.counted, CASE WHEN NOT waits_for_review THEN l.amount_yuan END,
                    l.amount_source, l.suppliers, l.vendors
                )),
                list_transform(
                    notices, lambda n: json_array(n.notice_key, n.kind, CAST(n.day AS VARCHAR), n.title, n.url)
                ),
                json_array({", ".join(map(_evidence_of, EVIDENCE))}),
                {decided}
            ) AS VARCHAR)
        FROM awards_with_notices
        ORDER BY {order}
    """


def _evidence_of(field: str) -> str:
    """Return the expression for a field's evidence.

    An award keeps only the words of the latest versions, so notices that changed after the report's instant have none.
    """
    return f"""
        list_transform(
            list_filter(
                from_json(json_extract(evidence, '$.{field}'), '{_SOURCES}'),
                lambda e: list_contains(
                    list_transform(notices, lambda n: CASE WHEN n.is_latest THEN n.notice_key END), e.notice_key
                )
            ),
            lambda e: json_array(
                list_position(list_transform(notices, lambda n: n.notice_key), e.notice_key) - 1, e.words, e.rules
            )
        )
    """
