"""Bytes as text when what is declared about them may be wrong.

Servers and pages often declare a character set that the bytes do not have. What the bytes plainly are comes first:
UTF-8, then GB18030, which covers GB2312 and GBK. Only then is the declared character set believed.
"""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

_LONGEST_CHARACTER = 3  # bytes that the last character of a truncated body may lack
_ASCII = re.compile(rb"[\x00-\x7f]+")
# Of the bytes that are no ASCII, at most one in so many may be damaged.
_DAMAGED_ONE_IN = 20
# The share of characters in the standard GB2312 by which a text is plainly Chinese. Other bytes read as GB18030 give
# rare characters.
_PLAINLY_CHINESE = 0.9
_UTF16_SAMPLE = 400  # bytes
_GB = "gb18030"
# Text that was read as Latin-1 or Windows-1252 although it is UTF-8 or GB18030: ä¸­æ (中), ÖÐ±ê (中标).
_WIDE = re.compile("[\u2e80-\uffef]")
_MISREAD = re.compile("[\u0080-\u00ff\u0152-\u2122]{4}")
# The characters of Windows-1252 that Latin-1 does not have, and their bytes: € is 0x80.
_WINDOWS = {
    ord(character): byte for byte in range(0x80, 0xA0) for character in bytes([byte]).decode("cp1252", "ignore")
}


def decode_text(body: bytes, content_type: str | None = None) -> str:
    """Return the text of a body. ``content_type`` is the header that came with it, if any.

    Bytes that fit no character set become U+FFFD.
    """
    marked, mark = read_bom(body)
    if marked and mark:
        body = body.removeprefix(mark)
        if marked != "utf-8":
            return body.decode(marked, "replace")
    if utf16 := _utf16_without_mark(body):
        return body.decode(utf16, "replace")
    declared = _declared(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        text = body.decode("utf-8", "replace")
        # A body that was cut inside its last character, or has a few damaged bytes, is still UTF-8.
        cut = error.end == len(body) and error.reason == "unexpected end of data"
        if cut or text.count("\ufffd") * _DAMAGED_ONE_IN < len(_ASCII.sub(b"", body)):
            return text
    else:
        # Short texts in GB18030 may happen to be UTF-8, but then of scripts that no notice has.
        if text.isascii() or _WIDE.search(text) or declared != _GB:
            return text
    if declared not in (None, "utf-8", _GB) and not _is_plainly_chinese(body) and _decodes(body, declared):
        return body.decode(declared, "replace")
    return body.decode(_GB, "replace")


def repair_misread(text: str) -> str:
    """Return a text whose bytes were read as Latin-1 or Windows-1252 by its saver as it should be read.

    A text with any Chinese character, or one that is really in Latin letters, is returned unchanged.

    >>> repair_misread("ä¸\\xadæ\\xa0\\x87å\\x85¬å\\x91\\x8a"), repair_misread("naïve café")
    ('中标公告', 'naïve café')
    """
    if text.isascii() or _WIDE.search(text) or not _MISREAD.search(text):
        return text
    try:
        repaired = decode_text(text.translate(_WINDOWS).encode("latin-1"))
    except UnicodeEncodeError:
        return text
    return repaired if "\ufffd" not in repaired and _WIDE.search(repaired) else text


def _declared(body: bytes, content_type: str | None) -> str | None:
    """Return Python's name of the declared character set; None if there is none or an unknown one."""
    name = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    resolved = resolve_encoding(name) if name else None
    # What is declared as gb2312 or gbk has characters of GB18030.
    return codecs.lookup(resolved).name if resolved else None


def _utf16_without_mark(body: bytes) -> str | None:
    """Return the byte order of UTF-16: every other byte of its ASCII characters is NUL."""
    sample = body[:_UTF16_SAMPLE]
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(high) > 8 and high.count(0) * 2 > len(high) and sample.count(0) == high.count(0):
            return name
    return None


def _is_plainly_chinese(body: bytes) -> bool:
    wide = [character for character in body.decode(_GB, "replace") if character > "\x7f"]
    common = "".join(wide).encode("gb2312", "ignore")
    return len(common) >= 2 * _PLAINLY_CHINESE * len(wide)


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start >= len(body) - _LONGEST_CHARACTER
    return True
