"""The gpcms family of provincial procurement sites (广东): JSON lists per channel that are queried by time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request

from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import GpcmsOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text

_API = "/gpcms/rest/web/v2/info/"
_HOURS = {f"{hour:02d}h": (f"{hour:02d}:00:00", f"{hour:02d}:59:59") for hour in range(24)}


class GpcmsSpider(JsonListSpider):
    """A site of the gpcms family.

    A channel is a notice type of the site. ``options.site`` and ``options.list``: the ids of the site and of its list
    of notices. ``options.region``: its region code, empty for the province. ``options.interface``: what answers lists.
    ``options.page``: the public address of a notice, with ``{id}``.
    """

    rows_at = "data.rows"
    total_at = ("data.total",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query."""
        options = self.portal.family_options(GpcmsOptions)
        start, end = _HOURS.get(query.part, ("00:00:00", "23:59:59"))
        params = {
            "siteId": options.site,
            "channel": options.list,
            "currPage": str(number),
            "pageSize": str(self.portal.page_size),
            "noticeType": query.channel,
            "regionCode": options.region,
            "cityOrArea": "",
            "purchaseManner": "",
            "subChannel": "false",
            "verifyCode": "",
            "searchKey": query.keyword,
            "operationStartTime": f"{query.since} {start}",
            "operationEndTime": f"{query.until} {end}",
            "selectTimeName": "noticeTime",
            "requestSource": "qwjs",
        }
        address = f"{self.portal.origin}{_API}{options.interface}?{urlencode(params)}"
        return self.page_request(address, "list")

    def split_query(self, query: ListQuery) -> list[ListQuery]:
        """Split a query by days, and one day by hours: some sites show the newest rows of an answer only."""
        if query.part or query.since != query.until:
            return query.halves()
        return [replace(query, part=hour) for hour in _HOURS]

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        address = f"{self.portal.origin}{_API}getInfoById?{urlencode({'id': row.notice_id})}"
        return self.page_request(address, "detail", row=row)

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
