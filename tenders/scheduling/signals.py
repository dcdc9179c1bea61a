"""Ending in order when the system or a person asks for it (SIGTERM, Ctrl-C)."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def on_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Within the block the first signal calls ``stop``, in a thread of its own; a second one ends the process at once.

    For the main thread. A handler that itself took a lock could wait for ever, for it runs between any two steps of the main
    thread, which may hold that lock; putting into a SimpleQueue is safe.
    """
    asked: SimpleQueue[bool] = SimpleQueue()
    signalled = False

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal signalled
        if signalled:
            os._exit(1)  # what was read is on the disk: like a kill, the next start goes on from there
        signalled = True
        asked.put(True)

    def wait() -> None:
        if asked.get():
            stop()

    before = {number: signal.signal(number, handle) for number in _SIGNALS}
    waiter = threading.Thread(target=wait, name="tenders-signals", daemon=True)
    waiter.start()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        asked.put(False)
        waiter.join()
