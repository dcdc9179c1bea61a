"""The published data sets of others that a data folder takes as bases: ``DIR/bases``, one folder for each.

A base is kept as it was published (Parquet files, manifest, checksums) with the file ``source.json``, which says where
it came from. Its folder is named after its source.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from pipelines.common.clock import utc_text
from pipelines.common.safe_text import printable
from tenders.files import checksums
from tenders.files.published_set import MANIFEST

_SOURCE = "source.json"
_LONGEST_ORIGIN = 80
_DRAFT, _REPLACED = ".part", ".old"


@dataclass(frozen=True, slots=True)
class Base:
    """One base: its folder, the source that was pulled, who published it, when it was pulled, its own version.

    ``made_up`` says that its data is that of the demo.
    """

    folder: Path
    source: str
    origin: str
    pulled_at: datetime
    schema_version: int
    made_up: bool

    @property
    def key(self) -> str:
        return self.folder.name

    @property
    def content(self) -> str:
        """A digest of all its files."""
        return checksums.digest(self.folder / checksums.FILE_NAME)


def same_source(source: str) -> str:
    """Return a source in one form: an absolute path, or an address without ``index.html`` and a final slash."""
    if "://" in source:
        return source.removesuffix("index.html").rstrip("/")
    return str(Path(source).resolve())


def key_of(source: str) -> str:
    """Return the name of the folder of a base, the same for every way to write its source."""
    return hashlib.sha256(same_source(source).encode()).hexdigest()[:16]


def origin_of(manifest: dict[str, Any], source: str) -> str:
    """Return who published a set, in one short line: what its manifest says, else the host or folder of its source."""
    named = printable(manifest.get("origin") or "").strip()
    place = urlsplit(source).hostname if "://" in source else Path(source).stem
    return (named or place or "unnamed")[:_LONGEST_ORIGIN]


def write_source(folder: Path, source: str, origin: str, pulled_at: datetime) -> None:
    """Write where the base in ``folder`` came from."""
    text = {"source": same_source(source), "origin": origin, "pulled_at": utc_text(pulled_at)}
    (folder / _SOURCE).write_bytes(orjson.dumps(text, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def all_bases(bases: Path) -> list[Base]:
    """Return the bases of a data folder, the first pulled first. What is no base is left out."""
    folders = bases.iterdir() if bases.is_dir() else ()
    found = [base for folder in folders if not folder.name.startswith(".") for base in _read(folder)]
    return sorted(found, key=lambda base: (base.pulled_at, base.key))


def draft_of(target: Path) -> Path:
    """Return the folder in which this process prepares the base that ``target`` will be."""
    return target.with_name(f".{target.name}.{os.getpid()}{_DRAFT}")


@contextmanager
def replaced(target: Path, draft: Path | None) -> Iterator[None]:
    """Have ``draft`` as the base ``target`` from now on (None: no base), or what was there before if the block fails.

    The caller holds the folder's lock. If the block is killed, :func:`settle` decides.
    """
    old = target.with_name(f".{target.name}{_REPLACED}")
    if target.exists():
        target.rename(old)
    if draft:
        draft.rename(target)
    try:
        yield
    except BaseException:  # also if a person interrupts it
        if draft:
            shutil.rmtree(target)
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def settle(bases: Path) -> None:
    """Finish what killed processes left: what was being removed or replaced is there again unless its successor is.

    The caller holds the folder's lock.
    """
    hidden = [*bases.glob(".*")] if bases.is_dir() else []
    for folder in hidden:
        target = bases / folder.stem.removeprefix(".")
        process = folder.stem.rpartition(".")[2]
        if folder.suffix == _REPLACED and not target.exists():
            folder.rename(target)
        elif folder.suffix == _REPLACED or (folder.suffix == _DRAFT and not _is_running(process)):
            shutil.rmtree(folder)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True  # of another user
    return True


def _read(folder: Path) -> Iterator[Base]:
    try:
        source = orjson.loads((folder / _SOURCE).read_bytes())
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        pulled_at = datetime.fromisoformat(source["pulled_at"])
        yield Base(
            folder,
            source["source"],
            source["origin"],
            pulled_at,
            int(manifest["schema_version"]),
            bool(manifest["made_up"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return
