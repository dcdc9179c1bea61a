"""The description of the CSV files as a Data Package (https://datapackage.org): columns, types, meaning, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from analysis.publication import tables
from analysis.warehouse.comments import describe_column, describe_relation

_TYPES = {
    "BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "number", "INTEGER": "integer", "BIGINT": "integer",
    "HUGEINT": "integer", "JSON": "object", "TIMESTAMP WITH TIME ZONE": "datetime",
}  # fmt: skip
_KEYS = {"awards": ["award_key"], "notices": ["notice_key", "version"]}


def datapackage(
    con: duckdb.DuckDBPyConnection, files: Mapping[str, Sequence[str]], licence: str, title: str
) -> dict[str, Any]:
    """Return the descriptor. ``files`` has the paths of the CSV files by table or figure; only these are described."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "large-model-awards",
        "title": title,
        "licenses": [{"name": licence}],
        "resources": [_resource(con, name, paths) for name, paths in files.items()],
    }


def _resource(con: duckdb.DuckDBPyConnection, name: str, paths: Sequence[str]) -> dict[str, Any]:
    relation = tables.figures().get(name, name)
    left_out = next((table.left_out for table in tables.TABLES if table.name == name), ())
    fields = [
        {"name": column, "type": _field_type(column, kind)}
        | ({"description": text} if (text := describe_column(name, column)) else {})
        for column, kind in tables.described(con, f"FROM {relation}")
        if column not in left_out
    ]
    description = describe_relation(name)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if name in _KEYS:
        schema["primaryKey"] = _KEYS[name]
    return {
        "name": name.replace("_", "-"),
        "path": list(paths) if len(paths) > 1 else paths[0],
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({"description": description} if description else {}),
        "schema": schema,
    }


def _field_type(column: str, kind: str) -> str:
    if column == "lots" and kind == "JSON":
        return "array"
    if kind.endswith("[]"):
        return "array"
    return "number" if kind.startswith("DECIMAL") else _TYPES.get(kind, "string")
