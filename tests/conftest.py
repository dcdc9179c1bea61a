"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipelines import workers
from pipelines.pages import pdf_pages
from pipelines.storage import store
from tenders.crawling import session
from tests.helpers.data_folders import create_store, open_ready_store
from tests.helpers.ready_reader import ReadyReader
from tests.helpers.storing import tenders

# A test that asks for one of these takes seconds.
_SLOW_FIXTURES = {"demo", "own_demo"}


def pytest_configure() -> None:
    """Let Ctrl-C end the processes that tests start. A shell that runs the tests in the background makes them deaf."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test as slow that uses a slow fixture."""
    for item in items:
        if _SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Leave the modules and tests that are loaded now out of garbage collection, which takes a tenth of the time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let all objects be freed at the end: DuckDB names those that are not."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``tenders demo`` has run, once for all tests. They only read ``data/demo`` in it."""
    folder = tmp_path_factory.mktemp("newcomer")
    result = tenders("demo", cwd=folder)
    assert result.returncode == 0, result.stderr
    (folder / "demo.txt").write_text(result.stdout, "utf-8")
    return folder


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A copy of that folder for a test that changes it."""
    return Path(shutil.copytree(demo, tmp_path / "own"))


@pytest.fixture(scope="session", autouse=True)
def ready_stores() -> Iterator[None]:
    """Begin every new store as a copy of an empty one, except in tests that are marked ``new_store``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "open_store", open_ready_store)
        yield


@pytest.fixture(scope="session", autouse=True)
def ready_workers() -> Iterator[None]:
    """Let one fork server serve both the workers and the commands that tests fork (``tests.helpers.forked``)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "PRELOADED", ["tests.helpers.ready_process"])
        yield


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Do not wait until files are on the disk. Only a power cut would show the difference, and no test makes one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def ready_readers() -> Iterator[None]:
    """Let crawls read their pages in the process of the test, except in tests that are marked ``page_process``.

    The same PDF is read once: many tests crawl the same sites.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "PageReader", ReadyReader)
        patch.setattr(pdf_pages, "pdf_text", cache(pdf_pages.pdf_text))
        yield


@pytest.fixture(autouse=True)
def as_the_tool_does(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Create new stores and read pages as the tool does, in tests that are marked so."""
    if request.node.get_closest_marker("new_store"):
        monkeypatch.setattr(store, "open_store", create_store)
    if request.node.get_closest_marker("page_process"):
        monkeypatch.setattr(session, "PageReader", workers.PageReader)
