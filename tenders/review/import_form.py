"""Filled-in review forms: each row is checked and becomes a label of what a person decided about an award."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from analysis.quality import changes
from analysis.quality.uncertain_awards import AwardFacts, award_facts
from pipelines.classify.sector import subsectors as known_subsectors
from pipelines.common.clock import SHANGHAI
from pipelines.common.safe_text import unescape_formula
from pipelines.labelled_notices import DecidedFields
from tenders.archive.decoding import clean
from tenders.data_folder import DataFolder
from tenders.database import attach_before_and_after, open_published
from tenders.files import spreadsheets
from tenders.files.captures import read_instant
from tenders.files.review_journal import (
    FIELDS,
    Decisions,
    Review,
    ReviewedLot,
    ReviewLabel,
    append_labels,
    read_decisions,
    read_journal,
)
from tenders.jobs.load import load_locked
from tenders.jobs.user_lexicon import apply_user_lexicon
from tenders.review.form import FILLED_IN

KEY, LOTS = "award_key", "award_lots"
# A title may precede the row with the names of the columns.
_HEADING_WITHIN = 10
_LONGEST = {"note": 2_000, "reviewer": 100}


class NoReviewsError(ValueError):
    """A file that is not a filled-in review form. The message says what is expected."""


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row with something filled in: its place for people, its cells by column, or why it cannot be read."""

    place: str
    cells: Mapping[str, str]
    unreadable: str | None = None


@dataclass(frozen=True, slots=True)
class RowDecision:
    """What one row decides about its award."""

    decided: Decisions
    note: str | None
    reviewer: str | None


@dataclass(slots=True)
class ImportResult:
    """What filled-in forms brought: new labels, and how many rows repeat an earlier review.

    ``problems`` has one line per row that was left out. ``changes`` is what the new labels changed in the database,
    None if there were none.
    """

    labels: list[ReviewLabel] = field(default_factory=list)
    repeated: int = 0
    problems: list[str] = field(default_factory=list)
    changes: changes.Changes | None = None

    def lines(self) -> list[str]:
        """Return the result for people: rows left out, decisions taken, and each month whose figures changed."""
        left_out = len(self.problems)
        lines = [
            *self.problems,
            f"{len(self.labels):,} decisions taken, {self.repeated:,} known already, {left_out:,} rows left out",
        ]
        if self.changes is not None:
            lines.append(f"{self.changes.awards:,} awards changed")
            for month in self.changes.months:
                before, after = _figures(month["before"]), _figures(month["after"])
                if before != after:
                    lines.append(f"{month['month']}: {before} → {after}")
        return lines


def import_forms(data_dir: Path, paths: Sequence[Path]) -> ImportResult:
    """Keep the decisions of filled-in forms in DIR/labels/reviewed.jsonl, and apply them to the database.

    Raises NoReviewsError, OSError or NoDatabaseError before anything is changed.
    """
    rows = [row for path in paths for row in read_form(path)]
    folder = DataFolder(data_dir)
    with open_published(data_dir):
        pass  # a folder without a database is an error, and is not created
    with apply_user_lexicon(data_dir), folder.lock():
        load_locked(folder)
        with open_published(data_dir) as con:
            awards = award_facts(con, {row.cells[KEY] for row in rows if KEY in row.cells})
        earlier, _ = read_journal(folder.reviewed)
        result = labels_of(rows, awards, earlier, known_subsectors(), datetime.now(UTC))
        if result.labels:
            with _second_name(folder.own, folder.private / "before-review.duckdb") as before:
                append_labels(folder.reviewed, result.labels)
                load_locked(folder)
                with attach_before_and_after(before, folder.own) as con:
                    result.changes = changes.compare(con)
    return result


def read_form(path: Path) -> list[FilledRow]:
    """Return the rows of a form in which anything is filled in. Raises NoReviewsError, or OSError without a file."""
    try:
        for table in spreadsheets.tables(path):
            rows = _with_row_numbers(path, table)
            for _, heading in islice(rows, _HEADING_WITHIN):
                if isinstance(heading, list) and (places := _column_places(heading, path)):
                    return [row for line, cells in rows if (row := _filled_row(f"{path}, row {line}", cells, places))]
    except spreadsheets.UnreadableSheetError as error:
        raise NoReviewsError(f"cannot read {path}: {error}") from None
    expected = f"{KEY} and at least one of {', '.join(FIELDS)}"
    raise NoReviewsError(f"{path} is not a review form: its first line has to name the columns, {expected}")


def labels_of(
    rows: Iterable[FilledRow],
    awards: Mapping[str, AwardFacts],
    earlier: Sequence[Review],
    subsectors: Mapping[str, str],
    now: datetime,
) -> ImportResult:
    """Return the labels of what the rows decide.

    ``awards`` has the facts of each award that exists, by any of its keys. A row that repeats what an earlier review
    decided, with the same note and reviewer, adds no label. The labels have the time ``now``, or a later one if an
    earlier review is not in the past.
    """
    result = ImportResult()
    latest = max((read_instant(review.reviewed_at) for review in earlier), default=now - timedelta(days=1))
    reviewed_at = max(now, latest + timedelta(microseconds=1)).astimezone(SHANGHAI).isoformat(timespec="microseconds")
    first_rows: dict[str, tuple[str, RowDecision]] = {}
    for row in rows:
        try:
            award, decision = _row_decision(row, awards, subsectors)
            first_place, first_decision = first_rows.setdefault(award.award_key, (row.place, decision))
            if first_decision != decision:
                raise ValueError(f"its award is in {first_place} too, with another decision")
        except ValueError as error:
            result.problems.append(f"{row.place}: {error}")
            continue
        if first_place != row.place or _is_in_force(award, decision, earlier):
            result.repeated += 1
        else:
            result.labels.append(_label(award, decision, reviewed_at))
    return result


def _with_row_numbers(path: Path, rows: Iterator[spreadsheets.Row]) -> Iterator[spreadsheets.Row]:
    """Number the rows as a spreadsheet program does. In CSV one row may cover several lines of the file."""
    if path.name.lower().endswith(".xlsx"):
        return rows
    return ((number, cells) for number, (_, cells) in enumerate(rows, 1))


def _column_places(heading: Sequence[str], path: Path) -> dict[str, int]:
    names = [re.sub(r"[\s-]+", "_", cell.strip(" \t\r\n\ufeff'\"")).lower() for cell in heading]
    columns = [name for name in names if name in (KEY, LOTS, *FILLED_IN)]
    if KEY not in columns or not set(FIELDS) & set(columns):
        return {}
    if len(set(columns)) < len(columns):
        twice = next(name for name in columns if columns.count(name) > 1)
        raise NoReviewsError(f"cannot read {path}: two of its columns are called {twice}")
    return {name: names.index(name) for name in columns}


def _filled_row(place: str, cells: list[str] | str, places: Mapping[str, int]) -> FilledRow | None:
    if isinstance(cells, str):
        return FilledRow(place, {}, cells)
    texts = {name: _cell(cells[at]) for name, at in places.items() if at < len(cells)}
    filled = {name: text for name, text in texts.items() if text}
    # A reviewer's name alone, dragged down over all rows, decides nothing.
    return FilledRow(place, filled) if filled.keys() - {KEY, LOTS, "reviewer"} else None


def _cell(text: str) -> str:
    return unescape_formula(clean(text).strip())


def _row_decision(
    row: FilledRow, awards: Mapping[str, AwardFacts], subsectors: Mapping[str, str]
) -> tuple[AwardFacts, RowDecision]:
    """Return the award of a row and what the row decides. Raises ValueError that says what is wrong."""
    if row.unreadable:
        raise ValueError(row.unreadable)
    if KEY not in row.cells:
        raise ValueError(f"{KEY} is missing")
    award = awards.get(row.cells[KEY])
    if award is None:
        raise ValueError(f"there is no award {row.cells[KEY][:40]!r}")
    if "lots" in row.cells and LOTS in row.cells:
        lots_then, lots_now = _letters_and_digits(row.cells[LOTS]), _letters_and_digits(award.award_lots)
        if not lots_now.startswith(lots_then):
            raise ValueError("its lots have changed since the form was written: look at them in a new one")
    for name, longest in _LONGEST.items():
        if len(row.cells.get(name, "")) > longest:
            raise ValueError(f"{name} is longer than {longest} characters")
    decided = read_decisions(row.cells, {lot.lot_no for lot in award.lots}, subsectors)
    if not decided:
        raise ValueError("it has a note but no decision: write unsure under large_model, or fill in another column")
    return award, RowDecision(decided, row.cells.get("note"), row.cells.get("reviewer"))


def _letters_and_digits(text: str) -> str:
    """Return what remains of a text whatever a spreadsheet does to its blanks, line breaks and punctuation."""
    return re.sub(r"[\W_]+", "", text)


def _is_in_force(award: AwardFacts, decision: RowDecision, earlier: Iterable[Review]) -> bool:
    """Return whether an earlier review says the same and still holds."""
    same = any(
        (review.decided, review.note, review.reviewer) == (decision.decided, decision.note, decision.reviewer)
        for review in earlier
        if set(review.notice_keys) & set(award.notice_keys)
    )
    return same and all(award.decided_so_far.get(name) == value for name, value in decision.decided.items())


def _label(award: AwardFacts, decision: RowDecision, reviewed_at: str) -> ReviewLabel:
    """Return the label (docs/labelling.md): stored facts, and of the reader's fields only what this person decided."""
    decided = decision.decided
    large = {"yes": True, "no": False}.get(str(decided.get("large_model")))
    chosen = decided.get("lots")

    def is_large(lot_no: int) -> bool | None:
        if isinstance(chosen, list):
            return lot_no in chosen
        return False if large is False else None

    def one(name: str) -> str | None:
        value = decided.get(name)
        return value if isinstance(value, str) else None

    project_type = one("project_type")
    return ReviewLabel(
        url=award.url,
        title=award.title,
        kind=award.kind,
        published_on=award.published_on,
        project_number=award.project_number,
        is_large_model=large,
        confidence=None if large is None else "high",
        project_type=(project_type,) if project_type else (),
        sector=one("sector"),
        subsector=one("subsector"),
        province=one("province"),
        buyer=award.buyer,
        suppliers=tuple(award.suppliers),
        lots=tuple(
            ReviewedLot(
                lot_no=lot.lot_no,
                name=lot.name,
                supplier=lot.supplier,
                amount_yuan=lot.amount_yuan,
                is_large_model=is_large(lot.lot_no),
            )
            for lot in award.lots
        ),
        total_amount_yuan=award.total_amount_yuan,
        labelled_by=f"hand, review by {decision.reviewer}" if decision.reviewer else "hand, review",
        note=decision.note,
        award_key=award.award_key,
        notice_keys=tuple(award.notice_keys),
        reviewed_at=reviewed_at,
        reviewer=decision.reviewer,
        decided=DecidedFields.model_validate(decided),
    )


def _figures(month: dict[str, Any]) -> str:
    return f"{month['awards']:,} awards, {Decimal(month['amount_yuan'] or 0):,.2f} yuan"


@contextmanager
def _second_name(database: Path, place: Path) -> Iterator[Path]:
    """Keep a database file under a second name inside the block, because the load replaces it under its own."""
    place.unlink(missing_ok=True)
    try:
        os.link(database, place)
    except OSError:  # a disk without links
        shutil.copyfile(database, place)
    try:
        yield place
    finally:
        place.unlink(missing_ok=True)
