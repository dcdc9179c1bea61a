"""Run the scheduler for years on a clock of its own, and show what a cycle costs at the beginning and at the end.

    python -m bench.endurance [CRAWLED [STUBBED]]

First as many cycles (200) crawl two small portals on loopback, whose answers fail now and then: an error of the server, no
answer, half a page, a block. Then more cycles (2,000) do all that a cycle does but crawl. A cycle is a day. Shown are the
memory of the process, its open files and threads, the files in the data folder, and the time of a cycle, which on a busy
machine is better told by the processor time of the scheduler: none may grow, but for two files of the archive a day.
The portals run in a process of their own, so that only the scheduler is measured.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from pipelines.common.clock import SHANGHAI
from tenders.archive.combining import combine_files
from tenders.archive.writer import archive_files
from tenders.config import project
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.scheduling import scheduler
from tenders.scheduling.scheduler import Schedule
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.json_server import DatedServer
from tests.helpers.json_server import serving as serving_dated
from tests.helpers.list_server import BLOCK_PAGE, CUT_SHORT, HANG_UP, LOCAL_AWARDS, ListServer, serving

_NEW_NOTICES = 3  # of each portal and day
_SETTINGS = {"LOG_LEVEL": "CRITICAL", "RETRY_BACKOFF_SECONDS": 0.0}
_FAULTS: list[list[int | str | bytes]] = [[], [503, 200], [HANG_UP, 200], [CUT_SHORT, 200], [], [BLOCK_PAGE], []]
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """What the process and its data folder take after a cycle."""

    memory_mb: float
    handles: int
    threads: int
    files: int
    seconds: float
    processor_seconds: float


class Portals:
    """Two portals on loopback whose answers fail as planned."""

    def __init__(self, lists: ListServer, dated: DatedServer) -> None:
        self._lists, self._dated = lists, dated

    def begin_day(self, number: int, day: str) -> None:
        """Publish the notices of ``day`` (``YYYY-MM-DD``) and plan which of its answers fail."""
        rows = self._lists.fill(LOCAL_AWARDS, _NEW_NOTICES, day=day, start=1000 + 10 * number)
        self._dated.fill(day, _NEW_NOTICES)
        fault = _FAULTS[number % len(_FAULTS)]
        self._lists.answers = {}
        if fault:
            self._lists.answers[LOCAL_AWARDS + rows[0].path] = [
                self._lists.answer(LOCAL_AWARDS + rows[0].path)[1] if answer == 200 else answer for answer in fault
            ]
        self._forget_old_days()

    def _forget_old_days(self) -> None:
        """Drop what the portals would no longer show, so that their lists do not grow."""
        for rows in self._lists.channels.values():
            del rows[60:]
        for key in list(self._dated.notices)[:-60]:
            del self._dated.notices[key]
        self._lists.requests.clear()
        self._dated.asked.clear()


def serve_portals(connection: Connection) -> None:
    """Serve two portals until the other side hangs up: send their origins, then begin each day that is received."""
    with serving(ListServer()) as lists, serving_dated(DatedServer()) as dated:
        connection.send((lists.origin, dated.origin))
        portals = Portals(lists, dated)
        with suppress(EOFError):
            while True:
                portals.begin_day(*connection.recv())
                connection.send(None)


class Endurance:
    """A scheduler over two portals and a data folder, whose days pass as fast as it can crawl.

    ``portals``: the other end of :func:`serve_portals`.
    """

    def __init__(self, data: Path, portals: Connection) -> None:
        self._data, self._portals = data, portals
        self.now = datetime.now(UTC) - timedelta(days=2)
        list_origin, dated_origin = portals.recv()
        searched = {"origin": dated_origin, "keywords": ["大模型"]}
        config = project.from_data({"portals": {"ccgp": {"origin": list_origin}, "gdgpo": searched}})
        config = replace(config, portals=tuple(plan for plan in config.portals if plan.origin))
        self._schedule = Schedule(config, data, clock=lambda: self.now, settings=_SETTINGS)

    def crawl_day(self, number: int) -> Usage:
        """Let the next day pass: notices come, answers fail as planned, and both portals are crawled."""
        self._begin_day()
        self._portals.send((number, self.now.astimezone(SHANGHAI).date().isoformat()))
        self._portals.recv()
        return self._measured(self._crawl_and_date)

    def pass_day(self, number: int) -> Usage:
        """Let the next day pass with everything but the crawls."""
        self._begin_day()
        return self._measured(self._run)

    def _begin_day(self) -> None:
        self.now += timedelta(days=1)

    def _run(self) -> None:
        self._schedule.run_once()

    def _crawl_and_date(self) -> None:
        known = set(archive_files(self._data))
        self._run()
        # The archive names its files by the machine's clock.
        for number, path in enumerate(path for path in archive_files(self._data) if path not in known):
            path.rename(path.with_name(f"{self.now:%Y%m%d}T{number:06d}-1-0.warc.gz"))
        (self._data / "private" / "combining.json").unlink(missing_ok=True)
        combine_files(self._data, self.now)

    def _measured(self, work: Callable[[], None]) -> Usage:
        began, processor = time.perf_counter(), time.process_time()
        work()
        seconds, processor_seconds = time.perf_counter() - began, time.process_time() - processor
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return Usage(
            memory_mb=pages * _PAGE_KB / 1024,
            handles=len(list(Path("/proc/self/fd").iterdir())),
            threads=threading.active_count(),
            files=sum(1 for path in self._data.rglob("*") if path.is_file()),
            seconds=seconds,
            processor_seconds=processor_seconds,
        )


@contextmanager
def endurance(data: Path) -> Iterator[Endurance]:
    """Yield a scheduler over two portals that run on loopback."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve_portals, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Endurance(empty_data_folder(data), ours)
    finally:
        ours.close()
        process.join()


@contextmanager
def without_crawls() -> Iterator[None]:
    """Let crawls end at once, complete and without a notice."""

    def stub(requests: list[CrawlRequest], **arguments: Any) -> list[CrawlOutcome]:
        now = datetime.now(UTC)
        return [CrawlOutcome(one.portal, one.since, one.until, now, now, "complete", 0, 0) for one in requests]

    real = scheduler.crawl_portals
    scheduler.crawl_portals = stub  # type: ignore[assignment]
    try:
        yield
    finally:
        scheduler.crawl_portals = real


def typical(usages: list[Usage]) -> Usage:
    """Return the median of each figure."""
    return Usage(
        **{name: median(getattr(usage, name) for usage in usages) for name in Usage.__slots__}  # type: ignore[arg-type]
    )


def main(crawled: int = 200, stubbed: int = 2000) -> None:
    """Run and print the figures of the first tenth after a warm-up, of the middle and of the end."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder, endurance(Path(folder)) as world:
        _show("crawled", [world.crawl_day(number) for number in range(crawled)])
        with without_crawls():
            _show("stubbed", [world.pass_day(number) for number in range(stubbed)])


def _show(name: str, usages: list[Usage]) -> None:
    tenth = max(1, len(usages) // 10)
    parts = {"first": usages[tenth : 2 * tenth], "middle": usages[len(usages) // 2 :][:tenth], "last": usages[-tenth:]}
    print(f"{len(usages):,} cycles, {name}")
    for part, chosen in parts.items():
        usage = typical(chosen or usages)
        print(
            f"  {part:7} {usage.memory_mb:7.1f} MB {usage.handles:5.0f} handles {usage.threads:4.0f} threads"
            f" {usage.files:6.0f} files {1000 * usage.seconds:8.0f} ms a cycle"
            f" {1000 * usage.processor_seconds:8.0f} ms of processor"
        )


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(*map(int, sys.argv[1:3]))
