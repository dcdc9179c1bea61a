"""The archive: every answer of a portal and every page from a file, as WARC on disk before it is read.

Everything else can be rebuilt from it. ``tenders.archive.records`` says how a page is written,
``tenders.archive.reader`` reads it back.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from pipelines.common.atomic_files import sync_path
from tenders.archive.records import info_record


def archive_files(data_dir: Path) -> list[Path]:
    """Return the files of the archive, oldest first."""
    return sorted((data_dir / "archive").glob("*.warc.gz"))


class ArchiveWriter:
    """Writes one new file DIR/archive/<UTC time>-<process id>-<number>.warc.gz, created with the first record.

    What a method has written is on disk when it returns.
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
        """Close the file. A later write opens another one."""
        if self._file:
            self._file.close()
            self._file = None

    def write_records(self, records: bytes) -> None:
        """Append records made by ``tenders.archive.records``, in one durable write."""
        if not records:
            return
        if self._file is None:
            self._file = self._create()
        self._file.write(records)
        self._file.flush()
        os.fsync(self._file.fileno())

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
