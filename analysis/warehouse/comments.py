"""What tables, views, macros and columns are, as comments in the database itself, so that every program shows it.

Tables and columns are described in analysis/warehouse/schema/descriptions.toml, views and macros by the comment
before the statement that creates them, in analysis/views.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from analysis.views import catalog
from pipelines.common.sql_text import literal


def write_comments(con: duckdb.DuckDBPyConnection) -> None:
    """Comment on everything in schema ``main``. A view that is replaced loses its comments, so this comes last."""
    con.execute("".join(f"COMMENT ON {what} IS {literal(text)};" for what, text in _comments(con)))


def describe_column(table: str, name: str) -> str | None:
    """Return what a column of a table or view is; None if nothing describes it."""
    descriptions = _descriptions()
    text = descriptions["in"].get(table, {}).get(name) or descriptions["columns"].get(name)
    return str(text) if text else None


def describe_relation(name: str) -> str | None:
    """Return what a table or view is; None if nothing describes it."""
    return catalog.descriptions().get(name) or _descriptions()["tables"].get(name)


def relations(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """Return the tables and views of schema ``main`` by name, with the name and type of each column in order."""
    rows = con.execute(
        """
        SELECT table_name, column_name, data_type FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
        ORDER BY table_name, column_index
        """
    ).fetchall()
    return {name: [(column, kind) for _, column, kind in columns] for name, columns in groupby(rows, key=itemgetter(0))}


def _comments(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    comments: list[tuple[str, str | None]] = []
    for name, columns in relations(con).items():
        kind = "VIEW" if name in catalog.view_names() else "TABLE"
        comments.append((f'{kind} main."{name}"', describe_relation(name)))
        comments += [(f'COLUMN main."{name}"."{column}"', describe_column(name, column)) for column, _ in columns]
    comments += [
        (f'{statement.kind} main."{statement.name}"', statement.description)
        for statement in catalog.statements()
        if statement.kind != "VIEW"
    ]
    return [(what, text) for what, text in comments if text]  # what nobody described fails a test, not a load


@cache
def _descriptions() -> dict[str, dict[str, Any]]:
    text = (resources.files("analysis.warehouse") / "schema" / "descriptions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
