"""How long a command takes, and how much memory all its processes together."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

# The command line of this checkout, in a process of its own.
TENDERS = [sys.executable, "-c", "from tenders.cli import main; main()"]
_SAMPLE_SECONDS = 0.25


def measure(command: list[str]) -> tuple[float, int]:
    """Return the seconds and the peak memory in KB of a command with all its processes."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_memory_kb(pid) for pid in _process_tree(process.pid)))
        time.sleep(_SAMPLE_SECONDS)
    if process.returncode != 0:
        sys.exit(f"{command[3:]} failed: {process.stderr.read() if process.stderr else ''}")
    return time.perf_counter() - began, peak


def _process_tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    tree = [pid]
    for parent in tree:  # grows while it is read
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                tree += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return tree


def _memory_kb(pid: int) -> int:
    """Return the proportional set size of a process in KB: memory that processes share counts once."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
