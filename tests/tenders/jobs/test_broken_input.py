"""Files as they really arrive: whatever is broken goes to quarantine with its place and reason, and the rest is taken."""

from __future__ import annotations

import base64
import gzip
import os
import random
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from pipelines import process, workers
from pipelines.model import Page
from tenders.files.captures import read_line
from tenders.jobs.ingest import ingest_files
from tests.helpers.storing import award, capture, quarantine, rows, tenders

pytestmark = pytest.mark.slow


def keys(data: Path) -> list[str]:
    return [str(row[0]).rpartition("/")[2] for row in rows(data / "tenders.duckdb")["notices"]]


GOOD = [award(1), award(2)]
DEEP = "<table><tr><td>" * 10_000 + "中标公告" + "</td></tr></table>" * 10_000
BAD_LINES = {
    "not json": (b"this is not JSON", "not JSON"),
    "half a line": (orjson.dumps(award(3))[:200], "not JSON"),
    "NUL bytes": (orjson.dumps(award(3)).replace(b"title", b"ti\x00le"), "the line holds NUL bytes, so it is no JSON"),
    "a list": (b"[1, 2]", "a JSON object is expected, not list"),
    "nested JSON": (b'{"a":' * 100_000, "not JSON"),
    "no url": (b'{"body": "x"}', "the page has no url"),
    "2 MB of noise": (b"x" * 2_000_000, "not JSON"),
    "bytes of another kind": (bytes(range(1, 9)) + b"\xff\xfe\xba\xad" * 20, "not JSON"),
}


def test_lines_that_cannot_be_read_are_quarantined_and_the_others_are_taken(tmp_path: Path) -> None:
    between = [award(number) for number in range(10, 11 + len(BAD_LINES))]
    lines = [
        between[0],
        *(line for (bad, _), good in zip(BAD_LINES.values(), between[1:], strict=True) for line in (bad, good)),
    ]
    report = ingest_files([capture(tmp_path / "a.jsonl", lines)], tmp_path / "data")
    assert (report.notices, report.problems) == (len(between), len(BAD_LINES))
    assert keys(tmp_path / "data") == [f"{number}.html" for number in range(10, 11 + len(BAD_LINES))]
    found = quarantine(tmp_path / "data")
    assert [(source, number) for source, number, _ in found] == [
        ("a.jsonl", 2 * n) for n in range(1, len(BAD_LINES) + 1)
    ]
    for (name, (_, reason)), (_, _, told) in zip(BAD_LINES.items(), found, strict=True):
        assert told.startswith(reason), name
        assert "\n" not in told, name


def test_two_megabytes_on_one_line_are_read(tmp_path: Path) -> None:
    long = award(3, body=award(3)["body"] + "<p>" + "长" * 700_000 + "</p>")
    report = ingest_files([capture(tmp_path / "a.jsonl", [GOOD[0], long])], tmp_path / "data")
    assert (report.notices, report.problems) == (2, 0)


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl"])
def test_a_gzip_file_that_breaks_off_gives_its_whole_lines(tmp_path: Path, suffix: str) -> None:
    chance = random.Random(1)
    whole = capture(
        tmp_path / "a.jsonl.gz", [award(n, note=chance.randbytes(30_000).hex()) for n in range(20)]
    ).read_bytes()
    cut = tmp_path / f"cut{suffix}"  # the name says nothing: the content does
    cut.write_bytes(whole[: len(whole) // 2])
    report = ingest_files([cut], tmp_path / "data")
    assert 5 <= report.notices < 15
    [(_, number, reason)] = quarantine(tmp_path / "data")
    assert number >= report.notices
    assert reason.startswith("the gzip data is cut short")


def test_damage_inside_a_gzip_file_is_told(tmp_path: Path) -> None:
    chance = random.Random(1)
    whole = bytearray(
        capture(
            tmp_path / "a.jsonl.gz", [award(n, note=chance.randbytes(30_000).hex()) for n in range(20)]
        ).read_bytes()
    )
    whole[len(whole) // 2 : len(whole) // 2 + 200] = b"\x00" * 200
    (tmp_path / "a.jsonl.gz").write_bytes(whole)
    report = ingest_files([tmp_path / "a.jsonl.gz"], tmp_path / "data")
    assert report.notices >= 5
    assert report.problems >= 1


NOTHING_READABLE = {
    "empty.jsonl": (b"", "the file is empty"),
    "empty.jsonl.gz": (gzip.compress(b"", mtime=0), "the file is empty"),
    "head.jsonl.gz": (gzip.compress(b"x" * 1000, mtime=0)[:12], "the gzip data is cut short"),
    "binary.jsonl": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not JSON"),
    "page.warc.gz": (b"\x00\x01\x02", "the line holds NUL bytes"),
    "cut.warc": (b"WARC/1.1\r\nWARC-Type: response\r\n", "no WARC record here"),
}


def test_files_with_nothing_readable_are_told_in_clear_words(tmp_path: Path) -> None:
    for name, (content, _) in NOTHING_READABLE.items():
        (tmp_path / name).write_bytes(content)
    bad = [tmp_path / name for name in NOTHING_READABLE]
    done = tenders("ingest", *bad, capture(tmp_path / "good.jsonl", GOOD), "--data", tmp_path / "data")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for name, (_, reason) in NOTHING_READABLE.items():
        assert [reason in line for line in done.stderr.splitlines() if f"/{name}:" in line] == [True], name
    assert keys(tmp_path / "data") == ["1.html", "2.html"]


def test_a_file_full_of_nonsense_is_told_in_one_line_and_quarantined_line_by_line(tmp_path: Path) -> None:
    capture(tmp_path / "bad.jsonl", [b"nonsense"] * 2500)
    capture(tmp_path / "good.jsonl", GOOD)
    done = tenders("ingest", tmp_path / "bad.jsonl", tmp_path / "good.jsonl", "--data", tmp_path / "data")
    assert done.returncode == 1
    first, last = done.stderr.splitlines()
    assert "bad.jsonl:1: not JSON" in first
    assert "2,499 more lines" in first
    assert last == "2 pages read, 2 notices, 2,500 problems"
    assert len(quarantine(tmp_path / "data")) == 2500


def test_missing_and_unreadable_input_changes_nothing(tmp_path: Path) -> None:
    good = capture(tmp_path / "good.jsonl", GOOD)
    (tmp_path / "nothing here").mkdir()
    for path in (tmp_path / "missing.jsonl", tmp_path / "nothing here"):
        done = tenders("ingest", good, path, "--data", tmp_path / "data")
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert str(path) in done.stderr
        assert not (tmp_path / "data").exists()


def test_ten_thousand_nested_tables_become_a_notice(tmp_path: Path) -> None:
    source = capture(tmp_path / "a.jsonl", [GOOD[0], award(3, body=DEEP), GOOD[1]])
    report = ingest_files([source], tmp_path / "data")
    assert (report.notices, report.problems) == (3, 1)
    assert keys(tmp_path / "data") == ["1.html", "2.html", "3.html"]
    [(source_name, number, reason)] = quarantine(tmp_path / "data")
    assert (source_name, number) == (award(3)["url"], 0)
    assert reason.startswith("tags are nested deeper than")


def test_nested_tables_inside_json_are_no_way_around(tmp_path: Path) -> None:
    body = orjson.dumps({"data": {"title": "中标公告", "noticeContent": DEEP}}).decode().replace("<", "\\u003c")
    record = award(3, portal="cmcc", content_type="application/json", body=body)
    assert ingest_files([capture(tmp_path / "a.jsonl", [record])], tmp_path / "data").notices == 1


@pytest.mark.long
def test_a_file_that_was_mended_leaves_quarantine(tmp_path: Path) -> None:
    source = capture(tmp_path / "a.jsonl", [GOOD[0], b"broken"])
    ingest_files([source], tmp_path / "data")
    assert len(quarantine(tmp_path / "data")) == 1
    ingest_files([capture(source, GOOD)], tmp_path / "data")
    assert quarantine(tmp_path / "data") == []


def page(number: int, body: str | None = None) -> Page:
    read = read_line("x", 1, orjson.dumps(award(number) if body is None else award(number, body=body)))
    assert isinstance(read, Page)
    return read


def test_a_parser_that_fails_leaves_the_title(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(page: Page) -> list[object]:
        raise KeyError("of the parser's own")

    monkeypatch.setattr("pipelines.process._read", fails)
    result = process.process(page(1))
    [notice], problem = result.notices, result.problem
    assert notice.title == award(1)["title"]
    assert notice.notice_key == "made-up:https://notices.example/1.html"
    assert problem is not None
    assert problem.endswith("only its title was read")


def test_a_page_that_takes_too_much_memory_keeps_its_title(monkeypatch: pytest.MonkeyPatch) -> None:
    def grows(page: Page) -> list[object]:
        raise MemoryError

    monkeypatch.setattr("pipelines.process._read", grows)
    result = process.process(page(1))
    assert result.problem == "reading it takes more memory than a page may have; only its title was read"


def test_only_the_title_of_a_huge_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LARGEST_TEXT", 1_000)
    result = process.process(page(1, "<p>甲</p>" * 200))
    assert [notice.title for notice in result.notices] == [award(1)["title"]]
    assert result.problem == "it has more than 1,000 characters; only its title was read"
    wrapped = base64.b64encode(b"%PDF-1.4\n" + b"x" * 2_000).decode()
    assert "characters" not in (process.process(page(1, wrapped)).problem or "")
    assert "characters" in (process.process(page(1, base64.b64encode(b"<p>x" * 500).decode())).problem or "")


def test_a_parser_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(page: Page) -> list[object]:
        while True:
            pass

    monkeypatch.setattr("pipelines.process._read", hangs)
    monkeypatch.setattr(process, "SLOWEST_SECONDS", 0.1)
    result = process.process(page(1))
    [notice], problem = result.notices, result.problem
    assert notice.title == award(1)["title"]
    assert problem is not None
    assert "took longer" in problem
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def crash_on_three(batch: list[int]) -> list[int]:
    if 3 in batch:
        os._exit(11)
    return [2 * number for number in batch]


def test_a_large_batch_is_done_before_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_pool", ThreadPoolExecutor)
    monkeypatch.setattr(workers, "_LARGE_BATCH", 10)
    done = 0
    done_before: list[int] = []

    def batches() -> Iterator[list[int]]:
        for batch in ([1], [50], [60], [2], [3]):
            done_before.append(done)
            yield batch

    for result in workers._Ordered(sum, sum, 2, sum).run(batches()):
        assert result > 0
        done += 1
    assert done_before == [0, 0, 2, 3, 3]


def test_a_batch_that_takes_too_much_memory_is_rescued(monkeypatch: pytest.MonkeyPatch) -> None:
    def grows(batch: list[int]) -> int:
        if batch == [2]:
            raise MemoryError
        return 1

    monkeypatch.setattr(workers, "_pool", ThreadPoolExecutor)
    assert list(workers._Ordered(grows, lambda batch: 0, 2).run([[1], [2], [3]])) == [1, 0, 1]


def test_a_worker_that_dies_takes_no_other_batch_with_it() -> None:
    pool = workers._Ordered(crash_on_three, lambda batch: [0 if number == 3 else 2 * number for number in batch], 2)
    assert list(pool.run([[n, n + 1] for n in range(0, 12, 2)])) == [
        [0, 2],
        [4, 0],
        [8, 10],
        [12, 14],
        [16, 18],
        [20, 22],
    ]
