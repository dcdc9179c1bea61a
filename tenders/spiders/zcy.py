"""The 政采云 family of provincial procurement sites: a JSON list per category, queried by date; notices are JSON."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from scrapy.http import Request

from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import ZcyOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text


class ZcySpider(JsonListSpider):
    """A site of the 政采云 family.

    A channel is a category code of the site. ``options.parent``: the category above them.

    Some sites of the family want signed calls. That is an access control, so such an answer ends the crawl as blocked.
    """

    rows_at = "result.data.data"
    total_at = ("result.data.total",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query."""
        data = {
            "pageNo": number,
            "pageSize": self.portal.page_size,
            "categoryCode": query.channel,
            "parentId": self.portal.family_options(ZcyOptions).parent,
            "isGov": True,
            "excludeDistrictPrefix": [],
            "publishDateBegin": str(query.since),
            "publishDateEnd": str(query.until),
            "_t": int(time.time() * 1000),
        }
        return self.page_request(f"{self.portal.origin}/portal/category", "list", data=data)

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        params = f"articleId={quote(row.notice_id, safe='')}&timestamp={int(time.time())}"
        return self.page_request(f"{self.portal.origin}/portal/detail?{params}", "detail", row=row)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id = first_text(entry, "articleId")
        return self.build_row(
            notice_id=notice_id,
            url=f"{self.portal.origin}/site/detail?articleId={quote(notice_id, safe='')}",
            title=first_text(entry, "title"),
            time=entry.get("publishDate"),
            listed={
                "buyer": first_text(entry, "purchaseName"),
                "agency": first_text(entry, "author"),
                "project_number": first_text(entry, "projectCode"),
                "region": first_text(entry, "districtName"),
                "channel": first_text(entry, "pathName"),
            },
        )
