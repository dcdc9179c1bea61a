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


def pdf_text(pdf: bytes) -> str:
    """Return the text of a PDF, top to bottom.

    A row of a table is one line with a tab between cells; the broken lines of a cell are joined. Only the first 120
    pages are read. If a file can be read only in part, its text ends with a line that names the error.
    """
    import pdfplumber  # slow to import, and few portals send PDFs

    # It describes each object of a file in a debug message. Making those takes longer than reading the file.
    logging.getLogger("pdfminer").setLevel(logging.WARNING)
    pages: list[Sequence[str | Grid]] = []
    failure = ""
    try:
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            for page in document.pages[:_MOST_PAGES]:
                pages.append(blocks(page))
                page.close()
    except Exception as error:  # noqa: BLE001 -- a broken PDF raises anything; its notice still has a title
        failure = f"[PDF: {type(error).__name__}]"
    lines = [line for block in joined(pages) for line in (block.lines() if isinstance(block, Grid) else [block])]
    return "\n".join([*lines, failure] if failure else lines)
