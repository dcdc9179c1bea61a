"""A folder of published files with their checksums, as ``sha256sum -c`` reads them, and how it is updated."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from pipelines.common.atomic_files import replace_text

FILE_NAME = "checksums.sha256"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_CHUNK_BYTES = 1 << 20


class ChecksumError(ValueError):
    """The list of checksums cannot be read, or a file is not the one that it names. The message names the place."""


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            sha256.update(chunk)
    return sha256.hexdigest()


def digests_of(folder: Path) -> dict[str, str]:
    """Return the digests of all files below ``folder`` by their path in it, except the list itself."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {path: digest(folder / path) for path in paths if path != FILE_NAME}


def read(text: str) -> dict[str, str]:
    """Return the digests of a list by path. Raises ChecksumError for a line that is none, or that leaves the folder."""
    digests: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        path = PurePosixPath(match[2]) if match else PurePosixPath("/")
        if match is None or path.is_absolute() or ".." in path.parts or "\\" in match[2]:
            raise ChecksumError(f"{FILE_NAME}:{number}: no checksum with a path below the folder")
        digests[match[2]] = match[1]
    if not digests:
        raise ChecksumError(f"{FILE_NAME} is empty")
    return digests


def text_of(digests: Mapping[str, str]) -> str:
    """Return the list of these digests."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))


def check(folder: Path, digests: Mapping[str, str]) -> None:
    """Raise ChecksumError if a listed file is missing or another one."""
    for path, expected in digests.items():
        file = folder / path
        if not file.is_file():
            raise ChecksumError(f"{path} is missing, although {FILE_NAME} lists it")
        if digest(file) != expected:
            raise ChecksumError(f"{path} is not the file that {FILE_NAME} lists: it was changed or damaged")


def update(staged: Path, target: Path) -> int:
    """Make ``target`` hold the files of ``staged``, and write their checksums. Returns how many files were written.

    Only files with other content are replaced, each atomically and the list last. Files that the old list names and
    the new one does not are removed; files that it never named stay.
    """
    digests = digests_of(staged)
    target.mkdir(parents=True, exist_ok=True)
    old = _old_list(target)
    written = 0
    for path, new_digest in digests.items():
        place = target / path
        if place.is_file() and digest(place) == new_digest:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{place.name}.{os.getpid()}.part")
        shutil.move(staged / path, draft)
        os.replace(draft, place)
        written += 1
    _remove(target, set(old) - set(digests))
    text = text_of(digests)
    if not (target / FILE_NAME).is_file() or (target / FILE_NAME).read_text("utf-8") != text:
        replace_text(target / FILE_NAME, text)
    return written


def _old_list(target: Path) -> dict[str, str]:
    try:
        return read((target / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _remove(target: Path, paths: Iterable[str]) -> None:
    """Remove files, and the folders that are empty then."""
    for path in sorted(paths):
        file = target / path
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == target or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
