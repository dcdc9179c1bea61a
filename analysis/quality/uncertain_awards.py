"""The awards that a person should look at: which are the least certain, and what a reader needs to decide about one.

An award is uncertain where its relevance is near the line from which one counts, on either side, or where a rule spoke that
stands in for knowing: of what it buys, of who its buyer is, of where that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import duckdb
import orjson

from analysis.awards.history import award_key

Json = dict[str, Any]

# What a row tells its reader, in this order; what the rules say begins with rules_.
COLUMNS = (
    "award_key", "awarded_on", "project_name", "buyer", "award_lots", "suppliers", "amount_yuan", "url", "asked_because",
    "rules_large_model", "rules_relevance", "rules_project_type", "rules_sector", "rules_province", "rules_words",
)  # fmt: skip
_WHY = {
    "counts_barely": "counts, but little speaks for it 计入，依据偏弱",
    "nearly_counts": "does not count, but something speaks for it 未计入，接近界线",
    "type_unsaid": "nothing says what the money buys 类型依据不足",
    "buyer_unknown": "no rule knows what the buyer is 采购人行业不明",
    "no_province": "nothing says where the buyer is 省份不明",
}
_UNDECIDED = "status = 'awarded' AND award_key NOT IN (SELECT award_key FROM reviews)"
# Near the line first, by how near; then those with the most open questions; of equals the larger sum.
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
            CASE WHEN is_large_model AND province IS NULL THEN 'no_province' END
        ], lambda reason: reason IS NOT NULL) AS reasons
        FROM awards
        WHERE {_UNDECIDED} AND awarded_on >= coalesce($since, awarded_on) AND awarded_on <= coalesce($until, awarded_on)
    )
    SELECT *, count(*) OVER () AS uncertain
    FROM asked
    WHERE len(reasons) > 0
    ORDER BY
        NOT list_has_any(reasons, ['counts_barely', 'nearly_counts']),
        CASE WHEN list_has_any(reasons, ['counts_barely', 'nearly_counts']) THEN round(abs(relevance - 0.5), 2) END,
        len(reasons) DESC, amount_yuan DESC NULLS LAST, award_key
    LIMIT $most
"""
_CLASSES = ("is_large_model", "project_type", "sector", "province")


def least_certain(
    con: duckdb.DuckDBPyConnection, since: date | None, until: date | None, most: int
) -> tuple[list[Json], int]:
    """At most ``most`` awards of these days (both included), the least certain first, as rows of :data:`COLUMNS`; and how many
    are uncertain in all. What a person has decided about is left out."""
    awards = _rows(con, _LEAST_CERTAIN, {"since": since, "until": until, "most": most})
    notices = _notices(con, [award["award_key"] for award in awards])
    lots = _lots(con, [award["award_key"] for award in awards])
    rows = [_row(award, lots.get(award["award_key"], []), notices.get(award["award_key"], [])) for award in awards]
    return rows, awards[0]["uncertain"] if awards else 0


def known(con: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, Json]:
    """What is known of the awards that were ever published under these keys: facts for a label; ``award_lots``, the lots as a row
    shows them; ``standing``, what people have decided so far. An award that became part of another is that other one."""
    wanted = sorted(set(keys))
    there = con.execute(
        "SELECT award_key FROM awards WHERE list_contains(CAST($1 AS VARCHAR[]), award_key)", [wanted]
    ).fetchall()
    holder = {key: key for (key,) in there}
    # A key says which notice its award began with, and that notice has an award today (``analysis.awards.history``).
    if lost := set(wanted) - holder.keys():
        notices_of_awards = con.execute("SELECT unnest(notice_keys), award_key FROM awards").fetchall()
        holder |= {key: heir for notice_key, heir in notices_of_awards if (key := award_key(notice_key)) in lost}
    own = sorted(set(holder.values()))
    awards = _rows(con, "SELECT * FROM awards WHERE list_contains(CAST($keys AS VARCHAR[]), award_key)", {"keys": own})
    notices, lots = _notices(con, own), _lots(con, own)
    facts = {
        (own_key := award["award_key"]): _facts(award, lots.get(own_key, []), notices[own_key]) for award in awards
    }
    return {key: facts[own_key] for key, own_key in holder.items()}


def _facts(award: Json, lots: Sequence[Json], notices: Sequence[Json]) -> Json:
    first = notices[0]
    reviewed = orjson.loads(award["evidence"] or "{}").get("reviewed", [])
    return {
        **{name: award[name] for name in ("award_key", "notice_keys", "buyer", "suppliers", "project_number")},
        **{name: first[name] for name in ("url", "title", "kind")},
        "published_on": str(first["published_on"]) if first["published_on"] else None,
        "total_amount_yuan": _text(award["amount_yuan"]),
        "lots": [
            {"lot_no": lot["shown"], "name": lot["lot_name"], "supplier": "、".join(lot["suppliers"]) or None,
             "amount_yuan": _text(lot["amount_yuan"])}
            for lot in lots
        ],
        "award_lots": _lot_lines(lots),
        "standing": {said["field"]: said["value"] for said in reviewed},
    }  # fmt: skip


def _row(award: Json, lots: Sequence[Json], notices: Sequence[Json]) -> Json:
    told = {
        "award_lots": _lot_lines(lots),
        "suppliers": "、".join(award["suppliers"]),
        "url": notices[0]["url"],
        "asked_because": "\n".join(_WHY[reason] for reason in award["reasons"]),
        "rules_large_model": "yes" if award["is_large_model"] else "no",
        "rules_words": "\n".join(_words(notices)),
        "project_name": award["project_name"] or award["title"],
    }
    return {column: told.get(column, award.get(column.removeprefix("rules_"))) for column in COLUMNS}


def _lot_lines(lots: Sequence[Json]) -> str:
    lines = []
    for lot in lots:
        amount = "—" if lot["amount_yuan"] is None else f"{lot['amount_yuan']:,.2f}"
        parts = [lot["lot_name"], amount, "、".join(lot["suppliers"]), "void" if lot["state"] == "void" else None]
        lines.append(f"lot {lot['shown']}: " + " | ".join(part for part in parts if part))
    return "\n".join(lines)


def _words(notices: Sequence[Json]) -> list[str]:
    """For each class the words of any of the notices, and the rules that read them."""
    lines = []
    for field in _CLASSES:
        said: dict[str, None] = {}
        for notice in notices:
            evidence = orjson.loads(notice["evidence"] or "{}")
            words, rules = (" | ".join(evidence.get(name, [])) for name in (field, f"rule:{field}"))
            if words or rules:
                said[f"{words} ({rules})".strip()] = None
        if said:
            lines.append(f"{field}: {'; '.join(said)}")
    return lines


def _notices(con: duckdb.DuckDBPyConnection, keys: list[str]) -> dict[str, list[Json]]:
    """The notices of each award, its first result first."""
    rows = _rows(
        con,
        """
        SELECT a.award_key, n.url, n.title, n.kind, n.published_on, n.evidence
        FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM awards
            WHERE list_contains(CAST($keys AS VARCHAR[]), award_key)) AS a
        JOIN notices AS n USING (notice_key)
        WHERE n.is_latest
        ORDER BY a.award_key, n.kind <> 'award', n.kind <> 'candidate', n.published_on, n.first_seen_at, n.notice_key
        """,
        {"keys": keys},
    )
    return _by_award(rows)


def _lots(con: duckdb.DuckDBPyConnection, keys: list[str]) -> dict[str, list[Json]]:
    """The lots of each award. They are shown under their own numbers, or in order where two have the same."""
    found = _by_award(
        _rows(con, "SELECT * FROM award_lots WHERE list_contains(CAST($keys AS VARCHAR[]), award_key) ORDER BY award_key, seq",
              {"keys": keys})
    )  # fmt: skip
    for lots in found.values():
        numbers = [lot["lot_no"] for lot in lots]
        told_apart = None not in numbers and len(set(numbers)) == len(numbers)
        for place, lot in enumerate(lots, 1):
            lot["shown"] = lot["lot_no"] if told_apart else place
    return found


def _by_award(rows: Iterable[Json]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for row in rows:
        found.setdefault(row["award_key"], []).append(row)
    return found


def _rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: Json) -> list[Json]:
    result = con.execute(sql, parameters)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _text(amount: object) -> str | None:
    return None if amount is None else str(amount)
