"""The way in for pages of a crawl: archive, parse, spool. What is taken is on disk when ``take`` returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import duckdb

from pipelines.classify import lexicon
from pipelines.model import Page, Rejected
from pipelines.storage.spool import SpoolWriter, records, segments
from pipelines.workers import process_safely
from tenders.archive.writer import ArchiveWriter
from tenders.data_folder import DataFolder


@dataclass(frozen=True, slots=True)
class TakeResult:
    """The keys of the notices that were read and spooled, and what was read only in part."""

    notice_keys: list[str] = field(default_factory=list)
    problems: list[Rejected] = field(default_factory=list)


class Intake:
    """Open for one process; ``close`` completes the spool segment, so that the next load takes it.

    All is classified with the words that the data folder holds now. Raises InvalidDataError where they cannot be used.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = DataFolder(data_dir)
        self._lexicon = lexicon.lexicon_of(self._folder.lexicon)
        self._spool = SpoolWriter(self._folder.spool)
        self._archive = ArchiveWriter(data_dir)

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def take(self, pages: list[Page], archived: bool) -> TakeResult:
        """Archive the pages (unless they are ``archived``), parse them and spool their notices. Durable on return."""
        if not archived:
            self._archive.write_pages(pages)
        with lexicon.using(self._lexicon):
            done = process_safely(pages)
        self._spool.append(done.lines)
        return TakeResult(done.notice_keys, done.problems)

    def known(self, portal: str) -> set[str]:
        """The keys of this portal's notices that are stored, published or still in the spool."""
        keys: set[str] = set()
        if self._folder.own.exists():
            with duckdb.connect(str(self._folder.own), read_only=True) as con:
                rows = con.execute("SELECT DISTINCT notice_key FROM notices WHERE portal = ?", [portal]).fetchall()
            keys.update(key for (key,) in rows)
        for record in records(segments(self._folder.spool)):
            if record.get("t") == "notice" and record.get("portal") == portal:
                keys.add(record["notice_key"])
        return keys

    def close(self) -> None:
        """Complete the spool segment and the archive file; ``take`` may be called again."""
        self._spool.close()
        self._archive.close()
