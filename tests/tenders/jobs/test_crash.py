"""Killed at any instant and run again: the same published database, row for row, and nothing announced is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from tests.helpers.storing import COMMAND, award, capture, rows, tenders

KILLS = 4
PADDING = "<p>供应商应当按照采购文件的要求完成交付与验收。</p>" * 40
RECORDS = [award(n, body=award(n)["body"] + PADDING) for n in range(160)]
RECORDS += [
    award(n, fetched_at="2026-08-20T08:00:00+08:00", body=f"<h2>第{n}号项目更正公告</h2>") for n in range(0, 160, 6)
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    return capture(folder / "pages.jsonl.gz", [*RECORDS[:100], b"broken", *RECORDS[100:]])


@pytest.fixture(scope="module")
def undisturbed(
    source: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, list[tuple[object, ...]]], float]:
    data = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    assert tenders("ingest", source, "--data", data).returncode == 1  # one line is broken
    seconds = time.monotonic() - began
    shutil.copy(data / "tenders.duckdb", source.parent / "undisturbed.duckdb")
    return rows(data / "tenders.duckdb"), seconds


def assert_sound(database: Path, *, undisturbed_database: Path) -> None:
    """What a reader sees meanwhile is what was loaded by then, whole in itself: no other notices than in the end, and awards of
    just those that are there."""
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute(f"ATTACH '{undisturbed_database}' AS whole (READ_ONLY)")
        strange = (
            "SELECT notice_key, content_hash FROM notices EXCEPT SELECT notice_key, content_hash FROM whole.notices"
        )
        assert con.execute(strange).fetchall() == []
        told = "SELECT unnest(notice_keys) FROM awards"
        assert con.execute(f"({told}) EXCEPT SELECT notice_key FROM notices").fetchall() == []
        lots = "SELECT notice_key, version FROM lots ANTI JOIN notices USING (notice_key, version)"
        assert con.execute(lots).fetchall() == []


@pytest.mark.parametrize("attempt", range(KILLS))
def test_a_killed_ingest_run_again_ends_in_the_same_database(
    attempt: int, source: Path, undisturbed: tuple[dict[str, list[tuple[object, ...]]], float], tmp_path: Path
) -> None:
    expected, seconds = undisturbed
    chance = random.Random(attempt)
    for _ in range(2):
        run = subprocess.Popen(
            [*COMMAND, "--data", str(tmp_path), "ingest", str(source)],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # Over the whole run, its loading at the end as densely as its reading.
        time.sleep(seconds * chance.uniform(0.2, 1.0))
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        if (tmp_path / "tenders.duckdb").exists():
            assert_sound(tmp_path / "tenders.duckdb", undisturbed_database=source.parent / "undisturbed.duckdb")
    assert tenders("ingest", source, "--data", tmp_path).returncode == 1
    assert rows(tmp_path / "tenders.duckdb") == expected
    assert rows(tmp_path / "private" / "published.duckdb") == expected
    assert not list((tmp_path / "private" / "spool").iterdir())


# Each place where a load can break off, as the function that it dies in, before or after it has done its work, and whether
# something had been loaded before.
STEPS = [
    ("pipelines.storage.store.merge", "after", False),
    ("analysis.warehouse.publish.build", "after", True),
    ("pipelines.storage.published_copy.publish", "before", True),
    ("pipelines.storage.published_copy.replace", "before", False),
    ("pipelines.storage.published_copy.replace", "after", True),
    ("pipelines.storage.published_copy.publish", "after", False),
    ("tenders.archive.writer.ArchiveWriter.write_records", "after", False),
    ("pipelines.storage.spool.SpoolWriter.append", "after", True),
    ("pipelines.storage.spool.SpoolWriter.close", "before", False),
]

DIE_IN = """
import os, sys
from importlib import import_module
import tenders.cli, tenders.jobs
path, when, *arguments = sys.argv[1:]
owner, name = path.rsplit(".", 1)
try:
    holder = import_module(owner)
except ModuleNotFoundError:
    module, kind = owner.rsplit(".", 1)
    holder = getattr(import_module(module), kind)
original = getattr(holder, name)
def dies(*args, **options):
    if when == "after":
        original(*args, **options)
    os.kill(os.getpid(), 9)
setattr(holder, name, dies)
sys.argv = ["tenders", *arguments]
tenders.cli.main()
"""


@pytest.mark.parametrize(("step", "when", "loaded_before"), STEPS)
def test_a_load_that_dies_between_two_steps_is_made_good(
    step: str,
    when: str,
    loaded_before: bool,
    source: Path,
    undisturbed: tuple[dict[str, list[tuple[object, ...]]], float],
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    if loaded_before:
        assert tenders("ingest", capture(tmp_path / "part.jsonl", RECORDS[40:60]), "--data", data).returncode == 0
    command = [COMMAND[0], "-c", DIE_IN, step, when, "ingest", str(source), "--data", str(data)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
    assert tenders("ingest", source, "--data", data).returncode == 1
    assert rows(data / "tenders.duckdb") == undisturbed[0]
    assert rows(data / "private" / "published.duckdb") == undisturbed[0]


def test_a_killed_rebuild_leaves_the_old_database_and_can_be_run_again(
    source: Path, undisturbed: tuple[dict[str, list[tuple[object, ...]]], float], tmp_path: Path
) -> None:
    assert tenders("ingest", source, "--data", tmp_path).returncode == 1
    for step, when in (
        ("pipelines.storage.store.merge", "after"),
        ("pipelines.storage.published_copy.replace", "after"),
    ):
        command = [COMMAND[0], "-c", DIE_IN, step, when, "rebuild", "--data", str(tmp_path)]
        assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
        assert rows(tmp_path / "tenders.duckdb") == undisturbed[0]
    assert tenders("rebuild", "--data", tmp_path).returncode == 0
    assert rows(tmp_path / "tenders.duckdb") == undisturbed[0]


def test_ctrl_c_keeps_what_was_read_and_says_so(source: Path, tmp_path: Path) -> None:
    run = subprocess.Popen(
        [*COMMAND, "--data", str(tmp_path), "ingest", str(source)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list(tmp_path.glob("archive/*")):
        time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=60)
    assert run.returncode == 1
    assert told == "stopped; what was read so far is kept, run the same command again to go on\n"
    assert tenders("ingest", source, "--data", tmp_path).returncode == 1
    assert len(rows(tmp_path / "tenders.duckdb")["notices"]) == len(RECORDS)
