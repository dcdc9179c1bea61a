"""``tenders status`` and ``tenders portals``: a person sees how each portal stands, what is missing, and what to do about it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import duckdb
import orjson
import pytest
from filelock import FileLock

from pipelines.common.clock import SHANGHAI
from tenders.crawling.outcome import CrawlOutcome, Failure, State, Window
from tenders.data_folder import DataFolder
from tenders.jobs.crawl import record_crawls
from tenders.jobs.ingest import ingest_files
from tenders.jobs.load import load_spool
from tenders.monitoring import status as overview
from tenders.monitoring.date_ranges import runs, short, span
from tenders.monitoring.remedies import again, kind_of, meaning, remedy
from tests.helpers.storing import award, capture, tenders
from tests.paths import ROOT

NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
LAST = datetime(2026, 11, 12, 1, tzinfo=UTC)


def day(text: str) -> date:
    """``11-03`` of 2026."""
    return date.fromisoformat(f"2026-{text}")


def windows(first: str, last: str, channels: str = "0201 0202", *, but: dict[tuple[str, str], dict[str, Any]] | None = None,
            **common: Any) -> list[Window]:  # fmt: skip
    """Complete days of some channels, 5 notices each; ``but`` changes single ones, by day and channel."""
    made = []
    for number in range((day(last) - day(first)).days + 1):
        at = day(first) + timedelta(days=number)
        for channel in channels.split():
            values = {"said": None, "listed": 5, "stored": 5, "failed": 0, "quarantined": 0, "state": "complete"}
            made.append(Window(channel, at, **(values | common | (but or {}).get((f"{at:%m-%d}", channel), {}))))
    return made


def ran(data: Path, windows: Iterable[Window], *, portal: str = "ccgp", at: datetime = LAST, state: State = "complete",
        failure: Failure | None = None, reason: str | None = None, since: date | None = None,
        until: date | None = None) -> None:  # fmt: skip
    """A crawl that ended ``at`` is recorded and loaded."""
    told = tuple(windows)
    days = [window.day for window in told]
    outcome = CrawlOutcome(
        portal, since or min(days, default=None), until or max(days, default=None), at - timedelta(minutes=5), at, state,
        sum(window.listed for window in told), sum(window.stored for window in told), reason, failure, windows=told,
    )  # fmt: skip
    record_crawls([outcome], data)
    load_spool(data)


def told(data: Path, now: datetime = NOW) -> tuple[str, list[str]]:
    status = overview.status(data, now=now)
    return status.render(), status.needs_a_person


def test_all_is_well_after_a_complete_crawl(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-12"))
    text, concerns = told(tmp_path)
    assert concerns == []
    assert text.endswith("all is well")
    assert "2026-11-12 09:00" in text
    assert "missing" not in text


def test_gaps_are_written_shortly_by_channel_with_the_command_for_the_very_days(tmp_path: Path) -> None:
    lost = {(f"11-0{n}", "0202"): {"stored": 3, "failed": 2, "state": "incomplete"} for n in (3, 4, 5)}
    lost |= {("11-09", channel): {"state": "incomplete", "stored": 4} for channel in ("0201", "0202")}
    ran(
        tmp_path,
        windows("11-01", "11-11", but=lost),
        state="incomplete",
        failure="partial",
        reason="8 pages could not be read",
    )
    text, concerns = told(tmp_path)
    assert "missing: 2026-11-03…05 (0202), 2026-11-09\n" in text
    command = "tenders crawl ccgp --since 2026-11-03 --until 2026-11-05; tenders crawl ccgp --since 2026-11-09 --until 2026-11-09"
    assert concerns == [f"ccgp: last crawl incomplete, partial: single pages are missing: run again: {command}"]
    assert "partial: single pages are missing (8 pages could not be read)" in text
    assert "of 110 notices listed on all days 102 are stored: 6 could not be read, 0 in quarantine" in text


def test_days_between_two_crawls_are_a_gap_though_both_were_complete(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-04"), at=LAST - timedelta(days=7))
    ran(tmp_path, windows("11-08", "11-12"))
    text, concerns = told(tmp_path)
    assert "missing: 2026-11-05…07 never crawled" in text
    assert concerns == ["ccgp: days are missing: tenders crawl ccgp --since 2026-11-05 --until 2026-11-07"]


def test_days_that_earlier_crawls_left_out_are_told_beside_those_of_the_last_one(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-03"), at=LAST - timedelta(days=7))
    lost = {("11-08", "0201"): {"state": "incomplete", "stored": 4}}
    ran(tmp_path, windows("11-07", "11-12", but=lost), state="incomplete", failure="partial")
    concerns = told(tmp_path)[1]
    assert concerns[0].endswith("run again: tenders crawl ccgp --since 2026-11-08 --until 2026-11-08")
    assert concerns[1:] == ["ccgp: days are missing: tenders crawl ccgp --since 2026-11-04 --until 2026-11-06"]


def test_a_day_that_was_not_over_is_no_gap_until_a_later_crawl_leaves_it_out(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-10"), at=datetime(2026, 11, 10, 10, tzinfo=UTC))
    assert told(tmp_path)[1] == []
    ran(tmp_path, windows("11-11", "11-12"))
    text, concerns = told(tmp_path)
    assert "2026-11-10 before its end" in text
    assert concerns == ["ccgp: days are missing: tenders crawl ccgp --since 2026-11-10 --until 2026-11-10"]


def test_old_gaps_are_shown_but_call_for_nobody_every_day_anew(tmp_path: Path) -> None:
    ran(tmp_path, windows("09-01", "09-05", but={("09-02", "0201"): {"state": "incomplete", "listed": 9}}))
    ran(tmp_path, windows("11-01", "11-12"), at=LAST + timedelta(seconds=1))
    ran(tmp_path, windows("09-06", "10-31"), at=LAST + timedelta(seconds=2))
    text, concerns = told(tmp_path)
    assert "2026-09-02 (0201)" in text
    assert concerns == []


def test_what_a_list_showed_of_days_that_nobody_asked_for_is_no_gap(tmp_path: Path) -> None:
    part = {("11-05", "0201"): {"state": "incomplete"}, ("11-05", "0202"): {"state": "incomplete"}}
    outcome = CrawlOutcome(
        "ccgp", None, None, LAST, LAST, "complete", 5, 5, windows=tuple(windows("11-05", "11-12", but=part))
    )
    record_crawls([outcome], tmp_path)
    load_spool(tmp_path)
    assert told(tmp_path)[1] == []
    ran(tmp_path, windows("11-05", "11-12", but=part), at=LAST + timedelta(seconds=1))
    assert "missing: 2026-11-05" in told(tmp_path)[0]


def test_days_that_the_portal_no_longer_shows_need_saved_pages(tmp_path: Path) -> None:
    short_of = {("11-03", channel): {"state": "incomplete"} for channel in ("0201", "0202")}
    ran(tmp_path, windows("11-03", "11-12", but=short_of), state="incomplete", failure="reach")
    text, concerns = told(tmp_path)
    assert "missing: 2026-11-03 no longer shown" in text
    assert concerns == [
        "ccgp: last crawl incomplete, reach: the portal no longer shows what was asked for: those days need saved pages: "
        "tenders ingest FILE…",
        "ccgp: 2026-11-03: no longer shown whole, saved pages are needed: tenders ingest FILE…",
    ]


def test_a_day_that_one_channel_can_still_give_is_asked_for_again(tmp_path: Path) -> None:
    lost = {
        ("11-03", "0201"): {"state": "incomplete"},
        ("11-03", "0202"): {"state": "incomplete", "stored": 4, "failed": 1},
    }
    ran(tmp_path, windows("11-03", "11-12", but=lost), state="incomplete", failure="reach")
    text, concerns = told(tmp_path)
    assert "no longer shown\n" not in text
    assert concerns[-1].endswith("days are missing: tenders crawl ccgp --since 2026-11-03 --until 2026-11-03")


@pytest.mark.parametrize("failure", get_args(Failure))
def test_every_kind_of_trouble_is_explained_with_what_to_do(failure: Failure) -> None:
    words = remedy(failure, "ccgp", [(day("11-03"), day("11-05"))])
    assert len(meaning(failure)) > 10
    assert "{" not in words
    expected = {
        "blocked": "never work around", "moved": "tenders/portals/ccgp.toml",
        "layout": "tenders rebuild", "reach": "tenders ingest",
    }.get(failure, "tenders crawl ccgp --since 2026-11-03 --until 2026-11-05")  # fmt: skip
    assert expected in words


@pytest.mark.parametrize("failure", ["blocked", "layout", "timeout", "storage"])
def test_a_crawl_that_failed_needs_a_person_and_one_that_was_limited_does_not(tmp_path: Path, failure: Failure) -> None:
    state: State = "blocked" if failure == "blocked" else "failed"
    ran(tmp_path, [], since=day("11-10"), until=day("11-12"), state=state, failure=failure, reason="the very reason")
    text, concerns = told(tmp_path)
    assert concerns[0].startswith(f"ccgp: last crawl {state}, {failure}: {meaning(failure)}")
    assert "the very reason" in text
    ran(tmp_path, windows("11-10", "11-12"), at=LAST + timedelta(seconds=1), state="incomplete", failure="limit")
    assert told(tmp_path)[1] == []


def test_crawls_recorded_before_troubles_were_told_apart_are_explained_by_their_state(tmp_path: Path) -> None:
    assert [kind_of(state, None) for state in get_args(State)] == [None, "partial", "blocked", "timeout"]
    ran(tmp_path, [], since=day("11-10"), until=day("11-11"), state="incomplete")
    assert "run again: tenders crawl ccgp --since 2026-11-10 --until 2026-11-11" in told(tmp_path)[1][0]


def test_a_portal_that_was_not_crawled_for_days_is_named(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-12"))
    assert told(tmp_path, NOW + timedelta(days=2))[1] == []
    assert told(tmp_path, NOW + timedelta(days=5))[1] == ["ccgp: not crawled for 5 days: tenders crawl ccgp"]


def test_what_the_portal_says_stands_beside_what_is_listed_and_stored(tmp_path: Path) -> None:
    counts = {("11-04", "0201"): {"said": 12, "listed": 10, "stored": 9, "failed": 1, "state": "incomplete"}}
    ran(tmp_path, windows("11-01", "11-12", said=5, but=counts), state="incomplete", failure="partial")
    text = told(tmp_path)[0]
    assert "the portal says 127, its lists showed 125 of them" in text
    assert "of 125 notices listed on all days 124 are stored: 1 could not be read, 0 in quarantine" in text


def test_alarms_and_the_days_they_cast_doubt_on_need_a_person(tmp_path: Path) -> None:
    none = {"listed": 0, "stored": 0}
    ran(
        tmp_path,
        windows("11-02", "11-12", "0201", listed=40, stored=40, but={("11-10", "0201"): none, ("11-11", "0201"): none}),
    )
    text, concerns = told(tmp_path)
    alarm = "ccgp: 0201 lists 0 notices for 2026-11-10…11, usually 40 on a working day"
    assert f"alarm: {alarm}" in text
    assert concerns[0].startswith(alarm)
    assert concerns[1].startswith("ccgp: 2026-11-10…11 may be misread: mend the reader and run tenders rebuild, or")
    assert concerns[1].endswith("run again: tenders crawl ccgp --since 2026-11-10 --until 2026-11-11")
    shown = overview.portals_known(tmp_path, "json", NOW)
    ccgp = next(portal for portal in orjson.loads(shown) if portal["portal"] == "ccgp")
    assert ccgp["last_complete_at"] is None, "a crawl with an alarm is not complete"


def test_json_says_the_same_for_programs(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-12", but={("11-03", "0202"): {"stored": 3, "failed": 2, "state": "incomplete"}}),
        state="incomplete", failure="partial")  # fmt: skip
    status = overview.status(tmp_path, now=NOW)
    data = json.loads(status.render("json"))
    assert data["needs_a_person"] == status.needs_a_person
    portal = data["portals"][0]
    assert portal["gaps"] == [
        {"since": "2026-11-03", "until": "2026-11-03", "state": "incomplete", "channels": ["0202"]}
    ]
    assert portal["last_run"]["failure"] == "partial"
    assert portal["what_to_do"] == "run again: tenders crawl ccgp --since 2026-11-03 --until 2026-11-03"
    done = tenders("status", "--format", "json", "--data", tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["portals"][0]["gaps"] == portal["gaps"]


def test_the_archive_is_measured_and_the_setting_for_it_told(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-12"))
    (tmp_path / "archive" / "big.warc.gz").write_bytes(b"0" * 2_500_000)
    assert "archive: 2 files, 2.5 MB; answers of lists are kept: for good" in told(tmp_path)[0]
    (tmp_path / "tenders.toml").write_text("[archive]\nkeep_lists_days = 30\n")
    assert "answers of lists are kept: 30 days" in told(tmp_path)[0]
    (tmp_path / "tenders.toml").write_text("[archive]\nkeep = 30\n")
    text, concerns = told(tmp_path)
    assert "kept: unknown" in text
    assert concerns[0].startswith("the configuration cannot be used: ")


def test_the_next_runs_are_those_of_a_scheduler_that_lives(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-12"))
    note = DataFolder(tmp_path).private / "schedule.json"
    note.write_text(json.dumps({"pid": 1, "next": {"ccgp": "2026-11-12T12:15:00+08:00"}}))
    assert "next runs: none, no scheduler is running" in told(tmp_path)[0]
    with FileLock(note.with_suffix(".lock")):
        assert "next runs: ccgp 2026-11-12 12:15\n" in told(tmp_path)[0]


def test_quarantine_is_counted_by_reason_and_a_load_under_way_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture(tmp_path / "a.jsonl", [award(1), b"broken", b"[]", b"broken too"])
    ingest_files([tmp_path / "a.jsonl"], tmp_path / "d")
    text, concerns = told(tmp_path / "d")
    assert "quarantine: " in text
    assert "2 × not JSON" in text
    assert concerns == ["3 lines or pages in quarantine"]
    monkeypatch.setattr(overview, "_LOCK_SECONDS", 0)
    with DataFolder(tmp_path / "d").lock():
        assert "quarantine: not looked at, a load is under way" in told(tmp_path / "d")[0]


def test_nothing_crawled_yet_is_no_trouble_and_makes_no_folder(tmp_path: Path) -> None:
    text, concerns = told(tmp_path / "none")
    assert concerns == []
    assert "no crawl has run yet: tenders crawl PORTAL" in text
    assert not (tmp_path / "none").exists()


def test_portals_tells_how_each_is_read_how_fresh_it_is_and_what_it_can_give(tmp_path: Path) -> None:
    capture(tmp_path / "a.jsonl", [award(1, portal="yichang"), award(2, portal="nobody-knows")])
    ingest_files([tmp_path / "a.jsonl"], tmp_path)
    ran(tmp_path, windows("11-01", "11-12", but={("11-03", "0202"): {"state": "incomplete", "listed": 7}}))
    lines = {line.split()[0]: line for line in overview.portals_known(tmp_path, now=NOW).splitlines() if line.strip()}
    assert "crawled, every notice" in lines["ccgp"]
    assert "2026-11-12 09:00" in lines["ccgp"]
    assert "2026-11-03" in lines["ccgp"]
    assert "2026-07-02 (133 days old)" in lines["yichang"]
    assert "2026-07-03" in lines["nobody-knows"], "a portal without a descriptor is shown too"
    known = {portal["portal"]: portal for portal in orjson.loads(overview.portals_known(tmp_path, "json", NOW))}
    assert known["ccgp"]["can_give"]
    assert known["ccgp"]["cannot_give"]


def test_the_newest_gaps_are_shown_and_older_ones_counted(tmp_path: Path) -> None:
    lost = {(f"10-{n:02d}", "0201"): {"state": "incomplete", "listed": 9} for n in range(1, 20, 2)}
    ran(tmp_path, windows("10-01", "11-11", but=lost), state="incomplete", failure="partial")
    text, concerns = told(tmp_path)
    assert "missing: 4 older, 2026-10-09 (0201), 2026-10-11 (0201)" in text
    assert concerns[0].endswith("tenders crawl ccgp --since 2026-10-01 --until 2026-10-19"), "one command for many gaps"
    ran(tmp_path, windows("11-11", "11-12"), at=LAST + timedelta(hours=1))
    commands = [f"tenders crawl ccgp --since 2026-10-{n} --until 2026-10-{n}" for n in (13, 15, 17, 19)]
    assert told(tmp_path)[1] == ["ccgp: days are missing: tenders crawl ccgp --since 2026-10-13 --until 2026-10-19"]
    assert told(tmp_path, NOW + timedelta(days=2))[1] == ["ccgp: days are missing: " + "; ".join(commands[1:])]


def test_a_large_folder_is_told_in_a_moment(tmp_path: Path) -> None:
    ran(tmp_path, windows("11-01", "11-12"))
    with duckdb.connect(str(DataFolder(tmp_path).own)) as con:
        con.execute(
            """
            INSERT INTO crawls BY NAME
            SELECT 'c' || n AS crawl_id, 'p' || n % 20 AS portal, DATE '2026-01-01' AS since, DATE '2026-11-11' AS until,
                TIMESTAMPTZ '2026-01-01 08:00+08' + to_hours(n) AS started_at, started_at AS finished_at, 'complete' AS state,
                5 AS listed, 5 AS stored
            FROM range(5000) AS t(n);
            INSERT INTO crawl_windows BY NAME
            SELECT crawl_id, portal, 'a' AS channel, '' AS keywords, CAST(finished_at AS DATE) - CAST(d AS INTEGER) AS day,
                5 AS said, 5 AS listed, 5 AS stored, 0 AS failed, 0 AS quarantined, 'complete' AS state, finished_at AS checked_at
            FROM crawls, range(1, 21) AS t(d)
            """
        )
    started = datetime.now(UTC)
    assert len(overview.status(tmp_path, now=NOW).portals) == 21
    assert (datetime.now(UTC) - started).total_seconds() < 5


def test_days_are_written_as_short_as_they_can_be_read() -> None:
    assert span(day("11-03"), day("11-03")) == "2026-11-03"
    assert span(day("10-30"), day("11-02")) == "2026-10-30…11-02"
    assert span(date(2026, 12, 30), date(2027, 1, 2)) == "2026-12-30…2027-01-02"
    assert runs([day("11-05"), day("11-03"), day("11-04"), day("11-05"), day("11-07")]) == [
        (day("11-03"), day("11-05")), (day("11-07"), day("11-07"))
    ]  # fmt: skip
    assert short([]) == ""
    assert again("ccgp", []) == "tenders crawl ccgp"


_DOCS = (ROOT / "docs" / "completeness.md").read_text("utf-8")
_COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", _DOCS, re.DOTALL) for line in block.splitlines()]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger")
    now = datetime.now(UTC).replace(microsecond=0)
    today = now.astimezone(SHANGHAI).date()
    told = [Window("0201", today - timedelta(days=n), 5, 5, 5, 0, 0, "complete") for n in range(10)]
    outcome = CrawlOutcome("ccgp", told[-1].day, today, now, now, "complete", 50, 50, windows=tuple(told))
    record_crawls([outcome], folder)
    load_spool(folder)
    return folder


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_command_of_the_page_on_completeness_runs(command: str, ledger: Path) -> None:
    done = tenders(*shlex.split(command)[1:], "--data", ledger)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_page_on_completeness_explains_every_kind_of_trouble_and_of_alarm() -> None:
    for failure in get_args(Failure):
        assert f"| `{failure}` | " in _DOCS
    for alarm in ("field", "page", "few", "total"):
        assert f"| `{alarm}` | " in _DOCS
