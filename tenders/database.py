"""The published database, read-only: the one place of ``tenders`` that opens it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines.common.rows import dict_rows
from pipelines.common.sql_text import literal
from pipelines.storage import version
from pipelines.storage.short_reads import read_file
from tenders.data_folder import DataFolder

Parameters = dict[str, Any] | Sequence[Any]


class NoDatabaseError(ValueError):
    """Nothing was published in this data folder yet. The message says what to do."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(
            f"there is no database in {data_dir} yet: run 'tenders ingest FILE' or 'tenders crawl PORTAL' first"
        )


@contextmanager
def open_published(
    data_dir: Path, *, files_allowed: bool = False, memory_mb: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to the published database on which no statement can write, load an extension or read a file.

    ``files_allowed`` lets our own statements write an export. Work beyond ``memory_mb`` spills to disk; None means that
    DuckDB decides, which keeps all that it reads while there is memory. Prefers the tool's own copy, which no other
    program locks. Raises NoDatabaseError, and OtherVersionError if another version of the tool wrote it.
    """
    folder = DataFolder(data_dir)
    path = folder.readable
    if not path.exists():
        raise NoDatabaseError(data_dir)
    with duckdb.connect(str(path), read_only=True) as con:
        version.require(con, data_dir)
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        con.execute("SET enable_progress_bar = false")
        if memory_mb is not None:
            con.execute(f"SET memory_limit = '{memory_mb}MB'")
        if not files_allowed:
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
        yield con


def require_version(data_dir: Path) -> None:
    """Raise OtherVersionError if another version of the tool wrote the published database, which may be missing."""
    query_each(data_dir)


def query_rows(data_dir: Path, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
    """Return the rows of one statement on the published database, or no rows if nothing was published yet.

    Raises OtherVersionError if another version of the tool wrote the database.
    """
    [rows] = query_each(data_dir, (sql, parameters))
    return rows


def query_each(data_dir: Path, *statements: tuple[str, Parameters]) -> list[list[dict[str, Any]]]:
    """Like ``query_rows`` for several statements, each with its parameters, on the same load of the database."""
    own = DataFolder(data_dir).own
    if not own.exists():
        return [[] for _ in statements]
    with read_file(own) as con:
        version.require(con, data_dir)
        return [list(dict_rows(con.execute(sql, parameters))) for sql, parameters in statements]


@contextmanager
def attach_before_and_after(before: Path, after: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with two files attached as ``before`` and ``after``, for ``analysis.quality.changes``."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        for path, name in ((before, "before"), (after, "after")):
            con.execute(f"ATTACH {literal(path)} AS {name} (READ_ONLY)")
        yield con
