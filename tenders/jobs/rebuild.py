"""``tenders rebuild``: a new store from the archive alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from pipelines.storage import store
from pipelines.storage.spool import SpoolWriter, crawl_line
from pipelines.workers import process_in_order
from tenders.archive.reader import read_archive
from tenders.archive.writer import archive_files
from tenders.data_folder import DataFolder
from tenders.jobs.new_store import NothingToRebuildError, build_store, replace_store
from tenders.jobs.reading import Item, Progress, ReadReport, no_progress, page_batches
from tenders.jobs.user_lexicon import apply_user_lexicon


def rebuild_store(data_dir: Path, progress: Progress = no_progress) -> ReadReport:
    """Read the archive again into a new store, which replaces the old one when it is complete.

    Quarantined lines of files stay listed, because the archive holds only what could be read. Raises
    NothingToRebuildError.
    """
    folder = DataFolder(data_dir)
    files = archive_files(data_dir)
    if not files:
        raise NothingToRebuildError(
            f"{folder.archive} holds no WARC: read something first with tenders ingest or tenders crawl"
        )
    with apply_user_lexicon(data_dir), folder.lock():
        shutil.rmtree(folder.rebuilding, ignore_errors=True)
        report = spool_archive(files, folder.rebuilding / "spool", progress)
        build_store(folder.rebuilding, lambda con: store.carry_quarantine(con, folder.store))
        replace_store(folder)
    return report


def spool_archive(files: Iterable[Path], spool_dir: Path, progress: Progress) -> ReadReport:
    """Parse every page of the archive into spool segments in ``spool_dir``, with the recorded outcomes of crawls."""
    report = ReadReport()
    with SpoolWriter(spool_dir) as spool:
        crawls: list[bytes] = []

        def pages() -> Iterable[Item]:
            for path in files:
                for item in read_archive(path):
                    if isinstance(item, dict):
                        crawls.append(crawl_line(item))
                    else:
                        yield item

        for work in process_in_order(page_batches(pages(), report.add_problem)):
            spool.append(work.lines)
            report.add_work(work)
            progress(report.pages)
        spool.append(crawls)
    return report
