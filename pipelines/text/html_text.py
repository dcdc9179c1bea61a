"""HTML to text that keeps what a reader needs: one block per line, one table row per line, tabs between cells.

The walk is iterative. Markup nested ten thousand levels deep is slow at worst and never a crash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

from pipelines.text.characters import fold, squeeze

_BLOCK = frozenset(
    "address article aside blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr "
    "html li main nav ol p "
    "pre section ul option caption thead tbody tfoot".split()
)
_SKIP = frozenset("script style noscript template iframe object select textarea svg title".split())
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Some forms have their sections in <span style="display: block">.
_DISPLAY_BLOCK = re.compile(r"display\s*:\s*block")
_MAX_SPAN = 60


@dataclass(slots=True)
class _Cell:
    rows: int
    columns: int
    parts: list[str] = field(default_factory=list)
    nested: bool = False


@dataclass(slots=True)
class _Table:
    rows: list[list[_Cell]] = field(default_factory=list)


def parse_html(html: str) -> lxml.html.HtmlElement | None:
    """Return the element tree of a page or fragment. None if there is no markup to read."""
    source = _XML_DECLARATION.sub("", html.replace("\x00", ""))
    if not source.strip():
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None


def bare_text(html: str) -> str:
    """Return the text between the tags, one line per piece. For markup too broken or too deep for the parser."""
    source = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", html)
    return _lines(fold(re.sub(r"<[^<>]{0,2000}>", "\n", source)).replace("\t", " "))


def html_to_text(root: lxml.html.HtmlElement) -> str:
    """Return the text of an element: one line per block, and one line per table row with tabs between its cells.

    A cell that spans rows is repeated in each row. A cell that spans columns is followed by empty cells. A row of one
    cell, or with another table in it, is there for the layout and holds no data: its cells become lines.
    """
    outputs: list[list[str]] = [[]]
    tables: list[_Table] = []
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
            if tag in _SKIP and node is not root:
                skipping = node
                continue
            if tag == "table":
                outputs[-1].append("\n")
                tables.append(_Table())
            elif tag == "tr" and tables:
                tables[-1].rows.append([])
            elif tag in ("td", "th") and tables:
                if not tables[-1].rows:
                    tables[-1].rows.append([])
                cell = _Cell(_span(node, "rowspan"), _span(node, "colspan"))
                tables[-1].rows[-1].append(cell)
                outputs.append(cell.parts)
            elif _breaks_line(node):
                outputs[-1].append("\n")
            _add(outputs[-1], node.text)
            continue
        if tag in ("td", "th") and tables and len(outputs) > 1:
            outputs.pop()
        elif tag == "table" and tables:
            text = _render(tables.pop())
            outputs[-1].append(text + "\n")
            if tables and tables[-1].rows and tables[-1].rows[-1]:
                tables[-1].rows[-1][-1].nested = True
        elif tag != "br" and _breaks_line(node):
            outputs[-1].append("\n")
        if node is not root:
            _add(outputs[-1], node.tail)
    return _lines("".join(outputs[0]))


def _add(parts: list[str], text: str | None) -> None:
    if text:
        # A line end in HTML source means a blank. Only this module puts line ends into the result.
        parts.append(fold(text).replace("\n", " ").replace("\t", " "))


def _breaks_line(node: etree._Element) -> bool:
    return (
        node.tag == "br"
        or node.tag in _BLOCK
        or (node.tag == "span" and bool(_DISPLAY_BLOCK.search(node.get("style") or "")))
    )


def _span(node: etree._Element, name: str) -> int:
    digits = re.match(r"\s*(\d{1,3})", node.get(name) or "")
    return min(max(int(digits.group(1)), 1), _MAX_SPAN) if digits else 1


def _lines(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        cells = [squeeze(cell) for cell in line.split("\t")]
        if any(cells):
            lines.append("\t".join(cells) if len(cells) > 1 else cells[0])
    return "\n".join(lines)


def _render(table: _Table) -> str:
    # Cells that span rows, by column: how many more rows they reach, and their text.
    spanning: dict[int, tuple[int, str]] = {}
    lines: list[str] = []
    for row in table.rows:
        filled = [cell for cell in row if "".join(cell.parts).strip()]
        if any(cell.nested for cell in row) or (len(row) == 1 and not spanning):
            lines.extend("".join(cell.parts) for cell in filled)
            continue
        cells: list[str] = []
        for cell in row:
            _add_spanning_cells(cells, spanning)
            text = squeeze("".join(cell.parts))
            if cell.rows > 1:
                spanning[len(cells)] = (cell.rows - 1, text)
            cells.append(text)
            cells.extend("" for _ in range(cell.columns - 1))
        _add_spanning_cells(cells, spanning)
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _add_spanning_cells(cells: list[str], spanning: dict[int, tuple[int, str]]) -> None:
    """Append the cells that reach down from a row above."""
    while len(cells) in spanning:
        rows_left, text = spanning.pop(len(cells))
        if rows_left > 1:
            spanning[len(cells)] = (rows_left - 1, text)
        cells.append(text)
