"""Pages out of WARC files: our own archive, and what wget or a browser extension saved, also as WACZ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, cast
from urllib.parse import urlsplit

import orjson
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed

from pipelines.common.safe_text import first_line
from pipelines.model import Attachment, Page, Rejected
from tenders import portals
from tenders.archive import wacz
from tenders.archive.compression import LARGEST_BODY, Unpacked, unpack, unpack_by_magic
from tenders.archive.decoding import PDF, decode_page
from tenders.archive.records import CRAWL_URI
from tenders.archive.streams import buffered
from tenders.attachments import attachment_of
from tenders.portals.response_checks import check

_LONGEST_REASON = 200
_LARGEST_HEAD = 1_000_000  # bytes
_BLOCK_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class _Part:
    """One of several files of the notice at ``url``. The other files come next, then the page itself."""

    url: str
    body: str


@dataclass(frozen=True, slots=True)
class _AttachedFile:
    """A file that the notice at ``url`` links to. It comes after the page of the notice."""

    url: str
    attachment: Attachment


@dataclass(frozen=True, slots=True)
class _Damaged:
    """A record that cannot be read, and why. ``item`` is what could be read of it nevertheless."""

    reason: str
    item: Page | _Part | _AttachedFile | None = None


Outcome = dict[str, Any]  # one crawl, as a row of the table ``crawls``


class _BoundedHeads(DecompressingBufferedReader):  # type: ignore[misc]
    """Refuses the head of a record that has more bytes than any real one. warcio would keep them all."""

    _head_bytes = 0

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or _LARGEST_HEAD, _LARGEST_HEAD))
        self._head_bytes += len(line)
        if self._head_bytes > _LARGEST_HEAD:
            raise ValueError(f"its head is longer than {_LARGEST_HEAD:,} bytes")
        return line

    def read(self, length: int | None = None) -> bytes:
        self._head_bytes = 0
        content: bytes = super().read(length)
        return content


class _BoundedIterator(ArchiveIterator):  # type: ignore[misc]
    """warcio prints a warning about a wrong length; this reader reports it instead. It bounds the heads of records."""

    INC_RECORD = ""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.reader = _BoundedHeads(self.fh, block_size=_BLOCK_BYTES)


def read_pages(path: Path) -> Iterator[Page | Rejected]:
    """Yield the pages of a WARC or WACZ file, compressed or not, in file order.

    What cannot be read is ``Rejected`` with the number of its record. Records without a page (requests, lists, images,
    errors of a server) are skipped.
    """
    for item in read_archive(path):
        if isinstance(item, Page | Rejected):
            yield item


def read_archive(path: Path) -> Iterator[Page | Rejected | Outcome]:
    """Yield what ``read_pages`` yields, and the outcomes of crawls as dictionaries."""
    if not wacz.is_zip(path):
        yield from _read_warc(path, path.open("rb"))
        return
    try:
        for file in wacz.warc_files(path):
            yield from _read_warc(path, file)
    except wacz.NoWaczError as error:
        yield Rejected(str(path), 0, str(error))


def _read_warc(path: Path, file: IO[bytes]) -> Iterator[Page | Rejected | Outcome]:
    """Yield what is in one WARC file, and close it. ``path`` is where it is, or the WACZ file it is in."""
    reader, stream = buffered(cast("BinaryIO", file))
    number, makes_sense = 0, True
    parts: dict[str, list[str]] = {}
    page: Page | None = None  # waits for its files, which come after it
    with reader:
        records = iter(_BoundedIterator(reader))
        while True:
            try:
                record = next(records)
            except StopIteration:
                break
            except (ArchiveLoadFailed, EOFError, ValueError, AttributeError) as error:
                # A damaged stream has its own reason below; here the head of a record makes no sense.
                makes_sense = False
                if not stream.damage:
                    yield Rejected(str(path), number + 1, f"no WARC record here: {first_line(error)[:_LONGEST_REASON]}")
                break
            number += 1
            if record.rec_type == "warcinfo":
                # Here another file began before several were combined: what one lacks is not in the next.
                if page is not None:
                    yield page
                page, parts = None, {}
            try:
                item = _read_record(record)
            except Exception as error:  # noqa: BLE001 - a record of another tool may break any rule; read the others
                item = _Damaged(f"unreadable WARC record: {first_line(error)[:_LONGEST_REASON]}")
            if isinstance(item, _Damaged):
                if not stream.damage:
                    yield Rejected(str(path), number, item.reason)
                item = item.item
            if isinstance(item, _Part):
                parts.setdefault(item.url, []).append(item.body)
            elif isinstance(item, _AttachedFile):
                if page is not None and page.url == item.url:
                    page = replace(page, attachments=(*page.attachments, item.attachment))
            elif isinstance(item, Page):
                if page is not None:
                    yield page
                page = replace(item, body="\n".join([*parts.pop(item.url, []), item.body]))
            elif item is not None:
                yield item
        if page is not None:
            yield page
        if stream.damage:
            yield Rejected(str(path), number, stream.damage)
        elif number == 0 and makes_sense:
            yield Rejected(str(path), 0, "no WARC record in the file")


def _read_at_most(stream: Any, most: int) -> bytes | None:
    """Return the rest of a stream; None if it is longer than ``most`` bytes."""
    pieces, size = [], 0
    while piece := stream.read(1024 * 1024):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            return None
    return b"".join(pieces)


def _read_record(record: Any) -> Page | _Part | _AttachedFile | Outcome | _Damaged | None:
    """Return what a record holds; None if that is no page."""
    if record.rec_type not in ("response", "resource", "metadata"):
        return None
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    payload = _read_at_most(record.raw_stream, LARGEST_BODY)
    if payload is None:
        return _Damaged(f"the record holds more than {LARGEST_BODY // 1024**2} MB")
    if getattr(record.raw_stream, "limit", 0):
        return _Damaged("the record is cut short")
    if record.rec_type == "metadata":
        return dict(orjson.loads(payload)) if address == CRAWL_URI else None
    if record.rec_type == "resource" and _role(record) == "attachment":
        return _attached_file(record, record.rec_headers.get_header("Content-Type"), payload)
    if record.rec_type == "resource" and _own_header(record, "Tenders-Url"):
        content_type = record.rec_headers.get_header("Content-Type") or "text/html"
        return _page(record, address, content_type, payload.decode("utf-8", "replace"))
    if not address.startswith(("http://", "https://")) or urlsplit(address).path == "/robots.txt":
        return None
    if record.rec_type == "resource":
        payload = unpack_by_magic(Unpacked(payload)).body
        decoded = decode_page(record.rec_headers.get_header("Content-Type"), payload)
        return _page(record, address, *decoded) if decoded else None
    return _read_response(record, address, payload)


def _read_response(record: Any, address: str, payload: bytes) -> Page | _Part | _AttachedFile | _Damaged | None:
    if not record.http_headers or not record.http_headers.get_statuscode().startswith("2"):
        return None
    role = _role(record)
    if _own_header(record, "Tenders-Portal") and not (
        _own_header(record, "Tenders-Url") and role in ("detail", "part", "attachment")
    ):
        return None
    content_type = record.http_headers.get_header("Content-Type")
    unpacked = unpack(payload, record.http_headers)
    if role == "attachment":
        return _attached_file(record, content_type, unpacked.body)
    decoded = decode_page(content_type, unpacked.body, pdf=role is not None)
    if decoded is None:
        return None
    item: Page | _Part
    if role == "part":
        item = _Part(_own_header(record, "Tenders-Url") or address, decoded[1])
    elif decoded[0] != PDF and _is_refused(record, decoded[1]):
        return None
    else:
        item = _page(record, address, *decoded)
    if unpacked.complete:
        return item
    return _Damaged("the compressed body is cut short or damaged: its page was read as far as it goes", item)


def _role(record: Any) -> str | None:
    role: str | None = record.rec_headers.get_header("Tenders-Page")
    return role


def _attached_file(record: Any, content_type: str | None, content: bytes) -> _AttachedFile:
    about = orjson.loads(record.rec_headers.get_header("Tenders-Attachment"))
    url = _own_header(record, "Tenders-Url") or ""
    return _AttachedFile(url, attachment_of(about["url"], content_type or "", content, about["name"]))


def _page(record: Any, address: str, content_type: str, text: str) -> Page:
    published = record.rec_headers.get_header("Tenders-Published-On")
    listed = record.rec_headers.get_header("Tenders-Listed")
    return portals.page_of(
        _own_header(record, "Tenders-Portal"),
        _own_header(record, "Tenders-Url") or address,
        _instant(record.rec_headers.get_header("WARC-Date")),
        content_type,
        text,
        title=_own_header(record, "Tenders-Title"),
        published_on=date.fromisoformat(published) if published else None,
        listed=dict(orjson.loads(listed)) if listed else {},
    )


def _is_refused(record: Any, text: str) -> bool:
    """Return whether a crawl's answer is not the notice's page, as far as its portal's descriptor knows today.

    Such an answer is archived as evidence. It is read once the descriptor knows the new layout.
    """
    portal = _own_header(record, "Tenders-Portal")
    if portal is None:
        return False
    try:
        return check(portals.load(portal), "detail", text, _own_header(record, "Tenders-Title")).kind != "ok"
    except portals.UnknownPortalError:
        return False


def _own_header(record: Any, name: str) -> str | None:
    """Return one of our own headers, which are JSON strings; None if the record has none."""
    written = record.rec_headers.get_header(name)
    return str(orjson.loads(written)) if written else None


def _instant(text: str | None) -> datetime:
    when = datetime.fromisoformat(text or "")
    return when if when.tzinfo else when.replace(tzinfo=UTC)
