"""Saved pages in: any file, any portal, in any order, twice, and the published database says the same."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import orjson
import pytest

from pipelines import workers
from pipelines.common.clock import SHANGHAI
from pipelines.model import Page, Rejected
from tenders.archive.writer import archive_files
from tenders.crawling.session import CrawlSession, stored_keys
from tenders.files.captures import read_line
from tenders.jobs.ingest import ingest_files
from tenders.jobs.load import load_spool
from tenders.jobs.rebuild import rebuild_store
from tenders.jobs.reclassify import reclassify_store
from tests.helpers.attached_files import ROWS, xlsx_file
from tests.helpers.storing import award, capture, quarantine, rows, tenders

pytestmark = pytest.mark.slow


def published(data: Path) -> dict[str, list[tuple[object, ...]]]:
    found = rows(data / "tenders.duckdb")
    assert found == rows(data / "private" / "published.duckdb")
    return found


def archived(data: Path) -> int:
    return sum(path.stat().st_size for path in archive_files(data))


def test_a_capture_file_becomes_notices_and_awards(tmp_path: Path) -> None:
    report = ingest_files([capture(tmp_path / "a.jsonl", [award(1), award(2)])], tmp_path / "data")
    assert (report.pages, report.notices, report.problems) == (2, 2, 0)
    with duckdb.connect(str(tmp_path / "data" / "tenders.duckdb"), read_only=True) as con:
        query = "SELECT notice_key, kind, buyer, first_seen_at FROM notices ORDER BY notice_key"
        first, _ = con.execute(query).fetchall()
        assert first[:3] == ("made-up:https://notices.example/1.html", "award", "某市第1中学")
        assert first[3] == datetime(2026, 7, 2, 12, tzinfo=SHANGHAI)
        assert con.execute("SELECT project_number, amount_yuan FROM awards ORDER BY 1").fetchall() == [
            ("MS-2026-0001", 115_000),
            ("MS-2026-0002", 125_000),
        ]


@pytest.mark.long
def test_the_same_file_twice_changes_neither_the_database_nor_the_archive(tmp_path: Path) -> None:
    data = tmp_path / "data"
    source = capture(tmp_path / "a.jsonl.gz", [award(n) for n in range(5)] + [b"not json"])
    ingest_files([source], data)
    before, size, bad = published(data), archived(data), quarantine(data)
    file = (data / "tenders.duckdb").stat().st_ino
    report = ingest_files([source, source], data)
    assert (data / "tenders.duckdb").stat().st_ino == file  # not even written again
    assert (report.pages, report.already_stored) == (0, 5)
    assert (published(data), archived(data), quarantine(data)) == (before, size, bad)


@pytest.mark.long
def test_files_in_another_order_and_in_pieces_give_the_same_database(tmp_path: Path) -> None:
    records = [award(n) for n in range(6)] + [
        award(2, fetched_at="2026-08-01T09:00:00+08:00", body="<p>更正公告 金额：1万元</p>")
    ]
    whole = capture(tmp_path / "whole.jsonl", records)
    ingest_files([whole], tmp_path / "one")
    for number, record in enumerate(reversed(records)):
        ingest_files([capture(tmp_path / f"{number}.jsonl", [record])], tmp_path / "many")
    assert published(tmp_path / "many") == published(tmp_path / "one")


@pytest.mark.long
def test_rebuild_gives_the_same_database_from_the_archive_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    file = {"url": "https://notices.example/9.xlsx", "body_base64": base64.b64encode(xlsx_file(ROWS)).decode()}
    in_file = award(9, body="<p>一、项目编号：MS-2026-0009</p><p>三、中标信息：详见附件</p>", attachments=[file])
    ingest_files([capture(tmp_path / "a.jsonl", [*(award(n) for n in range(5)), in_file, b"not json"])], data)
    ingest_files(
        [capture(tmp_path / "b.jsonl", [award(2, fetched_at="2026-08-01T09:00:00Z", body="<p>更正</p>")])], data
    )
    before, bad = published(data), quarantine(data)
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        query = "SELECT amount_yuan FROM lots WHERE notice_key LIKE '%9.html' ORDER BY lot_no"
        assert con.execute(query).fetchall() == [(Decimal("3860000.00"),), (Decimal("1250000.50"),)]
    rebuild_store(data)
    assert published(data) == before
    assert quarantine(data) == bad
    for path in (data / "private").glob("*.duckdb"):
        path.unlink()
    (data / "tenders.duckdb").unlink()
    rebuild_store(data)
    assert published(data) == before
    reclassify_store(data)
    assert published(data) == before


@pytest.mark.long
def test_classifying_anew_uses_the_rules_of_today_and_reads_no_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    ingest_files([capture(tmp_path / "a.jsonl", [award(1)])], data)
    for path in archive_files(data):
        path.unlink()

    def otherwise(notice: object, portal_province: str | None = None) -> None:
        notice.sector = "finance"  # type: ignore[attr-defined]
        notice.evidence["rule:sector"] = ["a new rule"]  # type: ignore[attr-defined]

    monkeypatch.setattr("pipelines.classify.classify", otherwise)
    assert reclassify_store(data).notices == 1
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        found = con.execute(
            "SELECT sector, evidence->>'$.\"rule:sector\"[0]', is_large_model, buyer FROM notices"
        ).fetchall()
    assert found == [("finance", "a new rule", False, "某市第1中学")]


@pytest.mark.long
def test_what_the_archive_holds_can_be_ingested_elsewhere(tmp_path: Path) -> None:
    ingest_files([capture(tmp_path / "a.jsonl", [award(n) for n in range(4)])], tmp_path / "one")
    ingest_files([tmp_path / "one" / "archive"], tmp_path / "other")
    assert published(tmp_path / "other") == published(tmp_path / "one")
    size = archived(tmp_path / "one")
    assert ingest_files([tmp_path / "one" / "archive"], tmp_path / "one").already_stored == 4
    assert archived(tmp_path / "one") == size


def test_many_pages_are_read_on_all_cores_in_the_order_of_the_file(tmp_path: Path) -> None:
    batches = [[page(n + 32 * batch) for n in range(32)] for batch in range(4)]
    alone = [workers.process_batch(batch).lines for batch in batches]
    assert [batch.lines for batch in workers.process_in_order(batches)] == alone


def page(number: int) -> Page:
    record = award(number)
    made = read_line("x", 1, orjson.dumps(record))
    assert isinstance(made, Page)
    return made


def test_a_time_without_a_zone_is_shanghai_and_urls_stay_byte_for_byte() -> None:
    url = "https://b2b.example/#/detail?id=1&b=%E4%B8%AD 空格"
    line = orjson.dumps(award(1, fetched_at="2026-07-13T17:50:48.706413", url=url))
    read = read_line("x", 1, line)
    assert isinstance(read, Page)
    assert read.fetched_at == datetime(2026, 7, 13, 17, 50, 48, 706413, SHANGHAI)
    assert read.url == url


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"url": None}, "the page has no url"),
        ({"url": ""}, "the page has no url"),
        ({"fetched_at": None}, "the page has no fetched_at"),
        ({"fetched_at": "yesterday"}, "fetched_at is no time: 'yesterday'"),
        ({"fetched_at": "0001-01-01T00:00:00"}, "fetched_at is no time: year 1"),
        ({"encoding": "base64", "body": "%%%"}, "the body claims to be base64 and is not"),
    ],
)
def test_a_line_without_what_is_needed_says_what_is_missing(changes: dict[str, object], reason: str) -> None:
    rejected = read_line("x", 4, orjson.dumps(award(1, **changes)))
    assert rejected == Rejected("x", 4, reason, "made-up", award(1, **changes)["url"])


READABLE: list[dict[str, object]] = [
    {"body": {"data": {"title": "中标公告"}}, "content_type": "application/json"},
    {"content_type": None},
    {"content_type": "TEXT/HTML; charset=utf-8"},
    {"content_type": "application/pdf"},
    {"title": 5, "published_on": "soon"},
    {"portal": None},
    {"body": "\x00中标公告\ud800"},
]


def test_every_readable_line_becomes_a_notice(tmp_path: Path) -> None:
    lines = [json.dumps(award(number, **changes)).encode() for number, changes in enumerate(READABLE)]
    report = ingest_files([capture(tmp_path / "a.jsonl", lines)], tmp_path / "data")
    assert (report.notices, report.problems) == (len(READABLE), 0)
    urls = {notice[5] for notice in published(tmp_path / "data")["notices"]}
    assert urls == {f"https://notices.example/{number}.html" for number in range(len(READABLE))}


NO_NOTICES: dict[str, dict[str, object]] = {
    "empty": {"body": ""},
    "no body": {"body": None},
    "login": {"body": "<html><head><title>用户登录</title></head><body>用户名 密码</body></html>"},
    "error": {"body": {"code": 500, "msg": "系统异常", "data": None}, "content_type": "application/json"},
}


@pytest.mark.long
def test_a_page_that_came_instead_of_a_notice_is_quarantined_and_replaces_nothing(tmp_path: Path) -> None:
    records, instead = [], []
    for number, changes in enumerate(NO_NOTICES.values()):
        later = award(number, fetched_at="2026-08-30T12:00:00+08:00", **changes)
        never = award(number + 10, **changes)
        records += [award(number), later, never]
        instead += [later["url"], never["url"]]
    data = tmp_path / "data"
    assert tenders("ingest", capture(tmp_path / "a.jsonl", records), "--data", data).returncode == 1
    before = rows(data / "tenders.duckdb")
    assert len(before["notices"]) == len(before["awards"]) == len(NO_NOTICES)
    assert sorted(source for source, _, _ in quarantine(data)) == sorted(instead)
    assert all(reason.startswith("no notice: ") for _, _, reason in quarantine(data))
    assert tenders("rebuild", "--data", data).returncode == 1
    assert sorted(source for source, _, _ in quarantine(data)) == sorted(instead)
    assert [notice[:2] for notice in rows(data / "tenders.duckdb")["notices"]] == [n[:2] for n in before["notices"]]


@pytest.mark.long
def test_a_second_program_that_holds_the_database_for_writing_delays_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    ingest_files([capture(tmp_path / "a.jsonl", [award(1)])], data)
    holder = duckdb.connect(str(data / "tenders.duckdb"))
    try:
        holder.execute("CREATE TABLE mine AS SELECT 1 AS n")
        holder.execute("BEGIN")
        holder.execute("INSERT INTO mine VALUES (2)")
        began = time.monotonic()
        report = ingest_files([capture(tmp_path / "b.jsonl", [award(2)])], data)
        assert time.monotonic() - began < 20
        assert report.notices == 1
        assert holder.execute("SELECT count(*) FROM notices").fetchall() == [(1,)]  # it goes on with what it opened
        holder.execute("COMMIT")
    finally:
        holder.close()
    assert len(published(data)["notices"]) == 2


def test_a_crawls_session_is_durable_page_by_page_and_knows_what_is_stored(tmp_path: Path) -> None:
    with CrawlSession(tmp_path, "made-up") as session:
        assert asyncio.run(session.store(page(1), archived=False)).notice_keys == [
            "made-up:https://notices.example/1.html"
        ]
    assert stored_keys(tmp_path, "made-up") == {"made-up:https://notices.example/1.html"}
    load_spool(tmp_path)
    assert stored_keys(tmp_path, "made-up") == {"made-up:https://notices.example/1.html"}
    assert stored_keys(tmp_path, "other") == set()
    assert archived(tmp_path) > 0
