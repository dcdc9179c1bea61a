"""HTML to text that keeps what a reader needs: one block per line, one table row per line, tabs between cells.

The walk is iterative. Markup nested ten thousand levels deep is slow at worst and never a crash.
"""

from __future__ import annotations

import re
from functools import cache
from typing import cast

from lxml import etree
from parsel import css2xpath

from pipelines.text.characters import fold, squeeze
from pipelines.text.html_tables import InnerTable, Table, lines_of, render

_BLOCK = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr "
    "html li main nav ol p "
    "pre section ul option caption thead tbody tfoot".split()
)
_SKIP = frozenset("script style noscript template iframe object select textarea svg title".split())
_TEXT = etree.XPath("string()")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Some forms have their sections in <span style="display: block">.
_DISPLAY_BLOCK = re.compile(r"display\s*:\s*block")
# What templates hide: rows, cells and words. Sites hide a whole notice too, behind a tab, in a <div>.
_HIDEABLE = frozenset("table tbody thead tfoot tr td th p span font b strong em li".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
# A table in one of these, but in no cell, is a cell whose tag was left out.
_ROW_OR_TABLE = frozenset("tr tbody thead tfoot table".split())


def parse_html(html: str) -> etree._Element | None:
    """Return the element tree of a page or fragment. None if there is no markup to read.

    The elements are those of ``lxml.etree``: to make those of ``lxml.html`` takes a quarter of the time of the parser.
    """
    source = _XML_DECLARATION.sub("", html.replace("\x00", ""))
    if not source.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def select(root: etree._Element, selector: str) -> list[etree._Element]:
    """Return the elements that a CSS selector finds, in the order of the page."""
    return cast(list[etree._Element], _search(selector)(root))


@cache
def _search(selector: str) -> etree.XPath:
    return etree.XPath(css2xpath(selector))


def text_of(element: etree._Element) -> str:
    """Return all text in an element as the source has it, that of scripts too."""
    return str(_TEXT(element))


def bare_text(html: str) -> str:
    """Return the text between the tags, one line per piece. For markup too broken or too deep for the parser."""
    source = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", html)
    return _lines(fold(re.sub(r"<[^<>]{0,2000}>", "\n", source)).replace("\t", " "))


def html_to_text(root: etree._Element) -> str:
    """Return the text of an element: one line per block, and one line per table row with tabs between its cells.

    What a page hides in and beside its tables is left out: rows and words of a template that were not filled in.
    """
    outputs: list[list[str | InnerTable]] = [[]]
    tables: list[Table] = []
    skipping: etree._Element | None = None
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag
        if not isinstance(tag, str):
            continue
        if skipping is not None:
            if event == "end" and node is skipping:
                skipping = None
                _add(outputs[-1], node.tail)
            continue
        if event == "start":
            if node is not root and (tag in _SKIP or _is_hidden(node)):
                skipping = node
                continue
            if tag == "table":
                needs_cell = bool(tables) and node.getparent().tag in _ROW_OR_TABLE
                if needs_cell:
                    outputs.append(tables[-1].add_cell().parts)
                outputs[-1].append("\n")
                tables.append(Table(needs_cell))
            elif tag == "tr" and tables:
                tables[-1].add_row()
            elif tag in ("td", "th") and tables:
                outputs.append(tables[-1].add_cell(node).parts)
            elif _breaks_line(node):
                outputs[-1].append("\n")
            _add(outputs[-1], node.text)
            continue
        if tag in ("td", "th") and tables and len(outputs) > 1:
            outputs.pop()
        elif tag == "table" and tables:
            table = tables.pop()
            if tables:
                tables[-1].add_inner_table(table, outputs[-1])
            else:
                outputs[-1].append(render(table) + "\n")
            if table.needs_cell:
                outputs.pop()
        elif tag != "br" and _breaks_line(node):
            outputs[-1].append("\n")
        if node is not root:
            _add(outputs[-1], node.tail)
    return _lines(lines_of(outputs[0]))


def _add(parts: list[str | InnerTable], text: str | None) -> None:
    if text and text.isspace():
        parts.append(" ")  # the markup is indented
    elif text:
        # A line end in HTML source means a blank. Only this module puts line ends into the result.
        parts.append(fold(text).replace("\n", " ").replace("\t", " "))


def _breaks_line(node: etree._Element) -> bool:
    return (
        node.tag == "br"
        or node.tag in _BLOCK
        or (node.tag == "span" and bool(_DISPLAY_BLOCK.search(node.get("style") or "")))
    )


def _is_hidden(node: etree._Element) -> bool:
    """Return whether a page hides an element. A hidden block is none of these: it may be behind a tab."""
    if node.tag not in _HIDEABLE:
        return False
    style = node.get("style")
    return node.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def _lines(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        cells = [squeeze(cell) for cell in line.split("\t")]
        if any(cells):
            lines.append("\t".join(cells) if len(cells) > 1 else cells[0])
    return "\n".join(lines)
