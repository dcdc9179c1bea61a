"""Lines of capture files (``docs/reference/contract.md``) as pages."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from pipelines.common.clock import SHANGHAI
from pipelines.model import Attachment, Page, Rejected
from pipelines.text.charsets import decode_text
from pipelines.text.dates import read_stamp
from tenders import portals
from tenders.archive.compression import LARGEST_BODY, Unpacked, unpack_by_magic
from tenders.archive.decoding import clean
from tenders.archive.streams import LONGEST_LINE
from tenders.attachments import attachment_of

_CONTENT_TYPES = ("text/html", "application/json", "text/plain")
_TAG = re.compile(r"<[a-zA-Z!/][^<>]*>")
_NO_BASE64 = re.compile(r"^\s*data:[^,]{1,80},|\s+|=+\s*$")  # an address of data, line ends, the filling
_WEB_BASE64 = str.maketrans("-_", "+/")
_NUMBER = re.compile(r"\d{9,13}(?:\.\d{1,9})?")  # seconds or milliseconds since 1970, as text
_CHINESE_DAY = re.compile(r"(\d{4})年\s?(\d{1,2})月\s?(\d{1,2})日\s?")
_SHORT_PART = re.compile(r"(^|[-: ])(\d)(?=[-: ]|$)")  # 2025-7-4 9:05
_ZONE_NAME = re.compile(r"\s?(?:UTC|GMT)$")
# Each list or object takes far more memory than its two characters.
_MOST_JSON_PARTS = 2_000_000
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


def read_line(source: str, number: int, line: bytes | None) -> Page | Rejected | None:
    """Return the page on one line, or why there is none; None for a blank line.

    ``line`` is None if it is too long to read.
    """
    if line is None:
        return Rejected(source, number, f"the line is longer than {LONGEST_LINE // 1024**2} MB")
    if number == 1:
        line = line.removeprefix(b"\xef\xbb\xbf")
    if not line.strip():
        return None
    try:
        record = _parsed(line)
    except ValueError as error:
        return Rejected(source, number, str(error))
    portal = record.get("portal") if isinstance(record.get("portal"), str) else None
    url = record.get("url") if isinstance(record.get("url"), str) else None
    try:
        return _page(record)
    except (ValueError, OverflowError) as error:
        return Rejected(source, number, str(error), portal, url)


def _parsed(line: bytes) -> dict[str, Any]:
    if len(line) > _MOST_JSON_PARTS and line.count(b"[") + line.count(b"{") > _MOST_JSON_PARTS:
        raise ValueError(f"the line holds more than {_MOST_JSON_PARTS:,} lists and objects")
    if b"\x00" in line:
        raise ValueError("the line holds NUL bytes, so it is no JSON")
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        record = _parsed_leniently(line, error)
    if not isinstance(record, dict):
        raise ValueError(f"a JSON object is expected, not {type(record).__name__}")
    return record


def _parsed_leniently(line: bytes, error: orjson.JSONDecodeError) -> Any:
    """Return what strict JSON refuses: halves of surrogate pairs, NaN, and lines in GB18030."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return json.loads(line.decode(encoding))
        except RecursionError:
            raise ValueError("not JSON that can be read: it is nested too deeply") from None
        except ValueError:
            continue
    reason = str(error).partition(":")[0]
    raise ValueError(f"not JSON: {reason}")


def _page(record: dict[str, Any]) -> Page:
    url = record.get("url")
    if not isinstance(url, str) or not url.strip():
        raise ValueError("the page has no url")
    url = clean(url)
    body = _body(record)
    portal = record.get("portal")
    return portals.page_of(
        clean(portal.strip()) if isinstance(portal, str) and portal.strip() else None,
        url,
        read_instant(record.get("fetched_at")),
        _content_type(record.get("content_type"), body),
        body,
        title=clean(record["title"]) if isinstance(record.get("title"), str) and record["title"].strip() else None,
        published_on=read_stamp(record.get("published_on")),
        attachments=_attachments(record.get("attachments")),
    )


def _attachments(value: object) -> tuple[Attachment, ...]:
    """Return the files of a notice. One whose bytes cannot be decoded is empty, so that it is named as damaged."""
    files = [file for file in value if isinstance(file, dict)] if isinstance(value, list) else []
    return tuple(
        attachment_of(
            clean(_text(file, "url")),
            _text(file, "content_type"),
            _decoded(_text(file, "body_base64")) or b"",
            clean(_text(file, "name")),
        )
        for file in files
    )


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _decoded(text: str) -> bytes | None:
    """Return the bytes of a text in base64, however it is wrapped; None if it is none."""
    packed = _NO_BASE64.sub("", text).translate(_WEB_BASE64)
    try:
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _body(record: dict[str, Any]) -> str:
    body = record.get("body")
    if body is None:
        body = ""
    if not isinstance(body, str):
        # A JSON answer that was not put into a string.
        body = orjson.dumps(body).decode()
    if str(record.get("encoding", "")).lower() == "base64":
        raw = _decoded(body)
        if raw is None:
            raise ValueError("the body claims to be base64 and is not")
        raw = unpack_by_magic(Unpacked(raw)).body
        body = decode_text(raw, value if isinstance(value := record.get("content_type"), str) else None)
    # The archive keeps it in UTF-8, where a character has three bytes at most in practice.
    if len(body) > LARGEST_BODY // 3 and len(body.encode("utf-8", "replace")) > LARGEST_BODY:
        raise ValueError(f"the page has more than {LARGEST_BODY // 1024**2} MB")
    return clean(body)


def read_instant(value: object) -> datetime:
    """Return ``fetched_at`` as an aware instant; without a zone it is in Asia/Shanghai. Raises ValueError."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value > 1e11 else value
        when = datetime.fromtimestamp(seconds, SHANGHAI)
    elif isinstance(value, str) and value.strip():
        when = _written_instant(value.strip())
    else:
        raise ValueError("the page has no fetched_at")
    if not _FIRST_YEAR <= when.year <= _LAST_YEAR:
        raise ValueError(f"fetched_at is no time: year {when.year}")
    return when if when.tzinfo else when.replace(tzinfo=SHANGHAI)


def _written_instant(text: str) -> datetime:
    """Return an instant in ISO form, in that of HTTP headers, or as 2025年7月4日 12:00."""
    if not text[:4].isdigit():
        try:
            return parsedate_to_datetime(text)
        except ValueError:
            raise ValueError(f"fetched_at is no time: {text[:40]!r}") from None
    iso = _ZONE_NAME.sub("+00:00", _CHINESE_DAY.sub(r"\1-\2-\3 ", text).replace("/", "-"))
    try:
        return datetime.fromisoformat(_SHORT_PART.sub(r"\g<1>0\2", iso.strip()))
    except ValueError:
        raise ValueError(f"fetched_at is no time: {text[:40]!r}") from None


def _content_type(value: object, body: str) -> str:
    declared = value.partition(";")[0].strip().lower() if isinstance(value, str) else ""
    if declared in _CONTENT_TYPES:
        return declared
    if body.lstrip()[:1] in ("{", "["):
        return "application/json"
    return "text/html" if _TAG.search(body, 0, 20_000) else "text/plain"
