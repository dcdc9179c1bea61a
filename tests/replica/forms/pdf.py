"""Draws a notice as PDF: ruled tables in which long names break over lines, or unruled text, one cell per line."""

from __future__ import annotations

import io
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from tests.replica.forms.company import Block, Table

FONT = "STSong-Light"
_WIDTHS = {
    "标包名称": 34,
    "排序": 36,
    "中标候选人名称": 84,
    "候选人名称": 84,
    "工期(天)": 64,
    "其他情况": 56,
    "拟中标份额": 46,
    "包段": 60,
    "产品单位": 60,
    "需求数量": 60,
}
_NARROW = 9  # characters per line of an unruled cell


@cache
def _style(size: int) -> ParagraphStyle:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return ParagraphStyle(f"body{size}", fontName=FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK")


def _grid(table: Table) -> Grid:
    heads = table.rows[0]
    total = 480
    fixed_width = sum(_WIDTHS.get(head or "", 0) for head in heads)
    free_columns = sum(head not in _WIDTHS for head in heads)
    widths = [_WIDTHS.get(head or "", (total - fixed_width) / max(free_columns, 1)) for head in heads]
    rows = [[Paragraph(escape(cell), _style(9)) if cell is not None else "" for cell in row] for row in table.rows]
    spans = []
    for column in range(len(heads)):
        for start in range(1, len(table.rows)):
            if table.rows[start][column] is None:
                continue
            end = start
            while end + 1 < len(table.rows) and table.rows[end + 1][column] is None:
                end += 1
            if end > start:
                spans.append(("SPAN", (column, start), (column, end)))
    lines = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans]
    return Grid(rows, colWidths=widths, style=TableStyle(lines))


def _stacked(table: Table) -> list[Flowable]:
    """Return each cell on lines of its own, as text extraction gives it."""
    out: list[Flowable] = []
    for row in table.rows:
        for cell in row:
            text = cell or ""
            width = len(text) if text.isascii() else _NARROW  # words break at the end of the cell, figures do not
            out += [Paragraph(escape(text[i : i + width]), _style(9)) for i in range(0, len(text), max(width, 1))]
    return out


def draw(written: list[Block], *, ruled: bool = True) -> bytes:
    """Return the PDF file, the same bytes each time."""
    flow: list[Flowable] = []
    for block in written:
        if isinstance(block, str):
            flow.append(Paragraph(escape(block), _style(11)))
        else:
            flow += [Spacer(1, 6), _grid(block), Spacer(1, 6)] if ruled else _stacked(block)
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1, leftMargin=56, rightMargin=56).build(flow)
    return out.getvalue()
