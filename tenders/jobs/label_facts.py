"""A label's own facts (title, lots, buyer) as a notice: how well the rules classify what is not stored as a page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipelines.classify import classify
from pipelines.model import Kind, Lot, Notice, Winner

_NEVER_SEEN = datetime(1970, 1, 1, tzinfo=UTC)


def classes_of(label: dict[str, Any]) -> dict[str, Any]:
    """Return how today's rules classify the facts of a full label (docs/labelling.md); the kind is the label's own.

    The keys are those that ``analysis.quality.evaluate`` compares. ``lots_large`` has one flag per lot, in the label's
    order.
    """
    notice = _notice_of(label)
    classify(notice)
    return {
        "kind": notice.kind,
        "is_large_model": notice.is_large_model,
        "project_type": notice.project_type,
        "sector": notice.sector,
        "province": notice.province,
        "relevance": notice.relevance,
        "lots_large": [lot.is_large_model for lot in notice.lots],
        "project_number": None,
        "buyer": None,
        "published_on": None,
        "amounts": {},
        "suppliers": [],
        "quotes": [],
    }


def _notice_of(label: dict[str, Any]) -> Notice:
    lots = [
        Lot(number, lot.get("name"), winners=[Winner(lot["supplier"])] if lot.get("supplier") else [])
        for number, lot in enumerate(label.get("lots") or [], 1)
    ]
    key = str(label.get("id") or label.get("url") or label.get("title"))
    kind: Kind = "other" if label.get("kind") == "news" else label.get("kind") or "award"
    return Notice(
        key, "labels", key, _NEVER_SEEN, kind=kind, title=label.get("title"), buyer=label.get("buyer"), lots=lots
    )
