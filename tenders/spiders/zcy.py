"""The 政采云 family of provincial procurement sites: a JSON list by category that is asked for days, details in JSON."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from scrapy.http import Request, TextResponse

from tenders.spiders import api
from tenders.spiders.lists import Listing, ListPage, Row
from tenders.spiders.walker import ListSpider


class Zcy(ListSpider):
    """A channel is a category code of the site. ``options``: ``parent``, the category above them.

    Some sites of the family want signed calls; that is an access control, so such an answer ends the crawl as blocked.
    """

    def list_request(self, listing: Listing, number: int) -> Request:
        asked = {"pageNo": number, "pageSize": self.portal.page_size, "categoryCode": listing.channel}
        asked |= {"parentId": self.portal.options["parent"], "isGov": True, "excludeDistrictPrefix": []}
        asked |= {"publishDateBegin": str(listing.since), "publishDateEnd": str(listing.until), "_t": int(time.time() * 1000)}
        return self.request(f"{self.portal.origin}/portal/category", "list", data=asked)

    def read_list(self, response: TextResponse, listing: Listing) -> ListPage:
        data = api.answer(response)
        found, told = api.entries(data, "result.data.data"), data["result"]["data"]
        return api.page_of(map(self._row, found), len(found), total=told.get("total"), size=self.portal.page_size)

    def notice_request(self, row: Row) -> Request:
        article = f"articleId={quote(row.notice_id, safe='')}&timestamp={int(time.time())}"
        return self.request(f"{self.portal.origin}/portal/detail?{article}", "detail", row=row)

    def _row(self, entry: Mapping[str, Any]) -> Row | None:
        own, title = api.text_of(entry, "articleId"), api.text_of(entry, "title")
        if not own or not title:
            return None
        return Row(
            notice_id=own,
            url=f"{self.portal.origin}/site/detail?articleId={quote(own, safe='')}",
            title=title,
            day=api.day_of(entry.get("publishDate")),
            listed_at=api.text_of(entry, "publishDate"),
            listed=api.said(
                buyer=api.text_of(entry, "purchaseName"),
                agency=api.text_of(entry, "author"),
                project_number=api.text_of(entry, "projectCode"),
                region=api.text_of(entry, "districtName"),
                channel=api.text_of(entry, "pathName"),
            ),
        )
