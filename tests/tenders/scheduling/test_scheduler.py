"""Scheduled crawls of loopback portals: downtime, signals, blocks, breakdowns, several portals at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.base import BaseScheduler

from pipelines import workers
from pipelines.common.clock import SHANGHAI
from tenders import portals
from tenders.archive.writer import archive_files
from tenders.config import project
from tenders.config.project import Config
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.database import query_rows
from tenders.jobs import crawl_runner
from tenders.jobs.crawl import record_crawls
from tenders.jobs.load import load_spool
from tenders.monitoring.scheduler_note import BEAT, next_runs, scheduler_lock, write_note
from tenders.scheduling import backfill, scheduler
from tenders.scheduling.scheduler import AlreadyRunningError, Schedule
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.hostile_pages import hang_on_the_marked_page, never_finish_the_marked_page
from tests.helpers.json_server import DatedServer
from tests.helpers.json_server import serving as serving_dated
from tests.helpers.list_server import BLOCK_PAGE, LOCAL_AWARDS, ListServer, serving
from tests.helpers.storing import COMMAND, award, tenders
from tests.helpers.webhook import hooked

pytestmark = pytest.mark.slow

NEVER = "0 0 29 2 *"  # but in leap years
TODAY = datetime.now(SHANGHAI).date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def hours_later(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


@pytest.fixture
def server() -> Iterator[ListServer]:
    with serving(ListServer()) as running:
        yield running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return empty_data_folder(tmp_path)


def configured(data: Path, origin: str, more: str = "", cron: str = NEVER) -> Config:
    """Configure only ccgp, at this origin; ``more`` follows in its section."""
    section = f"[portals.ccgp]\nenabled = true\norigin = '{origin}'\ncron = '{cron}'\n{more}\n"
    (data / "tenders.toml").write_text(f"[schedule]\nenabled = false\n{section}", "utf-8")
    return project.load(None, data)


def configured_origins(origins: dict[str, str], **sections: Any) -> Config:
    """Configure these portals at their origins, without a file."""
    config = project.from_data({"portals": {name: {"origin": origin} for name, origin in origins.items()}, **sections})
    return replace(config, portals=tuple(plan for plan in config.portals if plan.origin))


def schedule(config: Config, data: Path, now: datetime | None = None, **settings: Any) -> Schedule:
    return Schedule(config, data, clock=lambda: now or datetime.now(UTC), settings={"LOG_LEVEL": "WARNING", **settings})


def crawls(data: Path) -> list[dict[str, Any]]:
    return query_rows(
        data, "SELECT portal, since, until, state, listed, stored, failure, reason FROM crawls ORDER BY started_at"
    )


def stored(data: Path) -> int:
    return int(query_rows(data, "SELECT count(*) AS n FROM notices")[0]["n"])


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def run_until(made: Schedule, condition: Callable[[], Any], number: signal.Signals) -> None:
    """Run the scheduler in this process until the condition holds, then send the signal that ends it."""

    def send_signal() -> None:
        try:
            wait_until(condition)
        finally:
            signal.pthread_kill(threading.main_thread().ident or 0, number)

    with ThreadPoolExecutor(1) as pool:
        sender = pool.submit(send_signal)
        made.run()
        sender.result()


def planned_jobs(made: Schedule) -> dict[str, Any]:
    """Return the jobs of a scheduler that has not begun to work, by id, without its sign of life."""
    job_scheduler = made.job_scheduler()
    BaseScheduler.start(job_scheduler, paused=True)
    planned = {job.id: job for job in job_scheduler.get_jobs() if job.id != "note"}
    BaseScheduler.shutdown(job_scheduler)
    return planned


def stay_down(server: ListServer, data: Path) -> None:
    """The last crawl ended shortly after midnight, three days ago. 12 notices came on each day since then."""
    for days in (6, 5, 4):
        server.fill(LOCAL_AWARDS, 4, day=ago(days).isoformat(), start=1000 * (10 - days))
    request = CrawlRequest(portal="ccgp", since=ago(14), until=ago(4), origin=server.origin)
    [outcome] = crawl_runner.run([request], data)
    assert (outcome.state, outcome.stored) == ("complete", 12)
    ended = datetime.fromisoformat(f"{ago(3)}T00:05").replace(tzinfo=SHANGHAI)
    record_crawls([replace(outcome, started_at=ended - timedelta(minutes=1), finished_at=ended)], data)
    load_spool(data)
    for days in (3, 2, 1, 0):
        server.fill(LOCAL_AWARDS, 12, day=ago(days).isoformat(), start=100_000 - 1000 * days)
    server.requests.clear()


@pytest.mark.long
def test_a_start_after_three_days_of_downtime_asks_once_for_what_is_missing(server: ListServer, data: Path) -> None:
    stay_down(server, data)
    made = schedule(configured(data, server.origin), data)
    [plan] = made.plans
    assert backfill.is_overdue(backfill.crawl_history(data, plan, TODAY), plan, hours_later(0))
    # The planned time comes while the catch-up runs, and again when it has just ended.
    runs = [threading.Thread(target=made.run_portal, args=[plan]) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    made.run_portal(plan)
    assert [(c["since"], c["until"], c["state"], c["stored"]) for c in crawls(data)[1:]] == [
        (ago(3), TODAY, "complete", 48)
    ]
    assert len(server.details()) == 48
    assert set(Counter(server.details()).values()) == {1}
    # Now nothing is missing, so the next start waits for its time.
    after = backfill.crawl_history(data, plan, TODAY)
    assert after.first_missing is None
    assert not backfill.is_overdue(after, plan, hours_later(0))


@pytest.mark.long
def test_the_scheduler_itself_catches_up_at_once_and_then_waits_for_its_time(
    server: ListServer, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stay_down(server, data)
    config = configured(data, server.origin)
    noted: list[tuple[str, datetime]] = []

    def caught_up() -> bool:
        noted[:] = next_runs(data)
        return bool(noted) and len(server.details()) == 48 and len(crawls(data)) == 2

    run_until(schedule(config, data), caught_up, signal.SIGTERM)
    [(portal, at)] = noted
    assert (portal, at.strftime("%m-%d %H:%M")) == ("ccgp", "02-29 00:00")
    assert len(crawls(data)) == 2
    assert len(server.details()) == 48
    assert f"ccgp: crawling {ago(3)} to {TODAY}" in caplog.text
    assert caplog.messages[-1].endswith(" stopped")
    server.requests.clear()
    [job] = planned_jobs(schedule(config, data)).values()
    assert job.next_run_time == at, "nothing is overdue at the next start"
    run_until(schedule(config, data), lambda: next_runs(data), signal.SIGINT)
    assert server.requests == []
    assert next_runs(data) == []


@pytest.mark.long
def test_sigterm_ends_the_process_after_the_page_in_progress_and_what_was_read_is_loaded(
    server: ListServer, data: Path
) -> None:
    server.fill(LOCAL_AWARDS, 60, day=TODAY.isoformat())
    config = configured(data, server.origin)
    server.before = lambda path: time.sleep(0.1)
    command = [*COMMAND, "--data", str(data), "schedule"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until(lambda: len(server.details()) >= 8)
            for second in (schedule(config, data).run, schedule(config, data).run_once):
                with pytest.raises(AlreadyRunningError, match=rf"process {process.pid} runs the schedule on {data}"):
                    second()
            asked = time.monotonic()
            process.send_signal(signal.SIGTERM)
            log = process.communicate(timeout=60)[1]
            took = time.monotonic() - asked
        finally:
            process.kill()
    assert process.returncode == 0, log
    assert log.splitlines()[-1].endswith(" stopped")
    assert took < 15  # under load; within 5 s on a machine that has a core for it
    assert len(server.details()) < 60
    assert stored(data) == len(server.details())
    read = stored(data)
    assert [(c["state"], c["failure"], c["stored"]) for c in crawls(data)] == [("incomplete", "interrupted", read)]
    server.before = lambda path: None
    # Started again at once, it continues.
    assert schedule(config, data).run_once()
    assert stored(data) == 60
    assert set(Counter(server.details()).values()) == {1}


@pytest.mark.long
@pytest.mark.page_process
def test_a_signal_ends_the_scheduler_while_a_page_is_read_and_the_page_is_read_at_the_next_start(
    server: ListServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = server.fill(LOCAL_AWARDS, 3, day=TODAY.isoformat())
    rows[1].title, hanging = "某市HANG平台采购项目中标公告", LOCAL_AWARDS + rows[1].path
    config = configured(data, server.origin)
    asked: list[float] = []

    def is_being_read() -> bool:
        if server.count(hanging):
            asked.append(time.monotonic())
        return bool(asked)

    with monkeypatch.context() as patch:
        patch.setattr(workers, "_process_one", hang_on_the_marked_page)
        run_until(schedule(config, data), is_being_read, signal.SIGTERM)
    assert time.monotonic() - asked[0] < 15  # under load, else within 5 s; the page itself would take minutes
    assert [(c["state"], c["failure"], c["stored"]) for c in crawls(data)] == [("incomplete", "interrupted", 1)]
    assert schedule(config, data).run_once()
    assert (stored(data), server.count(hanging)) == (3, 2)


@pytest.mark.long
@pytest.mark.page_process
def test_a_page_that_takes_too_long_keeps_its_title_and_the_crawl_goes_on(
    server: ListServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = server.fill(LOCAL_AWARDS, 3, day=TODAY.isoformat())
    rows[1].title = "某市HANG平台采购项目中标公告"
    monkeypatch.setattr(workers, "_process_one", never_finish_the_marked_page)
    assert not schedule(configured(data, server.origin), data).run_once()
    [crawled] = crawls(data)
    assert (crawled["state"], crawled["stored"], stored(data)) == ("incomplete", 3, 3)
    assert crawled["reason"].endswith("took longer than 1 s; only its title was read")


def test_a_stop_does_not_wait_for_a_portal_in_trouble(server: ListServer, data: Path) -> None:
    server.fill(LOCAL_AWARDS, 5, day=TODAY.isoformat())
    server.answers[LOCAL_AWARDS] = [503]
    made = schedule(configured(data, server.origin), data, RETRY_BACKOFF_SECONDS=60.0)
    run = threading.Thread(target=made.run_portal, args=made.plans)
    run.start()
    wait_until(lambda: server.requests)
    asked = time.monotonic()
    made.stop()
    run.join()
    assert time.monotonic() - asked < 10
    assert server.requests == [LOCAL_AWARDS]
    assert [c["state"] for c in crawls(data)] == ["incomplete"]


@pytest.mark.long
def test_a_second_scheduler_on_the_folder_is_wrong_usage_and_a_killed_one_is_in_nobodys_way(
    server: ListServer, data: Path
) -> None:
    server.fill(LOCAL_AWARDS, 1, day=TODAY.isoformat())
    configured(data, server.origin)
    with scheduler_lock(data, 0):
        write_note(data, hours_later(0), BEAT, {"ccgp": hours_later(1)})
        for arguments in ([], ["--once"]):
            second = tenders("--data", data, "schedule", *arguments)
            assert (second.returncode, second.stderr.count("\n")) == (2, 1)
            assert f"process {os.getpid()} runs the schedule on {data} already" in second.stderr
        assert [name for name, _ in next_runs(data)] == ["ccgp"]
    # A killed scheduler leaves its note without the lock. The note is not taken for a plan.
    assert json.loads((data / "private" / "schedule.json").read_text("utf-8"))["next"]
    assert next_runs(data) == []
    assert tenders("--data", data, "schedule", "--once").returncode == 0


@pytest.mark.long
def test_after_a_block_a_portal_is_left_alone_until_its_time(server: ListServer, data: Path) -> None:
    server.fill(LOCAL_AWARDS, 5, day=TODAY.isoformat())
    server.answers[LOCAL_AWARDS] = [BLOCK_PAGE]
    config = configured(data, server.origin, cron="0 * * * *")
    assert not schedule(config, data).run_once()
    [crawled] = crawls(data)
    assert (crawled["state"], server.requests) == ("blocked", [LOCAL_AWARDS])
    server.answers.clear()
    for hours in (0, 1, 5.9):
        assert not schedule(config, data, hours_later(hours)).run_once()
    assert server.requests == [LOCAL_AWARDS]
    done = tenders("--data", data, "schedule", "--once")
    assert (done.returncode, server.requests) == (1, [LOCAL_AWARDS])
    assert "ccgp: blocked the last crawl, left alone until " in done.stderr
    assert schedule(config, data, hours_later(7.1)).run_once()
    assert [c["state"] for c in crawls(data)] == ["blocked", "complete"]


@pytest.mark.long
def test_a_run_that_breaks_down_is_a_row_of_crawls_and_ends_nothing_else(
    server: ListServer, data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server.fill(LOCAL_AWARDS, 5, day=TODAY.isoformat())
    real = scheduler.crawl_portals

    def broken(requests: list[CrawlRequest], **arguments: Any) -> list[CrawlOutcome]:
        if requests[0].portal == "gdgpo":
            raise RuntimeError("a bug")
        return real(requests, **arguments)

    monkeypatch.setattr(scheduler, "crawl_portals", broken)
    config = configured_origins({"ccgp": server.origin, "gdgpo": "http://127.0.0.1:9"})
    assert not schedule(config, data).run_once()
    by_portal = {c["portal"]: (c["state"], c["failure"], c["reason"]) for c in crawls(data)}
    assert len(crawls(data)) == 2
    assert by_portal["gdgpo"] == ("failed", "storage", "RuntimeError: a bug")
    assert by_portal["ccgp"][0] == "complete"
    assert "gdgpo: the run broke down" in caplog.text


@pytest.mark.long
def test_two_portals_are_crawled_side_by_side_in_one_process_repeatedly(server: ListServer, data: Path) -> None:
    server.fill(LOCAL_AWARDS, 10, day=TODAY.isoformat())
    with serving_dated(DatedServer()) as other:
        other.fill(TODAY.isoformat(), 10)
        # The search of gdgpo can be asked for days.
        searched = {"origin": other.origin, "keywords": ["大模型"]}
        config = project.from_data({"portals": {"ccgp": {"origin": server.origin}, "gdgpo": searched}})
        config = replace(config, portals=tuple(plan for plan in config.portals if plan.origin))
        # Each portal's first list waits until the other portal is asked too, so the crawls overlap for certain.
        both = threading.Barrier(2, timeout=60)
        waiting = {"ccgp", "gdgpo"}

        def meet(portal: str) -> None:
            if portal in waiting:
                waiting.discard(portal)
                both.wait()

        server.before = lambda path: meet("ccgp")
        other.before = lambda path, query: meet("gdgpo")  # type: ignore[func-returns-value]
        assert schedule(config, data).run_once()
        assert stored(data) == 20
        spans = query_rows(data, "SELECT started_at, finished_at FROM crawls")
        assert max(span["started_at"] for span in spans) < min(span["finished_at"] for span in spans)
        server.fill(LOCAL_AWARDS, 5, day=TODAY.isoformat(), start=5000)
        other.fill(TODAY.isoformat(), 5, start=5000)
        assert schedule(config, data, hours_later(1)).run_once()
    assert stored(data) == 30
    assert [c["state"] for c in crawls(data)] == ["complete"] * 4


@pytest.mark.parametrize("same_host", [True, False])
def test_portals_on_one_host_take_turns_and_others_do_not_wait(
    data: Path, monkeypatch: pytest.MonkeyPatch, same_host: bool
) -> None:
    inside: list[str] = []
    most_at_once = 0
    both_inside = threading.Event()

    def slow(requests: list[CrawlRequest], **arguments: Any) -> list[CrawlOutcome]:
        nonlocal most_at_once
        name = requests[0].portal
        inside.append(name)
        most_at_once = max(most_at_once, len(inside))
        if len(inside) == 2:
            both_inside.set()
        both_inside.wait(0.3 if same_host else 60)
        inside.remove(name)
        now = datetime.now(UTC)
        return [CrawlOutcome(name, None, None, now, now, "complete", 0, 0)]

    monkeypatch.setattr(scheduler, "crawl_portals", slow)
    one, other = "http://127.0.0.1:8801", "http://127.0.0.1:8802"
    config = configured_origins({"ccgp": one, "gdgpo": one if same_host else other})
    assert schedule(config, data).run_once()
    assert most_at_once == (1 if same_host else 2)


@pytest.mark.long
def test_when_all_portals_are_due_only_some_are_crawled_at_a_time(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: set[str] = set()
    seen: list[int] = []
    full = threading.Event()

    def slow(requests: list[CrawlRequest], **arguments: Any) -> list[CrawlOutcome]:
        name = requests[0].portal
        inside.add(name)
        seen.append(len(inside))
        if len(inside) == 2:
            full.set()
        assert full.wait(60)
        inside.discard(name)
        now = datetime.now(UTC)
        return [CrawlOutcome(name, None, None, now, now, "complete", 0, 0)]

    monkeypatch.setattr(scheduler, "crawl_portals", slow)
    monkeypatch.setattr(scheduler, "_MOST_CRAWLS_AT_ONCE", 2)
    names = ("ccgp", "gdgpo", "ggzy", "cmcc", "csg")
    origins = {name: f"http://127.0.0.1:{8801 + number}" for number, name in enumerate(names)}
    assert schedule(configured_origins(origins), data).run_once()
    assert (len(seen), max(seen)) == (5, 2)


@pytest.mark.long
def test_each_portal_has_one_job_that_neither_piles_up_nor_is_dropped_when_it_is_late(data: Path) -> None:
    noon = datetime(2026, 11, 23, 4, tzinfo=UTC)
    planned = planned_jobs(schedule(project.from_data({"archive": {"keep_lists_days": 30}}), data, noon))
    assert set(planned) == {*(portal.name for portal in portals.all() if portal.crawl), "archive"}
    for job in planned.values():
        assert (job.coalesce, job.max_instances, job.misfire_grace_time >= 3600) == (True, 1, True)
        first = job.trigger.get_next_fire_time(None, noon)
        second = job.trigger.get_next_fire_time(first, first)
        assert noon <= first < second
        assert first.utcoffset() == timedelta(hours=8)
    assert planned["archive"].trigger.get_next_fire_time(None, noon).isoformat() == "2026-11-24T03:40:00+08:00"
    assert planned["ccgp"].next_run_time == noon, "what was never crawled is crawled at once"


@pytest.mark.long
def test_awards_that_a_run_brings_are_announced_after_it(server: ListServer, data: Path) -> None:
    with hooked() as hook:
        config = configured(data, server.origin, f"[announce]\nurls = ['{hook.url}']\natom = 'feed.xml'")
        [row] = server.fill(LOCAL_AWARDS, 1, day=TODAY.isoformat())
        row.title = "某市大模型教学平台采购项目中标公告"
        server.answers[LOCAL_AWARDS + row.path] = [award(7, title=row.title)["body"]]
        assert schedule(config, data).run_once()
        assert [message["title"] for message in hook.messages] == ["大模型项目中标（成交）：新增 1 项"]
        assert f"http://www.ccgp.gov.cn{LOCAL_AWARDS}{row.path}" in hook.text
        assert "大模型教学平台" in (data / "feed.xml").read_text("utf-8")
        hook.status = 500
        [later] = server.fill(LOCAL_AWARDS, 1, day=TODAY.isoformat(), start=2000)
        server.answers[LOCAL_AWARDS + later.path] = [award(8, title="某市大模型平台二采购项目")["body"]]
        # Not everything was announced: a person should see that.
        assert not schedule(config, data, hours_later(1)).run_once()
        assert len(hook.messages) == 1


@pytest.mark.long
def test_who_is_to_be_warned_gets_one_message_in_chinese_when_a_portal_needs_a_person(
    server: ListServer, data: Path
) -> None:
    server.fill(LOCAL_AWARDS, 1, day=TODAY.isoformat())
    server.answers[LOCAL_AWARDS] = [BLOCK_PAGE]
    with hooked() as hook:
        config = configured(data, server.origin, f"[announce]\nwarn_urls = ['{hook.url}']")
        assert "warning" in planned_jobs(schedule(config, data))
        assert not schedule(config, data).run_once()
        assert schedule(config, data, hours_later(2)).warn()
    [message] = hook.messages
    assert message["title"].startswith("tenders：需要人工处理 ")
    assert "ccgp" in message["message"]
    assert "被拦截" in message["message"]


@pytest.mark.long
def test_old_pages_of_lists_are_removed_if_the_configuration_says_so(server: ListServer, data: Path) -> None:
    server.fill(LOCAL_AWARDS, 3, day=TODAY.isoformat())
    config = configured(data, server.origin)
    assert schedule(config, data).run_once()
    before = sum(path.stat().st_size for path in archive_files(data))
    schedule(config, data, hours_later(24 * 40)).prune_archive()
    assert sum(path.stat().st_size for path in archive_files(data)) == before
    schedule(replace(config, keep_lists_days=30), data, hours_later(24 * 40)).prune_archive()
    assert sum(path.stat().st_size for path in archive_files(data)) < before


def test_a_configuration_that_leaves_nothing_to_crawl_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "tenders.toml").write_text("[schedule]\nenabled = false\n", "utf-8")
    done = tenders("--data", tmp_path, "schedule")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "tenders.toml: portals: no portal is enabled" in done.stderr
