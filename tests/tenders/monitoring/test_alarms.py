"""Alarms for silent failures, and no alarm on healthy data of many shapes."""

from __future__ import annotations

import random
import re
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
from tenders.crawling.intake import Intake
from tenders.crawling.outcome import CrawlOutcome, Window
from tenders.crawling.request import CrawlRequest
from tenders.data_folder import DataFolder
from tenders.jobs import crawl_runner, rebuild
from tenders.jobs.crawl import crawl_portals
from tenders.jobs.rebuild import rebuild_store
from tenders.monitoring import alarms
from tenders.monitoring.calendar import class_of
from tenders.monitoring.daily_counts import DayAlarm, ListedDay, thin_day_alarms, total_alarms
from tenders.monitoring.field_coverage import FIELDS, Batch, FieldAlarm, Past, field_alarms, has_fallen
from tests.helpers.market import Market, lot
from tests.helpers.storing import award, tenders

START = datetime(2026, 11, 2, 2, tzinfo=UTC)


def batch(number: int, notices: int = 25, kind: str = "award", portal: str = "yichang", *, files: bool = False, nothing: int = 0,
          no_words: int = 0, **found: int) -> Batch:  # fmt: skip
    """The notices of crawl ``number`` (a crawl a day); a field that is not named was found in all of them."""
    return Batch(portal, kind, None if files else f"c{number}", START + timedelta(days=number), notices,
                 {name: found.get(name, notices) for name in FIELDS}, nothing, no_words)  # fmt: skip


def subjects(batches: Iterable[Batch], *, only_open: bool = False, **more: Any) -> list[str]:
    """Return the fields that alarms name."""
    return [alarm.subject for alarm in field_alarms(batches, **more) if alarm.is_open or not only_open]


def counts(alarm: FieldAlarm | DayAlarm) -> list[int]:
    """Return the numbers in an alarm's text, without dates and codes."""
    return [int(number) for number in re.findall(r"(?<![\d-])\d{1,3}(?![\d-])", alarm.text)]


class TestFieldsThatAreNoLongerFound:
    def test_a_field_that_vanishes_is_named_with_portal_and_figures(self) -> None:
        past = [batch(n, supplier=24) for n in range(4)]
        [alarm] = field_alarms([*past, batch(4, supplier=0)])
        assert (alarm.portal, alarm.subject, counts(alarm)) == ("yichang", "supplier", [0, 25, 96])

    @pytest.mark.parametrize("field", FIELDS)
    @pytest.mark.parametrize("kind", ["award", "candidate"])
    def test_every_field_of_results_and_candidates_is_watched(self, field: str, kind: str) -> None:
        found = field_alarms([batch(0, 20, kind), batch(1, 8, kind, **{field: 0})])
        assert [(alarm.subject, alarm.kinds, alarm.crawls) for alarm in found] == [(field, (kind,), ("c1",))]

    def test_a_fall_by_more_than_half_is_an_alarm_and_a_small_one_is_not(self) -> None:
        past = [batch(n, supplier=24) for n in range(4)]
        assert subjects([*past, batch(4, supplier=11)])
        assert not subjects([*past, batch(4, supplier=21)])

    def test_the_alarm_stays_open_until_a_later_crawl_is_good_and_bad_crawls_never_become_the_measure(self) -> None:
        past = [batch(n) for n in range(2)]
        bad = [batch(n, supplier=0) for n in range(2, 30)]
        assert len(subjects([*past, *bad], only_open=True)) == 28
        found = field_alarms([*past, *bad, batch(30)])
        assert len(found) == 28
        assert not any(alarm.is_open for alarm in found)

    def test_small_crawls_are_judged_together(self) -> None:
        past = [batch(n, 4) for n in range(6)]
        bad = [batch(n, 3, supplier=0) for n in range(6, 9)]
        assert not subjects([*past, *bad[:2]])
        found = field_alarms([*past, *bad])
        assert [alarm.crawls for alarm in found] == [("c6", "c7", "c8")]
        quiet = field_alarms([*past, *bad, batch(9, 2, supplier=0)])
        assert quiet[0].is_open, "two notices more prove nothing yet"

    def test_pages_read_from_files_belong_to_the_past_but_are_not_judged(self) -> None:
        assert not subjects([batch(0, 100, files=True), batch(1, 100, files=True, supplier=0)])
        assert len(subjects([batch(0, 100, files=True), batch(1, 10, supplier=0)])) == 1

    def test_a_field_that_the_portal_does_not_publish_is_left_alone(self) -> None:
        series = [batch(0), batch(1, amount=0, buyer=0)]
        assert len(subjects(series)) == 2
        assert len(subjects(series, unpublished={"yichang": ["amount"]})) == 1

    def test_kinds_that_can_no_longer_be_recognised_are_an_alarm(self) -> None:
        [alarm] = field_alarms([batch(0, 40), replace(batch(1, 40), kind="other")])
        assert (alarm.subject, alarm.kinds, counts(alarm)) == ("kind", (), [0, 40, 100])


class TestPagesThatParseToNothing:
    def test_they_are_an_alarm_without_any_past(self) -> None:
        [alarm] = field_alarms([batch(0, 3, nothing=3, buyer=0, supplier=0, project_number=0)])
        assert (alarm.subject, counts(alarm)) == ("page", [3, 3])

    def test_so_are_pages_without_even_a_title(self) -> None:
        assert subjects([batch(0, 5, "other", no_words=4, nothing=4)])
        assert not subjects([batch(0, 5, "other", nothing=5)]), "news names no buyer"

    def test_a_few_among_many_are_not(self) -> None:
        assert not subjects([batch(0, 10, nothing=4), batch(1, 2, nothing=2)])

    def test_they_count_over_all_kinds_of_a_crawl(self) -> None:
        one = [batch(0, 2, "award", nothing=2), batch(0, 2, "candidate", nothing=1)]
        found = field_alarms(one)
        assert [alarm.kinds for alarm in found] == [("award", "candidate")]
        assert not subjects([batch(1, 2, "award", nothing=2), batch(1, 30, "candidate", nothing=1)])


class TestHealthyPortals:
    def test_a_portal_whose_prices_are_all_undisclosed_or_candidates_without_numbers(self) -> None:
        series = [
            b for n in range(40) for b in (batch(n, 12, amount=0), batch(n, 9, "candidate", project_number=0, amount=0))
        ]
        assert not subjects(series)

    def test_a_first_crawl_has_no_past_to_fall_from(self) -> None:
        assert not subjects([batch(0, 500, supplier=120, amount=3, project_number=0)])

    def test_a_few_notices_prove_nothing(self) -> None:
        assert not subjects([*(batch(n) for n in range(4)), batch(4, 7, supplier=0)])
        assert not subjects([batch(0, 19), batch(1, 30, amount=0)])

    def test_a_crawl_of_another_mix_of_kinds(self) -> None:
        past = [batch(n) for n in range(4)]
        mixed = [
            batch(5, 10),
            batch(5, 30, "failed", supplier=0, amount=0),
            batch(5, 20, "other", buyer=0, supplier=0, amount=0),
        ]
        assert not subjects([*past, *mixed, batch(6, 12, "tender", supplier=0, amount=0)])

    def test_rates_that_scatter_more_than_chance_from_day_to_day(self) -> None:
        random.seed(7)
        raised = judged = 0
        for rate in (0.3, 0.5, 0.7, 0.9, 0.97):
            for _ in range(40):
                series = []
                for n in range(50):
                    size, own = random.randint(1, 60), random.betavariate(20 * rate, 20 * (1 - rate))
                    series.append(batch(n, size, amount=sum(random.random() < own for _ in range(size))))
                judged += len(series)
                raised += len(subjects(series))
        assert raised <= judged / 1000
        assert judged == 10_000

    @pytest.mark.parametrize(("hits", "notices", "before"), [
        (0, 25, (1, 25, 24)), (2, 8, (4, 100, 96)), (0, 8, (1, 20, 20)), (11, 25, (4, 100, 96)), (75, 100, (20, 1000, 960)),
    ])  # fmt: skip
    def test_a_fall_is_recognised(self, hits: int, notices: int, before: tuple[int, int, int]) -> None:
        assert has_fallen(hits, notices, known(*before))

    @pytest.mark.parametrize(("hits", "notices", "before"), [
        (1, 8, (1, 20, 10)), (7, 25, (4, 100, 50)), (85, 100, (20, 1000, 960)), (0, 7, (4, 100, 100)), (0, 25, (1, 19, 19)),
    ])  # fmt: skip
    def test_chance_is_no_fall(self, hits: int, notices: int, before: tuple[int, int, int]) -> None:
        assert not has_fallen(hits, notices, known(*before))


def known(crawls: int, notices: int, hits: int) -> Past:
    """A past of equal crawls, the same in each as far as it goes."""
    past = Past()
    for number in range(crawls):
        past.add(notices // crawls, hits // crawls + (number < hits % crawls))
    return past


def listing(
    counts: list[int | None], first: str = "2026-11-02", channel: str = "0202", said: int | None = None
) -> list[ListedDay]:
    """A day each from ``first`` on; None is a day that was not looked at."""
    start = date.fromisoformat(first)
    days = [start + timedelta(days=n) for n in range(len(counts))]
    return [ListedDay("ccgp", channel, day, count, said, f"c{day:%m%d}", datetime(day.year, day.month, day.day, 17, tzinfo=UTC))
            for day, count in zip(days, counts, strict=True) if count is not None]  # fmt: skip


WEEK: list[int | None] = [40, 38, 45, 30, 41, 2, 0]


class TestDaysThatListTooFew:
    def test_an_empty_working_day_of_a_busy_channel(self) -> None:
        found = thin_day_alarms(listing([*WEEK, 0]))
        assert [(f.days, f.crawl_id, f.is_open) for f in found] == [((date(2026, 11, 9),), "c1109", True)]
        assert "working day" in found[0].text

    def test_far_fewer_than_usual_and_well_again(self) -> None:
        assert [f.is_open for f in thin_day_alarms(listing([*WEEK, 7]))] == [True]
        assert [f.is_open for f in thin_day_alarms(listing([*WEEK, 7, 35]))] == [False]
        assert not thin_day_alarms(listing([*WEEK, 12]))

    def test_some_empty_days_in_a_row_where_there_were_always_some(self) -> None:
        quiet: list[int | None] = [3, 4, 2, 3, 5, 0, 0]
        assert not thin_day_alarms(listing([*quiet, 0, 0, 0]))
        found = thin_day_alarms(listing([*quiet, 0, 0, 0, 0]))
        assert [f.days for f in found] == [tuple(date(2026, 11, n) for n in (9, 10, 11, 12))]
        assert "2026-11-09…12" in found[0].text

    def test_empty_days_are_kept_apart_from_the_measure(self) -> None:
        found = thin_day_alarms(listing([*WEEK, *([0] * 5), None, None, *([0] * 5)]))
        assert len(found) == 1
        assert len(found[0].days) == 10
        assert found[0].is_open

    def test_a_channel_that_stays_thin_is_measured_by_its_new_counts_after_two_weeks(self) -> None:
        thin: list[int | None] = [5, 6, 7, 4, 5, None, None]
        found = thin_day_alarms(listing([*WEEK, *thin, *thin, *thin]))
        assert len(found) == 10
        assert not any(f.is_open for f in found)

    def test_weekends_are_measured_by_weekends(self) -> None:
        weeks = [*WEEK[:5], 15, 12] * 6
        assert not thin_day_alarms(listing(weeks))
        assert [f.days for f in thin_day_alarms(listing([*weeks, *WEEK[:5], 1, 12]))] == [(date(2026, 12, 19),)]

    @pytest.mark.parametrize(("monday", "empty"), [
        ("2026-09-21", "2026-10-01"), ("2026-02-09", "2026-02-18"), ("2027-04-26", "2027-05-03"), ("2026-12-21", "2027-01-01"),
        ("2026-06-08", "2026-06-19"), ("2023-01-09", "2023-01-24"),
    ])  # fmt: skip
    def test_holidays_are_no_alarm(self, monday: str, empty: str) -> None:
        before = (date.fromisoformat(empty) - date.fromisoformat(monday)).days
        counts = [40 if (date.fromisoformat(monday) + timedelta(days=n)).weekday() < 5 else 0 for n in range(before)]
        assert not thin_day_alarms(listing([*counts, 0], monday))

    def test_too_short_a_past_and_too_quiet_a_channel_prove_nothing(self) -> None:
        assert not thin_day_alarms(listing([40, 38, 45, 30, 0]))
        assert not thin_day_alarms(listing([9, 8, 9, 7, 9, 0, 0, 1]))
        assert not thin_day_alarms(listing([30, 0, 30, 30, 30, 0, 0, 0])), "a day without any is nothing new here"

    def test_an_ordinary_day_is_a_working_day(self) -> None:
        assert class_of(date(2026, 11, 23)) == "working day"
        assert (class_of(date(2026, 11, 21)), class_of(date(2026, 11, 22))) == ("Saturday", "Sunday")


class TestThePortalsOwnTotal:
    def test_a_complete_day_that_lists_fewer_than_the_portal_says(self) -> None:
        found = total_alarms([*listing([40], said=40), *listing([30, 31], "2026-11-03", said=40)])
        assert [(f.days, counts(f)) for f in found] == [
            ((date(2026, 11, 3),), [40, 30]),
            ((date(2026, 11, 4),), [40, 31]),
        ]

    def test_a_later_crawl_whose_totals_fit_closes_it(self) -> None:
        assert [f.is_open for f in total_alarms([*listing([30, 40], said=40)])] == [False]

    def test_one_notice_that_went_meanwhile_is_nothing_but_none_at_all_is(self) -> None:
        assert not total_alarms(listing([39], said=40))
        assert not total_alarms(listing([990], said=1000))
        assert total_alarms(listing([0], said=1))


def test_the_wording_of_the_alarms() -> None:
    past = [batch(n, supplier=24) for n in range(4)]
    page = batch(0, 3, portal="cmcc", nothing=3)
    field = field_alarms([page, *past, batch(4, supplier=0)])
    days = [*thin_day_alarms(listing([*WEEK, 0])), *total_alarms(listing([30], said=40))]
    assert [alarm.text for alarm in (*field, *days)] == [
        "cmcc: 3 of 3 new award pages parsed to nothing: the layout may have changed",
        "yichang: field supplier read in 0 of 25 new award notices, before 96 %: the layout may have changed",
        "ccgp: 0202 lists 0 notices for 2026-11-09, usually 40 on a working day: "
        "look at the site, the list may be read wrongly",
        "ccgp: 0202 says it has 40 notices for 2026-11-02, but lists 30",
    ]


class Crawled(Market):
    """A market of crawls: each brings notices of its days, and records them."""

    def crawl(self, day: str, notices: int = 10, channel: str = "0202", kind: str = "award", *, supplier: bool = True,
              said: int | None = None, undated: bool = False, body: str | None = None) -> None:  # fmt: skip
        night = f"{date.fromisoformat(day) + timedelta(days=1)} 00:00:00+08"
        self.insert("crawls", [{"crawl_id": f"yichang:{day}", "portal": "yichang", "since": day, "until": day,
                                "state": "complete", "started_at": f"{day} 22:00+08", "finished_at": night, "listed": notices,
                                "stored": notices}])  # fmt: skip
        self.insert("crawl_windows", [{"crawl_id": f"yichang:{day}", "channel": channel, "keywords": "", "day": day, "said": said,
                                       "listed": notices, "stored": notices, "failed": 0, "quarantined": 0,
                                       "state": "complete"}])  # fmt: skip
        for number in range(notices):
            won = [lot("90.00", f"甲{number}公司")] if supplier else []
            self.notice(f"yichang:{day}-{number}", kind, None if undated else day, *won, seen=f"{day} 22:30",
                        number=f"N{day}{number}", buyer=f"某局{number}", name=f"项目{day}{number}",
                        body=body or f"采购人：某局{number}")  # fmt: skip

    def alarms(self) -> list[dict[str, Any]]:
        self.publish()
        alarms.fill_alarms(self.con)
        return self.rows("SELECT alarm, subject, days, crawl_id, is_open, text FROM crawl_alarms ORDER BY ALL")


def test_alarms_are_computed_from_the_published_tables_and_name_the_days_that_were_misread() -> None:
    market = Crawled()
    for day in ("2026-11-02", "2026-11-03"):
        market.crawl(day)
    assert market.alarms() == []
    market.crawl("2026-11-04", supplier=False)
    found = market.alarms()
    assert [(a["alarm"], a["subject"], a["days"]) for a in found] == [
        ("field", "amount", [date(2026, 11, 4)]), ("field", "supplier", [date(2026, 11, 4)])
    ]  # fmt: skip
    portal = summary(market.con, "2026-11").coverage.portals[0]
    assert (portal.days_complete, portal.state) == (2, "partial")
    assert market.rows("SELECT state FROM covered_days WHERE day = DATE '2026-11-04'") == [{"state": "doubtful"}]


def test_a_descriptor_can_say_that_its_portal_does_not_publish_a_field(monkeypatch: pytest.MonkeyPatch) -> None:
    market = Crawled()
    for day in ("2026-11-02", "2026-11-03"):
        market.crawl(day)
    market.crawl("2026-11-04", supplier=False)
    assert len(market.alarms()) == 2
    yichang = replace(portals.load("yichang"), options={"unpublished": ["amount", "supplier"]})
    monkeypatch.setattr(portals, "all", lambda: [yichang])
    assert market.alarms() == []


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


@pytest.mark.parametrize(("body", "names"), [
    ("采购单位：某局1\n项目编号：N1\n行政区域：湖北\n页面升级中", ["page"]), ("", ["page"]), ("采购单位：某局1", ["page"]),
    ("采购单位：某局1\n某局1的中标结果见附件", []), ("行政区域：湖北\n项目N1中标公告，详见附件", []),
])  # fmt: skip
def test_what_came_from_the_list_does_not_count_as_read_from_the_page(body: str, names: list[str]) -> None:
    market = Crawled()
    market.crawl("2026-11-04", 0)
    for number in range(3):
        market.notice(
            f"yichang:e{number}", "award", "2026-11-04", seen="2026-11-04 22:30", number="N1", buyer="某局1", body=body
        )
    market.con.execute("UPDATE private.crawls SET stored = 3")
    assert [alarm["alarm"] for alarm in market.alarms()] == names


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
            made = [award(n) for n in numbers]
            pages = [Page("yichang", f"https://ggzy.sc.yichang.gov.cn/{p['url'][-9:]}", when, "text/html", body or p["body"],
                          p["title"], when.date()) for p in made]  # fmt: skip
            with Intake(data) as intake:
                intake.take(pages, archived=False)
            window = Window("003001005", when.date(), None, len(pages), len(pages), 0, 0, "complete")
            return [CrawlOutcome("yichang", when.date(), when.date(), when, when + timedelta(days=2), "complete", len(pages),
                                 len(pages), windows=(window,))]  # fmt: skip

        monkeypatch.setattr(crawl_runner, "run", answer)
        return crawl_portals([CrawlRequest(portal="yichang")], data_dir=data)

    return run


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
    assert alarms.open_alarms(tmp_path) == {}


def test_a_rebuild_with_a_fixed_reader_removes_the_alarm(
    tmp_path: Path, crawling: Callable[..., list[CrawlOutcome]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not crawling(tmp_path, range(100, 110), START, NOTHING)[0].ok
    rebuild_store(tmp_path)
    assert list(alarms.open_alarms(tmp_path)) == ["yichang"], "the same reader reads the same"
    assert coverage_of(tmp_path).days_complete == 0

    def readable(path: Path) -> Iterable[Any]:
        """The archive as a fixed reader would see it."""
        for item in read_archive(path):
            yield replace(item, body=award(100)["body"]) if isinstance(item, Page) else item

    monkeypatch.setattr(rebuild, "read_archive", readable)
    rebuild_store(tmp_path)
    assert alarms.open_alarms(tmp_path) == {}
    assert coverage_of(tmp_path).days_complete == 1


def coverage_of(data: Path) -> PortalCoverage:
    with duckdb.connect(str(DataFolder(data).own), read_only=True) as con:
        return summary(con, "2026-11").coverage.portals[0]
