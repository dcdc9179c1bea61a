"""Many pages on all cores: batches in, results in the same order, and no page can take the others down with it."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, TypeVar

from pipelines.classify import lexicon as lexicons
from pipelines.model import Page, Rejected
from pipelines.process import SLOWEST_SECONDS, Processed, nesting, process, title_only
from pipelines.storage.keys import page_key
from pipelines.storage.spool import notice_line, page_line, quarantine_line

Item = TypeVar("Item")
Result = TypeVar("Result")
# About one page, answered in the process of a PageReader. It must be a function of a module.
Question = Callable[[Page], Result]
# Makes the archive record of a page. It is called in the workers, so it must be a function of a module.
RecordWriter = Callable[[Page], bytes]

# A larger or deeper page, or one with files, is read in a process of its own even if it is the only one: a parser may
# not survive it.
_SUSPICIOUS_CHARACTERS = 1_000_000
_SUSPICIOUS_NESTING = 200
# A worker that is stuck in foreign code, where no signal reaches it, is ended after this long.
_HARD_LIMIT_SECONDS = 3 * SLOWEST_SECONDS
_LOOK_UP_SECONDS = 0.2
# A page that is being read when its crawl is asked to stop may take this much longer.
_GRACE_SECONDS = 1.0
_CRASHED = "the parser crashed or hung on it; only its title was read"
# Characters, and bytes of files. A common batch has a tenth of it.
_LARGE_BATCH = 4_000_000
# How much a worker may allocate, where the system can limit it. The heaviest real page takes less than half of it.
_WORKER_MEMORY_BYTES = 220 * 1024 * 1024
# What the fork server imports.
PRELOADED = ["pipelines.workers", "pipelines.worker_start"]


@dataclass(slots=True)
class ProcessedBatch:
    """What a few pages became: lines for the spool, records for the archive if asked for, and what went wrong."""

    lines: list[bytes] = field(default_factory=list)
    records: bytes = b""
    notice_keys: list[str] = field(default_factory=list)
    problems: list[Rejected] = field(default_factory=list)
    pages: int = 0

    def add(self, page: Page, result: Processed, record: bytes = b"") -> None:
        """Add one processed page and its archive record."""
        key, lexicon = page_key(page), lexicons.current().digest
        self.lines.extend(notice_line(notice, key, place, lexicon) for place, notice in enumerate(result.notices))
        self.notice_keys.extend(notice.notice_key for notice in result.notices)
        if result.problem:
            self.problems.append(Rejected(page.url, 0, result.problem, page.portal, page.url))
            self.lines.append(quarantine_line(page.url, 0, result.problem, page.portal, page.url, page.fetched_at))
        self.lines.append(page_line(key, page.portal, page.url, len(result.notices)))
        self.records += record
        self.pages += 1

    def extend(self, other: ProcessedBatch) -> None:
        """Add the results of further pages."""
        self.lines += other.lines
        self.records += other.records
        self.notice_keys += other.notice_keys
        self.problems += other.problems
        self.pages += other.pages


def process_batch(pages: list[Page], record: RecordWriter | None = None) -> ProcessedBatch:
    """Process pages in this process; with ``record``, make their archive records too. Pure, and never raises."""
    batch = ProcessedBatch()
    records = []
    for page in pages:
        batch.add(page, process(page))
        if record:
            records.append(record(page))
    batch.records = b"".join(records)
    return batch


def process_in_order(
    batches: Iterable[list[Page]], *, record: RecordWriter | None = None, processes: int | None = None
) -> Iterator[ProcessedBatch]:
    """Yield ``process_batch`` of each batch, in order, on all cores.

    A single small batch is processed here, unless ``processes`` is given: then the caller must outlive any page.
    A page that ends its worker becomes a notice with only its title.
    """
    source = iter(batches)
    waiting = deque(islice(source, 1))
    if not waiting:
        return
    if processes is None and not any(suspicious(page) for page in waiting[0]):
        waiting.extend(islice(source, 1))
        if len(waiting) == 1:
            yield process_batch(waiting.popleft(), record)
            return

    def all_batches() -> Iterator[list[Page]]:
        while waiting:
            yield waiting.popleft()
        yield from source

    function = partial(_watched_batch, record=record)
    rescue = partial(_one_by_one, record=record)
    yield from _Ordered(function, rescue, processes or cores(), size_of_pages).run(all_batches())


class ReadingStoppedError(Exception):
    """The caller of a PageReader asked it to stop before the page was read."""


class PageReader:
    """Reads one page after another in a process of its own, so that no page can stop the caller.

    The process starts with the first page and knows the words of ``lexicon``. If a page ends it, another one follows.
    ``stopping`` says whether the caller wants to end: then a page gets one more second, also if the process is still
    starting, which takes long on a busy machine. One thread at a time may ask.
    """

    def __init__(self, lexicon: lexicons.Lexicon, stopping: Callable[[], bool] = lambda: False) -> None:
        self._lexicon = lexicon
        self._stopping = stopping
        self._process: BaseProcess | None = None
        self._connection: Connection

    def read(self, page: Page) -> ProcessedBatch:
        """Return ``process_batch`` of a page. A page that ends the process becomes a notice with only its title.

        Raises ReadingStoppedError.
        """
        batch = self.ask(_process_one, page)
        if batch is None:
            with lexicons.using(self._lexicon):
                batch = _crashed(page)
        return batch

    def ask(self, question: Question[Result], page: Page) -> Result | None:
        """Return the answer to a question about a page; None if the page ended the process twice.

        Raises ReadingStoppedError.
        """
        for _ in range(2):  # the first end may have had another cause, such as a signal to all processes
            if self._process is None:
                self._start()
            try:
                return self._answer(question, page)
            except (EOFError, OSError):
                self.close()
                time.sleep(_LOOK_UP_SECONDS)
            if self._stopping():
                raise ReadingStoppedError
        return None

    def close(self) -> None:
        """End the process. A later question starts another one."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._connection.close()
            self._process = None

    def _answer(self, question: Question[Result], page: Page) -> Result:
        self._connection.send((question, page))
        self._wait_for(self._connection.poll)
        answer: Result = self._connection.recv()
        return answer

    def _start(self) -> None:
        context = _fork_server()
        ours, theirs = context.Pipe()
        with lexicons.using(self._lexicon):
            changed = lexicons.changed()
        process = context.Process(target=_answer_questions, args=(theirs, changed), daemon=True)
        started: Future[None] = Future()

        def start() -> None:
            try:
                process.start()
                started.set_result(None)
            except BaseException as error:  # noqa: BLE001 - raised where the caller waits
                started.set_exception(error)
            finally:
                theirs.close()

        # The first start waits until the fork server has imported the parser. Nothing can end that wait.
        threading.Thread(target=start, name="tenders-page-reader", daemon=True).start()
        try:
            self._wait_for(lambda seconds: bool(wait([started], seconds).done))
            started.result()
        except BaseException:
            ours.close()  # a process that starts later finds its connection closed, and ends
            raise
        self._process, self._connection = process, ours

    def _wait_for(self, is_ready: Callable[[float], bool]) -> None:
        """Wait until it is ready; ``is_ready`` waits this many seconds at most.

        Raises ReadingStoppedError a little after the caller wants to end.
        """
        given_up_at = None
        while not is_ready(_LOOK_UP_SECONDS):
            if given_up_at is None and self._stopping():
                given_up_at = time.monotonic() + _GRACE_SECONDS
            if given_up_at is not None and time.monotonic() > given_up_at:
                self.close()
                raise ReadingStoppedError


def _answer_questions(connection: Connection, lexicon: lexicons.Lexicon | None) -> None:
    _start_worker(lexicon)
    while True:
        try:
            question, page = connection.recv()
        except EOFError:
            return
        with _watchdog(1):
            answer = question(page)
        connection.send(answer)


def _process_one(page: Page) -> ProcessedBatch:
    return process_batch([page])


def map_in_order(function: Callable[[list[Item]], Result], batches: Iterable[list[Item]]) -> Iterator[Result]:
    """Yield ``function`` of each batch, in order, on all cores. ``function`` must be a function of a module.

    A single batch is answered in this process: to start others takes longer.
    """
    source = iter(batches)
    first_two = list(islice(source, 2))
    if len(first_two) == 1:
        yield function(first_two[0])
    elif first_two:
        yield from _Ordered(function, function, cores()).run(chain(first_two, source))


def suspicious(page: Page) -> bool:
    """Return whether a page needs a process of its own: it is very large or deeply nested, or it has files."""
    return bool(page.attachments) or len(page.body) > _SUSPICIOUS_CHARACTERS or nesting(page.body) > _SUSPICIOUS_NESTING


def size_of_pages(pages: list[Page]) -> int:
    """Return how many characters pages have, and bytes their files."""
    return sum(len(page.body) + sum(len(file.content) for file in page.attachments) for page in pages)


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Ordered(Generic[Item, Result]):
    """A pool that keeps a few batches in flight and gives their results in order.

    A batch that broke the pool is given to ``rescue`` instead. ``size`` tells how large a batch is: a very large one is
    alone in flight, so that memory does not grow with the number of processes.
    """

    def __init__(
        self,
        function: Callable[[list[Item]], Result],
        rescue: Callable[[list[Item]], Result],
        processes: int,
        size: Callable[[list[Item]], int] = len,
    ) -> None:
        self._function = function
        self._rescue = rescue
        self._processes = processes
        self._size = size

    def run(self, batches: Iterable[list[Item]]) -> Iterator[Result]:
        in_flight: deque[tuple[list[Item], Future[Result]]] = deque()
        pool = _pool(self._processes)
        try:
            for batch in batches:
                is_large = self._size(batch) > _LARGE_BATCH
                while in_flight and (is_large or len(in_flight) >= 2 * self._processes):
                    result, pool = self._next(in_flight, pool)
                    yield result
                in_flight.append((batch, _submit(pool, self._function, batch)))
                if is_large:  # it is done before the next batch is read
                    result, pool = self._next(in_flight, pool)
                    yield result
            while in_flight:
                result, pool = self._next(in_flight, pool)
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _next(
        self, in_flight: deque[tuple[list[Item], Future[Result]]], pool: ProcessPoolExecutor
    ) -> tuple[Result, ProcessPoolExecutor]:
        batch, future = in_flight.popleft()
        try:
            return future.result(), pool
        except MemoryError:
            return self._rescue(batch), pool
        except BrokenProcessPool:
            pool.shutdown(wait=True, cancel_futures=True)
        result = self._rescue(batch)
        pool = _pool(self._processes)
        lost = [earlier for earlier, _ in in_flight]
        in_flight.clear()
        in_flight.extend((earlier, _submit(pool, self._function, earlier)) for earlier in lost)
        return result, pool


def _submit(pool: ProcessPoolExecutor, function: Callable[[list[Item]], Result], batch: list[Item]) -> Future[Result]:
    try:
        return pool.submit(function, batch)
    except BrokenProcessPool as error:
        failed: Future[Result] = Future()
        failed.set_exception(error)
        return failed


def _watched_batch(pages: list[Page], record: RecordWriter | None = None) -> ProcessedBatch:
    with _watchdog(len(pages)):
        return process_batch(pages, record)


def _one_by_one(pages: list[Page], record: RecordWriter | None = None) -> ProcessedBatch:
    """Process the pages of a batch that broke its pool. A page that breaks the next one too is read in its own."""
    batch = ProcessedBatch()
    pool = _pool(1)
    try:
        for page in pages:
            try:
                batch.extend(pool.submit(_watched_batch, [page], record).result())
            except (BrokenProcessPool, MemoryError):
                pool.shutdown(wait=True)
                batch.extend(_isolated(page, record))
                pool = _pool(1)
    finally:
        pool.shutdown(wait=True)
    return batch


def _isolated(page: Page, record: RecordWriter | None = None) -> ProcessedBatch:
    with _pool(1) as pool:
        try:
            return pool.submit(_watched_batch, [page], record).result()
        except (BrokenProcessPool, MemoryError):
            return _crashed(page, record)


def _crashed(page: Page, record: RecordWriter | None = None) -> ProcessedBatch:
    batch = ProcessedBatch()
    batch.add(page, Processed([title_only(page)], _CRASHED), record(page) if record else b"")
    return batch


@contextmanager
def _watchdog(pages: int) -> Iterator[None]:
    # faulthandler's thread does not need the interpreter, so it ends even a worker that is stuck in foreign code.
    with Path(os.devnull).open("wb") as null:
        faulthandler.dump_traceback_later(_HARD_LIMIT_SECONDS + 2 * pages, exit=True, file=null)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        processes, mp_context=_fork_server(), initializer=_start_worker, initargs=(lexicons.changed(),)
    )


def _fork_server() -> ForkServerContext:
    # A fork server has no lock, file or connection of this process, and imports the parser once for all workers.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


def _start_worker(lexicon: lexicons.Lexicon | None) -> None:
    _limit_memory()
    lexicons.use(lexicon)
    # The parent handles Ctrl-C. If the parent is killed, its workers must end too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _limit_memory() -> None:
    """Limit what this process may allocate beyond what it has, so that no page takes the memory of the machine."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (used + _WORKER_MEMORY_BYTES, most))
    except (ImportError, OSError, ValueError):
        return  # not Linux, or a lower limit is set already


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
