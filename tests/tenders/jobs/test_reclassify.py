"""Classifying again: the result is that of reading again, and only what changed is stored and resolved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.warehouse import publish
from pipelines import classify
from tenders.data_folder import DataFolder
from tenders.jobs import reclassify
from tenders.jobs.ingest import ingest_files
from tests.helpers.storing import award, capture, rows

pytestmark = pytest.mark.slow


@pytest.mark.long
def test_only_notices_whose_classes_changed_are_stored_and_resolved_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    ingest_files([capture(tmp_path / "a.jsonl", [award(number) for number in range(1, 4)])], data)
    built = []
    build = publish.build

    def noted(con: duckdb.DuckDBPyConnection, changed: set[str] | None = None, *more: Any) -> set[str] | None:
        built.append(changed)
        return build(con, changed, *more)

    monkeypatch.setattr(publish, "build", noted)
    before = rows(data / "tenders.duckdb")
    done = reclassify.reclassify_store(data)
    assert (done.notices, done.changes.notices, built) == (3, 0, [set()])
    assert rows(data / "tenders.duckdb") == before

    original = classify.classify

    def otherwise(notice: Any, portal_province: str | None = None) -> None:
        original(notice, portal_province)
        if notice.notice_key.endswith("2.html"):
            notice.lots[0].winners[0].vendor = "某集团"

    monkeypatch.setattr(classify, "classify", otherwise)
    done = reclassify.reclassify_store(data)
    assert (done.notices, done.changes.notices) == (3, 1)
    assert built[1:] == [{"made-up:https://notices.example/2.html"}]
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        assert con.execute("SELECT notice_keys[1], vendors FROM awards WHERE vendors <> []").fetchall() == [
            ("made-up:https://notices.example/2.html", ["某集团"])
        ]
    folder = DataFolder(data)
    monkeypatch.setattr(reclassify, "_MOST_ROWS", 2)
    parts = list(reclassify._parts(folder.store))
    assert [(part.first, part.last) for part in parts] == [(0, 2), (2, 4)]
    assert [reclassify.classify_part([part]) for part in parts] == [([], 2), ([], 1)]
    assert [path for path in (folder.rebuilding / "spool", folder.preview) if path.exists()] == []
