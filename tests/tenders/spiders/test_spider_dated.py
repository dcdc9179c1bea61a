"""Portals queried by date: how results are divided, counted, resumed and judged."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.process import read_notices
from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import crawl_requests
from tenders.crawling.session import stored_keys
from tenders.jobs import crawl_runner
from tenders.jobs.crawl import record_crawls
from tenders.jobs.load import load_spool
from tenders.spiders.base import list_spider
from tests.helpers.forked import exit_code, start_command
from tests.helpers.json_server import DatedServer, serving

pytestmark = pytest.mark.slow

QUICK = {"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "ERROR"}
JULY = {"since": date(2026, 7, 1), "until": date(2026, 7, 31)}


@pytest.fixture
def server() -> Iterator[DatedServer]:
    with serving(DatedServer()) as running:
        yield running


@pytest.fixture
def dated(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that changes the portal's descriptor."""

    def change(**fields: Any) -> None:
        portal = portals.load("gdgpo").model_copy(update={"channels": ("00102",), "edge_days": 0, **fields})
        monkeypatch.setitem(portals._by_name(), "gdgpo", portal)  # type: ignore[arg-type]

    change()
    return change


def crawl_once(server: DatedServer, data: Path, **arguments: Any) -> CrawlOutcome:
    server.asked.clear()
    requests = crawl_requests(["gdgpo"], **{"keyword": "大模型", "origin": server.origin, **arguments})
    [outcome] = crawl_runner.run(requests, data, settings=QUICK)
    return outcome


def test_every_notice_of_the_window_is_fetched_once_and_each_day_is_reported(
    server: DatedServer, tmp_path: Path, dated: Any
) -> None:
    dated(slice_days=1)
    for day, count in (("2026-06-30", 2), ("2026-07-01", 3), ("2026-07-02", 45), ("2026-07-31", 1), ("2026-08-01", 2)):
        server.fill(day, count)
    outcome = crawl_once(server, tmp_path, **JULY)
    assert (outcome.state, outcome.listed, outcome.stored) == ("complete", 49, 49)
    assert set(Counter(server.details()).values()) == {1}
    windows = {window.day.day: (window.said, window.listed, window.stored, window.state) for window in outcome.windows}
    assert windows[2] == (45, 45, 45, "complete")
    assert windows[1][:3] == (3, 3, 3)
    assert windows[15] == (0, 0, 0, "complete")
    assert len(windows) == 31
    assert {window.keywords for window in outcome.windows} == {"大模型"}


def test_a_query_at_the_portals_cap_is_divided_until_every_row_is_shown(
    server: DatedServer, tmp_path: Path, dated: Any
) -> None:
    dated(slice_days=365, most_rows=10)
    server.cap = 10
    for day in range(1, 29):
        server.fill(f"2026-07-{day:02d}", 2)
    outcome = crawl_once(server, tmp_path, **JULY)
    assert (outcome.state, outcome.stored) == ("complete", 28 * 2)
    assert set(Counter(server.details()).values()) == {1}


def test_a_day_with_more_rows_than_the_portal_shows_is_reported_as_a_gap(
    server: DatedServer, tmp_path: Path, dated: Any
) -> None:
    dated(most_rows=20)
    server.cap = 20
    server.fill("2026-07-05", 30)
    server.fill("2026-07-06", 3)
    server.lie = 10  # the real portal also counts hidden rows
    outcome = crawl_once(server, tmp_path, since=date(2026, 7, 5), until=date(2026, 7, 5))
    assert (outcome.state, outcome.failure) == ("incomplete", "reach")
    assert "30" in str(outcome.reason)
    assert outcome.windows[0].state == "incomplete"


def test_missing_rows_are_requested_again_and_then_reported(server: DatedServer, tmp_path: Path, dated: Any) -> None:
    server.fill("2026-07-05", 30)
    server.lie = 2
    outcome = crawl_once(server, tmp_path, **JULY)
    assert (outcome.state, outcome.failure, outcome.stored) == ("incomplete", "partial", 30)
    assert "32" in str(outcome.reason)
    assert "30" in str(outcome.reason)
    assert len(server.lists()) % 2 == 0  # each page twice
    assert len(server.details()) == 30


@pytest.mark.parametrize("excluded", ["the first day", "the last day"])
def test_a_portal_that_excludes_the_ends_of_a_range_loses_no_day(
    server: DatedServer, tmp_path: Path, dated: Any, excluded: str
) -> None:
    dated(slice_days=3, edge_days=1)
    for day in range(1, 15):
        server.fill(f"2026-07-{day:02d}", 2)

    def without(path: str, query: dict[str, str]) -> None:
        name = "operationStartTime" if excluded == "the first day" else "operationEndTime"
        if name in query:
            moved = date.fromisoformat(query[name][:10]) + timedelta(days=1 if excluded == "the first day" else -1)
            query[name] = moved.isoformat() + query[name][10:]

    server.before = without
    outcome = crawl_once(server, tmp_path, since=date(2026, 7, 1), until=date(2026, 7, 14))
    assert (outcome.state, outcome.stored) == ("complete", 28)
    assert set(Counter(server.details()).values()) == {1}


def test_a_long_result_is_divided_even_if_the_portal_would_show_every_row(
    server: DatedServer, tmp_path: Path, dated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_spider, "_LONG_ANSWER_ROWS", 10)
    dated(slice_days=365)
    for day in range(1, 9):
        server.fill(f"2026-07-{day:02d}", 4)
    outcome = crawl_once(server, tmp_path, **JULY)
    assert (outcome.state, outcome.stored) == ("complete", 32)
    assert {(window.said, window.listed) for window in outcome.windows if window.listed} == {(4, 4)}


def test_a_crawl_without_since_does_not_report_years_without_rows(
    server: DatedServer, tmp_path: Path, dated: Any
) -> None:
    dated(slice_days=400)
    server.fill("2026-07-30", 3)
    outcome = crawl_once(server, tmp_path, until=date(2026, 7, 31))
    assert (outcome.state, outcome.stored) == ("complete", 3)
    assert [window.day.day for window in outcome.windows] == [30, 31]


def test_a_notice_published_late_with_an_older_day_is_found_by_the_next_crawl(
    server: DatedServer, tmp_path: Path
) -> None:
    server.fill("2026-07-05", 5)
    crawl_once(server, tmp_path, **JULY)
    server.fill("2026-07-02", 1)
    outcome = crawl_once(server, tmp_path, **JULY)
    assert (outcome.fresh, server.details()) == (1, ["2026-07-02-1"])


def test_a_stopped_backfill_resumes_and_still_reports_every_day(
    server: DatedServer, tmp_path: Path, dated: Any
) -> None:
    dated(slice_days=1)
    for day in range(1, 21):
        server.fill(f"2026-07-{day:02d}", 2)
    first = crawl_once(server, tmp_path, limit=20, **JULY)
    assert (first.state, first.failure, first.ok) == ("incomplete", "limit", True)
    second = crawl_once(server, tmp_path, **JULY)
    assert (second.state, second.listed, second.stored) == ("complete", 40, 40)
    assert len(server.lists()) <= 13  # eleven days were left, one half read
    assert len(server.details()) == 20
    assert {window.state for window in second.windows} == {"complete"}
    assert sum(window.stored for window in second.windows) == 40
    third = crawl_once(server, tmp_path, **JULY)
    assert (third.state, len(server.lists()), server.details()) == ("complete", 31, [])


@pytest.mark.long
def test_notices_of_a_killed_crawl_are_kept_and_the_next_crawl_fetches_the_rest(tmp_path: Path) -> None:
    server = DatedServer(before=lambda path, query: time.sleep(0.02))
    for day in range(1, 11):
        server.fill(f"2026-07-{day:02d}", 3)
    with serving(server):
        command = ["crawl", "gdgpo", "--origin", server.origin, "--keyword", "大模型", "--data", str(tmp_path)]
        command += ["--since", "2026-07-01", "--until", "2026-07-31"]
        process = start_command(*command)
        deadline = time.monotonic() + 120  # a busy machine takes its time
        while len(server.details()) < 10 and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
        assert exit_code(process) == -9
        before = len(server.details())
        assert 10 <= before < 30
        assert exit_code(start_command(*command)) == 0
    assert len(server.details()) - before <= 30 - before + 2
    with duckdb.connect(str(tmp_path / "tenders.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*), count(DISTINCT notice_key) FROM notices").fetchone() == (30, 30)


@pytest.mark.parametrize(
    ("answer", "state", "failure", "words"),
    [
        ("<html><body>请求过于频繁，安全验证</body></html>", "blocked", "blocked", "安全验证"),
        ("<html><body>登录</body></html>", "blocked", "blocked", "a page came where data is expected"),
        ('{"code":"200","data":{"records":[]}}', "failed", "layout", "data.rows"),
        ('{"code":"500","msg":"系统繁忙"}', "failed", "partial", "500"),
        ('{"code":"200","data":{"ro', "failed", "partial", "cut short"),
        (403, "blocked", "blocked", "403"),
        (404, "failed", "moved", "404"),
    ],
)
def test_a_response_that_is_not_a_list_is_reported_with_its_cause(
    server: DatedServer, tmp_path: Path, dated: Any, answer: str | int, state: str, failure: str, words: str
) -> None:
    server.fill("2026-07-05", 3)
    server.before = lambda path, query: answer
    outcome = crawl_once(server, tmp_path, since=date(2026, 7, 5), until=date(2026, 7, 5))
    assert (outcome.state, outcome.failure) == (state, failure)
    assert words in str(outcome.reason)
    if state == "blocked":
        assert len(server.asked) == 1
    assert outcome.windows[0].state == state


def test_a_truncated_response_with_status_200_is_requested_again(server: DatedServer, tmp_path: Path) -> None:
    server.fill("2026-07-05", 3)
    stumps = iter(['{"code":"200","data":{"co', None, '{"code":"200","da', None, None])
    server.before = lambda path, query: next(stumps, None) if "getInfoById" in path else None
    outcome = crawl_once(server, tmp_path, **JULY)
    assert (outcome.state, outcome.stored, outcome.fresh) == ("complete", 3, 3)
    notices = [notice for file in archive_files(tmp_path) for page in read_pages(file) for notice in read_notices(page)]
    assert len(notices) == 3  # what a rebuild reads: the truncated pages are archived, but are not notices
    assert {notice.notice_key for notice in notices} == stored_keys(tmp_path, "gdgpo")


def test_a_renamed_key_in_notices_is_reported_and_no_empty_notice_is_stored(
    server: DatedServer, tmp_path: Path
) -> None:
    server.fill("2026-07-05", 8)
    renamed = '{"code":"200","data":{"id":"1","title":"某公告","txtContent":"<p>一、项目编号</p>"}}'
    server.before = lambda path, query: renamed if "getInfoById" in path else None
    outcome = crawl_once(server, tmp_path, **JULY)
    assert (outcome.state, outcome.failure, outcome.stored) == ("failed", "layout", 0)
    assert "data.content" in str(outcome.reason)
    assert len(server.details()) == 5  # then it stops, because the others would fail too


def test_a_keyword_crawl_does_not_count_as_a_complete_crawl(server: DatedServer, tmp_path: Path, dated: Any) -> None:
    server.fill("2026-07-05", 3)
    outcome = crawl_once(server, tmp_path, since=date(2026, 7, 5), until=date(2026, 7, 5))
    record_crawls([outcome], tmp_path)
    load_spool(tmp_path)
    with duckdb.connect(str(tmp_path / "tenders.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM crawled_days").fetchone() == (0,)
        assert con.execute("SELECT keywords, said, listed, stored, state FROM crawl_windows").fetchall() == [
            ("大模型", 3, 3, 3, "complete")
        ]
