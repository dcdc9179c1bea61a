"""Where a crawl puts what it reads: the archive, the spool and the state of one portal in one data folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from filelock import FileLock, Timeout

from pipelines.classify import lexicon
from pipelines.model import Page, Rejected
from pipelines.storage.spool import SpoolWriter, records, segments
from pipelines.workers import PageReader, Question, ReadingStoppedError
from tenders.archive.records import ArchivedResponse, page_record, response_record
from tenders.archive.writer import ArchiveWriter
from tenders.crawling.errors import CannotStoreError, PortalBusyError, StoppedError
from tenders.crawling.state import CrawlState
from tenders.data_folder import DataFolder
from tenders.database import query_rows

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class StoredPage:
    """The keys of the notices of a page that was stored, and what could be read only in part."""

    notice_keys: list[str] = field(default_factory=list)
    problems: list[Rejected] = field(default_factory=list)


class CrawlSession:
    """One crawl of one portal into one data folder, opened before its first request and closed after its last page.

    Everything given to it is on disk on return. Notices are classified with the words that the data folder has when
    the session opens. Pages are read in a process of their own. ``stopping`` says whether the crawl is to end. Raises
    PortalBusyError if another process crawls the portal or one of its hosts, InvalidDataError if the user's words
    cannot be used.
    """

    def __init__(
        self, data_dir: Path, portal: str, hosts: Iterable[str] = (), *, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._folder = DataFolder(data_dir)
        self._reader = PageReader(lexicon.lexicon_of(self._folder.lexicon), stopping)
        self._reading = asyncio.Lock()
        self.portal = portal
        folder = self._folder.private / "listed"
        folder.mkdir(parents=True, exist_ok=True)
        # Portals that share a host are crawled one after the other, so the hosts are locked too.
        names = (portal, *(f"host-{host}" for host in sorted(set(hosts))))
        self._locks = [FileLock(folder / f"{name}.lock") for name in names]
        try:
            for lock in self._locks:
                lock.acquire(timeout=0)
        except Timeout:
            self._release()
            raise PortalBusyError(f"another crawl of {portal} is running on {data_dir}; wait for it to end") from None
        self.state = CrawlState(folder / f"{portal}.json")
        self._archive = ArchiveWriter(data_dir)
        self._spool = SpoolWriter(self._folder.spool)

    def __enter__(self) -> CrawlSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def stored_ids(self) -> set[str]:
        """Return the portal's own ids (or the addresses) of its notices that are stored by now."""
        prefix = f"{self.portal}:"
        return {key.removeprefix(prefix) for key in stored_keys(self._folder.root, self.portal)}

    def archive(self, response: ArchivedResponse) -> None:
        """Archive an answer of the portal with its request. Raises CannotStoreError."""
        try:
            self._archive.write_records(response_record(response))
        except Exception as error:
            raise CannotStoreError(f"cannot write the archive: {error}") from error

    async def ask(self, question: Question[Answer], page: Page) -> Answer | None:
        """Return the answer to a question about a page; None if the page cannot be read. Raises StoppedError."""
        return await self._off_the_reactor(self._reader.ask, question, page)

    async def store(self, page: Page, *, archived: bool) -> StoredPage:
        """Archive the page unless it is ``archived`` already, process it and spool its notices. Raises StoppedError."""
        if not archived:
            self._archive.write_records(page_record(page))
        batch = await self._off_the_reactor(self._reader.read, page)
        self._spool.append(batch.lines)
        return StoredPage(batch.notice_keys, batch.problems)

    def close(self) -> None:
        """Complete the archive file and the spool segment, so that the next load takes it, and release the portal."""
        self._reader.close()
        self._archive.close()
        self._spool.close()
        self._release()

    async def _off_the_reactor(self, function: Callable[..., Answer], *arguments: object) -> Answer:
        """Return what the reader answers. Meanwhile the other crawls of this process go on."""
        async with self._reading:
            try:
                return await asyncio.to_thread(function, *arguments)
            except ReadingStoppedError as error:
                raise StoppedError from error

    def _release(self) -> None:
        for lock in self._locks:
            lock.release()


def stored_keys(data_dir: Path, portal: str) -> set[str]:
    """Return the keys of a portal's notices that are stored, whether published or still in the spool."""
    rows = query_rows(data_dir, "SELECT DISTINCT notice_key FROM notices WHERE portal = ?", [portal])
    keys = {row["notice_key"] for row in rows}
    for record in records(segments(DataFolder(data_dir).spool)):
        if record.get("t") == "notice" and record.get("portal") == portal:
            keys.add(record["notice_key"])
    return keys
