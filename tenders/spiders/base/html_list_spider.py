"""Sites whose lists are HTML pages, newest first: links to notices with a day beside them. A site needs a descriptor only."""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import urljoin

import lxml.html
from scrapy.http import Request, Response, TextResponse

from pipelines.text.html_text import parse_html
from tenders.crawling.errors import PageFailedError
from tenders.crawling.list_pages import Listing, ListPage, NoListError, Row
from tenders.portals import Portal
from tenders.portals.response_texts import page_text
from tenders.spiders.base import json_list_spider
from tenders.spiders.base.list_spider import ListSpider

Links: TypeAlias = "dict[lxml.html.HtmlElement, str]"  # each to the address of its notice

_DAY = re.compile(r"20\d\d(?:([-./])\d{1,2}\1\d{1,2}|年\d{1,2}月\d{1,2}日)(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
_A_LIST = 3  # days on a page that must be a list, whatever it links to
_PAGES = (
    re.compile(r"(?:^|\D)\d{1,6}\s*/\s*(\d{1,6})\s*页"),
    re.compile(r"共\s*(\d{1,6})\s*页"),
    re.compile(r"createPageHTML\s*\(\s*(\d{1,6})\s*,"),
)
_NEXT = re.compile(r"<a\b[^>]*?href\s*=\s*[\"']([^\"']+)[\"'][^>]*>[^<]{0,9}(?:下一页|下页)")
_ROWS = re.compile(r"共\s*(\d{1,7})\s*条")


class HtmlList(ListSpider):
    """A channel is the address of a list. ``options``: ``page``, the address of one of its pages with ``{channel}`` and
    ``{number}`` (from 1), and ``first`` that of the first, where it differs. For the rest see ``read_list``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._counts_from = 1  # what a page's own link to the next one says

    async def fetch(self, request: Request) -> Response:
        try:
            return await super().fetch(request)
        except PageFailedError as failure:
            if not failure.gone or "otherwise" not in request.meta:
                raise
            return await super().fetch(request.meta["otherwise"])

    def list_request(self, listing: Listing, number: int) -> Request:
        numbered = self.request(self._address("page", listing.channel, number - 1 + self._counts_from), "list")
        if number > 1 or "first" not in self.portal.options:
            return numbered
        request = self.request(self._address("first", listing.channel, number), "list")
        request.meta["otherwise"] = numbered
        return request

    def read_list(self, response: TextResponse, listing: Listing) -> ListPage:
        text, url = page_text(response) or "", str(response.meta["archive"]["url"])
        if "first" in self.portal.options and url == self._address("first", listing.channel, 1):
            following = (urljoin(url, link) for link in _NEXT.findall(text))
            self._counts_from = 0 if self._address("page", listing.channel, 1) in following else 1
        return read_list(text, url, self.portal)

    def _address(self, name: str, channel: str, number: int) -> str:
        return self.portal.origin + str(self.portal.options[name]).format(channel=channel, number=number)


def read_list(text: str, public_url: str, portal: Portal) -> ListPage:
    """Rows and number of pages of a list page that stands at ``public_url``.

    A row is a link whose address holds a notice's id, and the day beside it. ``options`` of the descriptor: ``links``, a pattern
    of the notices' addresses, where their ids are not sure; ``within``, the id of the element that holds the list (default: the
    page); ``before``, what the texts before a link say, in order (``channel``, ``buyer``); ``mark``, a pattern that is no part of
    a title; ``others``, words of the kinds that are not read, unless one of ``kinds`` stands there too.

    Raises NoListError where the element is not there, or holds no such link though the page has some.
    """
    page = parse_html(text)
    if page is None:
        raise NoListError("the page is empty")
    within = portal.options.get("within")
    root = next((element for element in page.iter() if element.get("id") == within), None) if within else page
    if root is None:
        raise NoListError(f"the page has no element {within}; its layout may have changed")
    found = ((link, _own(link, public_url, portal)) for link in root.iter("a"))
    links = {link: url for link, url in found if url}
    if not links and len(_DAY.findall(root.text_content())) >= _A_LIST:
        raise NoListError("no entry of the list links to a notice; its layout may have changed")
    rows: dict[str, Row] = {}
    for link in links:
        row = _row(link, root, links, portal)
        sure = row.day is not None or portal.notice_id_in(row.url) is not None
        # A picture and a title may both lead to a notice; the longer text is its title.
        if row.title and sure and (row.notice_id not in rows or len(row.title) > len(rows[row.notice_id].title)):
            rows[row.notice_id] = row
    said = _text(root.text_content())
    return ListPage(tuple(rows.values()), _number(said, *_PAGES), _number(said, _ROWS))


def _own(link: lxml.html.HtmlElement, public_url: str, portal: Portal) -> str | None:
    """The address of the notice that a link leads to; None where it leads elsewhere."""
    url = urljoin(public_url, link.get("href", "").strip())
    pattern = portal.options.get("links")
    ours = re.search(str(pattern), url) if pattern else portal.notice_id_in(url)
    return url if ours and url.startswith(("http://", "https://")) else None


def _row(link: lxml.html.HtmlElement, root: lxml.html.HtmlElement, links: Links, portal: Portal) -> Row:
    options, url = portal.options, links[link]
    title = re.sub(str(options.get("mark", "^$")), "", _text(link.get("title") or link.text_content())).strip()
    entry, written = _around(link, root, links)
    before = [_text(part).strip("[]【】()（） :：") for part in _texts_before(link, entry)]
    listed = {name: part for name, part in zip(options.get("before", ()), before, strict=False) if part}
    kind = f"{listed.get('channel', '')} {title}"
    other, ours = (any(word in kind for word in options.get(name, ())) for name in ("others", "kinds"))
    return Row(
        notice_id=portal.notice_id_in(url) or url,
        url=url,
        title=title,
        day=json_list_spider.day_of(written),
        listed_at=written,
        listed=listed,
        aside=other and not ours,
    )


def _around(
    link: lxml.html.HtmlElement, root: lxml.html.HtmlElement, links: Links
) -> tuple[lxml.html.HtmlElement, str]:
    """The smallest element around a link, and around no link to another notice, that shows a day beside it; and that day as
    written ('' where there is none)."""
    own = link.text_content()
    for entry in link.iterancestors():
        if any(links.get(other, links[link]) != links[link] for other in entry.iter("a")):
            break
        found = _DAY.search(_text(entry.text_content().replace(own or " ", " ", 1)))
        if found:
            return entry, found.group()
        if entry is root:
            break
    found = _DAY.search(_text(own))
    return link, found.group() if found else ""


def _texts_before(link: lxml.html.HtmlElement, entry: lxml.html.HtmlElement) -> list[str]:
    texts: list[str] = []
    for element in entry.iter():
        if element is link:
            break
        if isinstance(element.tag, str) and element.text and element.text.strip():
            texts.append(element.text)
    return texts


def _text(text: str) -> str:
    return " ".join(text.split())


def _number(text: str, *patterns: re.Pattern[str]) -> int | None:
    found = next((match for pattern in patterns if (match := pattern.search(text))), None)
    return int(found.group(1)) if found else None
