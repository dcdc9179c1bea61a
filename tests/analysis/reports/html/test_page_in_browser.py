"""The report page in a real browser: what a reader sees, clicks, types, prints, and what never happens."""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from playwright.sync_api import Browser, Request, expect

from tests.helpers import report_world
from tests.helpers.market import Market
from tests.helpers.opened_page import CHROMIUM, OpenedPage, started_browser
from tests.helpers.report_world import html

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium: apt-get install chromium"),
]
MONTH = "month=2025-07"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started_browser() as started:
        yield started


@pytest.fixture(scope="module")
def file(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("report") / "2025-07.html"
    written.write_text(html(market), "utf-8")
    return written


def is_the_page_itself(request: Request) -> bool:
    return request.url.startswith(("file:", "data:")) and request.is_navigation_request()


class Reader(OpenedPage):
    """A page that was opened."""

    def __init__(self, browser: Browser, file: Path, **how: Any) -> None:
        super().__init__(browser, file.as_uri(), is_the_page_itself, **how)

    def go(self, query: str) -> None:
        self.page.evaluate("query => { location.hash = `#awards?${query}`; }", query)

    @property
    def found(self) -> tuple[int, int, str]:
        """Awards, how many disclose an amount, and the sum, as the list says."""
        numbers = re.findall(r"[\d,.]+\d|\d", self.page.inner_text("#found"))
        return int(numbers[0].replace(",", "")), int(numbers[1].replace(",", "")), numbers[2].replace(",", "")

    def finds(self, awards: int) -> None:
        """Wait until the list says that it has found so many."""
        expect(self.page.locator("#found")).to_have_text(re.compile(rf"^{awards:,} "))


@pytest.fixture
def reader(browser: Browser, file: Path) -> Iterator[Reader]:
    opened = Reader(browser, file)
    opened.page.set_default_timeout(5_000)
    yield opened
    assert opened.problems == []
    opened.page.close()


def test_the_month_shown_first_has_the_figures_of_the_database(reader: Reader, market: Market) -> None:
    month = market.rows(
        "SELECT awards, disclosed, amount_yuan, amount_yi FROM monthly WHERE month = DATE '2025-07-01'"
    )[0]
    assert reader.found == (month["awards"], month["disclosed"], str(month["amount_yuan"]))
    big = reader.page.locator(".figure").all_inner_texts()
    assert [text.split()[0] for text in big[:2]] == [str(month["awards"]), f"{month['amount_yi']:.2f}"]
    assert len(reader.names()) == 25


@pytest.mark.parametrize(
    ("part", "column"), [("type", "project_type"), ("sector", "sector"), ("vendor", "vendor"), ("province", "province")]
)
def test_each_figure_of_a_ranking_is_the_sum_of_the_awards_it_leads_to(
    reader: Reader, market: Market, part: str, column: str
) -> None:
    rows = market.rows(f"SELECT * FROM monthly_by_{part} WHERE month = DATE '2025-07-01'")
    links = reader.page.locator(f"#{part}s .ranking tbody th a")
    assert links.count() == len(rows)
    shown = {}
    for at in range(links.count()):
        link = links.nth(at)
        cells = link.locator("xpath=ancestor::tr/td").all_inner_texts()
        address = link.get_attribute("href")
        assert address
        reader.page.evaluate("address => { location.hash = address; }", address)
        reader.page.wait_for_function("hash => location.hash === hash", arg=address)
        expect(reader.page.locator(f"#by-{part}")).to_have_value(re.compile(".+"))
        value = reader.page.locator(f"#by-{part}").input_value()
        shown[None if value == "none" else value] = (*reader.found, int(cells[0]))
    assert shown == {
        row[column]: (row["awards"], row["disclosed"], str(row["amount_yuan"] or "0.00"), row["awards"]) for row in rows
    }


def test_a_click_on_a_figure_lists_its_awards_and_brings_the_reader_there(reader: Reader, market: Market) -> None:
    undisclosed = market.rows("SELECT undisclosed FROM monthly WHERE month = DATE '2025-07-01'")[0]["undisclosed"]
    reader.page.click(".big a[href*='disclosed=no']")
    expect(reader.page.locator("#by-disclosed")).to_have_value("no")
    expect(reader.page.locator("#awards-head")).to_be_focused()
    assert reader.found == (undisclosed, 0, "0.00")
    assert reader.page.evaluate("Math.abs(document.getElementById('awards-head').getBoundingClientRect().top) < 300")
    reader.page.click("text=清除筛选")
    assert reader.found[0] == 69
    reader.page.click("#headline table a >> text=2024-07")
    expect(reader.page.locator("#by-month")).to_have_value("2024-07")
    assert reader.found == (12, 12, "7800000.00")
    reader.page.click("#curve .wide a:has(.bar) >> nth=1")
    expect(reader.page.locator("#by-month")).to_have_value("2025-06")
    assert reader.found[0] == 6


def test_search_filters_and_order_work_together(reader: Reader) -> None:
    page = reader.page
    page.fill("#by-q", "第5")
    reader.finds(11)
    page.fill("#by-q", "ＺＢ-2025-0007")  # full-width letters are the same letters
    reader.finds(1)
    assert reader.names() == ["第7号大模型平台采购项目"]
    page.fill("#by-q", "")
    reader.finds(69)
    page.select_option("#by-type", "application")
    page.select_option("#by-vendor", "百度")
    some = reader.found[0]
    assert 0 < some < 14
    assert f"type=application&vendor={'%E7%99%BE%E5%BA%A6'}" in page.url
    page.click("text=清除筛选")
    page.select_option("#by-order", "day")
    days = page.locator(".awards .day").all_inner_texts()
    assert days == sorted(days, reverse=True)
    page.click(".awards thead button >> text=金额")
    amounts = page.locator(".awards > tbody td.n").all_inner_texts()
    figures = [float(amount.replace(",", "")) for amount in amounts]
    assert figures == sorted(figures, reverse=True)
    assert page.get_attribute(".awards thead th:last-child", "aria-sort") == "descending"
    page.click(".awards thead button >> text=金额")
    assert page.get_attribute(".awards thead th:last-child", "aria-sort") == "ascending"
    assert page.locator(".awards > tbody td.n").first.inner_text() == "65.00"
    page.fill("#by-q", "没有这个项目")
    expect(page.locator(".awards tbody")).to_contain_text("没有符合条件的项目")


def test_pages_turn_and_the_last_one_holds_the_rest(reader: Reader) -> None:
    page = reader.page
    assert page.locator(".pager button").first.is_disabled()
    page.click("text=下一页")
    page.click("text=下一页")
    assert len(reader.names()) == 69 - 50
    assert page.locator(".pager button").last.is_disabled()
    assert page.inner_text(".pager span") == "第 3 页，共 3 页"


def test_an_award_shows_its_lots_its_notices_and_the_words_that_decided(reader: Reader, market: Market) -> None:
    key = market.rows("SELECT award_key FROM awards WHERE project_number = 'ZB-2025-0066'")[0]["award_key"]
    reader.go(f"award={key}")
    details = reader.page.locator(".detail")
    expect(details).to_be_visible()
    text = details.inner_text()
    for words in (
        "平台",
        "3,000,000.10",
        "4,000,000.20",
        "某阿里甲公司",
        f"tenders explain {key}",
        "large-model",
        "ccgp:202566",
    ):
        assert words in text
    assert details.locator("q").first.inner_text() == "大模型平台"
    link = details.locator("ol a")
    assert link.get_attribute("href") == "https://ccgp.example/202566"
    assert link.get_attribute("rel") == "noopener noreferrer"
    reader.go(f"award={key}&vendor=x")
    reader.go("award=awgone")
    expect(reader.page.locator(".awards tbody")).to_contain_text("tenders explain awgone")


def test_a_partial_amount_is_marked_and_an_undisclosed_one_is_called_so(reader: Reader) -> None:
    reader.page.fill("#by-q", "ZB-2025-0067")
    reader.finds(1)
    assert "部分标段未披露" in reader.page.inner_text(".awards tbody")
    reader.page.fill("#by-q", "ZB-2025-0005")
    expect(reader.page.locator(".awards tbody td.n")).to_have_text("未披露")


def test_everything_can_be_done_with_the_keyboard(reader: Reader) -> None:
    page = reader.page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.focus("#by-q")
    page.keyboard.type("ZB-2025-0066")
    reader.finds(1)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "open":
            break
    name = page.locator(".open")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(name).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".detail")).to_be_visible()
    page.keyboard.press("Space")
    assert page.locator(".detail").count() == 0


def test_rankings_are_sorted_by_a_heading_and_the_rest_of_a_long_one_is_shown_on_demand(reader: Reader) -> None:
    page = reader.page
    shown = page.locator("#provinces tbody tr:visible")
    assert shown.count() == 10
    page.click("#provinces .ranking thead button >> text=金额（")
    amounts = page.locator("#provinces tbody td:nth-child(4)").all_text_contents()
    figures = [float(amount) for amount in amounts if amount != "—"]
    assert figures == sorted(figures, reverse=True)
    assert page.locator("#provinces [aria-sort=descending]").count() == 1
    page.click("#provinces .rest")
    assert shown.count() == 14


def test_a_screen_reader_finds_labels_captions_and_roles(reader: Reader) -> None:
    page = reader.page
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.evaluate("[...document.querySelectorAll('input, select')].every(box => box.labels.length === 1)")
    assert page.evaluate("[...document.querySelectorAll('table')].every(table => table.caption?.textContent.trim())")
    assert (
        page.evaluate("document.querySelectorAll('svg.chart').length")
        == page.locator("svg.chart[role=img]:has(desc)").count()
    )
    assert page.evaluate("[...document.querySelectorAll('thead th')].every(head => head.scope === 'col')")
    keys = page.evaluate("[...document.querySelectorAll('[id]')].map(part => part.id)")
    assert len(set(keys)) == len(keys)
    assert page.get_attribute("#found", "role") == "status"
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(head => Number(head.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_text_of_hostile_pages_does_nothing(reader: Reader) -> None:
    page = reader.page
    page.select_option("#by-order", "amount")
    for opener in page.locator(".open").all()[:8]:
        opener.click()
    names = reader.names()
    assert report_world.SCRIPT in names
    assert report_world.FORMULA in names
    assert page.title() == "大模型中标月报 · 2025 年 7 月"
    assert page.locator("img, iframe, object, embed, form[action], [onclick], [onerror], [style]").count() == 0
    assert page.evaluate("document.scripts.length") == 2
    page.fill("#by-q", "ZB-2025-0065")
    reader.finds(1)
    page.click(".open")
    assert page.locator(".awards a").count() == 0, "javascript: is no link"
    assert page.evaluate("[...document.links].every(link => /^(#|https?:)/.test(link.getAttribute('href')))")
    assert page.locator("a[href^=http]").count() == page.locator("a[href^=http][rel='noopener noreferrer']").count()


def test_a_script_that_got_in_would_not_run_and_could_not_send_anything(
    browser: Browser, file: Path, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.html"
    harm = "<script>document.title = 'owned'</script><img src='https://evil.example/x'><p onclick='document.title = 1'>x</p>"
    spoilt.write_text(file.read_text("utf-8").replace("<footer>", f"{harm}<footer>"), "utf-8")
    reader = Reader(browser, spoilt)
    assert reader.page.title() == "大模型中标月报 · 2025 年 7 月"
    assert reader.problems
    assert all("Content Security Policy" in problem for problem in reader.problems), reader.problems
    reader.page.close()


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 24, 29)")])
def test_it_is_dark_where_the_reader_wants_it_dark(browser: Browser, file: Path, scheme: Any, paper: str) -> None:
    reader = Reader(browser, file, color_scheme=scheme)
    assert reader.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
    assert reader.problems == []
    reader.page.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_needs_no_sideways_scrolling(browser: Browser, market: Market, tmp_path: Path, language: str) -> None:
    written = tmp_path / "phone.html"
    written.write_text(html(market, language), "utf-8")
    reader = Reader(browser, written, viewport={"width": 360, "height": 700}, has_touch=True)
    page = reader.page
    for box in page.locator("details").all():
        box.evaluate("box => { box.open = true; }")
    for opener in page.locator(".open").all()[:8]:
        opener.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    inner = page.locator(".ranking").evaluate_all(
        "all => all.map(one => one.offsetWidth - one.parentElement.clientWidth)"
    )
    assert max(inner) <= 0, "a ranking is not cut"
    tall = page.evaluate(
        "[...document.querySelectorAll('select, input, .pager button, .rest')].map(part => part.offsetHeight)"
    )
    assert min(filter(None, tall)) >= 40, "large enough for a finger"
    assert page.locator("#curve .phone").first.is_visible()
    assert not page.locator("#curve .wide").first.is_visible()
    assert reader.problems == []
    page.close()


def test_on_paper_there_are_the_tables_of_the_charts_and_the_awards_but_no_controls(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "pdfminer")
    printed = reader.page.pdf(format="A4")
    with pdfplumber.open(io.BytesIO(printed)) as pdf:
        text = "".join(page.extract_text(use_text_flow=True) for page in pdf.pages)
    squeezed = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    assert "2025年7月" in squeezed
    assert "第59号大模型平台采购项目" in squeezed
    assert "第13号大模型平台采购项目" in squeezed, "a page of the list further on"
    assert "−8,000,000.00" in squeezed, "a single revision"
    assert "清除筛选" not in squeezed
    assert "下一页" not in squeezed
    reader.page.emulate_media(media="print")
    assert not reader.page.locator(".filters").is_visible()
    assert len(reader.names()) == 25, "the screen is as it was"


def test_without_scripts_the_figures_and_the_largest_awards_are_there(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert "共有 69 个大模型项目中标" in page.inner_text("main")
    assert page.locator("#headline .cards >> nth=1").locator("tbody tr").count() == 5
    assert page.locator("#provinces tbody tr:visible").count() == 14
    assert "需要 JavaScript" in page.inner_text("#awards")
    context.close()


def test_five_thousand_awards_are_searched_at_once(browser: Browser, market: Market, tmp_path: Path) -> None:
    text = html(market)
    head, rows = text.split('"awards":[\n')
    one = rows.split("\n")[3].rstrip(",")
    key = re.match(r'\["(aw\w+)"', one)
    assert key
    many = [one.replace(key[1], f"aw{number:016}").replace("号大模型", f"号{number}大模型") for number in range(5_000)]
    large = tmp_path / "large.html"
    large.write_text(head + '"awards":[\n' + ",\n".join(many) + "\n]}" + rows[rows.index("</script>") :], "utf-8")
    reader = Reader(browser, large)
    assert reader.found[0] == 5_000
    ready = reader.page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert ready < 3_000
    took = reader.page.evaluate(
        """() => {
            const box = document.getElementById("by-order"), began = performance.now();
            box.value = "name";
            box.dispatchEvent(new Event("change"));
            return performance.now() - began;
        }"""
    )
    assert took < 1_500
    reader.page.fill("#by-q", "4999")
    reader.finds(1)
    assert reader.page.evaluate("document.querySelectorAll('.awards > tbody > tr').length") == 1
    assert reader.problems == []
    reader.page.close()
