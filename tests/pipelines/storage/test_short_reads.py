"""Short questions to a database file: each sees the file as it is now, also when DuckDB is started again."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.storage import short_reads


def test_duckdb_is_started_again_after_many_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each question leaves in it must not grow for years."""
    monkeypatch.setattr(short_reads, "_MOST_READS", 2)
    monkeypatch.setattr(short_reads, "_running", short_reads._Running())
    path = tmp_path / "numbers.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE numbers AS SELECT 7 AS number")
    connections = []
    for _ in range(5):
        with short_reads.read_file(path) as con:
            connections.append(con)
            assert con.execute("FROM numbers").fetchall() == [(7,)]
    assert [connections.index(con) for con in connections] == [0, 0, 2, 2, 4]
    with pytest.raises(duckdb.ConnectionException):
        connections[0].execute("SELECT 1")
