"""The public site in a real browser, from a web server and from a disk: browsing, searching, phone, dark, and no request outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.helpers import report_world
from tests.helpers.market import Market
from tests.helpers.opened_page import CHROMIUM, OpenedPage, started_browser
from tests.helpers.published_market import publish_market

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no /usr/bin/chromium: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started_browser() as started:
        yield started


@pytest.fixture(scope="module")
def market() -> Market:
    return report_world.build()


@pytest.fixture(scope="module")
def site(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public") / "site"
    publish_market(market, folder)
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as listening:
        thread = Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/"
        listening.shutdown()
        thread.join()


class Reader(OpenedPage):
    """A page of the site that was opened."""

    def __init__(self, browser: Browser, home: str, path: str, **how: Any) -> None:
        super().__init__(
            browser, home + path, lambda request: request.url.startswith((home, "data:")), seconds=5, **how
        )

    def finds(self, awards: int) -> None:
        """Wait until the list says that it has found so many."""
        expect(self.page.locator("#found")).to_have_text(re.compile(rf"^{awards:,} [^(]+$"))


@pytest.fixture
def reader(browser: Browser, server: str) -> Iterator[Reader]:
    opened = Reader(browser, server, "awards.html")
    yield opened
    assert opened.problems == []
    opened.page.close()


def test_awards_are_browsed_by_day_the_newest_first(reader: Reader) -> None:
    page = reader.page
    reader.finds(87)
    assert page.locator(".daybreak th").first.inner_text() == "2025-07-28 星期一 2 个"
    days = page.locator(".awards .day").all_inner_texts()
    assert days == sorted(days, reverse=True)
    page.click(".grid button[aria-label^='2025-07-20']")
    reader.finds(7)
    assert "day=2025-07-20" in page.url
    assert set(page.locator(".awards .day").all_inner_texts()) == {"2025-07-20"}
    page.click(".grid button[aria-pressed=true]")
    reader.finds(69)
    page.click(".step >> nth=0")
    reader.finds(6)
    assert "month=2025-06" in page.url


def test_words_buyers_and_codes_find_awards_of_all_months(reader: Reader, market: Market) -> None:
    page = reader.page
    page.fill("#by-q", "旧市 第3局")
    reader.finds(1)
    page.fill("#by-q", "")
    page.fill("#by-buyer", "旧市")
    reader.finds(12)
    page.click("text=清除筛选")
    reader.finds(87)
    for kind, value, column in (
        ("type", "compute", "project_type"),
        ("sector", "energy", "sector"),
        ("province", "广东", "province"),
    ):
        page.select_option(f"#by-{kind}", value)
        [row] = market.rows(
            f"SELECT count(*) AS n, sum(amount_yuan) AS amount FROM counted_awards WHERE {column} = '{value}'"
        )
        reader.finds(row["n"])
        assert f"{row['amount']:,.2f}" in page.inner_text("#found")
        page.click("text=清除筛选")
    page.select_option("#by-vendor", "阿里")
    [row] = market.rows("SELECT count(*) AS n, sum(amount_yuan) AS amount FROM counted_vendors WHERE vendor = '阿里'")
    reader.finds(row["n"])
    assert f"{row['amount']:,.2f}" in page.inner_text("#found")
    page.select_option("#by-month", "2025-H1")
    [row] = market.rows("SELECT count(*) AS n FROM counted_vendors WHERE vendor = '阿里' AND month = DATE '2025-06-01'")
    reader.finds(row["n"])
    page.select_option("#by-vendor", "")
    page.select_option("#by-order", "amount")
    amounts = [float(text.replace(",", "")) for text in page.locator(".awards > tbody td.n").all_inner_texts()]
    assert amounts == sorted(amounts, reverse=True)


def test_pages_turn_over_months_that_were_not_read_yet(reader: Reader) -> None:
    page = reader.page
    reader.finds(87)
    assert len(reader.names()) == 50
    page.click("text=下一页")
    expect(page.locator(".pager span")).to_have_text("第 2 页，共 2 页")
    expect(page.locator(".awards .open")).to_have_count(37)
    assert "2024-07-01" in page.locator(".awards .day").last.inner_text()


def test_an_award_is_opened_with_its_lots_notices_and_words(browser: Browser, server: str, market: Market) -> None:
    [award] = market.rows("SELECT award_key FROM awards WHERE project_number = 'ZB-2025-0066'")
    reader = Reader(browser, server, f"en/awards.html#awards?month=2025-07&award={award['award_key']}")
    details = reader.page.locator(".detail")
    expect(details).to_be_visible()
    for words in ("平台", "3,000,000.10", "large-model", "ccgp:202566", f"tenders explain {award['award_key']}"):
        assert words in details.inner_text()
    assert details.locator("ol a").get_attribute("href") == "https://ccgp.example/202566"
    reader.page.evaluate("location.hash = '#awards?award=awgone'")
    expect(reader.page.locator(".awards tbody")).to_contain_text("tenders explain awgone")
    assert reader.problems == []
    reader.page.close()


@pytest.mark.parametrize(
    "path", ["index.html", "awards.html", "en/awards.html", "periods/2025-Q3.html", "downloads.html"]
)
def test_the_site_works_from_a_disk_too(browser: Browser, site: Path, path: str) -> None:
    reader = Reader(browser, f"{site.as_uri()}/", path)
    if "awards" in path:
        reader.finds(87)
        reader.page.fill("#by-q", "ZB-2024-0003")
        reader.finds(1)
        reader.page.click(".open")
        expect(reader.page.locator(".detail ol a")).to_have_count(1)
    assert reader.page.evaluate("getComputedStyle(document.body).maxWidth") == "1000px"
    assert reader.problems == []
    reader.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("folder", ["", "en/"])
def test_every_page_fits_a_phone_in_light_and_dark(browser: Browser, server: str, folder: str, scheme: Any) -> None:
    paper = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]
    for path in ("index.html", "awards.html", "downloads.html", "periods/2025-07.html", "periods/2025.html"):
        reader = Reader(browser, server, folder + path, viewport={"width": 360, "height": 700}, color_scheme=scheme)
        if path == "awards.html":
            reader.finds(87)
        for box in reader.page.locator("details").all():
            box.evaluate("box => { box.open = true; }")
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert reader.page.evaluate("getComputedStyle(document.body).backgroundColor") == paper
        assert reader.problems == []
        reader.page.close()


def test_a_figure_leads_to_its_awards_and_the_language_changes_on_the_same_page(browser: Browser, server: str) -> None:
    reader = Reader(browser, server, "periods/2025-07.html")
    reader.page.click(".big a[href*='disclosed=no']")
    reader.finds(10)
    reader.page.go_back()
    reader.page.click("text=English")
    expect(reader.page.locator("h1")).to_have_text("July 2025")
    assert reader.page.url.endswith("/en/periods/2025-07.html")
    reader.page.click(".masthead a[href$='downloads.html']")
    expect(reader.page.locator("h1")).to_have_text("Data")
    assert reader.problems == []
    reader.page.close()


def test_a_file_that_is_missing_is_said_and_text_of_hostile_pages_does_nothing(browser: Browser, server: str) -> None:
    reader = Reader(browser, server, "awards.html#awards?day=2025-07-20")
    reader.finds(7)
    assert report_world.SCRIPT in reader.names()
    assert reader.page.title() == "项目查询 · 中国大模型中标公开数据"
    assert reader.page.locator("img, iframe, object, [onclick], [style]").count() == 0
    assert reader.problems == []
    reader.page.route("**/2024-07.js*", lambda route: route.abort())
    reader.page.select_option("#by-month", "2024-07")
    expect(reader.page.locator("#found")).to_have_text("有的数据文件没有读到，请刷新页面重试")
    reader.page.close()
