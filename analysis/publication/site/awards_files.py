"""The awards of the site's list as scripts, because a page that was opened from a disk may load nothing else.

``index.js`` has the numbers of each month, day, type, sector, province and vendor, and names all other files with a
part of their digest, so that no browser uses an old one. ``MONTH.js`` has what the list shows, ``MONTH-N.js`` what is
seen when an award is opened.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import orjson

from analysis.figures.definition import Definition
from analysis.reports import award_details

FOLDER = "assets/awards"
PART = 300  # awards in a file of what is seen when one is opened
_PLACES = {name: place for place, name in enumerate(award_details.LISTED)}
_FACETS = ("type", "sector", "province", "vendor")
NOT_STATED = "none"


def write(con: duckdb.DuckDBPyConnection, definition: Definition, months: Sequence[date], target: Path) -> None:
    """Write the files of all awards that count in ``months`` (the newest first) below the site ``target``."""
    folder = target / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    listed: list[dict[str, Any]] = []
    facets: dict[str, dict[str, list[int]]] = {facet: {} for facet in _FACETS}
    if months:
        with award_details.chosen(con, definition, months, None):
            for place, month in enumerate(months):
                rows = award_details.as_two_parts(con, month)
                awards = [orjson.loads(row) for row, _ in rows]
                name = f"{month:%Y-%m}"
                parts = [rows[start : start + PART] for start in range(0, len(rows), PART)]
                listed.append(
                    _totals(awards)
                    | {
                        "month": name,
                        "file": _write(folder, f"{name}.js", [row for row, _ in rows]),
                        "parts": [
                            _write(folder, f"{name}-{number}.js", [opened for _, opened in part])
                            for number, part in enumerate(parts, 1)
                        ],
                    }
                )
                for facet, code in _facets(awards):
                    counts = facets[facet].setdefault(code, [0] * len(months))
                    counts[place] += 1
    index = {"part": PART, "months": listed} | facets
    (folder / "index.js").write_bytes(b"self.awardsIndex = " + orjson.dumps(index) + b";\n")


def _write(folder: Path, name: str, rows: Sequence[str]) -> str:
    """Write one file and return its address from the index."""
    lines = ",\n".join(rows)
    content = f'awardsFile("{name}",[\n{lines}\n]);\n'.encode()
    (folder / name).write_bytes(content)
    return f"{name}?{hashlib.sha256(content).hexdigest()[:8]}"


def _totals(awards: Sequence[list[Any]]) -> dict[str, Any]:
    """Return the numbers of a month; ``cents`` is its disclosed amount in hundredths of a yuan."""
    amounts = [award[_PLACES["amount"]] for award in awards if award[_PLACES["amount"]] is not None]
    days = Counter(award[_PLACES["day"]] for award in awards)
    return {
        "awards": len(awards),
        "disclosed": len(amounts),
        "cents": sum(round(amount * 100) for amount in amounts),
        "days": dict(sorted(days.items())),
    }


def _facets(awards: Sequence[list[Any]]) -> Iterator[tuple[str, str]]:
    for award in awards:
        for facet in _FACETS[:3]:
            yield facet, award[_PLACES[facet]] or NOT_STATED
        for vendor, _ in award[_PLACES["won"]]:
            yield "vendor", vendor
