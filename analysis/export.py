"""Awards as files for other programs: CSV for people and spreadsheets, Parquet for Spark, Trino and DuckDB."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import duckdb

# The rows that the view monthly counts.
_COUNTED = "is_large_model AND status = 'awarded'"
# A spreadsheet would run a text that begins so as a formula.
_FORMULA = r"^[=+\-@\t\r]"


def file(
    con: duckdb.DuckDBPyConnection, path: Path, format: str, since: date | None, until: date | None, *, counted_only: bool
) -> None:
    """Write all awards, by date and key, to ``path`` as ``csv`` or ``parquet``.

    ``since`` and ``until`` are days of award, both included; ``counted_only`` leaves what the view ``monthly`` counts. In CSV
    a list is one cell with ``; `` between its items, and an apostrophe stands before a text that would be taken for a formula.
    """
    columns = _csv_columns(con) if format == "csv" else "*"
    options = "FORMAT csv, HEADER" if format == "csv" else "FORMAT parquet, COMPRESSION zstd"
    con.execute(f"COPY (SELECT {columns} FROM ({_awards(since, until, counted_only)})) TO {_text(path)} ({options})")


def lake(con: duckdb.DuckDBPyConnection, folder: Path, since: date | None, until: date | None, *, counted_only: bool) -> None:
    """Write all awards as Parquet into ``folder``/month=2026-07/…, replacing an earlier export there as a whole.

    Awards without a date are in the partition that Hive calls its default. Raises ValueError where ``folder`` holds other files.
    """
    if folder.exists() and not (folder.is_dir() and all(entry.name.startswith("month=") for entry in folder.iterdir())):
        raise ValueError(f"{folder} holds other things than an export by month: name a new folder")
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    try:
        rows = f"SELECT *, strftime(awarded_on, '%Y-%m') AS month FROM ({_awards(since, until, counted_only)})"
        con.execute(f"COPY ({rows}) TO {_text(draft)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))")
        draft.mkdir(exist_ok=True)  # no award, no file
        if folder.exists():
            os.replace(folder, old)
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _awards(since: date | None, until: date | None, counted_only: bool) -> str:
    conditions = ["true"]
    if since:
        conditions.append(f"awarded_on >= DATE '{since.isoformat()}'")
    if until:
        conditions.append(f"awarded_on <= DATE '{until.isoformat()}'")
    if counted_only:
        conditions.append(_COUNTED)
    return f"SELECT * FROM awards WHERE {' AND '.join(conditions)} ORDER BY awarded_on, award_key"


def _csv_columns(con: duckdb.DuckDBPyConnection) -> str:
    columns = []
    for name, kind, *_ in con.execute("DESCRIBE awards").fetchall():
        quoted = '"' + name + '"'
        if kind.endswith("[]"):
            joined = f"array_to_string({quoted}, '; ')"
            columns.append(f"{_safe(joined)} AS {quoted}")
        elif kind in ("VARCHAR", "JSON"):
            columns.append(f"{_safe(f'CAST({quoted} AS VARCHAR)')} AS {quoted}")
        else:
            columns.append(quoted)
    return ", ".join(columns)


def _safe(text: str) -> str:
    return f"CASE WHEN regexp_matches({text}, '{_FORMULA}') THEN '''' || {text} ELSE {text} END"


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
