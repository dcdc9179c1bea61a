"""What the commands do, put together: read or crawl, then load, resolve and publish. With ``cli`` the one place that may know
both the gathering side and analysis."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from analysis import publish as awards
from pipelines import spool, store
from tenders import alarms, ingest, reclassify
from tenders.archive import ArchiveWriter, archive_files
from tenders.archived import read_archive
from tenders.folder import DataFolder
from tenders.parsing.award_row import ADDRESS
from tenders.records import Rejected, crawl_record, instant
from tenders.sheets import is_sheet
from tenders.workers import read_pages_in_order

if TYPE_CHECKING:
    from tenders.outcome import CrawlOutcome

Progress = Callable[[int], None]

logger = logging.getLogger(__name__)


class NothingToRebuildError(ValueError):
    """The data folder has no archive."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """How many segments were merged, and whether new published files were written."""

    segments: int
    published: bool


def silent(pages: int) -> None:
    """No progress."""


def load(data_dir: Path) -> LoadResult:
    """Merge what waits in the spool into the store and publish. One loader works at a time, others wait.

    Whatever happens in between, a later call comes to the same published database.
    """
    folder = DataFolder(data_dir)
    with folder.lock():
        return _load(folder)


def read_files(paths: Iterable[Path], data_dir: Path, progress: Progress = silent) -> ingest.Report:
    """``tenders ingest``: pages of capture files and WARC, and tables of awards, into the published database.

    Raises ``ingest.UnreadableInputError`` before anything is changed.
    """
    files = ingest.files_in(paths)
    folder = DataFolder(data_dir)
    with folder.lock():
        # What a killed run left in the spool counts as known.
        if spool.segments(folder.spool):
            _load(folder)
        known, known_awards = _known_pages(folder), _known_awards(folder, files)
    report = ingest.run(files, folder, known, progress, known_awards)
    load(data_dir)
    return report


def crawl(
    portals: list[str],
    *,
    data_dir: Path,
    since: date | None = None,
    until: date | None = None,
    keywords: Iterable[str] = (),
    limit: int | None = None,
    origin: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> list[CrawlOutcome]:
    """``tenders crawl``: crawl, record what came of it, load. Raises ValueError on wrong arguments, before anything is sent.

    ``settings`` change those of ``tenders.settings``.
    """
    from tenders import crawl as crawling

    if spool.segments(DataFolder(data_dir).spool):
        load(data_dir)
    try:
        outcomes = crawling.run(portals, since, until, tuple(keywords), limit, origin, data_dir, settings=settings)
        record_crawls(outcomes, data_dir)
    finally:
        # After Ctrl-C too: what was taken is shown.
        if DataFolder(data_dir).private.exists():
            load(data_dir)
    return with_alarms(outcomes, data_dir)


def with_alarms(outcomes: Iterable[CrawlOutcome], data_dir: Path) -> list[CrawlOutcome]:
    """Outcomes that are loaded, with what their portals' past says against them; it is said on stderr too."""
    told = alarms.open_alarms(data_dir)
    found = [replace(outcome, alarms=tuple(told.get(outcome.portal, ()))) for outcome in outcomes]
    for text in chain.from_iterable(outcome.alarms for outcome in found):
        logger.warning("%s", text)
    return found


def record_crawls(outcomes: Iterable[CrawlOutcome], data_dir: Path) -> None:
    """Keep the outcomes of crawls in the archive and the spool; the next load publishes them in the table ``crawls``."""
    folder = DataFolder(data_dir)
    with ArchiveWriter(data_dir) as archive, spool.SpoolWriter(folder.spool) as writer:
        for outcome in outcomes:
            row = {
                "crawl_id": f"{outcome.portal}:{instant(outcome.started_at)}",
                "portal": outcome.portal,
                "since": outcome.since.isoformat() if outcome.since else None,
                "until": outcome.until.isoformat() if outcome.until else None,
                "started_at": instant(outcome.started_at),
                "finished_at": instant(outcome.finished_at),
                "state": outcome.state,
                "listed": outcome.listed,
                "stored": outcome.stored,
                "reason": outcome.reason,
                "failure": outcome.failure,
                "windows": [{**asdict(window), "day": window.day.isoformat()} for window in outcome.windows],
            }
            archive.write_records(crawl_record(row, outcome.finished_at))
            writer.append([spool.crawl_line(row)])


def rebuild(data_dir: Path, progress: Progress = silent) -> ingest.Report:
    """``tenders rebuild``: a new store from the archive alone, put in the place of the old one when it is whole.

    Quarantined lines of files stay listed, since the archive holds only what could be read. Raises NothingToRebuildError.
    """
    folder = DataFolder(data_dir)
    files = archive_files(data_dir)
    if not files:
        raise NothingToRebuildError(f"{folder.archive} holds no WARC: read something first with tenders ingest or tenders crawl")
    with folder.lock():
        shutil.rmtree(folder.rebuilding, ignore_errors=True)
        report = _read_archive(files, folder.rebuilding / "spool", progress)
        _replace_store(folder, lambda con: store.carry_quarantine(con, folder.store))
    return report


def classify_only(data_dir: Path, progress: Progress = silent) -> int:
    """``tenders rebuild --classify-only``: classes anew from the stored notices, without reading pages. Returns how many.

    Raises NothingToRebuildError.
    """
    folder = DataFolder(data_dir)
    if not folder.store.exists():
        raise NothingToRebuildError(f"{data_dir} holds no notices: read something first with tenders ingest or tenders crawl")
    with folder.lock():
        _load(folder)
        shutil.rmtree(folder.rebuilding, ignore_errors=True)
        with closing(store.open_store(folder.store)) as con:
            count = reclassify.spool_anew(con, folder.rebuilding / "spool", progress)
        _replace_store(folder, lambda con: store.carry_sightings(con, folder.store))
    return count


def _load(folder: DataFolder) -> LoadResult:
    waiting = spool.segments(folder.spool)
    with closing(store.open_store(folder.store)) as con:
        _merge_and_build(con, waiting)
        due = not store.is_published(con, _targets(folder), folder.mark)
        if due:
            store.publish(con, _targets(folder), folder.mark)
    return LoadResult(len(waiting), due)


def _merge_and_build(con: duckdb.DuckDBPyConnection, segments: list[Path]) -> None:
    damaged = store.merge(con, segments)
    if damaged:
        logger.warning("%s damaged spool lines were left out; read their files again", damaged)
    if store.needs_building(con):
        store.allow_for_size(con)
        with store.transaction(con):
            awards.build(con, store.pending(con))
            alarms.build(con)
            store.note_built(con)


def _replace_store(folder: DataFolder, carry_over: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """A new store from the segments of a rebuild and what is carried over, in the place of the old one; then load what waits."""
    fresh = folder.rebuilding / "store.duckdb"
    with closing(store.open_store(fresh)) as con:
        carry_over(con)
        _merge_and_build(con, spool.segments(folder.rebuilding / "spool"))
    folder.mark.unlink(missing_ok=True)
    store.replace(fresh, folder.store)
    shutil.rmtree(folder.rebuilding, ignore_errors=True)
    _load(folder)


def _targets(folder: DataFolder) -> list[Path]:
    return [folder.own, folder.published]


def _known_pages(folder: DataFolder) -> store.PageKeys:
    if not folder.store.exists():
        return store.PageKeys()
    with duckdb.connect(str(folder.store), read_only=True) as con:
        return store.PageKeys.of(con)


def _known_awards(folder: DataFolder, files: Iterable[Path]) -> set[str]:
    """The addresses of the awards that came from tables, asked only where tables are read."""
    if not folder.store.exists() or not any(map(is_sheet, files)):
        return set()
    with duckdb.connect(str(folder.store), read_only=True) as con:
        found = con.execute("SELECT DISTINCT url FROM private.pages WHERE starts_with(url, ?)", [ADDRESS]).fetchall()
    return {url for (url,) in found}


def _read_archive(files: Iterable[Path], into: Path, progress: Progress) -> ingest.Report:
    report = ingest.Report()
    with spool.SpoolWriter(into) as writer:
        crawls: list[bytes] = []

        def pages() -> Iterable[ingest.Item]:
            for path in files:
                for item in read_archive(path):
                    if isinstance(item, dict):
                        crawls.append(spool.crawl_line(item))
                    else:
                        yield item

        def reject(rejected: Rejected) -> None:
            report.tell(rejected)

        for done in read_pages_in_order(ingest.grouped(pages(), reject), archive=False):
            writer.append(done.lines)
            report.add(done)
            progress(report.pages)
        writer.append(crawls)
    return report
