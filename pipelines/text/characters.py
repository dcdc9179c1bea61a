"""Characters: one way to write each, so that rules see one form. Nothing here knows what a notice is."""

from __future__ import annotations

import re
import unicodedata

# Full-width letters, digits and the punctuation that stands inside numbers and labels. Brackets, commas and
# quotation marks stay as written: they belong to names, and names must lead back to the page.
_FOLD = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)},
    **{code: chr(code - 0xFEE0) for code in range(0xFF21, 0xFF3B)},
    **{code: chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)},
    0xFF05: "%",
    0xFF0E: ".",
    0xFF0F: "/",
    0xFFE5: "￥",
    0x00A5: "￥",
    0xFE6A: "%",
    0x2103: "℃",
    0x00A0: " ",
    0x3000: " ",
    0x2002: " ",
    0x2003: " ",
    0x2009: " ",
    0x202F: " ",
    0x200B: None,
    0x200C: None,
    0x200D: None,
    0x2060: None,
    0xFEFF: None,
    0x00AD: None,
    0x0000: None,
    ord("\r"): "\n",
    ord("\x0b"): "\n",
    ord("\x0c"): "\n",
    0x2028: "\n",
    0x2029: "\n",
}
# Radicals and compatibility ideographs that PDF fonts print instead of the character itself.
_COMPAT = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_SPACED_CJK = re.compile(r"(?<=[\u4e00-\u9fff:：、，。]) +(?=[\u4e00-\u9fff])")


def fold(text: str) -> str:
    """The text with one form for digits, letters, spaces and line ends; its words are otherwise unchanged."""
    folded = text.replace("\r\n", "\n").translate(_FOLD)
    return _COMPAT.sub(lambda match: unicodedata.normalize("NFKC", match.group()), folded)


def squeeze(text: str) -> str:
    """One line, each run of white space one blank, none at the ends."""
    return " ".join(text.split())


def compact(text: str) -> str:
    """No white space at all: for comparing labels, never for values."""
    return "".join(text.split())


def join_cjk(text: str) -> str:
    """Takes out blanks between Chinese characters, which layout put there (``名 称``, names broken over lines)."""
    return _SPACED_CJK.sub("", squeeze(text))
