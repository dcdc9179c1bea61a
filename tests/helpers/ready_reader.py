"""A reader of pages that answers in this process, because a process for each crawl of a test costs more than its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pipelines.classify.lexicon import Lexicon, using
from pipelines.model import Page
from pipelines.workers import ProcessedBatch, Question, process_batch

Result = TypeVar("Result")


class ReadyReader:
    """What a ``PageReader`` gives its caller, without its process and its time limits."""

    def __init__(self, lexicon: Lexicon, stopping: Callable[[], bool] = lambda: False) -> None:
        self._lexicon = lexicon

    def read(self, page: Page) -> ProcessedBatch:
        """Return ``process_batch`` of a page."""
        with using(self._lexicon):
            return process_batch([page])

    def ask(self, question: Question[Result], page: Page) -> Result:
        """Return the answer to a question about a page."""
        with using(self._lexicon):
            return question(page)

    def close(self) -> None:
        """Nothing was opened."""
