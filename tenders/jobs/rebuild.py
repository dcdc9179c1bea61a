"""``tenders rebuild``: a new store from the archive alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from tenders.archive.writer import archive_files
from tenders.data_folder import DataFolder
from tenders.jobs.engines import LOCAL, Engine
from tenders.jobs.load import FewerNoticesError, published_notices, require_as_many
from tenders.jobs.new_store import NothingToRebuildError, build_store, replace_store
from tenders.jobs.reading import Progress, ReadReport, no_progress
from tenders.jobs.user_lexicon import apply_user_lexicon


def rebuild_store(
    data_dir: Path, progress: Progress = no_progress, *, accept_fewer: bool = False, engine: Engine = LOCAL
) -> ReadReport:
    """Read the archive again into a new store, which replaces the old one when it is complete.

    Quarantined lines of files stay listed, because the archive holds only what could be read. Raises
    NothingToRebuildError, what the engine raises, and FewerNoticesError if the archive gives fewer notices than are
    published, unless ``accept_fewer``.
    """
    folder = DataFolder(data_dir)
    files = archive_files(data_dir)
    if not files:
        raise NothingToRebuildError(
            f"{folder.archive} holds no WARC: read something first with tenders ingest or tenders crawl"
        )
    with apply_user_lexicon(data_dir), engine.running(), folder.lock():
        shutil.rmtree(folder.rebuilding, ignore_errors=True)
        report = engine.spool_archive(files, folder.rebuilding / "spool", progress)
        notices = build_store(folder)
        if not accept_fewer:
            try:
                require_as_many(notices, published_notices(folder), "the archive gives")
            except FewerNoticesError:
                shutil.rmtree(folder.rebuilding)
                raise
        replace_store(folder)
    return report
