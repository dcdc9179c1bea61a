"""The end of a crawl started with `scrapy crawl`: record its outcome, load what it read, publish."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from tenders.spiders.base.portal_spider import PortalSpider

logger = logging.getLogger(__name__)


class LoadAtEnd:
    """Loads after the crawl. Off (``TENDERS_LOAD``) if the tenders command runs it: that loads once for all portals."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("TENDERS_LOAD"):
            raise NotConfigured
        self.crawler = crawler
        # The spool is complete only after the spider has closed.
        crawler.signals.connect(self.load, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LoadAtEnd:
        return cls(crawler)

    def load(self) -> None:
        from tenders.jobs.crawl import add_alarms, record_crawls
        from tenders.jobs.load import load_spool

        spider: PortalSpider | None = self.crawler.spider  # type: ignore[assignment]
        if spider is None:
            return
        data_dir = Path(self.crawler.settings["TENDERS_DATA"])
        outcome = spider.crawl_stats.outcome()
        record_crawls([outcome], data_dir)
        load_spool(data_dir)
        [outcome] = add_alarms([outcome], data_dir)
        level = logging.INFO if outcome.ok else logging.WARNING
        counts = f"{outcome.listed} listed, {outcome.stored} stored"
        logger.log(
            level,
            "%s: %s, %s%s",
            outcome.portal,
            outcome.state,
            counts,
            f": {outcome.reason}" if outcome.reason else "",
        )
