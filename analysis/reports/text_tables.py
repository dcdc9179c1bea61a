"""Plain text for terminals: tables whose columns line up although Chinese characters are two cells wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

_FIGURE = re.compile(r"[+-]?[\d.,]*%?|—")


def width(text: str) -> int:
    """Cells that ``text`` takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def printable(value: Any) -> str:
    """A cell as one line of text: control characters of hostile pages cannot move the cursor."""
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else " " for c in text)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Columns separated by two spaces; a column that holds only figures is aligned right, any other left."""
    cells = [list(map(printable, head)), *(list(map(printable, row)) for row in rows)]
    widths = [max(width(row[i]) for row in cells) for i in range(len(head))]
    figures = [len(cells) > 1 and all(_FIGURE.fullmatch(row[i]) for row in cells[1:]) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        pads = [" " * (widths[i] - width(cell)) for i, cell in enumerate(row)]
        return "  ".join(p + c if right else c + p for c, p, right in zip(row, pads, figures, strict=True)).rstrip()

    return "\n".join([line(cells[0]), "─" * (sum(widths) + 2 * (len(widths) - 1)), *(line(row) for row in cells[1:])])
