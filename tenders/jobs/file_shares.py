"""Shares of files, read by processes on any machine, each into a folder of its own until the data folder takes it in.

A process that dies leaves nothing that counts: a share is done when its folder has been renamed. What a killed run has
done is taken in by the next one.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import uuid4

from pipelines.classify import lexicon as lexicons
from pipelines.model import Rejected
from pipelines.storage import spool
from pipelines.storage.store import PageKeys
from tenders.archive.reader import read_archive
from tenders.archive.writer import ArchiveWriter, add_file
from tenders.data_folder import DataFolder
from tenders.jobs import archived_pages, saved_pages
from tenders.jobs.reading import ReadReport, Share

# A smaller part of a file is not worth a process of its own.
_SMALLEST_SHARE_BYTES = 256 * 1024
# Each share reads the file from its beginning, so more of them would mostly read.
_MOST_SHARES = 8


@dataclass(frozen=True, slots=True)
class FileShare:
    """A share of the file at ``source``, a path or an address. ``number`` is its place among all shares."""

    number: int
    source: str
    share: Share


@dataclass(frozen=True, slots=True)
class Task:
    """What every process needs: the folder for results, the user's words, and the keys of pages to leave out.

    With ``from_archive`` the files are those of the archive: their pages are not archived again, and the outcomes of
    crawls count.
    """

    staging: Path
    lexicon: lexicons.Lexicon | None
    stored: PageKeys
    from_archive: bool


def share_out(files: list[tuple[str, int]], processes: int) -> list[FileShare]:
    """Return the shares in which ``processes`` processes read files, given as (path or address, bytes).

    If there are fewer files than processes, several processes read each large file.
    """
    wanted = min(_MOST_SHARES, -(-processes // len(files))) if files else 1
    shares: list[FileShare] = []
    for source, size in files:
        count = max(1, min(wanted, size // _SMALLEST_SHARE_BYTES))
        shares += [FileShare(len(shares) + place, source, Share(place, count)) for place in range(count)]
    return shares


def read_share(part: FileShare, task: Task, content: bytes | None = None) -> ReadReport:
    """Read one share into the staging folder. ``content`` are the bytes of the file if it is at an address.

    A page that ends the process it is parsed in is parsed alone, as in the pool. Raises FileNotFoundError if the
    staging folder is not on this machine.
    """
    done = task.staging / "done"
    if not done.is_dir():
        raise FileNotFoundError(f"{task.staging} is not on every machine: the data folder must be shared by all")
    report = ReadReport()
    attempt = task.staging / f"{part.number:06d}.{uuid4().hex}"
    with lexicons.using(task.lexicon or lexicons.current()), _on_disk(part.source, content) as path:
        if task.from_archive:
            with spool.SpoolWriter(attempt) as segments:
                items = read_archive(path)
                archived_pages.spool_items(items, segments, report, known=task.stored, share=part.share, processes=1)
        else:
            with ArchiveWriter(attempt) as archive, spool.SpoolWriter(attempt) as segments:
                pages = (
                    replace(item, source=part.source) if isinstance(item, Rejected) else item
                    for item in saved_pages.items(path)
                )
                saved_pages.spool_items(pages, archive, segments, task.stored, report, share=part.share, processes=1)
    attempt.mkdir(exist_ok=True)  # a share may have nothing new
    try:
        attempt.rename(done / f"{part.number:06d}")
    except OSError:  # another attempt at the same share was faster
        shutil.rmtree(attempt)
    return report


@contextmanager
def _on_disk(source: str, content: bytes | None) -> Iterator[Path]:
    if content is None:
        yield Path(source)
        return
    with NamedTemporaryFile(prefix="tenders-") as file:
        file.write(content)
        file.flush()
        yield Path(file.name)


@contextmanager
def staging_folder(folder: Path) -> Iterator[Path]:
    """Create a folder for the results of one run inside ``folder``, and remove it if the block ends without an error.

    It is locked as long as the block runs. What a run that failed has done stays for :func:`take_in_finished`.
    """
    staging = folder / uuid4().hex
    (staging / "done").mkdir(parents=True)
    with (staging / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield staging
        shutil.rmtree(staging)


def take_in(staging: Path, data_dir: Path, spool_dir: Path) -> None:
    """Move what was read into the archive of ``data_dir`` and into the spool, in the order of the shares.

    It can be interrupted at any instant and repeated, because the archive of a share comes before its notices.
    """
    for share in sorted((staging / "done").iterdir()):
        for path in sorted((share / "archive").glob("*.warc.gz")):
            add_file(data_dir, path)
        for path in spool.segments(share):
            spool.add_segment(spool_dir, path)


def take_in_finished(folder: DataFolder) -> None:
    """Take in what runs have read that were killed or failed."""
    for lock_path in sorted(folder.shares.glob("*/lock")):
        with lock_path.open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # its run is alive
            take_in(lock_path.parent, folder.root, folder.spool)
            shutil.rmtree(lock_path.parent)
