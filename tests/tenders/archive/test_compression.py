"""Bodies of recorded answers in every packing, whole and damaged."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders

from tenders.archive import compression
from tenders.archive.compression import unpack, zstd

BODY = b"<html><body>" + b"".join(b"<p>%d</p>" % number for number in range(3000)) + b"</body></html>"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def gzip_with_name(body: bytes) -> bytes:
    packed = gzip.compress(body)
    return packed[:3] + b"\x08" + packed[4:10] + b"page.html\x00" + packed[10:]


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip with a file name": ("gzip", gzip_with_name),
    "gzip in two members": ("gzip", lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:])),
    "deflate": ("deflate", zlib.compress),
    "deflate without a head": ("deflate", raw_deflate),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "zstd in two frames": ("zstd", lambda body: zstd.compress(body[:99]) + zstd.compress(body[99:])),
}


def headers(encoding: str) -> StatusAndHeaders:
    return StatusAndHeaders("200 OK", [("Content-Encoding", encoding)] if encoding else [], protocol="HTTP/1.1")


@pytest.mark.parametrize("packer", PACKERS)
def test_every_content_encoding_is_undone(packer: str) -> None:
    encoding, pack = PACKERS[packer]
    for name in (encoding, encoding.upper()):
        unpacked = unpack(pack(BODY), headers(name))
        assert (unpacked.body, unpacked.complete) == (BODY, True)


@pytest.mark.parametrize("packer", ["gzip", "gzip with a file name", "deflate", "brotli", "zstd"])
def test_bytes_after_the_end_do_no_harm(packer: str) -> None:
    encoding, pack = PACKERS[packer]
    unpacked = unpack(pack(BODY) + b"\r\n0\r\n\r\n", headers(encoding))
    assert (unpacked.body, unpacked.complete) == (BODY, True)


@pytest.mark.parametrize("change", [lambda b: b[:-4], lambda b: b[:-8], lambda b: b[:-8] + b"\x00" * 8])
def test_a_gzip_body_without_its_check_sum_is_complete(change: Callable[[bytes], bytes]) -> None:
    unpacked = unpack(change(gzip.compress(BODY)), headers("gzip"))
    assert (unpacked.body, unpacked.complete) == (BODY, True)


@pytest.mark.parametrize("packer", ["gzip", "deflate", "brotli", "zstd"])
def test_a_body_that_is_cut_short_is_read_as_far_as_it_goes(packer: str) -> None:
    encoding, pack = PACKERS[packer]
    # zstd gives nothing before the end of its first block of 128 KB.
    big = random.Random(1).randbytes(200_000).hex().encode()
    packed = pack(big)
    unpacked = unpack(packed[: len(packed) * 9 // 10], headers(encoding))
    assert not unpacked.complete
    assert big.startswith(unpacked.body)
    assert len(unpacked.body) > 100


@pytest.mark.parametrize("packer", ["gzip", "deflate", "brotli"])
def test_a_body_that_is_damaged_in_the_middle_gives_what_is_before(packer: str) -> None:
    encoding, pack = PACKERS[packer]
    big = random.Random(1).randbytes(100_000).hex().encode()
    packed = bytearray(pack(big))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)
    unpacked = unpack(bytes(packed), headers(encoding))
    assert not unpacked.complete
    assert len(unpacked.body) > 50_000
    assert big.startswith(unpacked.body[:50_000])


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "utf-8", "identity", "none"])
def test_a_body_that_is_not_packed_is_returned_as_it_is(encoding: str) -> None:
    assert unpack(BODY, headers(encoding)).body == BODY


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_a_packed_body_without_a_word_about_it_is_unpacked(pack: Callable[[bytes], bytes]) -> None:
    assert unpack(pack(BODY), headers("")).body == BODY


def test_an_unknown_encoding_is_an_error() -> None:
    with pytest.raises(ValueError, match="compress is not supported"):
        unpack(BODY, headers("compress"))


@pytest.mark.parametrize("packer", PACKERS)
def test_a_body_that_unpacks_to_more_than_any_page_is_refused(packer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "LARGEST_BODY", 1_000_000)
    encoding, pack = PACKERS[packer]
    bomb = pack(b"0" * 1_000_001)
    assert len(bomb) < 2_000
    with pytest.raises(compression.TooLargeError, match="unpacks to more than"):
        unpack(bomb, headers(encoding))
    assert len(unpack(pack(b"0" * 1_000_000), headers(encoding)).body) == 1_000_000
