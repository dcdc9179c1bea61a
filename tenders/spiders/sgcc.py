"""State Grid: a JSON list by menu, newest first; a notice is an answer in JSON and the PDF files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response, TextResponse

from tenders.archive.records import PageRole
from tenders.crawling.errors import LayoutError
from tenders.crawling.list_pages import Listing, NoListError, Row
from tenders.items import PageItem
from tenders.portals.response_checks import dig
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider

_BASE = "/ecp2.0/ecpwcmcore//index/"  # two slashes: that is how the portal's own pages ask
_UNASKED = ("purOrgStatus", "purOrgCode", "purType", "noticeType", "orgId", "key", "orgName")


class Sgcc(JsonListSpider):
    """A channel is a menu of the portal. ``options``: ``page``, the public address of a notice with ``{kind}``, ``{id}`` and
    ``{menu}``."""

    rows_at = "resultValue.noteList"
    total_at = ("resultValue.count",)

    def list_request(self, listing: Listing, number: int) -> Request:
        asked = {"index": number, "size": self.portal.page_size, "firstPageMenuId": listing.channel}
        return self._post("noteList", asked | dict.fromkeys(_UNASKED, ""), "list")

    async def read_notice(self, row: Row) -> PageItem:
        """The files are asked for first: where there are some, they are the notice, and its own answer only leads to them."""
        beside = await self._files(row)
        papers = [
            path for name, path in beside if f"{name} {path}".lower().rstrip().endswith(".pdf") or "." not in name
        ]
        told = await self._answer(row, "list" if papers else "detail")
        if not papers:
            if beside:
                names = ", ".join(name for name, _ in beside)
                self.tally.trouble("partial", f"{row.url} was read only in part: its files are no PDF ({names})")
            return self.item(row, told)
        files = [await self._paper(row, path, "detail" if path is papers[-1] else "part") for path in papers]
        return self.item(row, files[-1], files[:-1])

    async def _files(self, row: Row) -> list[tuple[str, str]]:
        """(name, path) of the files beside a notice, in the portal's order."""
        data = json_list_spider.answer(await self._text(self._post("getWinFile", row.notice_id, "list", row, "files")))
        try:
            found = json_list_spider.entries(data, "resultValue.files") or json_list_spider.entries(data, "files")
        except NoListError as trouble:
            raise LayoutError(f"{row.url}: {trouble}") from trouble
        return [
            (json_list_spider.text_of(one, "FILE_NAME"), path)
            for one in found
            if (path := json_list_spider.text_of(one, "FILE_PATH"))
        ]

    async def _answer(self, row: Row, role: PageRole) -> TextResponse:
        response = await self._text(self._post("getNoticeWin", row.notice_id, role, row, "notice"))
        if not dig(json_list_spider.answer(response), "resultValue"):
            raise LayoutError(f"{row.url}: getNoticeWin tells nothing of the notice")
        return response

    async def _paper(self, row: Row, path: str, role: PageRole) -> Response:
        address = f"{self.portal.origin}{_BASE}showPDF?{urlencode({'filePath': path})}"
        return await self.fetch(self.request(address, role, row=row, judged_as="file"))

    async def _text(self, request: Request) -> TextResponse:
        response = await self.fetch(request)
        if not isinstance(response, TextResponse):
            raise LayoutError(f"{request.url}: not a text")
        return response

    def _post(
        self, name: str, data: Any, role: PageRole, row: Row | None = None, judged_as: str | None = None
    ) -> Request:
        return self.request(f"{self.portal.origin}{_BASE}{name}", role, row=row, data=data, judged_as=judged_as)

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        own, title = json_list_spider.text_of(entry, "noticeId"), json_list_spider.text_of(entry, "title")
        if not own or not title:
            return None
        time, kind = json_list_spider.text_of(entry, "noticePublishTime"), json_list_spider.text_of(entry, "doctype")
        return Row(
            notice_id=own,
            url=str(self.portal.options["page"]).format(
                kind=kind, id=own, menu=json_list_spider.text_of(entry, "firstPageMenuId") or listing.channel
            ),
            title=title,
            day=json_list_spider.day_of(time),
            listed_at=time,
            listed=json_list_spider.said(
                buyer=json_list_spider.text_of(entry, "publishOrgName"),
                project_number=json_list_spider.text_of(entry, "code"),
            ),
        )
