"""Files of any state as streams: plain, gzip or zstd, complete or truncated, in constant memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, cast

from tenders.archive.compression import GZIP_MAGIC, ZSTD_MAGIC, zstd

# A file of WARC records may begin with the dictionary of all its frames, in a frame that other readers skip.
_ZSTD_DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
LONGEST_LINE = 40 * 1024 * 1024  # a page of 32 MB, or the files of a notice in base64


class Stream(io.RawIOBase):
    """The decompressed bytes of a file. Reading ends where the file is truncated or damaged; ``damage`` says why."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.damage: str | None = None
        self._file = file
        self._packing = ""
        self._source: BinaryIO | gzip.GzipFile | zstd.ZstdFile = file
        magic = file.read(len(ZSTD_MAGIC))
        file.seek(0)
        if magic.startswith(GZIP_MAGIC):
            self._packing, self._source = "gzip", gzip.GzipFile(fileobj=file)
        elif magic in (ZSTD_MAGIC, _ZSTD_DICTIONARY_MAGIC):
            self._packing = "zstd"
            self._source = zstd.ZstdFile(file, zstd_dict=_dictionary(file) if magic != ZSTD_MAGIC else None)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            # read1 returns what was decompressed before the damage; read would lose it.
            data = self._source.read1(len(buffer)) if self._packing else self._source.read(len(buffer))  # type: ignore[union-attr]
        except EOFError:
            self.damage = f"the {self._packing} data is cut short"
            data = b""
        except (zlib.error, gzip.BadGzipFile, zstd.ZstdError) as error:
            self.damage = f"the {self._packing} data is damaged ({error})"
            data = b""
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_stream(path: Path) -> tuple[io.BufferedReader, Stream]:
    """Return a buffered reader of the decompressed file, and the stream below it that reports damage."""
    return buffered(path.open("rb"))


def buffered(file: BinaryIO) -> tuple[io.BufferedReader, Stream]:
    """Like ``open_stream``, for an open file. The reader closes it."""
    raw = Stream(file)
    return io.BufferedReader(cast("io.RawIOBase", raw), 256 * 1024), raw


def lines(reader: io.BufferedReader) -> Iterator[tuple[int, bytes | None]]:
    """Yield (line number from 1, line without its end); None instead of a line longer than ``LONGEST_LINE`` bytes."""
    for number in count(1):
        if not reader.peek(1):
            return
        yield number, _next_line(reader)  # no name keeps the line, which may be large


def _next_line(reader: io.BufferedReader) -> bytes | None:
    line = reader.readline(LONGEST_LINE)
    if len(line) < LONGEST_LINE or line.endswith(b"\n"):
        return line.rstrip(b"\r\n")
    while (rest := reader.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass
    return None


def _dictionary(file: BinaryIO) -> zstd.ZstdDict | None:
    """Return the dictionary at the start of the file, and leave the file at its start. None if it is damaged."""
    length = int.from_bytes(file.read(8)[4:], "little")
    content = file.read(length)
    file.seek(0)
    try:
        return zstd.ZstdDict(zstd.decompress(content) if content.startswith(ZSTD_MAGIC) else content)
    except (zstd.ZstdError, ValueError):
        return None
