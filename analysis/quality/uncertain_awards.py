"""The awards that a person should look at: which are the least certain, and what a reader needs to decide about one.

An award is uncertain if its relevance is near the line between counting and not counting, on either side. It is also
uncertain if its amount is doubtful (``flags``), or if a rule had to guess what it buys, who its buyer is, or where the
buyer is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import duckdb
import orjson

from analysis.awards.history import award_key
from pipelines.common.rows import dict_rows

# A row of a query, by column name.
Row = dict[str, Any]

# The columns of a row for a reader, in this order; what the rules say begins with rules_.
COLUMNS = (
    "award_key",
    "awarded_on",
    "project_name",
    "buyer",
    "award_lots",
    "suppliers",
    "amount_yuan",
    "url",
    "asked_because",
    "rules_large_model",
    "rules_relevance",
    "rules_project_type",
    "rules_sector",
    "rules_province",
    "rules_words",
)
# Why an award is asked about, in both languages.
_REASONS = {
    "counts_barely": "counts, but little speaks for it 计入，依据偏弱",
    "nearly_counts": "does not count, but something speaks for it 未计入，接近界线",
    "type_unsaid": "nothing says what the money buys 类型依据不足",
    "buyer_unknown": "no rule knows what the buyer is 采购人行业不明",
    "no_province": "nothing says where the buyer is 省份不明",
    "amount_doubtful": "the notices contradict each other about the amount 金额存疑",
    "amount_waits": "the amount is in no sum until it is confirmed 金额待核实",
}
# An amount that waits is asked about until a person has confirmed it, whatever else was decided.
_WAITS = "amount_yuan IS NOT NULL AND NOT disclosed"
_UNDECIDED = f"status = 'awarded' AND (award_key NOT IN (SELECT award_key FROM reviews) OR {_WAITS})"
# First the amounts that wait; then those near the line, the nearest first; then those with the most open questions;
# among equals the larger amount.
_LEAST_CERTAIN = f"""
    WITH asked AS (
        SELECT *, list_filter([
            CASE WHEN is_large_model AND relevance < 0.7 THEN 'counts_barely' END,
            CASE WHEN NOT is_large_model AND relevance >= 0.25 AND relevance < 0.5 THEN 'nearly_counts' END,
            CASE WHEN is_large_model AND (project_type IS NULL OR list_contains(
                CAST(json_extract_string(evidence, '$.project_type[*].rules[*]') AS VARCHAR[]), 'nothing-else-says'))
                THEN 'type_unsaid' END,
            CASE WHEN is_large_model AND (sector IS NULL OR list_contains(
                CAST(json_extract_string(evidence, '$.sector[*].rules[*]') AS VARCHAR[]), 'buyer:named-but-unknown'))
                THEN 'buyer_unknown' END,
            CASE WHEN is_large_model AND province IS NULL THEN 'no_province' END,
            CASE WHEN is_large_model AND {_WAITS} THEN 'amount_waits'
                WHEN is_large_model AND len(flags) > 0 THEN 'amount_doubtful' END
        ], lambda reason: reason IS NOT NULL) AS reasons
        FROM awards
        WHERE {_UNDECIDED} AND awarded_on >= coalesce($since, awarded_on) AND awarded_on <= coalesce($until, awarded_on)
    )
    SELECT *, count(*) OVER () AS uncertain
    FROM asked
    WHERE len(reasons) > 0
    ORDER BY
        NOT list_contains(reasons, 'amount_waits'),
        NOT list_has_any(reasons, ['counts_barely', 'nearly_counts']),
        CASE WHEN list_has_any(reasons, ['counts_barely', 'nearly_counts']) THEN round(abs(relevance - 0.5), 2) END,
        len(reasons) DESC, amount_yuan DESC NULLS LAST, award_key
    LIMIT $limit
"""
_CLASS_FIELDS = ("is_large_model", "project_type", "sector", "province")
_NOTICES = """
    SELECT a.award_key, n.url, n.title, n.kind, n.published_on, n.evidence
    FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM awards
        WHERE list_contains(CAST($keys AS VARCHAR[]), award_key)) AS a
    JOIN notices AS n USING (notice_key)
    WHERE n.is_latest
    ORDER BY a.award_key, n.kind <> 'award', n.kind <> 'candidate', n.published_on, n.first_seen_at, n.notice_key
"""
_LOTS = "SELECT * FROM award_lots WHERE list_contains(CAST($keys AS VARCHAR[]), award_key) ORDER BY award_key, seq"


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot under the number that readers see; the amount is in yuan, as text."""

    lot_no: int
    name: str | None
    supplier: str | None
    amount_yuan: str | None


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """The stored facts of an award, for a label. Amounts are in yuan, as text.

    ``award_lots`` are its lots as a row of the form shows them. ``decided_so_far`` has the value of each field that
    people decided. Title, kind, day and address are those of its first notice.
    """

    award_key: str
    notice_keys: list[str]
    project_number: str | None
    buyer: str | None
    suppliers: list[str]
    url: str | None
    title: str | None
    kind: str
    published_on: str | None
    total_amount_yuan: str | None
    lots: list[LotFacts]
    award_lots: str
    decided_so_far: dict[str, Any]


def least_certain(
    con: duckdb.DuckDBPyConnection, since: date | None, until: date | None, limit: int
) -> tuple[list[Row], int]:
    """Return at most ``limit`` awards of these days, both included, as rows of :data:`COLUMNS`.

    The least certain come first. Also returns how many are uncertain in all. Leaves out what a person has decided
    about.
    """
    parameters = {"since": since, "until": until, "limit": limit}
    awards = list(dict_rows(con.execute(_LEAST_CERTAIN, parameters)))
    keys = [award["award_key"] for award in awards]
    notices, lots = _notices_by_award(con, keys), _lots_by_award(con, keys)
    rows = [_row(award, lots.get(award["award_key"], []), notices.get(award["award_key"], [])) for award in awards]
    return rows, awards[0]["uncertain"] if awards else 0


def award_facts(con: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, AwardFacts]:
    """Return the facts of the awards that were ever published under these keys, by key.

    The key of an award that became part of another one leads to that other award.
    """
    current_keys = _current_keys(con, set(keys))
    own = sorted(set(current_keys.values()))
    awards = con.execute("SELECT * FROM awards WHERE list_contains(CAST($keys AS VARCHAR[]), award_key)", {"keys": own})
    rows = list(dict_rows(awards))
    notices, lots = _notices_by_award(con, own), _lots_by_award(con, own)
    facts = {row["award_key"]: _facts(row, lots.get(row["award_key"], []), notices[row["award_key"]]) for row in rows}
    return {key: facts[current] for key, current in current_keys.items()}


def _current_keys(con: duckdb.DuckDBPyConnection, keys: set[str]) -> dict[str, str]:
    """Return the key of today's award for each of these keys that was ever published."""
    rows = con.execute(
        "SELECT award_key FROM awards WHERE list_contains(CAST($1 AS VARCHAR[]), award_key)", [sorted(keys)]
    ).fetchall()
    current = {key: key for (key,) in rows}
    # A key is made from the notice that its award began with, and that notice has an award today
    # (``analysis.awards.history``).
    if lost := keys - current.keys():
        pairs = con.execute("SELECT unnest(notice_keys), award_key FROM awards").fetchall()
        current |= {key: heir for notice_key, heir in pairs if (key := award_key(notice_key)) in lost}
    return current


def _facts(award: Row, lots: Sequence[Row], notices: Sequence[Row]) -> AwardFacts:
    first = notices[0]
    reviewed = orjson.loads(award["evidence"] or "{}").get("reviewed", [])
    return AwardFacts(
        award_key=award["award_key"],
        notice_keys=award["notice_keys"],
        project_number=award["project_number"],
        buyer=award["buyer"],
        suppliers=award["suppliers"],
        url=first["url"],
        title=first["title"],
        kind=first["kind"],
        published_on=str(first["published_on"]) if first["published_on"] else None,
        total_amount_yuan=_amount_text(award["amount_yuan"]),
        lots=[
            LotFacts(
                lot["shown_no"], lot["lot_name"], "、".join(lot["suppliers"]) or None, _amount_text(lot["amount_yuan"])
            )
            for lot in lots
        ],
        award_lots=_lot_lines(lots),
        decided_so_far={decision["field"]: decision["value"] for decision in reviewed},
    )


def _row(award: Row, lots: Sequence[Row], notices: Sequence[Row]) -> Row:
    computed = {
        "award_lots": _lot_lines(lots),
        "suppliers": "、".join(award["suppliers"]),
        "url": notices[0]["url"],
        "asked_because": "\n".join(_REASONS[reason] for reason in award["reasons"]),
        "rules_large_model": "yes" if award["is_large_model"] else "no",
        "rules_words": "\n".join(_evidence_lines(notices)),
        "project_name": award["project_name"] or award["title"],
    }
    return {column: computed.get(column, award.get(column.removeprefix("rules_"))) for column in COLUMNS}


def _lot_lines(lots: Sequence[Row]) -> str:
    lines = []
    for lot in lots:
        amount = "—" if lot["amount_yuan"] is None else f"{lot['amount_yuan']:,.2f}"
        parts = [lot["lot_name"], amount, "、".join(lot["suppliers"]), "void" if lot["state"] == "void" else None]
        lines.append(f"lot {lot['shown_no']}: " + " | ".join(part for part in parts if part))
    return "\n".join(lines)


def _evidence_lines(notices: Sequence[Row]) -> Iterator[str]:
    """Yield a line for each class: the words in any of the notices, and the rules that read them."""
    for field in _CLASS_FIELDS:
        readings: dict[str, None] = {}
        for notice in notices:
            evidence = orjson.loads(notice["evidence"] or "{}")
            words, rules = (" | ".join(evidence.get(name, [])) for name in (field, f"rule:{field}"))
            if words or rules:
                readings[f"{words} ({rules})".strip()] = None
        if readings:
            yield f"{field}: {'; '.join(readings)}"


def _notices_by_award(con: duckdb.DuckDBPyConnection, keys: list[str]) -> dict[str, list[Row]]:
    """Return the latest notices of each award, award notices first, then candidate notices, then by day."""
    return _by_award(con.execute(_NOTICES, {"keys": keys}))


def _lots_by_award(con: duckdb.DuckDBPyConnection, keys: list[str]) -> dict[str, list[Row]]:
    """Return the lots of each award. ``shown_no`` is the lot's own number, or its place if two lots share a number."""
    by_award = _by_award(con.execute(_LOTS, {"keys": keys}))
    for lots in by_award.values():
        numbers = [lot["lot_no"] for lot in lots]
        unambiguous = None not in numbers and len(set(numbers)) == len(numbers)
        for place, lot in enumerate(lots, 1):
            lot["shown_no"] = lot["lot_no"] if unambiguous else place
    return by_award


def _by_award(cursor: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    """Group rows that are ordered by ``award_key``."""
    return {key: list(rows) for key, rows in groupby(dict_rows(cursor), key=lambda row: row["award_key"])}


def _amount_text(amount: object) -> str | None:
    return None if amount is None else str(amount)
