"""``python -m analysis.warehouse.schema_docs DATABASE`` prints every table, view, macro and column as Markdown."""

from __future__ import annotations

import sys

import duckdb

_HEAD = """# Tables, views and macros

Made from the database itself by `python -m analysis.warehouse.schema_docs data/demo/tenders.duckdb > docs/schema.md`,
and so from the same descriptions (`COMMENT ON`) that any program shows beside a table. They are written in
`analysis/warehouse/schema/descriptions.toml` and before each statement in `analysis/views`. Schema version {version}:
`tenders rebuild` writes a folder of another version again.

Amounts are in yuan, dates are calendar dates in Asia/Shanghai, instants are `TIMESTAMP WITH TIME ZONE`. What an award
is: [awards.md](awards.md). Questions with their SQL: [questions.md](questions.md).
"""
_TABLE_MACROS_HEAD = """## Table macros

They are called like tables: `SELECT * FROM monthly_as_of(TIMESTAMPTZ '2025-08-31 23:59+08')`.
"""
_MACROS_HEAD = """## Macros

They are called like functions, and the views use them: `SELECT month, yi(amount_yuan) FROM monthly`.
"""
_RELATIONS = """
    SELECT table_name, comment, false AS is_view FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name = 'main' AND NOT temporary
    UNION ALL
    SELECT view_name, comment, true FROM duckdb_views()
    WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal AND NOT temporary
    ORDER BY 1
"""
_COLUMNS = """
    SELECT column_name, data_type, comment FROM duckdb_columns()
    WHERE database_name = current_database() AND schema_name = 'main' AND table_name = ? ORDER BY column_index
"""
_MACROS = """
    SELECT function_name, parameters, comment FROM duckdb_functions()
    WHERE database_name = current_database() AND schema_name = 'main' AND function_type = ? ORDER BY function_name
"""


def schema(con: duckdb.DuckDBPyConnection) -> str:
    """Return all that the database says of itself, as Markdown that ends in a newline."""
    row = con.execute("SELECT schema_version FROM about").fetchone()
    parts = [_HEAD.format(version=row[0] if row else "unknown")]
    relations = con.execute(_RELATIONS).fetchall()
    for title, wanted in (("Tables", False), ("Views", True)):
        parts.append(f"## {title}\n")
        parts += [_relation(con, name, text) for name, text, is_view in relations if is_view is wanted]
    for head, kind in ((_TABLE_MACROS_HEAD, "table_macro"), (_MACROS_HEAD, "macro")):
        parts.append(head)
        parts += [
            f"### {name}({', '.join(parameters)})\n\n{_plain(text)}\n"
            for name, parameters, text in con.execute(_MACROS, [kind]).fetchall()
        ]
    return "\n".join(parts)


def _relation(con: duckdb.DuckDBPyConnection, name: str, text: str | None) -> str:
    lines = [f"### {name}", "", _plain(text), "", "| column | type | what |", "|---|---|---|"]
    for column, kind, text in con.execute(_COLUMNS, [name]).fetchall():
        short = kind.split("(")[0] + "[]" if kind.startswith("STRUCT") else kind
        lines.append(f"| `{column}` | {short} | {_plain(text)} |")
    return "\n".join([*lines, ""])


def _plain(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("*", "\\*")


def main() -> None:
    """Write the Markdown of a database to stdout."""
    if len(sys.argv) != 2:
        sys.exit("say which database: python -m analysis.warehouse.schema_docs data/demo/tenders.duckdb")
    with duckdb.connect(sys.argv[1], read_only=True) as con:
        sys.stdout.write(schema(con))


if __name__ == "__main__":
    main()
