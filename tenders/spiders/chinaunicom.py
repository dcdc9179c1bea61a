"""China Unicom: one JSON list of all kinds of notices, newest first, of which the results and candidates are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.http import Request

from tenders.crawling.list_pages import Listing, Row
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider

_BASE = "/api/v1/bizAnno/"


class ChinaUnicom(JsonListSpider):
    """``options``: ``kinds``, words of the kinds of notices that are read, and ``page``, the public address of one with ``{id}``.

    No kind is sent with the question: which code means what is not sure, and the text that comes back is plain.
    """

    rows_at = "data.records"
    total_at = ("data.total",)
    pages_at = ("data.pages",)

    def list_request(self, listing: Listing, number: int) -> Request:
        asked = {"pageNo": number, "pageSize": self.portal.page_size, "modeNo": "BizAnnoVoMtable"}
        rest = {**dict.fromkeys(("annoName", "annoType", "provinceCode"), ""), "tenderingType": "1"}
        return self.request(f"{self.portal.origin}{_BASE}getAnnoList", "list", data=asked | rest)

    def notice_request(self, row: Row) -> Request:
        return self.request(f"{self.portal.origin}{_BASE}getAnnoDetailed/{row.notice_id}", "detail", row=row)

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        own, title = json_list_spider.text_of(entry, "id"), json_list_spider.text_of(entry, "annoName")
        if not own or not title:
            return None
        time, kind = json_list_spider.text_of(entry, "createDate"), json_list_spider.text_of(entry, "annoType")
        return Row(
            notice_id=own,
            url=str(self.portal.options["page"]).format(id=own),
            title=title,
            day=json_list_spider.day_of(time),
            listed_at=time,
            listed=json_list_spider.said(
                buyer=json_list_spider.text_of(entry, "bidCompany"),
                project_number=json_list_spider.text_of(entry, "projectNo", "bidNo"),
                region=json_list_spider.text_of(entry, "provinceName"),
                channel=kind,
            ),
            aside=not any(word in kind for word in self.portal.options["kinds"]),
        )
