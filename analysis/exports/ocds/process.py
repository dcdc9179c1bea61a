"""What an OCDS process is made from: an award with its lots and its notices, as the database has them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import duckdb

from analysis.exports.selection import Selection, rows

# The order of notices of one day, as in the rules for awards: a result comes before its correction.
# Other kinds are first.
_KINDS = ("tender", "single_source", "candidate", "award", "correction", "contract", "failed")
_PLACES = {kind: place for place, kind in enumerate(_KINDS, 1)}


@dataclass(frozen=True, slots=True)
class NoticeLot:
    """A lot as one notice gives it. ``winners`` are (supplier, rank or None); a candidate notice has its candidates."""

    lot_no: int | None
    amount: Decimal | None
    failed: bool
    winners: tuple[tuple[str, int | None], ...]

    @property
    def suppliers(self) -> list[str]:
        """Return the names of the winners or candidates."""
        return [name for name, _ in self.winners]


@dataclass(frozen=True, slots=True)
class ProcessNotice:
    """One notice of an award, in its newest version."""

    key: str
    portal: str
    url: str
    kind: str
    title: str | None
    published_on: date | None
    first_seen: datetime
    agency: str | None
    cancels_result: bool
    lots: tuple[NoticeLot, ...]

    @property
    def day(self) -> date:
        """Return the day of publication, or the day on which a page without one was first seen."""
        return self.published_on or self.first_seen.date()

    @property
    def order(self) -> tuple[date, int, datetime, str]:
        """Return the sort key of the chronological order."""
        return self.day, _PLACES.get(self.kind, 0), self.first_seen, self.key

    @property
    def suppliers(self) -> list[str]:
        """Return the suppliers of its lots that did not fail, each once."""
        return list(dict.fromkeys(name for lot in self.lots if not lot.failed for name in lot.suppliers))


@dataclass(frozen=True, slots=True)
class ProcessLot:
    """A lot after all notices. ``state`` is won, void or candidate."""

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
    """An award with its lots in their order and its notices in chronological order."""

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
    lots: tuple[ProcessLot, ...]
    notices: tuple[ProcessNotice, ...]


_NO_LETTERS = re.compile(r"[\W_]+")

# One row for each award, in the order of the fields of Process; its lots and notices are lists of tuples in the order
# of the fields of ProcessLot, ProcessNotice and NoticeLot.
_SQL = """
    WITH chosen AS ({chosen}), notice_of_award AS (
        SELECT award_key, unnest(notice_keys) AS notice_key FROM chosen
    ), latest AS (
        SELECT * EXCLUDE (body, evidence) FROM notices
        WHERE is_latest AND notice_key IN (SELECT notice_key FROM notice_of_award)
    ), winners_of_lot AS (
        SELECT w.notice_key, w.lot_seq, list((w.supplier, w.position) ORDER BY w.seq) AS winners
        FROM winners AS w JOIN latest USING (notice_key, version)
        GROUP BY ALL
    ), lots_of_notice AS (
        SELECT
            l.notice_key,
            list((
                l.lot_no, CASE WHEN l.amount_kind = 'total' AND l.amount_yuan > 0 THEN l.amount_yuan END,
                coalesce(l.failed, false), coalesce(w.winners, [])
            ) ORDER BY l.lot_seq) AS lots
        FROM lots AS l
        JOIN latest USING (notice_key, version)
        LEFT JOIN winners_of_lot AS w ON w.notice_key = l.notice_key AND w.lot_seq = l.lot_seq
        GROUP BY l.notice_key
    ), notices_of_award AS (
        SELECT
            a.award_key,
            list((
                n.notice_key, n.portal, n.url, n.kind, n.title, n.published_on, n.first_seen_at, n.agency,
                coalesce(n.cancels_result, false), coalesce(l.lots, [])
            )) AS notices
        FROM notice_of_award AS a
        JOIN latest AS n USING (notice_key)
        LEFT JOIN lots_of_notice AS l USING (notice_key)
        GROUP BY a.award_key
    ), lots_of_award AS (
        SELECT
            award_key,
            list((
                seq, lot_no, lot_name, state, counted, summed_yuan(l.amount_yuan, a.disclosed), amount_source,
                l.suppliers, notice_key
            ) ORDER BY seq) AS lots
        FROM award_lots AS l JOIN chosen AS a USING (award_key)
        GROUP BY award_key
    )
    SELECT
        c.award_key, c.project_number, coalesce(c.project_name, c.title), c.buyer, c.province, c.awarded_on, c.status,
        summed_yuan(c.amount_yuan, c.disclosed), c.is_large_model, c.project_type, c.sector, c.subsector, l.lots,
        n.notices
    FROM chosen AS c
    JOIN notices_of_award AS n USING (award_key)
    LEFT JOIN lots_of_award AS l USING (award_key)
    ORDER BY c.awarded_on NULLS LAST, c.award_key
"""


def read_processes(con: duckdb.DuckDBPyConnection, selection: Selection) -> Iterator[Process]:
    """Yield the selected awards by date and key, those without a date last."""
    for *fields, lot_rows, notice_rows in rows(con, _SQL.format(chosen=selection.sql)):
        lots = tuple(
            ProcessLot(*[*values, tuple(suppliers), notice_key]) for *values, suppliers, notice_key in lot_rows or ()
        )
        notices = tuple(sorted(map(_notice, notice_rows), key=lambda notice: notice.order))
        yield Process(*[*fields, lots, notices])


def _notice(row: tuple[Any, ...]) -> ProcessNotice:
    *fields, lot_rows = row
    lots = tuple(NoticeLot(lot_no, amount, failed, tuple(winners)) for lot_no, amount, failed, winners in lot_rows)
    return ProcessNotice(*[*fields, lots])


@lru_cache(100_000)
def comparable_name(name: str) -> str:
    """Return an organisation's name without what notices write differently: width, case, spaces, brackets."""
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", name).casefold()) or name


def have_common_name(names: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether two lists of organisations have one in common; a name may be a shortened form of the other."""
    comparable = [comparable_name(name) for name in names]
    other_names = [comparable_name(name) for name in others]
    return any(
        one == other or (min(len(one), len(other)) >= 6 and (one in other or other in one))
        for one in comparable
        for other in other_names
    )
