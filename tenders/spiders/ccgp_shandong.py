"""山东政府采购网: a JSON list per column that is queried by days; a notice is HTML in base64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request

from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import CcgpShandongOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text


class CcgpShandongSpider(JsonListSpider):
    """山东政府采购网.

    A channel is a column of the site. ``options.api``: the address of its JSON interface (on a port of its own).
    ``options.page``: the public address of a notice, with ``{id}`` and ``{column}``.
    """

    rows_at = "data.data.records"
    total_at = ("data.data.total",)
    pages_at = ("data.data.pages",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a column."""
        data = {
            "colCode": query.channel,
            "area": "",
            "currentPage": number,
            "pageSize": self.portal.page_size,
            "startTime": f"{query.since} 00:00:00",
            "endTime": f"{query.until} 23:59:59",
            "title": "",
            "homePage": 0,
            "oldData": 0,
            "mergeType": 0,
        }
        return self.page_request(
            f"{self.portal.family_options(CcgpShandongOptions).api}getListByCode", "list", data=data
        )

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        address = f"{self.portal.family_options(CcgpShandongOptions).api}getDetail?{urlencode(row.detail_params)}"
        return self.page_request(address, "detail", row=row)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id = first_text(entry, "id")
        column = first_text(entry, "colCode") or query.channel
        return self.build_row(
            notice_id=notice_id,
            url=self.portal.family_options(CcgpShandongOptions).page.format(id=notice_id, column=column),
            title=first_text(entry, "title"),
            time=entry.get("date"),
            listed={"region": first_text(entry, "areaName")},
            detail_params={"id": notice_id, "colCode": column},
        )
