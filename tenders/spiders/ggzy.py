"""全国公共资源交易平台: a dated JSON list by POST; each notice has an outer page (a) and an inner page (b)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scrapy.http import Request, Response, TextResponse

from pipelines.common.addresses import join_address
from pipelines.process import states_project_number
from tenders.archive.records import PageRole
from tenders.crawling.errors import BlockedError, PageFailedError
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.items import PageItem
from tenders.portals.options import GgzyOptions
from tenders.spiders.base.html_values import select_page
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text

_LIST = "/information/pubTradingInfo/getTradList"
_OUTER, _INNER = "/deal/html/a/", "/deal/html/b/"
_PROJECT_NUMBER = re.compile(r"编号\s*[:：]\s*(\S*\d\S*)")  # 项目编号：E3300001234


class GgzySpider(JsonListSpider):
    """全国公共资源交易平台.

    A channel is a stage of the portal. ``options.stages``: channel → ``classify``, ``source`` and ``stage``.
    ``options.provinces``: the codes by which a day with too many notices is divided.

    The inner page is the notice. Many inner pages have no project number; it is on the outer page only. The outer
    page is requested only then, so most notices take one request. A rebuild from the archive must give the same
    notice, and an answer is archived before it is read. So an inner page without a number is archived as a ``list``,
    and the notice that both pages make together is archived separately.
    """

    rows_at = "data.records"
    total_at = ("data.total",)
    pages_at = ("data.pages",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query."""
        stage = self.portal.family_options(GgzyOptions).stages[query.channel]
        # The portal's own page sends a field only if it limits the answer: to leave one out asks for all.
        form = {
            "FINDTXT": query.keyword,
            "PAGENUMBER": str(number),
            "DEAL_TIME": "06",
            "TIMEBEGIN": str(query.since),
            "TIMEEND": str(query.until),
            "DEAL_CLASSIFY": stage.classify,
            "DEAL_STAGE": stage.stage or query.channel,
            "SOURCE_TYPE": stage.source,
            "isShowAll": "1",
        }
        if query.part:
            form["DEAL_PROVINCE"] = query.part
        return self.page_request(self.portal.origin + _LIST, "list", form=form)

    def split_query(self, query: ListQuery) -> list[ListQuery]:
        """Split a query by days, and one day by provinces."""
        if query.part or query.since != query.until:
            return query.halves()
        return [replace(query, part=code) for code in self.portal.family_options(GgzyOptions).provinces]

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for the inner page of a notice."""
        request = self.page_request(row.url.replace(_OUTER, _INNER, 1), "detail", row=row)
        request.meta["row"] = row
        return request

    async def archive_role(self, request: Request, response: Response) -> PageRole:
        """Return ``detail`` only for an inner page that is the complete notice."""
        role = await super().archive_role(request, response)
        if role != "detail" or not isinstance(response, TextResponse):
            return role
        page = self._build_page(request.meta["row"], "text/html", response.text, self.list_fetched_at)
        # A page that cannot be read is kept as it is.
        has_number = await self.session.ask(states_project_number, page) is not False
        request.meta["has_project_number"] = has_number
        return "detail" if has_number else "list"

    async def read_notice(self, row: ListRow) -> PageItem:
        """Fetch the inner page, and the outer page if the inner one has no project number."""
        response = await self.fetch(self.notice_request(row))
        if response.meta["has_project_number"]:
            return self.build_item(row, response)
        try:
            number = await self._fetch_project_number(row)
        except BlockedError as block:
            block.partial_item = replace(self.build_item(row, response), archived=False)
            raise
        listed = {**row.listed, "project_number": number} if number else row.listed
        return replace(self.build_item(replace(row, listed=listed), response), archived=False)

    async def _fetch_project_number(self, row: ListRow) -> str | None:
        """Return the project number on the outer page; None if there is no such page or no number on it.

        Raises what ``fetch`` raises.
        """
        try:
            response = await self.fetch(self.page_request(row.url, "list", row=row, checked_as="outer"))
        except PageFailedError as error:
            if error.gone:
                return None
            raise
        if not isinstance(response, TextResponse):
            return None
        texts = select_page(response.text).css("p.p_o ::text").getall()
        match = _PROJECT_NUMBER.search(" ".join(texts))
        return match.group(1) if match else None

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row. Its public address is that of the outer page."""
        address = first_text(entry, "url")
        url = join_address(self.portal.origin, address).replace(_INNER, _OUTER, 1)
        return self.build_row(
            notice_id=address and (self.portal.notice_id_in(url) or url),
            url=url,
            title=first_text(entry, "title"),
            time=entry.get("publishTime"),
            listed={
                "region": first_text(entry, "provinceText"),
                "channel": first_text(entry, "informationTypeText"),
            },
        )
