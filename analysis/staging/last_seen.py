"""Up to when the database knows the market."""

from __future__ import annotations

from datetime import datetime

import duckdb

from pipelines.common.clock import SHANGHAI


def last_seen(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """Return the last instant at which anything was seen, in Shanghai: exports of the same data name the same one."""
    row = con.execute(
        """
        SELECT max(seen)
        FROM (SELECT max(first_seen_at) AS seen FROM notices UNION ALL SELECT max(finished_at) FROM crawls)
        """
    ).fetchone()
    return row[0].astimezone(SHANGHAI) if row and row[0] else None
