"""Reduces a page to plain text, as text captures hold it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SKIP = {"script", "style"}
_BLOCK = {"p", "div", "ul", "h5", "title", "body", "html", "head"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIP:
            self._skipped += 1
        elif tag == "h2":
            self.out.append("\n\n## ")
        elif tag == "li":
            self.out.append("\n- ")
        elif tag in _BLOCK or tag == "br":
            self.out.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIP:
            self._skipped -= 1
        elif tag in _BLOCK or tag == "h2":
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.out.append(re.sub(r"[ \t\r\n]+", " ", data))


def flatten(html: str) -> str:
    """Return the text of a page without its markup.

    Paragraphs become lines and h2 becomes `## `. Table cells are joined, or separated by the white space of the source.
    """
    parser = _Text()
    parser.feed(html)
    parser.close()
    text = "".join(parser.out)
    lines = [line.strip(" ") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
