"""全国公共资源交易平台: a list by POST that is asked for days, an outer page (a) and an inner page (b) a notice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from scrapy.http import Request, Response, TextResponse

from pipelines.process import read
from pipelines.text.html_text import parse_html
from pipelines.workers import suspicious
from tenders.archive.records import PageRole
from tenders.crawling.errors import BlockedError, PageFailedError
from tenders.crawling.list_pages import Listing, Row
from tenders.items import PageItem
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider

_LIST = "/information/pubTradingInfo/getTradList"
_OUTER, _INNER = "/deal/html/a/", "/deal/html/b/"
_NUMBER = re.compile(r"编号\s*[:：]\s*(\S*\d\S*)")


class Ggzy(JsonListSpider):
    """A channel of the descriptor is a stage; ``options``: ``stages`` (channel → ``classify``, ``source``) and ``provinces``,
    the codes by which a day that is too much is divided.

    The inner page is the notice. Many say no project number, which stands on the outer page alone. The outer page is asked
    for only then: most notices take one request. The archive has to give the same page again, and an answer is archived before
    it is read; so an inner page without a number is kept as a page on the way, and what both pages came to is archived by itself.
    """

    rows_at = "data.records"
    total_at = ("data.total",)
    pages_at = ("data.pages",)

    def list_request(self, listing: Listing, number: int) -> Request:
        stage = self.portal.options["stages"][listing.channel]
        form = {"FINDTXT": listing.keyword, "PAGENUMBER": str(number), "DEAL_TIME": "06"}
        form |= {"TIMEBEGIN": str(listing.since), "TIMEEND": str(listing.until)}
        form |= {
            "DEAL_CLASSIFY": stage["classify"],
            "DEAL_STAGE": listing.channel,
            "DEAL_PROVINCE": listing.part or "0",
        }
        form |= {"DEAL_CITY": "0", "DEAL_PLATFORM": "0", "BID_PLATFORM": "0", "DEAL_TRADE": "0"}
        form |= {"SOURCE_TYPE": stage["source"], "isShowAll": "1"}
        return self.request(self.portal.origin + _LIST, "list", form=form)

    def narrower(self, listing: Listing) -> list[Listing]:
        """By days, and one day by provinces."""
        if listing.part or listing.since != listing.until:
            return listing.halves()
        return [replace(listing, part=code) for code in self.portal.options["provinces"]]

    def notice_request(self, row: Row) -> Request:
        request = self.request(row.url.replace(_OUTER, _INNER, 1), "detail", row=row)
        request.meta["row"] = row
        return request

    def role(self, request: Request, response: Response) -> PageRole:
        role = super().role(request, response)
        if role != "detail" or not isinstance(response, TextResponse):
            return role
        page = self._page(request.meta["row"], "text/html", response.text, self.list_seen_at)
        request.meta["numbered"] = suspicious(page) or any(notice.project_number for notice in read(page)[0])
        return "detail" if request.meta["numbered"] else "list"

    async def read_notice(self, row: Row) -> PageItem:
        response = await self.fetch(self.notice_request(row))
        if response.meta["numbered"]:
            return self.item(row, response)
        try:
            number = await self._number_outside(row)
        except BlockedError as block:
            block.read = replace(self.item(row, response), archived=False)
            raise
        listed = {**row.listed, "project_number": number} if number else row.listed
        return replace(self.item(replace(row, listed=listed), response), archived=False)

    async def _number_outside(self, row: Row) -> str | None:
        """The project number on the outer page; None where that page is gone or says none. Raises what ``fetch`` raises."""
        try:
            response = await self.fetch(self.request(row.url, "list", row=row, judged_as="outer"))
        except PageFailedError as failure:
            if failure.gone:
                return None
            raise
        root = parse_html(response.text) if isinstance(response, TextResponse) else None
        told = (
            root.xpath("//p[contains(concat(' ', normalize-space(@class), ' '), ' p_o ')]//text()")
            if root is not None
            else []
        )
        found = _NUMBER.search(" ".join(told))
        return found.group(1) if found else None

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        title, address = json_list_spider.text_of(entry, "title"), json_list_spider.text_of(entry, "url")
        if not title or not address:
            return None
        url = urljoin(self.portal.origin, address).replace(_INNER, _OUTER, 1)
        time = json_list_spider.text_of(entry, "publishTime")
        return Row(
            notice_id=self.portal.notice_id_in(url) or url,
            url=url,
            title=title,
            day=json_list_spider.day_of(time),
            listed_at=time,
            listed=json_list_spider.said(
                region=json_list_spider.text_of(entry, "provinceText"),
                channel=json_list_spider.text_of(entry, "informationTypeText"),
            ),
        )
