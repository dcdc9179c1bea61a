"""中国移动采购与招标网: a list and a notice by POST, both JSON; a notice is HTML or a PDF file in base64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.http import Request

from pipelines.classify.regions import province_of
from tenders.crawling.list_pages import Listing, Row
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider

_PUBLISH = "/api-b2b/api-sync-es/white_list_api/b2b/publish/"


class Cmcc(JsonListSpider):
    """A channel of the descriptor is a ``publishOneType``; ``options``: ``publish_type``, the kind that all of them are of, and
    ``page``, the public address of a notice."""

    rows_at = "data.content"
    total_at = ("data.totalElements",)
    pages_at = ("data.totalPages",)

    def list_request(self, listing: Listing, number: int) -> Request:
        asked = {
            "name": listing.keyword,
            "publishType": self.portal.options["publish_type"],
            "publishOneType": listing.channel,
        }
        days = {"creationDateStart": str(listing.since), "creationDateEnd": str(listing.until)}
        paging = {"size": self.portal.page_size, "current": number}
        data = {**asked, **paging, **days, "sfactApplColumn5": "PC"}
        return self.request(f"{self.portal.origin}{_PUBLISH}queryList", "list", data=data)

    def notice_request(self, row: Row) -> Request:
        data = {**row.ask, "sfactApplColumn5": "PC"}
        return self.request(f"{self.portal.origin}{_PUBLISH}queryDetail", "detail", row=row, data=data)

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        title = json_list_spider.text_of(entry, "name")
        if not title or not json_list_spider.text_of(entry, "id"):
            return None
        ask = {
            "publishId": entry["id"],
            "publishUuid": json_list_spider.text_of(entry, "uuid"),
            "publishType": json_list_spider.text_of(entry, "publishType") or self.portal.options["publish_type"],
            "publishOneType": json_list_spider.text_of(entry, "publishOneType") or listing.channel,
        }
        url = str(self.portal.options["page"]).format(**ask)
        time, unit = json_list_spider.text_of(entry, "publishDate"), json_list_spider.text_of(entry, "companyTypeName")
        return Row(
            notice_id=self.portal.notice_id_in(url) or url,
            url=url,
            title=title,
            day=json_list_spider.day_of(time),
            listed_at=time,
            listed=json_list_spider.said(
                channel=json_list_spider.text_of(entry, "publishOneType_dictText"),
                region=unit if province_of(None, unit) else "",  # some units are no province but a company
            ),
            ask=ask,
        )
