"""Shandong's procurement site: a JSON list of a column, newest first; a notice is HTML in base64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request

from tenders.crawling.list_pages import Listing, Row
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider


class CcgpShandong(JsonListSpider):
    """A channel is a column of the site. ``options``: ``api``, where its questions go (a port of its own), and ``page``, the
    public address of a notice with ``{id}`` and ``{column}``."""

    rows_at = "data.data.records"
    total_at = ("data.data.total",)
    pages_at = ("data.data.pages",)

    def list_request(self, listing: Listing, number: int) -> Request:
        asked = {
            "colCode": listing.channel,
            "area": "",
            "currentPage": number,
            "pageSize": self.portal.page_size,
            "homePage": 1,
        }
        return self.request(f"{self.portal.options['api']}getListByCode", "list", data=asked)

    def notice_request(self, row: Row) -> Request:
        return self.request(f"{self.portal.options['api']}getDetail?{urlencode(row.ask)}", "detail", row=row)

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        own, title = json_list_spider.text_of(entry, "id"), json_list_spider.text_of(entry, "title")
        if not own or not title:
            return None
        column, day = (
            json_list_spider.text_of(entry, "colCode") or listing.channel,
            json_list_spider.text_of(entry, "date"),
        )
        return Row(
            notice_id=own,
            url=str(self.portal.options["page"]).format(id=own, column=column),
            title=title,
            day=json_list_spider.day_of(day),
            listed_at=day,
            listed=json_list_spider.said(region=json_list_spider.text_of(entry, "areaName")),
            ask={"id": own, "colCode": column},
        )
