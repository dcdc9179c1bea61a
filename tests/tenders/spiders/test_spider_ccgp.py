"""The CCGP spider against a loopback server, with the production download handler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tenders import portals
from tenders.archive.reader import read_pages
from tenders.archive.writer import archive_files
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import crawl_requests
from tenders.crawling.session import stored_keys
from tenders.jobs import crawl_runner
from tests.helpers.forked import exit_code, start_command
from tests.helpers.list_server import (
    BLOCK_PAGE,
    CHECK_PAGE,
    CUT_SHORT,
    HANG_UP,
    LOCAL_AWARDS,
    Entry,
    ListServer,
    serving,
)
from tests.paths import ROOT

pytestmark = pytest.mark.slow

PROJECT = ROOT
CENTRAL_AWARDS = "/cggg/zygg/zbgg/"
QUICK = {"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "WARNING"}


@pytest.fixture
def server() -> Iterator[ListServer]:
    """A server whose lists have short pages, so that a few rows fill several."""
    with serving(ListServer(page_size=4)) as running:
        yield running


def crawl_once(server: ListServer, data: Path, **arguments: Any) -> CrawlOutcome:
    """Crawl once, after emptying the server's log."""
    server.requests.clear()
    progress = arguments.pop("progress", None)
    requests = crawl_requests(["ccgp"], origin=server.origin, **arguments)
    [outcome] = crawl_runner.run(requests, data, settings=QUICK, progress=progress)
    return outcome


def stored_notice_ids(data: Path) -> set[str]:
    return {key.removeprefix("ccgp:") for key in stored_keys(data, "ccgp")}


def entry_ids(rows: list[Entry]) -> set[str]:
    return {row.notice_id for row in rows}


def test_every_listed_notice_is_fetched_once_with_an_honest_user_agent(server: ListServer, tmp_path: Path) -> None:
    rows = server.fill(LOCAL_AWARDS, 9) + server.fill(CENTRAL_AWARDS, 3, start=5000)
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.listed, outcome.stored, outcome.fresh) == ("complete", 12, 12, 12)
    assert stored_notice_ids(tmp_path) == entry_ids(rows)
    assert set(Counter(server.details()).values()) == {1}
    assert f"{LOCAL_AWARDS}index_1.htm" in server.requests
    assert f"{LOCAL_AWARDS}index_3.htm" not in server.requests
    assert "/robots.txt" not in server.requests
    [agent] = server.agents
    assert agent.startswith("Mozilla/5.0 (compatible; tenders/")
    assert "; +" in agent


def test_notices_are_fetched_before_the_next_list_page(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 6)
    crawl_once(server, tmp_path)
    second = server.requests.index(f"{LOCAL_AWARDS}index_1.htm")
    assert len([path for path in server.requests[:second] if path in server.details()]) == 4


def test_responses_are_archived_under_the_public_address_and_lists_are_not_notices(
    server: ListServer, tmp_path: Path
) -> None:
    rows = server.fill(LOCAL_AWARDS, 3)
    crawl_once(server, tmp_path)
    pages = [page for file in archive_files(tmp_path) for page in read_pages(file)]
    assert [page.url for page in pages] == [f"http://www.ccgp.gov.cn{LOCAL_AWARDS}{row.path}" for row in reversed(rows)]
    assert {(page.portal, page.published_on) for page in pages} == {("ccgp", date(2026, 8, 5))}
    assert [page.title for page in pages] == [row.title for row in reversed(rows)]


def test_rows_that_move_during_a_crawl_are_neither_missed_nor_fetched_twice(server: ListServer, tmp_path: Path) -> None:
    rows = server.fill(LOCAL_AWARDS, 14)
    fed = 0

    def push(path: str) -> None:
        nonlocal fed
        if fed < 9:
            fed += 1
            rows.extend(server.fill(LOCAL_AWARDS, 1, day="2026-08-06", start=7000 + fed))

    server.before = push
    outcome = crawl_once(server, tmp_path)
    assert outcome.state == "complete"
    assert stored_notice_ids(tmp_path) == entry_ids(rows)
    assert set(Counter(server.details()).values()) == {1}


def test_a_list_without_a_pager_ends_at_its_last_page(server: ListServer, tmp_path: Path) -> None:
    server.with_pager = False
    rows = server.fill(LOCAL_AWARDS, 9)
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.stored) == ("complete", len(rows))


def test_the_second_crawl_stops_soon_after_stored_rows(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 28)
    crawl_once(server, tmp_path)
    newer = server.fill(LOCAL_AWARDS, 3, day="2026-08-06", start=7000)
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.fresh) == ("complete", 3)
    assert len(server.details()) == 3
    # The page with new rows, the first without, two more for late rows, and the first page again.
    assert len([path for path in server.lists() if path.startswith(LOCAL_AWARDS)]) == 5
    assert entry_ids(newer) <= stored_notice_ids(tmp_path)


def test_a_late_row_with_an_older_date_is_found_below_stored_rows(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 20)
    crawl_once(server, tmp_path)
    late = Entry(9999, "2026-08-05 08:45", "补登的中标公告")
    server.channels[LOCAL_AWARDS].insert(9, late)
    assert crawl_once(server, tmp_path).fresh == 1
    assert late.notice_id in stored_notice_ids(tmp_path)


def test_a_crawl_for_older_days_continues_below_a_shallow_one(server: ListServer, tmp_path: Path) -> None:
    old = server.fill(LOCAL_AWARDS, 16, day="2026-08-03")
    new = server.fill(LOCAL_AWARDS, 20, day="2026-08-05", start=3000)
    assert crawl_once(server, tmp_path, since=date(2026, 8, 5)).stored == 20
    assert crawl_once(server, tmp_path, since=date(2026, 8, 3)).stored == 36
    assert stored_notice_ids(tmp_path) == entry_ids(old + new)


def test_the_window_includes_its_first_and_last_day_and_rows_without_a_day(server: ListServer, tmp_path: Path) -> None:
    kept = []
    for number, day in enumerate(("2026-08-02", "2026-08-03", "2026-08-04", "2026-08-05")):
        rows = server.fill(LOCAL_AWARDS, 2, day=day, start=1000 + 10 * number)
        kept += rows if day in ("2026-08-03", "2026-08-04") else []
    outcome = crawl_once(server, tmp_path, since=date(2026, 8, 3), until=date(2026, 8, 4))
    assert (outcome.state, outcome.listed, outcome.stored) == ("complete", 4, 4)
    assert stored_notice_ids(tmp_path) == entry_ids(kept)


def test_an_old_row_pinned_on_top_does_not_end_the_crawl(server: ListServer, tmp_path: Path) -> None:
    rows = server.fill(LOCAL_AWARDS, 9)
    server.channels[LOCAL_AWARDS].insert(0, Entry(1, "2025-01-01 08:00", "置顶的旧公告"))
    assert crawl_once(server, tmp_path, since=date(2026, 8, 1)).stored == len(rows)


def test_the_crawl_ends_below_the_window_with_a_margin_for_unordered_rows(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 60, day="2026-07-01")
    server.fill(LOCAL_AWARDS, 2, day="2026-08-05", start=5000)
    outcome = crawl_once(server, tmp_path, since=date(2026, 8, 1))
    assert (outcome.state, outcome.stored) == ("complete", 2)
    assert f"{LOCAL_AWARDS}index_3.htm" in server.requests
    assert f"{LOCAL_AWARDS}index_4.htm" not in server.requests


def test_a_limit_is_obeyed_and_the_next_crawl_continues(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 10)
    counts: list[int] = []
    first = crawl_once(server, tmp_path, limit=3, progress=lambda stats: counts.append(stats.fresh))
    assert sorted(set(counts)) == [0, 1, 2, 3]
    assert first.requests == len(server.requests)
    assert (first.state, first.limited, first.ok, len(server.details())) == ("incomplete", True, True, 3)
    second = crawl_once(server, tmp_path, limit=10)
    assert (second.state, second.fresh, second.stored) == ("complete", 7, 10)


def test_keywords_select_by_the_listed_title(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 6)
    chosen = Entry(8000, "2026-08-06 09:00", "政务大模型平台建设项目中标公告")
    server.channels[LOCAL_AWARDS].insert(0, chosen)
    assert crawl_once(server, tmp_path, keyword=["大模型", "智能体"]).listed == 1
    assert stored_notice_ids(tmp_path) == {chosen.notice_id}
    assert crawl_once(server, tmp_path).stored == 7


def test_a_notice_with_a_changed_listed_title_or_time_is_fetched_again(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 10)
    crawl_once(server, tmp_path)
    changed = server.channels[LOCAL_AWARDS][7]
    changed.title += "（更正）"
    outcome = crawl_once(server, tmp_path)
    assert server.details() == [LOCAL_AWARDS + changed.path]
    assert (outcome.state, outcome.stored) == ("complete", 10)
    assert crawl_once(server, tmp_path).fresh == 0


@pytest.mark.parametrize("answer", [BLOCK_PAGE, CHECK_PAGE, "<html><body>请稍候</body></html>", 403, 429])
def test_a_block_ends_the_crawl_at_once_and_keeps_earlier_notices(
    server: ListServer, tmp_path: Path, answer: int | str
) -> None:
    rows = server.fill(LOCAL_AWARDS, 10)
    hit = server.channels[LOCAL_AWARDS][5]
    server.answers[LOCAL_AWARDS + hit.path] = [answer]
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.ok, outcome.stored) == ("blocked", False, 5)
    assert server.requests[-1] == LOCAL_AWARDS + hit.path
    assert len(stored_notice_ids(tmp_path)) == 5
    archived = [page.url for file in archive_files(tmp_path) for page in read_pages(file)]
    assert len(archived) == 5  # the block page is kept, but not as the notice
    server.answers.clear()
    again = crawl_once(server, tmp_path)
    assert (again.state, again.stored, len(server.details())) == ("complete", 10, 5)
    assert stored_notice_ids(tmp_path) == entry_ids(rows)


@pytest.mark.parametrize("answer", [BLOCK_PAGE, "<html><body></body></html>", 403])
def test_a_blocked_list_is_not_taken_for_an_empty_one(server: ListServer, tmp_path: Path, answer: int | str) -> None:
    server.fill(LOCAL_AWARDS, 5)
    server.answers[LOCAL_AWARDS] = [answer]
    outcome = crawl_once(server, tmp_path)
    assert outcome.state == "blocked"
    assert server.requests == [LOCAL_AWARDS]


def test_one_page_that_always_looks_blocked_does_not_prevent_all_others(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 9)
    odd = LOCAL_AWARDS + server.channels[LOCAL_AWARDS][3].path
    server.answers[odd] = ["<html><body><div class='other_template'>…</div></body></html>"]
    assert crawl_once(server, tmp_path).stored == 3
    second = crawl_once(server, tmp_path)
    assert (second.state, second.stored, server.requests[-1]) == ("blocked", 8, odd)


def test_a_missing_notice_makes_the_crawl_incomplete_and_is_requested_again(server: ListServer, tmp_path: Path) -> None:
    rows = server.fill(LOCAL_AWARDS, 24)
    lost = LOCAL_AWARDS + server.channels[LOCAL_AWARDS][14].path
    server.answers[lost] = [404]
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.listed, outcome.stored) == ("incomplete", 24, 23)
    assert outcome.reason is not None
    assert lost in outcome.reason
    server.answers.clear()
    # There is nothing new above it, but the crawl continues down to the gap.
    assert crawl_once(server, tmp_path).state == "complete"
    assert stored_notice_ids(tmp_path) == entry_ids(rows)


@pytest.mark.parametrize("trouble", [502, 503, HANG_UP, CUT_SHORT])
def test_requests_to_a_failing_portal_are_retried_with_delays(server: ListServer, tmp_path: Path, trouble: int) -> None:
    server.fill(LOCAL_AWARDS, 5)
    detail = LOCAL_AWARDS + server.channels[LOCAL_AWARDS][2].path
    content = server._detail(server.channels[LOCAL_AWARDS], detail)[1]
    server.answers[detail] = [trouble, trouble, content]
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.stored, server.count(detail)) == ("complete", 5, 3)


def test_a_page_that_always_fails_is_reported(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 9)
    server.answers[f"{LOCAL_AWARDS}index_1.htm"] = [502]
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.stored) == ("incomplete", 5)
    assert outcome.reason is not None
    assert f"{LOCAL_AWARDS}index_1.htm: HTTP 502" in outcome.reason
    assert server.count(f"{LOCAL_AWARDS}index_1.htm") == 5


@pytest.mark.long
def test_a_portal_that_is_down_gets_no_further_requests(tmp_path: Path) -> None:
    with serving(ListServer()) as gone:
        pass
    outcome = crawl_once(gone, tmp_path)
    assert (outcome.state, outcome.listed) == ("failed", 0)


def test_a_list_without_rows_is_reported(server: ListServer, tmp_path: Path) -> None:
    outcome = crawl_once(server, tmp_path)
    assert outcome.state == "incomplete"
    assert outcome.reason is not None
    assert "shows no rows" in outcome.reason


def test_a_list_that_had_rows_before_and_is_empty_raises_an_alarm(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 5)
    server.fill(CENTRAL_AWARDS, 5, start=5000)
    assert crawl_once(server, tmp_path).state == "complete"
    server.channels[CENTRAL_AWARDS].clear()
    outcome = crawl_once(server, tmp_path)
    assert outcome.state == "incomplete"
    assert outcome.reason is not None
    assert CENTRAL_AWARDS in outcome.reason


def test_entries_without_a_link_are_reported_as_a_changed_layout(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 5)
    server.answers[CENTRAL_AWARDS] = ['<ul class="c_list_bid"><li><span data-id="1">某公告</span></li></ul>']
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.stored) == ("incomplete", 5)


@pytest.fixture
def three_pages(server: ListServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the lists end after three pages, as those of the portal end after 25."""
    short = portals.load("ccgp").model_copy(update={"most_pages": 3})
    monkeypatch.setitem(portals._by_name(), "ccgp", short)  # type: ignore[arg-type]
    server.most_pages = 3


@pytest.mark.usefixtures("three_pages")
def test_a_list_that_ends_after_since_is_reported(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 15)
    outcome = crawl_once(server, tmp_path, since=date(2026, 8, 1))
    assert (outcome.state, outcome.stored) == ("incomplete", 12)
    assert outcome.reason is not None
    assert "reaches back to 2026-08-05 08:03 only" in outcome.reason


@pytest.mark.usefixtures("three_pages")
def test_a_list_that_rolled_over_between_two_crawls_is_reported_as_a_gap(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 8, day="2026-08-04")
    assert crawl_once(server, tmp_path).state == "complete"
    server.fill(LOCAL_AWARDS, 14, start=4000)
    outcome = crawl_once(server, tmp_path)
    assert outcome.state == "incomplete"
    assert outcome.reason is not None
    assert "rolled over" in outcome.reason
    assert crawl_once(server, tmp_path).state == "complete"  # a loss is reported once


def test_a_keyword_that_no_known_row_has_is_no_gap(server: ListServer, tmp_path: Path) -> None:
    server.page_size = 4
    server.fill(LOCAL_AWARDS, 20, day="2026-08-03")
    server.fill(LOCAL_AWARDS, 94, day="2026-08-04", start=3000)
    server.fill(LOCAL_AWARDS, 5, day="2026-08-05", start=5000)
    assert crawl_once(server, tmp_path, since=date(2026, 8, 5)).state == "complete"
    outcome = crawl_once(server, tmp_path, since=date(2026, 8, 4), keyword="第3002号")
    assert (outcome.state, outcome.listed) == ("complete", 1)
    assert "rolled over" not in (outcome.reason or "")


def test_two_crawls_of_one_portal_cannot_share_a_folder(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 2)
    other: list[CrawlOutcome] = []

    def start_another(path: str) -> None:
        if not other:
            other.extend(crawl_runner.run(crawl_requests(["ccgp"], origin=server.origin), tmp_path, settings=QUICK))

    server.before = start_another
    assert crawl_once(server, tmp_path).state == "complete"
    assert "another crawl of ccgp is running" in str(other[0].reason)


@pytest.mark.long
def test_a_killed_crawl_resumes_without_a_gap(server: ListServer, tmp_path: Path) -> None:
    old = server.fill(LOCAL_AWARDS, 8, day="2026-08-03")
    assert crawl_once(server, tmp_path).state == "complete"
    rows = old + server.fill(LOCAL_AWARDS, 34, start=3000)
    server.before = lambda path: time.sleep(0.02)
    server.requests.clear()
    process = start_command("crawl", "ccgp", "--origin", server.origin, "--data", tmp_path)
    deadline = time.monotonic() + 120  # a busy machine takes its time
    while len(server.details()) < 18 and time.monotonic() < deadline:
        time.sleep(0.005)
    process.kill()
    assert exit_code(process) == -9
    server.before = lambda path: None
    before = set(server.details())
    assert 18 <= len(before) < 34
    # More notices were published meanwhile, so the gap is now between stored rows.
    rows += server.fill(LOCAL_AWARDS, 5, day="2026-08-06", start=6000)
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.stored) == ("complete", len(rows))
    assert stored_notice_ids(tmp_path) == entry_ids(rows)
    assert len(before & set(server.details())) <= 1  # the page in progress


@pytest.mark.long
def test_scrapy_crawl_takes_the_same_arguments(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 3, day="2026-08-03")
    wanted = server.fill(LOCAL_AWARDS, 3, day="2026-08-04", start=2000)
    server.fill(LOCAL_AWARDS, 3, day="2026-08-05", start=3000)
    arguments = {"since": "2026-08-04", "until": "2026-08-04", "origin": server.origin, "limit": "5"}
    flags = [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "ccgp", *flags],
        cwd=PROJECT,
        env={**os.environ, "TENDERS_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert stored_notice_ids(tmp_path) == entry_ids(wanted)
    with duckdb.connect(str(tmp_path / "tenders.duckdb"), read_only=True) as published:
        assert published.execute("SELECT notice_id FROM notices ORDER BY 1").fetchall() == sorted(
            (i,) for i in entry_ids(wanted)
        )
        assert published.execute("SELECT portal, state, listed, stored FROM crawls").fetchall() == [
            ("ccgp", "complete", 3, 3)
        ]


def test_a_damaged_state_file_only_makes_the_next_crawl_longer(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 6)
    crawl_once(server, tmp_path)
    state_file = tmp_path / "private" / "listed" / "ccgp.json"
    assert json.loads(state_file.read_text("utf-8"))["channels"][LOCAL_AWARDS]["walked"] is True
    state_file.write_text("{half", "utf-8")
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, outcome.stored, server.details()) == ("complete", 6, [])


def test_days_below_the_first_covered_row_are_also_reported(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 6, day="2026-08-01")
    server.fill(LOCAL_AWARDS, 14, day="2026-08-03", start=3000)
    crawl_once(server, tmp_path)
    server.fill(LOCAL_AWARDS, 2, day="2026-08-04", start=7000)
    outcome = crawl_once(server, tmp_path, since=date(2026, 7, 30), until=date(2026, 8, 4))
    assert outcome.state == "complete"
    windows = {
        window.day.isoformat(): (window.listed, window.state)
        for window in outcome.windows
        if window.channel == LOCAL_AWARDS
    }
    assert windows == {
        "2026-07-30": (0, "complete"),
        "2026-07-31": (0, "complete"),
        "2026-08-01": (6, "complete"),
        "2026-08-02": (0, "complete"),
        "2026-08-03": (14, "complete"),
        "2026-08-04": (2, "complete"),
    }


def test_a_pager_that_shows_more_pages_than_usual_is_followed(
    server: ListServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usual = portals.load("ccgp").model_copy(update={"most_pages": 2})
    monkeypatch.setitem(portals._by_name(), "ccgp", usual)  # type: ignore[arg-type]
    server.page_size = 2
    rows = server.fill(LOCAL_AWARDS, 7)
    outcome = crawl_once(server, tmp_path)
    assert (outcome.state, stored_notice_ids(tmp_path)) == ("complete", {row.notice_id for row in rows})
    assert f"{LOCAL_AWARDS}index_3.htm" in server.lists()


def test_a_list_that_is_not_certain_and_is_not_there_leaves_no_gap(
    server: ListServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    channels = (LOCAL_AWARDS, "/cggg/elsewhere/")
    for certain in (True, False):
        marks = () if certain else ("channels./cggg/elsewhere/",)
        changed = portals.load("ccgp").model_copy(update={"channels": channels, "unverified": marks})
        monkeypatch.setitem(portals._by_name(), "ccgp", changed)  # type: ignore[arg-type]
        server.channels[LOCAL_AWARDS] = []
        server.fill(LOCAL_AWARDS, 2)
        outcome = crawl_once(server, tmp_path / str(certain))
        assert (outcome.state, outcome.failure) == (("incomplete", "moved") if certain else ("complete", None))
