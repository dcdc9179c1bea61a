"""The pages of capture files, WARC and tables of awards, read into the archive and the spool."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

from pipelines.model import Page, Rejected
from pipelines.storage.keys import page_key
from pipelines.storage.spool import SpoolWriter, quarantine_line, reread_line
from pipelines.storage.store import PageKeys
from pipelines.workers import process_in_order
from tenders.archive import wacz
from tenders.archive.reader import read_pages
from tenders.archive.records import page_record
from tenders.archive.streams import Stream, lines, open_stream
from tenders.archive.writer import ArchiveWriter
from tenders.data_folder import DataFolder
from tenders.files import award_tables
from tenders.files.captures import read_line
from tenders.files.spreadsheets import is_sheet
from tenders.jobs.reading import ALL, Item, Progress, ReadReport, Share, no_progress, page_batches

_REJECTED_AT_ONCE = 1000


def items(path: Path) -> Iterator[Item]:
    """Yield the pages of a capture file, a WARC or a WACZ, in order, and what could not be read."""
    if wacz.is_zip(path):
        yield from read_pages(path)
        return
    reader, stream = open_stream(path)
    with reader:
        head = reader.peek(8)[:5]
        if head != b"WARC/":
            if not head:
                yield Rejected(str(path), 0, stream.damage or "the file is empty")
                return
            yield from _lines_of(path, reader, stream)
            return
    yield from read_pages(path)


def _lines_of(path: Path, reader: BufferedReader, stream: Stream) -> Iterator[Item]:
    number, rejected = 0, None
    for number, line in lines(reader):
        if rejected:
            yield rejected
        item = read_line(str(path), number, line)
        del line  # it may be large, and the page has what is in it
        rejected = item if isinstance(item, Rejected) else None
        if isinstance(item, Page):
            yield item
    if stream.damage:
        # The last line is incomplete because of the damage: report the damage instead.
        yield Rejected(str(path), number, f"{stream.damage} after line {number}" if number else stream.damage)
    elif rejected:
        yield rejected


def spool_files(
    paths: list[Path],
    folder: DataFolder,
    stored: PageKeys,
    progress: Progress = no_progress,
    stored_awards: Collection[str] = (),
) -> ReadReport:
    """Archive, parse and spool every page in these files that is not stored yet.

    ``stored`` are the keys of stored pages, ``stored_awards`` the addresses of stored awards from tables; ``progress``
    gets the number of pages done so far.
    """
    report = ReadReport()
    earlier = award_tables.EarlierPages(stored, stored_awards)

    def all_items() -> Iterator[Item]:
        for path in paths:
            yield from award_tables.pages(path, earlier, report.notes.append) if is_sheet(path) else items(path)

    with ArchiveWriter(folder.root) as archive, SpoolWriter(folder.spool) as spool:
        notes = [reread_line(str(path)) for path in paths]
        spool_items(all_items(), archive, spool, stored, report, notes=notes, progress=progress)
    return report


def spool_items(
    source: Iterable[Item],
    archive: ArchiveWriter,
    spool: SpoolWriter,
    stored: PageKeys,
    report: ReadReport,
    *,
    notes: Iterable[bytes] = (),
    share: Share = ALL,
    processes: int | None = None,
    progress: Progress = no_progress,
) -> None:
    """Archive, parse and spool the pages of a share of ``source`` that are not stored yet, counted in ``report``.

    ``notes`` are lines for the spool that must be before those about problems. ``processes`` is how many worker
    processes parse; None is one for each core.
    """
    rejections = list(notes)

    def reject(rejected: Rejected) -> None:
        report.add_problem(rejected)
        at = datetime.now(UTC)
        rejections.append(
            quarantine_line(rejected.source, rejected.line, rejected.reason, rejected.portal, rejected.url, at)
        )
        if len(rejections) >= _REJECTED_AT_ONCE:
            spool.append(rejections)
            rejections.clear()

    def new_batches() -> Iterator[list[Page]]:
        for batch in share.choose(page_batches(source, share.note_once(reject))):
            # The keys of pages take time, and a new folder has none to compare them with.
            new = [page for page in batch if page_key(page) not in stored] if len(stored) else batch
            report.already_stored += len(batch) - len(new)
            if new:
                yield new

    for work in process_in_order(new_batches(), record=page_record, processes=processes):
        # The archive comes first: a page whose notices are in the spool can always be read again.
        archive.write_records(work.records)
        spool.append(work.lines)
        report.add_work(work)
        progress(report.pages + report.already_stored)
    spool.append(rejections)
