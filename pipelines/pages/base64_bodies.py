"""Pages that are wrapped in base64: an HTML page in UTF-8 or GB18030, or a PDF file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from pipelines.text.charsets import decode_text

MARKUP = re.compile(r"<(?:p|div|table|span|td|br|h\d|meta|body)\b", re.IGNORECASE)
_BASE64 = re.compile(r"(?:data:[\w/.+;=-]{1,80},)?[A-Za-z0-9+/_-]+={0,2}")
_WRAPPED_PDF = re.compile(r"\s{0,20}(?:data:[\w/.+;=-]{1,80},)?\s{0,20}JVBER")
_SHORTEST = 24  # characters; a shorter text is an id or a word


def wraps_pdf(text: str) -> bool:
    """Return whether a text begins as a PDF file does in base64, with or without an address of data before it."""
    return _WRAPPED_PDF.match(text) is not None


def unwrapped(text: str) -> str | bytes | None:
    """Return the HTML, or the bytes of the PDF file, that a text holds in base64; None if it is no such text."""
    if len(text) < _SHORTEST or not _BASE64.fullmatch("".join(text[:200].split())):
        return None
    packed = re.sub(r"^data:[^,]{1,80},|\s", "", text).replace("-", "+").replace("_", "/")
    try:
        body = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    if body.startswith(b"%PDF"):
        return body
    page = decode_text(body)
    return page if MARKUP.search(page) else None


def strings(node: Any) -> Iterator[str]:
    """Yield every text in a JSON document, the last first."""
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def holds_page(data: Any) -> bool:
    """Return whether some text of a JSON document is HTML or a PDF file, plain or in base64."""
    return any(MARKUP.search(text) or unwrapped(text) is not None for text in strings(data))
