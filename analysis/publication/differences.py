"""What differs between published rows and computed ones, each as a line that names row, column and both values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from analysis.publication import tables
from pipelines.common.safe_text import printable

_LONGEST_VALUE = 80


def row_differences(
    con: duckdb.DuckDBPyConnection, what: str, key: Sequence[str], published: str, computed: str
) -> Iterator[str]:
    """Yield the differences between two queries with the same columns, by the values of ``key``.

    ``what`` names a row in the lines, for example "award".
    """
    columns = [name for name, _ in tables.described(con, published)]
    places = [columns.index(name) for name in key]
    only_published, only_computed = (
        {tuple(row[place] for place in places): row for row in con.execute(query).fetchall()}
        for query in (f"({published}) EXCEPT ({computed})", f"({computed}) EXCEPT ({published})")
    )
    for values in sorted({*only_published, *only_computed}, key=str):
        name = " ".join((what, *map(_shown, values)))
        row, other = only_published.get(values), only_computed.get(values)
        if row is None:
            yield f"{name}: is not published, but follows from what is"
        elif other is None:
            yield f"{name}: is published, but does not follow from the rest"
        else:
            for column, value, recomputed in zip(columns, row, other, strict=True):
                if value != recomputed:
                    yield f"{name}: {value_difference(column, value, recomputed)}"


def value_difference(name: str, published: Any, computed: Any) -> str:
    """Return what the published value of a column or key is, and what it should be."""
    return f"{name} is published as {_shown(published)}, but computed as {_shown(computed)}"


def file_difference(published: Path, computed: Path, place: str) -> str | None:
    """Return a line that names the first line in which two text files differ; None if they are equal."""
    old, new = published.read_bytes(), computed.read_bytes()
    if old == new:
        return None
    lines, recomputed = (content.decode("utf-8", "replace").split("\n") for content in (old, new))
    pairs = enumerate(zip(lines, recomputed, strict=False), 1)
    number = next((number for number, (line, other) in pairs if line != other), min(len(lines), len(recomputed)) + 1)
    shown = _shown(lines[number - 1] if number <= len(lines) else "nothing")
    return f"{place}: line {number} is not what the published data gives: {shown}"


def _shown(value: Any) -> str:
    text = "nothing" if value is None else printable(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
