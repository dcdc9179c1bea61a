"""The 政采云 family of procurement sites: JSON lists per category, mostly queried by date; notices are JSON."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from scrapy.http import Request, TextResponse

from pipelines.common.addresses import join_address
from pipelines.extract.kind import announces_call
from tenders.crawling.errors import PageFailedError, UnreadableListError
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import ZcyOptions
from tenders.portals.response_checks import dig
from tenders.spiders.base.json_list_spider import JsonListSpider, parse_answer
from tenders.spiders.base.list_values import first_text

_TREE = "/admin/category/home/categoryTreeFind"
_DEEPEST_TREE = 8  # levels


class ZcySpider(JsonListSpider):
    """A site of the 政采云 family.

    A channel is a category code of the site. ``options.parent``: the category above them. ``options.site``: the site's
    number. Sites that have one are asked for their categories first; ``options.categories`` are words in the names of
    those that are read. ``channels`` of the descriptor are for a site that does not answer this question.

    Some sites of the family want signed calls. That is an access control, so such an answer ends the crawl as blocked.
    """

    rows_at = "result.data.data"
    total_at = ("result.data.total",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._options = self.portal.family_options(ZcyOptions)

    async def find_channels(self) -> Sequence[str]:
        """Return the codes of the categories with results, from the site's category tree."""
        if not self.portal.finds_channels:
            return self.portal.channels
        params = urlencode({"parentId": self._options.parent, "siteId": self._options.site or ""})
        request = self.page_request(f"{self.portal.origin}{_TREE}?{params}", "list", checked_as="tree")
        try:
            response = await self.fetch(request)
            if not isinstance(response, TextResponse):
                raise UnreadableListError("not a text")
            codes = list(self._wanted_codes(dig(parse_answer(response), "result.data")))
        except (PageFailedError, UnreadableListError) as error:
            self.logger.warning("the category tree could not be read: %s", error)
            codes = []
        return codes or self.portal.channels

    def _wanted_codes(self, categories: Any, depth: int = 0) -> Iterator[str]:
        """Yield the codes of the lowest categories whose names, or those above them, are wanted."""
        for category in categories if isinstance(categories, list) and depth < _DEEPEST_TREE else ():
            if not isinstance(category, dict):
                continue
            name, code = first_text(category, "name"), first_text(category, "code")
            if category.get("children"):
                yield from self._wanted_codes(category["children"], depth + 1)
            elif code and self._is_wanted(name):
                yield code

    def _is_wanted(self, name: str) -> bool:
        is_other = any(word in name for word in self._options.other_categories)
        return not is_other and any(word in name for word in self._options.categories)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query."""
        data = {
            "pageNo": number,
            "pageSize": self.portal.page_size,
            "categoryCode": query.channel,
            "parentId": self._options.parent,
            "isGov": True,
            "excludeDistrictPrefix": [],
        }
        if query.dated:
            data |= {"publishDateBegin": str(query.since), "publishDateEnd": str(query.until)}
        data["_t"] = int(time.time() * 1000)
        return self.page_request(f"{self.portal.origin}/portal/category", "list", data=data)

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        params = f"articleId={quote(row.notice_id, safe='')}&timestamp={int(time.time())}"
        return self.page_request(f"{self.portal.origin}/portal/detail?{params}", "detail", row=row)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        notice_id, title = first_text(entry, "articleId"), first_text(entry, "title")
        filed_as = first_text(entry, "pathName")
        page = self._options.page.format(id=quote(notice_id, safe=""), parent=self._options.parent)
        return self.build_row(
            notice_id=notice_id,
            url=join_address(self.portal.origin, page),
            title=title,
            time=entry.get("publishDate"),
            listed={
                "buyer": first_text(entry, "purchaseName"),
                "agency": first_text(entry, "author"),
                "project_number": first_text(entry, "projectCode"),
                "region": first_text(entry, "districtName"),
                "channel": filed_as,
            },
            skipped=self._options.mixed and announces_call(title, filed_as),
        )
