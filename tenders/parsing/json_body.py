"""Notices whose detail address answers JSON: known portals by their keys, any other by its longest HTML text."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any

from pipelines.dates import read_date
from pipelines.document import from_text
from pipelines.text import fold, squeeze
from tenders.parsing.envelope import Envelope
from tenders.parsing.html import read_html
from tenders.parsing.pdf import pdf_text

_TITLE_KEYS = (
    "title",
    "name",
    "noticeTitle",
    "annoName",
    "docTitle",
    "resultAnnounceName",
    "projectName",
    "bulletinTitle",
    "infotitle",
)
_DATE_KEYS = (
    "publishDate",
    "noticeTime",
    "releaseTime",
    "infodate",
    "publishTime",
    "createDate",
    "publicationTimeStr",
    "noticePublishTime",
    "date",
)
_BUYER_KEYS = ("purchaser", "buyerName", "purchaseName", "purchaseMan")
_NUMBER_KEYS = ("openTenderCode", "projectCode", "projNumber", "projectNumber", "bidNo")
_CHANNEL_KEYS = ("noticeTypeName", "publishOneType_dictText", "annoType", "docType", "informationTypeText", "appNoticeTypeName")
# Names of attributes that the Shenzhen platform keeps beside the text.
_ATTRIBUTES = {"jygg_cgr": "buyer", "jygg_xmbh": "number"}
_MARKUP = re.compile(r"<(?:p|div|table|span|td|br|h\d|meta|body)\b", re.IGNORECASE)


def read_json(text: str) -> Envelope | None:
    """The envelope of a JSON answer. Raises ValueError where the text is no JSON; None where it holds no notice."""
    data: Any = json.loads(text)
    record = _record(data)
    content = _content(record, data)
    if content is None:
        return None
    envelope = _read_content(content)
    if envelope is None:
        return None
    envelope.title = _string(record, _TITLE_KEYS) or envelope.title
    envelope.published_on = (read_date(_string(record, _DATE_KEYS) or "")) or envelope.published_on
    envelope.buyer = _string(record, _BUYER_KEYS)
    envelope.number = _string(record, _NUMBER_KEYS)
    envelope.channel = _string(record, _CHANNEL_KEYS)
    identifier = record.get("id") or record.get("noticeId") or record.get("contentId") or record.get("infoid")
    envelope.notice_id = str(identifier) if isinstance(identifier, (str, int)) else None
    for attribute in record.get("attrs") or ():
        if isinstance(attribute, dict) and isinstance(attribute.get("attrValue"), str):
            field = _ATTRIBUTES.get(str(attribute.get("attrName")))
            if field and not getattr(envelope, field):
                setattr(envelope, field, attribute["attrValue"].strip() or None)
    return envelope


def _record(data: Any) -> dict[str, Any]:
    """The object that describes the notice: ``data``, ``result.data`` or ``custom.infodata[0]``, else the outermost one."""
    if not isinstance(data, dict):
        first = data[0] if isinstance(data, list) and data else None
        return first if isinstance(first, dict) else {}
    for path in (("custom", "infodata"), ("result", "data"), ("data",), ("result",)):
        node: Any = data
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, list) and node:
            node = node[0]
        if isinstance(node, dict) and node:
            return node
    return data


def _content(record: dict[str, Any], data: Any) -> str | None:
    for key in ("noticeContent", "content", "txt", "infocontent", "annoText", "context"):
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return value
    texts = [value for value in _strings(data) if _MARKUP.search(value)]
    if texts:
        return max(texts, key=len)
    plain = [value for value in _strings(data) if len(value) > 80]
    return max(plain, key=len) if plain else None


def _read_content(content: str) -> Envelope | None:
    if _MARKUP.search(content[:20_000]):
        return read_html(content)
    pdf = _pdf_bytes(content)
    if pdf is not None:
        return Envelope(text=from_text(pdf_text(pdf)))
    return Envelope(text=from_text(content))


def _pdf_bytes(content: str) -> bytes | None:
    head = re.sub(r"\s", "", content[:64]).removeprefix("data:application/pdf;base64,")
    if not head.startswith("JVBER"):
        return None
    try:
        return base64.b64decode(re.sub(r"\s", "", content).removeprefix("data:application/pdf;base64,"), validate=False)
    except (binascii.Error, ValueError):
        return None


def _strings(node: Any) -> Iterator[str]:
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _string(record: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return squeeze(re.sub(r"<[^>]{1,40}>", "", fold(value)))
    return None
