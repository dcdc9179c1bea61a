"""Files of any state as streams: plain or gzip, complete or truncated, in constant memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

_GZIP_MAGIC = b"\x1f\x8b"
LONGEST_LINE = 64 * 1024 * 1024


class Stream(io.RawIOBase):
    """The decompressed bytes of a file. Reading ends where the file is truncated or damaged; ``damage`` says why."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.damage: str | None = None
        self._file: BinaryIO = path.open("rb")
        self._source: gzip.GzipFile | None = None
        if self._file.read(2) == _GZIP_MAGIC:
            self._source = gzip.GzipFile(fileobj=self._file)
        self._file.seek(0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            # read1 returns what was decompressed before the damage; read would lose it.
            data = self._source.read1(len(buffer)) if self._source else self._file.read(len(buffer))
        except EOFError:
            self.damage = "the gzip data is cut short"
            data = b""
        except (zlib.error, gzip.BadGzipFile) as error:
            self.damage = f"the gzip data is damaged ({error})"
            data = b""
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_stream(path: Path) -> tuple[io.BufferedReader, Stream]:
    """Return a buffered reader of the decompressed file, and the stream below it that reports damage."""
    raw = Stream(path)
    return io.BufferedReader(cast("io.RawIOBase", raw), 256 * 1024), raw


def lines(reader: io.BufferedReader) -> Iterator[tuple[int, bytes | None]]:
    """Yield (line number from 1, line without its end); None instead of a line longer than ``LONGEST_LINE`` bytes."""
    number = 0
    while line := reader.readline(LONGEST_LINE):
        number += 1
        if len(line) < LONGEST_LINE or line.endswith(b"\n"):
            yield number, line.rstrip(b"\r\n")
            continue
        while (rest := reader.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield number, None
