"""Page to notices: pure, without network and without Scrapy, so the crawler, ``ingest`` and ``rebuild`` share it."""

from __future__ import annotations

from tenders.parsing.parse import parse

__all__ = ["parse"]
