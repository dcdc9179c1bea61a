"""The note of a running scheduler: which process it is, and when it crawls each portal next.

The note is a file in the data folder. Its writer holds a lock, so that a note without a lock was left by a process that
was killed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipelines.common.atomic_files import replace_text
from tenders.data_folder import DataFolder


def scheduler_lock(data_dir: Path, timeout_seconds: float) -> FileLock:
    """Return the lock that a scheduler holds while it works on the data folder."""
    path = _note_path(data_dir).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path, timeout=timeout_seconds)


def write_next_runs(data_dir: Path, runs: Mapping[str, datetime]) -> None:
    """Note this process as the scheduler, with the next run of each portal. The caller holds the scheduler's lock."""
    note = {"pid": os.getpid(), "next": {name: at.isoformat() for name, at in runs.items()}}
    replace_text(_note_path(data_dir), json.dumps(note))


def remove_next_runs(data_dir: Path) -> None:
    """Remove the note, because the scheduler ends."""
    _note_path(data_dir).unlink(missing_ok=True)


def next_runs(data_dir: Path) -> list[tuple[str, datetime]]:
    """Return (portal, time in Asia/Shanghai) of the next crawls, the earliest first; empty if no scheduler runs."""
    note = _read_note(data_dir)
    if not note:
        return []
    try:
        with scheduler_lock(data_dir, 0):
            return []  # left by a scheduler that was killed
    except Timeout:
        pass
    runs = [(name, datetime.fromisoformat(at)) for name, at in note["next"].items()]
    return sorted(runs, key=lambda run: (run[1], run[0]))


def scheduler_process(data_dir: Path) -> int | None:
    """Return the process id in the note, or None without a note."""
    pid: int | None = _read_note(data_dir).get("pid")
    return pid


def _note_path(data_dir: Path) -> Path:
    return DataFolder(data_dir).private / "schedule.json"


def _read_note(data_dir: Path) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads(_note_path(data_dir).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return note
