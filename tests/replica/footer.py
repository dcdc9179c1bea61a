"""What a world says about itself, put at the foot of every page: lists and notices, in HTML and in the HTML that JSON carries.

Pages of PDF have it drawn by their sites, from `Posting.footer`.
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
    """Before the end of the body, or at the end of a fragment."""
    head, end, tail = text.rpartition("</body>")
    line = f"\n<p>{escape(footer)}</p>\n"
    return f"{head}{line}{end}{tail}" if end else f"{text}{line}"


def add_to_value(value: Any, footer: str) -> Any:
    """In every page that the value of a JSON answer holds; an answer without one has it beside the rest."""
    marked, found = _add_to_pages(value, footer)
    return marked if found or not isinstance(value, dict) else {**value, "footer": footer}


def add_to_reply(reply: Reply, footer: str) -> Reply:
    if reply.content_type.startswith("text/html"):
        written = _encoding_of(reply.body)
        return replace(reply, body=add_to_html(reply.body.decode(written), footer).encode(written))
    if "json" in reply.content_type:
        return replace(
            reply, body=json.dumps(add_to_value(json.loads(reply.body), footer), ensure_ascii=False).encode()
        )
    return reply


def _encoding_of(body: bytes) -> str:
    """Some portals still write Chinese as it was written before UTF-8."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _add_to_pages(value: Any, footer: str) -> tuple[Any, bool]:
    if isinstance(value, str):
        page = len(value) > 100 and _MARKUP.search(value) is not None
        return (add_to_html(value, footer) if page else value), page
    if isinstance(value, dict):
        inside = {key: _add_to_pages(item, footer) for key, item in value.items()}
        return {key: item for key, (item, _) in inside.items()}, any(found for _, found in inside.values())
    if isinstance(value, list):
        inner = [_add_to_pages(item, footer) for item in value]
        return [item for item, _ in inner], any(found for _, found in inner)
    return value, False
