"""中国政府采购网: static channel lists of the newest notices, one HTML page a notice."""

from __future__ import annotations

import re
from datetime import date
from typing import cast
from urllib.parse import urljoin

import lxml.html
from scrapy.http import Request, TextResponse

from pipelines.text.html_text import parse_html
from tenders.crawling.list_pages import Listing, ListPage, NoListError, Row
from tenders.portals import Portal
from tenders.spiders.base.list_spider import ListSpider

_ROWS = "//*[contains(concat(' ', normalize-space(@class), ' '), ' c_list_bid ')]//li"
_TIME = re.compile(r"(20\d\d)-(\d{1,2})-(\d{1,2})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_PAGER = re.compile(r"\bPager\s*\(\s*\{([^}]*)\}\s*\)")
_SIZE = re.compile(r"\bsize\s*:\s*(\d+)")


class Ccgp(ListSpider):
    """All that is particular to the portal: where page N of a channel is, and how a row looks."""

    def list_request(self, listing: Listing, number: int) -> Request:
        return self.request(list_url(self.portal, listing.channel, number), "list")

    def read_list(self, response: TextResponse, listing: Listing) -> ListPage:
        return read_list(response.text, response.meta["archive"]["url"], self.portal)


def list_url(portal: Portal, channel: str, number: int) -> str:
    """The public address of page ``number`` (from 1): the folder itself, then index_1.htm for the second page."""
    rest = "" if number == 1 else str(portal.options["next_page"]).format(index=number - 1)
    return f"{portal.origin}{channel}{rest}"


def read_list(text: str, public_url: str, portal: Portal) -> ListPage:
    """Rows and number of pages of one list page that stands at ``public_url``.

    Raises NoListError where there are entries, but none has the link of a notice.
    """
    tree = parse_html(text)
    entries = cast("list[lxml.html.HtmlElement]", tree.xpath(_ROWS)) if tree is not None else []
    rows = [row for entry in entries if (row := _row(entry, public_url, portal))]
    if entries and not rows:
        raise NoListError("no entry of the list links to a notice; its layout may have changed")
    pager = _PAGER.search(text)
    size = _SIZE.search(pager.group(1)) if pager else None
    return ListPage(tuple(rows), int(size.group(1)) if size else None)


def _row(entry: lxml.html.HtmlElement, public_url: str, portal: Portal) -> Row | None:
    link = next(iter(entry.xpath(".//a[@href]")), None)
    if link is None:
        return None
    url = urljoin(public_url, link.get("href").strip())
    if not url.startswith(("http://", "https://")):
        return None
    # The visible text may be shortened; the title attribute is whole.
    title = " ".join((link.get("title") or link.text_content()).split())
    cells = [" ".join(cell.text_content().split()) for cell in entry.xpath(".//em")]
    written = next((found for cell in (*cells, entry.text_content()) if (found := _TIME.search(cell))), None)
    return Row(
        notice_id=portal.notice_id_in(url) or url,
        url=url,
        title=title,
        day=_day(written),
        listed_at=written.group() if written else "",
        listed={name: cell for name, cell in zip(("region", "buyer"), cells[1:3], strict=False) if cell},
    )


def _day(written: re.Match[str] | None) -> date | None:
    if written is None:
        return None
    try:
        return date(*(int(part) for part in written.groups()))
    except ValueError:
        return None
