"""The command line as a user meets it: exit codes, one-line errors, results on stdout, read-only queries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.storage import store
from tests.helpers.storing import COMMAND, award, capture, rows, tenders, tenders_process

pytestmark = pytest.mark.slow

COMMANDS = "crawl ingest rebuild portals explain summary query export evaluate schedule status demo".split()


def test_the_installed_command_starts() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("tenders"), "--help"], capture_output=True, text=True, check=True
    )
    assert all(command in result.stdout for command in COMMANDS)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    source = capture(folder / "pages.jsonl", [award(n) for n in range(1, 6)])
    done = tenders("ingest", source, "--data", folder / "data")
    assert (done.returncode, done.stdout) == (0, "")
    return folder / "data"


def failed(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """The command ended with ``code`` and one line on stderr that holds ``words``."""
    assert done.returncode == code, done
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr


def test_every_command_explains_itself_with_an_example() -> None:
    whole = tenders("--help")
    assert whole.returncode == 0
    for command in COMMANDS:
        assert command in whole.stdout
        told = tenders(command, "--help").stdout
        assert f"Example: tenders {command}" in " ".join(told.split())
        assert "--data" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], ["nonsense"]),
        (["summary"], ["--period"]),
        (["summary", "--month", "2026-07", "--period", "2026-07"], ["not both"]),
        (["summary", "--month", "2026-Q1"], ["2026-Q1", "2025-07"]),
        (["summary", "--period", "2026-07..2026-01"], ["2026-01..2026-07"]),
        (["summary", "--month", "2026-13"], ["2026-13", "2025-07"]),
        (["summary", "--month", "July"], ["July"]),
        (["summary", "--month", "2026-07", "--definition", "nobody's"], ["nobody's"]),
        (["summary", "--month", "2026-07", "--as-of", "soon"], ["as-of", "2025-07-31"]),
        (["summary", "--month", "2026-07", "--format", "pdf"], ["pdf"]),
        (["summary", "--month", "2026-07", "--format", "xlsx"], ["needs a file", "-o FILE.xlsx"]),
        (["summary", "--month", "2026-07", "--format", "png"], ["one file for each chart", "-o FOLDER"]),
        (["summary", "--month", "2026-07", "--format", "svg"], ["one file for each chart", "-o FOLDER"]),
        (["summary", "--month", "2026-07", "-o", "/no/such/folder/x.md"], ["cannot write /no/such/folder/x.md"]),
        (["query", "SELEC 1"], ["the query fails", "SELEC"]),
        (["query", "SELECT * FROM nowhere"], ["nowhere"]),
        (["query", ""], []),
        (["crawl", "nowhere"], ["nowhere"]),
        (["crawl", "ccgp", "--since", "2026-7-1"], ["2026-7-1"]),
        (["crawl", "ccgp", "--since", "2026-08-01", "--until", "2026-07-01"], ["2026-08-01"]),
        (["crawl", "ccgp", "--limit", "many"], ["--limit"]),
        (["crawl", "ccgp", "--origin", "nonsense"], ["nonsense"]),
        (["crawl"], ["PORTAL"]),
        (["explain", "no such thing"], ["no such thing"]),
        (["evaluate", "/no/labels.jsonl"], ["/no/labels.jsonl"]),
        (["export", "--format", "csv", "--lang", "en", "-o", "x.csv"], ["--lang"]),
        (["export", "--format", "csv", "-o", "x.csv", "--since", "2026-08-01", "--until", "2026-07-01"], ["swap them"]),
        (["review", "-o", "x.csv", "--since", "2026-08-01", "--until", "2026-07-01"], ["2026-08-01", "swap them"]),
        (["export", "--format", "ocds", "-o", "/no/such/folder/x"], ["/no/such/folder"]),
        (["export", "--format", "csv", "-o", "/no/such/folder/x.csv"], ["/no/such/folder/x.csv"]),
        (["schedule", "--config", "/no/such.toml"], ["/no/such.toml", "no such file"]),
        (["ingest", "/no/such/file.jsonl"], ["/no/such/file.jsonl", "does not exist"]),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(data: Path, arguments: list[str], words: list[str]) -> None:
    failed(tenders(*arguments, "--data", data), 2, *words)


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "SELECT 1"],
        ["summary", "--month", "2026-07"],
        ["explain", "x"],
        ["export", "--format", "csv", "-o", "x.csv"],
    ],
)
def test_a_missing_database_says_what_to_do_first(tmp_path: Path, arguments: list[str]) -> None:
    failed(tenders(*arguments, "--data", tmp_path / "none"), 2, "tenders ingest", "tenders crawl")
    assert not (tmp_path / "none").exists()


def test_nothing_to_rebuild_is_told(tmp_path: Path) -> None:
    failed(tenders("rebuild", "--data", tmp_path / "none"), 2, "holds no WARC")
    failed(tenders("rebuild", "--classify-only", "--data", tmp_path / "none"), 2, "tenders ingest")


def test_the_data_folder_is_told_before_or_after_the_command_or_by_the_environment(data: Path, tmp_path: Path) -> None:
    sql = ["query", "SELECT count(*) AS n FROM notices", "--format", "csv"]
    ways = (
        tenders("--data", data, *sql),
        tenders(*sql, "--data", data),
        tenders(*sql, env={"TENDERS_DATA": str(data)}),
        tenders("--data", tmp_path, *sql, "--data", data),
    )
    assert {(way.returncode, way.stdout) for way in ways} == {(0, "n\n5\n")}
    (tmp_path / "data").symlink_to(data)
    assert tenders(*sql, cwd=tmp_path).stdout == "n\n5\n"


WRITING = [
    "CREATE TABLE x (a INT)",
    "DELETE FROM notices",
    "DROP VIEW monthly",
    "COPY notices TO '{file}'",
    "COPY (SELECT 1) TO '{file}'",
    "EXPORT DATABASE '{file}'",
    "ATTACH '{file}'",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('/etc/hostname')",
    "SELECT * FROM '/etc/hostname'",
    "SELECT * FROM glob('/etc/*')",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "PRAGMA temp_directory='{file}'",
    "SELECT 1; DELETE FROM notices",
]


@pytest.mark.parametrize("sql", WRITING)
def test_a_query_can_neither_write_nor_reach_a_file(data: Path, tmp_path: Path, sql: str) -> None:
    before = (data / "private" / "published.duckdb").read_bytes()
    failed(tenders("query", sql.format(file=tmp_path / "out"), "--data", data), 2)
    assert not list(tmp_path.iterdir())
    assert (data / "private" / "published.duckdb").read_bytes() == before


def test_query_gives_rows_in_each_format(data: Path, tmp_path: Path) -> None:
    sql = "SELECT project_number, amount_yuan FROM awards WHERE project_number LIKE '%0001'"
    found = json.loads(tenders("query", sql, "--format", "json", "--data", data).stdout)
    assert [row["project_number"] for row in found] == ["MS-2026-0001"]
    assert "MS-2026-0001" in tenders("query", sql, "--data", data).stdout
    out = tmp_path / "out.csv"
    done = tenders("query", "-", "--format", "csv", "-o", out, "--data", data, input=sql)
    assert (done.returncode, done.stdout) == (0, "")
    assert out.read_text() == "project_number,amount_yuan\nMS-2026-0001,115000.00\n"


@pytest.mark.long
def test_query_summary_and_explain_work_while_another_program_holds_the_database(data: Path) -> None:
    holder = duckdb.connect(str(data / "tenders.duckdb"))
    try:
        holder.execute("BEGIN; CREATE TABLE held (a INT)")
        assert tenders_process("query", "SELECT 1", "--data", data).returncode == 0
        assert tenders_process("summary", "--month", "2026-07", "--data", data).returncode == 0
        assert tenders_process("explain", award(1)["url"], "--data", data).returncode == 0
        holder.execute("ROLLBACK")
    finally:
        holder.close()


@pytest.mark.parametrize("format", ["table", "md", "json", "csv"])
def test_summary_in_each_format_to_stdout_and_to_a_file(data: Path, tmp_path: Path, format: str) -> None:
    shown = tenders("summary", "--month", "2026-07", "--format", format, "--data", data)
    assert shown.returncode == 0
    out = tmp_path / "summary"
    assert tenders("summary", "--month", "2026-07", "--format", format, "-o", out, "--data", data).stdout == ""
    assert out.read_text() == ("\ufeff" if format == "csv" else "") + shown.stdout
    assert list(tmp_path.iterdir()) == [out]
    if format == "json":
        found: dict[str, Any] = json.loads(shown.stdout)
        assert (found["month"], found["definition"], found["awards"]) == ("2026-07", "market", 5)


def test_explain_leads_back_to_the_words(data: Path) -> None:
    told = tenders("explain", "made-up:https://notices.example/1.html", "--data", data)
    assert told.returncode == 0
    assert "大模型" in told.stdout
    assert "MS-2026-0001" in told.stdout


def test_export_writes_csv_and_parquet_whole(data: Path, tmp_path: Path) -> None:
    counted = ["--counted", "--since", "2026-07-03", "--until", "2026-07-04", "--data", data]
    assert tenders("export", "--format", "csv", "-o", tmp_path / "a.csv", "--data", data).returncode == 0
    assert tenders("export", "--format", "csv", "-o", tmp_path / "few.csv", *counted).returncode == 0
    assert tenders("export", "--format", "parquet", "-o", tmp_path / "a.parquet", "--data", data).returncode == 0
    assert tenders("export", "--format", "parquet", "-o", tmp_path / "lake", "--data", data).returncode == 0
    assert tenders("export", "--format", "parquet", "-o", tmp_path / "lake", "--data", data).returncode == 0
    assert (tmp_path / "a.csv").read_text().startswith("\ufeffaward_key,")
    con = duckdb.connect()
    assert con.execute(f"SELECT count(award_key), sum(amount_yuan) FROM read_csv('{tmp_path}/a.csv')").fetchall() == [
        (5, 675_000)
    ]
    assert con.execute(f"SELECT count(*) FROM read_csv('{tmp_path}/few.csv')").fetchall() == [(2,)]
    assert con.execute(f"SELECT count(*), typeof(any_value(suppliers)) FROM '{tmp_path}/a.parquet'").fetchall() == [
        (5, "VARCHAR[]")
    ]
    query = f"SELECT month, count(*) FROM read_parquet('{tmp_path}/lake/**/*.parquet', hive_partitioning = true) GROUP BY month"
    assert con.execute(query).fetchall() == [("2026-07", 5)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.parquet", "few.csv", "lake"]


def test_an_export_never_replaces_a_folder_that_holds_other_things(data: Path, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    failed(tenders("export", "--format", "parquet", "-o", tmp_path, "--data", data), 2, "other things")
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_a_formula_in_a_name_is_harmless_in_csv(tmp_path: Path) -> None:
    body = (
        award(1)["body"]
        .replace("某市甲1科技有限公司", "=HYPERLINK(1)科技有限公司")
        .replace("大模型教学平台采购项目</p>", "@大模型平台</p>")
    )
    capture(tmp_path / "a.jsonl", [award(1, body=body)])
    assert tenders("ingest", tmp_path / "a.jsonl", "--data", tmp_path / "d").returncode == 0
    assert tenders("export", "--format", "csv", "-o", tmp_path / "a.csv", "--data", tmp_path / "d").returncode == 0
    with duckdb.connect() as con:
        cells = con.execute(f"SELECT * FROM read_csv('{tmp_path}/a.csv', all_varchar = true)").fetchall()
    assert not [cell for row in cells for cell in row if cell and cell[0] in "=+-@"]


@pytest.mark.long
def test_rebuild_from_the_command_line_changes_nothing(data: Path) -> None:
    before = rows(data / "tenders.duckdb")
    for options in ([], ["--classify-only"]):
        done = tenders("rebuild", *options, "--data", data)
        assert (done.returncode, done.stdout) == (0, "")
        assert rows(data / "tenders.duckdb") == before


@pytest.mark.long
def test_status_is_1_while_something_needs_a_person(tmp_path: Path) -> None:
    capture(tmp_path / "a.jsonl", [award(1), b"broken"])
    assert tenders("ingest", tmp_path / "a.jsonl", "--data", tmp_path / "d").returncode == 1
    told = tenders("status", "--data", tmp_path / "d")
    assert told.returncode == 1
    assert "not JSON" in told.stdout
    capture(tmp_path / "a.jsonl", [award(1)])
    assert tenders("ingest", tmp_path / "a.jsonl", "--data", tmp_path / "d").returncode == 0
    assert tenders("status", "--data", tmp_path / "d").returncode == 0


def test_portals_are_listed_with_and_without_data(data: Path, tmp_path: Path) -> None:
    for folder in (data, tmp_path / "none"):
        told = tenders("portals", "--data", folder)
        assert told.returncode == 0
        assert "ccgp" in told.stdout
    assert not (tmp_path / "none").exists()


@pytest.mark.long
def test_a_reader_that_stops_early_is_no_error(data: Path) -> None:
    shell = (
        f'"{COMMAND[0]}" -c "{COMMAND[2]}" --data "{data}" query "SELECT * FROM range(200000)" --format csv | head -n 1'
    )
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell], capture_output=True, text=True, env=os.environ, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    source = capture(tmp_path / "a.jsonl", [award(1)])
    failed(tenders("ingest", source, "--data", tmp_path / "file"), 2, "file")


@pytest.mark.long
def test_too_little_memory_is_one_line_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = capture(tmp_path / "a.jsonl", [award(1)])
    with monkeypatch.context() as patch:
        patch.setattr(store, "_MEMORY_MB", 1)
        done = tenders("ingest", source, "--data", tmp_path / "data")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.splitlines()[-1].startswith("tenders: not enough memory")
    assert tenders("ingest", source, "--data", tmp_path / "data").returncode == 0
    assert len(rows(tmp_path / "data" / "tenders.duckdb")["awards"]) == 1
