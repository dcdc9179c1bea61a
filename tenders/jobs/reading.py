"""What ``ingest`` and ``rebuild`` share: pages in batches for the workers, and the report of what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from pipelines.model import Page, Rejected
from pipelines.workers import ProcessedBatch

Progress = Callable[[int], None]
Item = Page | Rejected
Noted = TypeVar("Noted")

_BATCH_PAGES = 32
_BATCH_SIZE = 2_000_000  # characters, and bytes of files
# The terminal shows the problems of this many sources; quarantine has all.
_SHOWN_SOURCES = 20


def no_progress(pages: int) -> None:
    """Ignore how many pages are done."""


@dataclass(frozen=True, slots=True)
class Share:
    """Every ``of``-th batch of a source, beginning with number ``place``, so that several processes can read one file.

    Each of them reads the file to its end, which costs little, and parses only its own batches.
    """

    place: int = 0
    of: int = 1

    def choose(self, batches: Iterable[list[Page]]) -> Iterator[list[Page]]:
        """Return the batches of this share, in order."""
        return islice(batches, self.place, None, self.of)

    def note_once(self, note: Callable[[Noted], None]) -> Callable[[Noted], None]:
        """Return ``note`` for the first share. The others ignore what is not in batches, since all of them see it."""
        return note if self.place == 0 else _ignore


ALL = Share()


def _ignore(noted: object) -> None:
    pass


@dataclass(slots=True)
class ReadReport:
    """What a run of ``ingest`` or ``rebuild`` did.

    ``problems`` counts all problems. ``first_problems`` holds, for the first sources, the first problem of the source
    and how many it has. ``notes`` are lines that a person should see although they are not problems.
    """

    pages: int = 0
    notices: int = 0
    already_stored: int = 0
    problems: int = 0
    first_problems: dict[str, tuple[Rejected, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add_problem(self, rejected: Rejected) -> None:
        """Count a problem, and keep it if it is the first of its source."""
        self.problems += 1
        self._keep_first(rejected, 1)

    def add_report(self, other: ReadReport) -> None:
        """Count what another process did."""
        self.pages += other.pages
        self.notices += other.notices
        self.already_stored += other.already_stored
        self.problems += other.problems
        for rejected, count in other.first_problems.values():
            self._keep_first(rejected, count)
        self.notes += other.notes

    def add_work(self, work: ProcessedBatch) -> None:
        """Count what a worker read from one batch."""
        self.pages += work.pages
        self.notices += len(work.notice_keys)
        for problem in work.problems:
            self.add_problem(problem)

    def _keep_first(self, rejected: Rejected, count: int) -> None:
        if rejected.source in self.first_problems:
            first, before = self.first_problems[rejected.source]
            self.first_problems[rejected.source] = first, before + count
        elif len(self.first_problems) < _SHOWN_SOURCES:
            self.first_problems[rejected.source] = rejected, count


def page_batches(items: Iterable[Item], reject: Callable[[Rejected], None]) -> Iterator[list[Page]]:
    """Yield pages in batches that are worth a trip to a worker, in order. Everything else goes to ``reject``."""
    batch: list[Page] = []
    size = 0
    for item in items:
        if isinstance(item, Rejected):
            reject(item)
            continue
        batch.append(item)
        size += len(item.body) + sum(len(attachment.content) for attachment in item.attachments)
        if len(batch) >= _BATCH_PAGES or size >= _BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
