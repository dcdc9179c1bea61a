"""深圳公共资源交易中心: a JSON list by POST with pages from 0 that mixes all kinds of notices, a JSON answer a notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request

from tenders.crawling.list_pages import Listing, Row
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider

_CONTENT = "/cms/api/v1/trade/content/"


class Szggzy(JsonListSpider):
    """A channel of the descriptor is a ``channelId``; ``options``: ``sites`` (channel → ``siteId``), ``page``, the public address
    of a notice, and ``aside``, words of the kinds of notices that come before a result and are not read."""

    rows_at = "data.content"
    total_at = ("data.totalElements",)
    pages_at = ("data.totalPages",)

    def list_request(self, listing: Listing, number: int) -> Request:
        data = {
            "channelId": int(listing.channel),
            "siteId": self.portal.options["sites"][listing.channel],
            "fields": [],
            "title": listing.keyword,
            "releaseTimeBegin": f"{listing.since} 00:00:00",
            "releaseTimeEnd": f"{listing.until} 23:59:59",
            "page": number - 1,
            "size": self.portal.page_size,
            "parentBusinessType": "",
        }
        return self.request(f"{self.portal.origin}{_CONTENT}page", "list", data=data)

    def notice_request(self, row: Row) -> Request:
        query = urlencode({"contentId": row.notice_id})
        return self.request(f"{self.portal.origin}{_CONTENT}detail?{query}", "detail", row=row)

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        own, title = json_list_spider.text_of(entry, "contentId", "id"), json_list_spider.text_of(entry, "title")
        if not own or not title:
            return None
        kind = json_list_spider.text_of(entry, "noticeTypeName", "appNoticeTypeName")
        time = json_list_spider.text_of(entry, "releaseTime")
        return Row(
            notice_id=own,
            url=str(self.portal.options["page"]).format(
                id=own, channel=json_list_spider.text_of(entry, "channelId") or listing.channel
            ),
            title=title,
            day=json_list_spider.day_of(entry.get("releaseTime")),
            listed_at=time,
            listed=json_list_spider.said(
                buyer=json_list_spider.text_of(entry, "purchaseMan"),
                project_number=json_list_spider.text_of(entry, "projectCode"),
                channel=kind,
            ),
            aside=any(word in kind for word in self.portal.options["aside"]),
        )
