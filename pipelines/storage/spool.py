"""The spool: a staging area on disk for what was read, until the loader brings it into the store.

A segment is a file of JSON lines, one record each. While it grows its name ends in ``.open`` and its writer holds a
lock on it; a complete segment is renamed to ``.seg``. If the writer died, the loader takes the segment up to its last
complete line.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import orjson

from pipelines.common.atomic_files import sync_path
from pipelines.model import Lot, Notice, PriceStatement, Winner
from pipelines.storage.keys import name_key, party_key, project_number_key

_ROTATE_BYTES = 16 * 1024 * 1024
# Characters of a notice's text that are kept. Nobody writes a longer notice.
_LONGEST_BODY = 1_000_000
# Characters of the reason and the place of a problem.
_LONGEST_NOTE = 4_000
# Bytes of a line. The loader cannot read a longer one.
LONGEST_LINE = 8_000_000


def notice_line(notice: Notice, page_key: str, seq: int, lexicon: str) -> bytes:
    """Return a notice as a spool line, with the keys that it is compared by.

    ``seq`` is its place among the notices of its page, ``lexicon`` the digest of the words that it was classified
    with. A line that would be too long to load is shortened.
    """
    record = {**notice_record(notice), "lexicon": lexicon}
    line = _line({"t": "notice", "page_key": page_key, "seq": seq, **record})
    if len(line) > LONGEST_LINE:
        shortened = {**record, "evidence": {}, "lots": record["lots"][:1000], "title": (notice.title or "")[:1000]}
        line = _line({"t": "notice", "page_key": page_key, "seq": seq, **shortened})
    return line


def notice_record(notice: Notice) -> dict[str, Any]:
    """Return the fields of a notice as they are stored, with the keys that it is compared by. Its lists are shared."""
    return {
        **_fields(notice),
        "body": notice.body[:_LONGEST_BODY],
        "project_number_key": project_number_key(notice.project_number, notice.portal),
        "platform_number_key": project_number_key(notice.platform_number, notice.portal),
        "project_name_key": name_key(notice.project_name),
        "buyer_key": party_key(notice.buyer),
        "lots": [
            {
                **_fields(lot),
                "lot_key": name_key(lot.lot_name),
                "winners": [{**_fields(winner), "supplier_key": party_key(winner.supplier)} for winner in lot.winners],
            }
            for lot in notice.lots
        ],
    }


def page_line(page_key: str, portal: str, url: str, notices: int) -> bytes:
    """Return the line that a page is archived and its notices are in the same segment, so it need not be read again.

    ``notices`` is how many they are: if one of them was damaged, the page counts as not read.
    """
    return _line({"t": "page", "page_key": page_key, "portal": portal, "url": url, "seq": notices})


def quarantine_line(
    source: str, line: int, reason: str, portal: str | None, url: str | None, seen_at: datetime
) -> bytes:
    """Return the line for what could not be read: ``line`` of the file ``source``, or 0 for an address."""
    return _line(
        {
            "t": "quarantine",
            "source": source[:_LONGEST_NOTE],
            "line": line,
            "reason": reason[:_LONGEST_NOTE],
            "portal": portal[:_LONGEST_NOTE] if portal else portal,
            "url": url[:_LONGEST_NOTE] if url else url,
            "seen_at": seen_at,
        }
    )


def reread_line(source: str) -> bytes:
    """Return the line that a file is read from its beginning: its lines in quarantine are forgotten."""
    return _line({"t": "reread", "source": source})


def crawl_line(crawl: Mapping[str, Any]) -> bytes:
    """Return the line for one row of the table ``crawls``, by its columns."""
    return _line({"t": "crawl", **crawl})


def _fields(item: Notice | Lot | Winner) -> dict[str, Any]:
    """Return the fields of an object by name. Lists in it are not copied, as ``asdict`` would."""
    return {name: getattr(item, name) for name in item.__slots__}


def _line(record: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(record, default=str, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # half a surrogate pair somewhere in the text
        return orjson.dumps(_storable(record), default=str, option=orjson.OPT_APPEND_NEWLINE)


def _storable(value: Any) -> Any:
    if isinstance(value, PriceStatement):
        return _storable(asdict(value))
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value


class SpoolWriter:
    """Appends lines to segments in a folder. Once ``append`` returns, the lines survive a kill or a power cut."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._path = folder
        self._size = 0
        self._count = 0

    def __enter__(self) -> SpoolWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, lines: Iterable[bytes]) -> None:
        """Write complete lines durably, in order."""
        data = b"".join(lines)
        if not data:
            return
        if self._file is None:
            self._file = self._create()
        self._file.write(data)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._size += len(data)
        if self._size >= _ROTATE_BYTES:
            self.close()

    def close(self) -> None:
        """Complete the open segment, so that the loader can take it."""
        if self._file is None:
            return
        os.replace(self._path, self._path.with_suffix(".seg"))
        sync_path(self._folder)
        self._file.close()
        self._file = None
        self._size = 0

    def _create(self) -> BinaryIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            self._count += 1
            self._path = self._folder / f"{_stem(self._count)}.open"
            file = self._path.open("xb")
            fcntl.flock(file, fcntl.LOCK_EX)
            # Between creation and lock, a loader may have removed the empty file as a dead writer's.
            if self._path.exists():
                sync_path(self._folder)
                return file
            file.close()


def add_segment(folder: Path, path: Path) -> None:
    """Move a complete segment into a spool, durably and after those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    os.replace(path, folder / f"{_stem(0)}.seg")
    sync_path(folder)


def _stem(number: int) -> str:
    """Return the name of a segment that begins now. ``number`` counts those of one writer, from 1."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{os.getpid()}-{number}"


def segments(folder: Path) -> list[Path]:
    """Return the complete segments in the order in which they were begun, including those of dead writers."""
    for path in sorted(folder.glob("*.open")):
        _take_over(path)
    return sorted(folder.glob("*.seg"))


def records(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield every complete record of these segments. Damaged lines are skipped; their pages can be read again."""
    for path in paths:
        with path.open("rb") as file:
            for line in file:
                try:
                    yield orjson.loads(line)
                except orjson.JSONDecodeError:
                    continue


def drop_unreadable_lines(path: Path) -> int:
    """Rewrite a segment with only the lines that can be loaded. Returns how many were dropped."""
    kept = path.with_suffix(".part")
    dropped = 0
    with path.open("rb") as file, kept.open("wb") as target:
        for line in _bounded_lines(file):
            try:
                readable = line is not None and isinstance(orjson.loads(line), dict)
            except orjson.JSONDecodeError:
                readable = False
            if line is not None and readable:
                target.write(line)
            else:
                dropped += 1
        target.flush()
        os.fsync(target.fileno())
    os.replace(kept, path)
    sync_path(path.parent)
    return dropped


def _bounded_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a segment; None for one that is longer than any that was written. Memory stays bounded."""
    while line := file.readline(LONGEST_LINE + 1):
        if line.endswith(b"\n") or len(line) <= LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
        yield None


def _take_over(path: Path) -> None:
    """Complete a segment whose writer died: cut what follows its last complete line. A live writer keeps it."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # its writer is alive
        if not path.exists():
            return
        end = _last_line_end(file)
        if end == 0:
            path.unlink()
            return
        file.truncate(end)
        os.fsync(file.fileno())
        os.replace(path, path.with_suffix(".seg"))
        sync_path(path.parent)


def _last_line_end(file: BinaryIO) -> int:
    """Return the offset after the last newline, 0 if there is none. Reads backwards in blocks."""
    position = file.seek(0, os.SEEK_END)
    while position > 0:
        start = max(0, position - 65536)
        file.seek(start)
        newline = file.read(position - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        position = start
    return 0
