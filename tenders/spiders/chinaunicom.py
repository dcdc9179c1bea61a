"""中国联通采购与招标网: one newest-first JSON list of all kinds of notices; only results and candidates are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.http import Request

from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import ChinaUnicomOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text

_API = "/api/v1/bizAnno/"


class ChinaUnicomSpider(JsonListSpider):
    """中国联通采购与招标网.

    ``options.kinds``: words of the kinds of notices that are read. ``options.page``: the public address of a notice,
    with ``{id}``. No kind is sent with a query: the meaning of the portal's codes is not certain, while its answer
    has words.
    """

    rows_at = "data.records"
    total_at = ("data.total",)
    pages_at = ("data.pages",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of the list."""
        data = {"pageNo": number, "pageSize": self.portal.page_size, "modeNo": "BizAnnoVoMtable"}
        data |= {**dict.fromkeys(("annoName", "annoType", "provinceCode"), ""), "tenderingType": "1"}
        return self.page_request(f"{self.portal.origin}{_API}getAnnoList", "list", data=data)

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        return self.page_request(f"{self.portal.origin}{_API}getAnnoDetailed/{row.notice_id}", "detail", row=row)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id, kind = first_text(entry, "id"), first_text(entry, "annoType")
        return self.build_row(
            notice_id=notice_id,
            url=self.portal.family_options(ChinaUnicomOptions).page.format(id=notice_id),
            title=first_text(entry, "annoName"),
            time=entry.get("createDate"),
            listed={
                "buyer": first_text(entry, "bidCompany"),
                "project_number": first_text(entry, "projectNo", "bidNo"),
                "region": first_text(entry, "provinceName"),
                "channel": kind,
            },
            skipped=not any(word in kind for word in self.portal.family_options(ChinaUnicomOptions).kinds),
        )
