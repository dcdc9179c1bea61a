"""What is published: a database of its own with the public tables and views, filled from the store.

All published figures are those of its views, so they can be recomputed from its tables alone.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from analysis.staging import create_staging, drop_staging
from analysis.warehouse import publish
from pipelines.common.sql_text import literal

# What people decided, as the resolver of awards reads it; without the names of the reviewers.
_REVIEW_DECISIONS = """
    CREATE TABLE review_decisions (
        reviewed_at TIMESTAMPTZ NOT NULL, award_key VARCHAR NOT NULL, notice_keys VARCHAR[] NOT NULL,
        decided JSON NOT NULL, lots JSON NOT NULL
    )
"""


def copy_selection(
    store: duckdb.DuckDBPyConnection, draft: Path, since: date | None, until: date | None, storage_version: str
) -> None:
    """Write what is published of an open store to the new database ``draft``, without its views.

    ``since`` and ``until`` are days of award, both included. ``storage_version`` is the oldest DuckDB that can open it.
    """
    name = _scalar(store, "SELECT current_database()")
    store.execute(f"ATTACH {literal(draft)} AS publication (READ_WRITE, STORAGE_VERSION '{storage_version}')")
    create_staging(store)
    try:
        store.execute("USE publication")
        create_tables(store)
        store.execute(f'USE "{name}"')
        for variable, day in (("since", since), ("until", until)):
            store.execute(f"SET VARIABLE {variable} = CAST(? AS DATE)", [day])
        store.execute(publish.sql("publication", "chosen.sql"))
        _add_connected_notices(store)
        store.execute(publish.sql("publication", "selected_notices.sql"))
        store.execute(publish.sql("publication", "selection.sql"))
    finally:
        store.execute(f'USE "{name}"')
        drop_staging(store)
        store.execute("DETACH publication")


def copy_notices(store: duckdb.DuckDBPyConnection, draft: Path) -> None:
    """Add the notices in temp table ``chosen_notices`` of an open store to ``draft``, which has the empty tables."""
    store.execute(f"ATTACH {literal(draft)} AS publication")
    create_staging(store)
    try:
        store.execute(publish.sql("publication", "selected_notices.sql"))
    finally:
        drop_staging(store)
        store.execute("DETACH publication")


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of a publication, empty: the public ones and what else an award is resolved from."""
    publish.create_tables(con)
    con.execute("ALTER TABLE notices ADD COLUMN platform_number_key VARCHAR")
    con.execute(_REVIEW_DECISIONS)


def finish(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views of a publication that has its tables, and what they need."""
    publish.create_views(con)
    con.execute(publish.sql("warehouse/schema", "known_months.sql"))


def _add_connected_notices(store: duckdb.DuckDBPyConnection) -> None:
    before = -1
    while (count := _scalar(store, "SELECT count(*) FROM chosen_notices")) != before:
        before = count
        store.execute(publish.sql("publication", "connected.sql"))


def _scalar(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = con.execute(query).fetchone()
    assert row is not None
    return row[0]
