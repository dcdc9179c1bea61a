"""Small files of each kind, made by the tests: Word, Excel, PDF, ZIP, and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
import pypdfium2
import xlsxwriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

_FONT = "STSong-Light"
HEADS = ("包号", "标的名称", "中标供应商", "中标金额（元）")
ROWS = (
    HEADS,
    ("1", "大模型训练平台", "杭州云岭智能科技有限公司", "3860000.00"),
    ("2", "智能体应用开发", "成都锦桥软件有限公司", "1250000.50"),
)


def docx_file(before: Sequence[str], rows: Sequence[Sequence[str]] = (), after: Sequence[str] = ()) -> bytes:
    """Return a Word file: paragraphs, a table (a cell ``^`` continues the one above), paragraphs."""
    document = docx.Document()
    for text in before:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                if text == "^":
                    table.cell(at - 1, column).merge(table.cell(at, column))
                else:
                    table.cell(at, column).text = text
    for text in after:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx_file(rows: Sequence[Sequence[object]], title: str | None = None, merged: Sequence[str] = ()) -> bytes:
    """Return a workbook with one worksheet, below a merged title. ``merged``: ranges such as ``C3:C4``."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("明细")
        if title:
            sheet.merge_range(0, 0, 0, len(rows[0]) - 1, title)
        for at, row in enumerate(rows, 1 if title else 0):
            for column, value in enumerate(row):
                sheet.write(at, column, value)
        for cells in merged:
            sheet.merge_range(cells, rows[int(cells[1]) - (2 if title else 1)][ord(cells[0]) - ord("A")])
    return out.getvalue()


def pdf_file(rows: Sequence[Sequence[str]], password: str | None = None) -> bytes:
    """Return a PDF file with one ruled table."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    out = io.BytesIO()
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTNAME", (0, 0), (-1, -1), _FONT)])
    encrypt = StandardEncryption(password) if password else None
    SimpleDocTemplate(out, pagesize=A4, encrypt=encrypt).build([Table(rows, style=style)])
    return out.getvalue()


def scanned_pdf() -> bytes:
    """Return a PDF file whose page has no text."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.rect(50, 50, 200, 200, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def long_pdf(pages: int) -> bytes:
    """Return a PDF file of so many empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(100, 100)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zip_file(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP file with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def old_office_file(*streams: str) -> bytes:
    """Return the first bytes of a file in the old format of Office with these streams, which no program could read."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names
