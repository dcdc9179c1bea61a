"""What the page of downloads lists: the files of the data set with their sizes, and its coverage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from analysis.publication import tables

_MAIN_FILES = ("tenders.duckdb", "manifest.json", "datapackage.json")
RULES = ("definitions", "vocabulary", "own")
_WITH_DIGEST = ("tenders.duckdb", "pages/", "own/")
_COVERAGE = """
    SELECT month, state, portals_missing FROM covered_months_as_of(TIMESTAMPTZ 'infinity')
    WHERE month >= (SELECT min(month) FROM counted_awards) ORDER BY month DESC
"""


@dataclass(frozen=True, slots=True)
class File:
    """A published file: its path in the data set and its size in bytes.

    ``digest``: its SHA-256, for files that nobody can write again byte for byte. The page then vouches for them.
    """

    path: str
    size: int
    digest: str | None = None

    @property
    def suffix(self) -> str:
        """What a link to it says: CSV, Parquet."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class MonthOfFiles:
    """All files of one month, by table."""

    month: str
    files: dict[str, list[File]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of one month: its state, and the crawled portals that are not complete."""

    month: date
    state: str
    portals_missing: list[str]


def main_files(folder: Path) -> list[File]:
    """Return the files about all data, then the list of checksums, which is written last: its size is given as 0."""
    return [*(_file(folder, folder / name) for name in _MAIN_FILES), File("checksums.sha256", 0)]


def monthly_tables() -> list[str]:
    """Return the tables that have a file for each month."""
    return [table.name for table in tables.TABLES if table.months]


def months_of_files(folder: Path) -> list[MonthOfFiles]:
    """Return the files by month, the newest first."""
    places = {name: f"data/{name}" for name in monthly_tables()} | {"ocds": "ocds", "pages": "pages"}
    found: dict[str, dict[str, list[File]]] = {}
    for name, place in places.items():
        for path in sorted((folder / place).glob("*")):
            found.setdefault(path.name.partition(".")[0], {}).setdefault(name, []).append(_file(folder, path))
    return [MonthOfFiles(month, found[month]) for month in sorted(found, key=_undated_last, reverse=True)]


def _undated_last(month: str) -> str:
    return "" if month == tables.UNDATED else month


def other_files(folder: Path, part: str) -> list[tuple[str, list[File]]]:
    """Return the files in ``data`` or ``figures`` that are not split by month, by their name."""
    found: dict[str, list[File]] = {}
    for path in sorted((folder / part).glob("*.*")):
        found.setdefault(path.name.partition(".")[0], []).append(_file(folder, path))
    return sorted(found.items())


def rule_files(folder: Path) -> Iterator[tuple[str, list[File]]]:
    """Yield the folders of the rules that were used, with their files."""
    for name in RULES:
        files = [_file(folder, path) for path in sorted((folder / name).rglob("*.toml"))]
        if files:
            yield name, files


def coverage(con: duckdb.DuckDBPyConnection) -> list[Coverage]:
    """Return the coverage of each month since the first award, the newest first."""
    return [Coverage(*row) for row in con.execute(_COVERAGE).fetchall()]


def size_text(size: int) -> str:
    """Return a size in bytes as people write it: 512 B, 3.4 MB."""
    amount, unit = float(size), "B"
    for larger in ("KB", "MB", "GB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"


def _file(folder: Path, path: Path) -> File:
    place = path.relative_to(folder).as_posix()
    digest = None
    if place.startswith(_WITH_DIGEST):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    return File(place, path.stat().st_size, digest)
