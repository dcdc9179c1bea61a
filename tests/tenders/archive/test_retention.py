"""Old list responses leave the archive, and nothing else does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tenders.archive.retention import prune
from tenders.archive.writer import archive_files
from tenders.crawling.request import CrawlRequest
from tenders.jobs import crawl_runner
from tenders.jobs.crawl import crawl_portals, record_crawls
from tenders.jobs.ingest import ingest_files
from tenders.jobs.rebuild import rebuild_store
from tests.helpers.list_server import BLOCK_PAGE, LOCAL_AWARDS, ListServer, serving
from tests.helpers.storing import award, capture, rows

pytestmark = pytest.mark.slow

QUICK = {"RETRY_BACKOFF_SECONDS": 0.0, "LOG_LEVEL": "WARNING"}
LATER = datetime.now(UTC) + timedelta(days=40)


@pytest.fixture
def server() -> Iterator[ListServer]:
    with serving(ListServer()) as running:
        yield running


def crawl_into(server: ListServer, data: Path) -> str:
    request = CrawlRequest(portal="ccgp", since=date(2026, 8, 1), origin=server.origin)
    [outcome] = crawl_portals([request], data_dir=data, settings=QUICK)
    return outcome.state


def archive_crawl(server: ListServer, data: Path) -> None:
    """Crawl without loading, for what is asked of the archive only."""
    request = CrawlRequest(portal="ccgp", since=date(2026, 8, 1), origin=server.origin)
    record_crawls(crawl_runner.run([request], data, settings=QUICK), data)


def archive_records(data: Path) -> list[tuple[str, str, str, bytes]]:
    """Return (type, role, address, content) of every archived record."""
    found = []
    for path in archive_files(data):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                head = record.rec_headers
                found.append(
                    (record.rec_type, head.get_header("Tenders-Page") or "", head.get_header("WARC-Target-URI") or "",
                     record.raw_stream.read())
                )  # fmt: skip
    return found


def count_roles(data: Path) -> Counter[str]:
    return Counter(role for kind, role, _, _ in archive_records(data) if kind == "response")


def rebuild_database(data: Path) -> dict[str, Any]:
    rebuild_store(data)
    return rows(data / "tenders.duckdb")


@pytest.mark.long
def test_a_rebuild_gives_the_same_database_before_and_after_pruning(server: ListServer, tmp_path: Path) -> None:
    data = tmp_path / "data"
    server.fill(LOCAL_AWARDS, 25)
    assert crawl_into(server, data) == "complete"
    ingest_files([capture(tmp_path / "saved.jsonl", [award(1), award(2)])], data)
    before, known = archive_records(data), rebuild_database(data)
    assert count_roles(data) == {"detail": 25, "list": 10}
    freed = prune(data, 30, LATER)
    assert freed > 0
    assert count_roles(data) == {"detail": 25}
    assert rebuild_database(data) == known
    assert len(known["notices"]) == 27
    # Every remaining record is unchanged, and each response has its request.
    kept = [record for record in archive_records(data) if record[0] != "request"]
    assert kept == [record for record in before if record[0] != "request" and record[1] != "list"]
    asked = Counter(address for kind, _, address, _ in archive_records(data) if kind == "request")
    assert asked == Counter(address for kind, role, address, _ in before if kind == "response" and role == "detail")


def test_recent_responses_are_kept(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 3)
    archive_crawl(server, tmp_path)
    before = {path: path.read_bytes() for path in archive_files(tmp_path)}
    assert prune(tmp_path, 60, LATER) == 0
    assert {path: path.read_bytes() for path in archive_files(tmp_path)} == before
    assert prune(tmp_path, 30, LATER) > 0


@pytest.mark.long
def test_responses_of_the_last_blocked_crawl_are_kept_as_evidence(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 25)
    server.answers[f"{LOCAL_AWARDS}index_1.htm"] = [BLOCK_PAGE]
    assert crawl_into(server, tmp_path) == "blocked"
    evidence = count_roles(tmp_path)["list"]
    server.answers.clear()
    assert crawl_into(server, tmp_path) == "complete"
    assert count_roles(tmp_path)["list"] > evidence
    assert prune(tmp_path, 30, LATER) > 0
    assert count_roles(tmp_path)["list"] == evidence
    assert any("频繁访问".encode() in content for _, role, _, content in archive_records(tmp_path) if role == "list")


@pytest.mark.long
def test_a_file_that_held_only_lists_is_removed(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 3)
    crawl_into(server, tmp_path)
    crawl_into(server, tmp_path)
    count = len(archive_files(tmp_path))
    known = rebuild_database(tmp_path)
    prune(tmp_path, 30, LATER)
    assert len(archive_files(tmp_path)) == count - 1
    assert rebuild_database(tmp_path) == known


def test_each_file_is_examined_once(server: ListServer, tmp_path: Path) -> None:
    server.fill(LOCAL_AWARDS, 3)
    archive_crawl(server, tmp_path)
    assert prune(tmp_path, 30, LATER) > 0
    written = {path: path.stat().st_mtime_ns for path in archive_files(tmp_path)}
    archive_crawl(server, tmp_path)
    new = set(archive_files(tmp_path)) - set(written)
    for path in new:
        os.utime(path, times=((LATER - timedelta(days=29.5)).timestamp(),) * 2)
    for path in written:
        path.write_bytes(b"damaged")  # reading it would be reported
        os.utime(path, ns=(written[path], written[path]))
    assert prune(tmp_path, 30, LATER + timedelta(days=1)) > 0
    assert (
        len([path for path in new if path.exists()]) == len(new) - 1
    )  # the lists are gone, but the outcome of the crawl is kept


def test_a_damaged_file_is_unchanged(server: ListServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    server.fill(LOCAL_AWARDS, 3)
    archive_crawl(server, tmp_path)
    path = max(archive_files(tmp_path), key=lambda path: path.stat().st_size)
    path.write_bytes(path.read_bytes()[:-20])
    broken = path.read_bytes()
    prune(tmp_path, 30, LATER)
    assert path.read_bytes() == broken
    assert path.name in caplog.text
