"""Measure how fast saved pages become a published database, and how much memory that takes: ``python -m bench``."""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import lxml.html
import orjson

from bench import pages

_FLOOR_PAGES = 400
_SAMPLE_SECONDS = 0.25
_TENDERS = [sys.executable, "-c", "from tenders.cli import main; main()"]


def main() -> None:
    """Print notices per second, the floor of bare lxml parsing, its share of the time, and peak memory."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="tenders-bench-") as folder:
        source = Path(folder, "pages.jsonl.gz")
        count, size = _write_pages(source, options)
        origin = "real captures" if options.captures else "made up"
        print(f"input: {count:,} pages of {size / count / 1024:.0f} KB, {origin}", flush=True)
        floor = _lxml_pages_per_second(source)
        print(f"floor: {floor:,.0f} pages/s through lxml alone, on one core", flush=True)
        ingest = [*_TENDERS, "--data", str(Path(folder, "data")), "ingest", str(source)]
        seconds, peak = _measure(ingest)
        speed = count / seconds
        cores = len(os.sched_getaffinity(0))
        print(f"ingest: {speed:,.0f} notices/s from HTML to the published database on {cores} cores ({seconds:.1f} s)")
        share, times = speed / (floor * cores), floor * cores / speed
        print(f"share: bare parsing is {share:.0%} of the time, reading costs {times:.1f} times the floor")
        print(f"memory: {peak / 1024:,.0f} MB at its peak, all processes together (shared pages counted once)")
        again, _ = _measure(ingest)
        print(f"again: the same file a second time takes {again:.1f} s and changes nothing")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("--notices", type=int, default=20_000, help="how many pages are read (default: 20,000)")
    parser.add_argument(
        "--captures",
        type=Path,
        nargs="*",
        help="real capture files, repeated under other ids, instead of made-up pages",
    )
    return parser.parse_args()


def _write_pages(target: Path, options: argparse.Namespace) -> tuple[int, int]:
    """Write the capture file that is measured. Returns the number of its pages and the bytes of their bodies."""
    size = 0
    captures, count = options.captures, options.notices
    with gzip.open(target, "wb", compresslevel=1) as file:
        for record in _repeat_captures(captures, count) if captures else pages.lines(count):
            size += len(record["body"].encode())
            file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
    return count, size


def _repeat_captures(captures: Iterable[Path], count: int) -> Iterable[dict[str, str]]:
    """Yield ``count`` capture records, repeated under other addresses and portals as often as needed."""
    texts = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in captures]
    records = [orjson.loads(line) for text in texts for line in text.splitlines()]
    for number in range(count):
        record = records[number % len(records)]
        yield {**record, "url": f"{record['url']}?copy={number // len(records)}", "portal": f"{record['portal']}-copy"}


def _lxml_pages_per_second(source: Path) -> float:
    with gzip.open(source) as file:
        bodies = [orjson.loads(line)["body"] for line, _ in zip(file, range(_FLOOR_PAGES), strict=False)]
    began = time.perf_counter()
    for body in bodies:
        lxml.html.document_fromstring(body)
    return len(bodies) / (time.perf_counter() - began)


def _measure(command: list[str]) -> tuple[float, int]:
    """Return the seconds and the peak memory in KB of a command with all its processes."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_memory_kb(pid) for pid in _process_tree(process.pid)))
        time.sleep(_SAMPLE_SECONDS)
    if process.returncode != 0:
        sys.exit(f"the ingest failed: {process.stderr.read() if process.stderr else ''}")
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


if __name__ == "__main__":
    main()
