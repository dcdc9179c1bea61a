"""Portals whose lists and notices are answers in JSON: what their families share."""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from scrapy.http import TextResponse

from pipelines.common.clock import SHANGHAI
from tenders.crawling.list_pages import Listing, ListPage, NoListError, Row
from tenders.portals.response_checks import dig
from tenders.spiders.base.list_spider import ListSpider

_DAY = re.compile(r"(20\d\d)\D?(\d{1,2})\D?(\d{1,2})")
_MARKUP = re.compile(r"<[^>]{1,60}>")


class JsonListSpider(ListSpider):
    """A family whose lists are JSON. ``rows_at`` is the dotted path of the entries; ``total_at`` and ``pages_at`` are those of
    the numbers of rows and pages that the portal says there are, alternatives in order."""

    rows_at: str
    total_at: tuple[str, ...] = ()
    pages_at: tuple[str, ...] = ()

    @abstractmethod
    def row(self, entry: Mapping[str, Any], listing: Listing) -> Row | None:
        """One entry of a list as a row; None where it has no id or no title."""

    def read_list(self, response: TextResponse, listing: Listing) -> ListPage:
        data = answer(response)
        found = entries(data, self.rows_at)
        rows = (self.row(entry, listing) for entry in found)
        total, pages = _first(data, self.total_at), _first(data, self.pages_at)
        return page_of(rows, len(found), total=total, pages=pages, size=self.portal.page_size)


def answer(response: TextResponse) -> Any:
    """The JSON of an answer that ``tenders.portals.response_checks`` has found good. Raises NoListError where it is none."""
    try:
        return json.loads(response.text.lstrip("\ufeff \r\n\t"))
    except ValueError as error:
        raise NoListError(f"not JSON: {error}") from error


def entries(data: Any, path: str) -> list[Mapping[str, Any]]:
    """The rows of a list at a dotted path; none where the portal says null. Raises NoListError where it is no list of objects."""
    found = dig(data, path)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise NoListError(f"{path} is no list of notices; its layout may have changed")
    return found


def text_of(entry: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that holds something, without the marks of a search; '' where none does."""
    for name in names:
        value = entry.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return " ".join(_MARKUP.sub("", str(value)).split())
    return ""


def day_of(value: Any) -> date | None:
    """A calendar day from ``2026-07-01 …``, ``20260701`` or milliseconds since 1970 (in Asia/Shanghai)."""
    if isinstance(value, (int, float)) and value > 1e11:
        return datetime.fromtimestamp(value / 1000, SHANGHAI).date()
    found = _DAY.match(str(value or "").strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def said(**fields: str) -> dict[str, str]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value}


def page_of(rows: Iterable[Row | None], listed: int, *, total: Any = None, pages: Any = None, size: int) -> ListPage:
    """A list page. ``listed`` entries came; where none of them could be told as a row, the layout has changed (NoListError)."""
    told = tuple(row for row in rows if row is not None)
    if listed and not told:
        raise NoListError("no entry of the list has an id and a title; its layout may have changed")
    count = _number(total)
    return ListPage(told, _number(pages) or (-(-count // size) if count is not None else None), count)


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, (int, str)) and str(value).isdigit() else None


def _first(data: Any, paths: Iterable[str]) -> Any:
    """What stands at the first of these paths that holds something."""
    return next((value for path in paths if (value := dig(data, path)) not in (None, "")), None)
