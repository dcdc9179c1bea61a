"""Imported once by the server that ``forked`` forks: what commands import and need at their first page."""

from __future__ import annotations

from datetime import UTC, datetime

import tenders.cli
import tenders.config.project
import tenders.jobs.crawl
import tenders.jobs.crawl_runner
import tenders.jobs.ingest
import tenders.jobs.rebuild
import tenders.spiders.registry  # noqa: F401
from pipelines.model import Page
from pipelines.workers import process_batch
from tests.helpers.storing import award

_made_up = award(1)
# One page, so that the words of the lexicon and of the forms are read.
process_batch(
    [
        Page(
            portal=_made_up["portal"],
            url=_made_up["url"],
            fetched_at=datetime(2026, 7, 1, tzinfo=UTC),
            content_type="text/html",
            body=_made_up["body"],
            title=_made_up["title"],
        )
    ]
)
