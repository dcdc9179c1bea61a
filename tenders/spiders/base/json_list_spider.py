"""Portals whose lists are JSON."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from scrapy.http import TextResponse

from tenders.crawling.errors import UnreadableListError
from tenders.crawling.list_pages import ListPage, ListQuery, ListRow
from tenders.portals.response_checks import dig
from tenders.spiders.base.list_spider import ListSpider
from tenders.spiders.base.list_values import listed_time_text, parse_count, parse_listed_day


class JsonListSpider(ListSpider):
    """A portal whose lists are JSON. Its notices may be anything.

    1. Set ``rows_at`` to the dotted path of the array that holds the entries, such as ``data.rows``.
    2. If the answer gives the number of all rows or pages, set ``total_at`` or ``pages_at`` to their paths (several are
       alternatives; the first that is not empty counts).
    3. Write ``list_request`` (see ``ListSpider``).
    4. Write ``read_entry``: hand the values of one entry to ``build_row``.
    5. If the notice is not at its public address, write ``notice_request``. What it must send beyond the id goes into
       ``detail_params`` of the row.
    """

    rows_at: str
    total_at: tuple[str, ...] = ()
    pages_at: tuple[str, ...] = ()

    @abstractmethod
    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row; None if it has no id or no title."""

    def read_list(self, response: TextResponse, query: ListQuery) -> ListPage:
        """Return the rows of a list page. Raises UnreadableListError if no entry has an id and a title."""
        answer = parse_answer(response)
        entries = self.entries(answer)
        rows = tuple(row for entry in entries if (row := self.read_entry(entry, query)))
        if entries and not rows:
            raise UnreadableListError("no entry of the list has an id and a title; its layout may have changed")
        total, pages = parse_count(_first_value(answer, self.total_at)), _first_value(answer, self.pages_at)
        derived_pages = -(-total // self.portal.page_size) if total is not None else None
        return ListPage(rows, parse_count(pages) or derived_pages, total)

    def entries(self, answer: Any) -> list[Mapping[str, Any]]:
        """Return the entries of a list answer. Raises UnreadableListError if it has no list."""
        return entries_at(answer, self.rows_at)

    def build_row(
        self,
        *,
        notice_id: str,
        url: str,
        title: str,
        time: Any,
        listed: Mapping[str, str] | None = None,
        detail_params: Mapping[str, Any] | None = None,
        body: str | None = None,
        skipped: bool = False,
    ) -> ListRow | None:
        """Return a row, or None if ``notice_id`` or ``title`` is empty.

        ``time``: the publication time as the list has it. ``listed``: what else the list says, by the names of
        ``pipelines.model.Page.listed``; empty texts are left out. For the rest see ``ListRow``.
        """
        if not notice_id or not title:
            return None
        return ListRow(
            notice_id=notice_id,
            url=url,
            title=title,
            day=parse_listed_day(time),
            listed_at=listed_time_text(time),
            listed={name: text for name, text in (listed or {}).items() if text},
            detail_params=detail_params or {},
            body=body,
            skipped=skipped,
        )


def parse_answer(response: TextResponse) -> Any:
    """Return the JSON of an answer that ``response_checks`` accepted. Raises UnreadableListError if it is not JSON."""
    try:
        return json.loads(response.text.lstrip("\ufeff \r\n\t"))
    except ValueError as error:
        raise UnreadableListError(f"not JSON: {error}") from error


def entries_at(answer: Any, path: str) -> list[Mapping[str, Any]]:
    """Return the entries at a dotted path; [] if the portal answers null.

    Raises UnreadableListError if something else than an array of objects is there.
    """
    entries = dig(answer, path)
    if entries is None:
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnreadableListError(f"{path} is not a list of notices; its layout may have changed")
    return entries


def _first_value(answer: Any, paths: Iterable[str]) -> Any:
    """Return the value at the first of these paths that is not empty; None if all are."""
    return next((value for path in paths if (value := dig(answer, path)) not in (None, "")), None)
