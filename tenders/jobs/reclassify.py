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
from pipelines.storage import spool, store
from pipelines.storage.spool import SpoolWriter, notice_line
from pipelines.workers import map_in_order
from tenders import portals
from tenders.data_folder import DataFolder
from tenders.database import attach_before_and_after
from tenders.jobs.load import load_locked, merge_and_build
from tenders.jobs.new_store import NothingToRebuildError
from tenders.jobs.reading import Progress, no_progress
from tenders.jobs.user_lexicon import apply_user_lexicon

_BATCH_NOTICES = 64
_STORED = "stored_"  # what is stored, in columns of the query below
_ROWS_AT_ONCE = 2 * store.ROW_GROUP  # that one query reads: the lots of all notices together would not fit in memory
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

# Columns that follow from classes or names, as they are stored. A notice in which one of them differs is stored again.
_DERIVED = (
    *("is_large_model", "relevance", "project_type", "project_type_second", "sector", "subsector", "province"),
    *("buyer_vendor", "buyer_kind", "project_number_key", "platform_number_key", "project_name_key", "buyer_key"),
)

_NOTICES = f"""
    WITH chosen AS (SELECT content_hash FROM private.contents WHERE rowid >= $first AND rowid < $last)
    SELECT
        {", ".join(f"c.{name} AS stored_{name}" for name in _DERIVED)},
        c.notice_key, c.portal, c.url, c.first_seen_at AS seen_at, c.notice_id, c.kind, c.title, c.published_on,
        c.project_number, c.project_name, c.buyer, c.agency, c.body, c.region, c.buyer_address, c.category,
        c.cancels_result, c.content_hash, c.evidence, c.platform_number_key AS platform_number,
        c.price_statements, c.page_key, c.seq,
        l.lots
    FROM private.contents AS c
    LEFT JOIN (
        SELECT content_hash, list({{
            lot_no: lot_no, lot_name: lot_name, amount_yuan: amount_yuan, amount_kind: amount_kind,
            amount_text: amount_text, tax_included: tax_included, failed: failed, numbered: numbered,
            subject: subject, price_statements: price_statements, stored_is_large_model: is_large_model,
            stored_lot_key: lot_key, winners: coalesce(winners, [])
        }} ORDER BY lot_seq) AS lots
        FROM private.content_lots SEMI JOIN chosen USING (content_hash)
        LEFT JOIN (
            SELECT content_hash, lot_seq, list({{
                supplier: supplier, position: position, role: role, share_pct: share_pct, amount_yuan: amount_yuan,
                stored_vendor: vendor, stored_supplier_key: supplier_key
            }} ORDER BY seq) AS winners
            FROM private.content_winners SEMI JOIN chosen USING (content_hash)
            GROUP BY ALL
        ) USING (content_hash, lot_seq)
        GROUP BY ALL
    ) AS l USING (content_hash)
    WHERE c.rowid >= $first AND c.rowid < $last
"""

Row = dict[str, Any]  # of the query above


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
        count = _reclassify(folder.store, folder.rebuilding, progress)
        with attach_before_and_after(folder.own, folder.store) as con:
            differences = changes.compare(con)
        load_locked(folder, accept_fewer=True)
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
            shutil.rmtree(folder.preview, ignore_errors=True)
            folder.preview.mkdir(parents=True)
            with closing(store.open_store(folder.store)):
                pass  # what a killed loader left in the log becomes part of the file
            shutil.copyfile(folder.store, folder.preview / "store.duckdb")
            _reclassify(folder.preview / "store.duckdb", folder.preview, progress)
            with attach_before_and_after(folder.own, folder.preview / "store.duckdb") as con:
                yield con
        finally:
            shutil.rmtree(folder.preview, ignore_errors=True)


def classify_again(batch: list[Row]) -> list[bytes]:
    """Return the spool lines of those notices whose classes are other ones today."""
    from pipelines.classify import classify
    from pipelines.classify.lexicon import current

    lines = []
    for row in batch:
        notice = _stored_notice(row)
        for name in CLASS_FIELDS:
            notice.evidence.pop(name, None)
            notice.evidence.pop(f"rule:{name}", None)
        classify(notice, portals.province_of(notice.portal))
        line = notice_line(notice, row["page_key"], row["seq"], current().digest)
        if _differs(orjson.loads(line), row):
            lines.append(line)
    return lines


def _differs(record: Row, row: Row) -> bool:
    """Return whether a notice would be stored otherwise than it is, given the record of its spool line and its row."""
    if record["evidence"] != orjson.loads(row["evidence"] or "{}"):
        return True
    pairs = [(record, row)]
    for lot, stored_lot in zip(record["lots"], row["lots"] or (), strict=False):
        pairs.append((lot, stored_lot))
        pairs += zip(lot["winners"], stored_lot["winners"], strict=False)
    return any(
        new[name.removeprefix(_STORED)] != value
        for new, old in pairs
        for name, value in old.items()
        if name.startswith(_STORED)
    )


def _folder_with_notices(data_dir: Path) -> DataFolder:
    folder = DataFolder(data_dir)
    if not folder.store.exists() or not folder.own.exists():
        raise NothingToRebuildError(
            f"{data_dir} holds no notices: read something first with tenders ingest or tenders crawl"
        )
    return folder


def _reclassify(path: Path, work: Path, progress: Progress) -> int:
    """Classify the notices of the store at ``path`` again, and build its public tables. Returns how many notices.

    ``work`` is a folder for the notices whose classes changed, which are then replaced in one transaction.
    """
    from pipelines.classify.lexicon import current

    shutil.rmtree(work / "spool", ignore_errors=True)
    count = 0
    with closing(store.open_store(path)) as con:
        batches = _notice_batches(con)
        with SpoolWriter(work / "spool") as writer:
            for lines, classified in map_in_order(_classify_and_count, batches):
                writer.append(lines)
                count += classified
                progress(count)
        store.replace_notices(con, spool.segments(work / "spool"), current().digest)
        merge_and_build(con, [])
    shutil.rmtree(work / "spool", ignore_errors=True)
    return count


def _classify_and_count(batch: list[Row]) -> tuple[list[bytes], int]:
    return classify_again(batch), len(batch)


def _notice_batches(con: duckdb.DuckDBPyConnection) -> Iterator[list[Row]]:
    last = store.scalar(con, "SELECT max(rowid) FROM private.contents")
    for first in range(0, (-1 if last is None else last) + 1, _ROWS_AT_ONCE):
        rows = dict_rows(con.execute(_NOTICES, {"first": first, "last": first + _ROWS_AT_ONCE}), _BATCH_NOTICES)
        while batch := list(islice(rows, _BATCH_NOTICES)):
            yield batch


def _read_columns(row: Row) -> Row:
    """Return the columns that were read from the words of a notice, without those that follow from its classes."""
    return {name: value for name, value in row.items() if not name.startswith(_STORED)}


def _stored_notice(row: Row) -> Notice:
    fields = _read_columns(row)
    for name in ("page_key", "seq", "lots", "evidence", "price_statements"):
        del fields[name]
    notice = Notice(**fields, price_statements=_price_statements(row), evidence=orjson.loads(row["evidence"] or "{}"))
    for stored in row["lots"] or ():
        lot = _read_columns(stored)
        winners = [Winner(**_read_columns(winner)) for winner in lot.pop("winners")]
        lot.update(price_statements=_price_statements(lot), subject=lot["subject"] or "")
        notice.lots.append(Lot(**lot, winners=winners))
    return notice


def _price_statements(row: dict[str, Any]) -> list[PriceStatement]:
    return [PriceStatement(**statement) for statement in row["price_statements"] or ()]
