"""深圳公共资源交易中心: a JSON list by POST with pages from 0 that mixes all kinds of notices, a JSON answer a notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, TextResponse

from tenders.spiders import api
from tenders.spiders.lists import Listing, ListPage, Row
from tenders.spiders.walker import ListSpider

_CONTENT = "/cms/api/v1/trade/content/"


class Szggzy(ListSpider):
    """A channel of the descriptor is a ``channelId``; ``options``: ``sites`` (channel → ``siteId``), ``page``, the public address
    of a notice, and ``aside``, words of the kinds of notices that come before a result and are not read."""

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

    def read_list(self, response: TextResponse, listing: Listing) -> ListPage:
        data = api.answer(response)
        found = api.entries(data, "data.content")
        total, pages = data["data"].get("totalElements"), data["data"].get("totalPages")
        rows = (self._row(entry, listing.channel) for entry in found)
        return api.page_of(rows, len(found), total=total, pages=pages, size=self.portal.page_size)

    def notice_request(self, row: Row) -> Request:
        query = urlencode({"contentId": row.notice_id})
        return self.request(f"{self.portal.origin}{_CONTENT}detail?{query}", "detail", row=row)

    def _row(self, entry: Mapping[str, Any], channel: str) -> Row | None:
        own, title = api.text_of(entry, "contentId", "id"), api.text_of(entry, "title")
        if not own or not title:
            return None
        kind = api.text_of(entry, "noticeTypeName", "appNoticeTypeName")
        time = api.text_of(entry, "releaseTime")
        return Row(
            notice_id=own,
            url=str(self.portal.options["page"]).format(id=own, channel=api.text_of(entry, "channelId") or channel),
            title=title,
            day=api.day_of(entry.get("releaseTime")),
            listed_at=time,
            listed=api.said(
                buyer=api.text_of(entry, "purchaseMan"),
                project_number=api.text_of(entry, "projectCode"),
                channel=kind,
            ),
            aside=any(word in kind for word in self.portal.options["aside"]),
        )
