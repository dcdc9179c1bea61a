"""The documented questions, commands and snippets run against the demo."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.storage.version import STORAGE
from tests.helpers.storing import tenders, tenders_process
from tests.paths import ROOT

_DOCS = ROOT / "docs"
_QUESTIONS = re.findall(
    r"^## (.+?)\n.*?```sql\n(.*?)```", (_DOCS / "questions.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
)
_OPEN = (_DOCS / "open.md").read_text("utf-8")
_COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", _OPEN, re.DOTALL) for line in block.splitlines()]
_SNIPPETS = re.findall(r"```python\n(.*?)```", _OPEN, re.DOTALL)


def test_there_are_ten_questions_in_both_languages() -> None:
    numbered = [title for title, _ in _QUESTIONS if title[0].isdigit()]
    assert len(numbered) == 10
    assert all(re.search(r"[\u4e00-\u9fff]+？ [A-Z]", title) for title in numbered)


@pytest.mark.parametrize(("title", "sql"), _QUESTIONS, ids=[title.split()[0] for title, _ in _QUESTIONS])
def test_a_question_is_answered_by_the_demo(demo: Path, title: str, sql: str) -> None:
    with duckdb.connect(str(demo / "data" / "demo" / "tenders.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'Asia/Shanghai'")
        assert con.execute(sql).fetchall(), title


def test_the_first_answer_is_what_the_demos_awards_say(demo: Path) -> None:
    with duckdb.connect(str(demo / "data" / "demo" / "tenders.duckdb"), read_only=True) as con:
        rows = con.execute(_QUESTIONS[0][1]).fetchall()
    assert [(row[2], row[3]) for row in rows] == [("百度", 1), ("华为", 1)]


@pytest.mark.parametrize("command", _COMMANDS)
def test_a_command_for_other_programs_runs(demo: Path, command: str) -> None:
    result = tenders(*shlex.split(command)[1:], cwd=demo)
    assert result.returncode == 0, result.stderr
    written = demo / shlex.split(command)[-1]
    assert written.exists()
    if written.suffix == ".csv":
        assert written.read_text("utf-8").count("\n") > 3
    else:
        found = f"{written}/*/*.parquet" if written.is_dir() else str(written)
        assert duckdb.execute(f"SELECT count(*) FROM read_parquet('{found}')").fetchone() == (12,)


@pytest.mark.parametrize("snippet", _SNIPPETS)
def test_a_snippet_of_python_runs_as_it_stands(demo: Path, snippet: str) -> None:
    result = subprocess.run([sys.executable, "-c", snippet], cwd=demo, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "key of the award" in result.stdout


@pytest.mark.long
def test_the_file_may_be_held_open_while_a_load_replaces_it(own_demo: Path) -> None:
    published = own_demo / "data" / "demo" / "tenders.duckdb"
    with duckdb.connect(str(published)) as con:
        before = con.execute("SELECT count(*) FROM awards").fetchone()
        again = tenders_process("--data", "data/demo", "rebuild", cwd=own_demo)
        assert again.returncode == 0, again.stderr
        assert con.execute("SELECT count(*) FROM awards").fetchone() == before
    with duckdb.connect(str(published), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM awards").fetchone() == before


def test_the_published_file_is_written_for_the_clients_that_other_programs_bring(demo: Path) -> None:
    with duckdb.connect(str(demo / "data" / "demo" / "tenders.duckdb"), read_only=True) as con:
        row = con.execute("SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal").fetchone()
    assert row
    assert row[0].rstrip("+") == STORAGE == "v1.2.0"
    assert f"since {STORAGE[1:4]}" in _OPEN
