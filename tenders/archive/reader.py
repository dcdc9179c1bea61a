"""Pages out of WARC files: our own archive, and what wget or a browser extension saved."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import orjson
from w3lib.encoding import html_to_unicode
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from pipelines.model import Page
from tenders.archive.records import CRAWL_URI, Rejected
from tenders.archive.streams import open_stream
from tenders.portals import UnknownPortalError, load, portal_of
from tenders.portals.response_checks import judge

_READABLE = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "application/json": "application/json",
    "text/json": "application/json",
    "text/plain": "text/plain",
}
PDF = "application/pdf"
_UNTOLD = {"", "application/octet-stream", "application/x-unknown", "text/xml", "application/xml"}


@dataclass(frozen=True, slots=True)
class _Part:
    """One of several files of the notice at ``url``; the others, and the page itself, follow."""

    url: str
    body: str


class _QuietIterator(ArchiveIterator):  # type: ignore[misc]
    """warcio prints a warning for a wrong length; this reader reports by itself."""

    INC_RECORD = ""


def read_pages(path: Path) -> Iterator[Page | Rejected]:
    """The pages of a WARC file, compressed or not, in file order; what cannot be read is ``Rejected`` with the record's number.

    Records that hold no page (requests, lists, images, errors of a server) are passed over.
    """
    for item in read_archive(path):
        if isinstance(item, Page | Rejected):
            yield item


def read_archive(path: Path) -> Iterator[Page | Rejected | dict[str, Any]]:
    """Like ``read_pages``, and the outcomes of crawls as dictionaries."""
    reader, stream = open_stream(path)
    number = 0
    parts: dict[str, list[str]] = {}
    with reader:
        records = iter(_QuietIterator(reader))
        while True:
            try:
                record = next(records)
            except StopIteration:
                break
            except (ArchiveLoadFailed, EOFError, ValueError, AttributeError) as error:
                # A damaged stream has its own reason below; here a record's head makes no sense.
                if not stream.damage:
                    yield Rejected(str(path), number + 1, f"no WARC record here: {_first_line(error)}")
                break
            number += 1
            try:
                item = _item(record)
            except Exception as error:  # noqa: BLE001 - one record of another tool may break any rule; the others are still read
                item = f"unreadable WARC record: {_first_line(error)}"
            if isinstance(item, str):
                if not stream.damage:
                    yield Rejected(str(path), number, item)
            elif isinstance(item, _Part):
                parts.setdefault(item.url, []).append(item.body)
            elif isinstance(item, Page) and item.url in parts:
                yield replace(item, body="\n".join([*parts.pop(item.url), item.body]))
            elif item is not None:
                yield item
        if stream.damage:
            yield Rejected(str(path), number, stream.damage)
        elif number == 0:
            yield Rejected(str(path), 0, "no WARC record in the file")


def decode_page(content_type_header: str | None, body: bytes, *, pdf: bool = False) -> tuple[str, str] | None:
    """(content type of the contract, text) of a decompressed body, or None where it is no text that can be read.

    The character set is the header's, else the document's own, else UTF-8 or GB18030, whichever fits. With ``pdf`` a PDF
    file is a page too, its text the base64 of the file.
    """
    if pdf and body.startswith(b"%PDF"):
        return PDF, base64.b64encode(body).decode("ascii")
    declared = (content_type_header or "").partition(";")[0].strip().lower()
    if declared in _UNTOLD:
        kind = _sniffed(body)
    else:
        kind = _READABLE.get(declared) or ("application/json" if declared.endswith("+json") else None)
    if kind is None:
        return None
    _, text = html_to_unicode(content_type_header, body, auto_detect_fun=_detected)
    return kind, clean(text)


def clean(text: str) -> str:
    """Text that every later step can store: without NUL and without halves of surrogate pairs."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text


def _item(record: Any) -> Page | _Part | dict[str, Any] | str | None:
    """A page, a part of one, a crawl's outcome, a reason why the record is damaged, or None for a record without a page."""
    if record.rec_type not in ("response", "resource", "metadata"):
        return None
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    payload = record.raw_stream.read()
    if getattr(record.raw_stream, "limit", 0):
        return "the record is cut short"
    if record.rec_type == "metadata":
        return orjson.loads(payload) if address == CRAWL_URI else None
    when = _instant(record.rec_headers.get_header("WARC-Date"))
    if record.rec_type == "resource" and _ours(record, "Tenders-Url"):
        kind = record.rec_headers.get_header("Content-Type") or "text/html"
        return _page(record, address, when, kind, payload.decode("utf-8", "replace"))
    if not address.startswith(("http://", "https://")) or urlsplit(address).path == "/robots.txt":
        return None
    if record.rec_type == "response":
        if not record.http_headers or not record.http_headers.get_statuscode().startswith("2"):
            return None
        role = record.rec_headers.get_header("Tenders-Page")
        if _ours(record, "Tenders-Portal") and not (_ours(record, "Tenders-Url") and role in ("detail", "part")):
            return None
        header = record.http_headers.get_header("Content-Type")
        payload = _decoded(payload, record.http_headers)
    else:
        header, role = record.rec_headers.get_header("Content-Type"), None
    decoded = decode_page(header, payload, pdf=role is not None)
    if decoded is None:
        return None
    if role == "part":
        return _Part(_ours(record, "Tenders-Url") or address, decoded[1])
    if decoded[0] != PDF and _refused(record, decoded[1]):
        return None
    return _page(record, address, when, *decoded)


def _page(record: Any, address: str, when: datetime, kind: str, text: str) -> Page:
    published = record.rec_headers.get_header("Tenders-Published-On")
    url = _ours(record, "Tenders-Url") or address
    return Page(
        portal=_ours(record, "Tenders-Portal") or portal_name(url),
        url=url,
        fetched_at=when,
        content_type=kind,
        body=text,
        title=_ours(record, "Tenders-Title"),
        published_on=date.fromisoformat(published) if published else None,
        listed=_listed(record),
    )


def _refused(record: Any, text: str) -> bool:
    """Whether a crawl's answer is not the notice's page, as far as its portal's descriptor knows today: archived as evidence,
    and read once the descriptor knows the new layout."""
    portal = _ours(record, "Tenders-Portal")
    if portal is None:
        return False
    try:
        return judge(load(portal), "detail", text, _ours(record, "Tenders-Title")).kind != "ok"
    except UnknownPortalError:
        return False


def _ours(record: Any, name: str) -> str | None:
    written = record.rec_headers.get_header(name)
    return str(orjson.loads(written)) if written else None


def _listed(record: Any) -> dict[str, str]:
    written = record.rec_headers.get_header("Tenders-Listed")
    return dict(orjson.loads(written)) if written else {}


def portal_name(url: str) -> str:
    """The portal that publishes at this address, else the host's name."""
    portal = portal_of(url)
    return portal.name if portal else (urlsplit(url).hostname or "unknown")


def _instant(text: str | None) -> datetime:
    when = datetime.fromisoformat(text or "")
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _decoded(payload: bytes, headers: Any) -> bytes:
    """Undo chunking and compression; browser extensions name an encoding that they have undone already, so both are tried."""
    if (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        payload = ChunkedDataReader(BytesIO(payload)).read()
    for encoding in reversed((headers.get_header("Content-Encoding") or "").lower().split(",")):
        try:
            payload = _decompressed(payload, encoding.strip())
        except (OSError, EOFError, zlib.error, brotli.error):
            return payload
    return payload


def _decompressed(payload: bytes, encoding: str) -> bytes:
    if encoding in ("gzip", "x-gzip"):
        return gzip.decompress(payload)
    if encoding == "br":
        return bytes(brotli.decompress(payload))
    if encoding == "deflate":
        try:
            return zlib.decompress(payload)
        except zlib.error:
            return zlib.decompress(payload, -zlib.MAX_WBITS)
    if encoding in ("", "identity"):
        return payload
    raise ValueError(f"content encoding {encoding} is not supported")


def _sniffed(body: bytes) -> str | None:
    head = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"{", b"[")):
        return "application/json"
    return "text/html" if b"<html" in head or b"<!doctype html" in head or b"<body" in head or b"<div" in head else None


def _detected(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A body that was cut inside its last character is still UTF-8.
        return "utf-8" if error.start >= len(body) - 3 else "gb18030"
    return "utf-8"


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
