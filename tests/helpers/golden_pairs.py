"""Golden pairs: a page, and the fields that a careful person reads in it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.common.clock import SHANGHAI
from pipelines.model import Lot, Notice
from pipelines.process import read_notices
from tenders.portals import page_of

_SEEN = datetime(2026, 1, 1, tzinfo=SHANGHAI)


def read_page(expected: dict[str, Any], body: str, content_type: str, title: str | None = None) -> Notice:
    page = page_of(expected.get("portal", "ccgp"), expected["url"], _SEEN, content_type, body, title=title)
    (notice,) = read_notices(page)
    return notice


def lot_facts(lot: Lot) -> dict[str, Any]:
    return {
        "lot_no": lot.lot_no,
        "lot_name": lot.lot_name,
        "amount_yuan": None if lot.amount_yuan is None else str(lot.amount_yuan),
        "amount_kind": lot.amount_kind,
        "failed": lot.failed,
        "numbered": lot.numbered,
        "winners": [[w.supplier, w.role, *([str(w.share_pct)] if w.share_pct else [])] for w in lot.winners],
    }


def notice_facts(notice: Notice, expected: dict[str, Any]) -> dict[str, Any]:
    facts = asdict(notice) | {
        "published_on": str(notice.published_on),
        "lots": [lot_facts(lot) for lot in notice.lots],
    }
    return {key: facts[key] for key in expected if key in facts}


def load_pair(pair: Path) -> tuple[dict[str, Any], str, str]:
    name = pair.name.removesuffix(".expected.json")
    page = next(path for path in (pair.with_name(f"{name}.html"), pair.with_name(f"{name}.json")) if path.exists())
    return json.loads(pair.read_text()), page.read_text(), "text/html" if page.suffix == ".html" else "application/json"
