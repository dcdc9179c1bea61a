"""Which version of the tables a data folder holds, and what to do about another one."""

from __future__ import annotations

from pathlib import Path

import duckdb

# Of the private tables and of the public tables and views together. It is raised with every change that a folder written before
# lacks; 'tenders rebuild' makes such a folder anew from its archive.
VERSION = 2

# The oldest DuckDB that can open the published database: other programs bring their own, often older than ours.
STORAGE = "v1.2.0"

# Where a database of ours says it: the store, and the published one.
_TOLD = {"private": "private.format", "main": "main.about"}


class OtherVersionError(ValueError):
    """A data folder that another version of the tool wrote; the message says what to do."""


def require(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise :class:`OtherVersionError` unless the database, a store or a published one, is of this version or empty."""
    rows = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
    ).fetchall()
    if not rows:
        return
    place = _TOLD["private" if any(schema == "private" for schema, _ in rows) else "main"]
    found = con.execute(f"FROM {place}").fetchone() if place in {f"{schema}.{name}" for schema, name in rows} else None
    if found != (VERSION,):
        which = (
            "a newer version of tenders: update it" if found and found[0] > VERSION else "an older version of tenders"
        )
        raise OtherVersionError(
            f"{path} was written by {which}; 'tenders rebuild' makes it anew for this one from its archive"
        )


def require_at(path: Path) -> None:
    """:func:`require` for a database that may not be there yet."""
    if path.exists():
        with duckdb.connect(str(path), read_only=True) as con:
            require(con, path)
