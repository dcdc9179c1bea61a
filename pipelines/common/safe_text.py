"""How text from web pages is made safe for other programs: terminals, spreadsheets, XML and databases.

These rules guard against hostile pages, so each is written once and every writer calls it.
"""

from __future__ import annotations

import re

# A spreadsheet runs a cell as a formula if it begins with one of these, in full width too where the input method
# turns it into half width; some trim white space first.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
FORMULA_PATTERN = r"^[=+\-@＝＋－＠\t\r\n]"

# An address of the web, up to the first character that an address cannot hold.
_WEB_ADDRESS = re.compile(r"https?://[^\s\"<>\\^`{|}\x00-\x1f\x7f-\x9f]+", re.IGNORECASE)

_MENTION_SIGNS = str.maketrans({"@": "＠", "<": "＜", ">": "＞"})

# XML 1.0 cannot hold these. PostgreSQL refuses NUL in JSON too, and a lone surrogate is not text anywhere.
_NOT_STORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")


def starts_formula(text: str) -> bool:
    """Return whether a spreadsheet would run ``text`` as a formula."""
    return text.startswith(FORMULA_STARTS)


def escape_formula(text: str) -> str:
    """Return ``text`` with a leading apostrophe if a spreadsheet would run it as a formula."""
    return f"'{text}" if starts_formula(text) else text


def unescape_formula(text: str) -> str:
    """Undo :func:`escape_formula`, for tables that a user gives back."""
    return text[1:] if text.startswith("'") and starts_formula(text[1:]) else text


def first_line(error: BaseException, nothing: str = "") -> str:
    """Return the first line of an error's message; without a message ``nothing``, or else the name of its class."""
    return (str(error).strip() or nothing or type(error).__name__).splitlines()[0]


def is_web_address(address: str | None) -> bool:
    """Return whether a click may follow ``address``: not ``javascript:`` or ``urn:``, not a file, nothing after it."""
    return address is not None and _WEB_ADDRESS.fullmatch(address) is not None


def printable(value: object) -> str:
    """Return ``value`` as one line for a terminal; control characters become blanks, None becomes nothing."""
    text = "" if value is None else str(value)
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def without_mentions(text: str) -> str:
    """Return ``text`` so that a chat calls nobody: not by ``@all``, not by a tag such as ``<at user_id="all">``."""
    return text.translate(_MENTION_SIGNS)


def storable(text: str) -> str:
    """Return ``text`` with one space for each run of characters that XML cannot hold, and with line feeds only."""
    if text.isprintable():
        return text
    return _NOT_STORABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
