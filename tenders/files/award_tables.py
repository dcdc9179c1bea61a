"""A user's own tables of awards (docs/awards.md, section "Your own awards"): each row becomes a page.

``pipelines.award_rows`` reads what a row says. This module finds its place in the file, its address and its time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import orjson

from pipelines.award_rows import COLUMNS, CONTENT_TYPE, read_cells
from pipelines.common.imported import IMPORTED
from pipelines.model import Page, Rejected
from pipelines.storage.keys import page_key
from pipelines.storage.store import PageKeys
from tenders import portals
from tenders.archive.decoding import clean
from tenders.files.captures import read_instant
from tenders.files.spreadsheets import Row, UnreadableSheetError, tables

# A title, or a hint for Excel, may be above the names of the columns.
_HEADING_WITHIN = 10
_EXPECTED = "project_name or project_number, awarded_on and suppliers"


class NoAwardsError(ValueError):
    """The file is not a table of awards. The message says what is expected."""


@dataclass(frozen=True, slots=True)
class _Heading:
    places: dict[str, int]
    width: int
    left_out: list[str]


class EarlierPages:
    """What was stored before: the keys of pages, and the addresses of awards from tables."""

    def __init__(self, page_keys: PageKeys, addresses: Collection[str]) -> None:
        self._page_keys = page_keys
        self._addresses = set(addresses)
        self._now: set[str] = set()

    def dated(self, page: Page, modified: datetime) -> Page:
        """Return the page with its time.

        It is the time when the award was first known. If the award is stored and the row says something new about it,
        it is the time of the file, because a new version must be later than the old one.
        """
        is_stored = page.url in self._addresses
        self._addresses.add(page.url)
        key = page_key(page)
        if is_stored and key not in self._page_keys and key not in self._now:
            return replace(page, fetched_at=modified)
        self._now.add(key)
        return page


def check(path: Path) -> None:
    """Raise NoAwardsError unless the file is a table of awards."""
    _open(path)


def pages(path: Path, earlier: EarlierPages, note: Callable[[str], None]) -> Iterator[Page | Rejected]:
    """Yield the rows of the file as pages, in order, or as ``Rejected`` if they cannot be read.

    ``note`` is called with a line about ignored columns. Raises NoAwardsError.
    """
    heading, rows = _open(path)
    if heading.left_out:
        note(f"{path}: left out, since awards have no such column: {', '.join(heading.left_out)}")
    modified = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=path.stat().st_mtime_ns // 1000)
    lines: dict[str, tuple[int, str]] = {}
    for line, cells in rows:
        if isinstance(cells, list) and not any(cell.strip() for cell in cells):
            continue
        try:
            page = _page(_named(cells, heading), modified)
        except ValueError as error:
            yield Rejected(str(path), line, str(error), IMPORTED)
            continue
        first, body = lines.setdefault(page.url, (line, page.body))
        if body != page.body:
            problem = f"the award of line {first} again, and it says something else: make them one row"
            yield Rejected(str(path), line, problem, IMPORTED, page.url)
        elif first == line:
            yield earlier.dated(page, modified)


def _open(path: Path) -> tuple[_Heading, Iterator[Row]]:
    """Return the heading and the rows below it, of the first table in the file with the columns of an award."""
    try:
        for rows in tables(path):
            for _, cells in islice(rows, _HEADING_WITHIN):
                heading = _heading(cells) if isinstance(cells, list) else None
                if heading:
                    return heading, rows
    except UnreadableSheetError as error:
        raise NoAwardsError(f"cannot read {path}: {error}") from None
    raise NoAwardsError(f"{path} is no table of awards: its first line has to name the columns, {_EXPECTED} among them")


def _heading(cells: Sequence[str]) -> _Heading | None:
    names = [re.sub(r"[\s-]+", "_", cell.strip(" \t\r\n\ufeff'\"")).lower() for cell in cells]
    known = [name for name in names if name in COLUMNS]
    if not {"awarded_on", "suppliers"} <= set(known) or not {"project_name", "project_number"} & set(known):
        return None
    if len(set(known)) < len(known):
        twice = next(name for name in known if known.count(name) > 1)
        raise UnreadableSheetError(f"two of its columns are called {twice}")
    left_out = [cell.strip() for cell, name in zip(cells, names, strict=True) if name and name not in COLUMNS]
    return _Heading({name: names.index(name) for name in known}, len(cells), left_out)


def _named(cells: list[str] | str, heading: _Heading) -> dict[str, str]:
    if isinstance(cells, str):
        raise ValueError(cells)
    if any(cell.strip() for cell in cells[heading.width :]):
        problem = f"it has {len(cells)} cells under {heading.width} columns"
        raise ValueError(f"{problem}: put a text that holds the separator in quotation marks")
    # In the order of the columns of awards, so that the same row is the same page however its columns are arranged.
    given = ((name, heading.places[name]) for name in COLUMNS if name in heading.places)
    return {name: clean(cells[at].strip()) for name, at in given if at < len(cells) and cells[at].strip()}


def _page(cells: dict[str, str], modified: datetime) -> Page:
    row = read_cells(cells)
    return portals.page_of(
        IMPORTED,
        row.address,
        _first_seen(cells) or modified,
        CONTENT_TYPE,
        orjson.dumps(cells).decode(),
        title=row.heading,
        published_on=row.awarded_on,
    )


def _first_seen(cells: dict[str, str]) -> datetime | None:
    text = cells.get("first_seen_at", "")
    if not text:
        return None
    try:
        return read_instant(text)
    except ValueError:
        raise ValueError(f"first_seen_at is no time: {text[:40]!r}") from None
