"""An orderly end when the system or a person asks for it (SIGTERM, Ctrl-C)."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType

from tenders.jobs import crawl_runner

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_POLL_SECONDS = 0.2


@contextmanager
def crawls_end_on_signal() -> Iterator[None]:
    """End the crawls that run within the block at the first signal, also those that are only just starting."""
    ended = threading.Event()

    def stop() -> None:
        while not ended.wait(_POLL_SECONDS):
            crawl_runner.stop()

    with on_signal(stop):
        try:
            yield
        finally:
            ended.set()


@contextmanager
def on_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` in its own thread at the first signal within the block. A second signal ends the process at once.

    Works in the main thread only. The handler takes no lock: it runs between any two steps of the main thread, which
    may hold that lock, and would wait forever. Putting into a SimpleQueue is safe.
    """
    requests: SimpleQueue[bool] = SimpleQueue()  # True: stop, False: the block has ended
    signalled = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal signalled
        if signalled:
            os._exit(1)  # what was read is on the disk: the next start continues from there
        signalled = True
        requests.put(True)

    def wait() -> None:
        if requests.get():
            stop()

    earlier_handlers = {number: signal.signal(number, handle) for number in _SIGNALS}
    waiter = threading.Thread(target=wait, name="tenders-signals", daemon=True)
    waiter.start()
    try:
        yield
    finally:
        for number, handler in earlier_handlers.items():
            signal.signal(number, handler)
        requests.put(False)
        waiter.join()
