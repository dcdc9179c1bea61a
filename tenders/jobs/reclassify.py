"""Classes anew for stored notices: their words are read from the store, their classes are worked out as for a new page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipelines.model import Lot, Notice, Winner
from pipelines.storage.spool import SpoolWriter, notice_line
from pipelines.workers import map_in_order

_BATCH = 64
# What classify decides; the evidence for these is decided anew with them.
CLASS_FIELDS = (
    "is_large_model", "relevance", "project_type", "project_type_second", "sector", "subsector", "province", "vendor",
    "buyer_kind",
)  # fmt: skip

_NOTICES = """
    SELECT
        c.notice_key, c.portal, c.url, c.first_seen_at AS seen_at, c.notice_id, c.kind, c.title, c.published_on, c.project_number,
        c.project_name, c.buyer, c.agency, c.body, c.region, c.buyer_address, c.category, c.cancels_result, c.content_hash,
        c.evidence, c.platform_number_key AS platform_number, c.page_key, c.seq, l.lots
    FROM private.contents AS c
    LEFT JOIN (
        SELECT content_hash, list({
            lot_no: lot_no, lot_name: lot_name, amount_yuan: amount_yuan, amount_kind: amount_kind, amount_text: amount_text,
            tax_included: tax_included, failed: failed, numbered: numbered, subject: subject, winners: coalesce(winners, [])
        } ORDER BY lot_seq) AS lots
        FROM private.content_lots
        LEFT JOIN (
            SELECT content_hash, lot_seq, list({
                supplier: supplier, position: position, role: role, share_pct: share_pct, amount_yuan: amount_yuan
            } ORDER BY seq) AS winners
            FROM private.content_winners
            GROUP BY ALL
        ) USING (content_hash, lot_seq)
        GROUP BY ALL
    ) AS l USING (content_hash)
"""

Stored = tuple[Notice, str, int]


def spool_anew(con: duckdb.DuckDBPyConnection, folder: Path, progress: Callable[[int], None]) -> int:
    """Write every stored notice into spool segments in ``folder``, classified by the rules of today. Returns how many."""
    count = 0
    with SpoolWriter(folder) as writer:
        for lines in map_in_order(classified, _batches(con)):
            writer.append(lines)
            count += len(lines)
            progress(count)
    return count


def classified(batch: list[Stored]) -> list[bytes]:
    """The notices' spool lines with classes worked out anew."""
    from pipelines.classify import classify

    lines = []
    for notice, page_key, seq in batch:
        for name in CLASS_FIELDS:
            notice.evidence.pop(name, None)
            notice.evidence.pop(f"rule:{name}", None)
        classify(notice)
        lines.append(notice_line(notice, page_key, seq))
    return lines


def _batches(con: duckdb.DuckDBPyConnection) -> Iterator[list[Stored]]:
    rows = con.cursor().execute(_NOTICES)
    names = [column[0] for column in rows.description or []]
    while chunk := rows.fetchmany(_BATCH):
        yield [_stored(dict(zip(names, row, strict=True))) for row in chunk]


def _stored(row: dict[str, Any]) -> Stored:
    page_key, seq, lots, evidence = row.pop("page_key"), row.pop("seq"), row.pop("lots") or [], row.pop("evidence")
    notice = Notice(**row, evidence=orjson.loads(evidence or "{}"))
    for lot in lots:
        winners = [Winner(**winner) for winner in lot.pop("winners")]
        notice.lots.append(Lot(**{**lot, "subject": lot["subject"] or ""}, winners=winners))
    return notice, page_key, seq
