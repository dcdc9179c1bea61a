"""中国政府采购网: HTML lists of the newest notices per channel."""

from __future__ import annotations

import re

from parsel import Selector
from scrapy.http import Request, TextResponse

from pipelines.common.addresses import join_address
from tenders.crawling.errors import UnreadableListError
from tenders.crawling.list_pages import ListPage, ListQuery, ListRow
from tenders.portals import Portal
from tenders.portals.options import CcgpOptions
from tenders.spiders.base.html_values import inner_text, select_page
from tenders.spiders.base.list_spider import ListSpider
from tenders.spiders.base.list_values import collapse_spaces, parse_listed_day

# 2026-08-05, 2026-08-05 09:07, 2026-08-05 09:07:31
_LISTED_TIME = re.compile(r"20\d\d-\d{1,2}-\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_PAGER = re.compile(r"\bPager\s*\(\s*\{([^}]*)\}\s*\)")  # Pager({size:25, current:3, prefix:'index'})
_PAGER_SIZE = re.compile(r"\bsize\s*:\s*(\d+)")


class CcgpSpider(ListSpider):
    """中国政府采购网.

    A channel is the path of a list. ``options.next_page``: the name of its second and later pages, with ``{index}``
    (1 for the second page).
    """

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a channel."""
        return self.page_request(list_url(self.portal, query.channel, number), "list")

    def read_list(self, response: TextResponse, query: ListQuery) -> ListPage:
        """Return the rows of a list page."""
        return read_list(response.text, response.meta["archive"]["url"], self.portal)


def list_url(portal: Portal, channel: str, number: int) -> str:
    """Return the public address of page ``number`` (from 1): the folder itself, then ``index_1.htm`` and so on."""
    page = "" if number == 1 else portal.family_options(CcgpOptions).next_page.format(index=number - 1)
    return f"{portal.origin}{channel}{page}"


def read_list(text: str, public_url: str, portal: Portal) -> ListPage:
    """Return the rows of a list page at ``public_url``, and the number of pages that it reports.

    Raises UnreadableListError if there are entries, but none links to a notice.
    """
    entries = select_page(text).css(".c_list_bid li")
    rows = tuple(row for entry in entries if (row := _read_entry(entry, public_url, portal)))
    if entries and not rows:
        raise UnreadableListError("no entry of the list links to a notice; its layout may have changed")
    pager = _PAGER.search(text)
    size = _PAGER_SIZE.search(pager.group(1)) if pager else None
    return ListPage(rows, int(size.group(1)) if size else None)


def _read_entry(entry: Selector, public_url: str, portal: Portal) -> ListRow | None:
    links = entry.css("a[href]")
    if not links:
        return None
    url = join_address(public_url, links[0].attrib["href"])
    if not url.startswith(("http://", "https://")):
        return None
    # The visible text may be shortened; the title attribute has the full title.
    title = collapse_spaces(links[0].attrib.get("title") or inner_text(links[0]))
    cells = [collapse_spaces(inner_text(cell)) for cell in entry.css("em")]  # time, region, buyer
    times = (_LISTED_TIME.search(text) for text in (*cells, inner_text(entry)))
    listed_at = next((match.group() for match in times if match), "")
    return ListRow(
        notice_id=portal.notice_id_in(url) or url,
        url=url,
        title=title,
        day=parse_listed_day(listed_at),
        listed_at=listed_at,
        listed={name: cell for name, cell in zip(("region", "buyer"), cells[1:3], strict=False) if cell},
    )
