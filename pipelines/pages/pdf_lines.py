"""The characters of a PDF page as lines of text, and tables without ruled lines.

Columns of such a table are separated by the white space between them, its rows by the white space above them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pipelines.lexicon import forms
from pipelines.pages.pdf_grid import Grid
from pipelines.text.column_roles import role_of

# Two cells are further apart than this many characters of their size. Justified or spaced text is closer.
_CELL_GAP = 1.7
# How a character is written whose font does not say what it means: (cid:123)
_UNKNOWN_CHARACTER = re.compile(r"\(cid:\d+\)")
Characters = list[dict[str, Any]]


def cell_text(characters: Characters) -> str:
    """Return the text of a cell with its broken lines joined. A blank stays only between two Latin words."""
    text = ""
    for line in _by_line(characters):
        piece = _words(line).strip()
        latin = text[-1:].isascii() and text[-1:].isalpha() and piece[:1].isascii() and piece[:1].isalpha()
        text += (" " if latin else "") + piece
    return text


def _by_line(characters: Characters) -> list[Characters]:
    """Return the characters line by line, each line from left to right."""
    lines: list[Characters] = []
    for character in sorted(characters, key=lambda s: (s["top"] + s["bottom"]) / 2):
        middle = (character["top"] + character["bottom"]) / 2
        if lines:
            before = lines[-1][0]
            if middle - (before["top"] + before["bottom"]) / 2 < 0.5 * max(before["size"], character["size"]):
                lines[-1].append(character)
                continue
        lines.append([character])
    return [_without_doubles(sorted(line, key=lambda s: s["x0"])) for line in lines]


def _without_doubles(line: Characters) -> Characters:
    """Return a line without characters printed twice in one place, as some programs make bold."""
    single: Characters = []
    for character in line:
        if (
            not single
            or character["text"] != single[-1]["text"]
            or character["x0"] - single[-1]["x0"] > 0.1 * character["size"]
        ):
            single.append(character)
    return single


def _words(line: Characters) -> str:
    """Return the text of one line, with a blank for each gap."""
    text = ""
    for before, character in zip([None, *line], line, strict=False):
        blank = not character["text"].strip() or (
            before is not None and character["x0"] - before["x1"] > 0.3 * character["size"]
        )
        if blank and not text.endswith(" "):
            text += " "
        text += _UNKNOWN_CHARACTER.sub("", character["text"].strip())
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


def lines_of(characters: Characters) -> list[_Line]:
    """Return the lines of text, each divided into cells at wide gaps."""
    text_lines = []
    for line in _by_line(characters):
        cells: list[Characters] = []
        for character in line:
            if cells and (
                not character["text"].strip() or character["x0"] - _end(cells[-1]) <= _CELL_GAP * character["size"]
            ):
                cells[-1].append(character)
            elif character["text"].strip():
                cells.append([character])
        if cells:
            tops = [character["top"] for character in line]
            placed = [(cell[0]["x0"], _end(cell), _words(cell).strip()) for cell in cells]
            text_lines.append(_Line(min(tops), max(character["bottom"] for character in line), placed))
    return text_lines


def _end(cell: Characters) -> float:
    """Return where the last character of a cell ends that is not blank."""
    return float(next(character["x1"] for character in reversed(cell) if character["text"].strip()))


def unruled_blocks(lines: list[_Line]) -> list[tuple[float, str | Grid]]:
    """Return (top, block) for each paragraph, its lines joined, and for each table without ruled lines, as one grid."""
    blocks: list[tuple[float, str | Grid]] = []
    margins = min((line.left for line in lines), default=0.0), max((line.right for line in lines), default=0.0)
    at = 0
    while at < len(lines):
        end = _table_end(lines, at)
        grid = _grid(lines[at:end]) if end - at >= 2 else None
        if grid is not None:
            blocks.append((lines[at].top, grid))
            at = end
            continue
        text, top = lines[at].text, lines[at].top
        while at + 1 < len(lines) and _continues(lines[at], lines[at + 1], margins):
            at += 1
            text += lines[at].text
        blocks.append((top, text))
        at += 1
    return blocks


# What begins a paragraph
_BEGINS = re.compile(
    r"[一二三四五六七八九十]{1,3}、|\d{1,2}[.、．]|[（(][\d一二三四五六七八九十]{1,2}[)）]"  # 一、 1. （2） （三）
    r"|20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$"  # the day under a signature, 2026年8月5日
    rf"|{forms.pattern('buyer_label', 'agency_label', 'project_number_label', 'project_name_label')}\s*[:：]"
    rf"|{forms.pattern('winner_label', 'supplier_label', 'price_label')}\s*[:：]"  # 采购人：, 中标人：
    rf"|{forms.pattern('heading_alone')}\s*$"  # 中标结果
)


def _continues(line: _Line, following: _Line, margins: tuple[float, float]) -> bool:
    """Return whether a line is only wrapped: it reaches the right margin, and the next one begins at the left."""
    return (
        margins[1] - margins[0] > 25 * line.height
        and abs(line.height - following.height) < 0.15 * line.height  # a title is larger than what is below it
        and line.right > margins[1] - 1.5 * line.height
        and following.left < margins[0] + 0.5 * line.height
        and following.top - line.bottom < 1.2 * line.height
        and line.text[-1] not in "。；;：:"
        and not _BEGINS.match(following.text)
    )


def _table_end(lines: Sequence[_Line], start: int) -> int:
    """Return where the table ends that begins with a line of three or more known column heads."""
    heads = lines[start].cells
    if len(heads) < 3 or sum(role_of(text) != "other" for _, _, text in heads) < 2:
        return start
    left, right = heads[0][0], heads[-1][1]
    for end in range(start + 1, len(lines)):
        cells = lines[end].cells
        is_sentence = len(cells) == 1 and cells[0][1] - cells[0][0] > 0.5 * (right - left)
        is_far = lines[end].top - lines[end - 1].bottom > 4 * lines[end].height
        if is_sentence or is_far:
            return end
    return len(lines)


def _columns(lines: Sequence[_Line]) -> list[tuple[float, float]]:
    """Return the ranges of the page with text, left to right: two columns are separated where no line crosses."""
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
        # Evenly spaced lines: a row begins in the column whose cells are never broken.
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
