"""Sites on Epoint's WebBuilder (宜昌 and many more): a JSON list by POST whose rows carry the whole notices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from scrapy.http import Request

from tenders.crawling.list_pages import Listing, Row
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.json_list_spider import JsonListSpider


class Epoint(JsonListSpider):
    """A channel of the descriptor is a ``categoryNum``; ``options``: ``list``, the path of the list, ``fixed``, the parameters
    that are always the same, and ``names``, what the site calls the others (``page``, ``size``, ``since``, ``until``,
    ``words``): sites spell them differently. ``since`` and ``until`` are days, ``clock`` adds the times that some sites want.
    """

    rows_at = "custom.infodata"
    total_at = ("custom.total", "custom.totalcount", "custom.totalCount")

    def list_request(self, listing: Listing, number: int) -> Request:
        options, names = self.portal.options, self.portal.options["names"]
        first, last = options.get("clock", ("", ""))
        form = {**options["fixed"], names["category"]: listing.channel}
        form |= {names["page"]: str(number - 1), names["size"]: str(self.portal.page_size)}
        form |= {
            names["since"]: f"{listing.since}{first}",
            names["until"]: f"{listing.until}{last}",
            names["words"]: listing.keyword,
        }
        return self.request(self.portal.origin + options["list"], "list", form=form)

    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        title, address = (
            json_list_spider.text_of(entry, "title", "customtitle"),
            json_list_spider.text_of(entry, "infourl"),
        )
        if not title or not address:
            return None
        url = urljoin(self.portal.origin, address)
        time = json_list_spider.text_of(entry, "infodate")
        content = entry.get("infocontent")
        # As the list's own answer would hold this one notice; fields that say nothing are left out.
        whole = {"custom": {"infodata": [{name: value for name, value in entry.items() if value not in (None, "")}]}}
        return Row(
            notice_id=self.portal.notice_id_in(url) or url,
            url=url,
            title=title,
            day=json_list_spider.day_of(time),
            listed_at=time,
            listed=json_list_spider.said(channel=json_list_spider.text_of(entry, "categoryname")),
            body=json.dumps(whole, ensure_ascii=False) if isinstance(content, str) and content.strip() else None,
        )
