"""The words of a data folder (``DIR/lexicon``), in use while a job runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.classify import lexicon
from tenders.data_folder import DataFolder


@contextmanager
def apply_user_lexicon(data_dir: Path) -> Iterator[lexicon.Lexicon]:
    """Classify with the words of the data folder in this thread, inside the block.

    Checks all words first. Raises InvalidDataError, in one line.
    """
    with lexicon.using(lexicon.lexicon_of(DataFolder(data_dir).lexicon)) as words:
        yield words
