"""Files that hold all of their new content or all of the old, also after a power cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a draft path beside ``path`` to write to; it replaces ``path`` when the block ends without an error.

    On return the draft's bytes and the new name are on disk. After an error ``path`` is as before and the draft is
    gone. Raises OSError if the disk refuses.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        sync_path(draft)
        os.replace(draft, path)
        sync_path(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def replace_text(path: Path, text: str) -> None:
    """Replace the content of ``path`` by ``text`` (UTF-8), atomically. Raises OSError if the disk refuses."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="")


def sync_path(path: Path) -> None:
    """Bring a file's bytes, or a folder's new names, to the disk before returning."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
