"""An Atom feed of awards, as one file that any web server can deliver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from pipelines.common.atomic_files import replacing
from pipelines.common.safe_text import storable

_ATOM = "http://www.w3.org/2005/Atom"
_TITLE = "大模型项目中标（成交）"
_URI_SAFE = ":/?#[]@!$&'()*+,;=%~"


@dataclass(frozen=True, slots=True)
class Entry:
    """One award. ``key`` identifies it forever, ``since`` is when it was first seen; the best of ``links`` is first."""

    key: str
    title: str
    text: str
    since: datetime
    links: Sequence[str]


@dataclass(frozen=True, slots=True)
class About:
    """What a feed says of itself. ``key`` identifies it forever, ``page`` is its site, ``own_address`` its address."""

    key: str = "feed"
    title: str = _TITLE
    language: str = "zh-CN"
    author: str = "tenders"
    page: str | None = None
    own_address: str | None = None


def write_feed(path: Path, entries: Iterable[Entry]) -> None:
    """Replace the feed, atomically. The same entries in the same order give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as draft:
        draft.write_bytes(render_feed(entries))


def render_feed(entries: Iterable[Entry], about: About = About()) -> bytes:
    """Return the feed as UTF-8."""
    ET.register_namespace("", _ATOM)
    listed = list(entries)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": about.language})
    _add(feed, "id", _urn(about.key))
    _add(feed, "title", about.title)
    _add(feed, "updated", _instant(max((entry.since for entry in listed), default=datetime.fromtimestamp(0, UTC))))
    _add(_add(feed, "author"), "name", about.author)
    for relation, kind, address in (
        ("self", "application/atom+xml", about.own_address),
        ("alternate", "text/html", about.page),
    ):
        if address:
            _link(feed, relation, kind, address)
    for entry in listed:
        node = _add(feed, "entry")
        _add(node, "id", _urn(entry.key))
        _add(node, "title", entry.title)
        _add(node, "updated", _instant(entry.since))
        for number, link in enumerate(entry.links):
            relation = "related" if number else "alternate"
            _link(node, relation, "text/html", link)
        _add(node, "content", entry.text).set("type", "text")
    ET.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, "unicode")}\n'.encode()


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    node = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text is not None:
        node.text = storable(text)
    return node


def _link(parent: ET.Element, relation: str, kind: str, address: str) -> None:
    href = quote(storable(address), safe=_URI_SAFE)
    _add(parent, "link").attrib.update({"rel": relation, "type": kind, "href": href})


def _urn(key: str) -> str:
    """Return an id that is the same on every machine."""
    return uuid5(NAMESPACE_URL, f"tenders:{key}").urn


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
