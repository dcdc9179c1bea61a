"""Scrapy's item pipelines, which store each page of a crawl. The package ``pipelines`` reads notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenders.items import PageItem

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from tenders.spiders.base.portal_spider import PortalSpider


class StorePipeline:
    """Stores each page. A page counts as stored only when it is on disk."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    async def process_item(self, item: PageItem) -> PageItem:
        spider: PortalSpider = self.crawler.spider  # type: ignore[assignment]
        await spider.store(item)
        return item
