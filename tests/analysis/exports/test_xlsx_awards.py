"""The workbook of awards: opened by another program it holds what the database holds, and nothing in it runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from analysis.exports import xlsx_awards
from analysis.exports.selection import Selection
from analysis.rendering.messages import Language
from analysis.rendering.workbook import Book, Column, cell_text
from tenders.jobs.ingest import ingest_files
from tests.helpers.award_tables import ask
from tests.helpers.market import Market, lot, own_store
from tests.helpers.storing import award, capture, tenders

pytestmark = pytest.mark.slow

HOSTILE = ['=HYPERLINK("http://evil.example","点我")', "+1+1", "@SUM(A1:A9)", "-2+3", "=cmd|' /C calc'!A0", "\t=1", "\r=1",
           "_x0041_", "<b>&amp;", "空\x00字符\x07", "🀄️表情", "\ufffe\uffff末尾", "internal:Sheet1!A1",
           "http://not-a-link"]  # fmt: skip
_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def market() -> Market:
    return Market(own_store())


def written(market: Market, path: Path, language: Language = "zh", **chosen: Any) -> dict[str, list[list[Any]]]:
    """The sheets of the workbook of a market, as another program reads them."""
    xlsx_awards.write(market.publish().con, path, Selection(**chosen), language)
    return sheets(path)


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def column(rows: list[list[Any]], name: str) -> list[Any]:
    return [row[rows[0].index(name)] for row in rows[1:]]


def part(path: Path, name: str) -> ET.Element:
    with zipfile.ZipFile(path) as book:
        return ET.fromstring(book.read(name))


def two_awards(market: Market) -> Market:
    priced, open_lot = lot("1234567.89", "甲公司", "乙公司", no=1, name="算力"), lot(None, "丙公司", no=2, name="语料")
    market.notice("ccgp:1", "award", "2025-07-01", priced, open_lot, number="ZB-2025-0001", name="甲大模型项目", buyer="甲局",
                  province="广东", project_type="compute", sector="energy",
                  url="https://ccgp.example/#/notice?id=1&x=2")  # fmt: skip
    other = {"number": "ZB-2025-0002", "name": "乙项目", "buyer": "乙局", "large": False}
    market.notice("ccgp:2", "award", "2025-07-02", lot(None, "丁公司"), **other)
    return market


def test_the_sheets_hold_awards_lots_and_how_to_read_them_in_chinese(market: Market, tmp_path: Path) -> None:
    found = written(two_awards(market), tmp_path / "a.xlsx")
    assert list(found) == ["中标项目", "标段", "如何阅读"]
    awards = found["中标项目"]
    assert column(awards, "项目名称") == ["甲大模型项目", "乙项目"]
    assert column(awards, "中标日期") == [date(2025, 7, 1), date(2025, 7, 2)]
    assert column(awards, "中标金额（元）") == [1234567.89, ""]
    assert column(awards, "中标供应商") == ["甲公司; 乙公司; 丙公司", "丁公司"]
    assert [column(awards, name)[0] for name in ("省份", "项目类型", "行业", "状态", "金额不全", "大模型项目")] == [
        "广东", "算力", "能源", "已中标", "是", "是"
    ]  # fmt: skip
    assert column(awards, "首次发现") == [datetime(2025, 7, 1, 12), datetime(2025, 7, 2, 12)]
    lots = found["标段"]
    assert list(zip(column(lots, "标段名称"), column(lots, "中标金额（元）"), column(lots, "金额来源"), strict=True)) == [
        ("算力", 1234567.89, "结果公告"), ("语料", "", ""), ("", "", "")
    ]  # fmt: skip
    assert column(lots, "项目键")[:2] == column(awards, "项目键")[:1] * 2
    text = " ".join(str(cell) for row in found["如何阅读"] for cell in row)
    for words in ("2025-07-02", "market", "空白表示", "never means 0", "2 个项目，3 个标段", "ccgp"):
        assert words in text


@pytest.mark.long
def test_in_english_the_names_and_codes_are_those_of_the_database_and_ingest_reads_it_again(tmp_path: Path) -> None:
    capture(tmp_path / "a.jsonl", [award(1), award(2)])
    ingest_files([tmp_path / "a.jsonl"], tmp_path / "data")
    target = tmp_path / "awards.xlsx"
    done = tenders("export", "--format", "xlsx", "--lang", "en", "-o", target, "--data", tmp_path / "data")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tenders("ingest", target, "--data", tmp_path / "again").returncode == 0
    columns = "award_key, project_name, buyer, awarded_on, amount_yuan, suppliers, sector, project_type, is_large_model"
    query = f"SELECT {columns.removeprefix('award_key, ')} FROM awards ORDER BY project_name"
    assert ask(tmp_path / "again", query) == ask(tmp_path / "data", query)
    head = sheets(target)["awards"][0]
    known = {name for (name,) in ask(tmp_path / "data", "SELECT column_name FROM (DESCRIBE awards)")}
    assert set(head) - known == {"notice_url", "notices"}


def test_the_command_writes_chinese_names_by_default(tmp_path: Path) -> None:
    capture(tmp_path / "a.jsonl", [award(1), award(2)])
    ingest_files([tmp_path / "a.jsonl"], tmp_path / "data")
    chosen = ["--since", "2026-07-03", "--counted", "--data", tmp_path / "data"]
    assert tenders("export", "--format", "xlsx", "-o", tmp_path / "a.xlsx", *chosen).returncode == 0
    assert column(sheets(tmp_path / "a.xlsx")["中标项目"], "采购人") == ["某市第2中学"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "a.xlsx", "data"]


def test_the_header_is_frozen_and_filtered_and_cells_have_formats_and_links(market: Market, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    written(two_awards(market), path)
    sheet = part(path, "xl/worksheets/sheet1.xml")
    pane = sheet.find(f".//{_XML}pane")
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    assert sheet.find(f".//{_XML}autoFilter").get("ref") == "A1:W3"
    assert len(sheet.findall(f".//{_XML}hyperlink")) == 2
    assert len({col.get("width") for col in sheet.findall(f".//{_XML}col")}) > 5
    formats = {x.get("formatCode") for x in part(path, "xl/styles.xml").findall(f".//{_XML}numFmt")}
    assert {"yyyy-mm-dd", "yyyy-mm-dd hh:mm"} <= formats
    targets = [x.get("Target") for x in part(path, "xl/worksheets/_rels/sheet1.xml.rels")]
    assert sorted(targets) == ["https://ccgp.example/", "https://ccgp.example/2"]
    assert sheet.find(f".//{_XML}hyperlink").get("location") == "/notice?id=1&x=2"


def test_hostile_words_are_text_that_cannot_run(market: Market, tmp_path: Path) -> None:
    for n, words in enumerate(HOSTILE):
        everywhere = dict.fromkeys(("name", "buyer", "url", "title"), words)
        won = lot("1.00", words, name=words)
        market.notice(f"ccgp:{n:02}", "award", "2025-07-01", won, number=f"ZB-2025-{n:04}", **everywhere)
    path = tmp_path / "a.xlsx"
    found = written(market, path)
    expected = {re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]+", " ", words.replace("\r", "\n")) for words in HOSTILE}
    assert set(column(found["中标项目"], "项目名称")) == expected
    assert set(column(found["中标项目"], "中标供应商")) == expected
    assert set(column(found["标段"], "标段名称")) == expected
    styles = part(path, "xl/styles.xml").find(f"{_XML}cellXfs")
    quoted = {n for n, style in enumerate(styles) if style.get("quotePrefix") == "1"}
    for name in ("sheet1", "sheet2", "sheet3"):
        sheet = part(path, f"xl/worksheets/{name}.xml")
        assert sheet.find(f".//{_XML}f") is None
        for cell in sheet.iter(f"{_XML}c"):
            text = "".join(t.text or "" for t in cell.iter(f"{_XML}t"))
            if text.startswith(tuple("=+-@\t\n")):
                assert int(cell.get("s", "0")) in quoted, text
    with zipfile.ZipFile(path) as book:
        links = "".join(book.read(name).decode() for name in book.namelist() if "/_rels/sheet" in name)
    assert re.findall('Target="([^"]+)"', links) == ["http://not-a-link"] * 2


def test_a_cell_is_cut_where_excel_would_cut_it() -> None:
    assert cell_text("长" * 32_767) == "长" * 32_767
    assert cell_text("长" * 40_000) == "长" * 32_766 + "…"
    cut = cell_text("🀄" * 20_000)
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert set(cut) == {"🀄", "…"}


def test_more_rows_than_a_sheet_has_are_refused_before_anything_is_written(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_awards(market)
    monkeypatch.setattr(xlsx_awards, "MOST_ROWS", 4)
    written(market, tmp_path / "fits.xlsx")
    monkeypatch.setattr(xlsx_awards, "MOST_ROWS", 3)
    with pytest.raises(xlsx_awards.TooManyRowsError, match=r"2 awards with 3 lots do not fit.*--since"):
        written(market, tmp_path / "a.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["fits.xlsx"]


def test_links_beyond_what_excel_takes_stay_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.rendering.workbook.MOST_LINKS", 2)
    addresses = [f"https://a.example/{n}" for n in range(4)]
    with Book(tmp_path / "a.xlsx", "links", None) as book:
        book.sheet("links", [Column("url", 30, "link")], ([address] for address in addresses))
    assert column(sheets(tmp_path / "a.xlsx")["links"], "url") == addresses
    assert len(part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml").findall(f".//{_XML}hyperlink")) == 2


def test_a_workbook_that_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    def rows() -> Any:
        yield ["one"]
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"), Book(tmp_path / "a.xlsx", "half", None) as book:
        book.sheet("half", [Column("a", 9)], rows())
    assert list(tmp_path.iterdir()) == []


def test_two_exports_of_the_same_data_are_equal_byte_by_byte(market: Market, tmp_path: Path) -> None:
    two_awards(market)
    for name in ("one.xlsx", "two.xlsx"):
        written(market, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_an_empty_selection_is_a_workbook_with_headers(market: Market, tmp_path: Path) -> None:
    found = written(two_awards(market), tmp_path / "a.xlsx", since=date(2030, 1, 1))
    assert [len(found[name]) for name in ("中标项目", "标段")] == [1, 1]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_computes_nothing(market: Market, tmp_path: Path) -> None:
    market.notice(
        "ccgp:1", "award", "2025-07-01", lot("1234567.89", "+1+1"), number="ZB-2025-0001", name="=1+1", buyer="甲局"
    )
    written(market, tmp_path / "a.xlsx")
    profile, utf8 = (
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true",
    )
    command = [
        "soffice",
        "--headless",
        profile,
        "--convert-to",
        utf8,
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    line = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1]
    assert line.startswith('=1+1,甲局,,2025-07-01,已中标,"1,234,567.89",否,,+1+1,')
