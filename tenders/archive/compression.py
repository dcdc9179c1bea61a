"""The content encodings of recorded answers, undone: also of bodies that are cut short, damaged or wrongly declared."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import brotli
from warcio.bufferedreaders import ChunkedDataReader

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["GZIP_MAGIC", "ZSTD_MAGIC", "Unpacked", "unpack", "unpack_by_magic", "zstd"]

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
# Words in the place of an encoding that say nothing, some of them by mistake.
_NOT_PACKED = ("", "identity", "none", "utf-8", "utf8", "binary")
# The fields of the head of gzip data: the bytes before the optional fields, and the flag of each of those.
_GZIP_HEAD = 10
_GZIP_CHECK, _GZIP_EXTRA, _GZIP_NAME, _GZIP_COMMENT = 2, 4, 8, 16
# No page and no file of a notice is larger, and a crawl takes no larger answer (DOWNLOAD_MAXSIZE). A few bytes can
# unpack to more than the memory of the machine.
LARGEST_BODY = 32 * 1024 * 1024
# Bytes. Few, because 30 bytes of brotli may unpack to 30 MB.
_SALVAGED_AT_ONCE = 32
_ERRORS = (OSError, EOFError, zlib.error, zstd.ZstdError, brotli.error)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A body without compression. ``complete`` is false if its end was cut off or is damaged."""

    body: bytes
    complete: bool = True


class TooLargeError(ValueError):
    """A body unpacks to more bytes than any page has."""

    def __init__(self) -> None:
        super().__init__(f"it unpacks to more than {LARGEST_BODY // 1024**2} MB")


def unpack(payload: bytes, headers: Any) -> Unpacked:
    """Return a recorded body without chunking and compression.

    Browser extensions name an encoding that they have already undone, so a body that does not fit it is returned as it
    is. Other tools leave a body packed and name no encoding. Of a damaged body, what can be read is returned. Raises
    ValueError for an unknown encoding.
    """
    if (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        payload = ChunkedDataReader(BytesIO(payload)).read()
    named = (headers.get_header("Content-Encoding") or "").lower().split(",")
    unpacked = Unpacked(payload)
    for encoding in reversed(named):
        unpacked = _undo(unpacked, encoding.strip())
    return unpack_by_magic(unpacked)


def unpack_by_magic(unpacked: Unpacked) -> Unpacked:
    """Return a body without gzip or zstd, if its first bytes say that it is packed so."""
    for encoding, magic in (("gzip", GZIP_MAGIC), ("zstd", ZSTD_MAGIC)):
        if unpacked.body.startswith(magic):
            unpacked = _undo(unpacked, encoding)
    return unpacked


def _undo(packed: Unpacked, encoding: str) -> Unpacked:
    """Return a body without one encoding; the body itself if it is not packed like this."""
    if encoding in _NOT_PACKED:
        return packed
    if encoding not in _DECOMPRESS:
        raise ValueError(f"content encoding {encoding} is not supported")
    try:
        return Unpacked(_DECOMPRESS[encoding](packed.body), packed.complete)
    except _ERRORS:
        return _salvage(packed, encoding)


def _salvage(packed: Unpacked, encoding: str) -> Unpacked:
    """Return what a damaged body gives up to the damage. Bytes after the end of the packed data do no harm."""
    payload = packed.body
    start: Callable[[], Any]
    if encoding in ("gzip", "x-gzip") and payload.startswith(GZIP_MAGIC):
        # Its data without head and check sum: if only the check sum is cut off or wrong, nothing is lost.
        payload, start = payload[_gzip_data(payload) :], lambda: zlib.decompressobj(-zlib.MAX_WBITS)
    elif encoding == "zstd" and payload.startswith(ZSTD_MAGIC):
        start = zstd.ZstdDecompressor
    elif encoding == "deflate" and _is_zlib(payload):
        start = zlib.decompressobj
    elif encoding == "br" and not _is_text(payload):
        start = brotli.Decompressor
    else:
        return packed
    body, ended = _decompressed_until_damage(payload, start)
    return packed if encoding == "br" and not body else Unpacked(body, packed.complete and ended)


def _decompressed_until_damage(payload: bytes, start: Callable[[], Any]) -> tuple[bytes, bool]:
    """Return what a damaged body gives up to the damage, and whether its end was reached. Raises TooLargeError.

    A decompressor that fails gives nothing of what it was fed last. So what it failed on is fed again byte by byte, to
    one that was fed all before.
    """
    body = bytearray()

    def feed(first: int, last: int, size: int) -> int:
        """Return where the damage is; ``last`` without any."""
        for at in range(first, last, size):
            if _has_ended(decompressor):
                break
            try:
                body.extend(_step(decompressor, payload[at : min(at + size, last)]))
            except _ERRORS:
                return at
            if len(body) > LARGEST_BODY:
                raise TooLargeError
        return last

    end = len(payload)
    decompressor = start()
    damaged_at = feed(0, end, _SALVAGED_AT_ONCE)
    if damaged_at < end:
        decompressor = start()
        body.clear()
        feed(0, damaged_at, _SALVAGED_AT_ONCE)
        end = min(damaged_at + _SALVAGED_AT_ONCE, end)
        damaged_at = feed(damaged_at, end, 1)
    return bytes(body), damaged_at == end and _has_ended(decompressor)


def _step(decompressor: Any, piece: bytes) -> bytes:
    step = decompressor.process if isinstance(decompressor, brotli.Decompressor) else decompressor.decompress
    unpacked: bytes = step(piece)
    return unpacked


def _has_ended(decompressor: Any) -> bool:
    return bool(decompressor.is_finished() if isinstance(decompressor, brotli.Decompressor) else decompressor.eof)


def _gunzip(payload: bytes) -> bytes:
    """Undo gzip, also of several members one after the other."""
    members, size = [], 0
    while payload:
        member, payload = _inflate_stream(payload, zlib.MAX_WBITS | 16, LARGEST_BODY - size)
        members.append(member)
        size += len(member)
        payload = payload.lstrip(b"\x00")  # some tools fill a block with zeros
    return b"".join(members)


def _inflate(payload: bytes) -> bytes:
    """Undo ``deflate``, which servers send with and without the head of zlib."""
    return _inflate_stream(payload, zlib.MAX_WBITS if _is_zlib(payload) else -zlib.MAX_WBITS, LARGEST_BODY)[0]


def _inflate_stream(payload: bytes, window_bits: int, most: int) -> tuple[bytes, bytes]:
    """Return one decompressed stream and what follows it. Raises EOFError if it is cut short, and TooLargeError."""
    decompressor = zlib.decompressobj(window_bits)
    body = decompressor.decompress(payload, most + 1)
    if len(body) > most:
        raise TooLargeError
    if not decompressor.eof:
        raise EOFError
    return body, decompressor.unused_data


def _decompress_zstd(payload: bytes) -> bytes:
    """Undo zstd, also of several frames one after the other."""
    frames, size = [], 0
    while payload:
        decompressor = zstd.ZstdDecompressor()
        frame = decompressor.decompress(payload, LARGEST_BODY + 1 - size)
        frames.append(frame)
        size += len(frame)
        if size > LARGEST_BODY:
            raise TooLargeError
        if not decompressor.eof:
            raise EOFError
        payload = decompressor.unused_data
    return b"".join(frames)


def _decompress_brotli(payload: bytes) -> bytes:
    decompressor = brotli.Decompressor()
    body: bytes = decompressor.process(payload, output_buffer_limit=LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise TooLargeError
    if not decompressor.is_finished():
        raise EOFError
    return body


def _is_zlib(payload: bytes) -> bool:
    return len(payload) > 1 and payload[0] & 0x0F == zlib.DEFLATED and int.from_bytes(payload[:2], "big") % 31 == 0


def _is_text(payload: bytes) -> bool:
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _gzip_data(payload: bytes) -> int:
    """Return where the data of a gzip file begins, after the optional fields of its head (RFC 1952)."""
    if len(payload) < _GZIP_HEAD:
        return len(payload)
    flags, at = payload[3], _GZIP_HEAD
    if flags & _GZIP_EXTRA:
        at += 2 + int.from_bytes(payload[at : at + 2], "little")
    for field in (_GZIP_NAME, _GZIP_COMMENT):
        if flags & field:
            at = payload.find(b"\x00", at) + 1 or len(payload)
    return at + 2 if flags & _GZIP_CHECK else at


_DECOMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _decompress_brotli,
    "zstd": _decompress_zstd,
}
