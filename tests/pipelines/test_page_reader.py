"""One page after another in a process of its own: no page can stop the caller, and the caller can stop any page."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess

import pytest

from pipelines import workers
from pipelines.classify import lexicon
from pipelines.model import Page
from pipelines.workers import PageReader, ReadingStoppedError, process_batch
from tests.helpers.hostile_pages import allocate_much, crash_on_the_marked_page, hang_on_the_marked_page, own_process


def page(text: str = "一、项目编号：A-1") -> Page:
    seen = datetime(2026, 8, 5, tzinfo=UTC)
    return Page("made-up", "https://notices.example/1.html", seen, "text/plain", text, "某市平台采购中标公告")


@pytest.fixture
def reader() -> Iterator[PageReader]:
    made = PageReader(lexicon.current())
    yield made
    made.close()


@pytest.mark.long
def test_a_page_is_read_in_one_process_of_its_own_as_in_this_one(reader: PageReader) -> None:
    assert reader.read(page()) == process_batch([page()])
    first, second = reader.ask(own_process, page()), reader.ask(own_process, page())
    assert first == second != os.getpid()
    if sys.platform == "linux":
        assert reader.ask(allocate_much, page()) == "refused"


def test_a_page_that_ends_the_process_keeps_its_title_and_the_next_one_is_read(
    reader: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_process_one", crash_on_the_marked_page)
    batch = reader.read(page("CRASH"))
    assert [problem.reason for problem in batch.problems] == [
        "the parser crashed or hung on it; only its title was read"
    ]
    assert batch.notice_keys == ["made-up:https://notices.example/1.html"]
    assert reader.read(page()).problems == []


def test_a_caller_that_wants_to_end_does_not_wait_for_a_page_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_GRACE_SECONDS", 0.1)
    asked_at: list[float] = []

    def stopping() -> bool:
        asked_at.append(time.monotonic())
        return True

    reader = PageReader(lexicon.current(), stopping)
    with pytest.raises(ReadingStoppedError):
        reader.ask(hang_on_the_marked_page, page("HANG"))
    assert time.monotonic() - asked_at[0] < 2
    # It can be asked again, and is then in another process.
    monkeypatch.setattr(workers, "_GRACE_SECONDS", 60)
    assert reader.ask(own_process, page()) != os.getpid()
    reader.close()


def test_a_caller_that_wants_to_end_does_not_wait_for_a_process_that_is_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imported = threading.Event()
    monkeypatch.setattr(workers, "_GRACE_SECONDS", 0.1)
    monkeypatch.setattr(ForkServerProcess, "start", lambda process: imported.wait(60))
    asked = time.monotonic()
    with pytest.raises(ReadingStoppedError):
        PageReader(lexicon.current(), lambda: True).read(page())
    assert time.monotonic() - asked < 5
    imported.set()
