"""The many small files of the archive become one file per day and portal: each crawl leaves two, and they add up.

No record changes. A file is taken only if nobody writes it, if its day is over and if it can be read to its end.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from pipelines.common.atomic_files import replace_text, replacing, sync_path
from pipelines.common.state_files import read_state
from tenders.archive.records import CRAWL_URI
from tenders.archive.writer import archive_files, is_being_written
from tenders.data_folder import DataFolder

logger = logging.getLogger(__name__)

# What ArchiveWriter calls its files: 20261130T120000-4711-0.warc.gz
_PART = re.compile(r"(?P<day>\d{8})T\d{6}-\d+-\d+\.warc\.gz")
_PORTAL_NAME = re.compile(r"[a-z0-9_]{1,40}")
# Larger files are few. To copy them would cost more than they do.
_LARGEST_PART_BYTES = 64 * 1024 * 1024
_FEWEST_PARTS = 2
_JOURNAL = "combining.json"
_FILE_NAME = r"^[^/\\]{1,200}\.warc\.gz$"


class _Journal(BaseModel):
    """``done_until``: the first day (UTC, 20260801) that is not done. ``combined``: the file that is being made."""

    done_until: str = ""
    combined: str = ""
    parts: list[Annotated[str, Field(pattern=_FILE_NAME)]] = []


@dataclass(frozen=True, slots=True)
class _Part:
    path: Path
    portal: str
    records: int


def combine_files(data_dir: Path, now: datetime) -> int:
    """Combine the files of earlier days (UTC), by day and portal. Returns how many files fewer there are.

    The combined file is written, checked and renamed before its parts are removed. A journal names them, so that
    the next call removes them after a crash. It also knows which days are done. The caller holds no lock of the folder.
    """
    folder = DataFolder(data_dir)
    today = now.astimezone(UTC).strftime("%Y%m%d")
    if not folder.archive.exists() or _read_journal(folder) == _Journal(done_until=today):
        return 0
    with folder.lock():  # a rebuild may read the archive
        before = len(archive_files(data_dir))
        journal = _finish_interrupted(folder)
        groups: dict[tuple[str, str], list[_Part]] = defaultdict(list)
        for day, path in _waiting_parts(folder, journal.done_until, today):
            if (part := _intact_part(path)) is not None:
                groups[day, part.portal].append(part)
        for (day, portal), parts in groups.items():
            if len(parts) >= _FEWEST_PARTS:
                _combine(folder, _free_name(folder, f"{day}-{portal}"), parts, journal.done_until)
        _write_journal(folder, _Journal(done_until=today))
        return before - len(archive_files(data_dir))


def _waiting_parts(folder: DataFolder, since: str, today: str) -> Iterator[tuple[str, Path]]:
    """Yield the files of the days from ``since`` to yesterday that may be combined, with their days."""
    for path in archive_files(folder.root):
        match = _PART.fullmatch(path.name)
        if match and since <= match["day"] < today and path.stat().st_size <= _LARGEST_PART_BYTES:
            yield match["day"], path


def _intact_part(path: Path) -> _Part | None:
    """Return a file that may be a part; None if somebody writes it or if it is damaged: it then stays as it is."""
    if is_being_written(path):
        return None
    try:
        portals, records = _read_through(path)
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        logger.info("%s is not combined with others: %s", path.name, error)
        return None
    return _Part(path, portals[0] if len(portals) == 1 else "pages", records)


def _read_through(path: Path) -> tuple[list[str], int]:
    """Return the portals whose records are in a file, and how many records there are.

    Raises what warcio raises, or ValueError if the records do not fill the file.
    """
    portals: dict[str, None] = {}
    count, end = 0, 0
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            count += 1
            payload = record.raw_stream.read()
            if getattr(record.raw_stream, "limit", 0):
                raise ValueError("a record is cut short")
            if (portal := _portal_of(record, payload)) is not None:
                portals[portal if _PORTAL_NAME.fullmatch(portal) else "pages"] = None
            end = records.get_record_offset() + records.get_record_length()
    if end != path.stat().st_size:
        raise ValueError(f"{path.stat().st_size - end} bytes follow the last record")
    return list(portals), count


def _portal_of(record: Any, payload: bytes) -> str | None:
    headers = record.rec_headers
    if headers.get_header("WARC-Target-URI") == CRAWL_URI:
        return str(json.loads(payload)["portal"])
    written = headers.get_header("Tenders-Portal")
    return str(json.loads(written)) if written and record.rec_type != "request" else None


def _free_name(folder: DataFolder, stem: str) -> Path:
    """Return a name for a combined file that no earlier one of the same day and portal has."""
    number = 0
    while (path := folder.archive / f"{stem}-{number}.warc.gz").exists():
        number += 1
    return path


def _combine(folder: DataFolder, target: Path, parts: list[_Part], done_until: str) -> None:
    times = [part.path.stat() for part in parts]
    # The retention of old lists looks for files by the time of their last record.
    newest = max(times, key=lambda time: time.st_mtime_ns)
    journal = _Journal(done_until=done_until, combined=target.name, parts=[part.path.name for part in parts])
    _write_journal(folder, journal)
    with replacing(target) as draft:
        with draft.open("wb") as combined:
            for part in parts:
                with part.path.open("rb") as source:
                    shutil.copyfileobj(source, combined)
        if _read_through(draft)[1] != sum(part.records for part in parts):
            raise OSError(f"{target.name} does not hold what its parts hold")
        os.utime(draft, ns=(newest.st_atime_ns, newest.st_mtime_ns))
    _remove_parts(folder, journal)


def _finish_interrupted(folder: DataFolder) -> _Journal:
    """Remove the parts of a combined file that is complete. If it is not, its parts are all still there."""
    journal = _read_journal(folder)
    if journal.combined:
        for draft in folder.archive.glob(f".{journal.combined}.*.part"):
            draft.unlink()
        if (folder.archive / journal.combined).exists():
            _remove_parts(folder, journal)
    return journal


def _remove_parts(folder: DataFolder, journal: _Journal) -> None:
    for name in journal.parts:
        (folder.archive / name).unlink(missing_ok=True)
    sync_path(folder.archive)
    _write_journal(folder, _Journal(done_until=journal.done_until))


def _read_journal(folder: DataFolder) -> _Journal:
    """Return the journal; an empty one if there is none or if it is damaged. Then every day is looked at again."""
    return read_state(folder.private / _JOURNAL, _Journal) or _Journal()


def _write_journal(folder: DataFolder, journal: _Journal) -> None:
    replace_text(folder.private / _JOURNAL, journal.model_dump_json())
