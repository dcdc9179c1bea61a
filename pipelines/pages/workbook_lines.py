"""Workbooks that are attached to a notice, as lines: a row is a line with a tab between its cells."""

from __future__ import annotations

import io

from pipelines.pages.pdf_grid import Grid
from pipelines.pages.unread_files import UnreadFileError
from pipelines.pages.workbooks import (
    OversizedSheetError,
    UnreadableSheetError,
    WorkbookLimits,
    Worksheet,
    worksheets,
)
from pipelines.pages.zip_files import MOST_UNPACKED_BYTES
from pipelines.text.characters import squeeze

_LIMITS = WorkbookLimits(most_bytes=MOST_UNPACKED_BYTES, most_cells=1_000_000)
_MOST_SHEETS = 20
_MOST_ROWS = 5_000


def workbook_lines(content: bytes) -> list[str]:
    """Return the lines of all worksheets that a reader sees, each sheet after its name. Raises UnreadFileError."""
    lines: list[str] = []
    try:
        for number, sheet in enumerate(worksheets(io.BytesIO(content), _LIMITS)):
            if number >= _MOST_SHEETS:
                break
            if not sheet.is_hidden:
                lines += _sheet_lines(sheet)
    except OversizedSheetError:
        raise UnreadFileError("bomb") from None
    except UnreadableSheetError as error:
        raise UnreadFileError("encrypted" if "assword" in str(error) else "damaged") from None
    return lines


def _sheet_lines(sheet: Worksheet) -> list[str]:
    rows = _rows(sheet)
    used = [at for at in range(max(map(len, rows), default=0)) if any(row[at] for row in rows)]
    rows = [[row[at] for at in used] for row in rows]
    rows = [row for row in rows if any(row) or None in row]
    head = next((at for at, row in enumerate(rows) if sum(map(bool, row)) > 1), len(rows))
    titles = [cell for row in rows[:head] for cell in row if cell]
    table = Grid(rows[head:]).lines() if rows[head:] else []
    # A row with one cell is a title inside the table.
    return [*titles, *(line if line.strip("\t").count("\t") else line.strip("\t") for line in table)]


def _rows(sheet: Worksheet) -> list[list[str | None]]:
    """Return the rows that begin at the sheet's first one. ``None`` is a cell that continues the one above."""
    rows: list[list[str | None]] = []
    numbers: dict[int, int] = {}
    for row in sheet.rows:
        if len(rows) >= _MOST_ROWS:
            break
        numbers[row.number - 1] = len(rows)
        rows.append([squeeze(cell) for cell in row.cells])
    for (top, left), (bottom, right) in sheet.merged:
        for number in range(top + 1, min(bottom, top + _MOST_ROWS) + 1):
            at = numbers.get(number)
            column = left - sheet.first_column
            if at is not None and 0 <= column < len(rows[at]) and right == left:
                rows[at][column] = None
    return rows
