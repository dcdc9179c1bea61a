"""What reads saved pages: the pool of this machine, or an engine on many machines that does the same.

An engine archives, parses and spools; the loader comes after it and is the same for all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

from pipelines.storage.store import PageKeys
from tenders.data_folder import DataFolder
from tenders.jobs.archived_pages import spool_archive
from tenders.jobs.reading import Progress, ReadReport
from tenders.jobs.saved_pages import spool_files


class UnreadableInputError(ValueError):
    """A path that cannot be read at all; nothing was changed. The message says what to do."""


class Engine(Protocol):
    """Reads saved pages. Whichever engine reads them, the same notices are in the spool afterwards."""

    def running(self) -> AbstractContextManager[None]:
        """Return a context in which the engine runs. The other methods are called inside it."""

    def remote_files(self, addresses: Sequence[str], suffixes: tuple[str, ...]) -> list[str]:
        """Return the files at addresses such as ``hdfs://host/folder``, sorted; of a folder those with a suffix.

        Raises UnreadableInputError.
        """

    def spool_files(
        self,
        files: list[Path],
        remote_files: list[str],
        folder: DataFolder,
        stored: PageKeys,
        progress: Progress,
        stored_awards: Collection[str],
    ) -> ReadReport:
        """Archive, parse and spool every page that is not stored yet: see ``saved_pages.spool_files``."""

    def spool_archive(self, files: list[Path], spool_dir: Path, progress: Progress) -> ReadReport:
        """Parse and spool the pages of the archive: see ``archived_pages.spool_archive``."""


class Pool:
    """The worker processes of this machine, one for each core."""

    def running(self) -> AbstractContextManager[None]:
        return nullcontext()

    def remote_files(self, addresses: Sequence[str], suffixes: tuple[str, ...]) -> list[str]:
        if addresses:
            raise UnreadableInputError(f"{addresses[0]} is an address: read it with --engine spark, or name a file")
        return []

    def spool_files(
        self,
        files: list[Path],
        remote_files: list[str],
        folder: DataFolder,
        stored: PageKeys,
        progress: Progress,
        stored_awards: Collection[str],
    ) -> ReadReport:
        return spool_files(files, folder, stored, progress, stored_awards)

    def spool_archive(self, files: list[Path], spool_dir: Path, progress: Progress) -> ReadReport:
        return spool_archive(files, spool_dir, progress)


LOCAL: Engine = Pool()
