"""What tables, views, macros and columns are, as comments in the database itself, so that every program shows it.

Tables and columns are described in analysis/warehouse/schema/descriptions.toml, views and macros at the head of their SQL files.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from analysis.views import VIEWS


def lay(con: duckdb.DuckDBPyConnection) -> None:
    """Comment on everything in schema ``main``. A view that is made anew loses its comments, so this comes last."""
    con.execute("".join(f"COMMENT ON {what} IS {_quoted(text)};" for what, text in _comments(con)))


@cache
def head(name: str) -> str:
    """The comment at the head of a view's or macro's file, as one line."""
    text = (resources.files("analysis") / "views" / f"{name}.sql").read_text(encoding="utf-8")
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def column(table: str, name: str) -> str | None:
    """What a column of a table or view is; None where nothing says it."""
    told = _descriptions()
    found = told.get("in", {}).get(table, {}).get(name) or told["columns"].get(name)
    return str(found) if found else None


def table(name: str) -> str | None:
    """What a table or view is; None where nothing says it."""
    return head(name) if name in VIEWS else _descriptions()["tables"].get(name)


def relations(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    """The tables and views of schema ``main`` by name, with the name and type of each column in order."""
    rows = con.execute(
        """
        SELECT table_name, column_name, data_type FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal ORDER BY table_name, column_index
        """
    ).fetchall()
    return {name: [(column, kind) for _, column, kind in found] for name, found in groupby(rows, key=itemgetter(0))}


def macros(con: duckdb.DuckDBPyConnection) -> list[tuple[str, list[str]]]:
    """The table macros of schema ``main`` by name, with their parameters."""
    return con.execute(
        """
        SELECT function_name, parameters FROM duckdb_functions()
        WHERE database_name = current_database() AND schema_name = 'main' AND function_type = 'table_macro' ORDER BY function_name
        """
    ).fetchall()


def _comments(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    found: list[tuple[str, str | None]] = []
    for name, columns in relations(con).items():
        found.append((f'{"VIEW" if name in VIEWS else "TABLE"} main."{name}"', table(name)))
        found += [(f'COLUMN main."{name}"."{field}"', column(name, field)) for field, _ in columns]
    found += [(f'MACRO TABLE main."{name}"', head(name)) for name, _ in macros(con)]
    return [(what, text) for what, text in found if text]  # what nobody described fails a test, not a load


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@cache
def _descriptions() -> dict[str, dict[str, Any]]:
    text = (resources.files("analysis.warehouse") / "schema" / "descriptions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
