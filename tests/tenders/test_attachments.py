"""Files of notices: their names, and old Word files, which a program of this computer reads if it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenders import scans
from tenders.attachments import attachment_of
from tests.helpers.attached_files import ROWS, old_office_file, pdf_file, scanned_pdf

_URL = "https://www.example.cn/files/%E7%BB%93%E6%9E%9C.doc"


def _install(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "antiword"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_an_old_word_file_is_read_by_the_program_of_this_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, "cat > /dev/null; echo '中标供应商：甲智能有限公司'", monkeypatch)
    file = attachment_of(_URL, "application/msword", old_office_file("WordDocument"))
    assert (file.name, file.text) == ("结果.doc", "中标供应商：甲智能有限公司\n")
    assert attachment_of(_URL, "", old_office_file("WordDocument", "_VBA_PROJECT")).text is None


@pytest.mark.parametrize("script", ["exit 3", "cat > /dev/null"])
def test_a_program_that_fails_gives_no_text(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, script, monkeypatch)
    assert attachment_of(_URL, "", old_office_file("WordDocument")).text is None


def test_a_name_that_is_given_comes_before_that_of_the_address() -> None:
    assert attachment_of(_URL, "", b"%PDF-", " 成交结果.pdf ").name == "成交结果.pdf"


class _Recognised:
    """Boxes of four corners (x, y) and their texts, as RapidOCR gives them."""

    txts = ("386万元", "中标金额", "甲智能有限公司", "中标人")
    boxes = tuple(
        [(x, y), (x + 80, y), (x + 80, y + 20), (x, y + 20)] for x, y in ((200, 44), (10, 40), (200, 12), (10, 10))
    )


def test_a_scan_is_read_only_if_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "_engine", lambda: lambda image: _Recognised)
    monkeypatch.setattr(scans, "_images", lambda content: ["a page"])
    assert attachment_of(_URL, "", scanned_pdf()).text is None
    monkeypatch.setenv("TENDERS_OCR", "1")
    assert attachment_of(_URL, "", scanned_pdf()).text == "中标人\t甲智能有限公司\n中标金额\t386万元"
    assert attachment_of(_URL, "", pdf_file(ROWS)).text is None


def test_a_scan_that_breaks_the_recogniser_stays_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(image: object) -> None:
        raise ValueError("broken")

    monkeypatch.setenv("TENDERS_OCR", "1")
    monkeypatch.setattr(scans, "_engine", lambda: fail)
    monkeypatch.setattr(scans, "_images", lambda content: ["a page"])
    assert attachment_of(_URL, "", scanned_pdf()).text is None
