"""The public site without a browser: its pages, links, awards, feed, and what publishing again changes."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

import orjson
import pytest

from analysis.publication.site.downloads import size_text
from analysis.publication.site.pages import Place
from analysis.publication.site.periods import month_in_front, neighbours, periods_of, years
from tenders.config.models import PublishSection
from tests.helpers import report_world
from tests.helpers.market import Market
from tests.helpers.published_market import publish_market

_ATOM = "{http://www.w3.org/2005/Atom}"
_URL = "https://data.example/tenders/"


def test_a_period_leads_to_its_neighbours_and_to_the_longer_ones_around_it() -> None:
    existing = periods_of([date(2025, 1, 1), date(2025, 7, 1), date(2024, 7, 1)])
    keys = [period.key for period in existing]
    assert keys == ["2024", "2025", "2024-H2", "2025-H1", "2025-H2", "2024-Q3", "2025-Q1", "2025-Q3",
                    "2024-07", "2025-01", "2025-07"]  # fmt: skip
    around = neighbours(existing[keys.index("2025-01")], existing)
    assert (around.before, around.after) == (existing[keys.index("2024-07")], existing[-1])
    assert [period.key for period in around.around] == ["2025-Q1", "2025-H1", "2025"]
    assert neighbours(existing[1], existing).around == ()
    calendar = years(existing)
    assert [year.period.key for year in calendar] == ["2025", "2024"]
    assert [one and one.key for one in calendar[0].rows[1]] == ["2025-Q1", None, "2025-Q3", None]


@pytest.mark.parametrize(
    ("language", "path", "home", "root", "translation"),
    [
        ("zh", "index.html", "", "", "en/index.html"),
        ("en", "index.html", "", "../", "../index.html"),
        ("zh", "periods/2025.html", "../", "../", "../en/periods/2025.html"),
        ("en", "periods/2025.html", "../", "../../", "../../periods/2025.html"),
    ],
)
def test_a_page_knows_the_way_to_all_others(language: Any, path: str, home: str, root: str, translation: str) -> None:
    place = Place(language, path)
    assert (place.home, place.root, place.translation) == (home, root, translation)


@pytest.mark.parametrize(
    ("awards", "states", "as_of", "in_front"),
    [
        ({5: 60, 6: 55, 7: 50}, {}, "2025-08-04", 7),
        ({5: 60, 6: 55, 7: 50}, {}, "2025-07-31", 6),  # July is not over
        ({5: 60, 6: 55, 7: 3}, {}, "2025-09-04", 6),  # July looks half collected
        ({5: 60, 6: 55, 7: 3}, {7: "complete"}, "2025-09-04", 7),  # but nothing of it is missing
        ({5: 60, 6: 55, 7: 50}, {6: "complete", 7: "partial"}, "2025-09-04", 6),
        ({3: 60, 5: 70, 6: 55, 7: 50}, {3: "complete"}, "2025-09-04", 7),  # March is too old for a first page
        ({7: 3}, {}, None, 7),
    ],
)
def test_the_first_page_opens_on_the_newest_month_that_is_known_well(
    awards: dict[int, int], states: dict[int, str], as_of: str | None, in_front: int
) -> None:
    def by_month(values: dict[int, Any]) -> dict[date, Any]:
        return {date(2025, month, 1): value for month, value in values.items()}

    day = date.fromisoformat(as_of) if as_of else None
    assert month_in_front(by_month(awards), by_month(states), day) == date(2025, in_front, 1)


@pytest.mark.parametrize(("size", "text"), [(0, "0 B"), (999, "999 B"), (1_000, "1.0 KB"), (123_456_789, "123 MB")])
def test_sizes_are_written_as_people_write_them(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.fixture(scope="module")
def market() -> Market:
    return report_world.build()


@pytest.fixture(scope="module")
def site(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public") / "site"
    publish_market(market, folder, PublishSection(url=_URL.rstrip("/")))
    return folder


def _awards(site: Path, name: str) -> list[Any]:
    text = (site / "assets" / "awards" / name).read_text("utf-8")
    rows = orjson.loads(text.removeprefix(f'awardsFile("{name}",').removesuffix(");\n"))
    assert isinstance(rows, list)
    return rows


@pytest.mark.long
def test_every_link_of_every_page_leads_to_a_file_and_none_to_another_server(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 2 * (3 + 3 + 3 + 3 + 2)
    for page in pages:
        text = page.read_text("utf-8")
        ids = set(re.findall(r' id="([^"]+)"', text))
        for link in map(unescape, re.findall(r'(?:href|src)="([^"]*)"', text)):
            if link.startswith(("http:", "https:", "data:")):
                continue
            address, fragment = urldefrag(link)
            target = page.parent / address if address else page
            assert target.is_file(), (page.name, link)
            if fragment and not fragment.startswith("awards?"):
                found = ids if not address else set(re.findall(r' id="([^"]+)"', target.read_text("utf-8")))
                assert fragment in found, (page.name, link)
        assert not re.search(r'<(?:script|link rel="stylesheet"|img)[^>]+(?:src|href)="https?:', text)
        assert "script-src 'self'" in text
        assert not re.search(r'\son\w+="|<[^>]+ style="', text)


@pytest.mark.long
def test_a_page_of_a_period_has_the_figures_of_the_database_and_links_to_the_list(site: Path, market: Market) -> None:
    month = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    text = (site / "periods" / "2025-07.html").read_text("utf-8")
    assert f"2025 年 7 月共有 {month['awards']} 个大模型项目中标" in text
    assert 'href="../awards.html#awards?month=2025-07&amp;type=compute"' in text
    assert 'rel="prev">‹ 2025 年 6 月' in text
    assert "68 large-model projects" not in (site / "en" / "periods" / "2025-07.html").read_text("utf-8")
    assert "69 large-model projects were awarded" in (site / "en" / "periods" / "2025-07.html").read_text("utf-8")
    front = (site / "index.html").read_text("utf-8")
    assert "2025 年 7 月完整月报" in front
    assert "数据截至 <b>2025-08-21</b>" in front
    assert f'rel="canonical" href="{_URL}index.html"' in front


@pytest.mark.long
def test_the_files_of_the_list_hold_every_award_once_and_the_index_counts_them(site: Path, market: Market) -> None:
    index = orjson.loads(
        (site / "assets" / "awards" / "index.js").read_text("utf-8").removeprefix("self.awardsIndex = ").rstrip(";\n")
    )
    listed = [award for month in index["months"] for award in _awards(site, month["file"].partition("?")[0])]
    stored = {row["award_key"]: row for row in market.rows("SELECT * FROM counted_awards")}
    assert sorted(award[0] for award in listed) == sorted(stored)
    for month in index["months"]:
        [figures] = market.rows(f"SELECT * FROM monthly WHERE month = DATE '{month['month']}-01'")
        assert (month["awards"], month["disclosed"]) == (figures["awards"], figures["disclosed"])
        assert month["cents"] == int(figures["amount_yuan"] * 100)
        assert sum(month["days"].values()) == month["awards"]
        for kind, column in (("type", "project_type"), ("sector", "sector"), ("vendor", "vendor")):
            for row in market.rows(f"SELECT * FROM monthly_by_{kind} WHERE month = DATE '{month['month']}-01'"):
                if kind != "vendor" or row[column] is not None:
                    place = index["months"].index(month)
                    assert index[kind][row[column] or "none"][place] == row["awards"]
    opened = _awards(site, index["months"][0]["parts"][0].partition("?")[0])
    assert len(opened) == index["months"][0]["awards"]
    assert opened[0][2][0][4] == "https://ccgp.example/202555", "the notice of the first award"


@pytest.mark.long
def test_text_of_hostile_pages_stays_text(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert "<img" not in text
        assert "<script>document" not in text
        assert 'onclick="alert' not in text
        assert "\u202e" not in text


@pytest.mark.long
def test_the_feeds_are_valid_and_name_their_own_address(site: Path) -> None:
    feeds = {name: ET.parse(site / name).getroot() for name in ("feed.xml", "en/feed.xml")}
    ids = [feed.findtext(f"{_ATOM}id") for feed in feeds.values()]
    assert len(set(ids)) == 2
    chinese = feeds["feed.xml"]
    links = {link.get("rel"): link.get("href") for link in chinese.findall(f"{_ATOM}link")}
    assert links == {"self": f"{_URL}feed.xml", "alternate": f"{_URL}index.html"}
    entries = chinese.findall(f"{_ATOM}entry")
    assert len({entry.findtext(f"{_ATOM}id") for entry in entries}) == len(entries) == 87
    assert chinese.findtext(f"{_ATOM}updated") == max(str(entry.findtext(f"{_ATOM}updated")) for entry in entries)
    assert all(str(entry.findtext(f"{_ATOM}id")).startswith("urn:uuid:") for entry in entries)
    assert str(entries[0].findtext(f"{_ATOM}content")).startswith("采购人：某市第55局\n中标供应商：")
    link = entries[0].find(f"{_ATOM}link")
    assert link is not None
    assert str(link.get("href")).startswith(f"{_URL}awards.html#awards?month=2025-07&award=aw")


@pytest.mark.long
def test_a_new_award_changes_the_pages_of_its_periods_and_no_older_month(
    site: Path, market: Market, tmp_path: Path
) -> None:
    """An award of a new month: pages of months before keep their bytes and times, also without an address."""
    own = tmp_path / "site"
    publish_market(market, own)
    assert 'rel="canonical"' not in (own / "index.html").read_text("utf-8")
    assert "awards.html#awards?" in (own / "feed.xml").read_text("utf-8")
    assert _URL not in (own / "feed.xml").read_text("utf-8")
    (own / "CNAME").write_text("data.example", "utf-8")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in own.rglob("*") if path.is_file()}
    report_world.award(market, 90, "2025-08-02", "900000.00")
    publish_market(Market(market.con).publish(), own)
    changed = {
        path.relative_to(own).as_posix() for path, (content, _) in before.items() if path.read_bytes() != content
    }
    touched = {path.relative_to(own).as_posix() for path, (_, at) in before.items() if path.stat().st_mtime_ns != at}
    assert changed == touched
    assert {"index.html", "feed.xml", "periods/2025.html", "periods/2025-Q3.html", "assets/awards/index.js"} <= changed
    assert not {"periods/2024-07.html", "periods/2024.html", "assets/awards/2025-07.js", "CNAME"} & changed
    assert (own / "periods" / "2025-08.html").is_file()
