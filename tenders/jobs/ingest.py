"""``tenders ingest``: capture files, WARC and tables of awards into the published database, without a network.

Memory does not grow with the files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

import duckdb

from pipelines.award_rows import ADDRESS
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
from tenders.jobs.load import load_spool, prepared_store
from tenders.jobs.reading import Item, Progress, ReadReport, no_progress, page_batches
from tenders.jobs.user_lexicon import apply_user_lexicon

_SUFFIXES = (".jsonl", ".jsonl.gz", ".warc", ".warc.gz", ".warc.zst", ".wacz")
_REJECTED_AT_ONCE = 1000


class UnreadableInputError(ValueError):
    """A path that cannot be read at all; nothing was changed. The message says what to do."""


def ingest_files(
    paths: Iterable[Path], data_dir: Path, progress: Progress = no_progress, *, accept_fewer: bool = False
) -> ReadReport:
    """Read pages of capture files and WARC, and tables of awards, into the published database.

    Raises UnreadableInputError, InvalidDataError and what ``prepared_store`` raises, before anything is changed.
    """
    files = files_in(paths)
    folder = DataFolder(data_dir)
    with apply_user_lexicon(data_dir):
        # A killed run may have left pages in the spool: they count as stored.
        with folder.lock(), prepared_store(folder, accept_fewer=accept_fewer) as con:
            stored, stored_awards = _stored_pages(con, files) if con else (PageKeys(), set())
        report = spool_files(files, folder, stored, progress, stored_awards)
        load_spool(folder.root, accept_fewer=accept_fewer)
    return report


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files to read; a folder stands for the capture files and WARC inside it, sorted by name.

    A table is read only if it is named itself, because a folder may hold any table. Raises UnreadableInputError for a
    path that is missing, unreadable or holds nothing to read.
    """
    files: list[Path] = []
    for path in paths:
        try:
            # Absolute, so that quarantine names the same place from whatever folder the command was run.
            files += _files_at(path.absolute())
        except OSError as error:
            raise UnreadableInputError(f"cannot read {path}: {error.strerror or error}") from None
    return list(dict.fromkeys(files))


def _files_at(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if file.name.endswith(_SUFFIXES) and file.is_file())
        if not inside:
            raise UnreadableInputError(
                f"{path} holds no capture file or WARC ({', '.join('*' + s for s in _SUFFIXES)})"
            )
    elif path.exists():
        inside = [path]
    else:
        raise UnreadableInputError(f"{path} does not exist: name a capture file, a WARC or a folder with such files")
    for file in inside:
        with file.open("rb") as opened:
            opened.read(1)
        if is_sheet(file):
            try:
                award_tables.check(file)
            except award_tables.NoAwardsError as error:
                raise UnreadableInputError(str(error)) from None
        elif wacz.is_zip(file):
            try:
                wacz.warc_names(file)
            except wacz.NoWaczError as error:
                raise UnreadableInputError(str(error)) from None
    return inside


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
    notes_for_spool = [reread_line(str(path)) for path in paths]
    with ArchiveWriter(folder.root) as archive, SpoolWriter(folder.spool) as writer:

        def reject(rejected: Rejected) -> None:
            report.add_problem(rejected)
            at = datetime.now(UTC)
            notes_for_spool.append(
                quarantine_line(rejected.source, rejected.line, rejected.reason, rejected.portal, rejected.url, at)
            )
            if len(notes_for_spool) >= _REJECTED_AT_ONCE:
                writer.append(notes_for_spool)
                notes_for_spool.clear()

        def all_items() -> Iterator[Item]:
            for path in paths:
                yield from award_tables.pages(path, earlier, report.notes.append) if is_sheet(path) else items(path)

        def new_batches() -> Iterator[list[Page]]:
            for batch in page_batches(all_items(), reject):
                new = [page for page in batch if page_key(page) not in stored]
                report.already_stored += len(batch) - len(new)
                if new:
                    yield new

        for work in process_in_order(new_batches(), record=page_record):
            # The archive comes first: a page whose notices are in the spool can always be read again.
            archive.write_records(work.records)
            writer.append(work.lines)
            report.add_work(work)
            progress(report.pages + report.already_stored)
        writer.append(notes_for_spool)
    return report


def _stored_pages(con: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> tuple[PageKeys, set[str]]:
    """Return the keys of the stored pages, and the addresses of stored awards that came from tables.

    The addresses are only read if one of the files is a table.
    """
    rows: list[tuple[str]] = []
    if any(map(is_sheet, files)):
        rows = con.execute("SELECT DISTINCT url FROM private.pages WHERE starts_with(url, ?)", [ADDRESS]).fetchall()
    return PageKeys.of(con), {url for (url,) in rows}
