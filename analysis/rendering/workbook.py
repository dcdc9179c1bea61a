"""What all Excel sheets of the project have in common. Rows are streamed, so a sheet may be as long as Excel allows.

Text of web pages is always written as text. What begins like a formula stays text even after somebody edits the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from pipelines.common.safe_text import is_web_address, starts_formula, storable

MOST_ROWS = 1_048_576  # of a sheet, its header included
MOST_LINKS = 65_530  # of a sheet
_LONGEST_TEXT = 32_767  # UTF-16 units of a cell
_LONGEST_LINK = 2_000

Kind = Literal["text", "long", "link", "day", "month", "instant", "money", "score", "count", "share", "change", "yes"]
_FORMATS: dict[Kind, dict[str, Any]] = {
    "long": {"text_wrap": True},
    "link": {"font_color": "#0563C1", "underline": 1},
    "day": {"num_format": "yyyy-mm-dd", "align": "center"},
    "month": {"num_format": "yyyy-mm", "align": "center"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
    "money": {"num_format": "#,##0.00"},
    "score": {"num_format": "0.00"},
    "count": {"num_format": "#,##0"},
    "share": {"num_format": "0.0"},
    "change": {"num_format": "+#,##0.0;-#,##0.0;0.0"},
    "yes": {"align": "center"},
}
_HEADER = {"bold": True, "bg_color": "#DDE6F0", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
_FONT = {"font_name": "等线", "font_size": 11}  # what Excel takes for Chinese; programs without it choose their own


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the text of its header, its width in characters, what its cells hold."""

    title: str
    width: int
    kind: Kind = "text"


class Book:
    """A workbook that is written to ``path`` when the ``with`` block ends without an error.

    ``made`` goes into its properties. It is the data's own time, not the clock's: two files of the same data are equal
    byte by byte.
    """

    def __init__(self, path: Path, title: str, made: datetime | None) -> None:
        self._drafts = TemporaryDirectory(
            dir=path.parent, prefix=".xlsx-"
        )  # the disk that has room for the file itself
        options = {
            "constant_memory": True,
            "tmpdir": self._drafts.name,
            "use_zip64": True,
            "strings_to_urls": False,
            "default_format_properties": dict(_FONT),
        }
        self.book = xlsxwriter.Workbook(str(path), options)
        self.book.set_properties({"title": title, "created": (made or datetime(1980, 1, 1)).replace(tzinfo=None)})
        self.formats = {kind: self._format(look) for kind, look in _FORMATS.items()}
        self.header = self._format(_HEADER)
        # Excel runs nothing in a cell with this mark, not even after its text was edited.
        self.quoted = self._format({"quote_prefix": True})

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.book.close()
        except FileCreateError as failed:
            raise failed.args[0] from failed  # xlsxwriter wraps the OSError
        finally:
            self._drafts.cleanup()

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
        """Add a sheet with a frozen header and a filter, and return the number of its rows.

        Cells are texts, numbers, booleans, days or instants, according to their column; None is an empty cell. Instants
        are written in their own time zone. Raises ValueError if there are more rows than a sheet takes.
        """
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.title, self.header)
        number = 0
        for number, row in enumerate(rows, 1):
            if number >= MOST_ROWS:
                raise ValueError(f"sheet {name} has more than {MOST_ROWS:,} rows")
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                if value is not None:
                    self._write_cell(sheet, number, place, column.kind, value)
        sheet.autofilter(0, 0, number, len(columns) - 1)
        return number

    def _write_cell(self, sheet: Any, row: int, column: int, kind: Kind, value: Any) -> None:
        look = self.formats.get(kind)
        if isinstance(value, str):
            if kind == "link":
                if sheet.hlink_count < MOST_LINKS and _can_be_link(value):
                    sheet.write_url(row, column, value, look, value)
                    return
                look = None
            text = cell_text(value)
            sheet.write_string(row, column, text, self.quoted if starts_formula(text) else look)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value, look)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), look)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, look)
        else:
            sheet.write_number(row, column, float(value), look)

    def _format(self, look: dict[str, Any]) -> Any:
        return self.book.add_format({**_FONT, **look})


def cell_text(text: str) -> str:
    """Return ``text`` as a cell can hold it: without characters that XML refuses, and no longer than Excel takes."""
    text = storable(text)
    if len(text) <= _LONGEST_TEXT // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_TEXT:
        return text
    return units[: 2 * (_LONGEST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _can_be_link(address: str) -> bool:
    return len(address) <= _LONGEST_LINK and is_web_address(address)
