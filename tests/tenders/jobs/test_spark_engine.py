"""Spark reads what the pool reads; without Spark one line says what is missing."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tenders.jobs import spark_engine
from tests.helpers.spark import needs_spark
from tests.helpers.storing import award, capture, quarantine, rows, tenders, tenders_process
from tests.paths import ROOT

DEADLY = "https://notices.example/50.html"
# Python runs this at its start: then one page ends every process that parses it, as a fault in a parser would.
SITE = f"""
import os, sys
if any("forkserver" in part or "pyspark" in part for part in sys.orig_argv):
    from pipelines import process, workers
    parse = process.process
    workers.process = lambda page: os._exit(9) if page.url == {DEADLY!r} else parse(page)
"""
RECORDS = [award(number) for number in range(70)]


@pytest.mark.parametrize(
    ("pyspark", "home", "words"),
    [
        (None, None, "pip install 'tenders[spark]'"),
        (object(), "/nowhere", "needs Java 17 or newer: JAVA_HOME (/nowhere) has no bin/java"),
    ],
    ids=["no Spark", "no Java"],
)
@pytest.mark.parametrize("command", [["ingest", "pages.jsonl"], ["rebuild"]], ids=["ingest", "rebuild"])
def test_a_missing_part_is_named_in_one_line(
    command: list[str],
    pyspark: object,
    home: str | None,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spark_engine, "find_spec", lambda name: pyspark)
    result = tenders(*command, "--engine", "spark", cwd=tmp_path, env={"JAVA_HOME": home} if home else {})
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert words in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ingest", "hdfs://name-node/captures"], "read it with --engine spark"),
        (["ingest", "pages.jsonl", "--master", "local[2]"], "add --engine spark"),
        (["rebuild", "--engine", "flink"], "'flink' is not one of"),
        (["rebuild", "--engine", "spark", "--master", "host"], "--master is local[N], spark://HOST:PORT, yarn"),
        (["rebuild", "--classify-only", "--master", "local[2]"], "add --engine spark"),
    ],
)
def test_options_that_do_not_fit_are_refused(arguments: list[str], words: str, tmp_path: Path) -> None:
    result = tenders(*arguments, cwd=tmp_path)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert words in result.stderr


@needs_spark
@pytest.mark.heavy
@pytest.mark.slow
def test_spark_gives_the_same_tables_as_the_pool_and_a_deadly_page_is_quarantined(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SITE, "utf-8")
    environment = {"PYTHONPATH": f"{tmp_path / 'site'}:{ROOT}"}
    # Large enough for two shares, with a line that cannot be read.
    filling = {"body": award(70)["body"] + "<!-- " + "x" * 600_000 + " -->"}
    (tmp_path / "captures").mkdir()
    large = [*RECORDS[:60], b"broken", {**award(70), **filling}]
    capture(tmp_path / "captures" / "large.jsonl", large)
    (tmp_path / "remote").mkdir()
    capture(tmp_path / "remote" / "small.jsonl.gz", [*RECORDS[60:], b"broken too"])
    table = tmp_path / "own.csv"
    table.write_text("project_name,awarded_on,suppliers\n某市大模型项目,2026-07-03,某市甲科技有限公司\n", "utf-8")
    pool, spark = tmp_path / "pool", tmp_path / "spark"

    def run(data: Path, *arguments: str | Path) -> str:
        result = tenders_process("--data", data, *arguments, cwd=tmp_path, env=environment, timeout=600)
        assert result.returncode == 1, result.stderr
        return result.stderr.splitlines()[-1]

    assert run(pool, "ingest", "captures/", "remote", table) == "72 pages read, 72 notices, 3 problems"
    more = (f"file://{tmp_path}/remote", table, "--master", "local[2]")
    assert run(spark, *documented("ingest"), *more) == "72 pages read, 72 notices, 3 problems"
    assert rows(spark / "tenders.duckdb") == rows(pool / "tenders.duckdb")
    assert (DEADLY, 0, "the parser crashed or hung on it; only its title was read") in quarantine(spark)
    assert sorted((Path(source).name, line, reason) for source, line, reason in quarantine(spark)) == sorted(
        (Path(source).name, line, reason) for source, line, reason in quarantine(pool)
    )

    again = "72 pages read from the archive, 72 notices, 1 problems"
    assert run(pool, "rebuild") == run(spark, *documented("rebuild"), "--master", "local[2]") == again
    assert rows(spark / "tenders.duckdb") == rows(pool / "tenders.duckdb")


def documented(command: str) -> list[str]:
    """The first example of a command in docs/scale.md."""
    page = (ROOT / "docs" / "scale.md").read_text("utf-8")
    return shlex.split(re.findall(rf"^tenders ({command} .*)$", page, re.M)[0])
