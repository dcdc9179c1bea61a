"""Files of the archive are combined by day and portal, and nothing is lost, whenever the process dies."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.model import Page
from tenders.archive import combining
from tenders.archive.combining import combine_files
from tenders.archive.reader import read_archive
from tenders.archive.records import ArchivedResponse, crawl_record, page_record, response_record
from tenders.archive.writer import ArchiveWriter, archive_files
from tenders.jobs.ingest import ingest_files
from tenders.jobs.rebuild import rebuild_store
from tests.helpers.forked import exit_code, start_function
from tests.helpers.storing import award, capture, rows

NOW = datetime(2026, 8, 7, 12, tzinfo=UTC)


def crawl(data: Path, portal: str, number: int, day: str = "20260805", *, pages: int = 2) -> list[Path]:
    """Leave in the archive what a crawl leaves, as files of that day."""
    before = set(archive_files(data))
    seen = datetime(2026, 8, 5, number % 24, tzinfo=UTC)
    with ArchiveWriter(data) as writer:
        for at in range(pages):
            url = f"https://notices.example/{portal}/{number}-{at}"
            writer.write_records(page_record(Page(portal, url, seen, "text/plain", "一、项目编号：A-1", "中标公告")))
    with ArchiveWriter(data) as writer:
        writer.write_records(crawl_record({"crawl_id": f"{portal}{number}", "portal": portal}, seen))
    made = []
    for path in sorted(set(archive_files(data)) - before):
        named = path.with_name(f"{day}T{number:06d}-1-{len(made)}.warc.gz")
        path.rename(named)
        os.utime(named, (seen.timestamp(), seen.timestamp()))
        made.append(named)
    return made


def contents(data: Path) -> list[str]:
    """Return everything that is in the archive, sorted."""
    return sorted(repr(item) for path in archive_files(data) for item in read_archive(path))


def names(data: Path) -> list[str]:
    return [path.name for path in archive_files(data)]


def test_the_files_of_a_day_and_portal_become_one_with_the_same_content(tmp_path: Path) -> None:
    for number in range(3):
        crawl(tmp_path, "ccgp", number)
        crawl(tmp_path, "cmcc", 100 + number)
    [*_, last] = crawl(tmp_path, "ccgp", 200, "20260807")
    before = contents(tmp_path)
    assert combine_files(tmp_path, NOW) == 10
    assert names(tmp_path) == [
        "20260805-ccgp-0.warc.gz",
        "20260805-cmcc-0.warc.gz",
        "20260807T000200-1-0.warc.gz",
        last.name,
    ]
    assert contents(tmp_path) == before
    # The retention of old lists goes by the time of the last record.
    assert archive_files(tmp_path)[0].stat().st_mtime == datetime(2026, 8, 5, 2, tzinfo=UTC).timestamp()
    assert combine_files(tmp_path, NOW) == 0
    assert combine_files(tmp_path, NOW + timedelta(days=1)) == 1
    assert contents(tmp_path) == before


def test_damaged_files_and_files_in_use_stay_as_they_are(tmp_path: Path) -> None:
    damaged, _ = crawl(tmp_path, "ccgp", 0)
    damaged.write_bytes(damaged.read_bytes()[:-20])
    crawl(tmp_path, "ccgp", 1)
    with ArchiveWriter(tmp_path) as writer:
        writer.write_records(crawl_record({"portal": "ccgp"}, NOW))
        [open_file] = [path for path in archive_files(tmp_path) if path.name[:8] != "20260805"]
        open_file.rename(open_file.with_name("20260805T230000-1-0.warc.gz"))
        before = contents(tmp_path)
        assert combine_files(tmp_path, NOW) == 2
        assert names(tmp_path) == ["20260805-ccgp-0.warc.gz", damaged.name, "20260805T230000-1-0.warc.gz"]
        assert contents(tmp_path) == before


@pytest.mark.parametrize("step", ["_write_journal", "_read_through", "_remove_parts"])
def test_after_a_crash_at_any_step_the_next_call_ends_the_same(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        crawl(tmp_path, "ccgp", number)
    before = contents(tmp_path)

    class DiedError(BaseException):
        pass

    real = getattr(combining, step)
    left = {"_write_journal": 0, "_read_through": 6, "_remove_parts": 0}[step]

    def die(*arguments: object) -> object:
        nonlocal left
        if left == 0:
            raise DiedError
        left -= 1
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(combining, step, die)
        with pytest.raises(DiedError):
            combine_files(tmp_path, NOW)
    assert set(contents(tmp_path)) == set(before), "nothing is lost meanwhile"
    combine_files(tmp_path, NOW)
    assert names(tmp_path) == ["20260805-ccgp-0.warc.gz"]
    assert contents(tmp_path) == before


def test_after_a_crash_between_renaming_and_removing_the_parts_are_removed(tmp_path: Path) -> None:
    parts = crawl(tmp_path, "ccgp", 0)
    before = contents(tmp_path)
    (tmp_path / "archive" / "20260805-ccgp-0.warc.gz").write_bytes(b"".join(part.read_bytes() for part in parts))
    journal = {"done_until": "20260801", "combined": "20260805-ccgp-0.warc.gz", "parts": [part.name for part in parts]}
    (tmp_path / "private").mkdir(exist_ok=True)
    (tmp_path / "private" / "combining.json").write_text(json.dumps(journal), "utf-8")
    combine_files(tmp_path, NOW)
    assert names(tmp_path) == ["20260805-ccgp-0.warc.gz"]
    assert contents(tmp_path) == before


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three files of one day in its archive."""
    folder = tmp_path_factory.mktemp("loaded")
    for number in range(3):
        source = capture(folder / f"{number}.jsonl", [award(number), award(10 + number)])
        assert ingest_files([source], folder / "data").problems == 0
    for number, path in enumerate(archive_files(folder / "data")):
        path.rename(path.with_name(f"20260805T00000{number}-1-0.warc.gz"))
    return folder / "data"


@pytest.mark.long  # three loads and three rebuilds
@pytest.mark.parametrize(
    ("dies_in", "dies", "files"),
    [
        ("tenders.archive.combining.shutil.copyfileobj", "after", 3),
        ("tenders.archive.combining._remove_parts", "before", 4),
        ("tenders.archive.combining._remove_parts", "after", 1),
    ],
)
def test_after_kill_9_a_rebuild_gives_the_same_database_and_the_next_call_ends_the_same(
    dies_in: str, dies: str, files: int, loaded: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(loaded, data)
    before = contents(data)
    assert exit_code(start_function(combine_files, data, NOW, dies_in=dies_in, dies=dies)) == -9
    assert len(names(data)) == files
    rebuild_store(data)
    assert rows(data / "tenders.duckdb") == rows(loaded / "tenders.duckdb")
    combine_files(data, NOW)
    assert names(data) == ["20260805-pages-0.warc.gz"]
    assert contents(data) == before


def test_a_file_of_an_interrupted_notice_is_not_joined_to_the_same_notice_of_the_next_crawl(tmp_path: Path) -> None:
    def answer(role: str, body: bytes) -> bytes:
        url = "https://www.chinaunicombidding.cn/1"
        return response_record(
            ArchivedResponse(
                portal="made-up",
                url=url,
                public_url=url,
                fetched_at=NOW,
                method="GET",
                status=200,
                headers={"Content-Type": "text/html; charset=utf-8"},
                body=body,
                title="中标公告",
                role="part" if role == "part" else "detail",
            )
        )

    page = "<html><body><p>一、项目编号：A-1</p></body></html>".encode()
    for number, records in enumerate(
        [[answer("part", b"<p>file</p>")], [answer("part", b"<p>file</p>"), answer("detail", page)]]
    ):
        with ArchiveWriter(tmp_path) as writer:
            writer.write_records(b"".join(records))
        [path] = [path for path in archive_files(tmp_path) if path.name[:8] != "20260805"]
        path.rename(path.with_name(f"20260805T00000{number}-1-0.warc.gz"))
    before = contents(tmp_path)
    assert combine_files(tmp_path, NOW) == 1
    assert contents(tmp_path) == before
