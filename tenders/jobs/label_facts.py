"""A label's own facts (title, lots, buyer) as a notice: how well the rules classify what is not stored as a page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from pipelines.classify import classify
from pipelines.labelled_notices import CrawledRecord, Label
from pipelines.model import Kind, Lot, Notice, Winner

_NEVER_SEEN = datetime(1970, 1, 1, tzinfo=UTC)


def classes_of(label: Label) -> dict[str, Any]:
    """Return how today's rules classify the facts of a label (docs/labelling.md); the kind is the label's own.

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


def _notice_of(label: Label) -> Notice:
    listed = () if isinstance(label, CrawledRecord) else label.lots
    lots = [
        Lot(number, lot.name, winners=[Winner(lot.supplier)] if lot.supplier else [])
        for number, lot in enumerate(listed, 1)
    ]
    key = str(label.id or label.url or label.title)
    kind = cast(Kind, "other" if label.kind == "news" else label.kind or "award")
    return Notice(key, "labels", key, _NEVER_SEEN, kind=kind, title=label.title, buyer=label.buyer, lots=lots)
