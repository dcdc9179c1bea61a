"""Sites on Epoint's WebBuilder (宜昌 and many more): a JSON list by POST whose rows carry the notices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scrapy.http import Request

from pipelines.common.addresses import join_address
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import EpointOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text


class EpointSpider(JsonListSpider):
    """A site on Epoint's WebBuilder.

    A channel is a ``categoryNum`` of the site. ``options.list``: the path of the list. ``options.fixed``: parameters
    that are always the same. ``options.names``: the site's names of the other parameters (``category``, ``page``,
    ``size``, ``since``, ``until``, ``words``), which differ from site to site. ``options.clock``: times to add to the
    two days, if the site wants them.
    """

    rows_at = "custom.infodata"
    total_at = ("custom.total", "custom.totalcount", "custom.totalCount")

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query. The site counts its pages from 0."""
        options = self.portal.family_options(EpointOptions)
        names = options.names
        start, end = options.clock
        form = {
            **options.fixed,
            names.category: query.channel,
            names.page: str(number - 1),
            names.size: str(self.portal.page_size),
            names.since: f"{query.since}{start}",
            names.until: f"{query.until}{end}",
            names.words: query.keyword,
        }
        return self.page_request(self.portal.origin + options.list, "list", form=form)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row, with the notice in it."""
        address = first_text(entry, "infourl")
        url = join_address(self.portal.origin, address)
        content = entry.get("infocontent")
        # What the list would answer if it held this notice alone. Empty fields are left out.
        answer = {"custom": {"infodata": [{name: value for name, value in entry.items() if value not in (None, "")}]}}
        return self.build_row(
            notice_id=address and (self.portal.notice_id_in(url) or url),
            url=url,
            title=first_text(entry, "title", "customtitle"),
            time=entry.get("infodate"),
            listed={"channel": first_text(entry, "categoryname")},
            body=json.dumps(answer, ensure_ascii=False) if isinstance(content, str) and content.strip() else None,
        )
