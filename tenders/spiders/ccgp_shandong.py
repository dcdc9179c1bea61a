"""Shandong's procurement site: a JSON list of a column, newest first; a notice is HTML in base64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, TextResponse

from tenders.spiders import api
from tenders.spiders.lists import Listing, ListPage, Row
from tenders.spiders.walker import ListSpider


class CcgpShandong(ListSpider):
    """A channel is a column of the site. ``options``: ``api``, where its questions go (a port of its own), and ``page``, the
    public address of a notice with ``{id}`` and ``{column}``."""

    def list_request(self, listing: Listing, number: int) -> Request:
        asked = {"colCode": listing.channel, "area": "", "currentPage": number, "pageSize": self.portal.page_size, "homePage": 1}
        return self.request(f"{self.portal.options['api']}getListByCode", "list", data=asked)

    def read_list(self, response: TextResponse, listing: Listing) -> ListPage:
        data = api.answer(response)
        found, told = api.entries(data, "data.data.records"), data["data"]["data"]
        rows = (self._row(entry, listing.channel) for entry in found)
        return api.page_of(rows, len(found), total=told.get("total"), pages=told.get("pages"), size=self.portal.page_size)

    def notice_request(self, row: Row) -> Request:
        return self.request(f"{self.portal.options['api']}getDetail?{urlencode(row.ask)}", "detail", row=row)

    def _row(self, entry: Mapping[str, Any], channel: str) -> Row | None:
        own, title = api.text_of(entry, "id"), api.text_of(entry, "title")
        if not own or not title:
            return None
        column, day = api.text_of(entry, "colCode") or channel, api.text_of(entry, "date")
        return Row(
            notice_id=own,
            url=str(self.portal.options["page"]).format(id=own, column=column),
            title=title,
            day=api.day_of(day),
            listed_at=day,
            listed=api.said(region=api.text_of(entry, "areaName")),
            ask={"id": own, "colCode": column},
        )
