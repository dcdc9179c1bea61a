"""Helpers of the storing tests: capture files of made-up notices, the command as a user runs it, databases as comparable rows."""

from __future__ import annotations

import gzip
import io
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from pipelines.common.sql_text import literal
from tenders import cli

COMMAND = [sys.executable, "-c", "from tenders.cli import main; main()"]


def award(number: int, **changes: Any) -> dict[str, Any]:
    """A capture record of a made-up award notice; ``number`` tells notices apart."""
    title = f"某市第{number}中学大模型教学平台采购项目中标公告"
    body = (
        f"<html><head><title>{title}</title></head><body><h2>{title}</h2><div class='vF_detail_content'>"
        f"<p>一、项目编号：MS-2026-{number:04d}</p><p>二、项目名称：某市第{number}中学大模型教学平台采购项目</p>"
        f"<p>三、中标（成交）信息</p><p>供应商名称：某市甲{number}科技有限公司</p>"
        f"<p>中标（成交）金额：{number + 10}.5000000（万元）</p>"
        f"<p>1.采购人信息</p><p>名 称：某市第{number}中学</p></div></body></html>"
    )
    record = {
        "portal": "made-up",
        "url": f"https://notices.example/{number}.html",
        "fetched_at": f"2026-07-{number % 28 + 1:02d}T12:00:00+08:00",
        "content_type": "text/html",
        "title": title,
        "published_on": f"2026-07-{number % 28 + 1:02d}",
        "body": body,
    }
    return {**record, **changes}


def capture(path: Path, records: list[Any]) -> Path:
    """A capture file; bytes among the records are written as they are, as one line."""
    lines = [record if isinstance(record, bytes) else orjson.dumps(record) for record in records]
    data = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def tenders(
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    input: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, and return the stdout, stderr and exit code that a user's shell would see.

    A process of its own takes most of a second to start: use ``tenders_process`` only for what needs one.
    """
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(stdout), redirect_stderr(stderr):
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        patch.delenv("TENDERS_DEBUG", raising=False)
        patch.chdir(cwd or Path.cwd())
        patch.setattr(sys, "argv", ["tenders", *map(str, arguments)])
        patch.setattr(sys, "stdin", io.StringIO(input))
        # A new process has no log handlers. With those of pytest, the command would not add its own.
        patch.setattr(logging.root, "handlers", [])
        with pytest.raises(SystemExit) as exit_:
            cli.main()
    stdout.seek(0)
    stderr.seek(0)
    return subprocess.CompletedProcess(sys.argv, int(exit_.value.code or 0), stdout.read(), stderr.read())


def tenders_process(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own, for what only a new process shows: see ``tenders``."""
    environment = {**os.environ, **options.pop("env", {})}
    environment.pop("TENDERS_DEBUG", None)
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=options.pop("timeout", 120),
        env=environment,
        check=False,
        **options,
    )


def rows(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in stored order."""
    con = _reader()
    con.execute(f"ATTACH {literal(database)} AS asked (READ_ONLY)")
    try:
        found = (
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'asked' AND schema_name = 'main' ORDER BY 1"
        )
        tables = con.execute(found).fetchall()
        return {name: con.execute(f'SELECT * FROM asked.main."{name}"').fetchall() for (name,) in tables}
    finally:
        con.execute("DETACH asked")


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    """A connection that files are attached to: to attach one takes a fifth of the time that a new connection takes."""
    con = duckdb.connect()
    con.execute("SET threads = 1")
    return con


def quarantine(data: Path) -> list[tuple[str, int, str]]:
    """File name, line and reason of all that is in quarantine."""
    with duckdb.connect(str(data / "private" / "store.duckdb"), read_only=True) as con:
        found = con.execute("SELECT source, line, reason FROM private.quarantine ORDER BY source, line").fetchall()
    return [(Path(source).name if source.startswith("/") else source, line, reason) for source, line, reason in found]
