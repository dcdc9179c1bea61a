"""Draws State Grid's files as PDF: long tables in narrow cells, where codes and names break over lines."""

from __future__ import annotations

import io
from functools import cache
from random import Random
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from tests.replica.forms.company import Table
from tests.replica.forms.grids import Paper

FONT = "STSong-Light"
_WIDTHS = {
    "分标编号": 70,
    "包号": 32,
    "排序": 40,
    "投标价格（万元）": 70,
}  # points; the other columns share the remaining width
_TOTAL = 450


@cache
def _style(size: int, centred: bool = False) -> ParagraphStyle:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return ParagraphStyle(
        f"paper{size}", fontName=FONT, fontSize=size, leading=size * 1.4, wordWrap="CJK", alignment=1 if centred else 0
    )


def _spans(table: Table) -> list[tuple[object, ...]]:
    """Return the spans of cells that continue over several rows."""
    out: list[tuple[object, ...]] = []
    for column in range(len(table.rows[0])):
        start = 1
        for index in range(2, len(table.rows) + 1):
            if index == len(table.rows) or table.rows[index][column] is not None:
                if index - start > 1:
                    out.append(("SPAN", (column, start), (column, index - 1)))
                start = index
    return out


def _grid(table: Table, again: bool) -> LongTable:
    """Return the table. `again` repeats the heads on every page."""
    heads = [head or "" for head in table.rows[0]]
    rest = (_TOTAL - sum(_WIDTHS.get(head, 0) for head in heads)) / max(sum(head not in _WIDTHS for head in heads), 1)
    rows = [[Paragraph(escape(cell), _style(9)) if cell is not None else "" for cell in row] for row in table.rows]
    lines = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *_spans(table)]
    return LongTable(
        rows,
        colWidths=[_WIDTHS.get(head, rest) for head in heads],
        repeatRows=1 if again else 0,
        style=TableStyle(lines),
    )


def draw(paper: Paper) -> bytes:
    """Return the PDF file, the same bytes each time."""
    again = Random(paper.name).random() < 0.6
    flow: list[Flowable] = []
    for index, block in enumerate(paper.blocks):
        if isinstance(block, str):
            flow += [Paragraph(escape(block), _style(15, True) if index == 0 else _style(11)), Spacer(1, 4)]
        else:
            flow += [Spacer(1, 6), _grid(block, again), Spacer(1, 10)]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1, leftMargin=72, rightMargin=72, title="").build(flow)
    return out.getvalue()
