"""A load that is killed at any instant and run again ends in the same published database, row for row."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.helpers.forked import exit_code, start_command
from tests.helpers.storing import COMMAND, award, capture, rows, tenders

pytestmark = pytest.mark.slow

# Each attempt kills two runs at random instants. A nightly run may ask for more attempts.
ATTEMPTS = int(os.environ.get("KILL_ATTEMPTS", "1"))
# Three batches, so that worker processes read them.
RECORDS = [award(n) for n in range(66)]
RECORDS += [
    award(n, fetched_at="2026-08-20T08:00:00+08:00", body=f"<h2>第{n}号项目更正公告</h2>") for n in range(0, 66, 6)
]
# One batch, which is read in the process itself, for what has nothing to do with reading.
FEW = [record for record in RECORDS if int(record["url"].rpartition("/")[2].removesuffix(".html")) < 12]


@dataclass(frozen=True)
class Undisturbed:
    """A load of a source that nothing interrupted."""

    source: Path
    data: Path
    rows: dict[str, list[tuple[object, ...]]]
    seconds: float


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    return capture(folder / "pages.jsonl.gz", [*RECORDS[:40], b"broken", *RECORDS[40:]])


@pytest.fixture(scope="module")
def undisturbed(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    data = tmp_path_factory.mktemp("undisturbed")
    began = time.monotonic()
    assert exit_code(start_command("ingest", source, "--data", data)) == 1  # one line is broken
    return Undisturbed(source, data, rows(data / "tenders.duckdb"), time.monotonic() - began)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The same with few records."""
    folder = tmp_path_factory.mktemp("few")
    source, data = capture(folder / "pages.jsonl.gz", [*FEW[:8], b"broken", *FEW[8:]]), folder / "data"
    assert tenders("ingest", source, "--data", data).returncode == 1
    return Undisturbed(source, data, rows(data / "tenders.duckdb"), 0)


@pytest.fixture(scope="module")
def partly_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds some of the records."""
    folder = tmp_path_factory.mktemp("part")
    part = capture(folder / "part.jsonl", RECORDS[3:9])
    assert tenders("ingest", part, "--data", folder / "data").returncode == 0
    return folder / "data"


def assert_consistent(database: Path, complete_database: Path) -> None:
    """Assert that a reader sees only notices that the complete database has, and awards and lots of just these."""
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute(f"ATTACH '{complete_database}' AS complete (READ_ONLY)")
        unexpected = (
            "SELECT notice_key, content_hash FROM notices EXCEPT SELECT notice_key, content_hash FROM complete.notices"
        )
        assert con.execute(unexpected).fetchall() == []
        of_awards = "SELECT unnest(notice_keys) FROM awards"
        assert con.execute(f"({of_awards}) EXCEPT SELECT notice_key FROM notices").fetchall() == []
        lots = "SELECT notice_key, version FROM lots ANTI JOIN notices USING (notice_key, version)"
        assert con.execute(lots).fetchall() == []


@pytest.mark.long
@pytest.mark.parametrize("attempt", range(ATTEMPTS))
def test_a_killed_ingest_run_again_ends_in_the_same_database(
    attempt: int, source: Path, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    chance = random.Random(attempt)
    for _ in range(2):
        run = start_command("ingest", source, "--data", tmp_path)
        # Loading, at the end of a run, is as likely to be hit as reading.
        time.sleep(undisturbed.seconds * chance.uniform(0.2, 1.0))
        run.kill()
        run.join()
        if (tmp_path / "tenders.duckdb").exists():
            assert_consistent(tmp_path / "tenders.duckdb", undisturbed.data / "tenders.duckdb")
    assert tenders("ingest", source, "--data", tmp_path).returncode == 1
    assert rows(tmp_path / "tenders.duckdb") == undisturbed.rows
    assert rows(tmp_path / "private" / "published.duckdb") == undisturbed.rows
    assert not list((tmp_path / "private" / "spool").iterdir())


# Where a load can break off: the function in which the process dies, whether before or after its work, whether
# something had been loaded before, and whether it reads many records.
STEPS = [
    ("pipelines.storage.store.merge", "after", False, "few"),
    ("analysis.warehouse.publish.build", "after", True, "few"),
    ("pipelines.storage.published_copy.publish", "before", True, "few"),
    ("pipelines.storage.published_copy.replace", "before", False, "few"),
    ("pipelines.storage.published_copy.replace", "after", True, "few"),
    ("pipelines.storage.published_copy.publish", "after", False, "few"),
    ("tenders.archive.writer.ArchiveWriter.write_records", "after", False, "undisturbed"),
    ("pipelines.storage.spool.SpoolWriter.append", "after", True, "undisturbed"),
    ("pipelines.storage.spool.SpoolWriter.close", "before", False, "few"),
]


@pytest.mark.long
@pytest.mark.parametrize(("step", "when", "loaded_before", "size"), STEPS)
def test_a_load_that_dies_between_two_steps_is_completed_by_the_next(
    step: str,
    when: str,
    loaded_before: bool,
    size: str,
    request: pytest.FixtureRequest,
    partly_loaded: Path,
    tmp_path: Path,
) -> None:
    complete: Undisturbed = request.getfixturevalue(size)
    data = tmp_path / "data"
    if loaded_before:
        shutil.copytree(partly_loaded, data)
    run = start_command("ingest", complete.source, "--data", data, dies_in=step, dies=when)
    assert exit_code(run) == -signal.SIGKILL
    assert tenders("ingest", complete.source, "--data", data).returncode == 1
    assert rows(data / "tenders.duckdb") == complete.rows
    assert rows(data / "private" / "published.duckdb") == complete.rows


@pytest.mark.long
def test_a_killed_rebuild_leaves_the_old_database_and_can_be_run_again(few: Undisturbed, tmp_path: Path) -> None:
    data = shutil.copytree(few.data, tmp_path / "data")
    for step, when in (
        ("pipelines.storage.store.merge", "after"),
        ("pipelines.storage.published_copy.replace", "after"),
    ):
        run = start_command("rebuild", "--data", data, dies_in=step, dies=when)
        assert exit_code(run) == -signal.SIGKILL
        assert rows(data / "tenders.duckdb") == few.rows
    assert tenders("rebuild", "--data", data).returncode == 0
    assert rows(data / "tenders.duckdb") == few.rows


@pytest.mark.long
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
    _, message = run.communicate(timeout=60)
    assert run.returncode == 1
    assert message.startswith("stopped; ")
    assert message.count("\n") == 1
    assert tenders("ingest", source, "--data", tmp_path).returncode == 1
    assert len(rows(tmp_path / "tenders.duckdb")["notices"]) == len(RECORDS)
