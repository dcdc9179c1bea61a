"""中国电信阳光采购网: a newest-first JSON list per type of notice; each kind of document has its own detail address."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from scrapy.http import Request, Response

from tenders.crawling.errors import LayoutError, PageFailedError
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import ChinaTelecomOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text

_API = "/portal/base/"


class ChinaTelecomSpider(JsonListSpider):
    """中国电信阳光采购网.

    A channel is a type of the portal's list. ``options.page``: the public address of a notice, with ``{id}``,
    ``{kind}`` and ``{code}``. ``options.details``: kind of document → its detail address.
    """

    rows_at = "data.pageInfo.list"
    total_at = ("data.pageInfo.total",)  # hasNextPage is always false

    _has_session = False

    async def fetch(self, request: Request) -> Response:
        """Return the portal's answer. The first request is for the home page, which may hand out a session.

        Sources disagree on whether one is needed, so a crawl goes on without it if the home page cannot be had.
        """
        if not self._has_session:
            self._has_session = True
            with suppress(PageFailedError):
                await super().fetch(self.page_request(f"{self.portal.origin}/", "list", checked_as="home"))
        return await super().fetch(request)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a type."""
        data = {"pageNum": number, "pageSize": self.portal.page_size, "type": query.channel}
        data |= dict.fromkeys(("provinceCode", "title", "noticeSummary"), "")
        return self.page_request(f"{self.portal.origin}{_API}announcementJoin/queryListNew", "list", data=data)

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice. Raises LayoutError if its kind of document is unknown."""
        kind = row.detail_params["type"]
        address = self.portal.family_options(ChinaTelecomOptions).details.get(kind)
        if address is None:
            raise LayoutError(f"{row.url}: no detail address is known for documents of kind {kind}")
        data = dict(row.detail_params)
        return self.page_request(f"{self.portal.origin}{_API}{address}/view", "detail", row=row, data=data)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id = first_text(entry, "docId", "id")
        kind, code = first_text(entry, "docTypeCode"), first_text(entry, "securityViewCode")
        return self.build_row(
            notice_id=notice_id,
            url=self.portal.family_options(ChinaTelecomOptions).page.format(id=notice_id, kind=kind, code=code),
            title=first_text(entry, "docTitle"),
            time=entry.get("createDate"),
            listed={
                "buyer": first_text(entry, "companyName"),
                "project_number": first_text(entry, "docCode"),
                "region": first_text(entry, "provinceName"),
                "channel": first_text(entry, "docType"),
            },
            detail_params={"type": kind, "id": notice_id, "securityViewCode": code},
        )
