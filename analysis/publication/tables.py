"""The files of a publication: each table as CSV and Parquet, by month if it grows, and each figure.

The same rows give the same bytes. Parquet has the types of the database. CSV has JSON texts for lists and records,
instants in ISO 8601, no byte order mark, and an apostrophe before a text that a spreadsheet would run as a formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from analysis.figures.months import parse_month, shift_month
from analysis.views import catalog
from pipelines.common.sql_text import literal, literals, without_formulas

UNDATED = "undated"

# The month that the files of an award's and a notice's rows are named by.
_MONTHS = f"""
    CREATE OR REPLACE TEMP TABLE award_months AS
    SELECT award_key, coalesce(strftime(max_by(awarded_on, valid_from), '%Y-%m'), '{UNDATED}') AS file_month
    FROM award_states GROUP BY award_key;
    CREATE OR REPLACE TEMP TABLE notice_months AS
    SELECT notice_key, coalesce(strftime(published_on, '%Y-%m'), '{UNDATED}') AS file_month
    FROM notices WHERE is_latest;
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A published table. ``order`` makes its rows unique and orders them. ``months``: it has a file for each month."""

    name: str
    order: tuple[str, ...]
    months: str | None = None
    left_out: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The column by which a row belongs to a month."""
        return self.order[0]


TABLES = (
    Table("awards", ("award_key",), "award_months"),
    Table("award_states", ("award_key", "valid_from"), "award_months"),
    Table("award_lots", ("award_key", "seq"), "award_months"),
    Table("notices", ("notice_key", "version"), "notice_months", ("body",)),
    Table("lots", ("notice_key", "version", "lot_seq"), "notice_months"),
    Table("winners", ("notice_key", "version", "lot_seq", "seq"), "notice_months"),
    Table("reviews", ("award_key", "field")),
    Table("review_decisions", ("reviewed_at", "award_key", "decided")),
    Table("portals", ("portal",)),
    Table("crawls", ("started_at", "crawl_id")),
    Table("crawl_windows", ("crawl_id", "channel", "keywords", "day")),
    Table("crawl_alarms", ("checked_at", "crawl_id", "alarm", "subject")),
    Table("published_figures", ("period", "metric", "dimension", "value", "publisher", "source_url")),
)
_COVERAGE = "covered_months_as_of(TIMESTAMPTZ 'infinity')"


def figures() -> dict[str, str]:
    """Return the published figures by the name of their file, each with the view or macro it is."""
    views = [
        f"{period}{f'_by_{breakdown.name}' if breakdown else ''}"
        for period in catalog.PERIODS
        for breakdown in (None, *catalog.BREAKDOWNS)
        if breakdown is None or breakdown.over_periods or period == "monthly"
    ]
    return {view: view for view in views} | {"coverage": _COVERAGE}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file: its path without suffix in the publication, its table or figure, and its rows as SQL."""

    path: str
    name: str
    select: str


def data_files(con: duckdb.DuckDBPyConnection) -> Iterator[DataFile]:
    """Yield every file of the tables and figures. Tables by month have one for each month with rows."""
    con.execute(_MONTHS)
    for table in TABLES:
        columns = f"* EXCLUDE ({', '.join(table.left_out)})" if table.left_out else "*"
        order = ", ".join(table.order)
        if table.months is None:
            yield DataFile(f"data/{table.name}", table.name, f"SELECT {columns} FROM {table.name} ORDER BY {order}")
            continue
        for month in _months_of(con, table):
            keys = f"SELECT {table.key} FROM {table.months} WHERE file_month = '{month}'"
            select = f"SELECT {columns} FROM {table.name} WHERE {table.key} IN ({keys}) ORDER BY {order}"
            yield DataFile(f"data/{table.name}/{month}", table.name, select)
    for name, view in figures().items():
        yield DataFile(f"figures/{name}", name, f"SELECT * FROM {view} ORDER BY ALL")


def _months_of(con: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    rows = con.execute(
        f"SELECT DISTINCT file_month FROM {table.name} JOIN {table.months} USING ({table.key}) ORDER BY 1"
    )
    return [month for (month,) in rows.fetchall()]


def write(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write all tables and figures below ``folder``."""
    for file in data_files(con):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        select = computed_once(con, file)
        write_csv(con, select, path.with_name(f"{path.name}.csv"))
        write_parquet(con, select, path.with_name(f"{path.name}.parquet"))


def computed_once(con: duckdb.DuckDBPyConnection, file: DataFile) -> str:
    """Return a query of a file's rows that costs nothing: figures are computed now. It holds until the next call."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE published_rows AS {file.select}")
    return "SELECT * FROM published_rows ORDER BY rowid"


def write_csv(con: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    """Write the rows of a query as CSV."""
    columns = ", ".join(_csv_column(name, kind) for name, kind in described(con, select))
    con.execute(f"COPY (SELECT {columns} FROM ({select})) TO {literal(path)} (FORMAT csv, HEADER)")


def write_parquet(con: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    """Write the rows of a query as Parquet. The same rows give the same bytes with one version of DuckDB."""
    con.execute(f"COPY ({select}) TO {literal(path)} (FORMAT parquet, COMPRESSION zstd)")


def read(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Fill the empty tables of ``con`` from the Parquet files below ``folder``.

    Raises duckdb.Error if they do not fit.
    """
    for table in TABLES:
        files = parquet_files(folder, table)
        if files:
            names = f"[{literals(files)}]"
            con.execute(
                f"INSERT INTO {table.name} BY NAME FROM read_parquet({names}) ORDER BY {', '.join(table.order)}"
            )


def parquet_files(folder: Path, table: Table) -> list[Path]:
    """Return the Parquet files of a table, oldest month first."""
    if table.months is None:
        return [path for path in [folder / "data" / f"{table.name}.parquet"] if path.is_file()]
    return sorted((folder / "data" / table.name).glob("*.parquet"))


def figure_key(columns: list[str]) -> list[str]:
    """Return the columns that identify a row of a figure: its period, and what it is broken down by."""
    names = {"month", "period", *(breakdown.column for breakdown in catalog.BREAKDOWNS)}
    return [column for column in columns if column in names]


def csv_files(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the paths of the CSV files by table or figure."""
    paths: dict[str, list[str]] = {}
    for file in data_files(con):
        paths.setdefault(file.name, []).append(f"{file.path}.csv")
    return paths


def award_months(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the months in which awards of the publication were made, oldest first."""
    rows = con.execute(
        "SELECT DISTINCT strftime(awarded_on, '%Y-%m') FROM awards WHERE awarded_on IS NOT NULL ORDER BY 1"
    ).fetchall()
    return [month for (month,) in rows]


def days_of(month: str) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    first = parse_month(month)
    return first, shift_month(first, 1) - timedelta(days=1)


def counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many rows each table has."""
    return {table.name: con.sql(f"FROM {table.name}").shape[0] for table in TABLES}


def with_doubled_rows(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the tables that hold a row twice, which no publication does."""

    def has_doubled_rows(table: Table) -> bool:
        groups = f"SELECT 1 FROM {table.name} GROUP BY {', '.join(table.order)} HAVING count(*) > 1 LIMIT 1"
        return con.execute(groups).fetchone() is not None

    return [table.name for table in TABLES if has_doubled_rows(table)]


def described(con: duckdb.DuckDBPyConnection, select: str) -> list[tuple[str, str]]:
    """Return the name and type of each column of a query."""
    return [(str(name), str(kind)) for name, kind, *_ in con.execute(f"DESCRIBE {select}").fetchall()]


def _csv_column(name: str, kind: str) -> str:
    column = f'"{name}"'
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS {column}"
    if kind.endswith("[]") or kind.startswith("STRUCT"):
        return f"CAST(to_json({column}) AS VARCHAR) AS {column}"
    if kind in ("VARCHAR", "JSON"):
        return f"{without_formulas(f'CAST({column} AS VARCHAR)')} AS {column}"
    return column
