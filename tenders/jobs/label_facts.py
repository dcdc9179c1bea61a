"""A label's own facts (title, lots, buyer) as a notice for the rules: how right they are where no page is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipelines.classify import classify
from pipelines.model import Kind, Lot, Notice, Winner

_NEVER_SEEN = datetime(1970, 1, 1, tzinfo=UTC)


def classes_of(label: dict[str, Any]) -> dict[str, Any]:
    """What the rules of today say of a label's facts: is_large_model, project_type, sector, province, and its kind as labelled.

    ``label`` is a full label (docs/labelling.md). The lots' own flags are in ``lots_large``, in the label's order.
    """
    notice = _notice(label)
    classify(notice)
    return {
        "kind": notice.kind, "is_large_model": notice.is_large_model, "project_type": notice.project_type,
        "sector": notice.sector, "province": notice.province, "relevance": notice.relevance,
        "lots_large": [lot.is_large_model for lot in notice.lots],
        "project_number": None, "buyer": None, "published_on": None, "amounts": {}, "suppliers": [], "quotes": [],
    }  # fmt: skip


def _notice(label: dict[str, Any]) -> Notice:
    lots = [
        Lot(number, lot.get("name"), winners=[Winner(lot["supplier"])] if lot.get("supplier") else [])
        for number, lot in enumerate(label.get("lots") or [], 1)
    ]
    key = str(label.get("id") or label.get("url") or label.get("title"))
    kind: Kind = "other" if label.get("kind") == "news" else label.get("kind") or "award"
    return Notice(
        key, "labels", key, _NEVER_SEEN, kind=kind, title=label.get("title"), buyer=label.get("buyer"), lots=lots
    )
