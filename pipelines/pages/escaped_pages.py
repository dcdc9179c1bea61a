"""Pages that still wear the clothes of what carried them: escaped for HTML, for JSON or for an address.

Some interfaces escape a page once or twice too often, and some savers keep the text of a JSON answer as it was sent.
"""

from __future__ import annotations

import html
import json
import re
import sys
from urllib.parse import unquote_to_bytes

from pipelines.pages.base64_bodies import MARKUP
from pipelines.text.charsets import decode_text

_WITHIN = 20_000  # characters in which the form of a page shows
_MOST_LAYERS = 4
# &lt;p&gt;, &amp;lt;p&amp;gt;, &#60;p, &#x3c;div
_FOR_HTML = re.compile(r"&(?:amp;){0,3}(?:lt|#0*60|#x0*3c);(?:/?[a-z]|&)", re.IGNORECASE)
# &#20013;, &amp;#20013;, &#x4e2d;, &#20013 without its end: characters beyond Latin, which are no markup
_REFERENCE = re.compile(
    r"&(?:amp;){0,3}#(?:(?P<decimal>[1-9]\d{3,5})|[xX]0{0,4}(?P<hexadecimal>[1-9a-fA-F][0-9a-fA-F]{3,4}));?"
)
_FIRST_WIDE = 0x2000
# %3Cp%3E, %253Cp, and as JavaScript's escape() writes it: %u4E2D
_FOR_ADDRESS = re.compile(r"%(?:25){0,3}3c(?:%(?:25){0,3}2f)?[a-z]", re.IGNORECASE)
_SCRIPT_ESCAPE = re.compile(r"%u([0-9a-fA-F]{4})")
# \u003cp\u003e, \u003C/p, and <p class=\"a\">, <\/p>
_TAG_FOR_JSON = re.compile(r"\\+u003c/?[a-z!]", re.IGNORECASE)
_QUOTE_FOR_JSON = re.compile(r"=\s?\\+[\"']")
_QUOTE = re.compile(r"=\s?[\"']")
_JSON_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_JSON_CHARACTERS = {"n": "\n", "r": "\n", "t": "\t", "b": "", "f": "\n"}
_WIDE_FOR_JSON = re.compile(r"\\u[4-9][0-9a-fA-F]{3}")
_WIDE = re.compile("[\u3400-\u9fff]")
# Line ends of a plain text: 项目编号：X-1\n项目名称：
_LINE_END_FOR_JSON = re.compile(r"\\r?\\?n(?=[\u4e00-\u9fff\d（(【 ])")
_FEWEST_LINE_ENDS = 2


def without_escapes(text: str) -> str:
    """Return a page without the escapes that an interface or a saver left in it. Other texts are returned unchanged.

    >>> without_escapes("&lt;p&gt;中标公告&lt;/p&gt;"), without_escapes("%3Cp%3E%E4%B8%AD%E6%A0%87%3C/p%3E")
    ('<p>中标公告</p>', '<p>中标</p>')
    """
    for _ in range(_MOST_LAYERS):
        plain = _without_layer(text)
        if plain == text:
            break
        text = plain
    return text


def without_references(text: str) -> str:
    """Return a text in which no Chinese character is written as a number. Markup and Latin characters are left.

    >>> without_references("&#20013;&#26631;&#x516c;&amp;#21578;&#60;")
    '中标公告&#60;'
    """
    return _REFERENCE.sub(_referenced_character, text) if "#" in text and "&" in text else text


def _referenced_character(match: re.Match[str]) -> str:
    code = int(match["decimal"]) if match["decimal"] else int(match["hexadecimal"], 16)
    is_wide = _FIRST_WIDE <= code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_wide else match.group()


def _without_layer(text: str) -> str:
    head = text[:_WITHIN]
    if "<![CDATA[" in head:
        return text.replace("<![CDATA[", "").replace("]]>", "")
    if "\\" in head and _is_for_json(head):
        return _unescape_json(text)
    if MARKUP.search(head):
        return text
    if _FOR_HTML.search(head):
        return html.unescape(text)
    if _FOR_ADDRESS.search(head):
        return _unescape_address(text)
    return text


def _is_for_json(head: str) -> bool:
    if _TAG_FOR_JSON.search(head) and not MARKUP.search(head):
        return True
    if _QUOTE_FOR_JSON.search(head) and not _QUOTE.search(_QUOTE_FOR_JSON.sub("", head)):
        return True
    if _WIDE_FOR_JSON.search(head) and not _WIDE.search(head):
        return True
    return "\n" not in head and len(_LINE_END_FOR_JSON.findall(head)) >= _FEWEST_LINE_ENDS


def _unescape_json(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return _JSON_ESCAPE.sub(_json_character, text)


def _json_character(match: re.Match[str]) -> str:
    if match[1]:
        character = chr(int(match[1], 16))
        return "" if "\ud800" <= character <= "\udfff" else character
    return _JSON_CHARACTERS.get(match[2], match[2])


def _unescape_address(text: str) -> str:
    if "+" in text and " " not in text:
        text = text.replace("+", " ")  # as forms are sent
    text = _SCRIPT_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return decode_text(unquote_to_bytes(text))
