"""Page to notices: pure, without network and without Scrapy, so the crawler, ``ingest`` and ``rebuild`` share it."""

from __future__ import annotations

from pipelines.pages.parse import parse

__all__ = ["parse"]
