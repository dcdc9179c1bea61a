"""``tenders check``: first contact with portals, in a data folder that is deleted afterwards."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.common.clock import today
from tenders.crawling.portal_check import CheckRecord, PortalCheck
from tenders.crawling.request import CrawlRequest
from tenders.jobs import crawl_runner
from tenders.spiders.base.check_spider import MOST_REQUESTS
from tenders.spiders.registry import check_spider

# robots.txt is obeyed on loopback too. Nothing is retried: each retry would be one more request.
_SETTINGS: Mapping[str, Any] = {
    "ROBOTSTXT_OBEY": True,
    "RETRY_ENABLED": False,
    "TENDERS_MOST_REQUESTS": MOST_REQUESTS,
    "ITEM_PIPELINES": {},
    "LOG_LEVEL": "ERROR",
}


def check_portals(
    requests: Sequence[CrawlRequest],
    *,
    settings: Mapping[str, Any] | None = None,
    records: Mapping[str, CheckRecord] | None = None,
) -> list[PortalCheck]:
    """Ask each portal at most eight questions and return what they showed, in the order of the requests.

    ``settings`` override those of ``tenders.settings``, as for a crawl. ``records`` (by portal) are filled with what
    came; the days to ask for are counted from theirs.
    """
    results: dict[str, PortalCheck] = {}
    kept = {request.portal: (records or {}).get(request.portal) or CheckRecord(today()) for request in requests}

    def keep(result: PortalCheck) -> None:
        results[result.portal] = result

    spiders = {request.portal: check_spider(request.portal, keep, kept[request.portal]) for request in requests}
    # A host that cannot be reached is in the report; Scrapy would log it with a traceback.
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="tenders-check-") as folder:
        outcomes = crawl_runner.run(requests, Path(folder), settings={**(settings or {}), **_SETTINGS}, spiders=spiders)
    for outcome in outcomes:
        if outcome.portal not in results:  # it was not asked, or its spider broke down
            result = PortalCheck(outcome.portal, state="blocked" if outcome.state == "blocked" else "unreachable")
            result.add("crawl", "true", outcome.reason or outcome.state, "check this portal alone, later")
            results[outcome.portal] = result
    return [results[request.portal] for request in requests]
