"""The figures of earlier versions: ``bench/history.csv``, one row for each step that was measured."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

HISTORY = Path(__file__).with_suffix(".csv")


@dataclass(frozen=True, slots=True)
class Figure:
    """How fast one step was. ``floor`` is how many pages a second one core of the same machine parses with bare lxml.

    Ratios to the floor of the machine can be compared between machines, notices a second cannot.
    """

    version: str
    step: str
    notices: int
    cores: int
    floor: int
    notices_per_second: int

    @property
    def times_floor(self) -> float:
        """How many times longer the step takes than parsing the same pages with bare lxml on all cores."""
        return self.floor * self.cores / max(self.notices_per_second, 1)


def previous(figure: Figure, path: Path = HISTORY) -> Figure | None:
    """Return the last figure of the step that another version has for as many notices; None if there is none."""
    earlier = [
        known
        for known in read(path)
        if (known.step, known.notices) == (figure.step, figure.notices) and known.version != figure.version
    ]
    return earlier[-1] if earlier else None


def read(path: Path = HISTORY) -> Iterator[Figure]:
    """Yield all figures, oldest first."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            numbers = (int(row[name]) for name in ("notices", "cores", "floor", "notices_per_second"))
            yield Figure(row["version"], row["step"], *numbers)


def append(figures: Iterable[Figure], path: Path = HISTORY) -> None:
    """Add figures at the end."""
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Figure)], lineterminator="\n")
        writer.writerows(asdict(figure) for figure in figures)
