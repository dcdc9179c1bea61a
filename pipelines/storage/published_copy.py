"""The published database: a copy of the store's public tables, which replaces the old copy atomically.

A program that has an old copy open, even for writing, keeps it and delays nothing. A large copy is not written again
for every load: a file of an earlier publication, which nobody has open any more, gets what changed since then.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import orjson

from pipelines.common.atomic_files import replace_text, sync_path
from pipelines.common.open_files import is_open_or_linked
from pipelines.common.sql_text import literal
from pipelines.storage import version
from pipelines.storage.store import ROW_GROUP, generation, note_published, scalar, transaction, unpublished_since

# A table with more rows is not sorted in the copy, and only its changed rows are written.
LONG_TABLE = 20_000
# If more than this share of a table changed, a new copy is written.
_MOST_CHANGED = 0.2

Version = tuple[int, int]  # a file's size in bytes, and when it last changed, in nanoseconds


@dataclass(frozen=True, slots=True)
class Mark:
    """What a publication notes about itself: the load that it shows, its notices, and its files by name."""

    generation: int
    notices: int
    files: Mapping[str, Version] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Mark | None:
        """Return the last publication; None if there was none, or one that noted less."""
        try:
            noted = orjson.loads(path.read_bytes())
            files = {str(name): (int(size), int(changed)) for name, (size, changed) in noted["files"].items()}
            return cls(int(noted["generation"]), int(noted["notices"]), files)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, path: Path) -> None:
        """Replace the note of an earlier publication."""
        noted = {"generation": self.generation, "notices": self.notices, "files": self.files}
        replace_text(path, orjson.dumps(noted).decode())

    def fits(self, target: Path) -> bool:
        """Return whether a target is there and whole, as far as its first bytes and its size show."""
        noted = self.files.get(target.name)
        return noted is not None and _size(target) == noted[0]

    def is_untouched(self, path: Path, name: str) -> bool:
        """Return whether the file at ``path`` is the one that was published as ``name``, and nobody wrote into it."""
        try:
            return self.files.get(name) == _version(path)
        except OSError:
            return False


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
    *,
    built: Collection[str] = (),
    reuse: bool = True,
) -> None:
    """Replace each target by a copy of the public tables, which are ``tables``, and of their views and macros.

    ``mark`` is a file that names the load which the targets show. It is written last, so a publication that broke off
    is repeated. ``finish`` is called with a connection to a new copy. To open one takes 50 ms, so None saves that.
    ``built`` are the tables in which only some rows change, known by the key in their first column. Without ``reuse``
    every copy is new: give that if ``finish`` does something else than the last time.
    """
    names = list(tables)
    rows_of = _row_counts(con, names)
    last = Mark.read(mark)
    if last is not None and not (reuse and _can_update(con, last, rows_of, built)):
        last = None
    publication = _Publication(con, rows_of, frozenset(built), mark, last, finish)
    publication.remove_leftovers()
    for target in targets:
        publication.replace(target)
    files = publication.keep_spare() | {target.name: _version(target) for target in targets}
    Mark(generation(con), rows_of["notices"], files).write(mark)
    note_published(con)


class _Publication:
    """The files of one publication.

    ``last`` is the earlier publication, None if its files are of no use. Its spare file and its targets, once they are
    replaced, are brought up to date and become the next target or the next spare file.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        rows_of: Mapping[str, int],
        built: frozenset[str],
        mark: Path,
        last: Mark | None,
        finish: Callable[[duckdb.DuckDBPyConnection], None] | None,
    ) -> None:
        self._con, self._rows_of, self._built, self._last, self._finish = con, rows_of, built, last, finish
        self._draft = mark.with_name("publishing.duckdb")
        self._outdated = mark.with_name("published.old.duckdb")
        self._spare = mark.with_name("published.spare.duckdb")
        self._written: Path | None = None
        self._outdated_name = ""  # under which the file that is out of use was published

    def remove_leftovers(self) -> None:
        """Remove what an earlier publication left: the files that it broke off at, and a spare file of no use."""
        for leftover in (self._draft, _wal(self._draft), self._outdated, _wal(self._outdated), _wal(self._spare)):
            leftover.unlink(missing_ok=True)
        if self._last is not None and self._last.is_untouched(self._spare, self._spare.name):
            self._set_aside(self._spare)
        self._spare.unlink(missing_ok=True)

    def replace(self, target: Path) -> None:
        """Replace a target by a file that shows the store, and keep the old file if it can be used again."""
        self._make_draft(target)
        if self._last is not None and self._last.is_untouched(target, target.name):
            self._set_aside(target)
        replace(self._draft, target)
        self._written = target

    def keep_spare(self) -> dict[str, Version]:
        """Bring the file that is left over up to date, for the next publication. Returns its name and version."""
        if not self._update_outdated():
            return {}
        os.replace(self._draft, self._spare)
        return {self._spare.name: _version(self._spare)}

    def _make_draft(self, target: Path) -> None:
        if self._update_outdated():
            return
        if self._written is not None:
            shutil.copyfile(self._written, self._draft)
        elif self._last is not None and self._last.is_untouched(target, target.name):
            shutil.copyfile(target, self._draft)
            _write_changes(self._con, self._draft, self._rows_of, self._built)
        else:
            _write_new(self._con, self._draft, self._rows_of)
            if self._finish:
                with duckdb.connect(str(self._draft)) as copied:
                    self._finish(copied)
        sync_path(self._draft)

    def _set_aside(self, path: Path) -> None:
        """Give a file that is about to be replaced a second name, if the disk has such names."""
        with suppress(OSError):
            os.link(path, self._outdated)
            self._outdated_name = path.name

    def _update_outdated(self) -> bool:
        """Make the draft of the file that is out of use, and return whether that is possible."""
        if self._last is None or not self._outdated.exists():
            return False
        # Once nobody has it open, nobody can write into it: it has no name that others know.
        if is_open_or_linked(self._outdated) or not self._last.is_untouched(self._outdated, self._outdated_name):
            self._outdated.unlink()  # whoever has it keeps it
            return False
        os.replace(self._outdated, self._draft)
        _write_changes(self._con, self._draft, self._rows_of, self._built)
        sync_path(self._draft)
        return True


def _can_update(con: duckdb.DuckDBPyConnection, last: Mark, rows_of: Mapping[str, int], built: Collection[str]) -> bool:
    """Return whether the store knows what changed since the last publication, and it is little of a large copy."""
    changed = unpublished_since(con, last.generation)
    longest = max((rows_of[name] for name in built), default=0)
    return changed is not None and longest > LONG_TABLE and changed < _MOST_CHANGED * longest


def _write_new(con: duckdb.DuckDBPyConnection, draft: Path, rows_of: Mapping[str, int]) -> None:
    """Write a copy of all tables. Short ones are in the order of their keys, whatever the history of loading."""
    name = scalar(con, "SELECT current_database()")
    _attach(con, draft)
    try:
        with transaction(con):
            con.execute(f'COPY FROM DATABASE "{name}" TO published (SCHEMA)')
            for schema in ("private", "working"):
                con.execute(f"DROP SCHEMA IF EXISTS published.{schema} CASCADE")
            for table, rows in rows_of.items():
                if 0 < rows <= LONG_TABLE:
                    _copy_sorted(con, table)
        for table, rows in rows_of.items():
            if rows > LONG_TABLE:  # not sorted: a sort keeps complete rows in memory, with their texts
                con.execute(f'INSERT INTO published.main."{table}" FROM main."{table}"')
    finally:
        con.execute("DETACH published")


def _write_changes(
    con: duckdb.DuckDBPyConnection, draft: Path, rows_of: Mapping[str, int], built: Collection[str]
) -> None:
    """Write into an earlier copy what changed since. What it has of that already is written again."""
    _attach(con, draft)
    try:
        with transaction(con):
            for table, rows in rows_of.items():
                if table in built and rows > LONG_TABLE:
                    _copy_changed(con, table)
                elif not _is_equal(con, table):
                    con.execute(f'DELETE FROM published.main."{table}"')
                    _copy_sorted(con, table)
    finally:
        con.execute("DETACH published")


def _attach(con: duckdb.DuckDBPyConnection, draft: Path) -> None:
    options = f"STORAGE_VERSION '{version.STORAGE}', ROW_GROUP_SIZE {ROW_GROUP}"
    con.execute(f"ATTACH {literal(draft)} AS published ({options})")


def _row_counts(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows each public table has, in one statement: to plan one takes longer than to count."""
    names = list(tables)
    counts = ", ".join(f'(SELECT count(*) FROM main."{name}")' for name in names)
    row = con.execute(f"SELECT {counts}").fetchone() or ()
    return dict(zip(names, map(int, row), strict=True))


def _copy_sorted(con: duckdb.DuckDBPyConnection, table: str) -> None:
    con.execute(f'INSERT INTO published.main."{table}" FROM main."{table}" ORDER BY {_order(_columns(con, table))}')


def _copy_changed(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Replace the changed rows. They are searched by key first, because a search reads all columns that it gives."""
    columns = _columns(con, table)
    changed = f'"{columns[0]}" IN (SELECT key FROM private.unpublished)'
    con.execute(f'DELETE FROM published.main."{table}" WHERE {changed}')
    con.execute(
        f'CREATE OR REPLACE TEMP TABLE changed_rows AS SELECT rowid AS place FROM main."{table}" WHERE {changed}'
    )
    con.execute(
        f'INSERT INTO published.main."{table}" SELECT * FROM main."{table}" '
        f"WHERE rowid IN (SELECT place FROM changed_rows) ORDER BY {_order(columns)}"
    )
    con.execute("DROP TABLE changed_rows")


def _is_equal(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Return whether a copy's table has the rows that it should have."""
    digest = 'SELECT count(*), sum(hash(t)), bit_xor(hash(t)) FROM {}.main."{}" AS t'
    name = scalar(con, "SELECT current_database()")
    return con.execute(digest.format("published", table)).fetchone() == (
        con.execute(digest.format(f'"{name}"', table)).fetchone()
    )


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [str(column[0]) for column in con.execute(f'FROM main."{table}" LIMIT 0').description or ()]


def _order(columns: list[str]) -> str:
    return ", ".join(str(number) for number in range(1, min(len(columns), 5) + 1))


def _version(path: Path) -> Version:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _size(target: Path) -> int | None:
    """Return the size of a database in bytes; None if it is missing or no database."""
    try:
        with target.open("rb") as file:
            return target.stat().st_size if file.read(12)[8:] == b"DUCK" else None
    except OSError:
        return None


def replace(draft: Path, target: Path) -> None:
    """Replace a database file by a draft, atomically and durably."""
    # A log that another program left belongs to the old file. Left here, it would keep the new file from opening.
    _wal(target).unlink(missing_ok=True)
    os.replace(draft, target)
    _wal(target).unlink(missing_ok=True)
    sync_path(target.parent)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
