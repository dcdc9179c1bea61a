"""What an OCDS process is made from: an award with its lots, and the notices that tell of it, as the database has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import duckdb

from analysis.exports.selection import Selection, rows

# Within one day: what is known first stands first, as in the resolving of awards.
_KINDS = ("tender", "single_source", "candidate", "award", "correction", "contract", "failed")
_PLACES = {kind: place for place, kind in enumerate(_KINDS, 1)}


@dataclass(frozen=True, slots=True)
class ToldLot:
    """A lot as one notice tells it; ``winners`` are (supplier, rank or None), of a candidate notice the candidates."""

    lot_no: int | None
    amount: Decimal | None
    failed: bool
    winners: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    key: str
    portal: str
    url: str
    kind: str
    title: str | None
    day: date | None
    seen: datetime
    agency: str | None
    cancels: bool
    lots: tuple[ToldLot, ...]

    @property
    def known_on(self) -> date:
        """The day of publication; of a page that gives none, the day on which it was seen first."""
        return self.day or self.seen.date()

    @property
    def order(self) -> tuple[date, int, datetime, str]:
        return self.known_on, _PLACES.get(self.kind, 0), self.seen, self.key

    @property
    def winners(self) -> list[str]:
        """The suppliers of its lots that did not fail, each once."""
        return list(dict.fromkeys(name for lot in self.lots if not lot.failed for name, _ in lot.winners))


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot as the notices together have it: ``state`` is won, void or candidate."""

    seq: int
    lot_no: int | None
    name: str | None
    state: str
    counted: bool
    amount: Decimal | None
    amount_source: str | None
    suppliers: tuple[str, ...]
    notice_key: str


@dataclass(frozen=True, slots=True)
class Process:
    """An award, its lots in their order and its notices by day."""

    key: str
    number: str | None
    name: str | None
    buyer: str | None
    province: str | None
    awarded_on: date | None
    status: str
    amount: Decimal | None
    is_large_model: bool
    project_type: str | None
    sector: str | None
    subsector: str | None
    lots: tuple[Lot, ...]
    notices: tuple[Notice, ...]


_SIGNS = re.compile(r"[\W_]+")

_SQL = """
    WITH chosen AS ({chosen}), told AS (
        SELECT award_key, unnest(notice_keys) AS notice_key FROM chosen
    ), latest AS (
        SELECT * EXCLUDE (body, evidence) FROM notices WHERE is_latest AND notice_key IN (SELECT notice_key FROM told)
    ), named AS (
        SELECT w.notice_key, w.lot_seq, list((w.supplier, w.position) ORDER BY w.seq) AS winners
        FROM winners AS w JOIN latest USING (notice_key, version)
        GROUP BY ALL
    ), own AS (
        SELECT
            l.notice_key,
            list((
                l.lot_no, CASE WHEN l.amount_kind = 'total' AND l.amount_yuan > 0 THEN l.amount_yuan END,
                coalesce(l.failed, false), coalesce(n.winners, [])
            ) ORDER BY l.lot_seq) AS lots
        FROM lots AS l
        JOIN latest USING (notice_key, version)
        LEFT JOIN named AS n ON n.notice_key = l.notice_key AND n.lot_seq = l.lot_seq
        GROUP BY l.notice_key
    ), heard AS (
        SELECT
            t.award_key,
            list((
                n.notice_key, n.portal, n.url, n.kind, n.title, n.published_on, n.first_seen_at, n.agency,
                coalesce(n.cancels_result, false), coalesce(o.lots, [])
            )) AS notices
        FROM told AS t
        JOIN latest AS n USING (notice_key)
        LEFT JOIN own AS o USING (notice_key)
        GROUP BY t.award_key
    ), parts AS (
        SELECT
            award_key,
            list((seq, lot_no, lot_name, state, counted, amount_yuan, amount_source, suppliers, notice_key) ORDER BY seq) AS lots
        FROM award_lots WHERE award_key IN (SELECT award_key FROM chosen)
        GROUP BY award_key
    )
    SELECT
        c.award_key, c.project_number, coalesce(c.project_name, c.title), c.buyer, c.province, c.awarded_on, c.status,
        c.amount_yuan, c.is_large_model, c.project_type, c.sector, c.subsector, p.lots, h.notices
    FROM chosen AS c
    JOIN heard AS h USING (award_key)
    LEFT JOIN parts AS p USING (award_key)
    ORDER BY c.awarded_on NULLS LAST, c.award_key
"""


def processes(con: duckdb.DuckDBPyConnection, selection: Selection) -> Iterator[Process]:
    """The selected awards by date and key, those without a date last."""
    for *fields, lots, notices in rows(con, _SQL.format(chosen=selection.sql)):
        parts = tuple(Lot(*[*lot[:7], tuple(lot[7]), lot[8]]) for lot in lots or ())
        heard = tuple(sorted(map(_notice, notices), key=lambda notice: notice.order))
        yield Process(*[*fields, parts, heard])


def _notice(row: tuple[Any, ...]) -> Notice:
    *fields, lots = row
    return Notice(*[*fields, tuple(ToldLot(lot[0], lot[1], lot[2], tuple(lot[3])) for lot in lots)])


@lru_cache(100_000)
def plain_name(name: str) -> str:
    """A name of an organisation without what is written differently of the same one: width, case, spaces, brackets."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", name).casefold()) or name


def same_names(some: list[str], others: list[str]) -> bool:
    """Whether two lists of organisations have one in common; one may be written in full and shortened by its end."""
    known = [plain_name(name) for name in some]
    return any(
        a == b or (min(len(a), len(b)) >= 6 and (a in b or b in a)) for a in known for b in map(plain_name, others)
    )
