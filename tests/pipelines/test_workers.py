"""Worker processes: what they start with."""

from __future__ import annotations

from pipelines.classify import lexicon
from pipelines.workers import map_in_order


def _compiled_at_start(_: list[None]) -> bool:
    return bool(lexicon.current().compiled)


def test_a_worker_starts_with_the_words_compiled() -> None:
    assert list(map_in_order(_compiled_at_start, [[None], [None]])) == [True, True]
