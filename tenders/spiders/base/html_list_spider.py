"""Portals whose lists are HTML pages: links to notices, each with its publication day nearby."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from parsel import Selector
from scrapy.http import Request, Response, TextResponse

from pipelines.common.addresses import join_address
from tenders.archive.decoding import response_text
from tenders.crawling.errors import PageFailedError, UnreadableListError
from tenders.crawling.list_pages import ListPage, ListQuery, ListRow
from tenders.portals import Portal
from tenders.portals.options import HtmlListOptions
from tenders.spiders.base.html_values import inner_text, select_page
from tenders.spiders.base.list_spider import ListSpider
from tenders.spiders.base.list_values import collapse_spaces, listed_time_text, parse_listed_day

# 2026-07-01, 2026/7/1, 2026.7.1, 2026年7月1日, each also with a time: 2026-07-01 09:30:15
_LISTED_TIME = re.compile(r"20\d\d(?:([-./])\d{1,2}\1\d{1,2}|年\d{1,2}月\d{1,2}日)(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
_DAYS_OF_A_LIST = 3  # a page with so many days must be a list, even if no link on it is understood
_PAGE_COUNTS = (
    re.compile(r"(?:^|\D)\d{1,6}\s*/\s*(\d{1,6})\s*页"),  # 1/9页
    re.compile(r"共\s*(\d{1,6})\s*页"),  # 共9页
    re.compile(r"createPageHTML\s*\(\s*(\d{1,6})\s*,"),  # createPageHTML(9, 0, "index", "html")
)
_ROW_COUNT = re.compile(r"共\s*(\d{1,7})\s*条")  # 共128条
_NEXT_PAGE_WORDS = ("下一页", "下页")


class HtmlListSpider(ListSpider):
    """A portal with HTML lists. It needs a descriptor and no code; the class can be used as it is.

    In the descriptor, with ``family = "html_list"``:

    1. Set ``channels`` to the addresses of the lists, as they fit into ``page``.
    2. Set ``options.page`` to the address of a list page, with ``{channel}`` and ``{number}`` (from 1). If the first
       page has another address, set ``options.first`` too.
    3. Set ``notice_id`` to the pattern of the id in the notices' addresses. Every link that matches is a row. If
       addresses without an id lead to notices too, set ``options.links`` to a pattern of all addresses.
    4. If the page has more than one list, set ``options.within`` to the id of the element that holds the right one.
    5. If texts before the link say something, name them in order in ``options.before`` (``channel``, ``buyer``).
    6. If a link contains more than the title, set ``options.title`` to the CSS selector of the title. If the day of a
       notice is only in its address, set ``options.day`` to its pattern.
    7. If titles begin or end with something else, set ``options.mark`` to a pattern of it.
    8. If the list has kinds of notices that need not be read, set ``options.others`` to their words.
       ``options.kinds`` are words of kinds that are read in any case.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._second_page = 2  # the number that the portal gives to it: some count from 0

    async def fetch(self, request: Request) -> Response:
        """Return the portal's answer; for a first page without its own address, that of page 1."""
        try:
            return await super().fetch(request)
        except PageFailedError as error:
            if not error.gone or "numbered_request" not in request.meta:
                raise
            return await super().fetch(request.meta["numbered_request"])

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a list."""
        numbered = self.page_request(self._address("page", query.channel, number + self._second_page - 2), "list")
        if number > 1 or self._options.first is None:
            return numbered
        request = self.page_request(self._address("first", query.channel, number), "list")
        request.meta["numbered_request"] = numbered
        return request

    def read_list(self, response: TextResponse, query: ListQuery) -> ListPage:
        """Return the rows of a list page. The first page also shows from where the portal counts its pages."""
        text, url = response_text(response) or "", str(response.meta["archive"]["url"])
        if self._options.first is not None and url == self._address("first", query.channel, 1):
            counts_from_0 = self._address("page", query.channel, 1) in next_page_urls(text, url)
            self._second_page = 1 if counts_from_0 else 2
        return read_list(text, url, self.portal)

    @property
    def _options(self) -> HtmlListOptions:
        return self.portal.family_options(HtmlListOptions)

    def _address(self, option: Literal["first", "page"], channel: str, number: int) -> str:
        template = (self._options.first or "") if option == "first" else self._options.page
        return self.portal.origin + template.format(channel=channel, number=number)


def next_page_urls(text: str, public_url: str) -> set[str]:
    """Return the addresses to which the links to the next page lead."""
    links = select_page(text).css("a[href]") if text.strip() else []
    return {
        join_address(public_url, link.attrib["href"])
        for link in links
        if any(word in _text_of(link) for word in _NEXT_PAGE_WORDS)
    }


def read_list(text: str, public_url: str, portal: Portal) -> ListPage:
    """Return the rows of a list page, and the number of pages and rows that it reports.

    ``public_url``: the address of the page. For the options of the descriptor see ``HtmlListSpider``. Raises
    UnreadableListError if the element that holds the list is missing, or if the page has days but no link to a notice.
    """
    if not text.strip("\x00 \r\n\t"):
        raise UnreadableListError("the page is empty")
    container = _list_container(select_page(text), portal.family_options(HtmlListOptions).within)
    container_text = _text_of(container)
    reader = _RowReader(container, public_url, portal)
    if not reader.has_links and len(_LISTED_TIME.findall(container_text)) >= _DAYS_OF_A_LIST:
        raise UnreadableListError("no entry of the list links to a notice; its layout may have changed")
    return ListPage(
        rows=tuple(reader.rows()),
        reported_pages=_first_number(container_text, _PAGE_COUNTS),
        reported_total=_first_number(container_text, [_ROW_COUNT]),
    )


class _RowReader:
    """Reads the rows of one list element."""

    def __init__(self, container: Selector, public_url: str, portal: Portal) -> None:
        self._container = container
        self._public_url = public_url
        self._portal = portal
        links = [(link, self._notice_url(link)) for link in container.xpath(".//a")]
        self._links = [(link, url) for link, url in links if url]

    @property
    def has_links(self) -> bool:
        """Whether any link leads to a notice."""
        return bool(self._links)

    def rows(self) -> Iterable[ListRow]:
        """Return one row per notice, in the order of the page."""
        rows: dict[str, ListRow] = {}
        for link, url in self._links:
            row = self._read_row(link, url)
            is_notice = row.day is not None or self._portal.notice_id_in(row.url) is not None
            # A picture and a title may both link to a notice. The longer text is its title, and the later link comes
            # after what the entry says before it.
            known = rows.get(row.notice_id)
            says_more = known is None or _amount_said(row) > _amount_said(known)
            if row.title and is_notice and says_more:
                rows[row.notice_id] = row
        return rows.values()

    def _notice_url(self, link: Selector) -> str | None:
        """Return the address of the notice to which a link leads; None if it leads elsewhere."""
        url = join_address(self._public_url, link.attrib.get("href", ""))
        pattern = self._portal.family_options(HtmlListOptions).links
        is_notice = pattern.search(url) if pattern else self._portal.notice_id_in(url)
        return url if is_notice and url.startswith(("http://", "https://")) else None

    def _read_row(self, link: Selector, url: str) -> ListRow:
        options = self._portal.family_options(HtmlListOptions)
        heading = link.css(options.title)[:1] if options.title else []
        shown_title = collapse_spaces(link.attrib.get("title") or inner_text(heading[0] if heading else link))
        title = options.mark.sub("", shown_title).strip() if options.mark else shown_title
        entry, listed_at = self._entry_of(link, url)
        if options.day and (match := options.day.search(url)):
            listed_at = match.group(1)
        before = [collapse_spaces(part).strip("[]【】()（） :：") for part in _texts_before(link, entry)]
        listed = {name: part for name, part in zip(options.before, before, strict=False) if part}
        kind = f"{listed.get('channel', '')} {title}"
        is_other, is_wanted = (any(word in kind for word in words) for words in (options.others, options.kinds))
        return ListRow(
            notice_id=self._portal.notice_id_in(url) or url,
            url=url,
            title=title,
            day=parse_listed_day(listed_at),
            listed_at=listed_time_text(listed_at),
            listed=listed,
            skipped=is_other and not is_wanted,
        )

    def _entry_of(self, link: Selector, url: str) -> tuple[Selector, str]:
        """Return the element of the list entry around a link, and the time that it shows.

        It is the smallest element that shows a time besides the link's own text and links to no other notice. Without
        such an element it is the link itself, with the time in its text, if any ('').
        """
        link_text = inner_text(link)
        for entry in reversed(link.xpath("ancestor::*")):
            if any(self._notice_url(other) not in (None, url) for other in entry.xpath(".//a")):
                break
            match = _LISTED_TIME.search(collapse_spaces(inner_text(entry).replace(link_text or " ", " ", 1)))
            if match:
                return entry, match.group()
            if entry.root is self._container.root:
                break
        match = _LISTED_TIME.search(collapse_spaces(link_text))
        return link, match.group() if match else ""


def _amount_said(row: ListRow) -> tuple[int, int]:
    return len(row.title), len(row.listed)


def _list_container(page: Selector, element_id: str | None) -> Selector:
    if element_id is None:
        return page
    elements = page.xpath("//*[@id=$id]", id=element_id)
    if not elements:
        raise UnreadableListError(f"the page has no element {element_id}; its layout may have changed")
    return elements[0]


def _texts_before(link: Selector, entry: Selector) -> list[str]:
    """Return the texts at the beginning of the elements before a link, in order."""
    texts: list[str] = []
    for element in entry.xpath("descendant-or-self::*"):
        if element.root is link.root:
            break
        text = "".join(element.xpath("text()[not(preceding-sibling::*)]").getall())
        if text.strip():
            texts.append(text)
    return texts


def _text_of(element: Selector) -> str:
    return collapse_spaces(inner_text(element))


def _first_number(text: str, patterns: Iterable[re.Pattern[str]]) -> int | None:
    match = next((match for pattern in patterns if (match := pattern.search(text))), None)
    return int(match.group(1)) if match else None
