"""The gpcms family of provincial procurement sites (广东): JSON lists of a channel, newest first, and a dated search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request

from tenders.crawling.list_pages import Listing, Row
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider

_REST = "/gpcms/rest/web/v2/info/"


class Gpcms(JsonListSpider):
    """``options``: ``site``, ``list`` (the id of the site's list of notices), ``region``, and ``page``, the public address of
    a notice with ``{id}``. A channel of the descriptor is a notice type."""

    rows_at = "data.rows"
    total_at = ("data.total",)

    def list_request(self, listing: Listing, number: int) -> Request:
        options, size = self.portal.options, str(self.portal.page_size)
        query = {"siteId": options["site"], "channel": options["list"], "currPage": str(number), "pageSize": size}
        query |= {
            "noticeType": listing.channel,
            "regionCode": options["region"],
            "cityOrArea": "",
            "purchaseManner": "",
        }
        if not listing.keyword:
            return self._get("selectInfoMoreChannel", {**query, "subChannel": "false"})
        times = {"operationStartTime": f"{listing.since} 00:00:00", "operationEndTime": f"{listing.until} 23:59:59"}
        search = {"searchKey": listing.keyword, **times, "selectTimeName": "noticeTime", "requestSource": "qwjs"}
        return self._get("selectInfoForIndex", {**query, **search})

    def notice_request(self, row: Row) -> Request:
        return self.request(
            f"{self.portal.origin}{_REST}getInfoById?{urlencode({'id': row.notice_id})}", "detail", row=row
        )

    def _get(self, name: str, query: Mapping[str, str]) -> Request:
        return self.request(f"{self.portal.origin}{_REST}{name}?{urlencode(query)}", "list")

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        notice_id, title = json_list_spider.text_of(entry, "id"), json_list_spider.text_of(entry, "title")
        if not notice_id or not title:
            return None
        time = json_list_spider.text_of(entry, "noticeTime")
        return Row(
            notice_id=notice_id,
            url=str(self.portal.options["page"]).format(id=notice_id),
            title=title,
            day=json_list_spider.day_of(time),
            listed_at=time,
            listed=json_list_spider.said(
                buyer=json_list_spider.text_of(entry, "purchaser"),
                agency=json_list_spider.text_of(entry, "agency"),
                project_number=json_list_spider.text_of(entry, "openTenderCode"),
                channel=json_list_spider.text_of(entry, "noticeTypeName"),
            ),
        )
