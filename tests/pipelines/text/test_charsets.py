"""Bytes whose declared character set is wrong in every combination."""

from __future__ import annotations

from itertools import product

import pytest

from pipelines.text.charsets import decode_text, repair_misread

_PAGE = (
    '<html><head><meta charset="{}"><title>某市政务大模型平台项目中标公告</title></head>'
    "<body><p>供应商：某某智算科技有限公司</p><p>中标金额：1200000元</p></body></html>"
)
_DECLARED = ("utf-8", "gbk", "gb2312", "big5", "iso-8859-1", "shift_jis", "utf-16", "x-unknown")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_the_bytes_plainly_are_comes_before_what_is_declared(encoding: str) -> None:
    for meta, header in product(_DECLARED, (None, *_DECLARED)):
        page = _PAGE.format(meta)
        assert decode_text(page.encode(encoding), header and f"text/html; charset={header}") == page, (meta, header)


def test_a_mark_of_utf8_before_other_bytes_is_no_proof() -> None:
    assert decode_text(b"\xef\xbb\xbf" + "中标公告：某某科技有限公司".encode("gbk")) == "中标公告：某某科技有限公司"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("臺北市政府採購網決標公告，得標廠商：某某股份有限公司", "big5"), ("résumé of a naïve café", "iso-8859-1")],
)
def test_other_character_sets_are_believed_where_the_bytes_are_not_plainly_chinese(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding), f"text/html; charset={encoding}") == text


@pytest.mark.parametrize(
    "body",
    [
        "中标公告：某某科技有限公司".encode()[:-1],
        "中标公告：某某科".encode() + b"\xff" + "技有限公司1200000元".encode(),
    ],
    ids=["cut inside a character", "one damaged byte"],
)
def test_utf8_with_a_little_damage_is_still_utf8(body: bytes) -> None:
    text = decode_text(body, "text/html; charset=gbk")
    assert text.startswith("中标公告：某某科")
    assert text.count("\ufffd") == 1


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("reader", ["latin-1", "windows-1252"])
def test_a_text_that_its_saver_read_as_latin_is_repaired(encoding: str, reader: str) -> None:
    page = _PAGE.format(encoding)
    read_wrongly = page.encode(encoding).decode("latin-1")
    if reader == "windows-1252":
        # As browsers read it: bytes without a character stay control characters.
        read_wrongly = "".join(
            bytes([ord(c)]).decode("cp1252", "ignore") or c if ord(c) < 256 else c for c in read_wrongly
        )
    assert repair_misread(read_wrongly) == page


@pytest.mark.parametrize("text", ["", "plain ASCII", "naïve café à la carte", "中标 ä¸\xadæ\xa0\x87"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert repair_misread(text) == text
