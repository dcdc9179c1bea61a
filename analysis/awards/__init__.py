"""Which notices are one award, and what the award is: the rules of docs/awards.md as code."""

from __future__ import annotations

import duckdb


def resolve_all(store: duckdb.DuckDBPyConnection, *, everything: bool) -> None:
    """Resolves the awards that the notices of the temp table ``touched`` can belong to."""
