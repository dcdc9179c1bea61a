"""Questions to a database file that nobody writes meanwhile: the published copy, or the store under the loader's lock.

DuckDB takes 50 ms to start, and 15 ms to attach a file when it runs. So a process starts it once for many such
questions. Each question leaves some kilobytes in it, so a process that runs for years starts it again now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.common.sql_text import literal

# One reader at a time: while one has the file open, a second would be given the same file, even if a newer one has
# replaced it.
_lock = threading.Lock()
_MOST_READS = 200


@contextmanager
def read_file(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection whose tables and views are those of the file at ``path``, read-only, within the block only.

    Blocks of other threads wait, and blocks cannot be nested. Raises what ``duckdb.connect`` raises.
    """
    with _lock:
        con = _running.next_connection()
        con.execute(f"ATTACH {literal(path)} AS asked (READ_ONLY)")
        try:
            con.execute("USE asked")
            yield con
        finally:
            con.execute("USE memory")
            con.execute("DETACH asked")


@dataclass(slots=True)
class _Running:
    """The DuckDB that runs for short questions, and how many it still answers."""

    connection: duckdb.DuckDBPyConnection | None = None
    reads_left: int = 0

    def next_connection(self) -> duckdb.DuckDBPyConnection:
        """Return the connection for one more question, to a new DuckDB after many. The caller holds the lock."""
        if self.connection is None or self.reads_left == 0:
            if self.connection is not None:
                self.connection.close()
            self.connection = duckdb.connect()
            self.connection.execute("SET enable_progress_bar = false")
            self.reads_left = _MOST_READS
        self.reads_left -= 1
        return self.connection


_running = _Running()
