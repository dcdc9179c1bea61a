"""The awards of a store: which notices to resolve together, in batches, and where the result goes.

Reading and writing is in bulk; the rules themselves (grouping, lots, resolve, history) see one component at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from itertools import groupby
from typing import Any

import duckdb
import orjson

from analysis.awards.facts import Lot, Notice, Supplier
from analysis.awards.grouping import PROJECT_WORDS, ROUND, WHOLE
from analysis.awards.history import award_key, states
from analysis.awards.reviewed import Review, SeenLot, reviews_of_award
from analysis.awards.rows import state_rows

BATCH = 4_000  # notices whose facts are in memory at a time


def resolve_all(store: duckdb.DuckDBPyConnection, *, everything: bool) -> None:
    """Resolves the awards that notices of the temp table ``touched`` can belong to, into the public tables."""
    if everything:
        store.execute("DELETE FROM working.award_blocks")
    else:
        store.execute("DELETE FROM working.award_blocks WHERE notice_key IN (SELECT notice_key FROM touched)")
    store.execute(_sql("blocks.sql"), {"round": ROUND.pattern, "words": PROJECT_WORDS.pattern, "whole": WHOLE.pattern})
    _scope(store, everything=everything)
    if not everything:
        _forget(store)
    store.execute("CREATE OR REPLACE TEMP TABLE resolved AS SELECT * FROM main.award_states LIMIT 0")
    store.execute("ALTER TABLE resolved ADD COLUMN evidence JSON")
    batches = store.execute("SELECT coalesce(max(batch), -1) FROM component").fetchone()
    for batch in range(int(batches[0]) + 1 if batches else 0):
        store.execute("CREATE OR REPLACE TEMP TABLE in_hand AS FROM component WHERE batch = ?", [batch])
        reviews = _reviews(store)
        rows = [
            orjson.dumps(row).decode()
            for versions in _components(store)
            for row in state_rows(states(versions, reviews_of_award(reviews, versions)))
        ]
        if rows:
            store.execute(_sql("states.sql"), {"rows": rows})
    store.execute(_sql("finish.sql"))


def _scope(store: duckdb.DuckDBPyConnection, *, everything: bool) -> None:
    """Temp table ``component``: the notices in reach of the touched ones, each with its component and batch."""
    store.execute("CREATE OR REPLACE TEMP TABLE scope AS SELECT DISTINCT notice_key FROM touched")
    while not everything:
        grown = store.execute(
            """
            INSERT INTO scope
            SELECT DISTINCT b.notice_key
            FROM working.award_blocks AS b
            WHERE b.block IN (SELECT block FROM working.award_blocks WHERE notice_key IN (SELECT notice_key FROM scope))
                AND b.notice_key NOT IN (SELECT notice_key FROM scope)
            """
        ).fetchone()
        if not grown or not grown[0]:
            break
    store.execute(
        """
        CREATE OR REPLACE TEMP TABLE node AS
            SELECT DISTINCT notice_key, notice_key AS component FROM working.award_blocks SEMI JOIN scope USING (notice_key);
        CREATE OR REPLACE TEMP TABLE link AS
            SELECT block, notice_key FROM working.award_blocks SEMI JOIN scope USING (notice_key)
            QUALIFY count(*) OVER (PARTITION BY block) > 1;
        """
    )
    while _spread(store):
        pass
    # Components stay whole: a batch takes those that begin before it is full.
    store.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE component AS
        WITH sized AS (SELECT component, count(*) AS notices FROM node GROUP BY component),
        placed AS (SELECT component, (sum(notices) OVER (ORDER BY component) - notices) // {BATCH} AS batch FROM sized)
        SELECT node.notice_key, node.component, CAST(placed.batch AS INTEGER) AS batch FROM node JOIN placed USING (component)
        """
    )


def _spread(store: duckdb.DuckDBPyConnection) -> bool:
    """One step of giving linked notices the least component of their blocks; whether anything changed."""
    changed = store.execute(
        """
        WITH least AS (
            SELECT link.block, min(node.component) AS component FROM link JOIN node USING (notice_key) GROUP BY link.block
        ),
        better AS (
            SELECT link.notice_key, min(least.component) AS component
            FROM link JOIN least USING (block) GROUP BY link.notice_key
        )
        UPDATE node SET component = better.component FROM better
        WHERE better.notice_key = node.notice_key AND better.component < node.component
        """
    ).fetchone()
    return bool(changed and changed[0])


def _forget(store: duckdb.DuckDBPyConnection) -> None:
    """Takes out what was resolved of these notices before: an award's key tells which notice it began with."""
    keys = [award_key(key) for (key,) in store.execute("SELECT notice_key FROM scope").fetchall()]
    store.execute("CREATE OR REPLACE TEMP TABLE stale AS SELECT unnest(CAST(? AS VARCHAR[])) AS award_key", [keys])
    for table in ("award_states", "awards", "award_lots"):
        store.execute(f"DELETE FROM main.{table} WHERE award_key IN (SELECT award_key FROM stale)")


def _components(store: duckdb.DuckDBPyConnection) -> Iterator[list[Notice]]:
    """The versions of the notices in hand, one component at a time."""
    lots = _lots(store)
    rows = store.execute(_sql("facts.sql")).fetchall()
    for _, versions in groupby(rows, key=lambda row: row[0]):
        yield [_notice(row, lots.get(row[27], ())) for row in versions]


def _notice(row: tuple[Any, ...], lots: tuple[Lot, ...] | list[Lot]) -> Notice:
    (_, key, portal, kind, title, day, when, seen, first_seen, number, number_key, other_number, name, name_key, buyer, buyer_key,
     buyer_vendor, buyer_kind, province, cancels, replaces, retender, large, relevance, project_type, sector, subsector, _,
     evidence) = row  # fmt: skip
    if name_key is not None and any(lot.key == name_key for lot in lots):
        # A lot that is called like the project has no name of its own.
        lots = [_unnamed(lot) if lot.key == name_key else lot for lot in lots]
    return Notice(
        key, portal, kind, title, day, when, seen, first_seen, number, number_key, other_number, name, name_key, buyer, buyer_key,
        buyer_vendor, buyer_kind, province, cancels, replaces, retender, large, relevance, project_type, sector, subsector,
        tuple(lots), evidence,
    )  # fmt: skip


def _unnamed(lot: Lot) -> Lot:
    return Lot(
        lot.seq,
        lot.no,
        lot.numbered,
        lot.name,
        None,
        lot.amount,
        lot.tax_included,
        lot.large,
        lot.failed,
        lot.suppliers,
    )


def _lots(store: duckdb.DuckDBPyConnection) -> dict[str, list[Lot]]:
    """The lots of every content in hand, by content hash."""
    winners: dict[tuple[str, int], list[Supplier]] = {}
    for content, seq, name, key, vendor, role, position, quote in store.execute(_sql("winners.sql")).fetchall():
        supplier = Supplier(name, key or name, vendor, role or "sole", position, quote)
        winners.setdefault((content, seq), []).append(supplier)
    lots: dict[str, list[Lot]] = {}
    for content, seq, no, numbered, name, key, amount, kind, tax, large, failed in store.execute(
        _sql("lots.sql")
    ).fetchall():
        suppliers = tuple(winners.get((content, seq), ()))
        if amount is None and kind in (None, "undisclosed"):
            amount = _own_prices(suppliers)
        lots.setdefault(content, []).append(Lot(seq, no, numbered, name, key, amount, tax, large, failed, suppliers))
    return lots


def _reviews(store: duckdb.DuckDBPyConnection) -> list[Review]:
    """What people decided about the notices in hand, in order of time."""
    reviews = []
    for at, shown, keys, decided, lots, reviewer, note in store.execute(_sql("reviews.sql")).fetchall():
        seen_lots = tuple(map(_seen_lot, orjson.loads(lots)))
        reviews.append(Review(at, shown, frozenset(keys), orjson.loads(decided), seen_lots, reviewer, note))
    return reviews


def _seen_lot(lot: dict[str, Any]) -> SeenLot:
    amount = lot["amount_yuan"]
    return SeenLot(lot["lot_no"], lot["name"], lot["supplier"] or "", None if amount is None else Decimal(amount))


def _own_prices(suppliers: tuple[Supplier, ...]) -> Any:
    """A lot's price where only the winners' own prices are given: their sum, if each has one."""
    prices = [s.quote for s in suppliers if s.role != "candidate"]
    return sum(prices) if prices and None not in prices else None


def _sql(name: str) -> str:
    return (resources.files("analysis.awards") / name).read_text(encoding="utf-8")
