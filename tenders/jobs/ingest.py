"""Reading what is saved without a network: capture files, WARC and tables of awards, in memory that does not grow with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

from pipelines.model import Page
from pipelines.process import Work
from pipelines.storage.spool import SpoolWriter, crawl_line, quarantine_line, reread_line
from pipelines.storage.store import PageKeys
from pipelines.workers import read_pages_in_order
from tenders.archive.reader import read_archive
from tenders.archive.records import Rejected, page_key
from tenders.archive.streams import Stream, lines, open_stream
from tenders.archive.writer import ArchiveWriter, read_pages
from tenders.data_folder import DataFolder
from tenders.files import award_tables
from tenders.files.captures import read_line
from tenders.files.spreadsheets import is_sheet

_SUFFIXES = (".jsonl", ".jsonl.gz", ".warc", ".warc.gz")
_BATCH_PAGES = 32
_BATCH_CHARS = 2_000_000
# Sources whose problems are told on the terminal; all of them are in quarantine.
_TOLD = 20
_REJECTED_AT_ONCE = 1000

Item = Page | Rejected


class UnreadableInputError(ValueError):
    """A path that cannot be read at all; nothing was changed. The message says what to do."""


@dataclass(slots=True)
class Report:
    """What a run of ``ingest`` or ``rebuild`` came to. ``problems`` counts all of them, ``told`` holds the first of each source
    and how many that source has, for the first sources; ``notes`` are lines that a person should see and are no problems."""

    pages: int = 0
    notices: int = 0
    known: int = 0
    problems: int = 0
    told: dict[str, tuple[Rejected, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def tell(self, rejected: Rejected) -> None:
        """Count a problem, and keep it if it is the first of its source."""
        self.problems += 1
        if rejected.source in self.told:
            first, count = self.told[rejected.source]
            self.told[rejected.source] = first, count + 1
        elif len(self.told) < _TOLD:
            self.told[rejected.source] = rejected, 1

    def add(self, done: Work) -> None:
        """Count the work of a batch."""
        self.pages += done.pages
        self.notices += len(done.notice_keys)
        for problem in done.problems:
            self.tell(problem)


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to read, folders replaced by the capture and WARC files in them, by name. Tables are read only where they are
    named themselves: any table may lie in a folder.

    Raises UnreadableInputError for a path that is missing, unreadable or holds nothing to read.
    """
    found: list[Path] = []
    for path in paths:
        try:
            # Absolute, so that a place in quarantine is the same place wherever the command was run.
            found += _files_at(path.absolute())
        except OSError as error:
            raise UnreadableInputError(f"cannot read {path}: {error.strerror or error}") from None
    return list(dict.fromkeys(found))


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
        raise UnreadableInputError(f"{path} does not exist: name a capture file, a WARC or a folder of them")
    for file in inside:
        with file.open("rb") as opened:
            opened.read(1)
        if is_sheet(file):
            try:
                award_tables.check(file)
            except award_tables.NoAwardsError as error:
                raise UnreadableInputError(str(error)) from None
    return inside


def items(path: Path) -> Iterator[Item]:
    """The pages of a capture file or WARC, whichever it is, in order, and what could not be read."""
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
    number, refused = 0, None
    for number, line in lines(reader):
        if refused:
            yield refused
        item = read_line(str(path), number, line)
        refused = item if isinstance(item, Rejected) else None
        if isinstance(item, Page):
            yield item
    if stream.damage:
        # The last line is half a line; the damage is the reason to tell.
        yield Rejected(str(path), number, f"{stream.damage} behind line {number}" if number else stream.damage)
    elif refused:
        yield refused


def run(
    paths: list[Path],
    folder: DataFolder,
    known: PageKeys,
    progress: Callable[[int], None] = lambda pages: None,
    known_awards: Collection[str] = (),
) -> Report:
    """Archive, parse and spool every page in these files that is not stored yet.

    ``known`` are the keys of those that are, ``known_awards`` the addresses of awards from tables; ``progress`` is told the
    pages done so far.
    """
    report = Report()
    earlier = award_tables.Earlier(known, known_awards)
    told_lines = [reread_line(str(path)) for path in paths]
    with ArchiveWriter(folder.root) as archive, SpoolWriter(folder.spool) as spool:

        def reject(rejected: Rejected) -> None:
            report.tell(rejected)
            at = datetime.now(UTC)
            told_lines.append(
                quarantine_line(rejected.source, rejected.line, rejected.reason, rejected.portal, rejected.url, at)
            )
            if len(told_lines) >= _REJECTED_AT_ONCE:
                spool.append(told_lines)
                told_lines.clear()

        def all_items() -> Iterator[Item]:
            for path in paths:
                yield from award_tables.pages(path, earlier, report.notes.append) if is_sheet(path) else items(path)

        def batches() -> Iterator[list[Page]]:
            for batch in grouped(all_items(), reject):
                new = [page for page in batch if page_key(page) not in known]
                report.known += len(batch) - len(new)
                if new:
                    yield new

        for done in read_pages_in_order(batches(), archive=True):
            # The archive comes first: a page whose notices are in the spool can always be read again.
            archive.write_records(done.records)
            spool.append(done.lines)
            report.add(done)
            progress(report.pages + report.known)
        spool.append(told_lines)
    return report


def from_archive(files: Iterable[Path], into: Path, progress: Callable[[int], None]) -> Report:
    """Parse every page of an archive anew into spool segments in the folder ``into``, with the outcomes of its crawls."""
    report = Report()
    with SpoolWriter(into) as spool:
        crawls: list[bytes] = []

        def pages() -> Iterable[Item]:
            for path in files:
                for item in read_archive(path):
                    if isinstance(item, dict):
                        crawls.append(crawl_line(item))
                    else:
                        yield item

        def reject(rejected: Rejected) -> None:
            report.tell(rejected)

        for done in read_pages_in_order(grouped(pages(), reject), archive=False):
            spool.append(done.lines)
            report.add(done)
            progress(report.pages)
        spool.append(crawls)
    return report


def grouped(found: Iterable[Item], reject: Callable[[Rejected], None]) -> Iterator[list[Page]]:
    """Pages in batches that are worth a trip to a worker, in order; the rest goes to ``reject``."""
    batch: list[Page] = []
    size = 0
    for item in found:
        if isinstance(item, Rejected):
            reject(item)
            continue
        batch.append(item)
        size += len(item.body)
        if len(batch) >= _BATCH_PAGES or size >= _BATCH_CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
