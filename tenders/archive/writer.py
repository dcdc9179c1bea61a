"""The archive: every answer of a portal and every page from a file, as WARC on disk before it is read.

Everything else can be rebuilt from it. ``tenders.archive.records`` says how a page is written,
``tenders.archive.reader`` reads it back.
"""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from pipelines.common.atomic_files import sync_path
from tenders.archive.records import info_record


def archive_files(data_dir: Path) -> list[Path]:
    """Return the files of the archive, oldest first."""
    return sorted((data_dir / "archive").glob("*.warc.gz"))


def is_being_written(path: Path) -> bool:
    """Return whether an ArchiveWriter of any process has this file open."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


class ArchiveWriter:
    """Writes one new file DIR/archive/<UTC time>-<process id>-<number>.warc.gz, created with the first record.

    What a method has written is on disk when it returns. The file is locked until it is closed or its process ends.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "archive"
        self._file: BinaryIO | None = None

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

    def _create(self) -> BinaryIO:
        file = _new_file(self._folder)
        fcntl.flock(file, fcntl.LOCK_SH)
        sync_path(self._folder)
        file.write(info_record())
        return file


def add_file(data_dir: Path, path: Path) -> None:
    """Move a complete file of an ArchiveWriter into the archive of ``data_dir``, durably and under a new name."""
    folder = data_dir / "archive"
    with _new_file(folder) as file:
        os.replace(path, file.name)
    sync_path(folder)


def _new_file(folder: Path) -> BinaryIO:
    """Create a file with a name that no other process takes."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    number = 0
    while True:
        try:
            return (folder / f"{stamp}-{os.getpid()}-{number}.warc.gz").open("xb")
        except FileExistsError:
            number += 1
