"""``tenders status`` tells each trouble of the machine and of the scheduler in one line, and none when there is none."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.common.clock import SHANGHAI
from tenders.data_folder import DataFolder
from tenders.jobs import load
from tenders.monitoring import machine_checks, status
from tenders.monitoring.metrics import metrics_text, write_metrics
from tenders.monitoring.scheduler_note import BEAT, scheduler_lock, scheduler_state, write_note
from tenders.monitoring.status import Concern, collect_status
from tenders.monitoring.status_text import status_json, status_text
from tenders.texts.translator import chinese
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.storing import tenders

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return empty_data_folder(tmp_path / "data")


def planned(data: Path) -> Path:
    (data / "tenders.toml").write_text("[schedule]\nenabled = false\n[portals.ccgp]\nenabled = true\n", "utf-8")
    return data


def concerns(data: Path, now: datetime = NOW) -> dict[str, Concern]:
    return {concern.code: concern for concern in collect_status(data, now=now).concerns}


class TestScheduler:
    def test_nobody_expects_one_without_a_plan(self, data: Path) -> None:
        assert scheduler_state(data, NOW, planned=False) == ("none", None)
        assert concerns(data) == {}

    def test_a_plan_that_nobody_carries_out_needs_a_person(self, data: Path) -> None:
        found = concerns(planned(data))
        assert list(found) == ["scheduler"]
        assert "never started" in found["scheduler"].text
        assert found["scheduler"].remedy == "tenders schedule"

    def test_one_that_gives_signs_of_life_is_running_and_without_them_dead(self, data: Path) -> None:
        planned(data)
        with scheduler_lock(data, 0):
            write_note(data, NOW, BEAT, {})
            assert concerns(data, NOW + 3 * BEAT) == {}
            assert collect_status(data, now=NOW).scheduler == "running"
            late = NOW + 3 * BEAT + timedelta(seconds=1)
            assert collect_status(data, now=late).scheduler == "dead"
            assert (
                f"no sign of life since {NOW.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
                in concerns(data, late)["scheduler"].text
            )

    def test_one_that_was_killed_is_dead_and_one_that_ended_is_stopped(self, data: Path) -> None:
        write_note(data, NOW, BEAT, {})
        assert scheduler_state(data, NOW, planned=True) == ("dead", NOW)
        write_note(data, NOW, BEAT, {}, ended=True)
        assert scheduler_state(data, NOW, planned=True) == ("stopped", NOW)
        assert scheduler_state(data, NOW, planned=False) == ("none", NOW)

    def test_one_that_ended_as_asked_needs_a_person_only_when_its_next_crawl_is_due(self, data: Path) -> None:
        write_note(planned(data), NOW, BEAT, {"ccgp": NOW + timedelta(hours=1)}, ended=True)
        assert concerns(data, NOW + timedelta(minutes=59)) == {}
        found = concerns(data, NOW + timedelta(minutes=61))
        assert list(found) == ["scheduler"]
        assert "was stopped" in found["scheduler"].text

    def test_runs_from_cron_are_alive_until_three_of_them_are_missing(self, data: Path) -> None:
        write_note(data, NOW, timedelta(hours=4), {}, ended=True)
        assert scheduler_state(data, NOW + timedelta(hours=12), planned=True)[0] == "running"
        assert scheduler_state(data, NOW + timedelta(hours=13), planned=True)[0] == "dead"

    @pytest.mark.parametrize(
        "note",
        [b"", b"[]", b"\x00" * 50, b"{", b"[" * 100_000]
        + [
            b'{"pid": 1, "at": %s, "cycle_seconds": %s, "ended": true, "next": {}}' % values
            for values in [(b"5e300", b"1"), (b'"2026-08-01T00:00:00"', b"1"), (b'"2026-08-01T00:00:00Z"', b"1e300")]
        ],
    )
    def test_a_damaged_note_is_as_none(self, note: bytes, data: Path) -> None:
        (DataFolder(data).private / "schedule.json").write_bytes(note)
        assert scheduler_state(data, NOW, planned=True) == ("stopped", None)


class TestMachine:
    def test_a_failed_load_is_told_until_one_succeeds(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(load, "_load", _no_space)
            with pytest.raises(OSError, match="No space"):
                load.load_spool(data)
        found = concerns(data, datetime.now(UTC))
        assert list(found) == ["load"]
        assert "No space left" in found["load"].text
        assert collect_status(data).last_load is None
        load.load_spool(data)
        assert concerns(data, datetime.now(UTC)) == {}
        assert collect_status(data).last_load is not None

    def test_a_folder_in_the_place_of_a_file_is_told(self, data: Path) -> None:
        (DataFolder(data).private / "schedule.json").mkdir()
        found = concerns(data)
        assert "schedule.json is a folder" in found["load"].text

    def test_segments_that_wait_for_days_and_a_full_disk_are_told(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        segment = DataFolder(data).spool / "1.seg"
        segment.parent.mkdir(exist_ok=True)
        segment.write_bytes(b"{}\n")
        now = datetime.now(UTC)
        assert concerns(data, now) == {}
        os.utime(segment, ((now - timedelta(days=2)).timestamp(),) * 2)
        monkeypatch.setattr(machine_checks, "disk_free_mb", lambda folder: 312)
        found = concerns(data, now)
        assert set(found) == {"segments", "disk"}
        assert "only 312 MB" in found["disk"].text
        assert json.loads(status_json(collect_status(data, now=now)))["pending_segments"] == 1

    def test_a_clock_that_was_set_back_is_told(self, data: Path) -> None:
        write_note(data, NOW + timedelta(days=3), BEAT, {}, ended=True)
        assert f"{NOW + timedelta(days=3, hours=8):%Y-%m-%d %H:%M}" in concerns(data)["clock"].text
        assert concerns(data, NOW + timedelta(days=4)) == {}

    def test_a_folder_that_cannot_be_written_is_told_and_read(
        self, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr(os, "access", lambda path, mode: False)
        monkeypatch.setattr(DataFolder, "lock", refuse)
        monkeypatch.setattr("tenders.monitoring.scheduler_note.scheduler_lock", refuse)
        monkeypatch.setattr("tenders.monitoring.metrics.replace_text", refuse)
        report = collect_status(data, now=NOW)
        write_metrics(DataFolder(data), report)
        assert [concern.code for concern in report.concerns] == ["read_only"]


@pytest.mark.parametrize("name", ["store", "own", "published"])
def test_a_lost_database_is_told(name: str, data: Path) -> None:
    lost: Path = getattr(DataFolder(data), name)
    lost.unlink()
    found = concerns(data)
    assert list(found) == ["load"]
    assert f"{lost} is missing" in found["load"].text
    assert found["load"].remedy == "restore the data folder from a backup"  # there is no archive to read again


class TestNothingThere:
    """Perhaps ``--data`` names the wrong folder: that nothing is there is never called well."""

    @pytest.mark.parametrize("made", [False, True])
    def test_one_line_says_so_and_what_to_run(self, made: bool, tmp_path: Path) -> None:
        folder = tmp_path / "nowhere"
        if made:
            folder.mkdir()
        done = tenders("status", "--data", folder)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert f"there is no database in {folder} yet: run 'tenders ingest FILE'" in done.stderr
        assert folder.exists() is made

    def test_a_plan_that_waits_for_its_scheduler_is_told_as_ever(self, tmp_path: Path) -> None:
        done = tenders("status", "--data", planned(tmp_path))
        assert done.returncode == 1
        assert "the scheduler was never started, but there is a plan" in done.stdout


def test_every_trouble_of_the_machine_is_told_in_chinese_too(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_note(planned(data), NOW + timedelta(days=3), BEAT, {})
    machine_checks.note_load(DataFolder(data), NOW, "OSError")
    DataFolder(data).store.unlink()
    monkeypatch.setattr(machine_checks, "disk_free_mb", lambda folder: 312)
    found = concerns(data)
    assert set(found) == {"scheduler", "load", "disk", "clock"}
    for concern in found.values():
        assert re.search("[\u4e00-\u9fff]", chinese().message(str(concern))), concern


def test_the_same_trouble_of_many_portals_is_one_line() -> None:
    many = [Concern("stale", f"portal{number}", "not crawled for 5 days", "again") for number in range(5)]
    report = collect_status(Path("nowhere"), now=NOW)
    report.concerns.extend([*many, Concern("disk", None, "only 3 MB are free", "free space")])
    lines = status_text(report).partition("needs a person:\n")[2].splitlines()
    assert len(lines) == 2
    assert lines[0].strip().startswith("5 portals: not crawled for 5 days: portal0, portal1")


def test_prometheus_gets_the_same(data: Path) -> None:
    write_note(planned(data), NOW, BEAT, {}, ended=True)
    report = collect_status(data, now=NOW)
    write_metrics(DataFolder(data), report)
    text = DataFolder(data).metrics.read_text("utf-8")
    assert text == metrics_text(report)
    assert 'tenders_scheduler_state{state="stopped"} 1.0' in text
    assert 'tenders_needs_person{code="scheduler"} 1.0' in text
    [line] = [line for line in text.splitlines() if line.startswith("tenders_scheduler_timestamp_seconds ")]
    assert float(line.split()[1]) == NOW.timestamp()
    for code in status.CONCERN_CODES:
        assert f'tenders_needs_person{{code="{code}"}}' in text


def _no_space(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
