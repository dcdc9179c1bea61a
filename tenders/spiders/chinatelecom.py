"""China Telecom: a JSON list of a type of notices, newest first; each kind of document has a detail address of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.http import Request, Response

from tenders.crawling.errors import LayoutError
from tenders.crawling.list_pages import Listing, Row
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider

_BASE = "/portal/base/"


class ChinaTelecom(JsonListSpider):
    """A channel is a type of the portal's list. ``options``: ``page``, the public address of a notice with ``{id}``, ``{kind}``
    and ``{code}``, and the table ``details``: the detail address of each kind of document."""

    rows_at = "data.pageInfo.list"
    total_at = ("data.pageInfo.total",)  # its hasNextPage is always false

    _welcome = False

    async def fetch(self, request: Request) -> Response:
        # The portal answers nobody who has not opened its home page: there it hands out the session.
        if not self._welcome:
            await super().fetch(self.request(f"{self.portal.origin}/", "list", judged_as="home"))
            self._welcome = True
        return await super().fetch(request)

    def list_request(self, listing: Listing, number: int) -> Request:
        asked = {"pageNum": number, "pageSize": self.portal.page_size, "type": listing.channel}
        rest = dict.fromkeys(("provinceCode", "title", "noticeSummary"), "")
        return self.request(f"{self.portal.origin}{_BASE}announcementJoin/queryListNew", "list", data=asked | rest)

    def notice_request(self, row: Row) -> Request:
        address = self.portal.options["details"].get(row.ask["type"])
        if address is None:
            raise LayoutError(f"{row.url}: no detail address is known for documents of kind {row.ask['type']}")
        return self.request(f"{self.portal.origin}{_BASE}{address}/view", "detail", row=row, data=dict(row.ask))

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        own, title = json_list_spider.text_of(entry, "docId", "id"), json_list_spider.text_of(entry, "docTitle")
        if not own or not title:
            return None
        kind, code = json_list_spider.text_of(entry, "docTypeCode"), json_list_spider.text_of(entry, "securityViewCode")
        time = json_list_spider.text_of(entry, "createDate")
        return Row(
            notice_id=own,
            url=str(self.portal.options["page"]).format(id=own, kind=kind, code=code),
            title=title,
            day=json_list_spider.day_of(time),
            listed_at=time,
            listed=json_list_spider.said(
                buyer=json_list_spider.text_of(entry, "companyName"),
                project_number=json_list_spider.text_of(entry, "docCode"),
                region=json_list_spider.text_of(entry, "provinceName"),
                channel=json_list_spider.text_of(entry, "docType"),
            ),
            ask={"type": kind, "id": own, "securityViewCode": code},
        )
