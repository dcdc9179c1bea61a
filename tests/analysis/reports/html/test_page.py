"""The report page without a browser: figures, escaping, vintages, months without data."""

from __future__ import annotations

import base64
import hashlib
import html as entities
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from markupsafe import escape

from analysis.reports import award_details
from analysis.reports.charts import look
from analysis.reports.html.page import render
from tests.helpers import market_year, report_world
from tests.helpers.market import Market
from tests.helpers.report_world import contents, html
from tests.helpers.storing import award as record
from tests.helpers.storing import capture, tenders
from tests.paths import ROOT

pytestmark = pytest.mark.slow

_ROOT = ROOT
_SHOWN = re.findall(r"```sh\n(.*?)```", (_ROOT / "docs" / "report.md").read_text("utf-8"), re.DOTALL)
_COMMANDS = [line for block in _SHOWN for line in block.splitlines()]


@pytest.fixture(scope="module")
def page(market: Market) -> str:
    return html(market)


def plain(markup: str) -> str:
    """Return what a reader sees of HTML, in one line."""
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def data_of(page: str) -> dict[str, Any]:
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert block
    data = orjson.loads(block[1])
    assert isinstance(data, dict)
    return data


@pytest.mark.long
def test_the_headline_has_the_figures_of_the_database(market: Market, page: str) -> None:
    month = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    text = plain(page)
    assert month["awards"] == 69
    assert (
        f"2025 年 7 月共有 {month['awards']} 个大模型项目中标，上年同期为 12 个（同比 +{month['awards_yoy_pct']:,}%）"
        in text
    )
    assert f"其中 {month['disclosed']} 个公布了金额，合计 {month['amount_yi']:,.2f} 亿元" in text
    assert f"{month['undisclosed']} 个项目未披露金额" in text


def test_the_page_says_definition_day_coverage_and_where_its_growth_comes_from(page: str) -> None:
    text = plain(page)
    for words in ("市场口径", "数据截至 2025-08-21", "覆盖完整", "1 个平台中 1 个完整", "基期 2024-07",
                  "同平台增长"):  # fmt: skip
        assert words in text
    assert "tenders summary --month 2025-07 --definition market" in text


@pytest.mark.long
def test_growth_on_a_month_that_is_not_covered_is_a_dash_and_the_page_says_why() -> None:
    market = report_world.build()
    market.con.execute("DELETE FROM private.crawls WHERE crawl_id IN ('2024-07-01', '2025-07-30')")
    text = plain(html(market.publish()))
    for words in (
        "覆盖不完整",
        "1 个平台中 0 个完整；ccgp 缺 2 天",
        "两期的每个月都须完整覆盖（只有文件数据的月份须有计入的项目）才计算增长",
    ):
        assert words in text
    assert "同比 +" not in text


def test_every_award_is_in_the_data_once_with_its_lots_notices_and_words(market: Market, page: str) -> None:
    data = data_of(page)
    names = data["page"]["names"]
    rows = [dict(zip(names, row, strict=True)) for row in data["awards"]]
    assert len({row["key"] for row in rows}) == len(rows) == 69 + 12 + 6
    stored = {a["award_key"]: a for a in market.rows("SELECT * FROM counted_awards")}
    for row in rows:
        stored_award = stored[row["key"]]
        assert row["amount"] == (None if stored_award["amount_yuan"] is None else float(stored_award["amount_yuan"]))
        assert (row["type"], row["sector"], row["province"]) == (
            stored_award["project_type"],
            stored_award["sector"],
            stored_award["province"],
        )
        assert [notice[0] for notice in row["notices"]] == stored_award["notice_keys"]
        assert row["evidence"][0][0] == [0, ["大模型平台"], ["large-model"]]
    two = next(row for row in rows if row["number"] == "ZB-2025-0066")
    assert [(lot[1], lot[4], lot[7]) for lot in two["lots"]] == [
        ("平台", 3000000.1, ["阿里"]),
        ("算力", 4000000.2, ["百度"]),
    ]


def test_text_of_pages_stays_text(page: str) -> None:
    assert page.count("<script") == 2
    assert page.count("</script") == 2
    assert "<img" not in page
    assert 'onclick="alert' not in page
    assert "\u2028" not in page
    assert "\u202e" not in page.split('id="data"')[0]
    assert str(escape(report_world.SCRIPT)) in page
    assert not re.search(r'href="(?!#|https?://|data:,)', page)


def test_the_policy_allows_this_style_and_this_script_and_no_request(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    for name, text in re.findall(r"<(style|script)>(.*?)</(?:style|script)>", page, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy[1]
    assert " style=" not in page
    assert not re.search(r"\bon\w+=\"", page.split('id="data"')[0])


def test_figures_link_to_their_awards(market: Market, page: str) -> None:
    for part, column in (
        ("type", "project_type"),
        ("sector", "sector"),
        ("vendor", "vendor"),
        ("province", "province"),
    ):
        for row in market.rows(f"SELECT * FROM monthly_by_{part} WHERE month = DATE '2025-07-01'"):
            value = entities.escape(row[column] or "none")
            assert re.search(
                rf'href="#awards\?month=2025-07&amp;{part}=({re.escape(value)}|(%[0-9A-F]{{2}})+)"', page
            ), row
    assert 'href="#awards?month=2024-07"' in page
    assert 'href="#awards?month=2025-07&amp;disclosed=no"' in page


def test_every_chart_has_a_title_a_description_and_a_table_that_says_the_same(market: Market, page: str) -> None:
    charts = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    assert len(charts) == 6
    for chart in charts:
        assert re.search(r"<title id=[^>]+>[^<]+</title><desc id=[^>]+>[^<]+</desc>", chart)
    curve = page.split('id="curve"')[1].split("</section>")[0]
    for month in market.rows("SELECT strftime(month, '%Y-%m') AS month, awards, disclosed, amount_yi FROM monthly"):
        row = plain(curve[curve.index(f">{month['month']}</a>") :].split("</tr>")[0])
        assert f" {month['awards']} " in row
        assert f" {month['disclosed']} {month['amount_yi']:.2f} " in row


@pytest.mark.long
def test_the_page_of_a_quarter_lists_its_months_and_links_to_all_three() -> None:
    market = market_year.build()
    page = html(market, month="2025-Q2")
    data = data_of(page)["page"]
    assert data["period"] == "2025-Q2"
    assert data["periods"] == {
        "2025-Q2": ["2025-04", "2025-05", "2025-06"],
        "2024-Q2": ["2024-04", "2024-05", "2024-06"],
        "2025-Q1": ["2025-01", "2025-02", "2025-03"],
    }
    assert {"2025-04", "2025-05", "2025-06"} <= {row[1] for row in data_of(page)["awards"]}
    assert '<a href="#awards?month=2025-Q2&amp;disclosed=yes"' in page
    text = plain(page)
    assert text.startswith("大模型中标报告 · 2025 年二季度")
    assert "环比 +12.5%" in text
    assert "tenders summary --period 2025-Q2 --definition market" in text


def test_later_changes_are_listed_with_their_cause_and_their_notice(page: str) -> None:
    revised = page.split('id="revisions"')[1].split("</section>")[0]
    text = plain(revised)
    assert "作废 1 −1 −8,000,000.00" in text
    assert "更正 1 0 +500,000.00" in text
    assert "合计 2 −1 −7,500,000.00" in text
    assert 'href="https://ccgp.example/void"' in revised
    assert "8,000,000.00 → —" in text


def test_published_figures_are_shown_with_ours_and_contradictions_with_both_sources(page: str) -> None:
    published = page.split('id="published"')[1].split("</section>")[0]
    assert "中标项目（个） 574 69 −505" in plain(published)
    assert (
        'href="https://www.tjjmwy.com/news/meitibaodao/2120.html" target="_blank" rel="noopener noreferrer"'
        in published
    )
    assert "增速与基数不符 2025-07 项目数同比（%） 422" in plain(published)


def test_the_page_of_an_earlier_day_knows_only_what_was_known_then(market: Market) -> None:
    then = html(market, as_of="2025-08-10")
    assert "2025 年 7 月共有 70 个大模型项目中标" in plain(then)
    assert "数据截至 2025-08-10" in plain(then)
    assert "--as-of 2025-08-10" in plain(then)
    data = data_of(then)
    rows = {row[4]: dict(zip(data["page"]["names"], row, strict=True)) for row in data["awards"]}
    assert rows["ZB-2025-0068"]["amount"] == 8_000_000
    assert rows["ZB-2025-0069"]["amount"] == 9_000_000
    assert [notice[0] for notice in rows["ZB-2025-0069"]["notices"]] == ["ccgp:202569"]


def test_the_english_page_has_the_same_figures_in_millions_and_says_which_names_are_chinese(market: Market) -> None:
    english = html(market, "en")
    month = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    assert '<html lang="en">' in english
    assert f"{month['awards']} large-model projects were awarded in July 2025" in plain(english)
    assert f"CNY {month['amount_yuan'] / 1_000_000:,.1f} m" in plain(english)
    assert '<span lang="zh-CN">阿里</span>' in english


@pytest.mark.long
def test_a_page_of_made_up_data_says_so_in_both_languages(market: Market, page: str) -> None:
    assert "虚构" not in plain(page.split('id="data"')[0])
    assert "示例：项目与金额均为虚构" in plain(html(market, made_up=True))
    assert "projects and sums are made up" in plain(html(market, "en", made_up=True))


@pytest.mark.parametrize("month", ["2023-01", "2025-08", "2027-01"])
def test_a_month_without_awards_has_a_page_that_says_so(market: Market, month: str) -> None:
    empty = html(market, month=month)
    assert re.search("没有任何已知数据|没有计入的项目", plain(empty))
    assert month not in {row[1] for row in data_of(empty)["awards"]}


@pytest.mark.long
def test_all_awards_of_the_month_are_on_the_page_and_other_months_while_there_is_room(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(award_details, "ROOM", 75)
    report = contents(market)
    assert [f"{month:%Y-%m}" for month in award_details.months_with_room(report)] == ["2025-07", "2025-06"]
    shown = render(market.con, report)
    assert len(data_of(shown)["awards"]) == 69 + 6
    assert 'href="#awards?month=2024-07"' not in shown.split('id="curve"')[1].split("</section>")[0]
    assert "tenders summary --month YYYY-MM --format html" in plain(shown)


def test_colours_have_enough_contrast_for_people_with_low_vision() -> None:
    style = look.style() + (_ROOT / "analysis" / "reports" / "html" / "page.css").read_text()
    schemes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(schemes) == 3
    for scheme in schemes:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", scheme, re.IGNORECASE))
        for ink, paper in (("ink", "paper"), ("quiet", "paper"), ("quiet", "faint"), ("link", "paper"), ("accent", "paper"),
                           ("warn", "warn-paper"), ("well", "faint"), ("ink", "mark"), ("ink", "s4"), ("on-dark", "s5"),
                           ("on-dark", "s6")):  # fmt: skip
            assert _contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper, colours[ink], colours[paper])
        for part in ("compute", "application", "data", "now" if "now" in colours else "accent", "before"):
            assert _contrast(colours[part], colours["paper"]) >= 3, part


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reported")
    capture(place / "pages.jsonl", [record(number) for number in range(5)])
    done = tenders("ingest", place / "pages.jsonl", "--data", place / "data")
    assert done.returncode == 0, done.stderr
    return place


@pytest.mark.long
def test_the_command_writes_a_page_completely_or_not_at_all(folder: Path) -> None:
    written = folder / "july.html"
    written.write_text("what was there")
    refused = tenders("summary", "--month", "2026-13", "--format", "html", "-o", written, "--data", folder / "data")
    assert refused.returncode == 2
    assert written.read_text() == "what was there"
    done = tenders("summary", "--month", "2026-07", "--format", "html", "-o", written, "--data", folder / "data")
    assert done.returncode == 0, done.stderr
    assert written.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert not list(folder.glob(".*.part"))
    shown = tenders("summary", "--month", "2026-07", "--format", "html", "--data", folder / "data")
    assert shown.stdout == written.read_text("utf-8"), "the same data gives the same page"


def test_options_that_do_not_fit_are_refused_in_one_line(folder: Path) -> None:
    for arguments, message in (
        (["--format", "html", "--definition", "all"], "--definition all"),
        (["--format", "text", "--definition", "all"], "--definition all"),
        (["--format", "xlsx"], "add -o FILE.xlsx"),
    ):
        result = tenders("summary", "--month", "2026-07", *arguments, "--data", folder / "data")
        assert result.returncode == 2
        assert message in result.stderr
        assert result.stderr.count("\n") == 1


def test_make_report_writes_the_page_of_a_month(folder: Path) -> None:
    asked = {**os.environ, "TENDERS_DATA": "/somewhere"}
    shown = subprocess.run(
        ["make", "-n", "report", "MONTH=2026-07"], cwd=_ROOT, capture_output=True, text=True, check=True, env=asked
    ).stdout
    assert "tenders summary --month 2026-07 --format html -o /somewhere/report-2026-07.html" in shown
    assert "say which month: make report MONTH=2026-07" in shown


def test_the_demos_folder_marks_its_reports(folder: Path) -> None:
    mark = folder / "data" / "private" / "made-up"
    mark.touch()
    try:
        shown = tenders("summary", "--month", "2026-07", "--format", "html", "--data", folder / "data").stdout
    finally:
        mark.unlink()
    assert "示例：项目与金额均为虚构" in shown
    with duckdb.connect(str(folder / "data" / "tenders.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM awards").fetchone() == (5,)


@pytest.mark.long
@pytest.mark.parametrize("command", _COMMANDS)
def test_a_command_of_the_report_s_documentation_writes_its_file(demo: Path, command: str) -> None:
    arguments = shlex.split(command)
    done = tenders(*arguments[1:], cwd=demo)
    assert done.returncode == 0, done.stderr
    written = (demo / arguments[-1]).read_bytes()
    beginnings = {".xlsx": b"PK", ".html": b"<!DOCTYPE html>", ".txt": "2025 年 7 月".encode()}
    assert written.startswith(beginnings[Path(arguments[-1]).suffix])


def test_the_demo_writes_its_page_and_marks_it(demo: Path) -> None:
    assert "示例：项目与金额均为虚构" in (demo / "data" / "demo" / "summary-2025-07.html").read_text("utf-8")
