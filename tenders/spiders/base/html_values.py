"""Reading HTML pages of portals with parsel."""

from __future__ import annotations

import re

from parsel import Selector

# <?xml version="1.0" encoding="gbk"?>: the text is already decoded, but the parser would decode it again.
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def select_page(text: str) -> Selector:
    """Return a selector for an HTML page."""
    return Selector(text=_XML_DECLARATION.sub("", text))


def inner_text(element: Selector) -> str:
    """Return all text of an element, with its spaces and line breaks as they are."""
    return element.xpath("string(.)").get() or ""
