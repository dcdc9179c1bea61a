"""Which awards an export holds, and as of when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.common.clock import SHANGHAI

# The rows that the view monthly counts.
COUNTED = "is_large_model AND status = 'awarded'"
_AT_ONCE = 2_000  # rows that are in memory at a time


@dataclass(frozen=True, slots=True)
class Selection:
    """``since`` and ``until`` are days of award, both included; ``counted_only`` leaves what the view ``monthly`` counts."""

    since: date | None = None
    until: date | None = None
    counted_only: bool = False

    @property
    def sql(self) -> str:
        """A SELECT of whole rows of ``awards``, in no order."""
        conditions = ["true"]
        if self.since:
            conditions.append(f"awarded_on >= DATE '{self.since.isoformat()}'")
        if self.until:
            conditions.append(f"awarded_on <= DATE '{self.until.isoformat()}'")
        if self.counted_only:
            conditions.append(COUNTED)
        return f"SELECT * FROM awards WHERE {' AND '.join(conditions)}"


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, a few thousand in memory at a time; other queries may run on ``con`` meanwhile."""
    cursor = con.cursor()
    try:
        cursor.execute("SET TimeZone = 'Asia/Shanghai'")
        cursor.execute(sql)
        while some := cursor.fetchmany(_AT_ONCE):
            yield from some
    finally:
        cursor.close()


def as_of(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """The last instant at which anything was seen, in Shanghai: two exports of the same data name the same one."""
    found = con.execute(
        "SELECT max(seen) FROM (SELECT max(first_seen_at) AS seen FROM notices UNION ALL SELECT max(finished_at) FROM crawls)"
    ).fetchone()
    return found[0].astimezone(SHANGHAI) if found and found[0] else None
