"""A new store that is built next to the one in use and then replaces it, for ``rebuild``."""

from __future__ import annotations

import shutil
from contextlib import closing

from pipelines.storage import published_copy, spool, store
from tenders.data_folder import DataFolder
from tenders.jobs.load import count_notices, load_locked, merge_and_build


class NothingToRebuildError(ValueError):
    """The data folder has no archive, or no stored notices. The message says what to do."""


def build_store(folder: DataFolder) -> int:
    """Build a store in ``folder.rebuilding`` from the spool there, with the quarantine of the store in use.

    Returns how many notices it publishes.
    """
    with closing(store.open_store(folder.rebuilding / "store.duckdb")) as con:
        store.carry_quarantine(con, folder.store)
        merge_and_build(con, spool.segments(folder.rebuilding / "spool"))
        return count_notices(con)


def replace_store(folder: DataFolder) -> None:
    """Replace the store by that in ``folder.rebuilding``, load what waits and publish. The caller holds the lock."""
    folder.mark.unlink(missing_ok=True)
    published_copy.replace(folder.rebuilding / "store.duckdb", folder.store)
    shutil.rmtree(folder.rebuilding, ignore_errors=True)
    load_locked(folder, accept_fewer=True)
