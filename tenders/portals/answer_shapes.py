"""Where an answer that has another form than its descriptor says keeps its rows or its notice.

The results are proposals for a person who corrects a descriptor. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from parsel import Selector

from tenders.portals.descriptor import Portal

_LEAST_LINKS = 2
_LEAST_SHARE = 0.6  # of the text of a page, in the element of its notice
_LEAST_TEXT = 80  # characters of a text that may be a notice
_DEEPEST = 6
_MOST_SHOWN = 3
_SAFE_NAME = re.compile(r"[\w-]{1,60}")


def row_paths(text: str) -> list[str]:
    """Return the dotted paths at which a JSON answer has arrays of objects, the longest array first."""
    data = _parsed(text)
    arrays = [
        (len(value), path)
        for path, value in _values(data)
        if isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
    ]
    return [path for _, path in sorted(arrays, key=lambda pair: -pair[0])][:_MOST_SHOWN]


def row_keys(text: str, path: str) -> list[str]:
    """Return the keys of the first entry of the array at a path of a JSON answer."""
    for found, value in _values(_parsed(text)):
        if found == path and isinstance(value, list) and value and isinstance(value[0], dict):
            return [str(key) for key in value[0]][:20]
    return []


def text_paths(text: str) -> list[str]:
    """Return the dotted paths at which a JSON answer has long texts, the longest first."""
    texts = [
        (len(value), path)
        for path, value in _values(_parsed(text))
        if isinstance(value, str) and len(value) >= _LEAST_TEXT
    ]
    return [path for _, path in sorted(texts, key=lambda pair: -pair[0])][:_MOST_SHOWN]


def list_containers(text: str, portal: Portal) -> list[str]:
    """Return the id of the smallest element with an id around the links to notices, and names of smaller ones."""
    page = _page(text)
    links = [link for link in page.xpath("//a[@href]") if _is_notice(link.attrib["href"], portal)] if page else []
    if len(links) < _LEAST_LINKS:
        return []
    smaller: list[str] = []
    for element in reversed(links[0].xpath("ancestor::*[not(self::body or self::html)]")):
        inside = [link for link in element.xpath(".//a[@href]") if _is_notice(link.attrib["href"], portal)]
        if len(inside) < _LEAST_LINKS:
            continue
        names = _names(element)
        if element.attrib.get("id") in names:
            return [*names, *smaller][:_MOST_SHOWN]
        smaller += names
    return smaller[:_MOST_SHOWN]


def notice_containers(text: str) -> list[str]:
    """Return ids or class names of the smallest element that has most of the text of an HTML page."""
    page = _page(text)
    if page is None:
        return []
    total = _length(page.xpath("//body") or page)
    best: list[str] = []
    for element in page.xpath("//body//*[@class or @id]"):
        if _length([element]) >= total * _LEAST_SHARE and (names := _names(element)):
            best = names  # document order: a later one is inside an earlier one
    return best


def links_shown(text: str) -> list[str]:
    """Return some addresses to which an HTML page links."""
    page = _page(text)
    links = page.xpath("//li//a/@href | //td//a/@href | //a/@href").getall() if page else []
    return list(dict.fromkeys(link for link in links if len(link) > 12 and "javascript" not in link))[:_MOST_SHOWN]


def _is_notice(address: str, portal: Portal) -> bool:
    return portal.notice_id is not None and portal.notice_id.search(address) is not None


def _length(elements: Any) -> int:
    return sum(len("".join("".join(element.xpath(".//text()").getall()).split())) for element in elements)


def _names(element: Selector) -> list[str]:
    names = [element.attrib.get("id", ""), *element.attrib.get("class", "").split()]
    return [name for name in names if _SAFE_NAME.fullmatch(name)]


def _page(text: str) -> Selector | None:
    try:
        return Selector(text) if text.strip() else None
    except ValueError:
        return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff \t\r\n"))
    except (ValueError, RecursionError):
        return None


def _values(data: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield every value of a JSON document that keys alone lead to, with its path. A text may be JSON itself."""
    yield path, data
    if isinstance(data, str) and data.startswith("{"):
        data = _parsed(data)
    if isinstance(data, dict) and depth < _DEEPEST:
        for key, value in data.items():
            yield from _values(value, f"{path}.{key}".lstrip("."), depth + 1)
