"""The pages of the archive, read into the spool again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipelines.model import Page
from pipelines.storage.keys import page_key
from pipelines.storage.spool import SpoolWriter, crawl_line
from pipelines.storage.store import PageKeys
from pipelines.workers import process_in_order
from tenders.archive.reader import read_archive
from tenders.jobs.reading import ALL, Item, Progress, ReadReport, Share, no_progress, page_batches


def spool_archive(
    files: Iterable[Path], spool_dir: Path, progress: Progress = no_progress, known: PageKeys | None = None
) -> ReadReport:
    """Parse the pages of the archive into spool segments in ``spool_dir``, with the recorded outcomes of crawls.

    Pages whose key is among the ``known`` ones are left out.
    """
    report = ReadReport()
    with SpoolWriter(spool_dir) as spool:
        items = (item for path in files for item in read_archive(path))
        spool_items(items, spool, report, known=known, progress=progress)
    return report


def spool_items(
    source: Iterable[Item | dict[str, Any]],
    spool: SpoolWriter,
    report: ReadReport,
    *,
    known: PageKeys | None = None,
    share: Share = ALL,
    processes: int | None = None,
    progress: Progress = no_progress,
) -> None:
    """Parse and spool a share of what is in the archive, and count it in ``report``.

    ``processes`` is how many worker processes parse; None is one for each core.
    """
    crawls: list[bytes] = []
    note_crawl = share.note_once(crawls.append)

    def pages() -> Iterator[Item]:
        for item in source:
            if isinstance(item, dict):
                note_crawl(crawl_line(item))
            elif known is None or not isinstance(item, Page) or page_key(item) not in known:
                yield item

    batches = share.choose(page_batches(pages(), share.note_once(report.add_problem)))
    for work in process_in_order(batches, processes=processes):
        spool.append(work.lines)
        report.add_work(work)
        progress(report.pages)
    spool.append(crawls)
