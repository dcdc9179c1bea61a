"""The provinces, prefectures and counties of China, from ``divisions.csv``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipelines.common.validation import InvalidDataError

_FILE = Path(__file__).with_name("divisions.csv")


class Province(NamedTuple):
    """One line of the file: a province with the names of its prefectures and counties, complete with 市, 县 or 区."""

    short: str
    full: str
    prefectures: tuple[str, ...]
    counties: tuple[str, ...]


@cache
def provinces() -> tuple[Province, ...]:
    """Return all provinces in the official order. Raises InvalidDataError if a line does not have four cells."""
    provinces: list[Province] = []
    for number, line in enumerate(_FILE.read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        cells = line.split(",")
        if len(cells) != 4 or not cells[0] or not cells[1]:
            raise InvalidDataError([f"{_FILE.name}: line {number}: write short name,full name,prefectures,counties"])
        short, full, prefectures, counties = cells
        provinces.append(Province(short, full, tuple(prefectures.split()), tuple(counties.split())))
    return tuple(provinces)
