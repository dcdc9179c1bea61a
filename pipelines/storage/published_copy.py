"""The published database: a copy of the store's public tables, which replaces the old copy atomically.

A program that has an old copy open, even for writing, keeps it and delays nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.common.atomic_files import replace_text, sync_path
from pipelines.common.sql_text import literal
from pipelines.storage import version
from pipelines.storage.store import generation, scalar, transaction

_ROWS_SORTED_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What a publication notes about itself: the load that it shows, the size of its files, and their notices."""

    generation: int
    size: int
    notices: int

    @classmethod
    def read(cls, path: Path) -> Mark | None:
        """Return the last publication; None if there was none, or one that noted less."""
        try:
            generation, size, notices = map(int, path.read_text("ascii").split())
        except (OSError, ValueError):
            return None
        return cls(generation, size, notices)

    def write(self, path: Path) -> None:
        """Replace the note of an earlier publication."""
        replace_text(path, f"{self.generation} {self.size} {self.notices}")

    def fits(self, target: Path) -> bool:
        """Return whether a target is there and whole, as far as its first bytes and its size show."""
        return _size(target) == self.size


def is_published(con: duckdb.DuckDBPyConnection, targets: list[Path], mark: Path) -> bool:
    """Return whether every target is there, whole, and shows the store's last load, which ``mark`` names."""
    last = Mark.read(mark)
    return last is not None and last.generation == generation(con) and all(map(last.fits, targets))


def publish(
    con: duckdb.DuckDBPyConnection,
    tables: Iterable[str],
    targets: list[Path],
    mark: Path,
    finish: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
) -> None:
    """Replace each target by a copy of the public tables, which are ``tables``, and of their views and macros.

    ``mark`` is a file that names the load which the targets show. It is written last, so a publication that broke off
    is repeated. ``finish`` is called with a connection to the copy. To open one takes 50 ms, so None saves that.
    """
    draft = mark.with_name("publishing.duckdb")
    for leftover in (draft, _wal(draft)):
        leftover.unlink(missing_ok=True)
    name = scalar(con, "SELECT current_database()")
    con.execute(f"ATTACH {literal(draft)} AS published (STORAGE_VERSION '{version.STORAGE}')")
    try:
        rows_of = _row_counts(con, tables)
        with transaction(con):
            con.execute(f'COPY FROM DATABASE "{name}" TO published (SCHEMA)')
            for schema in ("private", "working"):
                con.execute(f"DROP SCHEMA IF EXISTS published.{schema} CASCADE")
            for table, rows in rows_of.items():
                if 0 < rows <= _ROWS_SORTED_AT_ONCE:
                    _copy_sorted(con, f'"{name}".main."{table}"', f'published.main."{table}"')
        for table, rows in rows_of.items():
            if rows > _ROWS_SORTED_AT_ONCE:
                _copy_in_ranges(con, f'"{name}".main."{table}"', f'published.main."{table}"')
    finally:
        con.execute("DETACH published")
    if finish:
        with duckdb.connect(str(draft)) as copied:
            finish(copied)
    sync_path(draft)
    for target in targets[:-1]:
        copy = target.with_name(f".{target.name}.part")
        shutil.copyfile(draft, copy)
        sync_path(copy)
        replace(copy, target)
    replace(draft, targets[-1])
    Mark(generation(con), targets[-1].stat().st_size, rows_of["notices"]).write(mark)


def _size(target: Path) -> int | None:
    """Return the size of a database in bytes; None if it is missing or no database."""
    try:
        with target.open("rb") as file:
            return target.stat().st_size if file.read(12)[8:] == b"DUCK" else None
    except OSError:
        return None


def _row_counts(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows each public table has, in one statement: to plan one takes longer than to count."""
    names = list(tables)
    counts = ", ".join(f'(SELECT count(*) FROM main."{name}")' for name in names)
    row = con.execute(f"SELECT {counts}").fetchone() or ()
    return dict(zip(names, map(int, row), strict=True))


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
