"""The awards that a definition counts, for a while under the names of the published tables and views."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import duckdb

from analysis.figures.coverage import coverage_parameters
from analysis.figures.definition import Definition
from analysis.views.catalog import BREAKDOWNS, create_temporary

# In the order of their creation. Each reads the tables below, or one before it.
_VIEWS = ("counted_vendors", "monthly", *(f"monthly_by_{part.name}" for part in BREAKDOWNS))
_MACROS = (
    "compared_periods",
    "period_totals",
    *(f"period_by_{part.name}" for part in BREAKDOWNS),
    "passed_vendors",
    "largest_awards",
)

_COUNTED_AWARDS = """
    CREATE OR REPLACE TEMP TABLE counted_awards AS
    SELECT * REPLACE (summed_yuan(amount_yuan, disclosed) AS amount_yuan), month_of(awarded_on) AS month
    FROM awards_as_of($instant)
    WHERE awarded_on BETWEEN $first AND last_day($last) AND list_contains($months, month_of(awarded_on)) AND {condition}
"""
_KNOWN_MONTHS = """
    CREATE OR REPLACE TEMP TABLE known_months AS
    SELECT
        comparable_months(complete_months, unknown_months, (SELECT list(DISTINCT month) FROM counted_awards)) AS months
    FROM known_months_as_of($instant, search_words := $search_words, of_portals := $of_portals)
"""
_AWARD_LOTS = """
    CREATE OR REPLACE TEMP VIEW award_lots AS
    SELECT award_key, seq, lot.*
    FROM (
        SELECT award_key, CAST(generate_subscripts(lots, 1) AS INTEGER) AS seq, unnest(lots) AS lot
        FROM counted_awards
    )
"""


# What many reports of one state of knowledge read, each in full, and what does not depend on the awards that count.
_OF_REPORTS = (*_VIEWS, "published_contradictions")


@contextmanager
def counted(
    con: duckdb.DuckDBPyConnection,
    definition: Definition,
    months: Sequence[date],
    instant: datetime | None,
    *,
    for_many_reports: bool = False,
) -> Iterator[None]:
    """Let ``counted_awards`` and the views on it hold what ``definition`` counts in ``months``, within the block.

    Growth compares the months that are covered by the definition. Awards and coverage are those known at ``instant``
    (None: now). Temporary tables and views of the same SQL shadow the published ones, so a query reads alike for every
    definition and every instant, and the published database stays as it is. ``for_many_reports`` computes the views
    once, which takes longer than a single report does and much less than thirty.
    """
    views, kind = (_OF_REPORTS, "TABLE") if for_many_reports else (_VIEWS, "VIEW")
    parameters = {"months": [*months], "first": min(months), "last": max(months), "instant": instant or "infinity"}
    try:
        con.execute(_COUNTED_AWARDS.format(condition=definition.condition), parameters)
        con.execute(_KNOWN_MONTHS, coverage_parameters(definition, instant))
        con.execute(_AWARD_LOTS)
        create_temporary(con, (*views, *_MACROS), computed=for_many_reports)
        yield
    finally:
        for name in reversed(_MACROS):
            con.execute(f"DROP MACRO TABLE IF EXISTS temp.{name}")
        for name in reversed(views):
            con.execute(f"DROP {kind} IF EXISTS temp.{name}")
        con.execute("DROP VIEW IF EXISTS temp.award_lots")
        con.execute("DROP TABLE IF EXISTS temp.counted_awards; DROP TABLE IF EXISTS temp.known_months")
