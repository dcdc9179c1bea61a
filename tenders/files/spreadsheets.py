"""Tables in files as rows of text: CSV as programs in China write it, and workbooks. Rows have no meaning here."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from pipelines.pages.workbooks import UnreadableSheetError, worksheets
from tenders.archive.streams import LONGEST_LINE, open_stream

__all__ = ["SUFFIXES", "Row", "UnreadableSheetError", "is_sheet", "tables"]

SUFFIXES = (".csv", ".csv.gz", ".tsv", ".xlsx")

# Number from 1 of the line, or of the row of a worksheet, and its cells, or why they cannot be read.
Row = tuple[int, list[str] | str]

_SEPARATORS = (",", ";", "\t")
_OLD_EXCEL = ".xls"
# The first bytes of the old format, and of a workbook with a password.
_OLD_MAGIC = b"\xd0\xcf\x11\xe0"
# Most lines of one row: its cells may contain line breaks.
_LONGEST_ROW = 200


def is_sheet(path: Path) -> bool:
    """Return whether the file's name says that it is a table."""
    return path.name.lower().endswith((*SUFFIXES, _OLD_EXCEL))


def tables(path: Path) -> Iterator[Iterator[Row]]:
    """Yield the possible tables of a file: each worksheet, or the lines of a text file split at each usual separator.

    Raises UnreadableSheetError.
    """
    name = path.name.lower()
    if name.endswith((_OLD_EXCEL, ".xlsx")):
        with path.open("rb") as file:
            if file.read(4) == _OLD_MAGIC:
                problem = "it is in the old format of Excel, or has a password"
                raise UnreadableSheetError(f"{problem}: save it as .xlsx without one, or as CSV")
        yield from _worksheets(path)
    else:
        encoding = _encoding(path)
        for separator in _SEPARATORS:
            yield _lines(path, encoding, separator)


def _lines(path: Path, encoding: str, separator: str) -> Iterator[Row]:
    """Yield rows, read strictly. A misplaced quotation mark costs only its own line: the next lines are read again."""
    csv.field_size_limit(LONGEST_LINE)
    reader, stream = open_stream(path)
    with io.TextIOWrapper(reader, encoding=encoding, errors="replace", newline="") as text:
        waiting: deque[str] = deque()
        held: list[str] = []

        def feed() -> Iterator[str]:
            while line := waiting.popleft() if waiting else text.readline():
                held.append(line)
                if len(held) > _LONGEST_ROW:
                    raise csv.Error("it is never closed")
                yield line

        number = 1
        last: Row | None = None
        rows = csv.reader(feed(), delimiter=separator, strict=True)
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                row: Row = (number, f"a quotation mark is out of place ({error})")
                waiting.extendleft(reversed(held[1:]))
                del held[1:]
                rows = csv.reader(feed(), delimiter=separator, strict=True)
            else:
                lost = any("\ufffd" in cell for cell in cells)
                row = (
                    number,
                    f"it holds bytes that are not {encoding.removesuffix('-sig').upper()}" if lost else cells,
                )
            number += len(held)
            held.clear()
            if last:
                yield last
            last = row
        # If the file is truncated, its last row is incomplete.
        if stream.damage:
            yield number - 1, f"{stream.damage} after line {number - 1}"
        elif last:
            yield last


def _encoding(path: Path) -> str:
    """Return UTF-8, GB18030 (in which Excel in China saves CSV) or UTF-16, if marked. Damaged UTF-8 is still UTF-8."""
    reader, _ = open_stream(path)
    with reader:
        if reader.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        lost = beyond_ascii = 0
        while chunk := reader.read(1024 * 1024):
            text = decoder.decode(chunk)
            lost += text.count("\ufffd")
            beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return "gb18030" if 2 * lost > beyond_ascii else "utf-8-sig"


def _worksheets(path: Path) -> Iterator[Iterator[Row]]:
    for sheet in worksheets(path):
        yield ((row.number, row.cells) for row in sheet.rows)
