"""An Atom feed of awards, as one file that any web server can hand out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from pipelines.common.atomic_files import sync_path

_ATOM = "http://www.w3.org/2005/Atom"
_TITLE = "大模型项目中标（成交）"
# Characters that no XML file may hold, escaped or not.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_URI_SAFE = ":/?#[]@!$&'()*+,;=%~"


@dataclass(frozen=True, slots=True)
class Entry:
    """``key`` names the entry for good, ``since`` is when it was first known, ``links`` are http addresses, the best first."""

    key: str
    title: str
    text: str
    since: datetime
    links: Sequence[str]


def write(path: Path, entries: Iterable[Entry]) -> None:
    """The feed in place of the one before, at once; in the order given. The same entries give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(render(entries))
    sync_path(draft)
    os.replace(draft, path)


def render(entries: Iterable[Entry]) -> bytes:
    """The feed as UTF-8."""
    ET.register_namespace("", _ATOM)
    shown = list(entries)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"})
    _add(feed, "id", _urn("feed"))
    _add(feed, "title", _TITLE)
    _add(feed, "updated", _moment(max((entry.since for entry in shown), default=datetime.fromtimestamp(0, UTC))))
    _add(_add(feed, "author"), "name", "tenders")
    for entry in shown:
        node = _add(feed, "entry")
        _add(node, "id", _urn(entry.key))
        _add(node, "title", entry.title)
        _add(node, "updated", _moment(entry.since))
        for number, link in enumerate(entry.links):
            href = quote(_NO_XML.sub("", link), safe=_URI_SAFE)
            _add(node, "link").attrib.update(
                {"rel": "related" if number else "alternate", "type": "text/html", "href": href}
            )
        _add(node, "content", entry.text).set("type", "text")
    ET.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, "unicode")}\n'.encode()


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    node = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text is not None:
        node.text = _NO_XML.sub("", text)
    return node


def _urn(key: str) -> str:
    """An id that is the same wherever the feed is made."""
    return uuid5(NAMESPACE_URL, f"tenders:{key}").urn


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
