"""Readings that a hostile page may cause, for the process of a ``PageReader``: it finds them by their name."""

from __future__ import annotations

import os
import time

from pipelines import process
from pipelines.model import Page
from pipelines.workers import ProcessedBatch, process_batch


def hang_on_the_marked_page(page: Page) -> ProcessedBatch:
    """Read a page; the one with "HANG" in its text takes longer than any test."""
    if "HANG" in page.body:
        time.sleep(600)
    return process_batch([page])


def never_finish_the_marked_page(page: Page) -> ProcessedBatch:
    """Read a page with a short limit; the parser never ends on the one with "HANG" in its text."""
    process.SLOWEST_SECONDS = 1
    if "HANG" not in page.body:
        return process_batch([page])
    real, process._read = process._read, lambda page: _spin()
    try:
        return process_batch([page])
    finally:
        process._read = real


def crash_on_the_marked_page(page: Page) -> ProcessedBatch:
    """Read a page; the one with "CRASH" in its text ends the process."""
    if "CRASH" in page.body:
        os._exit(11)
    return process_batch([page])


def allocate_much(page: Page) -> str:
    """Return what becomes of half a gigabyte that a page asks for."""
    try:
        return f"given {len(bytes(500_000_000))}"
    except MemoryError:
        return "refused"


def own_process(page: Page) -> int:
    """Return the id of the process that reads the page."""
    return os.getpid()


def _spin() -> process.Processed:
    while True:
        pass
