"""云采通 (sfw_cms), the procurement sites of universities: newest-first JSON lists; a notice is JSON or a PDF file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.http import Request, Response, TextResponse

from tenders.archive.decoding import response_text
from tenders.archive.records import PageRole
from tenders.crawling.errors import LayoutError, UnreadableListError
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.items import PageItem
from tenders.portals.options import SfwCmsOptions
from tenders.spiders.base.json_list_spider import JsonListSpider, parse_answer
from tenders.spiders.base.list_values import first_text, parse_listed_day


class SfwCmsSpider(JsonListSpider):
    """A site on 云采通.

    A channel is a category of the site. ``options.list``: the path of its list. ``options.types``: the types of notices
    that are asked for. ``options.api`` and ``options.file``: where the vendor keeps the notices of all its sites.
    """

    rows_at = "resultset"
    total_at = ("total", "totalCount")

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a category. The site counts rows from 1, not pages."""
        options = self.portal.family_options(SfwCmsOptions)
        form: dict[str, str | tuple[str, ...]] = {
            "page": "cms.psms.publish.query",
            "window_": "json",
            "request_method_": "ajax",
            "start": str((number - 1) * self.portal.page_size + 1),
            "limit": str(self.portal.page_size),
            "sort": options.sort,
            "type": options.types,
            "categoryId": query.channel,
            "keywords": "",
            "filter": "",
            **options.fixed,
        }
        return self.page_request(self.portal.origin + options.list, "list", form=form)

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice, or for what leads to its file."""
        address = self.portal.family_options(SfwCmsOptions).api.format(id=row.notice_id)
        return self.page_request(address, "detail", row=row)

    async def read_notice(self, row: ListRow) -> PageItem:
        """Fetch the answer about a notice, and its PDF file if the answer has no text."""
        answer = await self.fetch(self.notice_request(row))
        if _has_text(answer):
            return self.build_item(row, answer)
        created = parse_listed_day(_values(answer).get("createTime"))
        if created is None:
            raise LayoutError(f"{row.url}: the answer has neither a text nor the day of its file")
        address = self.portal.family_options(SfwCmsOptions).file.format(day=f"{created:%Y/%m/%d}", id=row.notice_id)
        return self.build_item(row, await self.fetch(self.page_request(address, "detail", row=row, checked_as="file")))

    async def archive_role(self, request: Request, response: Response) -> PageRole:
        """Return as what the archive keeps this answer. One without a text only leads to the notice."""
        role = await super().archive_role(request, response)
        leads_to_file = role == "detail" and request.meta["checked_as"] == "detail" and not _has_text(response)
        return "list" if leads_to_file else role

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id = first_text(entry, "syncId")
        return self.build_row(
            notice_id=notice_id,
            url=f"{self.portal.origin}{self.portal.family_options(SfwCmsOptions).page.format(id=notice_id)}",
            title=first_text(entry, "subject"),
            time=next((entry[key] for key in ("beginTime", "syncTime", "creTime", "pdate") if entry.get(key)), None),
            listed={"project_number": first_text(entry, "tenderNo")},
        )


def _values(answer: Response) -> Mapping[str, Any]:
    """Return the fields of an answer about a notice; none if it is something else."""
    if not isinstance(answer, TextResponse) or not response_text(answer):
        return {}
    try:
        values = parse_answer(answer)
    except UnreadableListError:
        return {}
    return values if isinstance(values, dict) else {}


def _has_text(answer: Response) -> bool:
    values = _values(answer)
    text = values.get("content")
    return str(values.get("contentType", "")).upper() != "PDF" and isinstance(text, str) and bool(text.strip())
