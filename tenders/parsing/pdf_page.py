"""One page of a PDF as blocks from top to bottom: lines of text, and tables as grids of cells."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from tenders.parsing.pdf_grid import Grid
from tenders.parsing.pdf_lines import Signs, cell_text, text_lines, unruled

if TYPE_CHECKING:
    from pdfplumber.page import Page

# A drawing, not a table: looking for cells among so many lines takes minutes.
_MOST_RULES = 4_000
_MOST_SIGNS = 30_000
Box = tuple[float, float, float, float]  # left, top, right, bottom, in points


def blocks(page: Page) -> list[str | Grid]:
    """The blocks of one page from top to bottom."""
    signs: Signs = [sign for sign in page.chars if sign.get("upright", True)][:_MOST_SIGNS]
    found: list[tuple[float, str | Grid]] = []
    if len(page.rects) + len(page.lines) + len(page.curves) <= _MOST_RULES:
        for table in page.find_tables():
            if all(len(row.cells) < 2 for row in table.rows):
                continue  # a frame around text
            inside, signs = _parted(signs, table.bbox)
            found.append((table.bbox[1], _ruled(table, inside)))
    found.extend(unruled(text_lines(signs)))
    return [block for _, block in sorted(found, key=lambda pair: pair[0])]


def _parted(signs: Signs, box: Box) -> tuple[Signs, Signs]:
    left, top, right, bottom = box
    inside: Signs = []
    outside: Signs = []
    for sign in signs:
        x, y = (sign["x0"] + sign["x1"]) / 2, (sign["top"] + sign["bottom"]) / 2
        (inside if left <= x <= right and top <= y <= bottom else outside).append(sign)
    return inside, outside


def _ruled(table: Any, signs: Signs) -> Grid:
    boxes = [list(row.cells) for row in table.rows]
    edges = sorted({round(cell[0], 1) for row in boxes for cell in row if cell})
    rows: list[list[str | None]] = []
    places: dict[tuple[float, float], tuple[int, int]] = {}
    deep: list[float] = []  # how far down the cell above reaches, column by column
    for number, row in enumerate(boxes):
        top = table.rows[number].bbox[1]
        cells: list[str | None] = []
        for at, cell in enumerate(row):
            while len(deep) <= at:
                deep.append(0.0)
            if cell is None:
                # A cell that is not drawn here belongs to the one above, or to the one on its left.
                cells.append(None if deep[at] > top + 2 else "")
                continue
            deep[at] = cell[3]
            places[cell[0], cell[1]] = (number, at)
            cells.append("")
        rows.append(cells)
    shelves = _Shelves([cell for row in boxes for cell in row if cell])
    held: dict[tuple[int, int], Signs] = {}
    for sign in signs:
        box = shelves.box_of(sign)
        if box is not None:
            held.setdefault(places[box[0], box[1]], []).append(sign)
    for (number, at), own in held.items():
        rows[number][at] = cell_text(own)
    return Grid([row for row in rows if any(row)], edges)


class _Shelves:
    """The boxes of a table's cells by their upper edge, for finding the one around a sign."""

    def __init__(self, boxes: list[Box]) -> None:
        by_top: dict[float, list[Box]] = {}
        for box in boxes:
            by_top.setdefault(box[1], []).append(box)
        self.tops = sorted(by_top)
        self.boxes = [by_top[top] for top in self.tops]
        # How far down the cells reach that begin at an edge or above it.
        self.reach = list(accumulate((max(box[3] for box in shelf) for shelf in self.boxes), max))

    def box_of(self, sign: dict[str, Any]) -> Box | None:
        """The cell whose box holds the middle of a sign; one that reaches over several rows begins above."""
        x, y = (sign["x0"] + sign["x1"]) / 2, (sign["top"] + sign["bottom"]) / 2
        at = bisect_right(self.tops, y) - 1
        while at >= 0 and self.reach[at] >= y:
            for box in self.boxes[at]:
                if box[0] <= x <= box[2] and y <= box[3]:
                    return box
            at -= 1
        return None
