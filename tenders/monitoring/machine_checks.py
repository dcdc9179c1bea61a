"""What the machine says about the data folder: space, clock, whether it can be written, and how the last load ended."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.common.atomic_files import replace_text
from tenders.data_folder import DataFolder


@dataclass(frozen=True, slots=True)
class LastLoad:
    """When the last load ended, and why it failed; None if it was successful."""

    at: datetime
    failure: str | None = None


def note_load(folder: DataFolder, at: datetime, failure: str | None = None) -> None:
    """Write down how a load ended. A disk that is too full for this line is no reason to fail: status sees it."""
    try:
        replace_text(folder.last_load, json.dumps({"at": at.isoformat(), "failure": failure}, ensure_ascii=False))
    except OSError:
        return


def last_load(folder: DataFolder) -> LastLoad | None:
    """Return how the last load ended; None if there was none or its note is damaged."""
    try:
        note = json.loads(folder.last_load.read_text("utf-8"))
        return LastLoad(datetime.fromisoformat(note["at"]), note["failure"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def last_publish(folder: DataFolder) -> datetime | None:
    """Return when the published database was last written; None if there is none."""
    try:
        return datetime.fromtimestamp(folder.published.stat().st_mtime, UTC)
    except OSError:
        return None


def disk_free_mb(data_dir: Path) -> int | None:
    """Return how many million bytes are free where the data folder is; None if it does not exist."""
    try:
        return shutil.disk_usage(data_dir).free // 1_000_000
    except OSError:
        return None


def is_read_only(data_dir: Path) -> bool:
    """Return whether the data folder, or one of what a crawl writes in it, exists and cannot be written."""
    folder = DataFolder(data_dir)
    written = (folder.root, folder.private, folder.archive, folder.store, folder.published)
    return any(path.exists() and not os.access(path, os.W_OK) for path in written)
