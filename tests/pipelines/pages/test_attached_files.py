"""Files attached to a notice: their lines, and the files that are not read."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from pipelines.model import Attachment
from pipelines.pages.attached_files import AttachedText, is_scan, read_attachments
from pipelines.pages.file_kinds import file_kind
from tests.helpers.attached_files import (
    HEADS,
    ROWS,
    docx_file,
    long_pdf,
    old_office_file,
    pdf_file,
    scanned_pdf,
    xlsx_file,
    zip_file,
)

_TABLE = "\n".join("\t".join(row) for row in ROWS)
_MERGED = (HEADS, ("1", "平台", "甲智能科技有限公司", "10"), ("2", "数据", "甲智能科技有限公司", "20"))
_XLSX_CELLS = '<worksheet><sheetData><row><c r="{}"><v>1</v></c></row></sheetData></worksheet>'


def _read(content: bytes, name: str = "结果.bin", content_type: str = "application/octet-stream") -> AttachedText:
    (text,) = read_attachments([Attachment(name, "https://example.gov.cn/f", content_type, content)])
    return text


def test_a_word_file_gives_its_paragraphs_and_tables_in_order() -> None:
    text = _read(docx_file(["一、项目编号：XH-2026-031"], ROWS, ["二、公告期限：1个工作日"])).text
    assert (
        text.replace("(元)", "（元）").replace(":", "：")
        == f"一、项目编号：XH-2026-031\n{_TABLE}\n二、公告期限：1个工作日"
    )


def test_a_cell_that_spans_rows_of_a_word_table_is_repeated() -> None:
    rows = (HEADS, ("1", "平台", "甲智能科技有限公司", "10"), ("2", "数据", "^", "20"))
    assert _read(docx_file([], rows)).text.split("\n")[2].split("\t")[2] == "甲智能科技有限公司"


def test_a_merged_cell_of_a_workbook_is_repeated_and_its_title_is_a_line() -> None:
    lines = _read(xlsx_file(_MERGED, "中标结果明细表", ["C3:C4"])).text.split("\n")
    assert lines[0] == "中标结果明细表"
    assert [line.split("\t")[2] for line in lines[2:]] == ["甲智能科技有限公司"] * 2


def test_a_pdf_and_the_files_in_a_zip_are_read() -> None:
    packed = zip_file({"结果/包1.xlsx": xlsx_file(ROWS), "说明.txt": "详见合同".encode("gb18030")})
    texts = read_attachments(
        [
            Attachment("结果.pdf", "https://example.gov.cn/1", "application/pdf", pdf_file(ROWS)),
            Attachment("结果.zip", "https://example.gov.cn/2", "application/zip", packed),
        ]
    )
    assert [text.name for text in texts] == ["结果.pdf", "结果.zip", "包1.xlsx", "说明.txt"]
    assert "成都锦桥软件有限公司\t1250000.50" in texts[0].text
    assert texts[1].text == "包1.xlsx\n说明.txt"
    assert "杭州云岭智能科技有限公司" in texts[2].text
    assert texts[3].text == "详见合同"


def test_an_archive_that_begins_with_a_pdf_is_an_archive() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("结果.pdf", pdf_file(ROWS))
    texts = read_attachments([Attachment("结果.zip", "https://example.gov.cn/2", "", out.getvalue())])
    assert [text.name for text in texts] == ["结果.zip", "结果.pdf"]
    assert "成都锦桥软件有限公司\t1250000.50" in texts[1].text


def test_the_kind_of_a_file_is_in_its_bytes() -> None:
    text = _read(pdf_file(ROWS), "结果.docx", "application/msword")
    assert "成都锦桥软件有限公司" in text.text
    assert text.head == "附件：结果.docx"


def _lying_zip() -> bytes:
    """Return a ZIP file whose only member says that it is much smaller than it is."""
    content = zip_file({"word/document.xml": bytes(9_000_000)})
    real, claimed = struct.pack("<I", 9_000_000), struct.pack("<I", 1_000)
    return content.replace(real, claimed)


_HOSTILE = {
    "bomb": lambda: zip_file({"结果.txt": bytes(30_000_000)}),
    "Word bomb": lambda: zip_file({"word/document.xml": bytes(30_000_000)}),
    "many members": lambda: zip_file({f"{number}.txt": b"" for number in range(2_500)}),
    "one cell in the last corner": lambda: zip_file(
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": _XLSX_CELLS.format("XFD1048576").encode()}
    ),
    "lying sizes": _lying_zip,
    "Word file without a document": lambda: zip_file({"word/document.xml": b"<nothing"}),
    "macros": lambda: zip_file({"xl/workbook.xml": b"", "xl/vbaProject.bin": b""}),
    "old macros": lambda: old_office_file("WordDocument", "_VBA_PROJECT"),
    "encrypted PDF": lambda: pdf_file(ROWS, password="secret"),
    "encrypted workbook": lambda: old_office_file("EncryptedPackage"),
    "10,000 pages": lambda: long_pdf(10_000),
    "damaged PDF": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20,
    "damaged ZIP": lambda: zip_file({"结果.xlsx": xlsx_file(ROWS)})[:-40],
    "damaged old workbook": lambda: old_office_file("Workbook"),
    "nothing": lambda: b"",
    "too large": lambda: b"%PDF-1.7\n" + bytes(21 * 1024**2),
}


@pytest.mark.parametrize("make", _HOSTILE.values(), ids=_HOSTILE.keys())
def test_a_hostile_file_is_refused_in_one_line_at_once(make) -> None:
    content = make()
    started = time.process_time()
    text = _read(content)
    assert time.process_time() - started < 2
    assert text.text == ""
    assert text.problem is not None
    assert "\n" not in text.problem
    assert text.head.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (b"Rar!\x1a\x07\x01\x00" + bytes(60), "（附件未读取：压缩包，未解压）"),
        (old_office_file("WordDocument"), "（附件未读取：旧版 Word 文件）"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "（附件未读取：扫描件，无文字）"),
        (b"{\\rtf1 text}", "（附件未读取：文件类型不支持）"),
        (scanned_pdf(), "（附件未读取：扫描件，无文字）"),
    ],
)
def test_a_kind_that_is_not_read_is_named_and_is_no_problem(content: bytes, note: str) -> None:
    text = _read(content)
    assert (text.note, text.problem) == (note, None)


def test_only_a_few_files_of_a_notice_are_read() -> None:
    texts = read_attachments([Attachment(f"{at}.txt", "u", "text/plain", b"text") for at in range(7)])
    assert [text.note for text in texts] == [None] * 5 + ["（附件未读取：附件过多）"] * 2


def test_scans_are_pictures_and_pdf_files_without_text() -> None:
    assert is_scan(scanned_pdf())
    assert is_scan(b"\xff\xd8\xff\xe0" + bytes(30))
    assert not is_scan(pdf_file(ROWS))


def test_a_page_that_is_saved_as_a_word_file_is_html() -> None:
    content = "<html><body><table><tr><td>中标人</td><td>甲智能有限公司</td></tr></table></body></html>".encode(
        "gb18030"
    )
    assert file_kind(content) == "html"
    assert _read(content, "结果.doc").text == "中标人\t甲智能有限公司"
