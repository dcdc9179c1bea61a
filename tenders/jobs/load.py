"""From the spool to the published database: merge into the store, resolve awards, publish."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from analysis.warehouse import publish
from pipelines.common.safe_text import first_line
from pipelines.storage import published_copy, spool, store
from pipelines.storage.short_reads import read_file
from tenders import portals
from tenders.archive.writer import archive_files
from tenders.data_folder import DataFolder
from tenders.files import review_journal
from tenders.files.bases import settle
from tenders.jobs import copies
from tenders.jobs.archived_pages import spool_archive
from tenders.monitoring import crawl_alarms, machine_checks

logger = logging.getLogger(__name__)


class FewerNoticesError(ValueError):
    """A load would publish fewer notices than before; nothing was changed. The message says what to do."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """How many segments were merged, and whether new published files were written."""

    segments: int
    published: bool


def load_spool(data_dir: Path, *, accept_fewer: bool = False) -> LoadResult:
    """Merge the waiting spool segments into the store and publish. One loader works at a time, others wait.

    If it is interrupted at any step, a later call publishes the same database. Raises FewerNoticesError.
    """
    folder = DataFolder(data_dir)
    with folder.lock():
        settle(folder.bases)
        return load_locked(folder, accept_fewer=accept_fewer)


def prepare_folder(folder: DataFolder, *, accept_fewer: bool = False) -> None:
    """Make sure that what is about to be read can be loaded: see :func:`prepared_store`."""
    with prepared_store(folder, accept_fewer=accept_fewer):
        pass


@contextmanager
def prepared_store(folder: DataFolder, *, accept_fewer: bool = False) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """Make sure that what is about to be read can be loaded, and open the store for reading; None in a new folder.

    What a killed run left in the spool is loaded, and what is missing is made again: a lost store from the archive,
    lost published files from the store. The caller holds the folder's lock. Raises OtherVersionError,
    FewerNoticesError or DamagedStoreError before anything is changed.
    """
    settle(folder.bases)
    if _is_lost(folder):
        _make_lost_store_again(folder, accept_fewer)
    else:
        with closing(store.open_for_reading(folder.store)) as con:
            if not accept_fewer:
                require_as_many(count_notices(con), published_notices(folder), f"{folder.store} holds")
            current = copies.are_current(con, folder)
            if current and not spool.segments(folder.spool):
                yield con
                return
        load_locked(folder, accept_fewer=accept_fewer)
    if _is_lost(folder):
        yield None
        return
    with closing(store.open_for_reading(folder.store)) as con:
        yield con


def load_locked(folder: DataFolder, *, accept_fewer: bool = False) -> LoadResult:
    """Like :func:`load_spool`, but the caller already holds the folder's lock."""
    try:
        result = _load(folder, accept_fewer=accept_fewer)
    except Exception as error:
        machine_checks.note_load(folder, datetime.now(UTC), f"{type(error).__name__}: {first_line(error)}")
        raise
    machine_checks.note_load(folder, datetime.now(UTC))
    return result


def _load(folder: DataFolder, *, accept_fewer: bool) -> LoadResult:
    segments = spool.segments(folder.spool)
    with closing(store.open_store(folder.store)) as con:
        review_journal.load_journal(con, folder.reviewed)
        damaged = merge_and_build(con, segments)
        if damaged:
            _read_damaged_pages_again(con, folder, damaged)
        if not accept_fewer:
            require_as_many(count_notices(con), published_notices(folder), f"{folder.store} holds")
        outdated = not copies.are_current(con, folder)
        if outdated:
            copies.write(con, folder)
    return LoadResult(len(segments), outdated)


def merge_and_build(con: duckdb.DuckDBPyConnection, segments: list[Path]) -> int:
    """Merge spool segments into an open store and rebuild the public tables that depend on them.

    Returns how many damaged lines were left out.
    """
    damaged = store.merge(con, segments)
    if store.needs_building(con):
        with store.transaction(con):
            changed = publish.build(con, store.pending(con), crawl_alarms.fill_alarms)
            fill_portals(con)
            store.note_built(con, changed)
    return damaged


def count_notices(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many notices of its own a store or a published database shows; 0 if nothing was built yet."""
    try:
        return int(store.scalar(con, "SELECT count(*) FROM main.notices WHERE origin IS NULL"))
    except duckdb.CatalogException:
        return 0


def published_notices(folder: DataFolder) -> int:
    """Return how many notices the folder has published; 0 if nothing is published or it cannot be read."""
    last = published_copy.Mark.read(folder.mark)
    if last and (last.fits(folder.own) or last.fits(folder.published)):
        return last.notices  # to open a database takes 50 ms
    for path in (folder.own, folder.published):
        try:
            if path.exists():
                with read_file(path) as con:
                    return count_notices(con)
        except duckdb.Error:
            continue  # damaged, or held by another program: the other copy shows the same
    return 0


def require_as_many(notices: int, published: int, source: str) -> None:
    """Raise FewerNoticesError if ``notices`` are fewer than those ``published``. ``source`` begins the message."""
    if notices < published:
        raise FewerNoticesError(
            f"{source} {notices:,} notices, but {published:,} are published: nothing was changed. "
            "'tenders rebuild' reads the archive again; --accept-fewer publishes what there is"
        )


def _make_lost_store_again(folder: DataFolder, accept_fewer: bool) -> None:
    """Load the archive into a new store. Nothing happens in a new folder."""
    files = archive_files(folder.root)
    if not files:
        if not accept_fewer:
            require_as_many(0, published_notices(folder), f"{folder.store} is missing and the archive holds")
        folder.mark.unlink(missing_ok=True)  # a new store numbers its loads from 1
        return
    if folder.own.exists() or folder.published.exists():
        logger.warning("%s is missing: it is made again from the archive, which can take a while", folder.store)
    for path in (folder.store, folder.mark):
        path.unlink(missing_ok=True)
    # A run that was killed before its first load left an archive too, and most of its pages in the spool.
    read = (record["page_key"] for record in spool.records(spool.segments(folder.spool)) if record.get("t") == "page")
    spool_archive(files, folder.spool, known=store.PageKeys(sorted(set(read))))
    load_locked(folder, accept_fewer=accept_fewer)


def _is_lost(folder: DataFolder) -> bool:
    """Return whether there is no store, or only the empty file that a full disk leaves."""
    return not folder.store.exists() or folder.store.stat().st_size == 0


def _read_damaged_pages_again(con: duckdb.DuckDBPyConnection, folder: DataFolder, damaged: int) -> None:
    """Read from the archive the pages whose lines in the spool were damaged."""
    report = spool_archive(archive_files(folder.root), folder.spool, known=store.PageKeys.of(con))
    merge_and_build(con, spool.segments(folder.spool))
    logger.warning(
        "%s damaged lines of the spool were left out; %s pages were read again from the archive instead",
        damaged,
        report.pages,
    )


def fill_portals(con: duckdb.DuckDBPyConnection) -> None:
    """Write the portals that have a descriptor, so that figures can name those that were never crawled."""
    con.execute("DELETE FROM main.portals")
    rows = [(portal.name, portal.title, portal.family, portal.crawl) for portal in portals.all()]
    con.execute(  # one statement for all, because this is part of every load
        "INSERT INTO main.portals (portal, title, family, crawl) SELECT unnest(?), unnest(?), unnest(?), unnest(?)",
        [list(column) for column in zip(*rows, strict=True)],
    )
