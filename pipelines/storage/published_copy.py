"""The published database: a copy of the store's public tables, which replaces the old copy atomically.

A program that has an old copy open, even for writing, keeps it and delays nothing.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from pipelines.common.atomic_files import replace_text, sync_path
from pipelines.storage import version
from pipelines.storage.store import generation, quoted, scalar

_ROWS_SORTED_AT_ONCE = 20_000


def is_published(con: duckdb.DuckDBPyConnection, targets: list[Path], mark: Path) -> bool:
    """Return whether every target is there and shows the store's last load, which ``mark`` names."""
    try:
        written = mark.read_text("ascii")
    except OSError:
        return False
    return written == str(generation(con)) and all(target.exists() for target in targets)


def publish(con: duckdb.DuckDBPyConnection, targets: list[Path], mark: Path) -> None:
    """Replace each target by a copy of the public tables, views and macros.

    ``mark`` is a file that names the load which the targets show. It is written last, so a publication that broke off
    is repeated.
    """
    draft = mark.with_name("publishing.duckdb")
    for leftover in (draft, _wal(draft)):
        leftover.unlink(missing_ok=True)
    number = generation(con)
    name = scalar(con, "SELECT current_database()")
    con.execute(f"ATTACH '{quoted(str(draft))}' AS published (STORAGE_VERSION '{version.STORAGE}')")
    try:
        con.execute(f'COPY FROM DATABASE "{name}" TO published (SCHEMA)')
        for schema in ("private", "working"):
            con.execute(f"DROP SCHEMA IF EXISTS published.{schema} CASCADE")
        tables = con.execute(
            "SELECT table_name, column_count FROM duckdb_tables() "
            "WHERE database_name = ? AND schema_name = 'main' AND NOT temporary ORDER BY table_name",
            [name],
        )
        for table, width in tables.fetchall():
            _copy_sorted(con, f'"{name}".main."{table}"', f'published.main."{table}"', width)
    finally:
        con.execute("DETACH published")
    sync_path(draft)
    for target in targets[:-1]:
        copy = target.with_name(f".{target.name}.part")
        shutil.copyfile(draft, copy)
        sync_path(copy)
        replace(copy, target)
    replace(draft, targets[-1])
    replace_text(mark, str(number))


def _copy_sorted(con: duckdb.DuckDBPyConnection, source: str, target: str, width: int) -> None:
    """Copy a table in the order of its key, so that the copy does not depend on the history of loading.

    A sort keeps complete rows in memory, with their texts, so a long table is copied in ranges of its first column.
    """
    key = scalar(con, f"SELECT column_name FROM (DESCRIBE {source}) LIMIT 1")
    numbered = f'SELECT "{key}", row_number() OVER (ORDER BY "{key}") AS place FROM {source}'
    limits = f'SELECT "{key}" FROM ({numbered}) WHERE place % ? = 0'
    steps = con.execute(limits, [_ROWS_SORTED_AT_ONCE]).fetchall()
    order = ", ".join(str(column) for column in range(1, min(width, 5) + 1))
    low: object = None
    for high in [*sorted({step for (step,) in steps if step is not None}), None]:
        above = f'$low IS NULL OR "{key}" > $low OR ($high IS NULL AND "{key}" IS NULL)'
        upto = f'$high IS NULL OR "{key}" <= $high'
        rows = f"SELECT * FROM {source} WHERE ({above}) AND ({upto}) ORDER BY {order}"
        con.execute(f"INSERT INTO {target} {rows}", {"low": low, "high": high})
        low = high


def replace(draft: Path, target: Path) -> None:
    """Replace a database file by a draft, atomically and durably."""
    # A log that another program left belongs to the old file. Left here, it would keep the new file from opening.
    _wal(target).unlink(missing_ok=True)
    os.replace(draft, target)
    _wal(target).unlink(missing_ok=True)
    sync_path(target.parent)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
