"""The cells of an HTML table as lines: one line per row, with tabs between its cells.

A cell that spans rows is repeated in each. A price is not: it is written once, and the rows below it have
``SAME_PRICE``, for it is one price for all of them. A cell that spans columns is followed by empty cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml import etree

from pipelines.text.characters import squeeze
from pipelines.text.column_roles import SAME_PRICE, role_of

_MAX_SPAN = 60
_PRICE = re.compile(r"\d|[壹贰叁肆伍陆柒捌玖]")
_SPAN = re.compile(r"\s*(\d{1,3})")
# A table in a cell that is part of the cell's text, such as 含税 | 1060000, 税率 | 6% below 中标金额.
_MOST_INNER_ROWS = 6
_MOST_INNER_COLUMNS = 4
_LONGEST_INNER_TEXT = 300
# A row with so many cells belongs to a table of data. With fewer, a table in one of them is there for the layout.
_FEWEST_CELLS_OF_DATA = 3


@dataclass(frozen=True, slots=True)
class InnerTable:
    """A table in a cell: as lines of its own, and as part of the cell's text. ``words`` is None for a large table."""

    lines: str
    words: str | None


@dataclass(slots=True)
class Cell:
    """One cell, and over how many rows and columns it spans. ``parts`` is what is in it, tables included."""

    rows: int = 1
    columns: int = 1
    parts: list[str | InnerTable] = field(default_factory=list)
    inner_tables: list[InnerTable] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """The rows of one table, as they are read. ``needs_cell`` is true for a table that is in a row but in no cell."""

    needs_cell: bool = False
    rows: list[list[Cell]] = field(default_factory=list)

    def add_row(self) -> None:
        """Begin a row."""
        self.rows.append([])

    def add_cell(self, node: etree._Element | None = None) -> Cell:
        """Add the cell of this element to the last row. Without an element: a cell whose tag the page left out."""
        if not self.rows:
            self.add_row()
        cell = Cell() if node is None else Cell(_span(node, "rowspan", zero=_MAX_SPAN), _span(node, "colspan", zero=1))
        self.rows[-1].append(cell)
        return cell

    def add_inner_table(self, table: Table, parts: list[str | InnerTable]) -> None:
        """Add a table that is in the last cell, whose text is ``parts``."""
        inner = InnerTable(render(table), _words(table))
        parts.append(inner)
        if self.rows and self.rows[-1]:
            self.rows[-1][-1].inner_tables.append(inner)


def lines_of(parts: Iterable[str | InnerTable]) -> str:
    """Return the text of these parts, with each inner table on lines of its own."""
    return "".join(part if isinstance(part, str) else f"{part.lines}\n" for part in parts)


def render(table: Table) -> str:
    """Return the lines of a table.

    A row of one cell, or with a large table in it, is there for the layout and holds no data: its cells become lines.
    """
    # Cells that span rows, by column: how many more rows they reach, and their text.
    spanning: dict[int, tuple[int, str]] = {}
    rows: list[list[str]] = []
    lines: list[str] = []
    for row in table.rows:
        if (len(row) == 1 and not spanning) or any(cell.inner_tables for cell in row if not _is_data(cell, row)):
            lines.extend(text for cell in row if (text := lines_of(cell.parts)).strip())
            continue
        cells: list[str] = []
        for cell in row:
            _add_spanning_cells(cells, spanning)
            text = _text(cell)
            if cell.rows > 1:
                is_price = bool(_PRICE.search(text)) and _is_below_price_head(rows, len(cells))
                spanning[len(cells)] = (cell.rows - 1, SAME_PRICE if is_price else text)
                for column in range(len(cells) + 1, len(cells) + cell.columns):
                    spanning[column] = (cell.rows - 1, "")
            cells.append(text)
            cells.extend("" for _ in range(cell.columns - 1))
        _add_spanning_cells(cells, spanning)
        rows.append(cells)
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _span(node: etree._Element, name: str, *, zero: int) -> int:
    """Return over how many rows or columns a cell spans. ``zero`` is what 0 means: to the end of the table."""
    value = node.get(name)
    digits = _SPAN.match(value) if value else None
    return min(int(digits.group(1)) or zero, _MAX_SPAN) if digits else 1


def _is_below_price_head(rows: Sequence[Sequence[str]], column: int) -> bool:
    return any(role_of(row[column]) == "amount" for row in rows if len(row) > column)


def _is_data(cell: Cell, row: Sequence[Cell]) -> bool:
    if any(inner.words is None for inner in cell.inner_tables):
        return False
    return len(row) >= _FEWEST_CELLS_OF_DATA or role_of(_text(row[0])) in ("supplier", "amount", "rate")


def _text(cell: Cell) -> str:
    """Return the text of a cell on one line, its inner tables included."""
    return squeeze("".join(part if isinstance(part, str) else f" {part.words or ''} " for part in cell.parts))


def _words(table: Table) -> str | None:
    """Return a small table as labels and values: 含税：1060000；税率：6%. None if it is a large one."""
    rows = [[_text(cell) for cell in row] for row in table.rows if row]
    if (
        len(rows) > _MOST_INNER_ROWS
        or any(len(row) > _MOST_INNER_COLUMNS for row in rows)
        or sum(len(text) for row in rows for text in row) > _LONGEST_INNER_TEXT
        or any(cell.inner_tables for row in table.rows for cell in row)
    ):
        return None
    if len(rows) == 2 and len(rows[0]) == len(rows[1]) > 1 and not any(map(_has_digit, rows[0])):
        rows = [list(pair) for pair in zip(*rows, strict=True)] if any(map(_has_digit, rows[1])) else rows
    return "；".join(text for row in rows if (text := "：".join(filter(None, (cell.strip(":： ") for cell in row)))))


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _add_spanning_cells(cells: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Append the cells that reach down from a row above."""
    while len(cells) in spanning:
        rows_left, text = spanning.pop(len(cells))
        if rows_left > 1:
            spanning[len(cells)] = (rows_left - 1, text)
        cells.append(text)
