"""Bytes of an answer as text: which kind of page they are, and in which character set.

The crawler reads an answer with the same functions as the archive does later, so that a rebuild gives the same page.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from pipelines.text.charsets import decode_text

if TYPE_CHECKING:
    from scrapy.http import Response

PDF = "application/pdf"
_CONTENT_TYPES = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "application/json": "application/json",
    "text/json": "application/json",
    "text/plain": "text/plain",
}
# Declared types that do not say what the body is.
_VAGUE_TYPES = {"", "application/octet-stream", "application/x-unknown", "text/xml", "application/xml"}
_UTF8_MARK = b"\xef\xbb\xbf"
_HEAD_BYTES = 2048


def decode_page(content_type_header: str | None, body: bytes, *, pdf: bool = False) -> tuple[str, str] | None:
    """Return (content type, text) of a decompressed body; None if it is not text.

    The character set is the one that the bytes plainly have, whatever is declared. With ``pdf``, a PDF file is a page
    too; its text is the base64 of the file.
    """
    if pdf and body.startswith(b"%PDF"):
        return PDF, base64.b64encode(body).decode("ascii")
    declared = (content_type_header or "").partition(";")[0].strip().lower()
    if declared in _VAGUE_TYPES:
        kind = _guess_type(body)
    else:
        kind = _CONTENT_TYPES.get(declared) or ("application/json" if declared.endswith("+json") else None)
    if kind is None:
        return None
    return kind, clean(decode_text(body, content_type_header))


def response_text(response: Response) -> str | None:
    """Return the text of an answer of the crawl; None if it is not text."""
    decoded = decode_page(content_type(response), response.body)
    return decoded[1] if decoded else getattr(response, "text", None)


def content_type(response: Response) -> str:
    """Return the header of that name, or ''."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def clean(text: str) -> str:
    """Return text that every later step can store: without NUL and without halves of surrogate pairs."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text


def _guess_type(body: bytes) -> str | None:
    head = body[:_HEAD_BYTES].lstrip(_UTF8_MARK + b" \t\r\n").lower()
    if head.startswith((b"{", b"[")):
        return "application/json"
    return "text/html" if b"<html" in head or b"<!doctype html" in head or b"<body" in head or b"<div" in head else None
