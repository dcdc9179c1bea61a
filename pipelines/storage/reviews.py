"""The table ``private.reviews``: what people decided about awards, always equal to the user's journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import orjson

from pipelines.storage.store import transaction

_GIVEN = """
    CREATE OR REPLACE TEMP TABLE given_review AS
    SELECT DISTINCT CAST(r.reviewed_at AS TIMESTAMPTZ) AS reviewed_at, r.* EXCLUDE (reviewed_at)
    FROM (SELECT unnest(from_json(CAST(? AS JSON), '[{"reviewed_at": "VARCHAR", "award_key": "VARCHAR",
        "notice_keys": ["VARCHAR"], "decided": "JSON", "lots": "JSON",
        "reviewer": "VARCHAR", "note": "VARCHAR"}]')) AS r)
"""
_DIFFERENCE = """
    CREATE OR REPLACE TEMP TABLE other_review AS
    (FROM given_review EXCEPT FROM private.reviews) UNION ALL (FROM private.reviews EXCEPT FROM given_review)
"""


def replace_reviews(con: duckdb.DuckDBPyConnection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Make the store hold these reviews and no others, as rows by the columns of ``private.reviews``.

    The notices of every review that came or went are marked, so that the next build resolves their awards again.
    """
    con.execute(_GIVEN, [orjson.dumps(list(rows)).decode()])
    con.execute(_DIFFERENCE)
    if con.execute("SELECT count(*) FROM other_review").fetchone() != (0,):
        with transaction(con):
            con.execute("DELETE FROM private.reviews")
            con.execute("INSERT INTO private.reviews BY NAME FROM given_review ORDER BY ALL")
            con.execute(
                "INSERT INTO private.pending SELECT DISTINCT unnest(notice_keys) FROM other_review "
                "EXCEPT SELECT notice_key FROM private.pending"
            )
            con.execute("UPDATE private.loads SET merged = merged + 1")
    for table in ("given_review", "other_review"):
        con.execute(f"DROP TABLE {table}")
