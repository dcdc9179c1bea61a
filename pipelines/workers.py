"""Parsing on all cores: batches in, work out in the same order, and no page that can take the others down with it."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from pipelines.classify import lexicon as matching
from pipelines.model import Page
from pipelines.process import SLOWEST_SECONDS, Work, add, by_title, nesting, work
from tenders.archive.records import page_record

Item = TypeVar("Item")
Done = TypeVar("Done")

# Beyond this a page is read in a process of its own even where there is only one: a parser may not survive it.
_SUSPICIOUS_CHARS = 1_000_000
_SUSPICIOUS_NESTING = 200
# A worker that is stuck in foreign code, where no signal reaches it, ends after this long.
_HARD_LIMIT_SECONDS = 3 * SLOWEST_SECONDS


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_pages_in_order(
    batches: Iterable[list[Page]], *, archive: bool, processes: int | None = None
) -> Iterator[Work]:
    """``pipelines.process.work`` of each batch, in order, on all cores.

    A single small batch is read in this process. A page that ends its worker becomes a notice by its title.
    """
    source = iter(batches)
    first = next(source, None)
    if first is None:
        return
    second = next(source, None)
    count = processes or cores()
    if second is None and not any(suspicious(page) for page in first):
        yield work(first, archive=archive)
        return
    ahead = deque([first] if second is None else [first, second])

    def all_batches() -> Iterator[list[Page]]:
        while ahead:
            yield ahead.popleft()
        yield from source

    yield from _Ordered(_archiving if archive else _plain, _one_by_one(archive), count).run(all_batches())


def map_in_order(function: Callable[[list[Item]], Done], batches: Iterable[list[Item]]) -> Iterator[Done]:
    """``function`` of each batch, in order, on all cores; ``function`` must be importable by its name."""
    yield from _Ordered(function, function, cores()).run(batches)


def read_safely(pages: list[Page], *, archive: bool) -> Work:
    """``work`` of a few pages in this process, those that look dangerous in one of their own."""
    done = Work()
    for page in pages:
        done.extend(_isolated(page, archive) if suspicious(page) else work([page], archive=archive))
    return done


def suspicious(page: Page) -> bool:
    """Whether a page is so large or so deeply nested that it is read in a process of its own."""
    return len(page.body) > _SUSPICIOUS_CHARS or nesting(page.body) > _SUSPICIOUS_NESTING


class _Ordered(Generic[Item, Done]):
    """A pool that keeps a few batches in flight and gives results in order; a batch that broke the pool goes to ``rescue``."""

    def __init__(
        self, function: Callable[[list[Item]], Done], rescue: Callable[[list[Item]], Done], processes: int
    ) -> None:
        self._function = function
        self._rescue = rescue
        self._processes = processes

    def run(self, batches: Iterable[list[Item]]) -> Iterator[Done]:
        flying: deque[tuple[list[Item], Future[Done]]] = deque()
        pool = _pool(self._processes)
        try:
            for batch in batches:
                if len(flying) >= 2 * self._processes:
                    done, pool = self._next(flying, pool)
                    yield done
                flying.append((batch, _submit(pool, self._function, batch)))
            while flying:
                done, pool = self._next(flying, pool)
                yield done
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _next(
        self, flying: deque[tuple[list[Item], Future[Done]]], pool: ProcessPoolExecutor
    ) -> tuple[Done, ProcessPoolExecutor]:
        batch, future = flying.popleft()
        try:
            return future.result(), pool
        except BrokenProcessPool:
            pool.shutdown(wait=True, cancel_futures=True)
        done = self._rescue(batch)
        pool = _pool(self._processes)
        waiting = [earlier for earlier, _ in flying]
        flying.clear()
        flying.extend((earlier, _submit(pool, self._function, earlier)) for earlier in waiting)
        return done, pool


def _submit(pool: ProcessPoolExecutor, function: Callable[[list[Item]], Done], batch: list[Item]) -> Future[Done]:
    try:
        return pool.submit(function, batch)
    except BrokenProcessPool as error:
        failed: Future[Done] = Future()
        failed.set_exception(error)
        return failed


def _one_by_one(archive: bool) -> Callable[[list[Page]], Work]:
    def rescue(batch: list[Page]) -> Work:
        together = Work()
        for page in batch:
            together.extend(_isolated(page, archive))
        return together

    return rescue


def _isolated(page: Page, archive: bool) -> Work:
    with _pool(1) as pool:
        try:
            return pool.submit(_archiving if archive else _plain, [page]).result()
        except BrokenProcessPool:
            done = Work(pages=1, records=page_record(page) if archive else b"")
            add(done, page, [by_title(page)], "the parser crashed or hung on it; only its title was read")
            return done


def _archiving(pages: list[Page]) -> Work:
    with _watched(len(pages)):
        return work(pages, archive=True)


def _plain(pages: list[Page]) -> Work:
    with _watched(len(pages)):
        return work(pages, archive=False)


@contextmanager
def _watched(pages: int) -> Iterator[None]:
    # The watchdog is a thread that needs nothing of the interpreter, so it ends even a worker that is stuck in foreign code.
    with Path(os.devnull).open("wb") as nowhere:
        faulthandler.dump_traceback_later(_HARD_LIMIT_SECONDS + 2 * pages, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _pool(processes: int) -> ProcessPoolExecutor:
    # A fork server holds no lock, file or connection of this process, and imports the parser once for all workers.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipelines.process", "pipelines.pages", "pipelines.workers"])
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(matching.current(),))


def _begin(lexicon: matching.Lexicon) -> None:
    matching.use(lexicon)
    # Ctrl-C is the parent's to handle, and a parent that is killed must not leave workers behind.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
