"""Bytes of an answer as text: which kind of page they are, in which character set, and how they were packed.

The crawler reads an answer with the same functions as the archive does later, so that a rebuild gives the same page.
"""

from __future__ import annotations

import base64
import gzip
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import brotli
from w3lib.encoding import html_to_unicode
from warcio.bufferedreaders import ChunkedDataReader

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
_LONGEST_CHARACTER = 3  # bytes that the last character of a truncated body may lack


def decode_page(content_type_header: str | None, body: bytes, *, pdf: bool = False) -> tuple[str, str] | None:
    """Return (content type, text) of a decompressed body; None if it is not text.

    The character set is the header's, else the document's own, else UTF-8 or GB18030, whichever fits. With ``pdf``, a
    PDF file is a page too; its text is the base64 of the file.
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
    _, text = html_to_unicode(content_type_header, body, auto_detect_fun=_guess_encoding)
    return kind, clean(text)


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


def unpack(payload: bytes, headers: Any) -> bytes:
    """Return a recorded body without chunking and compression.

    Browser extensions name an encoding that they have already undone, so a body that does not fit it is returned as it
    is.
    """
    if (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        payload = ChunkedDataReader(BytesIO(payload)).read()
    for encoding in reversed((headers.get_header("Content-Encoding") or "").lower().split(",")):
        try:
            payload = _decompress(payload, encoding.strip())
        except (OSError, EOFError, zlib.error, brotli.error):
            return payload
    return payload


def _decompress(payload: bytes, encoding: str) -> bytes:
    if encoding in ("gzip", "x-gzip"):
        return gzip.decompress(payload)
    if encoding == "br":
        return bytes(brotli.decompress(payload))
    if encoding == "deflate":
        try:
            return zlib.decompress(payload)
        except zlib.error:
            return zlib.decompress(payload, -zlib.MAX_WBITS)
    if encoding in ("", "identity"):
        return payload
    raise ValueError(f"content encoding {encoding} is not supported")


def _guess_type(body: bytes) -> str | None:
    head = body[:_HEAD_BYTES].lstrip(_UTF8_MARK + b" \t\r\n").lower()
    if head.startswith((b"{", b"[")):
        return "application/json"
    return "text/html" if b"<html" in head or b"<!doctype html" in head or b"<body" in head or b"<div" in head else None


def _guess_encoding(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A body that was cut inside its last character is still UTF-8.
        return "utf-8" if error.start >= len(body) - _LONGEST_CHARACTER else "gb18030"
    return "utf-8"
