"""Text of pages as other programs can store it: XML, JSON in PostgreSQL and Excel refuse some characters."""

from __future__ import annotations

import re

# What XML 1.0 cannot hold. PostgreSQL refuses NUL in JSON too, and half a surrogate pair is no text anywhere.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


def storable(text: str) -> str:
    """``text`` with one space for each run of characters that XML cannot hold, and with line ends of one kind."""
    if text.isprintable():
        return text
    return _REFUSED.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
