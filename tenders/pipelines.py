"""The one item pipeline: parse and spool, so that a page counts as stored only when it is on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenders.items import PageItem

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from tenders.spiders.base.portal_spider import PortalSpider


class StorePipeline:
    """Hands each page to the intake and tells the spider what became of it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    def process_item(self, item: PageItem) -> PageItem:
        spider: PortalSpider = self.crawler.spider  # type: ignore[assignment]
        try:
            spider.note_stored(item, spider.session.take(item.page, archived=item.archived))
        except Exception as error:  # noqa: BLE001 - a full disk, a broken parser: it ends the crawl, and stands in its report
            spider.note_store_failure(item, error)
        return item
