"""Which awards an export holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

_BATCH = 2_000  # rows in memory at a time


@dataclass(frozen=True, slots=True)
class Selection:
    """Awards of a span of days, both included. ``counted_only`` keeps what the view ``monthly`` counts."""

    since: date | None = None
    until: date | None = None
    counted_only: bool = False

    @property
    def sql(self) -> str:
        """A SELECT of all columns of ``awards``, in no order."""
        conditions = ["true"]
        if self.since:
            conditions.append(f"awarded_on >= DATE '{self.since.isoformat()}'")
        if self.until:
            conditions.append(f"awarded_on <= DATE '{self.until.isoformat()}'")
        if self.counted_only:
            conditions.append("award_key IN (SELECT award_key FROM counted_awards)")
        return f"SELECT * FROM awards WHERE {' AND '.join(conditions)}"


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query in constant memory. Other queries may run on ``con`` meanwhile."""
    cursor = con.cursor()
    try:
        cursor.execute("SET TimeZone = 'Asia/Shanghai'")
        cursor.execute(sql)
        while batch := cursor.fetchmany(_BATCH):
            yield from batch
    finally:
        cursor.close()
