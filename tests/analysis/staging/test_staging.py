"""The staging views: the one place of `analysis` that reads the tables of `pipelines`."""

from __future__ import annotations

import re

from analysis.staging import STEPS
from tests.helpers.market import SCHEMA, Market
from tests.paths import ROOT


def test_only_staging_reads_the_tables_of_pipelines() -> None:
    tables = re.findall(r"CREATE TABLE IF NOT EXISTS (private\.\w+)", SCHEMA.read_text("utf-8"))
    assert "private.contents" in tables
    for path in (ROOT / "analysis").rglob("*"):
        if path.suffix in (".py", ".sql") and path.parent.name != "staging":
            text = path.read_text("utf-8")
            assert [table for table in tables if re.search(rf"{table}\b", text)] == [], path


def test_every_step_is_a_file_that_says_what_it_gives() -> None:
    files = {path.stem: path.read_text("utf-8") for path in (ROOT / "analysis" / "staging").glob("*.sql")}
    assert set(files) == set(STEPS)
    assert all(text.startswith("-- ") for text in files.values())


def test_a_built_store_keeps_no_staging_view() -> None:
    market = Market()
    market.notice("ccgp:1", name="大模型平台", buyer="某局")
    names = market.publish().rows("SELECT view_name FROM duckdb_views() WHERE starts_with(view_name, 'stg_')")
    assert names == []
