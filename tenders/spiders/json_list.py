"""Sites whose lists are JSON, described by descriptors alone: requests as templates, answers by paths and keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response, TextResponse

from pipelines.common.addresses import join_address
from pipelines.extract.kind import announces_call
from tenders.archive.records import PageRole
from tenders.crawling.errors import UnreadableListError
from tenders.crawling.list_pages import ListPage, ListQuery, ListRow
from tenders.items import PageItem
from tenders.portals.options import JsonListOptions, JsonRequest
from tenders.portals.response_checks import dig
from tenders.spiders.base.json_list_spider import JsonListSpider, entries_at, parse_answer
from tenders.spiders.base.list_values import first_text, parse_listed_day
from tenders.spiders.base.templates import fill, fill_address

_LISTED_KEYS = ("buyer", "agency", "project_number", "region")


class JsonTemplateSpider(JsonListSpider):
    """A site with JSON lists. It needs a descriptor and no code; the class can be used as it is.

    In the descriptor, with ``family = "json_list"``:

    1. Set ``channels`` to what tells one list from another. If that takes several parameters, name the channels as you
       like and write the parameters into ``options.parameters``.
    2. Describe the request for a list page in ``options.list``, and how many rows it asks for in ``page_size``.
    3. Set ``options.rows`` to the path of the entries, ``options.total`` or ``options.pages`` to those of their number,
       and ``options.keys`` to the keys of an entry.
    4. Set ``options.page`` to the public address of a notice, and ``notice_id`` to the pattern of the id in it.
    5. If the notice is not at its public address, describe the request for it in ``options.detail``, and say in
       ``[notice]`` where it is in the answer.
    6. If the lists have calls for bids too, set ``options.mixed``.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._options = self.portal.family_options(JsonListOptions)
        self.total_at, self.pages_at = self._options.total, self._options.pages

    def entries(self, answer: Any) -> list[Mapping[str, Any]]:
        """Return the entries at the first of the paths at which the answer has any."""
        paths = self._options.rows
        return entries_at(answer, next((path for path in paths if dig(answer, path) is not None), paths[0]))

    def list_request(self, query: ListQuery, number: int) -> Request:
        """Return the request for page ``number`` of a query."""
        size = self.portal.page_size
        values = self._channel_values(query.channel) | {
            "number": number - 1 + self._options.first_number,
            "offset": (number - 1) * size,
            "size": size,
            "since": str(query.since or ""),
            "until": str(query.until or ""),
            "word": query.keyword,
        }
        request = self._request(self._options.list, values, "list")
        request.meta["number"] = number
        return request

    def read_list(self, response: TextResponse, query: ListQuery) -> ListPage:
        """Return the rows of a list page. Where pages are full, a shorter one says how many there are."""
        page = super().read_list(response, query)
        is_last = self._options.full_pages and len(page.rows) < self.portal.page_size
        return replace(page, reported_pages=response.meta["number"]) if is_last and page.rows else page

    def notice_request(self, row: ListRow) -> Request:
        """Return the request for a notice."""
        source = first_text(row.detail_params, *self._options.keys.source)
        template = self._options.details.get(source, self._options.detail)
        if template is None:
            return super().notice_request(row)
        return self._request(template, row.detail_params, "detail", row)

    async def read_notice(self, row: ListRow) -> PageItem:
        """Fetch the notice of a row, or its PDF file if the notice has no text of its own."""
        response = await self.fetch(self.notice_request(row))
        if self._options.file is not None and not self._has_text(response):
            response = await self.fetch(self._request(self._options.file, row.detail_params, "detail", row, "file"))
        return self.build_item(row, response)

    async def archive_role(self, request: Request, response: Response) -> PageRole:
        """Return as what the archive keeps this answer. One that only leads to a file is no notice."""
        role = await super().archive_role(request, response)
        is_empty = role == "detail" and self._options.file is not None and not self._has_text(response)
        return "list" if is_empty else role

    def read_entry(self, entry: Mapping[str, Any], query: ListQuery) -> ListRow | None:
        """Return one entry of a list as a row."""
        keys = self._options.keys
        time = next((value for key in keys.time if (value := entry.get(key)) not in (None, "")), None)
        day, listed_id = parse_listed_day(time), first_text(entry, *keys.id)
        values = {name: value for name, value in entry.items() if value is not None}
        values |= self._channel_values(query.channel) | {"year": day.year if day else ""}
        values |= {"id": listed_id} if listed_id else {}
        url = join_address(f"{self.portal.origin}/", fill_address(self._options.page, values))
        notice_id = self.portal.notice_id_in(url) or listed_id
        values.setdefault("id", notice_id)
        code, title = first_text(entry, *keys.kind), first_text(entry, *keys.title)
        kind = self._options.kind_names.get(code, code)
        return self.build_row(
            notice_id=notice_id,
            url=url,
            title=title,
            time=time,
            listed={
                "channel": kind,
                **{name: first_text(entry, *getattr(keys, name)) for name in _LISTED_KEYS},
            },
            detail_params=values,
            body=self._body(entry),
            skipped=self._options.mixed and announces_call(title, kind),
        )

    def _channel_values(self, channel: str) -> dict[str, Any]:
        return {"channel": channel, **self._options.parameters.get(channel, {})}

    def _body(self, entry: Mapping[str, Any]) -> str | None:
        """Return what the detail address would answer for a notice that the list carries; None if it does not."""
        key = next((key for key in self._options.keys.body if str(entry.get(key) or "").strip()), None)
        if key is None:
            return None
        *parents, content = (self.portal.notice.contents[0] if self.portal.notice.contents else key).split(".")
        answer: dict[str, Any] = {name: value for name, value in entry.items() if value not in (None, "")}
        answer[content] = entry[key]
        for name in reversed(parents):
            answer = {name: answer}
        return json.dumps(answer, ensure_ascii=False)

    def _has_text(self, response: Response) -> bool:
        """Whether a notice's answer has the notice in it. A file, or what is no JSON, is judged elsewhere."""
        if not isinstance(response, TextResponse) or response.body.startswith(b"%PDF"):
            return True
        try:
            answer = parse_answer(response)
        except UnreadableListError:
            return True
        return any(str(dig(answer, path) or "").strip() for path in self.portal.notice.contents)

    def _request(
        self,
        template: JsonRequest,
        values: Mapping[str, Any],
        role: PageRole,
        row: ListRow | None = None,
        checked_as: str | None = None,
    ) -> Request:
        address = join_address(f"{self.portal.origin}/", fill_address(template.address, values))
        if template.query:
            address += ("&" if "?" in address else "?") + urlencode(fill(template.query, values))
        form = (
            None if template.form is None else {name: str(value) for name, value in fill(template.form, values).items()}
        )
        data = None if template.data is None else fill(template.data, values)
        return self.page_request(address, role, row=row, form=form, data=data, checked_as=checked_as)
