"""Plain text for terminals: tables whose columns line up although Chinese characters are two cells wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any


def width(text: str) -> int:
    """Cells that ``text`` takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def printable(value: Any) -> str:
    """A cell as one line of text: control characters of hostile pages cannot move the cursor."""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else " " for c in text)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], *, left: int = 1) -> str:
    """Columns separated by two spaces; the first ``left`` columns are aligned left, the others right."""
    cells = [list(map(printable, head)), *(list(map(printable, row)) for row in rows)]
    widths = [max(width(row[i]) for row in cells) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        padded = [
            cell + " " * (widths[i] - width(cell)) if i < left else " " * (widths[i] - width(cell)) + cell
            for i, cell in enumerate(row)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([line(cells[0]), "─" * (sum(widths) + 2 * (len(widths) - 1)), *(line(row) for row in cells[1:])])
