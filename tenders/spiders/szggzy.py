"""深圳公共资源交易中心: a JSON list by POST that mixes all kinds of notices; a notice is a JSON answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request

from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import SzggzyOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text

_API = "/cms/api/v1/trade/content/"


class SzggzySpider(JsonListSpider):
    """深圳公共资源交易中心.

    A channel is a ``channelId`` of the portal. ``options.sites``: channel → ``siteId``. ``options.page``: the public
    address of a notice, with ``{id}`` and ``{channel}``. ``options.aside``: words of the kinds of notices that come
    before a result and are not read.
    """

    rows_at = "data.content"
    total_at = ("data.totalElements",)
    pages_at = ("data.totalPages",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query. The portal counts its pages from 0."""
        data = {
            "channelId": int(query.channel),
            "siteId": self.portal.family_options(SzggzyOptions).sites[query.channel],
            "fields": [],
            "title": query.keyword,
            "releaseTimeBegin": f"{query.since} 00:00:00",
            "releaseTimeEnd": f"{query.until} 23:59:59",
            "page": number - 1,
            "size": self.portal.page_size,
            "parentBusinessType": "",
        }
        return self.page_request(f"{self.portal.origin}{_API}page", "list", data=data)

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        params = urlencode({"contentId": row.notice_id})
        return self.page_request(f"{self.portal.origin}{_API}detail?{params}", "detail", row=row)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id = first_text(entry, "contentId", "id")
        channel = first_text(entry, "channelId") or query.channel
        kind = first_text(entry, "noticeTypeName", "appNoticeTypeName")
        return self.build_row(
            notice_id=notice_id,
            url=self.portal.family_options(SzggzyOptions).page.format(id=notice_id, channel=channel),
            title=first_text(entry, "title"),
            time=entry.get("releaseTime"),
            listed={
                "buyer": first_text(entry, "purchaseMan"),
                "project_number": first_text(entry, "projectCode"),
                "channel": kind,
            },
            skipped=any(word in kind for word in self.portal.family_options(SzggzyOptions).aside),
        )
