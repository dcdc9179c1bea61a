"""``tenders rebuild --classify-only``: classify the stored notices again, without reading their pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import orjson

from analysis.quality import changes
from pipelines.common.rows import dict_rows
from pipelines.model import Lot, Notice, PriceStatement, Winner
from pipelines.storage import store
from pipelines.storage.spool import SpoolWriter, notice_line
from pipelines.workers import map_in_order
from tenders import portals
from tenders.data_folder import DataFolder
from tenders.database import attach_before_and_after
from tenders.jobs.load import load_locked
from tenders.jobs.new_store import NothingToRebuildError, build_store, replace_store
from tenders.jobs.reading import Progress, no_progress
from tenders.jobs.user_lexicon import apply_user_lexicon

_BATCH_NOTICES = 64
# What classify decides. The evidence for these fields is decided with them.
CLASS_FIELDS = (
    "is_large_model",
    "relevance",
    "project_type",
    "project_type_second",
    "sector",
    "subsector",
    "province",
    "vendor",
    "buyer_kind",
)

_NOTICES = """
    SELECT
        c.notice_key, c.portal, c.url, c.first_seen_at AS seen_at, c.notice_id, c.kind, c.title, c.published_on,
        c.project_number, c.project_name, c.buyer, c.agency, c.body, c.region, c.buyer_address, c.category,
        c.cancels_result, c.content_hash, c.evidence, c.platform_number_key AS platform_number,
        c.price_statements, c.page_key, c.seq,
        l.lots
    FROM private.contents AS c
    LEFT JOIN (
        SELECT content_hash, list({
            lot_no: lot_no, lot_name: lot_name, amount_yuan: amount_yuan, amount_kind: amount_kind,
            amount_text: amount_text, tax_included: tax_included, failed: failed, numbered: numbered,
            subject: subject, price_statements: price_statements, winners: coalesce(winners, [])
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

StoredNotice = tuple[Notice, str, int]  # with its page_key and its place on the page


@dataclass(frozen=True, slots=True)
class Reclassified:
    """How many notices were classified again, and what that changed."""

    notices: int
    changes: changes.Changes


def reclassify_store(data_dir: Path, progress: Progress = no_progress) -> Reclassified:
    """Classify the stored notices with today's words and rules, and publish the result.

    Raises NothingToRebuildError and InvalidDataError.
    """
    folder = _folder_with_notices(data_dir)
    with apply_user_lexicon(data_dir), folder.lock():
        load_locked(folder)
        count = _build_reclassified(folder.rebuilding, folder, progress)
        with attach_before_and_after(folder.own, folder.rebuilding / "store.duckdb") as con:
            differences = changes.compare(con)
        replace_store(folder)
    return Reclassified(count, differences)


@contextmanager
def preview_reclassification(data_dir: Path, progress: Progress = no_progress) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to what is published, as ``before``, and to a draft with today's classes, as ``after``.

    ``analysis.quality.changes`` compares the two. The draft is dropped at the end and nothing else is touched; loads
    wait. Raises NothingToRebuildError and InvalidDataError.
    """
    folder = _folder_with_notices(data_dir)
    with apply_user_lexicon(data_dir), folder.lock():
        try:
            _build_reclassified(folder.preview, folder, progress)
            with attach_before_and_after(folder.own, folder.preview / "store.duckdb") as con:
                yield con
        finally:
            shutil.rmtree(folder.preview, ignore_errors=True)


def spool_reclassified(con: duckdb.DuckDBPyConnection, spool_dir: Path, progress: Progress) -> int:
    """Write every stored notice, classified again, into spool segments in ``spool_dir``. Returns how many notices."""
    count = 0
    with SpoolWriter(spool_dir) as writer:
        for lines in map_in_order(classify_again, _notice_batches(con)):
            writer.append(lines)
            count += len(lines)
            progress(count)
    return count


def classify_again(batch: list[StoredNotice]) -> list[bytes]:
    """Return the spool lines of these notices with today's classes."""
    from pipelines.classify import classify
    from pipelines.classify.lexicon import current

    lines = []
    for notice, page_key, seq in batch:
        for name in CLASS_FIELDS:
            notice.evidence.pop(name, None)
            notice.evidence.pop(f"rule:{name}", None)
        classify(notice, portals.province_of(notice.portal))
        lines.append(notice_line(notice, page_key, seq, current().digest))
    return lines


def _folder_with_notices(data_dir: Path) -> DataFolder:
    folder = DataFolder(data_dir)
    if not folder.store.exists() or not folder.own.exists():
        raise NothingToRebuildError(
            f"{data_dir} holds no notices: read something first with tenders ingest or tenders crawl"
        )
    return folder


def _build_reclassified(place: Path, folder: DataFolder, progress: Progress) -> int:
    """Build a store in ``place`` from the stored notices, classified again. Returns how many notices."""
    shutil.rmtree(place, ignore_errors=True)
    with closing(store.open_store(folder.store)) as con:
        count = spool_reclassified(con, place / "spool", progress)
    build_store(place, lambda con: store.carry_sightings(con, folder.store))
    return count


def _notice_batches(con: duckdb.DuckDBPyConnection) -> Iterator[list[StoredNotice]]:
    rows = dict_rows(con.cursor().execute(_NOTICES), _BATCH_NOTICES)
    while batch := [_stored_notice(row) for row in islice(rows, _BATCH_NOTICES)]:
        yield batch


def _stored_notice(row: dict[str, Any]) -> StoredNotice:
    page_key, seq, lots, evidence = row.pop("page_key"), row.pop("seq"), row.pop("lots") or [], row.pop("evidence")
    row["price_statements"] = _price_statements(row)
    notice = Notice(**row, evidence=orjson.loads(evidence or "{}"))
    for lot in lots:
        lot["price_statements"] = _price_statements(lot)
        winners = [Winner(**winner) for winner in lot.pop("winners")]
        notice.lots.append(Lot(**{**lot, "subject": lot["subject"] or ""}, winners=winners))
    return notice, page_key, seq


def _price_statements(row: dict[str, Any]) -> list[PriceStatement]:
    return [PriceStatement(**statement) for statement in row["price_statements"] or ()]
