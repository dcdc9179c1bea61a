"""Awards as files for other programs: CSV for people and spreadsheets, Parquet for Spark, Trino and DuckDB.

Workbooks are written by :mod:`analysis.exports.xlsx_awards`, OCDS packages by :mod:`analysis.exports.ocds`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analysis.exports.selection import Selection
from pipelines.common.safe_text import FORMULA_PATTERN


def file(con: duckdb.DuckDBPyConnection, path: Path, format: str, selection: Selection) -> None:
    """Write the selected awards, by date and key, to ``path`` as ``csv`` or ``parquet``.

    In CSV a list is one cell with ``; `` between its items, and an apostrophe stands before a text that would be taken for a
    formula.
    """
    columns = _csv_columns(con) if format == "csv" else "*"
    options = "FORMAT csv, HEADER" if format == "csv" else "FORMAT parquet, COMPRESSION zstd"
    con.execute(
        f"COPY (SELECT {columns} FROM ({selection.sql} ORDER BY awarded_on, award_key)) TO {_text(path)} ({options})"
    )


def lake(con: duckdb.DuckDBPyConnection, folder: Path, selection: Selection) -> None:
    """Write the selected awards as Parquet into ``folder``/month=2026-07/…, replacing an earlier export there as a whole.

    Awards without a date are in the partition that Hive calls its default. Raises ValueError where ``folder`` holds other files.
    """
    with replacing_folder(folder, lambda name: name.startswith("month=")) as draft:
        rows = f"SELECT *, strftime(awarded_on, '%Y-%m') AS month FROM ({selection.sql} ORDER BY awarded_on, award_key)"
        con.execute(f"COPY ({rows}) TO {_text(draft)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))")
        draft.mkdir(exist_ok=True)  # no award, no file


@contextmanager
def replacing_folder(folder: Path, is_ours: Callable[[str], bool]) -> Iterator[Path]:
    """A path beside ``folder`` to make a folder at; it takes the place of ``folder`` when the block ends well.

    ``is_ours`` knows the names that an earlier export left there. Raises ValueError where ``folder`` holds others.
    """
    if folder.exists() and not (folder.is_dir() and all(is_ours(entry.name) for entry in folder.iterdir())):
        raise ValueError(f"{folder} holds other things than an export by month: name a new folder")
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    try:
        yield draft
        if folder.exists():
            os.replace(folder, old)
        try:
            os.replace(draft, folder)
        except OSError:
            if old.exists():
                os.replace(old, folder)
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


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
    return f"CASE WHEN regexp_matches({text}, '{FORMULA_PATTERN}') THEN '''' || {text} ELSE {text} END"


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
