"""Notices whose detail address answers JSON: known portals by their keys, any other by its longest HTML text."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pipelines.pages.base64_bodies import MARKUP, strings, unwrapped
from pipelines.pages.envelope import Envelope
from pipelines.pages.html_pages import read_html
from pipelines.pages.pdf_pages import pdf_text
from pipelines.text.characters import fold, squeeze
from pipelines.text.dates import read_date
from pipelines.text.document import from_text

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
    "TITLE",
    "PURPRJ_NAME",
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
    "PUB_TIME",
)
_BUYER_KEYS = ("purchaser", "buyerName", "purchaseName", "purchaseMan")
_NUMBER_KEYS = ("openTenderCode", "projectCode", "projNumber", "projectNumber", "bidNo", "PURPRJ_CODE")
_CHANNEL_KEYS = (
    "noticeTypeName",
    "publishOneType_dictText",
    "annoType",
    "docType",
    "informationTypeText",
    "appNoticeTypeName",
)
_CONTENT_KEYS = ("noticeContent", "content", "txt", "infocontent", "annoText", "context", "CONT")
# Names of attributes that the Shenzhen platform keeps beside the text.
_ATTRIBUTES = {"jygg_cgr": "buyer", "jygg_xmbh": "number"}
# A notice told package by package: (list, name of a package, its text).
_PACKAGES = (("listPackage", "packageName", "packageContent"),)
_SHANGHAI = timedelta(hours=8)


def read_json(text: str) -> Envelope | None:
    """The envelope of a JSON answer. Raises ValueError where the text is no JSON; None where it holds no notice."""
    data: Any = text if unwrapped(text) is not None else json.loads(text)
    record = _record(data)
    content = _content(record, data)
    envelope = _read_content(content) if content is not None else None
    if envelope is None:
        if not _string(record, _TITLE_KEYS):
            return None
        envelope = Envelope(text="")  # a notice whose text stands in its files: 详见附件
    envelope.title = _string(record, _TITLE_KEYS) or envelope.title
    envelope.published_on = _day(record) or envelope.published_on
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
    """The object that describes the notice, where a portal is known to put it, else the outermost one."""
    if not isinstance(data, dict):
        first = data[0] if isinstance(data, list) and data else None
        return first if isinstance(first, dict) else {}
    for path in (
        ("custom", "infodata"),
        ("result", "data"),
        ("data", "data"),
        ("data",),
        ("result",),
        ("resultValue",),
    ):
        node: Any = data
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, list) and node:
            node = node[0]
        if isinstance(node, dict) and node:
            only = list(node.values())
            return only[0] if len(only) == 1 and isinstance(only[0], dict) and only[0] else node
    return data


def _content(record: dict[str, Any], data: Any) -> str | None:
    whole = next((value for key in _CONTENT_KEYS if isinstance(value := record.get(key), str) and value.strip()), "")
    packages = [part for part in _packages(record) if part not in whole]
    if whole or packages:
        return "\n".join(part for part in (whole, *packages) if part)
    texts = [value for value in strings(data) if MARKUP.search(value) or unwrapped(value) is not None]
    if texts:
        return max(texts, key=len)
    plain = [value for value in strings(data) if len(value) > 80]
    return max(plain, key=len) if plain else None


def _packages(record: dict[str, Any]) -> list[str]:
    """The text of each package, in the portal's order, below its name where its own text does not say it."""
    parts: list[str] = []
    for several, name, text in _PACKAGES:
        for number, package in enumerate(record.get(several) or (), 1):
            content = package.get(text) if isinstance(package, dict) else None
            if isinstance(content, str) and content.strip():
                title = str(package.get(name) or "").strip()
                head = f"<p>标包{number}：{html.escape(title)}</p>\n" if title and title not in content else ""
                parts.append(head + content)
    return parts


def _read_content(content: str) -> Envelope | None:
    found = None if MARKUP.search(content[:20_000]) else unwrapped(content)
    if isinstance(found, bytes):
        return Envelope(text=from_text(pdf_text(found)))
    page = found or content
    return read_html(page) if MARKUP.search(page[:20_000]) else Envelope(text=from_text(page))


def _day(record: dict[str, Any]) -> date | None:
    """The day of publication, from a text or from milliseconds since 1970 (in Asia/Shanghai)."""
    written = _string(record, _DATE_KEYS)
    if written:
        return read_date(written)
    instants = (record.get(key) for key in _DATE_KEYS)
    instant = next((value for value in instants if isinstance(value, (int, float)) and 1e12 < value < 1e13), None)
    return (datetime.fromtimestamp(instant / 1000, UTC) + _SHANGHAI).date() if instant else None


def _string(record: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = record.get(key)
        if isinstance(value, str) and value.strip():
            return squeeze(re.sub(r"<[^>]{1,40}>", "", fold(value)))
    return None
