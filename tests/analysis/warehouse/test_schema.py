"""The published database says what it is: every column described, the page on it current, and its version checked."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from analysis.views import catalog
from analysis.warehouse import comments, schema_docs
from pipelines.storage.version import VERSION
from tests.helpers.market import Market, own_store
from tests.helpers.storing import award, capture, tenders
from tests.paths import ROOT

pytestmark = pytest.mark.slow

_ROOT = ROOT
_COMMENTS = """
    SELECT table_name, NULL AS column_name, comment FROM duckdb_tables() WHERE schema_name = 'main'
    UNION ALL SELECT view_name, NULL, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal
    UNION ALL SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal
    UNION ALL SELECT function_name, NULL, comment FROM duckdb_functions() WHERE schema_name = 'main' AND NOT internal
    ORDER BY ALL
"""


@pytest.fixture(scope="module")
def market() -> Market:
    made = Market(own_store())
    made.con.execute("INSERT INTO private.format VALUES (?)", [VERSION])
    return made.publish()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three notices."""
    place = tmp_path_factory.mktemp("folder")
    source = capture(place / "pages.jsonl", [award(n) for n in range(3)])
    assert tenders("ingest", source, "--data", place / "data").returncode == 0
    return place / "data"


def test_every_table_view_macro_and_column_is_described(market: Market) -> None:
    found = market.con.execute(_COMMENTS).fetchall()
    assert [(name, column) for name, column, text in found if not text] == []
    assert {name for name, column, _ in found if column is None} >= {*catalog.descriptions(), "awards", "notices"}


def test_nothing_is_described_that_is_not_there(market: Market) -> None:
    told = comments._descriptions()
    there = {(name, column) for name, columns in comments.relations(market.con).items() for column, _ in columns}
    assert set(told["tables"]) <= {name for name, _ in there}
    assert set(told["columns"]) <= {column for _, column in there}
    assert {(name, column) for name, columns in told["in"].items() for column in columns} <= there


def test_descriptions_reach_the_published_file(folder: Path, market: Market) -> None:
    with duckdb.connect(str(folder / "tenders.duckdb"), read_only=True) as con:
        assert con.execute(_COMMENTS).fetchall() == market.con.execute(_COMMENTS).fetchall()


def test_the_page_on_the_schema_is_current(folder: Path) -> None:
    with duckdb.connect(str(folder / "tenders.duckdb"), read_only=True) as con:
        current = schema_docs.schema(con)
    assert (_ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == current, (
        "make references writes it again "
        "(and raise pipelines.storage.version.VERSION, if folders of a released version lack what is new)"
    )


def test_the_published_database_says_its_version(folder: Path) -> None:
    with duckdb.connect(str(folder / "tenders.duckdb"), read_only=True) as con:
        assert con.execute("SELECT schema_version FROM about").fetchall() == [(VERSION,)]


def written_by(folder: Path, into: Path, version: int | None) -> Path:
    """A copy of the folder as another version would have written it; None: one from before versions were kept."""
    shutil.copytree(folder, into)
    for name, table in (
        ("private/store.duckdb", "private.format"),
        ("private/published.duckdb", "about"),
        ("tenders.duckdb", "about"),
    ):
        with duckdb.connect(str(into / name)) as con:
            con.execute(
                f"DROP TABLE {table}"
                if version is None
                else f"UPDATE {table} SET {con.table(table).columns[0]} = {version}"
            )
    return into


COMMANDS = (
    ["summary", "--month", "2026-07"],
    ["status"],
    ["crawl", "ccgp", "--limit", "1"],
    ["rebuild", "--classify-only"],
    ["schedule", "--once"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_folder_of_an_older_version_is_told_to_be_rebuilt_in_one_line(
    folder: Path, tmp_path: Path, command: list[str]
) -> None:
    old = written_by(folder, tmp_path / "old", None)
    before = sorted(path.name for path in old.rglob("*"))
    said = tenders(*command, "--data", old, cwd=tmp_path)
    assert said.returncode == 2, said.stderr
    assert said.stderr.count("\n") == 1
    assert "older version" in said.stderr
    assert "tenders rebuild" in said.stderr
    left = sorted(path.name for path in old.rglob("*"))
    assert [name for name in left if not name.endswith((".lock", ".wal"))] == [
        name for name in before if not name.endswith(".lock")
    ]


def test_nothing_is_read_into_a_folder_of_another_version(folder: Path, tmp_path: Path) -> None:
    old = written_by(folder, tmp_path / "old", None)
    archived = sorted(path.stat().st_size for path in (old / "archive").iterdir())
    said = tenders("ingest", capture(tmp_path / "more.jsonl", [award(9)]), "--data", old)
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert "tenders rebuild" in said.stderr
    assert sorted(path.stat().st_size for path in (old / "archive").iterdir()) == archived


def test_a_folder_of_a_newer_version_says_so(folder: Path, tmp_path: Path) -> None:
    said = tenders("query", "SELECT 1", "--data", written_by(folder, tmp_path / "new", VERSION + 1))
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert "newer version" in said.stderr


@pytest.mark.long
@pytest.mark.parametrize("version", [None, VERSION + 1])
def test_a_rebuild_makes_a_folder_of_another_version_anew(folder: Path, tmp_path: Path, version: int | None) -> None:
    old = written_by(folder, tmp_path / "old", version)
    rebuilt = tenders("rebuild", "--data", old)
    assert rebuilt.returncode == 0, rebuilt.stderr
    for name in ("tenders.duckdb", "private/published.duckdb"):
        with (
            duckdb.connect(str(old / name), read_only=True) as con,
            duckdb.connect(str(folder / name), read_only=True) as first,
        ):
            assert con.execute("SELECT schema_version FROM about").fetchall() == [(VERSION,)]
            assert con.execute("SELECT * FROM awards").fetchall() == first.execute("SELECT * FROM awards").fetchall()
    assert tenders("query", "SELECT 1", "--data", old).returncode == 0
