"""The version of the tables in a data folder, and what to do about another version."""

from __future__ import annotations

from pathlib import Path

import duckdb

# Version of the private tables, the public tables and the views together. Raise it with every change that an older
# data folder lacks; 'tenders rebuild' creates such a folder again from its archive.
VERSION = 5

# The oldest DuckDB that can open the published database: other programs bring their own, often older than ours.
STORAGE = "v1.2.0"

# The table with the version: in the store, and in the published database.
_VERSION_TABLES = {"private": "private.format", "main": "main.about"}
_PRIVATE = "FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name = 'private'"
_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"


class OtherVersionError(ValueError):
    """Another version of the tool wrote the data folder. The message says what to do."""


def require(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise :class:`OtherVersionError` unless the store or published database has this version or is empty."""
    schema = "private" if con.execute(_PRIVATE).fetchone() else "main"
    try:
        row = con.execute(f"FROM {_VERSION_TABLES[schema]}").fetchone()
    except duckdb.CatalogException:
        # Asked only now, because DuckDB takes 15 ms to list tables for the first time.
        if not con.execute(_TABLES).fetchall():
            return
        row = None
    if row != (VERSION,):
        which = "a newer version of tenders: update it" if row and row[0] > VERSION else "an older version of tenders"
        raise OtherVersionError(f"{path} was written by {which}; 'tenders rebuild' creates it again from its archive")
