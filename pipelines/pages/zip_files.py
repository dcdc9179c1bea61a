"""Files packed in a ZIP file, guarded against files that unpack to far more than they should."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.pages.unread_files import UnreadFileError

MOST_UNPACKED_BYTES = 100 * 1024**2
_MOST_MEMBERS = 2_000
_MOST_RATIO = 200  # tables of repeated cells reach about 60
_HARMLESS_BYTES = 4 * 1024**2
_ENCRYPTED_FLAG = 0x1
_UTF8_FLAG = 0x800
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file in a ZIP file: its name as people see it, and its content."""

    name: str
    content: bytes


def check_zip(content: bytes) -> None:
    """Raise UnreadFileError if a ZIP file (an Office file is one) is a bomb, has a password, or is damaged.

    Every member is unpacked once, so that what its header claims is true for later readers.
    """
    with _opened(content) as archive:
        for member in archive.infolist():
            with archive.open(member) as file:
                while file.read(1 << 20):
                    pass


def packed_names(content: bytes) -> list[str]:
    """Return the names of the files in a ZIP file. Raises UnreadFileError."""
    with _opened(content) as archive:
        return [_name(member) for member in archive.infolist() if not member.is_dir()]


def packed_files(content: bytes, most: int) -> Iterator[PackedFile]:
    """Yield the first ``most`` files in a ZIP file. Raises UnreadFileError."""
    with _opened(content) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        for member in members[:most]:
            yield PackedFile(_name(member), archive.read(member))


@contextmanager
def _opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive.infolist(), len(content))
            yield archive
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, MemoryError):
        raise UnreadFileError("damaged") from None


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(member.file_size for member in members)
    is_dense = unpacked > _HARMLESS_BYTES and unpacked > _MOST_RATIO * size
    if len(members) > _MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES or is_dense:
        raise UnreadFileError("bomb")
    if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
        raise UnreadFileError("encrypted")


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name without its folders. Windows in China writes names in GB18030 and does not say so."""
    name = member.filename
    if not member.flag_bits & _UTF8_FLAG:
        try:
            written = name.encode("cp437")
        except UnicodeEncodeError:
            written = b""
        for encoding in ("utf-8", "gb18030"):
            try:
                name = written.decode(encoding) or name
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2][-_LONGEST_NAME:]
