"""The 政采云 family of provincial procurement sites: a JSON list by category that is asked for days, details in JSON."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from scrapy.http import Request

from tenders.crawling.list_pages import Listing, Row
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider


class Zcy(JsonListSpider):
    """A channel is a category code of the site. ``options``: ``parent``, the category above them.

    Some sites of the family want signed calls; that is an access control, so such an answer ends the crawl as blocked.
    """

    rows_at = "result.data.data"
    total_at = ("result.data.total",)

    def list_request(self, listing: Listing, number: int) -> Request:
        asked = {"pageNo": number, "pageSize": self.portal.page_size, "categoryCode": listing.channel}
        asked |= {"parentId": self.portal.options["parent"], "isGov": True, "excludeDistrictPrefix": []}
        asked |= {
            "publishDateBegin": str(listing.since),
            "publishDateEnd": str(listing.until),
            "_t": int(time.time() * 1000),
        }
        return self.request(f"{self.portal.origin}/portal/category", "list", data=asked)

    def notice_request(self, row: Row) -> Request:
        article = f"articleId={quote(row.notice_id, safe='')}&timestamp={int(time.time())}"
        return self.request(f"{self.portal.origin}/portal/detail?{article}", "detail", row=row)

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        own, title = json_list_spider.text_of(entry, "articleId"), json_list_spider.text_of(entry, "title")
        if not own or not title:
            return None
        return Row(
            notice_id=own,
            url=f"{self.portal.origin}/site/detail?articleId={quote(own, safe='')}",
            title=title,
            day=json_list_spider.day_of(entry.get("publishDate")),
            listed_at=json_list_spider.text_of(entry, "publishDate"),
            listed=json_list_spider.said(
                buyer=json_list_spider.text_of(entry, "purchaseName"),
                agency=json_list_spider.text_of(entry, "author"),
                project_number=json_list_spider.text_of(entry, "projectCode"),
                region=json_list_spider.text_of(entry, "districtName"),
                channel=json_list_spider.text_of(entry, "pathName"),
            ),
        )
