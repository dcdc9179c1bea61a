"""Questions to a database file that nobody writes meanwhile: the published copy, or the store under the loader's lock.

DuckDB takes 50 ms to start, and 15 ms to attach a file when it runs. So a process starts it once for all such
questions.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

from pipelines.common.sql_text import literal

# One reader at a time: while one has the file open, a second would be given the same file, even if a newer one has
# replaced it.
_lock = threading.Lock()


@contextmanager
def read_file(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection whose tables and views are those of the file at ``path``, read-only, within the block only.

    Blocks of other threads wait, and blocks cannot be nested. Raises what ``duckdb.connect`` raises.
    """
    with _lock:
        con = _instance()
        con.execute(f"ATTACH {literal(path)} AS asked (READ_ONLY)")
        try:
            con.execute("USE asked")
            yield con
        finally:
            con.execute("USE memory")
            con.execute("DETACH asked")


@cache
def _instance() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    return con
