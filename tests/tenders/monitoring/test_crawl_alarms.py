"""Alarms in the database: from the published tables, after a crawl, and after a rebuild."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.figures.coverage import PortalCoverage
from analysis.figures.summary import summary
from pipelines.model import Page
from tenders import portals
from tenders.archive.reader import read_archive
from tenders.crawling.outcome import CrawlOutcome, Window
from tenders.crawling.request import CrawlRequest
from tenders.crawling.session import CrawlSession
from tenders.data_folder import DataFolder
from tenders.jobs import archived_pages, crawl_runner
from tenders.jobs.crawl import crawl_portals
from tenders.jobs.rebuild import rebuild_store
from tenders.monitoring import crawl_alarms
from tests.helpers.market import Market, lot
from tests.helpers.storing import award, tenders

pytestmark = pytest.mark.slow

START = datetime(2026, 11, 2, 2, tzinfo=UTC)


class Crawled(Market):
    """A market of crawls: each brings notices of its days, and records them."""

    def crawl(
        self,
        day: str,
        notices: int = 10,
        channel: str = "0202",
        kind: str = "award",
        *,
        supplier: bool = True,
        said: int | None = None,
        undated: bool = False,
        body: str | None = None,
    ) -> None:
        night = f"{date.fromisoformat(day) + timedelta(days=1)} 00:00:00+08"
        crawl = {"crawl_id": f"yichang:{day}", "state": "complete", "listed": notices, "stored": notices}
        times = {"since": day, "until": day, "started_at": f"{day} 22:00+08", "finished_at": night}
        self.insert("crawls", [{**crawl, **times, "portal": "yichang"}])
        window = {"channel": channel, "keywords": "", "day": day, "said": said, "failed": 0, "quarantined": 0}
        self.insert("crawl_windows", [{**crawl, **window}])
        for number in range(notices):
            won = [lot("90.00", f"甲{number}公司")] if supplier else []
            self.notice(
                f"yichang:{day}-{number}",
                kind,
                None if undated else day,
                *won,
                seen=f"{day} 22:30",
                number=f"N{day}{number}",
                buyer=f"某局{number}",
                name=f"项目{day}{number}",
                body=body or f"采购人：某局{number}",
            )

    def alarms(self) -> list[dict[str, Any]]:
        self.publish()
        crawl_alarms.fill_alarms(self.con)
        return self.rows("SELECT alarm, subject, days, crawl_id, is_open, text FROM crawl_alarms ORDER BY ALL")


@pytest.mark.long
def test_alarms_after_a_load_are_those_of_all_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    market = Crawled()
    market.crawl("2026-11-02", 22)
    market.alarms()
    market.crawl("2026-11-03", 9, supplier=False)
    keys = {row["notice_key"] for row in market.rows("SELECT notice_key FROM private.observations")}
    newest = {key for key in keys if ":2026-11-03" in key}
    # A notice of the first crawl is seen again, without its words.
    market.notice("yichang:2026-11-02-3", "award", None, seen="2026-11-03 22:31", version="empty", body="-")
    changed = {*newest, "yichang:2026-11-02-3"}
    market.publish(changed)
    crawl_alarms.fill_alarms(market.con, changed)
    columns = "notice_key, first_seen_at, supplier, amount, nothing"
    found = market.rows(f"SELECT {columns} FROM working.field_readings ORDER BY ALL")
    alarms = market.rows("FROM crawl_alarms ORDER BY ALL")
    assert {alarm["subject"] for alarm in alarms} >= {"amount", "supplier"}
    assert [row["nothing"] for row in found].count(True) == 1
    crawl_alarms.fill_alarms(market.con)
    assert market.rows(f"SELECT {columns} FROM working.field_readings ORDER BY ALL") == found
    assert market.rows("FROM crawl_alarms ORDER BY ALL") == alarms
    # Another version of the query reads all notices again.
    market.con.execute("DELETE FROM working.field_readings; UPDATE working.field_readings_by SET digest = 'other'")
    crawl_alarms.fill_alarms(market.con, set())
    assert market.rows(f"SELECT {columns} FROM working.field_readings ORDER BY ALL") == found


@pytest.mark.long
def test_alarms_are_computed_from_the_published_tables_and_name_the_days_that_were_misread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market = Crawled()
    for day in ("2026-11-02", "2026-11-03"):
        market.crawl(day)
    assert market.alarms() == []
    market.crawl("2026-11-04", supplier=False)
    found = market.alarms()
    assert [(a["alarm"], a["subject"], a["days"]) for a in found] == [
        ("field", "amount", [date(2026, 11, 4)]),
        ("field", "supplier", [date(2026, 11, 4)]),
    ]
    portal = summary(market.con, "2026-11").coverage.portals[0]
    assert (portal.days_complete, portal.state) == (2, "partial")
    assert market.rows("SELECT state FROM covered_days WHERE day = DATE '2026-11-04'") == [{"state": "doubtful"}]
    # The portal's descriptor can declare that it does not publish a field.
    yichang = portals.load("yichang").model_copy(update={"unpublished": ("amount", "supplier")})
    monkeypatch.setattr(portals, "all", lambda: [yichang])
    assert market.alarms() == []


@pytest.mark.long
def test_notices_without_a_date_cast_doubt_on_all_days_of_their_crawl() -> None:
    market = Crawled()
    for day in ("2026-11-02", "2026-11-03"):
        market.crawl(day)
    market.crawl("2026-11-04", undated=True)
    assert [(a["subject"], a["days"]) for a in market.alarms()] == [("published_on", [date(2026, 11, 4)])]


def test_a_rate_or_a_unit_price_was_read_though_it_discloses_nothing() -> None:
    market = Crawled()
    for day in ("2026-11-02", "2026-11-03"):
        market.crawl(day)
    market.crawl("2026-11-04", 0)
    for number in range(10):
        rate = lot(None, "甲公司", amount_kind="rate")
        seen = "2026-11-04 22:30"
        market.notice(f"yichang:r{number}", "award", "2026-11-04", rate, seen=seen, number=f"R{number}", buyer="某局")
    assert market.alarms() == []


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("采购单位：某局1\n项目编号：N1\n行政区域：湖北\n页面升级中", ["page"]),
        ("", ["page"]),
        ("采购单位：某局1", ["page"]),
        ("采购单位：某局1\n某局1的中标结果见附件", []),
        ("行政区域：湖北\n项目N1中标公告，详见附件", []),
    ],
)
def test_what_came_from_the_list_does_not_count_as_read_from_the_page(body: str, names: list[str]) -> None:
    market = Crawled()
    market.crawl("2026-11-04", 0)
    for number in range(3):
        market.notice(
            f"yichang:e{number}", "award", "2026-11-04", seen="2026-11-04 22:30", number="N1", buyer="某局1", body=body
        )
    market.con.execute("UPDATE private.crawls SET stored = 3")
    assert [alarm["alarm"] for alarm in market.alarms()] == names


@pytest.mark.long
def test_days_are_measured_from_the_recorded_crawls() -> None:
    market = Crawled()
    for day in ("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"):
        market.crawl(day, 12)
    market.crawl("2026-11-09", 0)
    assert [(a["alarm"], a["subject"], a["days"]) for a in market.alarms()] == [("few", "0202", [date(2026, 11, 9)])]
    market.crawl("2026-11-10", 12, said=30)
    assert [(a["alarm"], a["is_open"]) for a in market.alarms()] == [("few", False), ("total", True)]


NOTHING = "<html><body><div class='vF_detail_content'><p>页面升级中</p></div></body></html>"


@pytest.fixture
def crawling(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[CrawlOutcome]]:
    """``crawl_portals`` with a portal that answers with these pages."""

    def run(data: Path, numbers: range, when: datetime, body: str | None = None) -> list[CrawlOutcome]:
        def answer(*arguments: Any, **options: Any) -> list[CrawlOutcome]:
            day, address = when.date(), "https://ggzy.sc.yichang.gov.cn"
            pages = [
                Page("yichang", f"{address}/{p['url'][-9:]}", when, "text/html", body or p["body"], p["title"], day)
                for p in map(award, numbers)
            ]
            asyncio.run(store(data, pages))
            read = len(pages)
            window = Window("003001005", day, None, read, read, 0, 0, "complete")
            end = when + timedelta(days=2)
            return [CrawlOutcome("yichang", day, day, when, end, "complete", read, read, windows=(window,))]

        monkeypatch.setattr(crawl_runner, "run", answer)
        return crawl_portals([CrawlRequest(portal="yichang")], data_dir=data)

    return run


async def store(data: Path, pages: list[Page]) -> None:
    with CrawlSession(data, "yichang") as session:
        for page in pages:
            await session.store(page, archived=False)


@pytest.mark.long
def test_a_crawl_reports_its_alarms_and_fails_until_a_later_one_is_good(
    tmp_path: Path, crawling: Callable[..., list[CrawlOutcome]], caplog: pytest.LogCaptureFixture
) -> None:
    assert [outcome.ok for outcome in crawling(tmp_path, range(100, 130), START)] == [True]
    assert not caplog.messages
    (outcome,) = crawling(tmp_path, range(200, 210), START + timedelta(days=3), NOTHING)
    assert not outcome.ok
    assert "yichang: 10 of 10 new award pages parsed to nothing: the layout may have changed" in outcome.alarms
    assert set(outcome.alarms) == set(caplog.messages)
    assert any("field buyer read in 0 of 10 new award notices, before 100 %" in text for text in outcome.alarms)
    status = tenders("status", "--data", tmp_path)
    assert (status.returncode, "parsed to nothing" in status.stdout) == (1, True)
    (again,) = crawling(tmp_path, range(200, 200), START + timedelta(days=6))
    assert again.alarms == outcome.alarms, "a crawl without anything new says nothing about the layout"
    (well,) = crawling(tmp_path, range(300, 310), START + timedelta(days=9))
    assert well.ok
    assert crawl_alarms.open_alarms(tmp_path) == {}


@pytest.mark.long
def test_a_rebuild_with_a_fixed_reader_removes_the_alarm(
    tmp_path: Path, crawling: Callable[..., list[CrawlOutcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not crawling(tmp_path, range(100, 110), START, NOTHING)[0].ok
    rebuild_store(tmp_path)
    assert list(crawl_alarms.open_alarms(tmp_path)) == ["yichang"], "the same reader reads the same"
    assert coverage_of(tmp_path).days_complete == 0

    def readable(path: Path) -> Iterable[Any]:
        """The archive as a fixed reader would see it."""
        for item in read_archive(path):
            yield replace(item, body=award(100)["body"]) if isinstance(item, Page) else item

    monkeypatch.setattr(archived_pages, "read_archive", readable)
    rebuild_store(tmp_path)
    assert crawl_alarms.open_alarms(tmp_path) == {}
    assert coverage_of(tmp_path).days_complete == 1


def coverage_of(data: Path) -> PortalCoverage:
    with duckdb.connect(str(DataFolder(data).own), read_only=True) as con:
        return summary(con, "2026-11").coverage.portals[0]
