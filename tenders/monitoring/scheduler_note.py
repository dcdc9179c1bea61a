"""The note of the scheduler: which process it is, when it was last alive, and when it crawls each portal next.

The note is a file in the data folder. Its writer holds a lock, so that a note without a lock was left by a process that
ended. A note that was not marked as ended was left by a process that was killed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from pipelines.common.atomic_files import replace_text
from tenders.data_folder import DataFolder

# How often a running scheduler writes that it is alive.
BEAT = timedelta(minutes=1)
_MISSED_BEATS = 3

SchedulerState = Literal["running", "none", "stopped", "dead"]


def scheduler_lock(data_dir: Path, timeout_seconds: float) -> FileLock:
    """Return the lock that a scheduler holds while it works on the data folder."""
    path = _note_path(data_dir).with_suffix(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path, timeout=timeout_seconds)


def write_note(
    data_dir: Path, at: datetime, cycle: timedelta, runs: Mapping[str, datetime], *, ended: bool = False
) -> None:
    """Note that this process is the scheduler and was alive at ``at``, with the next run of each portal.

    ``cycle`` is how soon the next note is expected. ``ended``: no later note follows from this process. The caller
    holds the scheduler's lock.
    """
    note = {
        "pid": os.getpid(),
        "at": at.isoformat(),
        "cycle_seconds": cycle.total_seconds(),
        "ended": ended,
        "next": {name: run.isoformat() for name, run in runs.items()},
    }
    replace_text(_note_path(data_dir), json.dumps(note))


def next_runs(data_dir: Path) -> list[tuple[str, datetime]]:
    """Return (portal, time in Asia/Shanghai) of the next crawls, the earliest first; empty if no scheduler runs."""
    note = _read_note(data_dir)
    if not note or not _is_held(data_dir):
        return []
    runs = [(name, datetime.fromisoformat(at)) for name, at in note["next"].items()]
    return sorted(runs, key=lambda run: (run[1], run[0]))


def scheduler_state(data_dir: Path, now: datetime, *, planned: bool) -> tuple[SchedulerState, datetime | None]:
    """Return the state of the scheduler, and when it was last alive.

    ``planned``: there is a configuration with portals to crawl. Without one, nobody expects a scheduler (``none``).
    ``stopped``: it never started, or ended as asked. ``dead``: it gave no sign of life for three cycles, or was killed.
    A run of ``schedule --once`` that ended is alive until its next planned times have passed.
    """
    note = _read_note(data_dir)
    if "at" not in note:
        return ("stopped" if planned else "none"), None
    alive_at = datetime.fromisoformat(note["at"])
    cycle = timedelta(seconds=note["cycle_seconds"])
    in_time = now - alive_at <= _MISSED_BEATS * cycle
    by_cron = cycle > BEAT
    if _is_held(data_dir) or (by_cron and note["ended"]):
        return ("running" if in_time else "dead"), alive_at
    if not note["ended"]:
        return "dead", alive_at
    return ("stopped" if planned else "none"), alive_at


def scheduler_process(data_dir: Path) -> int | None:
    """Return the process id in the note, or None without a note."""
    pid: int | None = _read_note(data_dir).get("pid")
    return pid


def _is_held(data_dir: Path) -> bool:
    """Return whether a scheduler holds the lock. On a read-only disk nobody can, so there the note alone counts."""
    try:
        with scheduler_lock(data_dir, 0):
            return False
    except Timeout:
        return True
    except OSError:
        return not _read_note(data_dir).get("ended", True)


def _note_path(data_dir: Path) -> Path:
    return DataFolder(data_dir).private / "schedule.json"


def _read_note(data_dir: Path) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads(_note_path(data_dir).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}
