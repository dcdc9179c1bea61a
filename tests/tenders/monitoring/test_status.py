"""``tenders status``: how healthy each portal is, what is missing, and what to do about it."""

from __future__ import annotations

import json
import re
import shlex
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
from filelock import FileLock

from analysis.figures.definition import load
from pipelines.common.clock import SHANGHAI
from tenders.crawling.outcome import Failure, State, Window
from tenders.data_folder import DataFolder
from tenders.jobs.ingest import ingest_files
from tenders.jobs.known_months import newest_known_months
from tenders.monitoring import store_checks
from tenders.monitoring.portal_health import PortalHealth, all_portal_health
from tenders.monitoring.remedies import meaning
from tenders.monitoring.scheduler_note import write_note
from tenders.monitoring.status import Concern, Status, collect_status
from tenders.monitoring.status_text import status_json, status_text
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.recorded_crawls import crawl_outcome, load_crawl, publish_crawl, record_crawl
from tests.helpers.storing import award, capture, rows, tenders
from tests.paths import ROOT

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 12, 2, tzinfo=UTC)
LAST = datetime(2026, 11, 12, 1, tzinfo=UTC)


def day(text: str) -> date:
    """Return a day of 2026: ``11-03``."""
    return date.fromisoformat(f"2026-{text}")


def windows(
    first: str,
    last: str,
    channels: str = "0201 0202",
    *,
    but: dict[tuple[str, str], dict[str, Any]] | None = None,
    **common: Any,
) -> list[Window]:
    """Return complete days of some channels, 5 notices each; ``but`` changes single ones, by day and channel."""
    made = []
    for number in range((day(last) - day(first)).days + 1):
        at = day(first) + timedelta(days=number)
        for channel in channels.split():
            values = {"said": None, "listed": 5, "stored": 5, "failed": 0, "quarantined": 0, "state": "complete"}
            made.append(Window(channel, at, **(values | common | (but or {}).get((f"{at:%m-%d}", channel), {}))))
    return made


def crawled(data: Path, days: list[Window], at: datetime = LAST, **crawl: Any) -> None:
    """Record a crawl that asked for these days, or for those named."""
    crawl.setdefault("since", min((window.day for window in days), default=None))
    crawl.setdefault("until", max((window.day for window in days), default=None))
    record_crawl(data, at, days, **crawl)


def status_of(data: Path, now: datetime = NOW) -> Status:
    return collect_status(data, now=now)


def concerns(data: Path, now: datetime = NOW) -> dict[str, Concern]:
    """Return what needs a person, by code; no code comes twice in these tests."""
    found = status_of(data, now).concerns
    assert len({concern.code for concern in found}) == len(found)
    return {concern.code: concern for concern in found}


def health(data: Path) -> PortalHealth:
    [ccgp] = [one for one in all_portal_health(data) if one.portal == "ccgp"]
    return ccgp


def gaps(data: Path) -> list[tuple[str, str]]:
    """Return days and state of each gap."""
    return [(str(gap), gap.state) for gap in health(data).gaps]


def command(first: str, last: str) -> str:
    return f"tenders crawl ccgp --since {day(first)} --until {day(last)}"


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after one complete crawl. Only for tests that change nothing in its databases."""
    folder = tmp_path_factory.mktemp("complete")
    crawled(folder, windows("11-01", "11-12"))
    return folder


@pytest.fixture(scope="module")
def partial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose one crawl lacks pages of some days. Only for reading."""
    folder = tmp_path_factory.mktemp("partial")
    lost = {(f"11-0{n}", "0202"): {"stored": 3, "failed": 2, "state": "incomplete"} for n in (3, 4, 5)}
    lost |= {("11-09", channel): {"state": "incomplete", "stored": 4} for channel in ("0201", "0202")}
    reason = "8 pages could not be read"
    crawled(folder, windows("11-01", "11-11", but=lost), state="incomplete", failure="partial", reason=reason)
    return folder


def test_all_is_well_after_a_complete_crawl(complete: Path) -> None:
    status = status_of(complete)
    assert (status.concerns, health(complete).gaps) == ([], [])
    assert f"{health(complete).last_complete_at:%F %H:%M}" == "2026-11-12 09:00"
    assert status_text(status).endswith("all is well")


def test_gaps_name_days_and_channel_and_the_command_asks_for_the_very_days(partial: Path) -> None:
    assert gaps(partial) == [("2026-11-03…05 (0202)", "incomplete"), ("2026-11-09", "incomplete")]
    [concern] = concerns(partial).values()
    assert (concern.code, concern.portal) == ("last_crawl", "ccgp")
    assert concern.remedy.endswith(f"{command('11-03', '11-05')}; {command('11-09', '11-09')}")
    one = health(partial)
    assert (one.listed, one.stored, one.failed, one.quarantined) == (110, 102, 6, 0)


def test_the_wording_of_a_status_with_gaps(partial: Path) -> None:
    lines = status_text(status_of(partial)).splitlines()
    assert [line.split() for line in lines[:2]] == [
        ["portal", "last", "run", "state", "listed", "stored", "newest", "notice", "last", "complete"],
        ["ccgp", "2026-11-12", "09:00", "incomplete", "110", "102", "never", "never"],
    ]
    again = f"run again: {command('11-03', '11-05')}; {command('11-09', '11-09')}"
    assert lines[2:7] == [
        "ccgp",
        "  partial: single pages are missing (8 pages could not be read)",
        f"  what to do: {again}",
        "  missing: 2026-11-03…05 (0202), 2026-11-09",
        "  of 110 notices listed on all days 102 are stored: 6 could not be read, 0 in quarantine",
    ]
    assert lines[7] == "next runs: none, no scheduler is running (tenders schedule)"
    assert lines[8].startswith("last load: ")
    assert lines[10:] == [
        "needs a person:",
        f"  ccgp: last crawl incomplete, partial: single pages are missing: {again}",
    ]


def test_days_between_two_crawls_are_a_gap_though_both_were_complete(tmp_path: Path) -> None:
    crawled(tmp_path, windows("11-01", "11-04"), at=LAST - timedelta(days=7))
    crawled(tmp_path, windows("11-08", "11-12"))
    assert gaps(tmp_path) == [("2026-11-05…07", "never")]
    [concern] = concerns(tmp_path).values()
    assert (concern.code, concern.remedy) == ("missing_days", command("11-05", "11-07"))


def test_days_that_earlier_crawls_left_out_are_reported_besides_those_of_the_last_one(tmp_path: Path) -> None:
    crawled(tmp_path, windows("11-01", "11-03"), at=LAST - timedelta(days=7))
    lost = {("11-08", "0201"): {"state": "incomplete", "stored": 4}}
    crawled(tmp_path, windows("11-07", "11-12", but=lost), state="incomplete", failure="partial")
    found = concerns(tmp_path)
    assert list(found) == ["last_crawl", "missing_days"]
    assert found["last_crawl"].remedy.endswith(f": {command('11-08', '11-08')}")
    assert found["missing_days"].remedy == command("11-04", "11-06")


def test_a_day_that_was_not_over_is_no_gap_until_a_later_crawl_leaves_it_out(tmp_path: Path) -> None:
    crawled(tmp_path, windows("11-01", "11-10"), at=datetime(2026, 11, 10, 10, tzinfo=UTC))
    assert concerns(tmp_path) == {}
    crawled(tmp_path, windows("11-11", "11-12"))
    assert gaps(tmp_path) == [("2026-11-10", "unsettled")]
    [concern] = concerns(tmp_path).values()
    assert (concern.code, concern.remedy) == ("missing_days", command("11-10", "11-10"))


def test_old_gaps_are_shown_but_do_not_need_a_person_every_day(tmp_path: Path) -> None:
    crawled(tmp_path, windows("09-01", "09-05", but={("09-02", "0201"): {"state": "incomplete", "listed": 9}}))
    crawled(tmp_path, windows("11-01", "11-12"), at=LAST + timedelta(seconds=1))
    crawled(tmp_path, windows("09-06", "10-31"), at=LAST + timedelta(seconds=2))
    assert gaps(tmp_path) == [("2026-09-02 (0201)", "incomplete")]
    assert concerns(tmp_path) == {}


def test_what_a_list_showed_of_days_that_nobody_asked_for_is_no_gap(tmp_path: Path) -> None:
    part = {("11-05", "0201"): {"state": "incomplete"}, ("11-05", "0202"): {"state": "incomplete"}}
    crawled(tmp_path, windows("11-05", "11-12", but=part), since=None, until=None)
    assert concerns(tmp_path) == {}
    crawled(tmp_path, windows("11-05", "11-12", but=part), at=LAST + timedelta(seconds=1))
    assert gaps(tmp_path) == [("2026-11-05", "incomplete")]


def test_days_that_the_portal_no_longer_shows_need_saved_pages(tmp_path: Path) -> None:
    cut_short = {("11-03", channel): {"state": "incomplete"} for channel in ("0201", "0202")}
    crawled(tmp_path, windows("11-03", "11-12", but=cut_short), state="incomplete", failure="reach")
    assert gaps(tmp_path) == [("2026-11-03", "gone")]
    found = concerns(tmp_path)
    assert list(found) == ["last_crawl", "exhausted_days"]
    assert "2026-11-03" in found["exhausted_days"].text
    assert all("tenders ingest FILE…" in concern.remedy for concern in found.values())


def test_a_day_that_one_channel_can_still_give_is_asked_for_again(tmp_path: Path) -> None:
    lost = {
        ("11-03", "0201"): {"state": "incomplete"},
        ("11-03", "0202"): {"state": "incomplete", "stored": 4, "failed": 1},
    }
    crawled(tmp_path, windows("11-03", "11-12", but=lost), state="incomplete", failure="reach")
    assert gaps(tmp_path) == [("2026-11-03", "incomplete")]
    assert concerns(tmp_path)["missing_days"].remedy == command("11-03", "11-03")


@pytest.mark.long
def test_a_crawl_that_failed_needs_a_person(tmp_path: Path) -> None:
    for later, failure in enumerate(("blocked", "layout", "timeout", "storage")):
        state: State = "blocked" if failure == "blocked" else "failed"
        at = LAST + timedelta(seconds=later)
        asked = {"since": day("11-10"), "until": day("11-12"), "reason": f"the reason {failure}"}
        crawled(tmp_path, [], at=at, state=state, failure=failure, **asked)
        status = status_of(tmp_path)
        assert status.concerns[0].code == "last_crawl"
        assert f"{state}, {failure}: {meaning(failure)}" in status.concerns[0].text
        assert f"the reason {failure}" in status_text(status)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ("limit", "stopped after the 5 notices asked for"),
        ("interrupted", "interrupted before the end"),
        ("interrupted", "another crawl of ccgp is running on data; wait for it to end"),
    ],
)
def test_what_a_person_or_the_system_wanted_needs_nobody(failure: Failure, reason: str, tmp_path: Path) -> None:
    crawled(tmp_path, windows("11-10", "11-11"), at=LAST - timedelta(days=1))
    asked = {"since": day("11-11"), "until": day("11-12"), "reason": reason}
    crawled(tmp_path, [], state="incomplete", failure=failure, **asked)
    assert concerns(tmp_path) == {}
    assert reason in status_text(status_of(tmp_path))


def test_crawls_recorded_before_failures_were_kept_are_explained_by_their_state(tmp_path: Path) -> None:
    crawled(tmp_path, [], since=day("11-10"), until=day("11-11"), state="incomplete")
    assert concerns(tmp_path)["last_crawl"].remedy.endswith(command("11-10", "11-11"))


def test_a_portal_that_was_not_crawled_for_days_is_named(complete: Path) -> None:
    assert concerns(complete, NOW + timedelta(days=2)) == {}
    [concern] = concerns(complete, NOW + timedelta(days=5)).values()
    assert (concern.code, concern.portal, concern.remedy) == ("stale", "ccgp", "tenders crawl ccgp")
    assert "5 days" in concern.text


def test_the_portals_own_number_is_shown_if_it_differs_from_what_is_listed_and_stored(tmp_path: Path) -> None:
    counts = {("11-04", "0201"): {"said": 12, "listed": 10, "stored": 9, "failed": 1, "state": "incomplete"}}
    crawled(tmp_path, windows("11-01", "11-12", said=5, but=counts), state="incomplete", failure="partial")
    one = health(tmp_path)
    assert (one.said, one.listed_of_said, one.listed, one.stored, one.failed) == (127, 125, 125, 124, 1)
    text = status_text(status_of(tmp_path))
    assert "the portal reports 127 notices, its lists showed 125" in text
    assert "of 125 notices listed on all days 124 are stored" in text


def test_alarms_and_the_days_they_cast_doubt_on_need_a_person(tmp_path: Path) -> None:
    none = {"listed": 0, "stored": 0}
    empty = {("11-10", "0201"): none, ("11-11", "0201"): none}
    crawled(tmp_path, windows("11-02", "11-12", "0201", listed=40, stored=40, but=empty))
    one = health(tmp_path)
    assert [text.partition(",")[0] for text in one.alarms] == ["ccgp: 0201 lists 0 notices for 2026-11-10…11"]
    assert gaps(tmp_path) == [("2026-11-10…11", "doubtful")]
    assert one.last_complete_at is None, "a crawl with an alarm is not complete"
    found = concerns(tmp_path)
    assert list(found) == ["alarm", "misread_days"]
    assert str(found["alarm"]) == one.alarms[0]
    assert "2026-11-10…11" in found["misread_days"].text
    assert "tenders rebuild" in found["misread_days"].remedy
    assert found["misread_days"].remedy.endswith(command("11-10", "11-11"))


def test_json_says_the_same_for_programs(partial: Path) -> None:
    status = status_of(partial)
    data = json.loads(status_json(status))
    assert set(data) == {
        *("at", "portals", "next_runs", "waiting_segments", "archive_files", "archive_bytes"),
        *("keep_lists_days", "quarantine", "flagged_awards", "other_words", "bases", "needs_a_person", "needs_person"),
        *("scheduler", "scheduler_alive_at", "last_load", "last_publish", "disk_free_mb", "pending_segments"),
        "known_months",
    }
    assert data["needs_a_person"] == [str(concern) for concern in status.concerns]
    assert [set(trouble) for trouble in data["needs_person"]] == [{"code", "portal", "text", "remedy"}]
    portal = data["portals"][0]
    assert portal["gaps"] == [
        {"since": "2026-11-03", "until": "2026-11-05", "state": "incomplete", "channels": ["0202"]},
        {"since": "2026-11-09", "until": "2026-11-09", "state": "incomplete", "channels": []},
    ]
    assert (portal["last_run"]["failure"], portal["failure_in_words"]) == ("partial", meaning("partial"))
    assert portal["what_to_do"].endswith(command("11-09", "11-09"))
    done = tenders("status", "--format", "json", "--data", partial)
    assert done.returncode == 1
    assert json.loads(done.stdout)["portals"][0]["gaps"] == portal["gaps"]


@pytest.mark.long
def test_the_newest_known_month_follows_the_definition(tmp_path: Path) -> None:
    assert newest_known_months(tmp_path / "none", [load("market")], date(2026, 10, 1)) == []
    crawled(tmp_path, windows("09-01", "09-30", "0201"))
    crawled(tmp_path, windows("10-01", "10-31", "0201", keywords="大模型"), at=LAST + timedelta(minutes=9))
    definitions = [load(name) for name in ("market", "keyword", "wide")]
    known = newest_known_months(tmp_path, definitions, date(2026, 10, 1))
    status = collect_status(tmp_path, now=NOW, known_months=known)
    assert [list(one.values()) for one in json.loads(status_json(status))["known_months"]] == [
        ["market", "2026-09", "2026-10", "partial"],
        ["keyword", "2026-10", "2026-10", "complete"],
        ["wide", "2026-09", "2026-10", "partial"],
    ]
    lines = [line.split() for line in status_text(status).splitlines()]
    assert ["keyword", "2026-10", "2026-10", "complete"] in lines
    shown = json.loads(tenders("status", "--format", "json", "--data", tmp_path).stdout)["known_months"]
    assert [one["definition"] for one in shown] == ["market", "keyword", "keyword_national", "wide"]
    assert set(shown[0]) == {"definition", "newest_complete_month", "last_month", "last_month_state"}


def test_the_archive_is_measured_and_its_setting_is_shown(tmp_path: Path, complete: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "big.warc.gz").write_bytes(b"0" * 2_500_000)
    status = status_of(tmp_path)
    assert (status.archive_files, status.archive_bytes, status.keep_lists_days) == (1, 2_500_000, 0)
    assert "archive: 1 files, 2.5 MB; pages of lists are kept: forever" in status_text(status)
    (tmp_path / "tenders.toml").write_text("[archive]\nkeep_lists_days = 30\n")
    assert status_of(tmp_path).keep_lists_days == 30
    assert "kept: 30 days" in status_text(status_of(tmp_path))
    (tmp_path / "tenders.toml").write_text("[archive]\nkeep = 30\n")
    status = status_of(tmp_path)
    assert "kept: unknown" in status_text(status)
    assert [concern.code for concern in status.concerns] == ["configuration"]
    assert "archive.keep" in status.concerns[0].text


def test_the_next_runs_are_those_of_a_scheduler_that_is_alive(tmp_path: Path) -> None:
    note = DataFolder(tmp_path).private / "schedule.json"
    note.parent.mkdir()
    run = datetime.fromisoformat("2026-11-12T12:15:00+08:00")
    write_note(tmp_path, run - timedelta(hours=1), timedelta(minutes=1), {"ccgp": run})
    assert status_of(tmp_path).next_runs == []
    with FileLock(note.with_suffix(".lock")):
        status = status_of(tmp_path)
    assert [(name, at.isoformat()) for name, at in status.next_runs] == [("ccgp", "2026-11-12T12:15:00+08:00")]
    assert "next runs: ccgp 2026-11-12 12:15\n" in status_text(status)


@pytest.mark.long
def test_quarantine_is_counted_by_reason_and_a_load_in_progress_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = empty_data_folder(tmp_path / "d")
    capture(tmp_path / "a.jsonl", [award(1), b"broken", b"[]", b"broken too"])
    ingest_files([tmp_path / "a.jsonl"], data)
    status = status_of(data)
    assert status.quarantine is not None
    assert (status.quarantine.count, len(status.quarantine.shown)) == (3, 3)
    assert [count for reason, count in status.quarantine.reasons.items() if "not JSON" in reason] == [2]
    assert "2 × not JSON" in status_text(status)
    [concern] = status.concerns
    assert (concern.code, concern.text.split()[0]) == ("quarantine", "3")
    monkeypatch.setattr(store_checks, "_LOCK_SECONDS", 0)
    with DataFolder(data).lock():
        status = status_of(data)
    assert (status.quarantine, status.other_words, status.concerns) == (None, None, [])
    assert "quarantine: not known" in status_text(status)


def test_nothing_crawled_yet_is_no_problem_and_makes_no_folder(tmp_path: Path) -> None:
    status = status_of(tmp_path / "none")
    assert (status.portals, status.concerns) == ([], [])
    assert "no crawl has run yet: tenders crawl PORTAL" in status_text(status)
    assert not (tmp_path / "none").exists()


@pytest.mark.long
def test_the_newest_gaps_are_shown_and_older_ones_counted(tmp_path: Path) -> None:
    lost = {(f"10-{n:02d}", "0201"): {"state": "incomplete", "listed": 9} for n in range(1, 20, 2)}
    crawled(tmp_path, windows("10-01", "11-11", but=lost), state="incomplete", failure="partial")
    assert "missing: 4 older, 2026-10-09 (0201), 2026-10-11 (0201)" in status_text(status_of(tmp_path))
    assert concerns(tmp_path)["last_crawl"].remedy.endswith(command("10-01", "10-19")), "one command for many gaps"
    crawled(tmp_path, windows("11-11", "11-12"), at=LAST + timedelta(hours=1))
    assert concerns(tmp_path)["missing_days"].remedy == command("10-13", "10-19")
    commands = [command(f"10-{n}", f"10-{n}") for n in (15, 17, 19)]
    assert concerns(tmp_path, NOW + timedelta(days=2))["missing_days"].remedy == "; ".join(commands)


def test_a_large_folder_is_shown_in_a_moment(tmp_path: Path) -> None:
    crawled(tmp_path, windows("11-01", "11-12"))
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
    started = time.process_time()  # not the clock on the wall, which other processes delay
    assert len(status_of(tmp_path).portals) == 21
    assert time.process_time() - started < 5


_DOCS = (ROOT / "docs" / "completeness.md").read_text("utf-8")
_COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", _DOCS, re.DOTALL) for line in block.splitlines()]


@pytest.fixture(scope="module")
def crawled_today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crawled_today")
    now = datetime.now(UTC).replace(microsecond=0)
    today = now.astimezone(SHANGHAI).date()
    days = [Window("0201", today - timedelta(days=n), 5, 5, 5, 0, 0, "complete") for n in range(10)]
    record_crawl(folder, now, days, since=days[-1].day, until=today)
    return folder


@pytest.mark.long
def test_a_crawl_in_the_published_tables_is_what_its_load_would_publish(tmp_path: Path) -> None:
    """The other tests put their crawls there, because a load takes five times as long."""
    none = {"listed": 0, "stored": 0}
    days = windows("11-02", "11-12", listed=40, stored=40, but={("11-10", "0201"): none, ("11-11", "0201"): none})
    for number in range(2):
        at = LAST + timedelta(hours=number)
        crawl = crawl_outcome(at, days, since=day("11-02"), until=day("11-12"), reason="some reason")
        load_crawl(tmp_path / "loaded", crawl)
        publish_crawl(tmp_path / "published", crawl)
    expected = rows(DataFolder(tmp_path / "loaded").own)
    assert [len(expected[name]) for name in ("crawls", "crawl_windows", "crawl_alarms")] == [2, 44, 1]
    assert rows(DataFolder(tmp_path / "published").own) == expected


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_command_of_the_page_on_completeness_runs(command: str, crawled_today: Path) -> None:
    done = tenders(*shlex.split(command)[1:], "--data", crawled_today)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_page_on_completeness_explains_every_kind_of_failure_and_of_alarm() -> None:
    for failure in get_args(Failure):
        assert f"| `{failure}` | " in _DOCS
    for alarm in ("field", "page", "few", "total"):
        assert f"| `{alarm}` | " in _DOCS
