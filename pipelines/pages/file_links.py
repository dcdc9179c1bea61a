"""The files that the page of a notice links to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

from pipelines.common.addresses import join_address
from pipelines.model import FileKeys, Locator, Page
from pipelines.pages.base64_bodies import strings
from pipelines.pages.page_templates import template_locator
from pipelines.text.characters import fold, squeeze
from pipelines.text.html_text import parse_html, select, text_of

_ENDING = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|zip|rar)(?=$|[?&#\s\"'<>）)】])", re.IGNORECASE)
_LINK = re.compile(r"<a\b", re.IGNORECASE)
_LONGEST_URL = 2_000
_MOST_LINKS = 200


class FileLink(NamedTuple):
    """A file that a notice links to: its public address, and its name as the page shows it."""

    url: str
    name: str


def file_links(page: Page) -> list[FileLink]:
    """Return the files that a page links to, each once, in its order. Pure; it reads what the page says and no file."""
    locator = page.locator or template_locator()
    links: dict[str, FileLink] = {}
    for link in _links(page, locator):
        if link.url.startswith(("http://", "https://")) and len(link.url) <= _LONGEST_URL:
            links.setdefault(link.url, link)
        if len(links) >= _MOST_LINKS:
            break
    return list(links.values())


def _links(page: Page, locator: Locator) -> Iterator[FileLink]:
    if page.content_type.startswith("application/json"):
        try:
            data = json.loads(page.body)
        except (ValueError, RecursionError):
            return
        for keys in locator.files:
            yield from _listed_files(data, keys, page.url)
        for text in strings(data):
            yield from _linked_files(text, page.url, locator)
    elif page.content_type.startswith("text/html"):
        yield from _linked_files(page.body, page.url, locator)


def _linked_files(markup: str, base: str, locator: Locator) -> Iterator[FileLink]:
    if not _LINK.search(markup) or not (_ENDING.search(markup) or locator.file_elements):
        return
    root = parse_html(markup)
    if root is None:
        return
    for elements in locator.file_elements:
        for element in select(root, elements.selector):
            value = (element.get(elements.attribute) or "").strip()
            if value:
                yield FileLink(elements.address.format(value=quote(value, safe="")), _name(element))
    for element in select(root, "a[href]"):
        href, name = (element.get("href") or "").strip(), _name(element)
        if _ENDING.search(href) or (_ENDING.search(name) and not href.startswith(("#", "javascript:"))):
            yield FileLink(join_address(base, href), name)


def _listed_files(data: Any, keys: FileKeys, base: str) -> Iterator[FileLink]:
    """Yield the files in every list of that name in a JSON document."""
    waiting = [data]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            waiting.extend(node.values())
            entries = node.get(keys.list)
            for entry in entries if isinstance(entries, list) else ():
                url, name = (entry.get(key) for key in (keys.url, keys.name)) if isinstance(entry, dict) else ("", "")
                if isinstance(url, str) and url.strip():
                    yield FileLink(join_address(base, url), squeeze(fold(str(name or ""))))


def _name(element: Any) -> str:
    """Return the name of a linked file: the text of the link, or its title."""
    return squeeze(fold(text_of(element))) or squeeze(fold(element.get("title") or ""))
