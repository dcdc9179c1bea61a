"""``tenders rebuild --classify-only``: classify the stored notices again, without reading their pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import orjson

from analysis.quality import changes
from pipelines.common.rows import dict_rows
from pipelines.model import Lot, Notice, PriceStatement, Winner
from pipelines.storage import spool, store
from pipelines.storage.spool import SpoolWriter, notice_line, notice_record
from pipelines.workers import cores, map_in_order
from tenders import portals
from tenders.data_folder import DataFolder
from tenders.database import attach_before_and_after
from tenders.jobs.load import load_locked, merge_and_build
from tenders.jobs.new_store import NothingToRebuildError
from tenders.jobs.reading import Progress, no_progress
from tenders.jobs.user_lexicon import apply_user_lexicon

# Rows of a part, which one worker reads with one query. The joins of 20,000 notices with their texts do not fit into a
# worker's memory.
_MOST_ROWS = 2_000
_FEWEST_ROWS = 1_000
_PARTS_OF_CORE = 4  # so that no worker ends long before the others
_BATCH_NOTICES = 64
# A worker may allocate 220 MB.
_READER: dict[str, str | bool | int | float | list[str]] = {"memory_limit": "96MB", "threads": 1}
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
        {{{", ".join(f"{name}: c.{name}" for name in _DERIVED)}}} AS stored,
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
            subject: subject, price_statements: price_statements,
            stored: {{is_large_model: is_large_model, lot_key: lot_key}}, winners: coalesce(winners, [])
        }} ORDER BY lot_seq) AS lots
        FROM private.content_lots SEMI JOIN chosen USING (content_hash)
        LEFT JOIN (
            SELECT content_hash, lot_seq, list({{
                supplier: supplier, position: position, role: role, share_pct: share_pct, amount_yuan: amount_yuan,
                stored: {{vendor: vendor, supplier_key: supplier_key}}
            }} ORDER BY seq) AS winners
            FROM private.content_winners SEMI JOIN chosen USING (content_hash)
            GROUP BY ALL
        ) USING (content_hash, lot_seq)
        GROUP BY ALL
    ) AS l USING (content_hash)
    WHERE c.rowid >= $first AND c.rowid < $last
"""

# Of the query above. ``stored`` has what follows from classes or names, as it is stored.
Row = dict[str, Any]


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


class Part(NamedTuple):
    """Some notices of the store at ``path``: those whose ``rowid`` is ``first`` or more, and less than ``last``."""

    path: Path
    first: int
    last: int


def classify_part(parts: list[Part]) -> tuple[list[bytes], int]:
    """Classify the notices of one part again. Returns the spool lines of those whose classes are other ones today, and
    how many notices there are.
    """
    lines, count = [], 0
    for part in parts:
        with duckdb.connect(part.path, read_only=True, config=_READER) as con:
            con.execute("SET TimeZone = 'Asia/Shanghai'")
            con.execute("SET enable_progress_bar = false")
            for row in dict_rows(con.execute(_NOTICES, {"first": part.first, "last": part.last}), _BATCH_NOTICES):
                count += 1
                line = _changed_line(row)
                if line is not None:
                    lines.append(line)
    return lines, count


def _changed_line(row: Row) -> bytes | None:
    """Classify a stored notice again. Returns its spool line; None if it would be stored as it is."""
    from pipelines.classify import classify
    from pipelines.classify.lexicon import current

    notice = _stored_notice(row)
    for name in CLASS_FIELDS:
        notice.evidence.pop(name, None)
        notice.evidence.pop(f"rule:{name}", None)
    classify(notice, portals.province_of(notice.portal))
    if not _differs(notice_record(notice), row):
        return None
    return notice_line(notice, row["page_key"], row["seq"], current().digest)


def _differs(record: Row, row: Row) -> bool:
    """Return whether a notice would be stored otherwise than it is, given its fields today and its row."""
    if record["evidence"] != orjson.loads(row["evidence"] or "{}"):
        return True
    pairs = [(record, row["stored"])]
    for lot, stored_lot in zip(record["lots"], row["lots"] or (), strict=True):
        pairs.append((lot, stored_lot["stored"]))
        pairs += [
            (winner, stored_winner["stored"])
            for winner, stored_winner in zip(lot["winners"], stored_lot["winners"], strict=True)
        ]
    return any(record[name] != value for record, stored in pairs for name, value in stored.items())


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
    with SpoolWriter(work / "spool") as writer:
        for lines, classified in map_in_order(classify_part, ([part] for part in _parts(path))):
            writer.append(lines)
            count += classified
            progress(count)
    with closing(store.open_store(path)) as con:
        store.replace_notices(con, spool.segments(work / "spool"), current().digest)
        merge_and_build(con, [])
    shutil.rmtree(work / "spool", ignore_errors=True)
    return count


def _parts(path: Path) -> Iterator[Part]:
    """Yield the parts of a store. Nobody has it open for writing until they are classified."""
    with closing(store.open_for_reading(path)) as con:
        last = store.scalar(con, "SELECT max(rowid) FROM private.contents")
    rows = 0 if last is None else last + 1
    step = min(_MOST_ROWS, max(_FEWEST_ROWS, rows // (_PARTS_OF_CORE * cores())))
    for first in range(0, rows, step):
        yield Part(path, first, first + step)


def _stored_notice(row: Row) -> Notice:
    fields = dict(row)
    for name in ("page_key", "seq", "lots", "evidence", "price_statements", "stored"):
        del fields[name]
    notice = Notice(**fields, price_statements=_price_statements(row), evidence=orjson.loads(row["evidence"] or "{}"))
    for stored_lot in row["lots"] or ():
        lot = dict(stored_lot)
        del lot["stored"]
        winners = []
        for stored_winner in lot.pop("winners"):
            winner = dict(stored_winner)
            del winner["stored"]
            winners.append(Winner(**winner))
        lot.update(price_statements=_price_statements(lot), subject=lot["subject"] or "")
        notice.lots.append(Lot(**lot, winners=winners))
    return notice


def _price_statements(row: dict[str, Any]) -> list[PriceStatement]:
    return [PriceStatement(**statement) for statement in row["price_statements"] or ()]
