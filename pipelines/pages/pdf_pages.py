"""Notices that are PDF files: their text in reading order, with tables as rows."""

from __future__ import annotations

import base64
import binascii
import io
import logging
from typing import TYPE_CHECKING

from pipelines.pages.envelope import Envelope
from pipelines.pages.pdf_grid import Grid, joined
from pipelines.pages.pdf_layout import blocks
from pipelines.pages.unread_files import UnreadFileError
from pipelines.text.document import from_text

if TYPE_CHECKING:
    from collections.abc import Sequence

# A notice has a few pages. A longer file is a document that somebody attached; its first pages say what it is.
_MOST_PAGES = 120


def read_pdf(body: str) -> Envelope:
    """Return the envelope of one or several PDF files, each a line of base64: their texts in that order."""
    texts = []
    for line in body.splitlines():
        try:
            texts.append(pdf_text(base64.b64decode(line)))
        except (binascii.Error, ValueError):
            continue
    return Envelope(text=from_text("\n".join(text for text in texts if text)))


def count_pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF, at once. Raises UnreadFileError if it has a password or is damaged."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise UnreadFileError("encrypted" if "assword" in str(error) else "damaged") from None
    try:
        return len(document)
    finally:
        document.close()


def pdf_text(pdf: bytes, most_pages: int = _MOST_PAGES) -> str:
    """Return the text of a PDF, top to bottom.

    A row of a table is one line with a tab between cells; the broken lines of a cell are joined. Only the first
    ``most_pages`` pages are read. If a file can be read only in part, its text ends with a line that names the error.
    """
    import pdfplumber  # slow to import, and few portals send PDFs

    # It describes each object of a file in a debug message. Making those takes longer than reading the file.
    logging.getLogger("pdfminer").setLevel(logging.WARNING)
    pages: list[Sequence[str | Grid]] = []
    failure = ""
    try:
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            for page in document.pages[:most_pages]:
                pages.append(blocks(page))
                page.close()
    except Exception as error:  # noqa: BLE001 -- a broken PDF raises anything; its notice still has a title
        failure = f"[PDF: {type(error).__name__}]"
    lines = [line for block in joined(pages) for line in (block.lines() if isinstance(block, Grid) else [block])]
    return "\n".join([*lines, failure] if failure else lines)
