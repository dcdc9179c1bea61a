"""From the spool to the published database: merge into the store, resolve awards, publish."""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analysis.warehouse import publish
from pipelines.storage import published_copy, spool, store
from tenders.data_folder import DataFolder
from tenders.files import review_journal
from tenders.monitoring import alarms

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LoadResult:
    """How many segments were merged, and whether new published files were written."""

    segments: int
    published: bool


def load_spool(data_dir: Path) -> LoadResult:
    """Merge the waiting spool segments into the store and publish. One loader works at a time, others wait.

    If it is interrupted at any step, a later call publishes the same database.
    """
    folder = DataFolder(data_dir)
    with folder.lock():
        return load_locked(folder)


def load_locked(folder: DataFolder) -> LoadResult:
    """Like :func:`load_spool`, but the caller already holds the folder's lock."""
    segments = spool.segments(folder.spool)
    targets = [folder.own, folder.published]
    with closing(store.open_store(folder.store)) as con:
        review_journal.load_journal(con, folder.reviewed)
        merge_and_build(con, segments)
        outdated = not published_copy.is_published(con, targets, folder.mark)
        if outdated:
            published_copy.publish(con, targets, folder.mark)
    return LoadResult(len(segments), outdated)


def merge_and_build(con: duckdb.DuckDBPyConnection, segments: list[Path]) -> None:
    """Merge spool segments into an open store and rebuild the public tables that depend on them."""
    damaged = store.merge(con, segments)
    if damaged:
        logger.warning("%s damaged spool lines were left out; read their files again", damaged)
    if store.needs_building(con):
        store.allow_for_size(con)
        with store.transaction(con):
            publish.build(con, store.pending(con))
            alarms.fill_alarms(con)
            store.note_built(con)
