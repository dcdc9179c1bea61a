"""The awards of a store, resolved in batches: docs/awards.md, section "As known at".

Reading and writing is in bulk; the rules themselves (grouping, lots, prices, resolve, history) see one component at a
time.
"""

from __future__ import annotations

from importlib import resources

import duckdb
import orjson

from analysis.awards.components import find_components
from analysis.awards.history import award_key, award_states
from analysis.awards.reading import read_components, read_reviews
from analysis.awards.reviewed import reviews_of_award
from analysis.awards.rows import state_rows


def resolve_all(store: duckdb.DuckDBPyConnection, *, everything: bool) -> list[str]:
    """Resolve the awards that the notices of temp table ``touched`` can belong to, and write them to the public tables.

    ``everything``: ``touched`` has all notices of the store, and the public tables of awards are empty. Otherwise the
    keys that these awards have or had are returned.
    """
    batches = find_components(store, everything=everything)
    affected = [] if everything else _delete_affected_awards(store)
    store.execute("CREATE OR REPLACE TEMP TABLE resolved_states AS SELECT * FROM main.award_states LIMIT 0")
    store.execute("ALTER TABLE resolved_states ADD COLUMN evidence JSON")
    insert_states, publish_states = (
        (resources.files("analysis.awards") / name).read_text(encoding="utf-8") for name in ("states.sql", "finish.sql")
    )
    for batch in range(batches):
        store.execute("CREATE OR REPLACE TEMP TABLE batch_notices AS FROM component_notices WHERE batch = ?", [batch])
        reviews = read_reviews(store)
        rows = [
            orjson.dumps(row).decode()
            for versions in read_components(store)
            for row in state_rows(award_states(versions, reviews_of_award(reviews, versions)))
        ]
        if rows:
            store.execute(insert_states, {"rows": rows})
    store.execute(publish_states)
    return affected


def _delete_affected_awards(store: duckdb.DuckDBPyConnection) -> list[str]:
    """Delete the awards of the affected notices, and return their keys. A key tells which notice an award began with.

    There are more keys than awards, because an award can begin with any of its notices.
    """
    keys = [award_key(key) for (key,) in store.execute("SELECT notice_key FROM affected_notices").fetchall()]
    store.execute(
        "CREATE OR REPLACE TEMP TABLE affected_awards AS SELECT unnest(CAST(? AS VARCHAR[])) AS award_key", [keys]
    )
    for table in ("award_states", "awards", "award_lots"):
        store.execute(f"DELETE FROM main.{table} WHERE award_key IN (SELECT award_key FROM affected_awards)")
    return keys
