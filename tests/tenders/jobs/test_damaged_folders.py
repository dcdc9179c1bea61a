"""Damaged, lost and old files of a data folder: the next ordinary run repairs it, or one line names the command."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import orjson
import pytest

from pipelines.storage import spool, store
from tenders.crawling.request import crawl_requests
from tenders.data_folder import DataFolder
from tenders.jobs.crawl import crawl_portals
from tenders.jobs.ingest import ingest_files
from tenders.jobs.load import FewerNoticesError, load_spool
from tenders.jobs.rebuild import rebuild_store
from tenders.jobs.saved_pages import spool_files
from tests.helpers.storing import award, capture, tenders

pytestmark = pytest.mark.slow

NOTICES = "SELECT notice_key, version, title, buyer, first_seen_at FROM notices ORDER BY ALL"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six notices. Tests change copies of it."""
    folder = tmp_path_factory.mktemp("filled")
    ingest_files([capture(folder / "six.jsonl", [award(number) for number in range(6)])], folder / "data")
    return folder / "data"


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data"))


def published(data: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return con.execute(NOTICES).fetchall()


def seventh(tmp_path: Path) -> Path:
    return capture(tmp_path / "seventh.jsonl", [award(7)])


@pytest.mark.long
@pytest.mark.parametrize("left", [None, b""], ids=["missing", "empty"])
def test_a_lost_store_is_made_again_from_the_archive(left: bytes | None, data: Path, tmp_path: Path) -> None:
    before = published(data)
    DataFolder(data).store.unlink()
    if left is not None:
        DataFolder(data).store.write_bytes(left)
    report = ingest_files([seventh(tmp_path)], data)
    assert (report.pages, report.problems) == (1, 0)
    assert [row for row in published(data) if row[0] != "made-up:https://notices.example/7.html"] == before
    assert len(published(data)) == 7


@pytest.mark.long
def test_a_lost_store_whose_archive_is_gone_too_changes_nothing(data: Path, tmp_path: Path) -> None:
    before = published(data)
    DataFolder(data).store.unlink()
    shutil.rmtree(data / "archive")
    result = tenders("--data", data, "ingest", seventh(tmp_path))
    assert (result.returncode, published(data)) == (2, before)
    assert "--accept-fewer" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert tenders("--data", data, "ingest", "--accept-fewer", seventh(tmp_path)).returncode == 0
    assert len(published(data)) == 1


@pytest.mark.long
@pytest.mark.parametrize(
    "name", ["tenders.duckdb", "private/store.duckdb", "private/published.duckdb", "private/published.generation"]
)
def test_a_folder_with_the_name_of_a_file_is_named_and_the_same_command_then_works(
    name: str, data: Path, tmp_path: Path
) -> None:
    (data / name).unlink()
    (data / name).mkdir()
    refused = tenders("--data", data, "ingest", seventh(tmp_path))
    assert refused.returncode == 2
    assert refused.stderr == (
        f"tenders: {data / name} is a folder, but a file belongs there: move the folder away and run the same command"
        " again\n"
    )
    (data / name).rmdir()
    assert tenders("--data", data, "ingest", seventh(tmp_path)).returncode == 0
    assert len(published(data)) == 7


@pytest.mark.parametrize("name", ["listed/ccgp.json", "listed/ccgp.lock", "load.lock", "published.generation"])
def test_a_folder_in_the_place_of_a_file_is_found_before_anything_is_asked(name: str, tmp_path: Path) -> None:
    (tmp_path / "private" / name).mkdir(parents=True)
    with pytest.raises(IsADirectoryError, match=name):
        crawl_portals(crawl_requests(["ccgp"], origin="http://127.0.0.1:9"), data_dir=tmp_path)


@pytest.mark.long
def test_an_older_store_is_noticed_before_anything_is_changed(data: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copy(DataFolder(data).store, old)
    ingest_files([seventh(tmp_path)], data)
    before = published(data)
    shutil.copy(old, DataFolder(data).store)
    files = sorted(path for path in data.rglob("*") if path.is_file())
    with pytest.raises(FewerNoticesError, match="6 notices, but 7 are published"):
        ingest_files([capture(tmp_path / "eighth.jsonl", [award(8)])], data)
    assert (published(data), sorted(path for path in data.rglob("*") if path.is_file())) == (before, files)
    rebuild_store(data)
    assert published(data) == before


def test_a_damaged_store_names_the_command_that_makes_it_again(data: Path, tmp_path: Path) -> None:
    before = published(data)
    DataFolder(data).store.write_bytes(b"no database" * 5000)
    result = tenders("--data", data, "ingest", seventh(tmp_path))
    assert (result.returncode, published(data)) == (2, before)
    assert "tenders rebuild" in result.stderr
    assert tenders("--data", data, "rebuild").returncode == 0
    assert published(data) == before


@pytest.mark.long
def test_a_rebuild_of_a_smaller_archive_replaces_nothing(data: Path) -> None:
    [archived] = (data / "archive").glob("*.warc.gz")
    archived.write_bytes(archived.read_bytes()[: archived.stat().st_size // 2])
    before = published(data)
    with pytest.raises(FewerNoticesError):
        rebuild_store(data)
    assert published(data) == before
    load_spool(data)
    assert published(data) == before
    assert not DataFolder(data).rebuilding.exists()
    rebuild_store(data, accept_fewer=True)
    assert 0 < len(published(data)) < 6


@pytest.mark.parametrize("damage", [b"", b"no database" * 5000, None], ids=["empty", "overwritten", "missing"])
@pytest.mark.parametrize("which", ["published", "own"])
def test_damaged_published_files_are_written_again(which: str, damage: bytes | None, data: Path) -> None:
    before = published(data)
    path: Path = getattr(DataFolder(data), which)
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    load_spool(data)
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.execute(NOTICES).fetchall() == before


def waiting(tmp_path: Path, count: int = 6) -> tuple[Path, Path]:
    """A folder whose pages were read but not loaded, and its one segment."""
    data = tmp_path / "waiting"
    folder = DataFolder(data)
    spool_files([capture(tmp_path / "six.jsonl", [award(number) for number in range(count)])], folder, store.PageKeys())
    [segment] = spool.segments(folder.spool)
    return data, segment


def damage_notice_line(segment: Path, change: dict[str, object] | None) -> None:
    lines = segment.read_bytes().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if b'"t":"notice"' in line)
    broken = b"\x00" * 90 + b"\n" if change is None else orjson.dumps({**orjson.loads(lines[place]), **change}) + b"\n"
    segment.write_bytes(b"".join([*lines[:place], broken, *lines[place + 1 :]]))


@pytest.mark.long
@pytest.mark.parametrize(
    "change",
    [None, {"seen_at": "2026-13-45"}, {"body": "x" * 40_000_000}],
    ids=["zeros", "a day that does not exist", "longer than any line"],
)
def test_a_damaged_line_is_read_again_from_the_archive(
    change: dict[str, object] | None, filled: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data, segment = waiting(tmp_path)
    damage_notice_line(segment, change)
    load_spool(data)
    assert published(data) == published(filled)
    assert "read again from the archive" in caplog.text
    report = ingest_files([tmp_path / "six.jsonl"], data)
    assert (report.pages, report.already_stored) == (0, 6)


def test_a_segment_of_zeros_does_not_lock_the_folder(data: Path, tmp_path: Path) -> None:
    (DataFolder(data).spool).mkdir(exist_ok=True)
    (DataFolder(data).spool / "20260101T000000.0-1-1.seg").write_bytes(b"\x00" * 20_000_000)
    report = ingest_files([seventh(tmp_path)], data)
    assert (report.pages, len(published(data))) == (1, 7)
    assert spool.segments(DataFolder(data).spool) == []


@pytest.mark.parametrize(
    "changes",
    [{"url": "https://notices.example/" + "9" * 5000}, {"portal": "p" * 300}],
    ids=["address", "portal"],
)
def test_a_page_with_an_endless_address_or_portal_is_one_line_and_the_rest_is_read(
    changes: dict[str, str], tmp_path: Path
) -> None:
    file = capture(tmp_path / "two.jsonl", [award(1, **changes), award(2)])
    report = ingest_files([file], tmp_path / "data")
    assert (report.notices, report.problems) == (1, 1)
    [(rejected, _)] = report.first_problems.values()
    assert "longer than" in rejected.reason
    assert ingest_files([file], tmp_path / "data").already_stored == 1
