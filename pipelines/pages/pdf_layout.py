"""One page of a PDF as blocks from top to bottom: lines of text, and tables as grids of cells."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from pipelines.pages.pdf_grid import Grid
from pipelines.pages.pdf_lines import Characters, cell_text, lines_of, unruled_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdfplumber.page import Page

# More lines are a drawing, not a table. Looking for cells among them would take minutes.
_MOST_RULES = 4_000
_MOST_CROSSINGS = 1_000_000
_MOST_CHARACTERS = 30_000
_NEAR = 3  # points between rules that are meant to meet
Box = tuple[float, float, float, float]  # left, top, right, bottom, in points


def blocks(page: Page) -> list[str | Grid]:
    """Return the blocks of one page from top to bottom."""
    characters: Characters = [character for character in page.chars if character.get("upright", True)][
        :_MOST_CHARACTERS
    ]
    placed: list[tuple[float, str | Grid]] = []
    if len(page.rects) + len(page.lines) + len(page.curves) <= _MOST_RULES:
        open_ends = _open_ends(page.edges)
        for table in page.find_tables({"explicit_horizontal_lines": open_ends}):
            if all(len(row.cells) < 2 for row in table.rows):
                continue  # a frame around text
            inside, characters = _divide(characters, table.bbox)
            placed.append((table.bbox[1], _ruled(table, inside, [rule["top"] for rule in open_ends])))
    placed.extend(unruled_blocks(lines_of(characters)))
    return [block for _, block in sorted(placed, key=lambda pair: pair[0])]


def _open_ends(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the missing rules of rows that are broken by the page.

    There the upright rules of a table end, and no level rule closes them.
    """
    level = [edge for edge in edges if edge["orientation"] == "h"]
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    if len(level) * len(upright) > _MOST_CROSSINGS:
        return []
    crossed = {round(edge["x0"]) for edge in upright if any(_cross(rule, edge) for rule in level)}
    ends: dict[int, list[float]] = {}
    for edge in upright:
        if round(edge["x0"]) in crossed:
            for end in (edge["top"], edge["bottom"]):
                ends.setdefault(round(end), []).append(edge["x0"])
    missing = []
    for y, lefts in ends.items():
        left, right = min(lefts), max(lefts)
        drawn = any(abs(rule["top"] - y) <= _NEAR and rule["x0"] < right and rule["x1"] > left for rule in level)
        if right > left and not drawn:
            rule = {"x0": left, "x1": right, "top": float(y), "bottom": float(y), "width": right - left, "height": 0}
            missing.append(rule | {"object_type": "line", "orientation": "h"})
    return missing


def _cross(rule: dict[str, Any], upright: dict[str, Any]) -> bool:
    """Return whether a level rule and an upright one meet, at an end or in between."""
    inside = rule["x0"] - _NEAR <= upright["x0"] <= rule["x1"] + _NEAR
    return bool(inside and upright["top"] - _NEAR <= rule["top"] <= upright["bottom"] + _NEAR)


def _divide(characters: Characters, box: Box) -> tuple[Characters, Characters]:
    left, top, right, bottom = box
    inside: Characters = []
    outside: Characters = []
    for character in characters:
        x, y = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
        (inside if left <= x <= right and top <= y <= bottom else outside).append(character)
    return inside, outside


def _ruled(table: Any, characters: Characters, open_ends: Sequence[float]) -> Grid:
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
    characters_of: dict[tuple[int, int], Characters] = {}
    for character in characters:
        box = shelves.box_of(character)
        if box is not None:
            characters_of.setdefault(places[box[0], box[1]], []).append(character)
    for (number, at), own in characters_of.items():
        rows[number][at] = cell_text(own)
    torn = []
    for row in table.rows:
        _, top, _, bottom = row.bbox
        torn.append((any(abs(end - top) < 1 for end in open_ends), any(abs(end - bottom) < 1 for end in open_ends)))
    filled = [at for at, cells in enumerate(rows) if any(cells)]
    return Grid([rows[at] for at in filled], edges, [torn[at] for at in filled])


class _Shelves:
    """The boxes of a table's cells by their upper edge, to find the one around a character."""

    def __init__(self, boxes: list[Box]) -> None:
        by_top: dict[float, list[Box]] = {}
        for box in boxes:
            by_top.setdefault(box[1], []).append(box)
        self.tops = sorted(by_top)
        self.boxes = [by_top[top] for top in self.tops]
        # How far down the cells reach that begin at an edge or above it.
        self.reach = list(accumulate((max(box[3] for box in shelf) for shelf in self.boxes), max))

    def box_of(self, character: dict[str, Any]) -> Box | None:
        """Return the cell around the middle of a character. A cell that spans several rows begins above."""
        x, y = (character["x0"] + character["x1"]) / 2, (character["top"] + character["bottom"]) / 2
        at = bisect_right(self.tops, y) - 1
        while at >= 0 and self.reach[at] >= y:
            for box in self.boxes[at]:
                if box[0] <= x <= box[2] and y <= box[3]:
                    return box
            at -= 1
        return None
