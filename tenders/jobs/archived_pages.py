"""The pages of the archive, read into the spool again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.model import Page
from pipelines.storage.keys import page_key
from pipelines.storage.spool import SpoolWriter, crawl_line
from pipelines.storage.store import PageKeys
from pipelines.workers import process_in_order
from tenders.archive.reader import read_archive
from tenders.jobs.reading import Item, Progress, ReadReport, no_progress, page_batches


def spool_archive(
    files: Iterable[Path], spool_dir: Path, progress: Progress = no_progress, known: PageKeys | None = None
) -> ReadReport:
    """Parse the pages of the archive into spool segments in ``spool_dir``, with the recorded outcomes of crawls.

    Pages whose key is among the ``known`` ones are left out.
    """
    report = ReadReport()
    with SpoolWriter(spool_dir) as spool:
        crawls: list[bytes] = []

        def pages() -> Iterator[Item]:
            for path in files:
                for item in read_archive(path):
                    if isinstance(item, dict):
                        crawls.append(crawl_line(item))
                    elif known is None or not isinstance(item, Page) or page_key(item) not in known:
                        yield item

        for work in process_in_order(page_batches(pages(), report.add_problem)):
            spool.append(work.lines)
            report.add_work(work)
            progress(report.pages)
        spool.append(crawls)
    return report
