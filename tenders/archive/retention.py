"""Old answers of lists leave the archive: they are read once, while a crawl walks them, and never again.

Notices' own pages stay for good, byte for byte, so ``tenders rebuild`` comes to the same database before and after. The answers
of the last crawl that a portal blocked stay too: they are the evidence of the block.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from pipelines.common.atomic_files import sync_path
from tenders.archive.writer import archive_files
from tenders.data_folder import DataFolder
from tenders.database import query_rows

logger = logging.getLogger(__name__)

_CHUNK = 1 << 20
_BLOCKS = """
    SELECT portal, started_at, finished_at
    FROM crawls
    WHERE state = 'blocked'
    QUALIFY row_number() OVER (PARTITION BY portal ORDER BY finished_at DESC) = 1
"""


@dataclass(frozen=True, slots=True)
class Record:
    """Where one WARC record lies in its file (bytes), and whether it may go."""

    kind: str
    offset: int
    length: int
    old_list: bool


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a portal's answers are kept whatever they are."""

    portal: str
    first: datetime
    last: datetime


def prune(data_dir: Path, keep_days: int, now: datetime) -> int:
    """Drops the answers of lists that are older than ``keep_days``. Returns how many bytes were freed.

    Each file is rewritten beside itself and renamed. Only files are touched that nothing was added to for so long; which of them
    were looked at before is noted, so a day's work is a day's files.
    """
    limit = now - timedelta(days=keep_days)
    done_path = DataFolder(data_dir).private / "retention.json"
    done = _read_done(done_path)
    evidence = [Span(row["portal"], row["started_at"], row["finished_at"]) for row in query_rows(data_dir, _BLOCKS)]
    freed = 0
    for path in archive_files(data_dir):
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if not (done or written) <= written < limit:
            continue
        # Not while a rebuild reads the archive.
        with DataFolder(data_dir).lock():
            freed += _prune_file(path, limit, evidence)
    done_path.parent.mkdir(parents=True, exist_ok=True)
    draft = done_path.with_suffix(".new")
    draft.write_text(json.dumps({"until": max(limit, done or limit).isoformat()}), "utf-8")
    os.replace(draft, done_path)
    return freed


def _prune_file(path: Path, limit: datetime, evidence: Iterable[Span]) -> int:
    try:
        records = list(_records(path, limit, list(evidence)))
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        logger.warning("%s is damaged and stays as it is: %s", path.name, error)
        return 0
    kept = [record for record in records if not record.old_list]
    if len(kept) == len(records):
        return 0
    before = path.stat()
    if all(record.kind == "warcinfo" for record in kept):
        path.unlink()
        return before.st_size
    draft = path.with_name(f".{path.name}.part")
    with path.open("rb") as source, draft.open("wb") as target:
        for record in kept:
            source.seek(record.offset)
            target.write(source.read(record.length))
        target.flush()
        os.fsync(target.fileno())
    os.utime(draft, ns=(before.st_atime_ns, before.st_mtime_ns))
    os.replace(draft, path)
    sync_path(path.parent)
    return before.st_size - path.stat().st_size


def _records(path: Path, limit: datetime, evidence: list[Span]) -> Iterator[Record]:
    """Every record of the file with its place. Raises what warcio raises, or ValueError, where they do not fill the file."""
    end, old_list = 0, False
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            head = record.rec_headers
            if record.rec_type == "response":
                old_list = _is_old_list(head, limit, evidence)
            elif record.rec_type != "request":  # a request follows its response
                old_list = False
            while record.raw_stream.read(_CHUNK):
                pass
            if getattr(record.raw_stream, "limit", 0):
                raise ValueError("a record is cut short")
            length = records.get_record_length()
            yield Record(record.rec_type, records.get_record_offset(), length, old_list)
            end = records.get_record_offset() + length
    if end != path.stat().st_size:
        raise ValueError(f"{path.stat().st_size - end} bytes behind the last record")


def _is_old_list(head: object, limit: datetime, evidence: list[Span]) -> bool:
    value = head.get_header  # type: ignore[attr-defined]
    if value("Tenders-Page") != "list":
        return False
    at, portal = datetime.fromisoformat(value("WARC-Date")), json.loads(value("Tenders-Portal"))
    return at < limit and not any(span.portal == portal and span.first <= at <= span.last for span in evidence)


def _read_done(path: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(path.read_text("utf-8"))["until"])
    except (OSError, ValueError, KeyError):
        return None  # all files are looked at again
