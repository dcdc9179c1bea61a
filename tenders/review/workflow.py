"""``tenders review``: tables for people to fill in, and what they decided into the data folder. Like ``tenders.jobs`` it may know
both the gathering side and analysis."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from analysis.quality import changes
from analysis.quality import uncertain_awards as asking
from pipelines.classify.sector import subsectors
from tenders import console
from tenders.data_folder import DataFolder
from tenders.database import attach_before_and_after, open_published
from tenders.files import review_journal
from tenders.jobs.load import load_locked
from tenders.jobs.user_lexicon import apply_user_lexicon
from tenders.review import form, import_form


def write(data_dir: Path, output: Path, since: date | None, until: date | None, most: int) -> tuple[int, int]:
    """A table of the least certain awards of these days, both included. Returns how many it asks about, and how many there are.

    Raises CommandError where ``output`` cannot be written or is called neither .csv nor .xlsx.
    """
    suffix = output.suffix.lower()
    if suffix not in form.SUFFIXES:
        raise console.CommandError(f"{output} says no kind of table: call it .xlsx or .csv")
    with open_published(data_dir) as con:
        rows, uncertain = asking.least_certain(con, since, until, most)
    with apply_user_lexicon(data_dir), console.replacing(output) as draft:
        form.write(draft, asking.COLUMNS, rows, workbook=suffix == ".xlsx")
    return len(rows), uncertain


def take(data_dir: Path, paths: Sequence[Path]) -> tuple[import_form.Taken, changes.Changes | None]:
    """Decisions from filled-in tables, kept in DIR/labels/reviewed.jsonl and applied; and what that changed, if anything was new.

    Raises NoReviewsError or OSError before anything is changed, CommandError where there is no database.
    """
    rows = [row for path in paths for row in import_form.filled(path)]
    folder = DataFolder(data_dir)
    with open_published(data_dir):
        pass  # a folder without a database is told, and not made
    with apply_user_lexicon(data_dir), folder.lock():
        load_locked(folder)
        with open_published(data_dir) as con:
            known = asking.known(con, import_form.keys(rows))
        earlier, _ = review_journal.read(folder.reviewed)
        taken = import_form.take(rows, known, earlier, subsectors(), datetime.now(UTC))
        if not taken.labels:
            return taken, None
        with _kept(folder.own, folder.private / "before-review.duckdb") as before:
            review_journal.append(folder.reviewed, taken.labels)
            load_locked(folder)
            with attach_before_and_after(before, folder.own) as con:
                return taken, changes.compare(con)


def told(taken: import_form.Taken, found: changes.Changes | None) -> list[str]:
    """What came of :func:`take`, in lines: rows left out, what was decided, and each month's figures that are others now."""
    left_out, repeated = len(taken.problems), taken.repeated
    lines = [
        *taken.problems,
        f"{len(taken.labels):,} decisions taken, {repeated:,} known already, {left_out:,} rows left out",
    ]
    if found is not None:
        lines.append(f"{found.awards:,} awards changed")
        for month in found.months:
            before, after = _figures(month["before"]), _figures(month["after"])
            if before != after:
                lines.append(f"{month['month']}: {before} → {after}")
    return lines


def _figures(month: dict[str, Any]) -> str:
    return f"{month['awards']:,} awards, {Decimal(month['amount_yuan'] or 0):,.2f} yuan"


@contextmanager
def _kept(database: Path, place: Path) -> Iterator[Path]:
    """A database file under a second name, for as long as the block takes: under its own it is replaced."""
    place.unlink(missing_ok=True)
    try:
        os.link(database, place)
    except OSError:  # a disk without links
        shutil.copyfile(database, place)
    try:
        yield place
    finally:
        place.unlink(missing_ok=True)
