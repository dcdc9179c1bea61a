"""Notices that come as JSON: by the paths and keys that come with the page, or by the longest HTML text.

Where they are comes with the page (``pipelines.model.Locator``).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from pipelines.model import AttributeKeys, Locator, PackageKeys
from pipelines.pages.base64_bodies import MARKUP, strings, unwrapped
from pipelines.pages.envelope import Envelope, plain_title
from pipelines.pages.escaped_pages import without_escapes
from pipelines.pages.html_pages import read_html
from pipelines.pages.pdf_pages import pdf_text
from pipelines.text.dates import read_stamp
from pipelines.text.document import from_text

_CHINESE = re.compile("[\u3400-\u9fff]")
_SHORTEST_CONTENT = 80  # characters of a plain text that may be a notice
_MARKUP_WITHIN = 20_000  # characters
_DEEPEST_DOCUMENT = 3  # levels at which an object may be written as a text
_MOST_WRAPPED = 6  # layers


def read_json(text: str, locator: Locator) -> Envelope | None:
    """Return the envelope of a JSON answer; None if it holds no notice. Raises ValueError if the text is not JSON."""
    data: Any = text if unwrapped(text) is not None else _expanded(json.loads(text))
    record = _record(data, locator)
    content = _content(record, data, locator)
    envelope = _read_content(content, locator) if content is not None else None
    title = _string(record, locator.title_keys)
    if envelope is None:
        if not title:
            return None
        envelope = Envelope(text="")  # a notice whose text is in its files: 详见附件
    envelope.title = title or envelope.title
    envelope.published_on = _day(record, locator) or envelope.published_on
    envelope.buyer = _string(record, locator.buyer_keys)
    envelope.number = _string(record, locator.number_keys)
    envelope.channel = _string(record, locator.channel_keys)
    identifier = next((record[key] for key in locator.id_keys if record.get(key)), None)
    envelope.notice_id = str(identifier) if isinstance(identifier, str | int) else None
    _add_attributes(envelope, record, locator.attributes)
    return envelope


def _add_attributes(envelope: Envelope, record: dict[str, Any], alternatives: Iterable[AttributeKeys]) -> None:
    """Add the buyer and the project number that a list of named values gives beside the text."""
    for keys in alternatives:
        for attribute in record.get(keys.list) or ():
            if not isinstance(attribute, dict) or not isinstance(attribute.get(keys.value), str):
                continue
            field, value = keys.fields.get(str(attribute.get(keys.name))), attribute[keys.value].strip() or None
            if field == "buyer":
                envelope.buyer = envelope.buyer or value
            elif field == "number":
                envelope.number = envelope.number or value


def _expanded(data: Any, depth: int = 0) -> Any:
    """Return a document with the objects that some of its texts hold as JSON: {"data": "{\\"title\\": …}"}."""
    if isinstance(data, str) and data.lstrip().startswith("{") and data.rstrip().endswith("}"):
        try:
            inner = json.loads(data)
        except (ValueError, RecursionError):
            return data
        return inner if isinstance(inner, dict) else data
    if isinstance(data, dict) and depth < _DEEPEST_DOCUMENT:
        return {key: _expanded(value, depth + 1) for key, value in data.items()}
    return data


def _record(data: Any, locator: Locator) -> dict[str, Any]:
    """Return the object that describes the notice."""
    if not isinstance(data, dict):
        first = data[0] if isinstance(data, list) and data else None
        return first if isinstance(first, dict) else {}
    for path in locator.contents:
        *parents, key = path.split(".")
        described = _at(data, parents)
        if isinstance(described, dict) and described.get(key):
            return described
    for path in locator.records:
        node = _at(data, path.split("."))
        if isinstance(node, list) and node:
            node = node[0]
        if isinstance(node, dict) and node:
            inner = list(node.values())
            return inner[0] if len(inner) == 1 and isinstance(inner[0], dict) and inner[0] else node
    return data


def _at(data: Any, path: Iterable[str]) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _content(record: dict[str, Any], data: Any, locator: Locator) -> str | None:
    """Return the text of the notice: that of a known key, the longest one that is a page, or the longest of all."""
    keys = (*(path.rpartition(".")[2] for path in locator.contents), *locator.content_keys)
    text = next((value for key in keys if isinstance(value := record.get(key), str) and value.strip()), "")
    packages = [part for part in _packages(record, locator.packages) if part not in text]
    if text or packages:
        return "\n".join(part for part in (text, *packages) if part)
    pages = [value for value in strings(data) if MARKUP.search(value) or unwrapped(value) is not None]
    pages = pages or [plain for value in strings(data) if MARKUP.search(plain := without_escapes(value))]
    if pages:
        return max(pages, key=len)
    # The stack trace of a server's error is no notice.
    texts = [value for value in strings(data) if len(value) > _SHORTEST_CONTENT and _CHINESE.search(value)]
    return max(texts, key=len) if texts else None


def _packages(record: dict[str, Any], alternatives: Iterable[PackageKeys]) -> list[str]:
    """Return the text of each package in the portal's order, after its name if the text does not contain it."""
    parts: list[str] = []
    for keys in alternatives:
        for number, package in enumerate(record.get(keys.list) or (), 1):
            content = package.get(keys.text) if isinstance(package, dict) else None
            if isinstance(content, str) and content.strip():
                name = str(package.get(keys.name) or "").strip()
                head = f"<p>标包{number}：{html.escape(name)}</p>\n" if name and name not in content else ""
                parts.append(head + content)
    return parts


def _read_content(content: str, locator: Locator) -> Envelope | None:
    content = _innermost(content)
    page = None if MARKUP.search(content, 0, _MARKUP_WITHIN) else unwrapped(content)
    if isinstance(page, bytes):
        return Envelope(text=from_text(pdf_text(page)))
    text = page or content
    return read_html(text, locator) if MARKUP.search(text, 0, _MARKUP_WITHIN) else Envelope(text=from_text(text))


def _innermost(content: str) -> str:
    """Return the text of a notice without escapes, out of the JSON documents that it may be wrapped in."""
    for _ in range(_MOST_WRAPPED):
        texts = _texts_inside(content)
        if texts:
            content = max((text for text in texts if MARKUP.search(text)), key=len, default=max(texts, key=len))
            continue
        plain = without_escapes(content)
        if plain == content:
            break
        content = plain
    return content


def _texts_inside(content: str) -> list[str]:
    """Return the texts in a JSON document; none if ``content`` is no JSON document."""
    start = content.lstrip()
    if not start.startswith(("{", "[", '"')):
        return []
    try:
        return list(strings(json.loads(start)))
    except (ValueError, RecursionError):
        return []


def _day(record: dict[str, Any], locator: Locator) -> date | None:
    """Return the day of publication in Asia/Shanghai, however the interface writes an instant."""
    values = (record.get(key) for key in locator.date_keys)
    days = (read_stamp(plain_title(value) if isinstance(value, str) else value) for value in values)
    return next((day for day in days if day), None)


def _string(record: dict[str, Any], keys: Iterable[str]) -> str | None:
    """Return the first text at one of these keys, without markup."""
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return plain_title(value)
    return None
