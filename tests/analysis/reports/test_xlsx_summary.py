"""The month as a workbook, read back: a sheet for each question, figures as the database has them, charts, and no formula."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from analysis.reports import xlsx_summary
from tests.helpers import report_world
from tests.helpers.market import Market
from tests.helpers.report_world import contents
from tests.helpers.storing import award as record
from tests.helpers.storing import capture, tenders

pytestmark = pytest.mark.slow

SHEETS = ["概览", "走势", "类型", "行业", "厂商", "厂商走势", "省份", "修订", "对照", "项目清单", "如何阅读"]
ENGLISH = ["Headline", "Curve", "Types", "Sectors", "Vendors", "Vendor trend", "Provinces", "Revisions", "Published", "Awards",
           "How to read this"]  # fmt: skip


@pytest.fixture(scope="module")
def book(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("book") / "2025-07.xlsx"
    xlsx_summary.write(market.con, written, contents(market))
    return written


def rows(book: Path, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(book)).get_sheet_by_name(sheet).to_python()


def table(book: Path, sheet: str) -> list[dict[str, Any]]:
    head, *body = rows(book, sheet)
    return [dict(zip(head, row, strict=True)) for row in body]


def parts(book: Path) -> dict[str, str]:
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


@pytest.mark.long
def test_there_is_a_sheet_for_each_question_in_either_language(market: Market, book: Path, tmp_path: Path) -> None:
    assert CalamineWorkbook.from_path(str(book)).sheet_names == SHEETS
    english = tmp_path / "en.xlsx"
    xlsx_summary.write(market.con, english, contents(market), "en")
    assert CalamineWorkbook.from_path(str(english)).sheet_names == ENGLISH
    assert rows(english, "Sectors")[1][0] in ("Government", "Education & research", "Energy", "Not stated")


@pytest.mark.long
def test_the_headline_is_what_the_database_says(market: Market, book: Path) -> None:
    month = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    now, year_before, _ = table(book, "概览")[:3]
    assert (now["期间"], now["中标项目"], now["已披露金额"], now["未披露金额"]) == (
        "2025-07", month["awards"], month["disclosed"], month["undisclosed"]
    )  # fmt: skip
    assert now["披露金额（元）"] == float(month["amount_yuan"])
    assert now["金额（亿元）"] == pytest.approx(month["amount_yi"], abs=0.005)
    assert (year_before["期间"], year_before["中标项目"]) == ("2024-07", 12)
    assert year_before["项目数增长 %"] == month["awards_yoy_pct"]
    assert year_before["金额增长 %"] == month["amount_yoy_pct"]
    text = " ".join(str(cell) for row in rows(book, "概览") for cell in row)
    assert "1 个平台中 1 个完整" in text
    assert "数据截至: 2025-08-21" in text


def test_the_curve_has_every_month_and_leaves_empty_what_is_not_known(market: Market, book: Path) -> None:
    shown = {row["月份"]: row for row in table(book, "走势")}
    for month in market.rows("SELECT month, awards, amount_yuan, awards_yoy_pct FROM monthly"):
        row = shown[month["month"]]
        assert (row["中标项目"], row["披露金额（元）"]) == (month["awards"], float(month["amount_yuan"]))
        assert row["中标项目 同比 %"] == ("" if month["awards_yoy_pct"] is None else month["awards_yoy_pct"])
    assert shown[date(2025, 3, 1)]["中标项目"] == ""


def test_leading_vendors_have_their_awards_and_amounts_month_by_month(market: Market, book: Path) -> None:
    shown = {row["月份"]: row for row in table(book, "厂商走势")}
    view = market.rows("SELECT * FROM monthly_by_vendor")
    assert {row["vendor"] for row in view} == {"阿里", "百度", "华为"}
    for row in view:
        cells = shown[row["month"]]
        assert cells[f"{row['vendor']} 项目数"] == row["awards"]
        assert cells[f"{row['vendor']} 亿元"] == pytest.approx(row["amount_yi"], abs=0.005)
    assert (shown[date(2025, 3, 1)]["阿里 项目数"], shown[date(2025, 3, 1)]["阿里 亿元"]) == ("", "")


@pytest.mark.parametrize(
    ("sheet", "head", "part", "column"),
    [("类型", "类型", "type", "project_type"), ("行业", "行业", "sector", "sector"), ("厂商", "厂商", "vendor", "vendor"),
     ("省份", "省份", "province", "province")],
)  # fmt: skip
def test_a_ranking_has_the_rows_of_its_view(
    market: Market, book: Path, sheet: str, head: str, part: str, column: str
) -> None:
    names = {"compute": "算力", "application": "应用", "model": "大模型", "data": "数据", "government": "政务",
             "education_research": "教科", "energy": "能源", None: "未标明"}  # fmt: skip
    view = market.rows(f"SELECT * FROM monthly_by_{part} WHERE month = DATE '2025-07-01'")
    expected = {
        (names.get(row[column], row[column]), row["awards"], row["disclosed"], float(row["amount_yuan"] or 0) or "",
         row["awards_share_pct"])
        for row in view
    }  # fmt: skip
    columns = (head, "中标项目", "已披露金额", "披露金额（元）", "占项目数 %")
    shown = {tuple(row[name] for name in columns) for row in table(book, sheet)}
    assert shown == expected


def test_each_month_has_its_shares_of_the_awards_and_of_the_money(market: Market, book: Path) -> None:
    shown = {row["类型"]: row for row in table(book, "类型")}
    view = market.rows("SELECT strftime(month, '%Y-%m') AS month, * EXCLUDE (month) FROM monthly_by_type")
    names = {"compute": "算力", "application": "应用", "model": "大模型", "data": "数据", None: "未标明"}
    assert len(view) == 15
    for row in view:
        cells = shown[names[row["project_type"]]]
        assert cells[f"{row['month']} 项目 %"] == row["awards_share_pct"]
        assert cells[f"{row['month']} 金额 %"] == row["amount_share_pct"]
        if row["month"] == "2025-07":
            assert cells["金额（亿元）"] == pytest.approx(row["amount_yi"], abs=0.005)


def test_all_awards_of_the_month_are_there_with_their_links(market: Market, book: Path) -> None:
    shown = {row["项目键"]: row for row in table(book, "项目清单")}
    stored = market.rows("SELECT * FROM counted_awards WHERE month = DATE '2025-07-01'")
    assert len(stored) == 69
    assert shown.keys() == {award["award_key"] for award in stored}
    for award in stored:
        row = shown[award["award_key"]]
        assert row["金额（元）"] == ("" if award["amount_yuan"] is None else float(award["amount_yuan"]))
        assert row["中标日期"] == award["awarded_on"]
        assert isinstance(row["中标日期"], date)
    links = parts(book)["xl/worksheets/_rels/sheet10.xml.rels"]
    assert links.count("https://ccgp.example/") == 68
    assert "javascript" not in links


def test_a_very_long_month_lists_its_largest_awards_and_says_where_all_are(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_summary, "MOST_AWARDS", 3)
    written = tmp_path / "long.xlsx"
    xlsx_summary.write(market.con, written, contents(market))
    listed = rows(written, "项目清单")[1:]
    everything = market.rows("SELECT count(*) AS n FROM counted_awards WHERE month = DATE '2025-07-01'")[0]["n"]
    assert len(listed) == 4
    assert listed[3][0].startswith(f"另有 {everything - 3} 个项目未列出")
    assert "tenders export --format xlsx --counted --since 2025-07-01 --until 2025-07-31" in listed[3][0]


def test_every_question_that_has_a_curve_has_a_native_chart_of_its_own_cells(book: Path) -> None:
    charts = {name: text for name, text in parts(book).items() if name.startswith("xl/charts/chart")}
    assert len(charts) == 6
    for name, text in charts.items():
        sources = re.findall(r"<c:f>'?([^'!<]+)'?!", text)
        assert sources, name
        assert set(sources) <= set(SHEETS)
    assert "<c:lineChart>" in charts["xl/charts/chart1.xml"]
    assert "<c:barChart>" in charts["xl/charts/chart1.xml"]


def test_every_sheet_has_a_frozen_header_and_numbers_have_formats(book: Path) -> None:
    files = parts(book)
    for at in range(1, len(SHEETS) + 1):
        assert 'state="frozen"' in files[f"xl/worksheets/sheet{at}.xml"]
    for wanted in ('"#,##0"', '"#,##0.00"', '"+#,##0.0;-#,##0.0;0.0"', '"yyyy-mm-dd"', '"0.0"'):
        assert wanted in files["xl/styles.xml"], wanted


def test_text_that_looks_like_a_formula_stays_text(book: Path) -> None:
    names = {row["项目"] for row in table(book, "项目清单")}
    assert report_world.FORMULA in names
    assert report_world.SCRIPT in names
    for name, text in parts(book).items():
        if name.startswith("xl/worksheets/sheet"):
            assert "<f>" not in text, name


def test_revisions_and_other_peoples_figures_have_their_sources(book: Path) -> None:
    changes = {row["原因"]: row for row in table(book, "修订")}
    assert changes["作废"]["金额变化（元）"] == -8_000_000
    assert changes["作废"]["项目数变化"] == -1
    assert changes["作废"]["依据公告"] == "https://ccgp.example/void"
    assert changes["更正"]["金额变化（元）"] == 500_000
    count = next(row for row in table(book, "对照") if row["指标"] == "中标项目（个）")
    assert (count["已发布"], count["本表"], count["差"]) == (574, 69, -505)
    assert any(row["指标"].startswith("增速与基数不符") for row in table(book, "对照"))


def test_it_says_how_to_read_it_and_whether_it_is_made_up(market: Market, book: Path, tmp_path: Path) -> None:
    text = " ".join(str(cell) for row in rows(book, "如何阅读") for cell in row)
    for words in (
        "market · 市场口径",
        "空白即未披露",
        "tenders summary --month 2025-07 --definition market",
        "tenders explain",
    ):
        assert words in text
    assert "虚构" not in text
    demo = tmp_path / "demo.xlsx"
    xlsx_summary.write(market.con, demo, contents(market, made_up=True))
    assert "虚构" in str(rows(demo, "概览"))
    assert "虚构" in str(rows(demo, "如何阅读"))
    assert "虚构" in parts(demo)["docProps/core.xml"]


def test_a_month_without_anything_is_a_workbook_too(market: Market, tmp_path: Path) -> None:
    written = tmp_path / "empty.xlsx"
    xlsx_summary.write(market.con, written, contents(market, month="2019-01"))
    assert CalamineWorkbook.from_path(str(written)).sheet_names == SHEETS
    assert rows(written, "概览")[1][2] == ""


@pytest.mark.long
def test_the_command_writes_the_same_file_for_the_same_data(tmp_path: Path) -> None:
    capture(tmp_path / "pages.jsonl", [record(number) for number in range(5)])
    assert tenders("ingest", tmp_path / "pages.jsonl", "--data", tmp_path / "data").returncode == 0
    made = []
    for name in ("a.xlsx", "b.xlsx"):
        done = tenders(
            "summary", "--month", "2026-07", "--format", "xlsx", "-o", tmp_path / name, "--data", tmp_path / "data"
        )
        assert done.returncode == 0, done.stderr
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    assert len(table(tmp_path / "a.xlsx", "项目清单")) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx", "data", "pages.jsonl"]
