"""What the private store says about the work that waits: unreadable pages, and notices classified with other words.

The store belongs to the loader, so it is read under the loader's lock. While a load is in progress nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import duckdb
from filelock import Timeout

from pipelines.classify.lexicon import lexicon_of
from pipelines.storage import version
from pipelines.storage.short_reads import read_file
from tenders.data_folder import DataFolder

_LOCK_SECONDS = 3
_MOST_SHOWN = 20
_REASONS = "SELECT reason, count(*) FROM private.quarantine GROUP BY reason ORDER BY 2 DESC, 1"
_OUTDATED = "SELECT count(*) FROM private.contents WHERE lexicon IS DISTINCT FROM ?"
_NEWEST = "SELECT source, line, reason FROM private.quarantine ORDER BY seen_at DESC, source, line LIMIT ?"


@dataclass(frozen=True, slots=True)
class Quarantine:
    """What could not be read. ``reasons`` are the most frequent ones, ``shown`` the newest (source, line, reason)."""

    count: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    shown: list[tuple[str, int, str]] = field(default_factory=list)


def read_quarantine(folder: DataFolder) -> Quarantine | None:
    """Return what is in quarantine, or None while a load is in progress."""
    if not folder.store.exists():
        return Quarantine()
    try:
        with _open_store(folder) as con:
            shown = con.execute(_NEWEST, [_MOST_SHOWN]).fetchall()
            reasons = con.execute(_REASONS).fetchall()
    except Timeout:
        return None
    return Quarantine(sum(count for _, count in reasons), dict(reasons[:_MOST_SHOWN]), shown)


def count_outdated_classifications(folder: DataFolder) -> int | None:
    """Return how many notices were classified with other words than today's, or None while a load is in progress.

    Raises InvalidDataError if today's words cannot be used.
    """
    digest = lexicon_of(folder.lexicon).digest
    if not folder.store.exists():
        return 0
    try:
        with _open_store(folder) as con:
            row = con.execute(_OUTDATED, [digest]).fetchone()
    except Timeout:
        return None
    return int(row[0]) if row else 0


@contextmanager
def _open_store(folder: DataFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the store between two loads. Raises Timeout while a load is in progress, and OtherVersionError."""
    with ExitStack() as stack:
        try:
            stack.enter_context(folder.lock(_LOCK_SECONDS))
        except Timeout:
            raise
        except OSError:
            pass  # a read-only disk: nobody can load into it
        con = stack.enter_context(read_file(folder.store))
        version.require(con, folder.root)
        yield con
