"""WACZ files (https://specs.webrecorder.net/wacz/1.1.1/): a zip file with WARC files in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_ZIP_MAGIC = b"PK\x03\x04"
_WARC_NAME = re.compile(r"\.warc(?:\.gz|\.zst)?$", re.IGNORECASE)


class NoWaczError(ValueError):
    """The zip file cannot be read or holds no WARC. The message says which."""


def is_zip(path: Path) -> bool:
    """Return whether the file is a zip file, whatever its name."""
    with path.open("rb") as file:
        return file.read(len(_ZIP_MAGIC)) == _ZIP_MAGIC


def warc_names(path: Path) -> list[str]:
    """Return the names of the WARC files in a zip file, in its order. Raises NoWaczError if there are none."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if _WARC_NAME.search(name)]
    except (zipfile.BadZipFile, OSError) as error:
        raise NoWaczError(f"cannot read {path}: the zip file is damaged ({error})") from None
    if not names:
        raise NoWaczError(f"{path} is a zip file without WARC: unpack it, or save the pages as WACZ or WARC")
    return names


def warc_files(path: Path) -> Iterator[IO[bytes]]:
    """Yield the WARC files in a zip file, each open while it is read. Raises NoWaczError."""
    names = warc_names(path)
    with zipfile.ZipFile(path) as archive:
        for name in names:
            try:
                with archive.open(name) as file:
                    yield file
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
                raise NoWaczError(f"{name} in the zip file is damaged or encrypted ({error})") from None
