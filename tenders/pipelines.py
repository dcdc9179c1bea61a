"""Scrapy's item pipelines, which store each page of a crawl. The package ``pipelines`` reads notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenders.items import PageItem

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from tenders.spiders.base.portal_spider import PortalSpider


class StorePipeline:
    """Stores each page and tells the spider the result, so that a page counts as stored only when it is on disk."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        spider: PortalSpider = self.crawler.spider  # type: ignore[assignment]
        try:
            spider.note_stored(item, spider.session.store(item.page, archived=item.archived))
        except Exception as error:  # noqa: BLE001 - such as a full disk: it ends the crawl and is in its report
            spider.note_store_failure(item, error)
        return item
