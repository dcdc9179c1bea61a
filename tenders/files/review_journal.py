"""What people decided, kept in DIR/labels/reviewed.jsonl: one label a line (docs/labelling.md, docs/review.md).

It is the user's own file. ``tenders review`` adds lines to it and changes none; a person may edit it, or copy lines from another
data folder. The order of its lines decides nothing.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipelines.common.atomic_files import sync_path
from pipelines.extract.award_row import SECTORS
from pipelines.storage import reviews
from tenders.archive.records import instant
from tenders.files.captures import read_instant
from tenders.files.decided import FIELDS, decided

Json = dict[str, Any]

logger = logging.getLogger(__name__)

_TOLD = 5


def read(path: Path) -> tuple[list[Json], list[str]]:
    """The reviews of the file, by the columns of ``private.reviews``, and a line on each line that is none.

    No file is no reviews. Raises OSError where it is there and cannot be read.
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return [], []
    found, problems = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(_review(line))
        except ValueError as error:
            problems.append(f"{path}, line {number}: left out, {error}")
    return found, problems


def append(path: Path, labels: Iterable[Json]) -> None:
    """Adds lines to the file, all or none of them, durably. Whoever calls holds the folder's lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = path.read_bytes() if path.exists() else b""
    if known and not known.endswith(b"\n"):
        known += b"\n"
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(known + b"".join(orjson.dumps(label, option=orjson.OPT_APPEND_NEWLINE) for label in labels))
    sync_path(draft)
    os.replace(draft, path)
    sync_path(path.parent)


def take_in(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Brings the store up to the file, whatever was changed in it. Lines that are no reviews are told in the log."""
    found, problems = read(path)
    for problem in problems[:_TOLD]:
        logger.warning("%s", problem)
    if len(problems) > _TOLD:
        logger.warning("%s: %s more lines are left out", path, len(problems) - _TOLD)
    reviews.take_in(con, found)


def _review(line: bytes) -> Json:
    try:
        label = orjson.loads(line)
    except orjson.JSONDecodeError:
        label = None
    if not isinstance(label, dict) or not isinstance(label.get("decided"), dict):
        raise ValueError("it is no JSON object that says what is decided")
    keys = label.get("notice_keys")
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
        raise ValueError("notice_keys does not name the notices of its award")
    lots = [_lot(lot) for lot in label.get("lots") or []]
    given = {field: _as_text(value) for field, value in label["decided"].items()}
    if unknown := sorted(given.keys() - set(FIELDS)):
        raise ValueError(f"decided has a field that nobody can decide: {unknown[0][:40]!r}")
    # A subsector stands beside its sector, and may be one of words that are not in use just now.
    subsectors = {given.get("subsector", ""): SECTORS.get(given.get("sector", ""), "")}
    found = decided(given, {lot["lot_no"] for lot in lots}, subsectors)
    if not found:
        raise ValueError("nothing is decided")
    return {
        "reviewed_at": instant(_when(label.get("reviewed_at"))),
        "award_key": str(label.get("award_key") or ""),
        "notice_keys": sorted(set(keys)),
        "decided": found,
        "lots": lots,
        "reviewer": _as_text(label.get("reviewer")) or None,
        "note": _as_text(label.get("note")) or None,
    }


def _when(value: object) -> datetime:
    try:
        return read_instant(value)
    except ValueError:
        raise ValueError(f"reviewed_at is no time: {str(value)[:40]!r}") from None


def _lot(lot: object) -> Json:
    if not isinstance(lot, dict) or not isinstance(lot.get("lot_no"), int):
        raise ValueError("one of its lots has no lot_no")
    amount = lot.get("amount_yuan")
    try:
        # As the store writes it, so that the same sum is the same text.
        amount = None if amount is None else f"{Decimal(str(amount)):.2f}"
    except InvalidOperation:
        raise ValueError(f"amount_yuan of lot {lot['lot_no']} is no sum: {str(amount)[:40]!r}") from None
    return {"lot_no": lot["lot_no"], "name": lot.get("name"), "supplier": lot.get("supplier"), "amount_yuan": amount}


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "" if value is None else str(value)
