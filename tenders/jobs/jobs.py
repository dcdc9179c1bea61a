"""What the commands do, put together: read or crawl, then load, resolve and publish. With ``cli`` the one place that may know
both the gathering side and analysis."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from analysis.quality import changes
from analysis.warehouse import publish as awards
from pipelines.classify import lexicon as matching
from pipelines.classify import vendors
from pipelines.extract.award_row import ADDRESS
from pipelines.storage import spool, store, version
from tenders.archive.records import crawl_record, instant
from tenders.archive.writer import ArchiveWriter, archive_files
from tenders.data_folder import DataFolder
from tenders.database import attach_before_and_after
from tenders.files import review_journal
from tenders.files.spreadsheets import is_sheet
from tenders.jobs import ingest, reclassify
from tenders.monitoring import alarms

if TYPE_CHECKING:
    from tenders.crawling.outcome import CrawlOutcome

Progress = Callable[[int], None]

logger = logging.getLogger(__name__)


class NothingToRebuildError(ValueError):
    """The data folder has no archive."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """How many segments were merged, and whether new published files were written."""

    segments: int
    published: bool


@dataclass(frozen=True, slots=True)
class Reclassified:
    """How many notices were classified anew, and what that changed."""

    notices: int
    changes: changes.Changes


def silent(pages: int) -> None:
    """No progress."""


def load(data_dir: Path) -> LoadResult:
    """Merge what waits in the spool into the store and publish. One loader works at a time, others wait.

    Whatever happens in between, a later call comes to the same published database.
    """
    folder = DataFolder(data_dir)
    with folder.lock():
        return load_locked(folder)


def read_files(paths: Iterable[Path], data_dir: Path, progress: Progress = silent) -> ingest.Report:
    """``tenders ingest``: pages of capture files and WARC, and tables of awards, into the published database.

    Raises ``ingest.UnreadableInputError`` and LexiconError before anything is changed.
    """
    files = ingest.files_in(paths)
    folder = DataFolder(data_dir)
    with own_words(data_dir):
        return _read_files(files, folder, progress)


def _read_files(files: list[Path], folder: DataFolder, progress: Progress) -> ingest.Report:
    with folder.lock():
        version.require_at(folder.store)
        # What a killed run left in the spool counts as known.
        if spool.segments(folder.spool):
            load_locked(folder)
        known, known_awards = _known_pages(folder), _known_awards(folder, files)
    report = ingest.run(files, folder, known, progress, known_awards)
    load(folder.root)
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
    from tenders.jobs import crawl_runner as crawling

    with own_words(data_dir):
        pass  # words that cannot be used are told before anything is sent
    version.require_at(DataFolder(data_dir).own)
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
        raise NothingToRebuildError(
            f"{folder.archive} holds no WARC: read something first with tenders ingest or tenders crawl"
        )
    with own_words(data_dir), folder.lock():
        shutil.rmtree(folder.rebuilding, ignore_errors=True)
        report = ingest.from_archive(files, folder.rebuilding / "spool", progress)
        _build_store(folder.rebuilding, lambda con: store.carry_quarantine(con, folder.store))
        _replace_store(folder)
    return report


def classify_only(data_dir: Path, progress: Progress = silent) -> Reclassified:
    """``tenders rebuild --classify-only``: classes anew from the stored notices, without reading pages.

    Raises NothingToRebuildError and LexiconError.
    """
    folder = _stored(data_dir)
    with own_words(data_dir), folder.lock():
        load_locked(folder)
        count = _classify_into(folder.rebuilding, folder, progress)
        with attach_before_and_after(folder.own, folder.rebuilding / "store.duckdb") as con:
            found = changes.compare(con)
        _replace_store(folder)
    return Reclassified(count, found)


@contextmanager
def preview(data_dir: Path, progress: Progress = silent) -> Iterator[duckdb.DuckDBPyConnection]:
    """What ``classify_only`` would come to, for ``analysis.quality.changes``: a connection to what is published, attached as ``before``,
    and to a draft with the classes of today, as ``after``. The draft is dropped at the end, nothing else is touched; loads wait.

    Raises NothingToRebuildError and LexiconError.
    """
    folder = _stored(data_dir)
    with own_words(data_dir), folder.lock():
        try:
            _classify_into(folder.preview, folder, progress)
            with attach_before_and_after(folder.own, folder.preview / "store.duckdb") as con:
                yield con
        finally:
            shutil.rmtree(folder.preview, ignore_errors=True)


@contextmanager
def own_words(data_dir: Path) -> Iterator[matching.Lexicon]:
    """Inside the block this thread classifies with the words of the data folder. Raises ValueError for words that cannot be used,
    the shipped ones too, before anything is done."""
    with matching.lay_over(matching.lexicon_of(DataFolder(data_dir).lexicon)) as lexicon:
        vendors.check()
        yield lexicon


def load_locked(folder: DataFolder) -> LoadResult:
    """``load`` for who holds the lock."""
    waiting = spool.segments(folder.spool)
    with closing(store.open_store(folder.store)) as con:
        review_journal.take_in(con, folder.reviewed)
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


def _stored(data_dir: Path) -> DataFolder:
    folder = DataFolder(data_dir)
    if not folder.store.exists() or not folder.own.exists():
        raise NothingToRebuildError(
            f"{data_dir} holds no notices: read something first with tenders ingest or tenders crawl"
        )
    return folder


def _classify_into(place: Path, folder: DataFolder, progress: Progress) -> int:
    """A new store in ``place`` with what is stored, classified by the rules of today. Returns how many notices."""
    shutil.rmtree(place, ignore_errors=True)
    with closing(store.open_store(folder.store)) as con:
        count = reclassify.spool_anew(con, place / "spool", progress)
    _build_store(place, lambda con: store.carry_sightings(con, folder.store))
    return count


def _build_store(place: Path, carry_over: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """A new store from the segments of a rebuild and what is carried over."""
    with closing(store.open_store(place / "store.duckdb")) as con:
        carry_over(con)
        _merge_and_build(con, spool.segments(place / "spool"))


def _replace_store(folder: DataFolder) -> None:
    """Put the store that was built anew in the place of the old one; then load what waits."""
    folder.mark.unlink(missing_ok=True)
    store.replace(folder.rebuilding / "store.duckdb", folder.store)
    shutil.rmtree(folder.rebuilding, ignore_errors=True)
    load_locked(folder)


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
