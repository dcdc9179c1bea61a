"""Epoint's full-text search (铁塔 and many platforms of public resources): a JSON list by POST, queried by days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scrapy.http import Request

from pipelines.common.addresses import join_address
from tenders.crawling.list_pages import ListQuery, ListRow
from tenders.portals.options import EpointSearchOptions
from tenders.spiders.base.json_list_spider import JsonListSpider
from tenders.spiders.base.list_values import first_text

EVERY_CATEGORY = "*"
_DAY_KEYS = ("webdate", "infodate", "infodatepx", "showdate", "pubinwebdate")


class EpointSearchSpider(JsonListSpider):
    """A site with Epoint's full-text search. Its notices are HTML pages.

    A channel is a category number of the site, or the beginning of several (``002006``); ``*`` asks for every category.
    A category whose number is not in ``filed_as`` holds notices of all kinds, so a row of it is read only if the
    portal's word for its kind, or its title, contains one of ``options.kinds``.
    """

    rows_at = "result.records"
    total_at = ("result.totalcount",)

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query. The site counts rows, not pages."""
        options = self.portal.family_options(EpointSearchOptions)
        size = self.portal.page_size
        category = {"fieldName": "categorynum", "equal": query.channel, "isLike": True, "likeType": 2}
        days = {
            "fieldName": options.day,
            "startTime": f"{query.since} 00:00:00",
            "endTime": f"{query.until} 23:59:59",
        }
        data = {
            "token": "",
            "pn": (number - 1) * size,
            "rn": size,
            "sdt": "",
            "edt": "",
            "wd": query.keyword,
            "inc_wd": "",
            "exc_wd": "",
            "fields": "title",
            "cnum": options.sites,
            "sort": options.sort,
            "ssort": "title",
            "cl": 200,
            "terminal": "",
            "condition": [] if query.channel == EVERY_CATEGORY else [category],
            "time": [days],
            "highlights": "",
            "statistics": None,
            "unionCondition": None,
            "accuracy": "",
            "noParticiple": "0",
            "searchRange": None,
            # Without it, some sites answer with no rows.
            "isBusiness": "1",
            "noWd": not query.keyword,
            **options.fixed,
        }
        return self.page_request(self.portal.origin + options.search, "list", data=data)

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        options = self.portal.family_options(EpointSearchOptions)
        address = first_text(entry, "linkurl")
        if options.prefix and address.startswith("/") and not address.startswith(f"{options.prefix}/"):
            address = options.prefix + address
        url = join_address(self.portal.origin, address)
        title = first_text(entry, "title", "titlenew", "customtitle")
        category = self.portal.filed_as.get(first_text(entry, "categorynum"))
        kind = category or first_text(entry, "categoryname")
        return self.build_row(
            notice_id=address and (self.portal.notice_id_in(url) or url),
            url=url,
            title=title,
            time=first_text(entry, options.day, *_DAY_KEYS),
            listed={"channel": kind, "region": first_text(entry, "zhuanzai", "xiaquname", "infod")},
            skipped=category is None and not any(word in f"{kind} {title}" for word in options.kinds),
        )
