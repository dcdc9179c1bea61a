"""WARC files: ours are read back unchanged, and those of other tools are read."""

from __future__ import annotations

import gzip
import zlib
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.model import Attachment, Page, Rejected
from pipelines.storage.keys import page_key
from tenders.archive import reader
from tenders.archive.reader import read_pages
from tenders.archive.records import ArchivedResponse, page_record, response_record
from tenders.archive.writer import ArchiveWriter
from tenders.portals import page_of

WHEN = datetime(2026, 7, 1, 4, 30, 15, 123456, tzinfo=UTC)
HTML = "<html><body><p>中标（成交）金额：265.98（万元）</p></body></html>"


def write_archive(folder: Path) -> Path:
    [path] = (folder / "archive").glob("*.warc.gz")
    return path


def write_foreign_warc(
    path: Path, body: bytes, headers: list[tuple[str, str]], *, url: str = "http://www.ccgp.gov.cn/a.htm"
) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "Wget/1.21"}))
        dated = {"WARC-Date": "2026-07-01T04:30:15Z"}
        record = writer.create_warc_record(
            url, "response", payload=BytesIO(body), http_headers=http, warc_headers_dict=dated
        )
        writer.write_record(record)
    return path


@settings(deadline=None)  # the first page loads the descriptors
@given(
    url=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60),
    title=st.one_of(
        st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
    ),
    body=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=300),
    when=st.datetimes(datetime(1990, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)),
)
def test_any_page_is_read_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, url: str, title: str | None, body: str, when: datetime
) -> None:
    page = Page("某平台", url, when, "text/html", body, title, date(2026, 7, 1))
    path = tmp_path_factory.mktemp("archive") / "one.warc.gz"
    path.write_bytes(page_record(page))
    [back] = read_pages(path)
    assert back == page
    assert page_key(back) == page_key(page)


def test_a_response_is_archived_with_its_request_and_without_credentials(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as archive:
        archive.write_records(
            response_record(
                ArchivedResponse(
                    portal="made-up",
                    url="https://api.example/detail",
                    public_url="https://notices.example/#/detail?id=1",
                    fetched_at=WHEN,
                    method="POST",
                    request_body=b'{"id": 1}',
                    request_headers={"Content-Type": "application/json", "Authorization": "Bearer x"},
                    status=200,
                    headers=[
                        ("Content-Type", "text/html; charset=gb18030"),
                        ("Set-Cookie", "session=1"),
                        ("Transfer-Encoding", "chunked"),
                    ],
                    body=HTML.encode("gb18030"),
                    title="中标公告",
                )
            )
        )
    [page] = read_pages(write_archive(tmp_path))
    assert page == Page("made-up", "https://notices.example/#/detail?id=1", WHEN, "text/html", HTML, "中标公告", None)
    content = gzip.decompress(write_archive(tmp_path).read_bytes())
    assert b'{"id": 1}' in content
    assert b"POST /detail HTTP/1.1" in content
    assert b"Bearer" not in content
    assert b"session=1" not in content
    with write_archive(tmp_path).open("rb") as file:  # another WARC reader finds the same records
        assert [record.rec_type for record in ArchiveIterator(file)] == ["warcinfo", "response", "request"]


@pytest.mark.parametrize(("page", "public_url"), [("list", "https://notices.example/list"), ("detail", None)])
def test_a_list_is_archived_and_is_not_a_notice(tmp_path: Path, page: str, public_url: str | None) -> None:
    with ArchiveWriter(tmp_path) as archive:
        archive.write_records(
            response_record(
                ArchivedResponse(
                    portal="made-up",
                    url="https://notices.example/list",
                    public_url=public_url,
                    fetched_at=WHEN,
                    method="GET",
                    request_body=b"",
                    request_headers={},
                    status=200,
                    headers={"Content-Type": "text/html"},
                    body=HTML.encode(),
                    role=page,  # type: ignore[arg-type]
                )
            )
        )
    assert list(read_pages(write_archive(tmp_path))) == []


def test_a_block_page_is_archived_as_evidence_and_is_not_a_notice(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as archive:
        for body in ("<html>频繁访问</html>", "<html><div class='vF_detail_content'>中标公告</div></html>"):
            archive.write_records(
                response_record(
                    ArchivedResponse(
                        portal="ccgp",
                        url="http://www.ccgp.gov.cn/cggg/dfgg/zbgg/202607/t20260701_1.htm",
                        public_url="http://www.ccgp.gov.cn/cggg/dfgg/zbgg/202607/t20260701_1.htm",
                        fetched_at=WHEN,
                        method="GET",
                        request_body=b"",
                        request_headers={},
                        status=200,
                        headers={"Content-Type": "text/html; charset=utf-8"},
                        body=body.encode(),
                    )
                )
            )
    [page] = read_pages(write_archive(tmp_path))
    assert isinstance(page, Page)
    assert "中标公告" in page.body


def test_each_run_writes_its_own_file_and_an_idle_run_writes_none(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path):
        pass
    assert not (tmp_path / "archive").exists()
    for number in range(2):
        with ArchiveWriter(tmp_path) as archive:
            archive.write_records(page_record(Page("p", f"urn:{number}", WHEN, "text/plain", "正文")))
    assert len(list((tmp_path / "archive").glob("*.warc.gz"))) == 2


ENCODINGS = {
    "gzip": gzip.compress,
    "br": brotli.compress,
    "deflate": zlib.compress,
    "identity": bytes,
}


@pytest.mark.parametrize("encoding", list(ENCODINGS))
@pytest.mark.parametrize("suffix", [".warc", ".warc.gz"])
def test_a_warc_from_another_tool_is_read_in_any_encoding(tmp_path: Path, encoding: str, suffix: str) -> None:
    body = ENCODINGS[encoding](HTML.encode("gb18030"))
    headers = [("Content-Type", "text/html; charset=gbk"), ("Content-Encoding", encoding)]
    [page] = read_pages(write_foreign_warc(tmp_path / f"other{suffix}", body, headers))
    when = datetime(2026, 7, 1, 4, 30, 15, tzinfo=UTC)
    assert page == page_of("ccgp", "http://www.ccgp.gov.cn/a.htm", when, "text/html", HTML)


def test_chunked_and_already_decoded_responses_are_read(tmp_path: Path) -> None:
    body = HTML.encode()
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Transfer-Encoding", "chunked")]
    [page] = read_pages(write_foreign_warc(tmp_path / "chunked.warc", chunked, headers))
    assert isinstance(page, Page)
    assert page.body == HTML
    claimed = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "br")]
    [page] = read_pages(write_foreign_warc(tmp_path / "claimed.warc", body, claimed))
    assert isinstance(page, Page)
    assert page.body == HTML


def test_an_undeclared_charset_is_detected(tmp_path: Path) -> None:
    [page] = read_pages(
        write_foreign_warc(tmp_path / "bare.warc", HTML.encode("gb18030"), [("Content-Type", "text/html")])
    )
    assert isinstance(page, Page)
    assert page.body == HTML


def test_images_errors_and_unknown_hosts_from_another_tool_are_handled(tmp_path: Path) -> None:
    assert (
        list(read_pages(write_foreign_warc(tmp_path / "image.warc", b"\x89PNG", [("Content-Type", "image/png")]))) == []
    )
    unknown = write_foreign_warc(
        tmp_path / "u.warc", HTML.encode(), [("Content-Type", "text/html")], url="https://notices.example/x"
    )
    [page] = read_pages(unknown)
    assert isinstance(page, Page)
    assert page.portal == "notices.example"


def test_a_file_compressed_as_one_stream_is_read(tmp_path: Path) -> None:
    plain = write_foreign_warc(tmp_path / "plain.warc", HTML.encode(), [("Content-Type", "text/html; charset=utf-8")])
    content = tmp_path / "whole.warc.gz"
    content.write_bytes(gzip.compress(plain.read_bytes() * 3))
    assert [type(item) for item in read_pages(content)] == [Page, Page, Page]


def test_a_truncated_file_gives_its_complete_pages_and_one_reason(tmp_path: Path) -> None:
    with ArchiveWriter(tmp_path) as archive:
        for number in range(5):
            archive.write_records(page_record(Page("p", f"urn:{number}", WHEN, "text/plain", f"正文{number}" * 500)))
    path = write_archive(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"\x1f\x8b\x08\x00") + 60])  # inside the last record's headers
    *pages, last = read_pages(path)
    assert [page.url for page in pages if isinstance(page, Page)] == ["urn:0", "urn:1", "urn:2", "urn:3"]
    assert isinstance(last, Rejected)
    assert last.reason == "the gzip data is cut short"


@pytest.mark.parametrize(
    "content", [b"", b"WARC/1.0\r\n", b"WARC/1.1\r\nWARC-Type: response\r\n\r\n", b"WARC/1.0 garbage\r\n\r\n\x00\xff"]
)
def test_a_broken_warc_gives_a_reason_and_no_exception(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.warc"
    path.write_bytes(content)
    assert all(isinstance(item, Rejected) for item in read_pages(path))


def test_every_part_of_a_page_changes_its_key() -> None:
    page = Page("p", "u", WHEN, "text/html", "b", "t", date(2026, 7, 1))
    keys = {
        page_key(other)
        for other in (
            page,
            Page("q", "u", WHEN, "text/html", "b", "t", date(2026, 7, 1)),
            Page("p", "v", WHEN, "text/html", "b", "t", date(2026, 7, 1)),
            Page("p", "u", WHEN.replace(microsecond=0), "text/html", "b", "t", date(2026, 7, 1)),
            Page("p", "u", WHEN, "text/plain", "b", "t", date(2026, 7, 1)),
            Page("p", "u", WHEN, "text/html", "c", "t", date(2026, 7, 1)),
            Page("p", "u", WHEN, "text/html", "b", None, date(2026, 7, 1)),
            Page("p", "u", WHEN, "text/html", "b", "t", None),
        )
    }
    assert len(keys) == 8


def test_the_files_of_a_page_are_read_back_with_it(tmp_path: Path) -> None:
    file = Attachment("中标结果.pdf", "https://notices.example/f/1", "application/pdf", b"%PDF-1.7 \x00\xff")
    pages = [
        Page("某平台", "https://notices.example/1", WHEN, "text/html", HTML, attachments=(file, file)),
        Page("某平台", "https://notices.example/2", WHEN, "text/html", HTML),
    ]
    path = tmp_path / "two.warc.gz"
    path.write_bytes(b"".join(map(page_record, pages)))
    back = list(read_pages(path))
    assert back == pages
    assert [page_key(page) for page in back if isinstance(page, Page)] == [page_key(page) for page in pages]


def test_a_crawled_file_belongs_to_the_notice_before_it(tmp_path: Path) -> None:
    def answer(url: str, notice: str, **about: Any) -> bytes:
        headers = {"Content-Type": "text/html" if url == notice else "application/octet-stream"}
        request = {"portal": "made-up", "public_url": notice, "fetched_at": WHEN, "method": "GET", "status": 200}
        return response_record(ArchivedResponse(url=url, headers=headers, **request, **about))

    one, two = "https://notices.example/1", "https://notices.example/2"
    about = {"name": "明细.xlsx", "url": "https://files.example/9"}
    file = answer("http://127.0.0.1:8800/9", two, body=b"PK file", role="attachment", attachment=about)
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(answer(one, one, body=HTML.encode()) + answer(two, two, body=HTML.encode()) + file)
    pages = [page for page in read_pages(path) if isinstance(page, Page)]
    assert [(page.url, [(file.name, file.url, file.content) for file in page.attachments]) for page in pages] == [
        (one, []),
        (two, [("明细.xlsx", "https://files.example/9", b"PK file")]),
    ]


@pytest.mark.parametrize("head", [b"X: " + b"a" * 30_000, b"X: a\r\n" * 5_000])
def test_an_endless_head_of_a_record_ends_the_file_with_one_line(
    head: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_LARGEST_HEAD", 20_000)
    path = tmp_path / "a.warc"
    path.write_bytes(b"WARC/1.0\r\n" + head)
    [item] = read_pages(path)
    assert isinstance(item, Rejected)
    assert item.reason == "no WARC record here: its head is longer than 20,000 bytes"
