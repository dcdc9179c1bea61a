"""The gpcms family of provincial procurement sites (广东): newest-first JSON lists per channel, and a dated search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request

from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import GpcmsOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text

_API = "/gpcms/rest/web/v2/info/"


class GpcmsSpider(JsonListSpider):
    """A site of the gpcms family.

    A channel is a notice type of the site. ``options.site`` and ``options.list``: the ids of the site and of its list
    of notices. ``options.region``: its region code. ``options.page``: the public address of a notice, with ``{id}``.
    """

    rows_at = "data.rows"
    total_at = ("data.total",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a list, or of a search if the query has a keyword."""
        options = self.portal.family_options(GpcmsOptions)
        params = {
            "siteId": options.site,
            "channel": options.list,
            "currPage": str(number),
            "pageSize": str(self.portal.page_size),
            "noticeType": query.channel,
            "regionCode": options.region,
            "cityOrArea": "",
            "purchaseManner": "",
        }
        if not query.keyword:
            return self._get("selectInfoMoreChannel", {**params, "subChannel": "false"})
        search = {
            "searchKey": query.keyword,
            "operationStartTime": f"{query.since} 00:00:00",
            "operationEndTime": f"{query.until} 23:59:59",
            "selectTimeName": "noticeTime",
            "requestSource": "qwjs",
        }
        return self._get("selectInfoForIndex", {**params, **search})

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        address = f"{self.portal.origin}{_API}getInfoById?{urlencode({'id': row.notice_id})}"
        return self.page_request(address, "detail", row=row)

    def _get(self, name: str, params: Mapping[str, str]) -> Request:
        return self.page_request(f"{self.portal.origin}{_API}{name}?{urlencode(params)}", "list")

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id = first_text(entry, "id")
        return self.build_row(
            notice_id=notice_id,
            url=self.portal.family_options(GpcmsOptions).page.format(id=notice_id),
            title=first_text(entry, "title"),
            time=entry.get("noticeTime"),
            listed={
                "buyer": first_text(entry, "purchaser"),
                "agency": first_text(entry, "agency"),
                "project_number": first_text(entry, "openTenderCode"),
                "channel": first_text(entry, "noticeTypeName"),
            },
        )
