"""Adds the world's footer to every page: lists and notices, HTML responses and HTML inside JSON.

Sites draw it into PDF pages themselves, from `Posting.footer`.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from typing import Any

from tests.replica.protocol import Reply

_MARKUP = re.compile(r"<(?:p|div|table|span)\b")


def add_to_html(text: str, footer: str) -> str:
    """Insert the footer before the end of the body, or at the end of a fragment."""
    head, end, tail = text.rpartition("</body>")
    line = f"\n<p>{escape(footer)}</p>\n"
    return f"{head}{line}{end}{tail}" if end else f"{text}{line}"


def add_to_value(value: Any, footer: str) -> Any:
    """Insert the footer into every page inside a JSON value.

    An object without any page gets a `footer` key instead.
    """
    marked, has_page = _add_to_pages(value, footer)
    return marked if has_page or not isinstance(value, dict) else {**value, "footer": footer}


def add_to_reply(reply: Reply, footer: str) -> Reply:
    """Insert the footer into an HTML or JSON response."""
    if reply.content_type.startswith("text/html"):
        written = _encoding_of(reply.body)
        return replace(reply, body=add_to_html(reply.body.decode(written), footer).encode(written))
    if "json" in reply.content_type:
        return replace(
            reply, body=json.dumps(add_to_value(json.loads(reply.body), footer), ensure_ascii=False).encode()
        )
    return reply


def _encoding_of(body: bytes) -> str:
    """Return the encoding of a page. Some portals still use GB18030."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _add_to_pages(value: Any, footer: str) -> tuple[Any, bool]:
    """Return the value with footers, and whether it holds any page."""
    if isinstance(value, str):
        is_page = len(value) > 100 and _MARKUP.search(value) is not None
        return (add_to_html(value, footer) if is_page else value), is_page
    if isinstance(value, dict):
        marked_items = {key: _add_to_pages(item, footer) for key, item in value.items()}
        return {key: item for key, (item, _) in marked_items.items()}, any(
            has_page for _, has_page in marked_items.values()
        )
    if isinstance(value, list):
        marked_list = [_add_to_pages(item, footer) for item in value]
        return [item for item, _ in marked_list], any(has_page for _, has_page in marked_list)
    return value, False
