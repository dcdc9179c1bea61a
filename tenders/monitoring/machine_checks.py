"""What the machine says about the data folder: space, clock, whether it can be written, and how the last load ended."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from pipelines.common.atomic_files import replace_text
from pipelines.common.state_files import read_state
from tenders.data_folder import DataFolder


class LastLoad(BaseModel):
    """When the last load ended, and why it failed; None if it was successful."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime
    failure: str | None = None


def note_load(folder: DataFolder, at: datetime, failure: str | None = None) -> None:
    """Write down how a load ended. A disk that is too full for this line is no reason to fail: status sees it."""
    try:
        replace_text(folder.last_load, LastLoad(at=at, failure=failure).model_dump_json())
    except OSError:
        return


def last_load(folder: DataFolder) -> LastLoad | None:
    """Return how the last load ended; None if there was none or its note is damaged."""
    return read_state(folder.last_load, LastLoad)


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
