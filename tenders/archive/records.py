"""Single WARC records as bytes: pages, answers of a portal with their requests, outcomes of crawls.

What a page is stands in the record's own headers: ``Tenders-Portal``, ``Tenders-Url`` (the public address, byte for byte),
``Tenders-Title`` (texts are JSON strings), ``Tenders-Listed`` (what the list said of it, a JSON object),
``Tenders-Published-On`` and, for answers, ``Tenders-Page``: ``detail`` is a notice's page, ``part`` a file that belongs to the
``detail`` record after it, ``list`` a page on the way, kept and not read again.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Literal
from urllib.parse import quote

import orjson
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.common.clock import utc_text
from pipelines.model import Page

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
PageRole = Literal["detail", "part", "list"]

CRAWL_URI = "urn:tenders:crawl"
_URI_SAFE = ":/?#[]@!$&'()*+,;=%~"
# Bodies are stored as the client handed them over: already without chunking.
_HOP_HEADERS = {"transfer-encoding", "connection", "keep-alive"}
# Credentials have no place in an archive that may be passed on.
_SECRET_HEADERS = {"cookie", "set-cookie", "authorization", "proxy-authorization"}


def page_record(page: Page) -> bytes:
    """One page as a compressed WARC ``resource`` record, its text as UTF-8."""
    headers = _page_headers(page.portal, page.url, page.title, page.published_on, page.listed)
    return _record(
        "resource",
        page.url,
        page.fetched_at,
        page.body.encode("utf-8", "replace"),
        headers,
        content_type=page.content_type,
    )


def crawl_record(crawl: Mapping[str, Any], when: datetime) -> bytes:
    """The outcome of one crawl (a row of the table ``crawls``) as a compressed WARC ``metadata`` record."""
    return _record("metadata", CRAWL_URI, when, orjson.dumps(dict(crawl)), [], content_type="application/json")


def response_record(
    *,
    portal: str,
    url: str,
    public_url: str | None,
    fetched_at: datetime,
    method: str,
    request_body: bytes,
    request_headers: Headers,
    status: int,
    headers: Headers,
    body: bytes,
    title: str | None = None,
    published_on: date | None = None,
    listed: Mapping[str, str] | None = None,
    page: PageRole = "detail",
) -> bytes:
    """A response and its request (a POST interface answers many questions at one address) as compressed WARC records.

    ``url`` is the address that was fetched, ``public_url`` the notice's public page (None makes it no notice's page).
    ``body`` is the body as received, still in the content encoding that ``headers`` name, if any.
    """
    about = [*_page_headers(portal, public_url, title, published_on, listed or {}), ("Tenders-Page", page)]
    request = StatusAndHeaders(f"{method} {_path(url)} HTTP/1.1", _http_headers(request_headers), is_http_request=True)
    length = ("Content-Length", str(len(body)))
    answer = StatusAndHeaders(f"{status} -", [*_http_headers(headers), length], protocol="HTTP/1.1")
    return _record("response", url, fetched_at, body, about, http=answer) + _record(
        "request", url, fetched_at, request_body, [("Tenders-Portal", portal)], http=request
    )


def info_record() -> bytes:
    """The record a WARC file begins with."""
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
    return gzip.compress(plain.getvalue(), 6, mtime=0)
