"""国家电网: a newest-first JSON list per menu; a notice is a JSON answer, or the PDF files that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response, TextResponse

from tenders.archive.records import PageRole
from tenders.crawling.errors import LayoutError, UnreadableListError
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.items import PageItem
from tenders.portals.options import SgccOptions
from tenders.portals.response_checks import dig
from tenders.spiders.base.json_list_spider import JsonListSpider, entries_at, parse_answer
from tenders.spiders.base.list_values import first_text

_API = "/ecp2.0/ecpwcmcore//index/"  # with two slashes, as the portal's own pages request it
_EMPTY_PARAMS = ("purOrgStatus", "purOrgCode", "purType", "noticeType", "orgId", "key", "orgName")


class SgccSpider(JsonListSpider):
    """国家电网电子商务平台.

    A channel is a menu of the portal. ``options.page``: the public address of a notice, with ``{kind}``, ``{id}`` and
    ``{menu}``.
    """

    rows_at = "resultValue.noteList"
    total_at = ("resultValue.count",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a menu."""
        data = {"index": number, "size": self.portal.page_size, "firstPageMenuId": query.channel}
        return self._post("noteList", data | dict.fromkeys(_EMPTY_PARAMS, ""), "list")

    async def read_notice(self, row: ListRow) -> PageItem:
        """Fetch the PDF files of a notice, or its JSON answer if it has none.

        The files are requested first: if there are any, they are the notice, and its own answer only leads to them.
        """
        files = await self._fetch_file_list(row)
        pdf_paths = [path for name, path in files if _is_pdf(name, path)]
        answer = await self._fetch_answer(row, "list" if pdf_paths else "detail")
        if not pdf_paths:
            if files:
                names = ", ".join(name for name, _ in files)
                text = f"{row.url} was read only in part: its files are no PDF ({names})"
                self.crawl_stats.add_problem("partial", text)
            return self.build_item(row, answer)
        pdfs = [await self._fetch_pdf(row, path, "detail" if path is pdf_paths[-1] else "part") for path in pdf_paths]
        return self.build_item(row, pdfs[-1], pdfs[:-1])

    async def _fetch_file_list(self, row: ListRow) -> list[tuple[str, str]]:
        """Return name and path of a notice's files, in the portal's order."""
        request = self._post("getWinFile", row.notice_id, "list", row=row, checked_as="files")
        answer = parse_answer(await self._fetch_text(request))
        try:
            entries = entries_at(answer, "resultValue.files") or entries_at(answer, "files")
        except UnreadableListError as error:
            raise LayoutError(f"{row.url}: {error}") from error
        files = ((first_text(entry, "FILE_NAME"), first_text(entry, "FILE_PATH")) for entry in entries)
        return [(name, path) for name, path in files if path]

    async def _fetch_answer(self, row: ListRow, role: PageRole) -> TextResponse:
        request = self._post("getNoticeWin", row.notice_id, role, row=row, checked_as="notice")
        response = await self._fetch_text(request)
        if not dig(parse_answer(response), "resultValue"):
            raise LayoutError(f"{row.url}: getNoticeWin says nothing about the notice")
        return response

    async def _fetch_pdf(self, row: ListRow, path: str, role: PageRole) -> Response:
        address = f"{self.portal.origin}{_API}showPDF?{urlencode({'filePath': path})}"
        return await self.fetch(self.page_request(address, role, row=row, checked_as="file"))

    async def _fetch_text(self, request: Request) -> TextResponse:
        response = await self.fetch(request)
        if not isinstance(response, TextResponse):
            raise LayoutError(f"{request.url}: not a text")
        return response

    def _post(
        self, name: str, data: Any, role: PageRole, *, row: ListRow | None = None, checked_as: str | None = None
    ) -> Request:
        address = f"{self.portal.origin}{_API}{name}"
        return self.page_request(address, role, row=row, data=data, checked_as=checked_as)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id = first_text(entry, "noticeId")
        menu = first_text(entry, "firstPageMenuId") or query.channel
        return self.build_row(
            notice_id=notice_id,
            url=self.portal.family_options(SgccOptions).page.format(
                kind=first_text(entry, "doctype"), id=notice_id, menu=menu
            ),
            title=first_text(entry, "title"),
            time=entry.get("noticePublishTime"),
            listed={
                "buyer": first_text(entry, "publishOrgName"),
                "project_number": first_text(entry, "code"),
            },
        )


def _is_pdf(name: str, path: str) -> bool:
    """Whether a file is a PDF. A file whose name has no suffix is taken for one."""
    return f"{name} {path}".lower().rstrip().endswith(".pdf") or "." not in name
