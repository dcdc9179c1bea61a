"""Single WARC records as bytes: pages, answers of a portal with their requests, outcomes of crawls.

Our own headers of a record describe its page. Texts in them are JSON strings.

* ``Tenders-Portal``, ``Tenders-Url`` (the public address, byte for byte), ``Tenders-Title``, ``Tenders-Published-On``
* ``Tenders-Listed``: what the portal's list says about the notice, a JSON object
* ``Tenders-Page``, for answers only: ``detail`` is the page of a notice, ``part`` is a file that belongs to the next
  ``detail`` record, ``attachment`` is a file that the notice before it links to, ``list`` is any other page; it is kept
  as evidence and never read as a notice
* ``Tenders-Attachment``, for a file that a notice links to: its name and public address, a JSON object. ``Tenders-Url``
  is the address of its notice
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

import orjson
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.common.clock import utc_text
from pipelines.model import Attachment, Page

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
PageRole = Literal["detail", "part", "attachment", "list"]

CRAWL_URI = "urn:tenders:crawl"
# Half the time of the usual level 6, for archives that are 2 to 6 % larger.
_COMPRESSION = 3
_URI_SAFE = ":/?#[]@!$&'()*+,;=%~"
# The client hands over bodies without chunking, so these headers would be wrong in the archive.
_HOP_HEADERS = {"transfer-encoding", "connection", "keep-alive"}
# An archive may be passed on, so credentials are left out.
_SECRET_HEADERS = {"cookie", "set-cookie", "authorization", "proxy-authorization"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedResponse:
    """An answer of a portal with its request, as the archive keeps it.

    ``url`` is the address that was fetched; ``public_url`` is the public page of its notice, None if there is no
    notice. ``body`` is as received, still in the content encoding that ``headers`` name, if any. ``title``,
    ``published_on`` and ``listed`` are what the portal's list says about the notice. ``attachment``: the ``name`` and
    public ``url`` of a file that the notice links to.
    """

    portal: str
    url: str
    public_url: str | None
    fetched_at: datetime
    method: str
    status: int
    headers: Headers
    body: bytes
    request_headers: Headers = ()
    request_body: bytes = b""
    title: str | None = None
    published_on: date | None = None
    listed: Mapping[str, str] = field(default_factory=dict)
    role: PageRole = "detail"
    attachment: Mapping[str, str] | None = None


def page_record(page: Page, record_id: UUID | None = None) -> bytes:
    """Return one page as a compressed WARC ``resource`` record, its text as UTF-8, with one record for each file.

    Without an id the record of the page gets a new one.
    """
    headers = _page_headers(page.portal, page.url, page.title, page.published_on, page.listed)
    if record_id:
        headers.append(("WARC-Record-ID", f"<{record_id.urn}>"))
    record = _record(
        "resource",
        page.url,
        page.fetched_at,
        page.body.encode("utf-8", "replace"),
        headers,
        content_type=page.content_type,
    )
    return record + b"".join(_attachment_record(page, attachment) for attachment in page.attachments)


def _attachment_record(page: Page, attachment: Attachment) -> bytes:
    about = _page_headers(page.portal, page.url, None, None, {})
    about.append(_attachment_header({"name": attachment.name, "url": attachment.url}))
    return _record(
        "resource",
        attachment.url or page.url,
        page.fetched_at,
        attachment.content,
        [*about, ("Tenders-Page", "attachment")],
        content_type=attachment.content_type or "application/octet-stream",
    )


def _attachment_header(attachment: Mapping[str, str]) -> tuple[str, str]:
    # In ASCII, as the name is what a stranger wrote.
    return "Tenders-Attachment", json.dumps(dict(attachment))


def crawl_record(crawl: Mapping[str, Any], when: datetime) -> bytes:
    """Return the outcome of one crawl (a row of the table ``crawls``) as a compressed WARC ``metadata`` record."""
    return _record("metadata", CRAWL_URI, when, orjson.dumps(dict(crawl)), [], content_type="application/json")


def response_record(response: ArchivedResponse) -> bytes:
    """Return a response and its request as compressed WARC records. (A POST address answers many queries.)"""
    page_headers = _page_headers(
        response.portal, response.public_url, response.title, response.published_on, response.listed
    )
    http_request = StatusAndHeaders(
        f"{response.method} {_path(response.url)} HTTP/1.1",
        _http_headers(response.request_headers),
        is_http_request=True,
    )
    if response.attachment is not None:
        page_headers.append(_attachment_header(response.attachment))
    length = ("Content-Length", str(len(response.body)))
    http_response = StatusAndHeaders(
        f"{response.status} -", [*_http_headers(response.headers), length], protocol="HTTP/1.1"
    )
    return _record(
        "response",
        response.url,
        response.fetched_at,
        response.body,
        [*page_headers, ("Tenders-Page", response.role)],
        http=http_response,
    ) + _record(
        "request",
        response.url,
        response.fetched_at,
        response.request_body,
        [("Tenders-Portal", response.portal)],
        http=http_request,
    )


def info_record() -> bytes:
    """Return the record that a WARC file begins with."""
    info = b"software: tenders\r\nformat: WARC File Format 1.1\r\n"
    return _record("warcinfo", None, datetime.now(UTC), info, [], content_type="application/warc-fields")


def _page_headers(
    portal: str, url: str | None, title: str | None, published_on: date | None, listed: Mapping[str, str]
) -> list[tuple[str, str]]:
    about = (("Portal", portal), ("Url", url), ("Title", title), ("Listed", dict(listed) or None))
    headers = [(f"Tenders-{name}", value) for name, value in about]
    written = [(name, orjson.dumps(value).decode()) for name, value in headers if value is not None]
    if published_on:
        written.append(("Tenders-Published-On", published_on.isoformat()))
    return written


def _http_headers(headers: Headers) -> list[tuple[str, str]]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    left_out = _HOP_HEADERS | _SECRET_HEADERS | {"content-length"}
    return [(name, value) for name, value in pairs if name.lower() not in left_out]


def _path(url: str) -> str:
    rest = quote(url, safe=_URI_SAFE).partition("://")[2].partition("#")[0]
    return "/" + rest.partition("/")[2]


def _record(
    kind: str,
    url: str | None,
    when: datetime,
    body: bytes,
    about: list[tuple[str, str]],
    *,
    content_type: str | None = None,
    http: StatusAndHeaders | None = None,
) -> bytes:
    plain = BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="WARC/1.1")
    record = writer.create_warc_record(
        quote(url, safe=_URI_SAFE) if url else None,
        kind,
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=content_type or "",
        warc_headers_dict={"WARC-Date": utc_text(when), **dict(about)},
        http_headers=http,
    )
    writer.write_record(record)
    return gzip.compress(plain.getvalue(), _COMPRESSION, mtime=0)
