"""Old answers of lists leave the archive: they are read once, while a crawl walks them, and never again.

Notices' own pages stay forever, byte for byte, so ``tenders rebuild`` gives the same database before and after. The
answers of the last crawl that a portal blocked stay too, as evidence of the block.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from pipelines.common.atomic_files import replace_text, replacing
from pipelines.common.state_files import read_state
from tenders.archive.writer import archive_files
from tenders.data_folder import DataFolder
from tenders.database import query_rows

logger = logging.getLogger(__name__)

_CHUNK_BYTES = 1 << 20
_LAST_BLOCKED_CRAWLS = """
    SELECT portal, started_at, finished_at
    FROM crawls
    WHERE state = 'blocked'
    QUALIFY row_number() OVER (PARTITION BY portal ORDER BY finished_at DESC) = 1
"""


class _LastRun(BaseModel):
    until: AwareDatetime


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where one WARC record is in its file (in bytes), and whether it may be dropped."""

    kind: str
    offset: int
    length: int
    is_old_list: bool


@dataclass(frozen=True, slots=True)
class BlockedCrawl:
    """A crawl whose answers are kept, whatever they are."""

    portal: str
    started_at: datetime
    finished_at: datetime


def prune(data_dir: Path, keep_days: int, now: datetime) -> int:
    """Drop the answers of lists that are older than ``keep_days``. Returns how many bytes were freed.

    Each file is replaced atomically. Files that something was added to within these days are left alone. The end of the
    last run is stored, so that a daily run looks only at a day's files.
    """
    limit = now - timedelta(days=keep_days)
    pruned_path = DataFolder(data_dir).private / "retention.json"
    pruned_until = _read_pruned_until(pruned_path)
    evidence = [BlockedCrawl(**row) for row in query_rows(data_dir, _LAST_BLOCKED_CRAWLS)]
    freed = 0
    for path in archive_files(data_dir):
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if not (pruned_until or written) <= written < limit:
            continue
        # A rebuild may read the archive; the lock keeps it away.
        with DataFolder(data_dir).lock():
            freed += _prune_file(path, limit, evidence)
    pruned_path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(pruned_path, json.dumps({"until": max(limit, pruned_until or limit).isoformat()}))
    return freed


def _prune_file(path: Path, limit: datetime, evidence: Iterable[BlockedCrawl]) -> int:
    try:
        records = list(_record_places(path, limit, list(evidence)))
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        logger.warning("%s is damaged and is left as it is: %s", path.name, error)
        return 0
    kept = [record for record in records if not record.is_old_list]
    if len(kept) == len(records):
        return 0
    before = path.stat()
    if all(record.kind == "warcinfo" for record in kept):
        path.unlink()
        return before.st_size
    with replacing(path) as draft:
        with path.open("rb") as source, draft.open("wb") as target:
            for record in kept:
                source.seek(record.offset)
                target.write(source.read(record.length))
        os.utime(draft, ns=(before.st_atime_ns, before.st_mtime_ns))
    return before.st_size - path.stat().st_size


def _record_places(path: Path, limit: datetime, evidence: list[BlockedCrawl]) -> Iterator[RecordPlace]:
    """Yield every record of the file with its place.

    Raises what warcio raises, or ValueError if the records do not fill the file.
    """
    end, is_old_list = 0, False
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            headers = record.rec_headers
            if record.rec_type == "response":
                is_old_list = _is_old_list(headers, limit, evidence)
            elif record.rec_type != "request":  # a request follows its response and goes with it
                is_old_list = False
            while record.raw_stream.read(_CHUNK_BYTES):
                pass
            if getattr(record.raw_stream, "limit", 0):
                raise ValueError("a record is cut short")
            length = records.get_record_length()
            yield RecordPlace(record.rec_type, records.get_record_offset(), length, is_old_list)
            end = records.get_record_offset() + length
    if end != path.stat().st_size:
        raise ValueError(f"{path.stat().st_size - end} bytes follow the last record")


def _is_old_list(headers: StatusAndHeaders, limit: datetime, evidence: list[BlockedCrawl]) -> bool:
    if headers.get_header("Tenders-Page") != "list":
        return False
    fetched_at = datetime.fromisoformat(headers.get_header("WARC-Date"))
    portal = json.loads(headers.get_header("Tenders-Portal"))
    return fetched_at < limit and not any(
        crawl.portal == portal and crawl.started_at <= fetched_at <= crawl.finished_at for crawl in evidence
    )


def _read_pruned_until(path: Path) -> datetime | None:
    """Return the end of the last run; None if it is not known, so that every file is looked at again."""
    last = read_state(path, _LastRun)
    return last.until if last else None
