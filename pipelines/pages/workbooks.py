"""The worksheets of an Excel workbook as rows of text. Rows have no meaning here."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipelines.common.safe_text import first_line
from pipelines.common.time_limit import TooSlowError

# <c r="B7">, <x:c s="0" r='B7'>, <row r="7">
_CELL = re.compile(rb"<(?:[A-Za-z]{1,9}:)?(?:c|row)\b[^<>]{0,200}?\br=[\"']([A-Z]{0,3})([0-9]{1,7})[\"']")
_LONGEST_TAG = 300
_LONGEST_REASON = 120
_CHUNK_BYTES = 1024 * 1024
# From row and column to row and column, both included, counted from 0.
MergedCells = tuple[tuple[int, int], tuple[int, int]]


class UnreadableSheetError(ValueError):
    """The file is not a table. The message says why."""


class OversizedSheetError(UnreadableSheetError):
    """The workbook would not fit into memory. The message says what to do."""


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """How large a workbook may be: the bytes it unpacks to, and the cells of one worksheet.

    The library keeps a worksheet as a rectangle, 32 bytes per cell: one stray cell in the last corner needs 0.5 TB.
    """

    most_bytes: int = 2 * 1024**3
    most_cells: int = 10_000_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a worksheet: its number, counted from 1, and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One worksheet. ``rows`` can be walked once. ``merged`` are the merged cells, which only .xlsx files report.

    The first cell of each row is in column ``first_column``, counted from 0. ``is_hidden``: readers do not see it.
    """

    name: str
    rows: Iterator[SheetRow]
    merged: tuple[MergedCells, ...] = ()
    first_column: int = 0
    is_hidden: bool = False


def worksheets(file: Path | IO[bytes], limits: WorkbookLimits | None = None) -> Iterator[Worksheet]:
    """Yield the worksheets of a workbook (.xlsx, or .xls in an open file), in their order.

    Raises UnreadableSheetError.
    """
    is_zipped = isinstance(file, Path) or zipfile.is_zipfile(file)
    if is_zipped:
        _check_size(file, limits or WorkbookLimits())
    if not isinstance(file, Path):
        file.seek(0)
    try:
        with CalamineWorkbook.from_object(file) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    worksheet = workbook.get_sheet_by_name(sheet.name)
                    first_row, first_column = worksheet.start or (0, 0)
                    yield Worksheet(
                        sheet.name,
                        (
                            SheetRow(first_row + number, [_text(cell) for cell in cells])
                            for number, cells in enumerate(worksheet.iter_rows(), 1)
                        ),
                        tuple(worksheet.merged_cell_ranges or ()),
                        first_column,
                        sheet.visible != SheetVisibleEnum.Visible,
                    )
    except (KeyboardInterrupt, SystemExit, GeneratorExit, TooSlowError):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the library is no Exception
        raise UnreadableSheetError(
            f"it is no workbook of Excel, or damaged ({first_line(error)[:_LONGEST_REASON]})"
        ) from None


def _check_size(file: Path | IO[bytes], limits: WorkbookLimits) -> None:
    """Raise UnreadableSheetError for a workbook that would not fit into memory."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in archive.infolist()) > limits.most_bytes:
                raise OversizedSheetError(f"it unpacks to more than {_bytes_text(limits.most_bytes)}: save it as CSV")
            # A worksheet may have any name in the workbook: only its cells tell it.
            for member in members:
                width = height = 1
                with archive.open(member) as xml:
                    rest = b""
                    while chunk := xml.read(_CHUNK_BYTES):
                        for column, row in _CELL.findall(rest + chunk):
                            width, height = max(width, _column_number(column)), max(height, int(row))
                        rest = chunk[-_LONGEST_TAG:]
                if width * height > limits.most_cells:
                    raise OversizedSheetError(
                        f"its cells reach to row {height:,} and column {width:,}: "
                        "delete the stray ones, or save it as CSV"
                    )
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableSheetError(
            f"it is no workbook of Excel, or damaged ({first_line(error)[:_LONGEST_REASON]})"
        ) from None


def _bytes_text(size: int) -> str:
    return f"{size // 1024**3} GB" if size >= 1024**3 else f"{size // 1024**2} MB"


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _text(cell: object) -> str:
    """Return a cell as the text that a CSV file would contain."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell)


def _damaged(error: BaseException) -> UnreadableSheetError:
    return UnreadableSheetError(f"it is no workbook of Excel, or damaged ({first_line(error)[:_LONGEST_REASON]})")
