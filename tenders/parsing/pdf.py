"""Notices that are PDF files: their text, with tables as rows."""

from __future__ import annotations

import base64
import binascii
import io

from pipelines.document import from_text
from tenders.parsing.envelope import Envelope


def read_pdf(body: str) -> Envelope:
    """The envelope of one or several PDF files, each a line of base64: their texts in that order."""
    texts = []
    for line in body.splitlines():
        try:
            texts.append(pdf_text(base64.b64decode(line)))
        except (binascii.Error, ValueError):
            continue
    return Envelope(text=from_text("\n".join(text for text in texts if text)))


def pdf_text(pdf: bytes) -> str:
    """The text of a PDF, its tables as rows; a cell's broken lines are joined. Empty where the file cannot be read."""
    import pdfplumber  # slow to import, and few portals send PDFs

    lines: list[str] = []
    try:
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            for page in document.pages:
                tables = page.find_tables()
                outside = page
                for table in tables:
                    outside = outside.outside_bbox(table.bbox, strict=False)
                lines.append(outside.extract_text() or "")
                for table in tables:
                    for row in table.extract():
                        lines.append("\t".join("".join((cell or "").split("\n")) for cell in row))
    except Exception as error:  # noqa: BLE001 -- a broken PDF raises anything; its notice still has a title
        return f"[PDF: {type(error).__name__}]"
    return "\n".join(lines)
