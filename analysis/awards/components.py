"""Which notices must be resolved together.

``blocks.sql`` lists for each notice what it can be joined by: its number, its buyer with its name, and the like. One
such value is called a block. Notices that share a block, and all that are connected with them in this way, are called a
component: no award needs a notice of another component.
"""

from __future__ import annotations

from importlib import resources

import duckdb

from analysis.awards.grouping import LONG_NAME
from analysis.awards.project_identity import GENERIC_ENDING, NAME_WITH_LOT, NUMBER_OF_LOT, TENDER_ROUND

BATCH = 4_000  # notices whose facts are in memory at a time


def find_components(store: duckdb.DuckDBPyConnection, *, everything: bool) -> int:
    """Fill temp table ``component_notices`` and return the number of batches.

    It has each notice that the notices of ``touched`` can affect, with its component and its batch. A component is
    named after its least notice key. Temp table ``affected_notices`` has the same notices.
    """
    update_blocks(store, everything=everything)
    blocks = _find_affected_notices(store, everything=everything)
    store.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE notice_component AS
            SELECT DISTINCT notice_key, notice_key AS component FROM {blocks};
        CREATE OR REPLACE TEMP TABLE shared_blocks AS
            SELECT block, notice_key FROM {blocks} QUALIFY count(*) OVER (PARTITION BY block) > 1;
        """
    )
    while _spread_least_component(store):
        pass
    # A component is never split: a batch has all components that begin before it is full.
    store.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE component_notices AS
        WITH sized AS (
            SELECT component, count(*) AS notices FROM notice_component GROUP BY component
        ),
        placed AS (
            SELECT component, (sum(notices) OVER (ORDER BY component) - notices) // {BATCH} AS batch FROM sized
        )
        SELECT n.notice_key, n.component, CAST(p.batch AS INTEGER) AS batch
        FROM notice_component AS n JOIN placed AS p USING (component)
        """
    )
    last = store.execute("SELECT max(batch) FROM component_notices").fetchone()
    return 0 if last is None or last[0] is None else int(last[0]) + 1


def update_blocks(store: duckdb.DuckDBPyConnection, *, everything: bool) -> None:
    """Compute the blocks of the touched notices again."""
    if everything:
        store.execute("DELETE FROM working.award_blocks")
    else:
        store.execute("DELETE FROM working.award_blocks WHERE notice IN (SELECT hash(notice_key) FROM touched)")
    insert_blocks = (resources.files("analysis.awards") / "blocks.sql").read_text(encoding="utf-8")
    patterns = {
        "tender_round": TENDER_ROUND.pattern,
        "generic_ending": GENERIC_ENDING.pattern,
        "name_with_lot": NAME_WITH_LOT.pattern,
        "number_of_lot": NUMBER_OF_LOT.pattern,
        "long_name": LONG_NAME,
    }
    store.execute(insert_blocks, patterns)


def _find_affected_notices(store: duckdb.DuckDBPyConnection, *, everything: bool) -> str:
    """Fill temp table ``affected_notices``: the touched notices and all that a chain of blocks connects with them.

    Returns the table with their blocks. Most blocks are of other notices, so they are searched by numbers only.
    """
    store.execute("CREATE OR REPLACE TEMP TABLE affected_notices AS SELECT DISTINCT notice_key FROM touched")
    if everything:
        return "working.award_blocks"
    store.execute(
        """
        CREATE OR REPLACE TEMP TABLE affected_blocks AS
            SELECT block, notice_key FROM working.award_blocks
            WHERE notice IN (SELECT hash(notice_key) FROM affected_notices);
        CREATE OR REPLACE TEMP TABLE new_blocks AS SELECT DISTINCT block FROM affected_blocks;
        """
    )
    while _add_neighbours(store):
        pass
    return "affected_blocks"


def _add_neighbours(store: duckdb.DuckDBPyConnection) -> bool:
    """Add the notices that have one of the ``new_blocks``, and return whether there were any."""
    store.execute(
        """
        CREATE OR REPLACE TEMP TABLE neighbours AS
            SELECT DISTINCT notice_key FROM working.award_blocks
            WHERE block IN (SELECT block FROM new_blocks)
                AND notice NOT IN (SELECT hash(notice_key) FROM affected_notices);
        INSERT INTO affected_notices FROM neighbours;
        """
    )
    if not store.execute("FROM neighbours LIMIT 1").fetchone():
        return False
    store.execute(
        """
        CREATE OR REPLACE TEMP TABLE neighbour_blocks AS
            SELECT block, notice_key FROM working.award_blocks
            WHERE notice IN (SELECT hash(notice_key) FROM neighbours);
        CREATE OR REPLACE TEMP TABLE new_blocks AS
            SELECT DISTINCT block FROM neighbour_blocks WHERE block NOT IN (SELECT block FROM affected_blocks);
        INSERT INTO affected_blocks FROM neighbour_blocks;
        """
    )
    return True


def _spread_least_component(store: duckdb.DuckDBPyConnection) -> bool:
    """Give each notice the least component of its blocks, and return whether that changed anything."""
    changed = store.execute(
        """
        WITH least AS (
            SELECT s.block, min(n.component) AS component
            FROM shared_blocks AS s JOIN notice_component AS n USING (notice_key)
            GROUP BY s.block
        ),
        least_of_notice AS (
            SELECT s.notice_key, min(least.component) AS component
            FROM shared_blocks AS s JOIN least USING (block)
            GROUP BY s.notice_key
        )
        UPDATE notice_component SET component = l.component
        FROM least_of_notice AS l
        WHERE l.notice_key = notice_component.notice_key AND l.component < notice_component.component
        """
    ).fetchone()
    return bool(changed and changed[0])
