"""The reader on real notices, compared with labels. The floors are slightly below the measured figures."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.quality.evaluate import Report, evaluate
from tenders.jobs.ingest import ingest_files
from tests.helpers.personal_data import names_by_role, personal_data, separate_names
from tests.helpers.storing import capture, tenders
from tests.paths import SHARED

_SHARED = SHARED
pytestmark = pytest.mark.skipif(
    not (_SHARED / "captures").is_dir(), reason="the real captures are not next to this checkout"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    captures = _SHARED / "captures"
    names = ("ccgp-text.jsonl.gz", "yichang-award.jsonl.gz", "yichang-candidate.jsonl.gz", "cmcc-results.jsonl")
    report = ingest_files([captures / name for name in names], folder)
    assert report.pages == 516
    return folder


def _further_pages() -> Iterator[tuple[str, str, str]]:
    """Yield (address, content type, text) of the notices and pages that are no capture files.

    A text comes with its lines and, as HTML, without them: then all its tables and lists are one line.
    """
    captures = _SHARED / "captures"
    with gzip.open(captures / "ggzy-sport.json.gz") as file:
        for number, notice in enumerate(json.load(file)):
            text = max((value for value in notice.values() if isinstance(value, str)), key=len)
            yield f"http://www.ggzy.gov.cn/{number}.html", "text/html", text
            yield f"http://www.ggzy.gov.cn/lines/{number}.html", "text/plain", text
    for folder in ("pages", "pages2"):
        for path in sorted((captures / folder).rglob("*.*")):
            if path.suffix in {".html", ".json"}:
                kind = "application/json" if path.suffix == ".json" else "text/html"
                yield f"http://pages.example/{path.relative_to(captures)}", kind, path.read_text("utf-8", "replace")


@pytest.fixture(scope="module")
def further(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with those pages."""
    folder = tmp_path_factory.mktemp("further")
    lines = [
        {
            "portal": "ggzy" if "ggzy" in url else None,
            "url": url,
            "fetched_at": "2026-04-01T10:00:00+08:00",
            "content_type": kind,
            "body": text,
        }
        for url, kind, text in _further_pages()
    ]
    report = ingest_files([capture(folder / "further.jsonl", lines)], folder / "data")
    assert report.notices > 60
    return folder / "data"


def _stored_texts(data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (table, column, text) of every text in the published database, except addresses and project numbers."""
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        columns = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal"
            " AND table_name IN (SELECT table_name FROM duckdb_tables()) AND column_name NOT IN ('url', 'project_number')"
            " AND (data_type LIKE 'VARCHAR%' OR data_type = 'JSON')"
        ).fetchall()
        assert {"notices", "lots", "winners", "awards", "award_states"} <= {table for table, _ in columns}
        for table, column in columns:
            for (text,) in con.execute(f'SELECT DISTINCT CAST("{column}" AS VARCHAR) FROM {table}').fetchall():
                yield table, column, text or ""


def _project_numbers(data: Path) -> set[str]:
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return {str(row[0]) for row in con.execute("SELECT DISTINCT project_number FROM notices").fetchall()}


def _compare_with_labels(data: Path, *labels: str) -> Report:
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return evaluate(con, [_SHARED / "labels" / name for name in labels])


def test_fields_of_real_ccgp_notices_are_read_correctly(data: Path) -> None:
    fields = _compare_with_labels(data, "notices.jsonl").fields
    for name, precision, recall in (
        ("kind", 0.99, 0.99),
        ("project_number", 0.97, 0.97),
        ("buyer", 0.98, 0.98),
        ("supplier", 0.99, 0.99),
        ("amount", 0.98, 0.97),
        ("published_on", 0.98, 0.98),
        ("province", 0.97, 0.97),
        ("sector", 0.95, 0.95),
    ):
        assert fields[name].precision is not None, name
        assert fields[name].precision >= precision, name
        assert fields[name].recall is not None, name
        assert fields[name].recall >= recall, name


def test_real_yichang_awards_are_read_correctly(data: Path) -> None:
    fields = _compare_with_labels(data, "yichang-award.jsonl").fields
    for name in ("buyer", "supplier", "amount"):
        assert fields[name].recall is not None
        assert fields[name].recall >= 0.98, name


@pytest.mark.long
def test_no_personal_data_of_real_notices_is_stored(data: Path, further: Path) -> None:
    for folder in (data, further):
        numbers = _project_numbers(folder)
        assert [
            (table, column, hit)
            for table, column, text in _stored_texts(folder)
            for hit in personal_data(text, numbers)
        ] == []


@pytest.mark.long
def test_nobody_whom_a_real_page_names_by_role_is_stored(data: Path, further: Path) -> None:
    names = {name for _, _, text in _further_pages() for name in names_by_role(text)}
    for path in sorted((_SHARED / "captures").glob("*.jsonl*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        names |= {name for line in content.splitlines() for name in names_by_role(json.loads(line)["body"] or "")}
    assert len(names) > 1000
    for folder in (data, further):
        assert [
            (table, column, name)
            for table, column, text in _stored_texts(folder)
            for name in separate_names(text) & names
        ] == []


@pytest.mark.long
def test_no_personal_data_of_real_notices_is_published(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    for arguments in (
        ["export", "--format", "csv", "-o", tmp_path / "awards.csv"],
        ["export", "--format", "ocds", "-o", tmp_path / "ocds"],
        ["summary", "--month", "2026-07", "--format", "html", "-o", tmp_path / "summary.html"],
        ["publish", "-o", site, "--with-pages"],
    ):
        done = tenders("--data", data, *arguments)
        assert done.returncode in (0, 1), done.stderr
    files = [
        path
        for path in tmp_path.rglob("*")
        if path.suffix in {".csv", ".json", ".html", ".xml", ".jsonl", ".md", ".gz"}
    ]
    assert any(path.suffix == ".gz" for path in files)
    numbers = _project_numbers(data)
    found = []
    for path in files:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = content.decode("utf-8", "replace").replace("\\n", "\n")
        found += [(path.name, hit) for hit in personal_data(re.sub(r"https?://\S+", "", text), numbers)]
    assert found == []


def test_every_award_has_evidence_in_its_notices(data: Path) -> None:
    query = "SELECT evidence::VARCHAR, coalesce(body, '') || coalesce(title, '') FROM notices WHERE kind = 'award'"
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        rows: list[tuple[str, str]] = con.execute(query).fetchall()
    assert len(rows) > 200
    for evidence, text in rows:
        found: dict[str, Any] = json.loads(evidence)
        for field, words in found.items():
            if not field.startswith("rule:"):
                assert all(word in text for word in words), (field, words)
