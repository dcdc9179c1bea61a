"""How wide a text is in a drawing, roughly: a Chinese character is as wide as it is high, Latin letters differ."""

from __future__ import annotations

import unicodedata

_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[]/ "), frozenset("mwMWGOQ%&")
_LATIN_WIDTHS = {"narrow": 0.33, "wide": 0.85, "capital": 0.65, "other": 0.56}


def width_of(text: str, size: float) -> float:
    """Return the width of ``text`` in letters of that size, a little more rather than less."""
    return size * sum(map(_relative_width, text))


def shortened(text: str, width: float, size: float) -> str:
    """Return ``text``, cut with an ellipsis if it is wider than ``width``."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(text, size) + size > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Return ``text`` in lines of that width. English breaks at blanks, Chinese anywhere but before its marks."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_of((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def _relative_width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1
    kind = (
        "narrow"
        if character in _NARROW
        else "wide"
        if character in _WIDE
        else "capital"
        if character.isupper()
        else "other"
    )
    return _LATIN_WIDTHS[kind]


def _pieces(text: str) -> list[str]:
    """Return what must not be broken: words with the blank after them, Chinese characters with the mark after them."""
    pieces: list[str] = []
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        is_mark = unicodedata.category(character).startswith("P")
        if pieces and (is_mark or not (wide or _ends_piece(pieces[-1]))):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _ends_piece(piece: str) -> bool:
    return piece[-1] == " " or unicodedata.east_asian_width(piece[-1]) in "WF"
