"""The signs of a PDF page as lines of text. Where a table has no rules, its columns are told apart by the white between them,
and its rows by the white above them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pipelines.pages.pdf_grid import Grid
from pipelines.text.column_roles import role_of

# Two cells are further apart than this many signs of their size; what is justified or spaced out is closer.
_CELL_GAP = 1.7
# What stands for a sign whose font does not say what it means.
_NO_SIGN = re.compile(r"\(cid:\d+\)")
Signs = list[dict[str, Any]]


def cell_text(signs: Signs) -> str:
    """The text of a cell, its broken lines joined; a blank stays only between two Latin words."""
    text = ""
    for line in _by_line(signs):
        piece = _words(line).strip()
        latin = text[-1:].isascii() and text[-1:].isalpha() and piece[:1].isascii() and piece[:1].isalpha()
        text += (" " if latin else "") + piece
    return text


def _by_line(signs: Signs) -> list[Signs]:
    """The signs line by line, each line from left to right."""
    lines: list[Signs] = []
    for sign in sorted(signs, key=lambda s: (s["top"] + s["bottom"]) / 2):
        middle = (sign["top"] + sign["bottom"]) / 2
        if lines:
            before = lines[-1][0]
            if middle - (before["top"] + before["bottom"]) / 2 < 0.5 * max(before["size"], sign["size"]):
                lines[-1].append(sign)
                continue
        lines.append([sign])
    return [_once(sorted(line, key=lambda s: s["x0"])) for line in lines]


def _once(line: Signs) -> Signs:
    """A line without the signs that are printed twice in one place, as some programs make bold."""
    told: Signs = []
    for sign in line:
        if not told or sign["text"] != told[-1]["text"] or sign["x0"] - told[-1]["x0"] > 0.1 * sign["size"]:
            told.append(sign)
    return told


def _words(line: Signs) -> str:
    """The text of one line; a gap in it is a blank."""
    text = ""
    for before, sign in zip([None, *line], line, strict=False):
        blank = not sign["text"].strip() or (before is not None and sign["x0"] - before["x1"] > 0.3 * sign["size"])
        if blank and not text.endswith(" "):
            text += " "
        text += _NO_SIGN.sub("", sign["text"].strip())
    return text


@dataclass(slots=True)
class _Line:
    top: float
    bottom: float
    cells: list[tuple[float, float, str]]  # left, right, text

    @property
    def text(self) -> str:
        return " ".join(text for _, _, text in self.cells)

    @property
    def left(self) -> float:
        return self.cells[0][0]

    @property
    def right(self) -> float:
        return self.cells[-1][1]

    @property
    def height(self) -> float:
        return self.bottom - self.top


def text_lines(signs: Signs) -> list[_Line]:
    told = []
    for line in _by_line(signs):
        cells: list[Signs] = []
        for sign in line:
            if cells and (not sign["text"].strip() or sign["x0"] - _end(cells[-1]) <= _CELL_GAP * sign["size"]):
                cells[-1].append(sign)
            elif sign["text"].strip():
                cells.append([sign])
        if cells:
            tops = [sign["top"] for sign in line]
            placed = [(cell[0]["x0"], _end(cell), _words(cell).strip()) for cell in cells]
            told.append(_Line(min(tops), max(sign["bottom"] for sign in line), placed))
    return told


def _end(cell: Signs) -> float:
    """Where the last sign of a cell ends that is no blank."""
    return float(next(sign["x1"] for sign in reversed(cell) if sign["text"].strip()))


def unruled(lines: list[_Line]) -> list[tuple[float, str | Grid]]:
    """Lines of text, a paragraph's lines joined, and those that form a table without rules as one grid."""
    found: list[tuple[float, str | Grid]] = []
    margins = min((line.left for line in lines), default=0.0), max((line.right for line in lines), default=0.0)
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        grid = _grid(lines[at:end]) if end - at >= 2 else None
        if grid is not None:
            found.append((lines[at].top, grid))
            at = end
            continue
        text, top = lines[at].text, lines[at].top
        while at + 1 < len(lines) and _goes_on(lines[at], lines[at + 1], margins):
            at += 1
            text += lines[at].text
        found.append((top, text))
        at += 1
    return found


# What opens a paragraph, or is one: a number, or the day under a signature.
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}、|\d{1,2}[.、．]|[（(]\d{1,2}[)）]|20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$"
)


def _goes_on(line: _Line, following: _Line, margins: tuple[float, float]) -> bool:
    """Whether a line ends only because the page does: it reaches the right margin, and the next one begins at the left."""
    return (
        margins[1] - margins[0] > 25 * line.height
        and line.right > margins[1] - 1.5 * line.height
        and following.left < margins[0] + 0.5 * line.height
        and following.top - line.bottom < 1.2 * line.height
        and line.text[-1] not in "。；;：:"
        and not _BEGINS.match(following.text)
    )


def _table_end(lines: Sequence[_Line], start: int) -> int:
    """Where the table ends that a line of three or more known heads begins."""
    heads = lines[start].cells
    if len(heads) < 3 or sum(role_of(text) != "other" for _, _, text in heads) < 2:
        return start
    left, right = heads[0][0], heads[-1][1]
    for end in range(start + 1, len(lines)):
        cells = lines[end].cells
        whole = len(cells) == 1 and cells[0][1] - cells[0][0] > 0.5 * (right - left)
        far = lines[end].top - lines[end - 1].bottom > 4 * lines[end].height
        if whole or far:
            return end
    return len(lines)


def _columns(lines: Sequence[_Line]) -> list[tuple[float, float]]:
    """The stretches of the page that hold text, left to right: what no line crosses parts two columns."""
    stretches = sorted((left, right) for line in lines for left, right, _ in line.cells)
    columns: list[tuple[float, float]] = []
    for left, right in stretches:
        if columns and left <= columns[-1][1] + 1:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _grid(lines: Sequence[_Line]) -> Grid | None:
    columns = _columns(lines)
    if len(columns) < 3:
        return None
    starts = [left for left, _ in columns]
    placed = [{bisect_right(starts, left + 1) - 1: text for left, _, text in line.cells} for line in lines]
    gaps = [low.top - high.bottom for high, low in pairwise(lines)]
    if max(gaps) > min(gaps) + 0.4 * lines[0].height:
        limit = (max(gaps) + min(gaps)) / 2
        opens = [True, *(gap > limit for gap in gaps)]
    else:
        # Evenly spaced lines: a row opens where the column opens whose cells never break.
        filled = [sum(at in cells for cells in placed) for at in range(len(columns))]
        anchor = min((at for at in range(len(columns)) if filled[at] > 1), key=lambda at: filled[at], default=0)
        opens = [at == 0 or anchor in cells for at, cells in enumerate(placed)]
    rows: list[list[str | None]] = []
    for opened, cells in zip(opens, placed, strict=True):
        if opened or not rows:
            rows.append([""] * len(columns))
        for at, text in cells.items():
            rows[-1][at] = (rows[-1][at] or "") + text
    return Grid(rows, starts) if len(rows) > 1 else None
