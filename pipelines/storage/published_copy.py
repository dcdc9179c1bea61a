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
from pipelines.storage.store import generation, quoted, scalar, transaction

_ROWS_SORTED_AT_ONCE = 20_000
# The public tables, and about how many rows each has.
_TABLES = """
    SELECT table_name, estimated_size FROM duckdb_tables()
    WHERE database_name = ? AND schema_name = 'main' AND NOT temporary ORDER BY table_name
"""


def is_published(con: duckdb.DuckDBPyConnection, targets: list[Path], mark: Path) -> bool:
    """Return whether every target is there, whole, and shows the store's last load, which ``mark`` names."""
    try:
        written = mark.read_text("ascii")
    except OSError:
        return False
    return all(written == _mark_of(con, target) for target in targets)


def publish(con: duckdb.DuckDBPyConnection, targets: list[Path], mark: Path) -> None:
    """Replace each target by a copy of the public tables, views and macros.

    ``mark`` is a file that names the load which the targets show. It is written last, so a publication that broke off
    is repeated.
    """
    draft = mark.with_name("publishing.duckdb")
    for leftover in (draft, _wal(draft)):
        leftover.unlink(missing_ok=True)
    name = scalar(con, "SELECT current_database()")
    con.execute(f"ATTACH '{quoted(str(draft))}' AS published (STORAGE_VERSION '{version.STORAGE}')")
    try:
        tables = con.execute(_TABLES, [name]).fetchall()
        with transaction(con):
            con.execute(f'COPY FROM DATABASE "{name}" TO published (SCHEMA)')
            for schema in ("private", "working"):
                con.execute(f"DROP SCHEMA IF EXISTS published.{schema} CASCADE")
            for table, rows in tables:
                if rows <= _ROWS_SORTED_AT_ONCE:
                    _copy_sorted(con, f'"{name}".main."{table}"', f'published.main."{table}"')
        for table, rows in tables:
            if rows > _ROWS_SORTED_AT_ONCE:
                _copy_in_ranges(con, f'"{name}".main."{table}"', f'published.main."{table}"')
    finally:
        con.execute("DETACH published")
    sync_path(draft)
    for target in targets[:-1]:
        copy = target.with_name(f".{target.name}.part")
        shutil.copyfile(draft, copy)
        sync_path(copy)
        replace(copy, target)
    replace(draft, targets[-1])
    replace_text(mark, _mark_of(con, targets[-1]))


def _mark_of(con: duckdb.DuckDBPyConnection, target: Path) -> str:
    """Return the load that a target shows and the target's size; without a size if it is missing or no database."""
    try:
        with target.open("rb") as file:
            is_database = file.read(12)[8:] == b"DUCK"
            size = target.stat().st_size if is_database else ""
    except OSError:
        size = ""
    return f"{generation(con)} {size}"


def _copy_sorted(con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Copy a table in the order of its key, so that the copy does not depend on the history of loading."""
    con.execute(f"INSERT INTO {target} FROM {source} ORDER BY {_order(_columns(con, source))}")


def _copy_in_ranges(con: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    """Like :func:`_copy_sorted`, for a long table: in ranges of its first column, each committed by itself.

    A sort keeps complete rows in memory, with their texts.
    """
    columns = _columns(con, source)
    key = columns[0]
    numbered = f'SELECT "{key}", row_number() OVER (ORDER BY "{key}") AS place FROM {source}'
    steps = con.execute(f'SELECT "{key}" FROM ({numbered}) WHERE place % ? = 0', [_ROWS_SORTED_AT_ONCE]).fetchall()
    low: object = None
    for high in [*sorted({step for (step,) in steps if step is not None}), None]:
        above = f'$low IS NULL OR "{key}" > $low OR ($high IS NULL AND "{key}" IS NULL)'
        upto = f'$high IS NULL OR "{key}" <= $high'
        part = f"SELECT * FROM {source} WHERE ({above}) AND ({upto}) ORDER BY {_order(columns)}"
        con.execute(f"INSERT INTO {target} {part}", {"low": low, "high": high})
        low = high


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [str(column[0]) for column in con.execute(f"FROM {table} LIMIT 0").description or ()]


def _order(columns: list[str]) -> str:
    return ", ".join(str(number) for number in range(1, min(len(columns), 5) + 1))


def replace(draft: Path, target: Path) -> None:
    """Replace a database file by a draft, atomically and durably."""
    # A log that another program left belongs to the old file. Left here, it would keep the new file from opening.
    _wal(target).unlink(missing_ok=True)
    os.replace(draft, target)
    _wal(target).unlink(missing_ok=True)
    sync_path(target.parent)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
