"""Notices and reviews of a store, as the rules read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from itertools import groupby
from typing import Any

import duckdb
import orjson

from analysis.awards.facts import LotFacts, NoticeFacts, StatedPrice, Supplier
from analysis.awards.reviewed import Review, SeenLot
from pipelines.common.rows import dict_rows

# The columns of the SQL files are named like the fields of the classes that they fill.
_Row = dict[str, Any]


def read_components(store: duckdb.DuckDBPyConnection) -> Iterator[list[NoticeFacts]]:
    """Yield the versions of the notices in temp table ``batch_notices``, one component at a time."""
    store.execute(_sql("versions.sql"))
    lots_by_content = _read_lots(store)
    for _, rows in groupby(_query(store, "facts.sql"), key=lambda row: row.pop("component")):
        yield [_notice(row, lots_by_content.get(row.pop("content_hash"), ())) for row in rows]


def _notice(row: _Row, lots: Sequence[LotFacts]) -> NoticeFacts:
    name_key = row["name_key"]
    if name_key is not None:
        # A lot with the name of the project has no name of its own.
        lots = [replace(lot, key=None) if lot.key == name_key else lot for lot in lots]
    stated = _stated_prices(row.pop("stated"))
    return NoticeFacts(**row, lots=tuple(lots), stated=stated)


def _stated_prices(statements: Sequence[_Row] | None) -> tuple[StatedPrice, ...]:
    return tuple(StatedPrice(one["source"], one["amount_yuan"], one["words"]) for one in statements or ())


def _read_lots(store: duckdb.DuckDBPyConnection) -> dict[str, list[LotFacts]]:
    """Return the lots of the contents in the batch, by content hash."""
    suppliers_by_lot: dict[tuple[str, int], list[Supplier]] = defaultdict(list)
    for row in _query(store, "winners.sql"):
        lot_of_content = row.pop("content_hash"), row.pop("lot_seq")
        suppliers_by_lot[lot_of_content].append(Supplier(**row))
    lots_by_content: dict[str, list[LotFacts]] = defaultdict(list)
    for row in _query(store, "lots.sql"):
        content, amount_kind = row.pop("content_hash"), row.pop("amount_kind")
        suppliers = tuple(suppliers_by_lot.get((content, row["seq"]), ()))
        if row["amount"] is None and amount_kind in (None, "undisclosed"):
            row["amount"] = _sum_of_own_prices(suppliers)
        stated = _stated_prices(row.pop("stated"))
        lots_by_content[content].append(LotFacts(**row, suppliers=suppliers, stated=stated))
    return lots_by_content


def _sum_of_own_prices(suppliers: Sequence[Supplier]) -> Decimal | None:
    """Return the price of a lot for which only the winners' own prices are given: their sum, if each has one."""
    prices = [supplier.quote for supplier in suppliers if supplier.role != "candidate"]
    known = [price for price in prices if price is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(prices) else None


def read_reviews(store: duckdb.DuckDBPyConnection) -> list[Review]:
    """Return the reviews of the notices in temp table ``batch_notices``, in order of time."""
    return [
        Review(
            at=row["at"],
            reviewed_at=row["reviewed_at"],
            notices=frozenset(row["notice_keys"]),
            decided=orjson.loads(row["decided"]),
            seen_lots=tuple(map(_seen_lot, orjson.loads(row["lots"]))),
            reviewer=row["reviewer"],
            note=row["note"],
        )
        for row in _query(store, "reviews.sql")
    ]


def _seen_lot(lot: dict[str, Any]) -> SeenLot:
    amount = lot["amount_yuan"]
    return SeenLot(lot["lot_no"], lot["name"], lot["supplier"] or "", None if amount is None else Decimal(amount))


def _query(store: duckdb.DuckDBPyConnection, name: str) -> Iterator[_Row]:
    """Yield the rows of a query of this package. Run no other query on ``store`` before the last row."""
    return dict_rows(store.execute(_sql(name)))


def _sql(name: str) -> str:
    return (resources.files("analysis.awards") / name).read_text(encoding="utf-8")
