"""Plain text for terminals: tables whose columns line up although Chinese characters are two cells wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.common.safe_text import printable

_FIGURE = re.compile(r"[+-]?[\d.,]*%?|—")  # 574, +421.8%, 13.35, nothing, or a dash for nothing


def width(text: str) -> int:
    """Return how many cells ``text`` takes on a terminal."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table with two spaces between columns; columns of figures are aligned right, others left."""
    cells = [list(map(printable, head)), *(list(map(printable, row)) for row in rows)]
    widths = [max(width(row[i]) for row in cells) for i in range(len(head))]
    figures = [len(cells) > 1 and all(_FIGURE.fullmatch(row[i]) for row in cells[1:]) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        pads = [" " * (widths[i] - width(cell)) for i, cell in enumerate(row)]
        return "  ".join(p + c if right else c + p for c, p, right in zip(row, pads, figures, strict=True)).rstrip()

    return "\n".join([line(cells[0]), "─" * (sum(widths) + 2 * (len(widths) - 1)), *(line(row) for row in cells[1:])])
