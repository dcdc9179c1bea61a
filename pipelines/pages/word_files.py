"""Word files (.docx) as lines: a paragraph is a line, a row of a table is a line with a tab between its cells."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipelines.pages.pdf_grid import Grid
from pipelines.pages.unread_files import UnreadFileError

if TYPE_CHECKING:
    from docx.oxml.table import CT_Tbl

_MOST_BLOCKS = 20_000
# Around text boxes Word writes the same text twice: for itself, and as a fallback for older programs.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def docx_lines(content: bytes) -> list[str]:
    """Return the lines of a Word file in the order of the document. Raises UnreadFileError.

    The file must have passed ``check_zip``.
    """
    import docx  # slow to import, and few notices have such files

    try:
        body = docx.Document(io.BytesIO(content)).element.body
        return list(_lines(body))
    except (KeyError, ValueError, AttributeError, SyntaxError, OSError, RecursionError):
        raise UnreadFileError("damaged") from None


def _lines(container: Any) -> Iterator[str]:
    for count, block in enumerate(_blocks(container)):
        if count >= _MOST_BLOCKS:
            return
        if block.tag.endswith("}p"):
            yield from _text(block).split("\n")
        elif _is_frame(block):
            for cell in block.tr_lst[0].tc_lst:
                yield from _lines(cell)
        else:
            yield from _table_lines(block)


def _blocks(container: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables of a body or a cell, also those in content controls."""
    waiting = [iter(container)]
    while waiting:
        block = next(waiting[-1], None)
        if block is None:
            waiting.pop()
        elif block.tag.endswith(("}p", "}tbl")):
            yield block
        elif block.tag.endswith(("}sdt", "}sdtContent", "}ins", "}customXml")):
            waiting.append(iter(block))


def _is_frame(table: CT_Tbl) -> bool:
    """Return whether a table is only a frame around text: it has one cell."""
    return len(table.tr_lst) == 1 and len(table.tr_lst[0].tc_lst) == 1


def _table_lines(table: CT_Tbl) -> list[str]:
    rows: list[list[str | None]] = []
    for row in table.tr_lst:
        cells: list[str | None] = [""] * row.grid_before
        for cell in row.tc_lst:
            cells.append(None if cell.vMerge == "continue" else _cell_text(cell))
            cells.extend([""] * (cell.grid_span - 1))
        rows.append(cells)
    width = max(map(len, rows), default=0)
    if not width:
        return []
    return Grid([row + [""] * (width - len(row)) for row in rows]).lines()


def _cell_text(cell: Any) -> str:
    """Return the text of a cell on one line, with that of the tables inside it."""
    return " ".join(text for text in (_text(block, "").strip() for block in _blocks(cell)) if text)


def _text(element: Any, line_end: str = "\n") -> str:
    """Return the text of an element. What a reader has deleted under tracked changes is not in it."""
    parts = []
    skipped: Any = None
    for node in element.iter():
        if skipped is not None and skipped in node.iterancestors():
            continue
        skipped = None
        name = str(node.tag).rpartition("}")[2]
        if node.tag == _FALLBACK:
            skipped = node
        elif name == "t":
            parts.append(node.text or "")
        elif name == "tab" and str(node.getparent().tag).endswith("}r"):
            parts.append(" ")
        elif name in ("br", "cr"):
            parts.append(line_end)
        elif name == "p" and node is not element:
            parts.append(" ")
    return "".join(parts)
