"""The note of the scheduler: which process it is, when it was last alive, and when it crawls each portal next.

The note is a file in the data folder. Its writer holds a lock, so that a note without a lock was left by a process that
ended. A note that was not marked as ended was left by a process that was killed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from filelock import FileLock, Timeout
from pydantic import AwareDatetime, BaseModel, Field

from pipelines.common.atomic_files import replace_text
from pipelines.common.state_files import read_state
from tenders.data_folder import DataFolder

# How often a running scheduler writes that it is alive.
BEAT = timedelta(minutes=1)
_MISSED_BEATS = 3

_LONGEST_CYCLE_SECONDS = 1e9

SchedulerState = Literal["running", "none", "stopped", "dead"]


class _Note(BaseModel):
    pid: int
    at: AwareDatetime
    cycle_seconds: Annotated[float, Field(ge=0, le=_LONGEST_CYCLE_SECONDS)]
    ended: bool
    next: dict[str, AwareDatetime]


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
    note = _Note(pid=os.getpid(), at=at, cycle_seconds=cycle.total_seconds(), ended=ended, next=dict(runs))
    replace_text(_note_path(data_dir), note.model_dump_json())


def next_runs(data_dir: Path) -> list[tuple[str, datetime]]:
    """Return (portal, time in Asia/Shanghai) of the next crawls, the earliest first; empty if no scheduler runs."""
    note = _read_note(data_dir)
    if note is None or not _is_held(data_dir):
        return []
    return sorted(note.next.items(), key=lambda run: (run[1], run[0]))


def scheduler_state(data_dir: Path, now: datetime, *, planned: bool) -> tuple[SchedulerState, datetime | None]:
    """Return the state of the scheduler, and when it was last alive.

    ``planned``: there is a configuration with portals to crawl. Without one, nobody expects a scheduler (``none``).
    ``stopped``: it never started, or ended as asked. ``dead``: it gave no sign of life for three cycles, or was killed.
    A run of ``schedule --once`` that ended is alive until its next planned times have passed.
    """
    note = _read_note(data_dir)
    if note is None:
        return ("stopped" if planned else "none"), None
    cycle = timedelta(seconds=note.cycle_seconds)
    in_time = now - note.at <= _MISSED_BEATS * cycle
    by_cron = cycle > BEAT
    if _is_held(data_dir) or (by_cron and note.ended):
        return ("running" if in_time else "dead"), note.at
    if not note.ended:
        return "dead", note.at
    return ("stopped" if planned else "none"), note.at


def is_paused(data_dir: Path, now: datetime) -> bool:
    """Return whether the scheduler ended as asked and no crawl that it had planned is due yet."""
    note = _read_note(data_dir)
    return note is not None and note.ended and bool(note.next) and min(note.next.values()) > now


def scheduler_process(data_dir: Path) -> int | None:
    """Return the process id in the note, or None without a note."""
    note = _read_note(data_dir)
    return note.pid if note else None


def _is_held(data_dir: Path) -> bool:
    """Return whether a scheduler holds the lock. On a read-only disk nobody can, so there the note alone counts."""
    try:
        with scheduler_lock(data_dir, 0):
            return False
    except Timeout:
        return True
    except OSError:
        note = _read_note(data_dir)
        return note is not None and not note.ended


def _note_path(data_dir: Path) -> Path:
    return DataFolder(data_dir).private / "schedule.json"


def _read_note(data_dir: Path) -> _Note | None:
    return read_state(_note_path(data_dir), _Note)
