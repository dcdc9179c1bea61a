"""Scheduled crawls over loopback portals: downtime, signals, blocks, breakdowns, portals side by side."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apscheduler.schedulers.base import BaseScheduler

from pipelines.common.clock import SHANGHAI
from tenders import portals
from tenders.archive.writer import archive_files
from tenders.config import project
from tenders.config.project import Config
from tenders.crawling.outcome import CrawlOutcome
from tenders.crawling.request import CrawlRequest
from tenders.database import query_rows
from tenders.jobs import crawl_runner
from tenders.jobs.crawl import crawl_portals, record_crawls
from tenders.jobs.load import load_spool
from tenders.scheduling import backfill, scheduler
from tenders.scheduling.scheduler import Schedule, next_runs
from tests.helpers.json_server import DatedServer
from tests.helpers.json_server import serving as serving_dated
from tests.helpers.list_server import BLOCK_PAGE, LOCAL_AWARDS, ListServer, serving
from tests.helpers.storing import COMMAND, award, tenders
from tests.tenders.notify.test_notifier import hooked

NEVER = "0 0 29 2 *"  # but in leap years
TODAY = datetime.now(SHANGHAI).date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def server() -> Iterator[ListServer]:
    with serving(ListServer()) as running:
        yield running


def configured(data: Path, origin: str, more: str = "", cron: str = NEVER) -> Config:
    """Only ccgp, at this origin; ``more`` follows in its section."""
    data.mkdir(parents=True, exist_ok=True)
    text = (
        f"[schedule]\nenabled = false\n[portals.ccgp]\nenabled = true\norigin = '{origin}'\ncron = '{cron}'\n{more}\n"
    )
    (data / "tenders.toml").write_text(text, "utf-8")
    return project.load(None, data)


def schedule(found: Config, data: Path, now: datetime | None = None) -> Schedule:
    return Schedule(found, data, clock=lambda: now or datetime.now(UTC), settings={"LOG_LEVEL": "WARNING"})


def crawls(data: Path) -> list[dict[str, Any]]:
    return query_rows(
        data, "SELECT portal, since, until, state, listed, stored, failure, reason FROM crawls ORDER BY started_at"
    )


def stored(data: Path) -> int:
    return int(query_rows(data, "SELECT count(*) AS n FROM notices")[0]["n"])


@contextmanager
def running(data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, "--data", str(data), "schedule", *arguments], stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(what: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


def downtime(server: ListServer, data: Path) -> None:
    """The last crawl ended shortly after the midnight of three days ago; 40 notices came on each day since then."""
    for days in (6, 5, 4):
        server.fill(LOCAL_AWARDS, 10, day=ago(days).isoformat(), start=1000 * (10 - days))
    request = CrawlRequest(portal="ccgp", since=ago(14), until=ago(4), origin=server.origin)
    [outcome] = crawl_runner.run([request], data)
    assert (outcome.state, outcome.stored) == ("complete", 30)
    ended = datetime.fromisoformat(f"{ago(3)}T00:05").replace(tzinfo=SHANGHAI)
    record_crawls([replace(outcome, started_at=ended - timedelta(minutes=1), finished_at=ended)], data)
    load_spool(data)
    for days in (3, 2, 1, 0):
        server.fill(LOCAL_AWARDS, 40, day=ago(days).isoformat(), start=100_000 - 1000 * days)
    server.requests.clear()


def hours_later(hours: float) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


def test_a_start_after_three_days_of_downtime_asks_once_for_what_is_missing(server: ListServer, tmp_path: Path) -> None:
    downtime(server, tmp_path)
    made = schedule(configured(tmp_path, server.origin), tmp_path)
    [plan] = made.plans
    assert backfill.missed(backfill.history(tmp_path, plan, TODAY), plan, hours_later(0))
    # The clock strikes while the catch-up runs, and again when it has just ended.
    runs = [threading.Thread(target=made.run_portal, args=[plan]) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    made.run_portal(plan)
    assert [(c["since"], c["until"], c["state"], c["stored"]) for c in crawls(tmp_path)[1:]] == [
        (ago(3), TODAY, "complete", 160)
    ]
    assert len(server.details()) == 160
    assert set(Counter(server.details()).values()) == {1}
    # Now nothing is missing, so the next start waits for its time.
    after = backfill.history(tmp_path, plan, TODAY)
    assert after.missing is None
    assert not backfill.missed(after, plan, hours_later(0))


def test_the_scheduler_itself_catches_up_at_once_and_then_waits_for_its_time(
    server: ListServer, tmp_path: Path
) -> None:
    downtime(server, tmp_path)
    configured(tmp_path, server.origin)
    with running(tmp_path) as process:
        until(lambda: len(crawls(tmp_path)) == 2 and next_runs(tmp_path))
        [(portal, at)] = next_runs(tmp_path)
        assert (portal, at.strftime("%m-%d %H:%M")) == ("ccgp", "02-29 00:00")
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 0, said
    assert len(crawls(tmp_path)) == 2
    assert len(server.details()) == 160
    assert f"ccgp: crawling {ago(3)} to {TODAY}" in said
    assert said.splitlines()[-1].endswith(" stopped")
    server.requests.clear()
    with running(tmp_path) as process:
        until(lambda: next_runs(tmp_path))
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert (process.returncode, server.requests) == (0, [])
    assert next_runs(tmp_path) == []


def test_a_signal_ends_the_crawl_after_the_page_under_way_and_what_was_read_is_loaded(
    server: ListServer, tmp_path: Path
) -> None:
    server.fill(LOCAL_AWARDS, 120, day=TODAY.isoformat())
    configured(tmp_path, server.origin)
    server.before = lambda path: time.sleep(0.1)
    with running(tmp_path) as process:
        until(lambda: len(server.details()) >= 15)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[1]
        took = time.monotonic() - asked
    assert process.returncode == 0, said
    assert took < 15
    assert len(server.details()) < 60
    assert stored(tmp_path) == len(server.details())
    read = stored(tmp_path)
    assert [(c["state"], c["failure"], c["stored"]) for c in crawls(tmp_path)] == [("incomplete", "interrupted", read)]
    server.before = lambda path: None
    # Restarted at once, it goes on where it was.
    assert schedule(project.load(None, tmp_path), tmp_path).run_once()
    assert stored(tmp_path) == 120
    assert set(Counter(server.details()).values()) == {1}


def test_a_stop_does_not_wait_for_a_portal_in_trouble(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 5, day=TODAY.isoformat())
    server.answers[LOCAL_AWARDS] = [503]
    found = configured(tmp_path, server.origin)
    made = Schedule(found, tmp_path, settings={"RETRY_BACKOFF_SECONDS": 60.0, "LOG_LEVEL": "WARNING"})
    run = threading.Thread(target=made.run_portal, args=made.plans)
    run.start()
    until(lambda: server.requests)
    asked = time.monotonic()
    made.stop()
    run.join()
    assert time.monotonic() - asked < 10
    assert server.requests == [LOCAL_AWARDS]
    assert [c["state"] for c in crawls(tmp_path)] == ["incomplete"]


def test_a_second_scheduler_on_the_folder_is_refused_with_the_first_ones_process(
    server: ListServer, tmp_path: Path
) -> None:
    server.fill(LOCAL_AWARDS, 1, day=TODAY.isoformat())
    configured(tmp_path, server.origin)
    with running(tmp_path) as first:
        until(lambda: next_runs(tmp_path))
        for arguments in ([], ["--once"]):
            second = tenders("--data", tmp_path, "schedule", *arguments)
            assert (second.returncode, second.stderr.count("\n")) == (2, 1)
            assert f"process {first.pid} runs the schedule on {tmp_path} already" in second.stderr
        first.kill()
        first.wait()
    # One that was killed stands in nobody's way, and what it left is not taken for a plan.
    assert json.loads((tmp_path / "private" / "schedule.json").read_text("utf-8"))["next"]
    assert next_runs(tmp_path) == []
    assert tenders("--data", tmp_path, "schedule", "--once").returncode == 0


def test_after_a_block_a_portal_is_left_alone_until_its_time(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 5, day=TODAY.isoformat())
    server.answers[LOCAL_AWARDS] = [BLOCK_PAGE]
    found = configured(tmp_path, server.origin, cron="0 * * * *")
    assert not schedule(found, tmp_path).run_once()
    [crawled] = crawls(tmp_path)
    assert (crawled["state"], server.requests) == ("blocked", [LOCAL_AWARDS])
    server.answers.clear()
    for hours in (0, 1, 5.9):
        assert not schedule(found, tmp_path, hours_later(hours)).run_once()
    assert server.requests == [LOCAL_AWARDS]
    done = tenders("--data", tmp_path, "schedule", "--once")
    assert (done.returncode, server.requests) == (1, [LOCAL_AWARDS])
    assert "ccgp: blocked the last crawl, left alone until " in done.stderr
    assert schedule(found, tmp_path, hours_later(7.1)).run_once()
    assert [c["state"] for c in crawls(tmp_path)] == ["blocked", "complete"]


def test_a_run_that_breaks_down_is_a_row_of_crawls_and_ends_nothing_else(
    server: ListServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server.fill(LOCAL_AWARDS, 5, day=TODAY.isoformat())
    found = project._config(None, {"portals": {"ccgp": {"origin": server.origin}}})
    wanted = replace(found, portals=tuple(plan for plan in found.portals if plan.name in ("ccgp", "gdgpo")))
    real = crawl_portals

    def broken(names: list[str], **arguments: Any) -> list[CrawlOutcome]:
        if names == ["gdgpo"]:
            raise RuntimeError("a bug")
        return real(names, **arguments)

    monkeypatch.setattr(scheduler, "crawl_portals", broken)
    assert not schedule(wanted, tmp_path).run_once()
    assert sorted(
        (c["portal"], c["state"], c["failure"], c["reason"]) for c in crawls(tmp_path) if c["portal"] == "gdgpo"
    ) == [("gdgpo", "failed", "storage", "RuntimeError: a bug")]
    assert [c["state"] for c in crawls(tmp_path) if c["portal"] == "ccgp"] == ["complete"]
    assert "gdgpo: the run broke down" in caplog.text


def test_two_portals_are_crawled_side_by_side_in_one_process_again_and_again(
    server: ListServer, tmp_path: Path
) -> None:
    server.fill(LOCAL_AWARDS, 30, day=TODAY.isoformat())
    with serving_dated(DatedServer()) as other:
        other.fill(TODAY.isoformat(), 30)
        searched = {"origin": other.origin, "keywords": ["大模型"]}  # its search can be asked for days
        found = project._config(None, {"portals": {"ccgp": {"origin": server.origin}, "gdgpo": searched}})
        wanted = replace(found, portals=tuple(plan for plan in found.portals if plan.origin))
        server.before = lambda path: time.sleep(0.02)
        other.before = lambda path, query: time.sleep(0.02)  # type: ignore[func-returns-value]
        assert schedule(wanted, tmp_path).run_once()
        assert stored(tmp_path) == 60
        spans = query_rows(tmp_path, "SELECT started_at, finished_at FROM crawls")
        assert max(span["started_at"] for span in spans) < min(span["finished_at"] for span in spans)
        server.fill(LOCAL_AWARDS, 5, day=TODAY.isoformat(), start=5000)
        other.fill(TODAY.isoformat(), 5, start=5000)
        assert schedule(wanted, tmp_path, hours_later(1)).run_once()
    assert stored(tmp_path) == 70
    assert [c["state"] for c in crawls(tmp_path)] == ["complete"] * 4


def overlaps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, origins: dict[str, str]) -> bool:
    """Whether the runs of these portals overlap in time."""
    inside: list[str] = []
    most = 0

    def slow(names: list[str], **arguments: Any) -> list[CrawlOutcome]:
        nonlocal most
        inside.append(names[0])
        most = max(most, len(inside))
        time.sleep(0.3)
        inside.remove(names[0])
        now = datetime.now(UTC)
        return [CrawlOutcome(names[0], None, None, now, now, "complete", 0, 0)]

    monkeypatch.setattr(scheduler, "crawl_portals", slow)
    found = project._config(None, {"portals": {name: {"origin": origin} for name, origin in origins.items()}})
    wanted = replace(found, portals=tuple(plan for plan in found.portals if plan.origin))
    assert schedule(wanted, tmp_path).run_once()
    return most > 1


def test_portals_on_one_host_take_turns_and_others_do_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = "http://127.0.0.1:8801", "http://127.0.0.1:8802"
    assert not overlaps(monkeypatch, tmp_path, {"ccgp": one, "gdgpo": one})
    assert overlaps(monkeypatch, tmp_path, {"ccgp": one, "gdgpo": other})


def test_each_portal_has_one_job_that_neither_piles_up_nor_is_dropped_when_it_is_late(tmp_path: Path) -> None:
    planned = schedule(project._config(None, {"archive": {"keep_lists_days": 30}}), tmp_path)._scheduler()
    BaseScheduler.start(planned, paused=True)
    found = {job.id: job for job in planned.get_jobs()}
    BaseScheduler.shutdown(planned)
    assert set(found) == {*(portal.name for portal in portals.all() if portal.crawl), "archive"}
    for job in found.values():
        assert (job.coalesce, job.max_instances, job.misfire_grace_time >= 3600) == (True, 1, True)
        assert str(job.trigger.timezone) in ("Asia/Shanghai", "UTC+08:00")
    # What was never crawled is crawled at once.
    assert abs(found["ccgp"].next_run_time - datetime.now(UTC)) < timedelta(minutes=1)


def test_awards_that_a_run_brings_are_told_after_it(server: ListServer, tmp_path: Path) -> None:
    with hooked() as hook:
        found = configured(tmp_path, server.origin, f"[announce]\nurls = ['{hook.url}']\natom = 'feed.xml'")
        [row] = server.fill(LOCAL_AWARDS, 1, day=TODAY.isoformat())
        row.title = "某市大模型教学平台采购项目中标公告"
        server.answers[LOCAL_AWARDS + row.path] = [award(7, title=row.title)["body"]]
        assert schedule(found, tmp_path).run_once()
        assert [message["title"] for message in hook.got] == ["大模型项目中标（成交）：新增 1 项"]
        assert f"http://www.ccgp.gov.cn{LOCAL_AWARDS}{row.path}" in hook.text
        assert "大模型教学平台" in (tmp_path / "feed.xml").read_text("utf-8")
        hook.status = 500
        [later] = server.fill(LOCAL_AWARDS, 1, day=TODAY.isoformat(), start=2000)
        server.answers[LOCAL_AWARDS + later.path] = [award(8, title="某市大模型平台二采购项目")["body"]]
        # Not all was told: a person should see that.
        assert not schedule(found, tmp_path, hours_later(1)).run_once()
        assert len(hook.got) == 1


def test_old_answers_of_lists_go_when_the_configuration_says_so(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 3, day=TODAY.isoformat())
    kept = configured(tmp_path, server.origin)
    assert schedule(kept, tmp_path).run_once()
    before = sum(path.stat().st_size for path in archive_files(tmp_path))
    made = schedule(kept, tmp_path, hours_later(24 * 40))
    made.prune()
    assert sum(path.stat().st_size for path in archive_files(tmp_path)) == before
    schedule(replace(kept, keep_lists_days=30), tmp_path, hours_later(24 * 40)).prune()
    assert sum(path.stat().st_size for path in archive_files(tmp_path)) < before


def test_a_configuration_that_leaves_nothing_to_crawl_is_told(tmp_path: Path) -> None:
    (tmp_path / "tenders.toml").write_text("[schedule]\nenabled = false\n", "utf-8")
    done = tenders("--data", tmp_path, "schedule")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "tenders.toml: portals leaves no portal enabled" in done.stderr
