"""HTML to text that keeps what a reader needs: one block per line, one table row per line, tabs between cells.

The walk is iterative. Markup nested ten thousand levels deep is slow at worst and never a crash.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
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
_CELL = frozenset(("td", "th"))
_TABLE_TAGS = frozenset(("td", "th", "table"))
_SHORT = 100  # characters


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


def has_text(element: etree._Element) -> bool:
    """Return whether there is any text in an element, that of scripts too."""
    return any(text.strip() for text in element.itertext())


def bare_text(html: str) -> str:
    """Return the text between the tags, one line per piece. For markup too broken or too deep for the parser."""
    source = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", html)
    return _lines(fold(re.sub(r"<[^<>]{0,2000}>", "\n", source)).replace("\t", " "))


def html_to_text(root: etree._Element) -> str:
    """Return the text of an element: one line per block, and one line per table row with tabs between its cells.

    What a page hides in and beside its tables is left out: rows and words of a template that were not filled in.
    """
    output: list[str | InnerTable] = []
    outputs, tables = [output], list[Table]()  # those of the open cells and tables
    # The open elements, each with its children that were not walked yet. `etree.iterwalk` is half as fast.
    path = [(root, root.tag, _open(root, root.tag, outputs, tables), iter(root))]
    while path:
        element, tag, breaks, children = path[-1]
        for node in children:
            name = node.tag
            if not isinstance(name, str):
                continue
            if name in _SKIP or (name in _HIDEABLE and _is_hidden(node)):
                if node.tail:
                    _add(node.tail, outputs[-1])
                continue
            node_breaks = _open(node, name, outputs, tables)
            if len(node):
                path.append((node, name, node_breaks, iter(node)))
                break
            if node_breaks or name in _TABLE_TAGS:
                _close(name, node_breaks, outputs, tables)
            if node.tail:
                _add(node.tail, outputs[-1])
        else:
            path.pop()
            if breaks or tag in _TABLE_TAGS:
                _close(tag, breaks, outputs, tables)
            if path and element.tail:
                _add(element.tail, outputs[-1])
    return _lines(lines_of(output))


def _open(node: etree._Element, tag: str, outputs: list[list[str | InnerTable]], tables: list[Table]) -> bool:
    """Begin an element, with the text before its first child. Returns whether it is a block on its own lines.

    ``tables`` are those that are open, and ``outputs`` the texts of their open cells, after that of the top level.
    """
    breaks = False
    if tag in _BLOCK:
        breaks = True
        outputs[-1].append("\n")
    elif tag == "table":
        parent = node.getparent() if tables else None
        needs_cell = parent is not None and parent.tag in _ROW_OR_TABLE
        if needs_cell:
            outputs.append(tables[-1].add_cell().parts)
        outputs[-1].append("\n")
        tables.append(Table(needs_cell))
    elif tag == "tr" and tables:
        tables[-1].add_row()
    elif tag in _CELL and tables:
        outputs.append(tables[-1].add_cell(node).parts)
    elif tag == "br":
        outputs[-1].append("\n")
    elif tag == "span" and (style := node.get("style")) and _DISPLAY_BLOCK.search(style):
        breaks = True
        outputs[-1].append("\n")
    if text := node.text:
        _add(text, outputs[-1])
    return breaks


def _close(tag: str, breaks: bool, outputs: list[list[str | InnerTable]], tables: list[Table]) -> None:
    """End an element that :func:`_open` began."""
    if breaks:
        outputs[-1].append("\n")
    elif tag in _CELL and tables and len(outputs) > 1:
        outputs.pop()
    elif tag == "table" and tables:
        table = tables.pop()
        if tables:
            tables[-1].add_inner_table(table, outputs[-1])
        else:
            outputs[-1].append(render(table) + "\n")
        if table.needs_cell:
            outputs.pop()


def _add(text: str, output: list[str | InnerTable]) -> None:
    """Add the text between two tags. Blanks alone indent the markup."""
    output.append(_short_words(text) if len(text) <= _SHORT else _words(text))


def _words(text: str) -> str:
    if text.isspace():
        return " "
    # A line end in HTML source means a blank. Only this module puts line ends into the result.
    return fold(text).replace("\n", " ").replace("\t", " ")


# Most short texts are those of the form, the same on page after page.
_short_words = lru_cache(maxsize=16_384)(_words)


def _is_hidden(node: etree._Element) -> bool:
    """Return whether a page hides an element. A hidden block is none of these: it may be behind a tab."""
    style = node.get("style")
    return node.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def _lines(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        if "\t" in line:
            cells = [squeeze(cell) for cell in line.split("\t")]
            if any(cells):
                lines.append("\t".join(cells))
        elif words := " ".join(line.split()):
            lines.append(words)
    return "\n".join(lines)
