"""A data folder with a large made-up market: notices and awards as the loader keeps them, but made in SQL."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import duckdb

from analysis import awards
from analysis.awards.history import award_key
from pipelines.storage import store
from tenders.data_folder import DataFolder
from tenders.jobs.load import load_spool

_MARKET = Path(__file__).with_suffix(".sql")
_AWARDS = Path(__file__).with_name("stored_market_awards.sql")
_KEYS_AT_ONCE = 50_000


def make(data: Path, projects: int) -> DataFolder:
    """Fill the store of a new data folder with ``projects`` projects, each with at least one notice, and publish it.

    The awards are not resolved, which would take half an hour for a million projects, but they are what the rules give.
    """
    folder = DataFolder(data)

    def make_awards(con: duckdb.DuckDBPyConnection, *, everything: bool) -> list[str]:
        awards.update_blocks(con, everything=everything)
        _make_projects(con, projects)
        _make_keys(con, projects)
        _run(con, _AWARDS.read_text("utf-8"))
        con.execute("DROP TABLE projects; DROP TABLE keys_of_awards; DROP MACRO temp.spread")
        return []

    with closing(store.open_store(folder.store)) as con, store.transaction(con):
        _make_projects(con, projects)
        _run(con, _scripts()[1])
    with patch.object(awards, "resolve_all", make_awards):
        load_spool(data)
    return folder


def _scripts() -> tuple[str, str]:
    """Return the two parts of the script: what makes the projects, and what makes their notices."""
    projects, mark, notices = _MARKET.read_text("utf-8").partition("-- The second notice")
    return projects, mark + notices


def _make_projects(con: duckdb.DuckDBPyConnection, projects: int) -> None:
    for statement in _scripts()[0].split(";"):
        con.execute(statement, {"projects": projects} if "$projects" in statement else None)


def _make_keys(con: duckdb.DuckDBPyConnection, projects: int) -> None:
    con.execute("CREATE TEMP TABLE keys_of_awards (i BIGINT, award_key VARCHAR)")
    for start in range(0, projects, _KEYS_AT_ONCE):
        rows = con.execute(
            "SELECT i, portal || ':' || i FROM projects WHERE i >= ? AND i < ?", [start, start + _KEYS_AT_ONCE]
        ).fetchall()
        numbers, keys = [number for number, _ in rows], [award_key(notice) for _, notice in rows]
        con.execute("INSERT INTO keys_of_awards SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[])", [numbers, keys])


def _run(con: duckdb.DuckDBPyConnection, script: str) -> None:
    for statement in script.split(";"):
        if statement.strip():
            con.execute(statement)
