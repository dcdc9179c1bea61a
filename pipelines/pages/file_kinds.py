"""What a file is, by its content. Its name and its content type are only what somebody says about it."""

from __future__ import annotations

import io
import zipfile
from typing import Literal

from pipelines.text.charsets import decode_text

FileKind = Literal[
    "pdf", "docx", "workbook", "old_word", "old_workbook", "encrypted", "zip", "rar", "image", "html", "text", "other"
]

_PDF_WITHIN = 1024  # bytes; some programs write something before the mark
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RAR = b"Rar!\x1a\x07"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
# Names of streams inside a file in the old format of Office, which holds a small file system.
_STREAMS: tuple[tuple[str, FileKind], ...] = (
    ("EncryptedPackage", "encrypted"),  # a new file with a password
    ("WordDocument", "old_word"),
    ("Workbook", "old_workbook"),
    ("Book", "old_workbook"),
)
_HTML_WITHIN = 2048
_HTML_MARKS = ("<html", "<!doctype html", "<body", "<table", "<div", "<p>")
_BINARY = frozenset(range(9)) | {11, 12} | frozenset(range(14, 27))
_SAMPLE_BYTES = 4096


def file_kind(content: bytes) -> FileKind:
    """Return what a file is. A ZIP file may begin with a PDF file that is not compressed."""
    if content.startswith(_OLD_OFFICE):
        kinds = (kind for name, kind in _STREAMS if name.encode("utf-16-le") in content)
        return next(kinds, "other")
    if content.startswith(b"PK"):
        return _zip_kind(content)
    if content.startswith(_RAR):
        return "rar"
    if content.startswith(_IMAGES):
        return "image"
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    return _text_kind(content)


def has_macros(content: bytes) -> bool:
    """Return whether an Office file contains macros."""
    if content.startswith(_OLD_OFFICE):
        return "_VBA_PROJECT".encode("utf-16-le") in content
    return content.startswith(b"PK") and b"vbaProject.bin" in content


def _zip_kind(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return "zip"
    if "word/document.xml" in names:
        return "docx"
    return "workbook" if names & {"xl/workbook.xml", "xl/workbook.bin"} else "zip"


def _text_kind(content: bytes) -> FileKind:
    if content.startswith(b"{\\rtf") or not content.strip():
        return "other"
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_wide and _BINARY & set(content[:_SAMPLE_BYTES]):
        return "other"
    head = decode_text(content[:_HTML_WITHIN]).lower()
    return "html" if any(mark in head for mark in _HTML_MARKS) else "text"
