"""Filled-in tables of reviews: each row is checked and becomes a label of what a person decided about an award."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.common.clock import SHANGHAI
from tenders.archive.reader import clean
from tenders.files import spreadsheets
from tenders.files.captures import read_instant
from tenders.files.decided import FIELDS, decided
from tenders.files.spreadsheets import UnreadableSheetError, tables

Json = dict[str, Any]

KEY, LOTS = "award_key", "award_lots"
FILLED_IN = (*FIELDS, "note", "reviewer")
# A title may stand above the names of the columns.
_HEADING_WITHIN = 10
# The sheet writes an apostrophe before what a spreadsheet would run as a formula.
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_LONGEST = {"note": 2_000, "reviewer": 100}


class NoReviewsError(ValueError):
    """A file that holds no filled-in table of reviews. The message says what is expected."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with something filled in: its place for people, and its cells by column, or why they cannot be read."""

    place: str
    cells: Mapping[str, str]
    unreadable: str | None = None


@dataclass(slots=True)
class Taken:
    """What came of filled-in tables: the new labels, how many rows said what is known, and a line on each that was left out."""

    labels: list[Json] = field(default_factory=list)
    repeated: int = 0
    problems: list[str] = field(default_factory=list)


def filled(path: Path) -> list[Row]:
    """The rows of a table in which anything is filled in. Raises NoReviewsError; OSError where there is no file."""
    try:
        for table in tables(path):
            rows = _numbered(path, table)
            for _, heading in islice(rows, _HEADING_WITHIN):
                if isinstance(heading, list) and (places := _places(heading, path)):
                    return [row for line, cells in rows if (row := _row(f"{path}, row {line}", cells, places))]
    except UnreadableSheetError as error:
        raise NoReviewsError(f"cannot read {path}: {error}") from None
    expected = f"{KEY} and one of {', '.join(FIELDS)} at least"
    raise NoReviewsError(f"{path} is no table of reviews: its first line has to name the columns, {expected}")


def keys(rows: Iterable[Row]) -> set[str]:
    """The awards that the rows name."""
    return {row.cells[KEY] for row in rows if KEY in row.cells}


def take(
    rows: Iterable[Row],
    awards: Mapping[str, Json],
    earlier: Sequence[Json],
    subsectors: Mapping[str, str],
    now: datetime,
) -> Taken:
    """Labels of what the rows decide. ``awards`` holds what is known of each award that exists (``analysis.quality.uncertain_awards.known``).

    ``earlier`` are the reviews in the file. A row that says what holds already, in the words of an earlier review, is repeated.
    The labels bear the time ``now``, or a later one where that of an earlier review is not past.
    """
    taken = Taken()
    latest = max((read_instant(review["reviewed_at"]) for review in earlier), default=now - timedelta(days=1))
    when = max(now, latest + timedelta(microseconds=1)).astimezone(SHANGHAI).isoformat(timespec="microseconds")
    told: dict[str, tuple[str, Json]] = {}
    for row in rows:
        try:
            award, found = _decision(row, awards, subsectors)
            place, first = told.setdefault(award["award_key"], (row.place, found))
            if first != found:
                raise ValueError(f"its award stands in {place} too, where something else is decided")
        except ValueError as error:
            taken.problems.append(f"{row.place}: {error}")
            continue
        if place != row.place or _holds(award, found, earlier):
            taken.repeated += 1
        else:
            taken.labels.append(_label(award, found, when))
    return taken


def _numbered(path: Path, rows: Iterator[spreadsheets.Row]) -> Iterator[spreadsheets.Row]:
    """The rows as a spreadsheet numbers them: in CSV a row may be several lines."""
    if path.name.lower().endswith(".xlsx"):
        return rows
    return ((number, cells) for number, (_, cells) in enumerate(rows, 1))


def _places(heading: Sequence[str], path: Path) -> dict[str, int]:
    names = [re.sub(r"[\s-]+", "_", cell.strip(" \t\r\n\ufeff'\"")).lower() for cell in heading]
    known = [name for name in names if name in (KEY, LOTS, *FILLED_IN)]
    if KEY not in known or not set(FIELDS) & set(known):
        return {}
    if len(set(known)) < len(known):
        twice = next(name for name in known if known.count(name) > 1)
        raise NoReviewsError(f"cannot read {path}: two of its columns are called {twice}")
    return {name: names.index(name) for name in known}


def _row(place: str, cells: list[str] | str, places: Mapping[str, int]) -> Row | None:
    if isinstance(cells, str):
        return Row(place, {}, cells)
    given = {name: _cell(cells[at]) for name, at in places.items() if at < len(cells) and _cell(cells[at])}
    # A column of names that was drawn down to the end decides nothing by itself.
    return Row(place, given) if given.keys() - {KEY, LOTS, "reviewer"} else None


def _cell(text: str) -> str:
    text = clean(text).strip()
    return text[1:] if _GUARDED.match(text) else text


def _decision(row: Row, awards: Mapping[str, Json], subsectors: Mapping[str, str]) -> tuple[Json, Json]:
    """The award and what is decided of it, with note and reviewer. Raises ValueError with what is wrong."""
    if row.unreadable:
        raise ValueError(row.unreadable)
    if KEY not in row.cells:
        raise ValueError(f"{KEY} is missing")
    award = awards.get(row.cells[KEY])
    if award is None:
        raise ValueError(f"there is no award {row.cells[KEY][:40]!r}")
    if "lots" in row.cells and LOTS in row.cells and not _plain(award[LOTS]).startswith(_plain(row.cells[LOTS])):
        raise ValueError("its lots have changed since the table was written: look at them in a new one")
    for name, longest in _LONGEST.items():
        if len(row.cells.get(name, "")) > longest:
            raise ValueError(f"{name} is longer than {longest} characters")
    found = decided(row.cells, {lot["lot_no"] for lot in award["lots"]}, subsectors)
    if not found:
        raise ValueError("it has a note and decides nothing: write unsure under large_model, or fill in what is known")
    return award, {"decided": found, "note": row.cells.get("note"), "reviewer": row.cells.get("reviewer")}


def _plain(text: str) -> str:
    """What stays of a text whatever a spreadsheet does to its blanks and line breaks."""
    return re.sub(r"[\W_]+", "", text)


def _holds(award: Json, found: Json, earlier: Iterable[Json]) -> bool:
    own = [review for review in earlier if set(review["notice_keys"]) & set(award["notice_keys"])]
    said = any(all(review[name] == found[name] for name in found) for review in own)
    return said and all(award["standing"].get(name) == value for name, value in found["decided"].items())


def _label(award: Json, found: Json, when: str) -> Json:
    """The label of docs/labelling.md: facts as they are stored, and of what a reader says only what this one decided."""
    given = found["decided"]
    large = {"yes": True, "no": False}.get(given.get("large_model", ""))
    chosen = given.get("lots")
    return {
        **{name: award[name] for name in ("url", "title", "kind", "published_on", "project_number")},
        "is_large_model": large,
        "confidence": None if large is None else "high",
        "project_type": [given["project_type"]] if "project_type" in given else [],
        **{name: given.get(name) for name in ("sector", "subsector", "province")},
        **{name: award[name] for name in ("buyer", "suppliers")},
        "lots": [
            {**lot, "is_large_model": lot["lot_no"] in chosen if chosen else False if large is False else None}
            for lot in award["lots"]
        ],
        "total_amount_yuan": award["total_amount_yuan"],
        "labelled_by": f"hand, review by {found['reviewer']}" if found["reviewer"] else "hand, review",
        "note": found["note"],
        "award_key": award["award_key"],
        "notice_keys": award["notice_keys"],
        "reviewed_at": when,
        "reviewer": found["reviewer"],
        "decided": given,
    }  # fmt: skip
