"""中国移动采购与招标网: list and notice are JSON by POST; a notice is HTML, or a PDF file in base64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.http import Request

from pipelines.classify.regions import province_of
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import CmccOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text

_API = "/api-b2b/api-sync-es/white_list_api/b2b/publish/"


class CmccSpider(JsonListSpider):
    """中国移动采购与招标网.

    A channel is a ``publishOneType`` of the portal. ``options.publish_type``: the ``publishType`` to which all channels
    belong. ``options.page``: the public address of a notice, with ``{publishId}`` and so on.
    """

    rows_at = "data.content"
    total_at = ("data.totalElements",)
    pages_at = ("data.totalPages",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query."""
        data = {
            "name": query.keyword,
            "publishType": self.portal.family_options(CmccOptions).publish_type,
            "publishOneType": query.channel,
            "size": self.portal.page_size,
            "current": number,
            "creationDateStart": str(query.since),
            "creationDateEnd": str(query.until),
            "sfactApplColumn5": "PC",
        }
        return self.page_request(f"{self.portal.origin}{_API}queryList", "list", data=data)

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        data = {**row.detail_params, "sfactApplColumn5": "PC"}
        return self.page_request(f"{self.portal.origin}{_API}queryDetail", "detail", row=row, data=data)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        params = {
            "publishId": entry.get("id"),
            "publishUuid": first_text(entry, "uuid"),
            "publishType": first_text(entry, "publishType") or self.portal.family_options(CmccOptions).publish_type,
            "publishOneType": first_text(entry, "publishOneType") or query.channel,
        }
        url = self.portal.family_options(CmccOptions).page.format(**params)
        unit = first_text(entry, "companyTypeName")
        return self.build_row(
            notice_id=first_text(entry, "id") and (self.portal.notice_id_in(url) or url),
            url=url,
            title=first_text(entry, "name"),
            time=entry.get("publishDate"),
            listed={
                "channel": first_text(entry, "publishOneType_dictText"),
                "region": unit if province_of(None, unit) else "",  # some units are companies, not provinces
            },
            detail_params=params,
        )
