"""Awards as files for other programs: CSV for spreadsheets, Parquet for Spark, Trino and DuckDB.

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
from pipelines.common.sql_text import literal, without_formulas

_MARK = "\ufeff"


def write_file(con: duckdb.DuckDBPyConnection, path: Path, format: str, selection: Selection) -> None:
    """Write the selected awards, by date and key, to ``path`` as ``csv`` or ``parquet``.

    In CSV a list is one cell with ``; `` between its items, and a text that a spreadsheet would run as a formula begins
    with an apostrophe. The file begins with the mark by which Excel knows UTF-8 (BOM).
    """
    columns = _csv_columns(con) if format == "csv" else "*"
    options = "FORMAT csv, HEADER" if format == "csv" else "FORMAT parquet, COMPRESSION zstd"
    awards = f"{selection.sql} ORDER BY awarded_on, award_key"
    con.execute(f"COPY (SELECT {columns} FROM ({awards})) TO {literal(path)} ({options})")


def write_lake(con: duckdb.DuckDBPyConnection, folder: Path, selection: Selection) -> None:
    """Write the selected awards as Parquet into ``folder``/month=2026-07/…, in place of an earlier export.

    Awards without a date are in the default partition, as Hive calls it. Raises ValueError if ``folder`` holds others.
    """
    with replacing_folder(folder, lambda name: name.startswith("month=")) as draft:
        awards = f"{selection.sql} ORDER BY awarded_on, award_key"
        rows = f"SELECT *, strftime(awarded_on, '%Y-%m') AS month FROM ({awards})"
        con.execute(f"COPY ({rows}) TO {literal(draft)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))")
        draft.mkdir(exist_ok=True)  # DuckDB makes none if there is no award


@contextmanager
def replacing_folder(folder: Path, is_ours: Callable[[str], bool]) -> Iterator[Path]:
    """Yield a path to make a folder at. It replaces ``folder`` when the block ends without an error.

    ``is_ours`` tells the names of an earlier export. Raises ValueError if ``folder`` holds others.
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
    columns: list[str] = []
    for name, kind, *_ in con.execute("DESCRIBE awards").fetchall():
        quoted = '"' + name + '"'
        # COPY cannot write the mark, so it begins the first name.
        head = quoted if columns else f'"{_MARK}{name}"'
        if kind.endswith("[]"):
            joined = f"array_to_string({quoted}, '; ')"
            columns.append(f"{without_formulas(joined)} AS {head}")
        elif kind in ("VARCHAR", "JSON"):
            columns.append(f"{without_formulas(f'CAST({quoted} AS VARCHAR)')} AS {head}")
        else:
            columns.append(f"{quoted} AS {head}")
    return ", ".join(columns)
