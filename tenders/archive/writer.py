"""The archive: every answer of a portal, and every page that was read from a file, as WARC on disk before it is parsed.

Everything else can be rebuilt from it. ``tenders.archive.records`` says how a page is written, ``tenders.archive.reader`` reads it back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from pipelines.common.atomic_files import sync_path
from pipelines.model import Page
from tenders.archive.records import info_record, page_record


def archive_files(data_dir: Path) -> list[Path]:
    """The files of the archive, oldest first."""
    return sorted((data_dir / "archive").glob("*.warc.gz"))


class ArchiveWriter:
    """Writes one new file DIR/archive/<utc stamp>-<pid>-<n>.warc.gz, made when the first record comes.

    Whatever a method has written is on the disk when it returns.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "archive"
        self._file: Any = None

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; later writes open another."""
        if self._file:
            self._file.close()
            self._file = None

    def write_records(self, records: bytes) -> None:
        """Append records that ``tenders.archive.records`` made, in one durable write."""
        if not records:
            return
        if self._file is None:
            self._file = self._create()
        self._file.write(records)
        self._file.flush()
        os.fsync(self._file.fileno())

    def write_pages(self, pages: Iterable[Page]) -> None:
        """Append what was read from files, with portal, title and dates."""
        self.write_records(b"".join(page_record(page) for page in pages))

    def _create(self) -> Any:
        self._folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        number = 0
        while True:
            path = self._folder / f"{stamp}-{os.getpid()}-{number}.warc.gz"
            try:
                file = path.open("xb")
            except FileExistsError:
                number += 1
                continue
            sync_path(self._folder)
            file.write(info_record())
            return file
