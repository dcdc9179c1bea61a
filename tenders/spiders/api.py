"""Portals whose lists and notices are answers in JSON: what their families share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from scrapy.http import TextResponse

from tenders.answers import dig
from tenders.capture import SHANGHAI
from tenders.spiders.lists import ListPage, NoListError, Row

_DAY = re.compile(r"(20\d\d)\D?(\d{1,2})\D?(\d{1,2})")
_MARKUP = re.compile(r"<[^>]{1,60}>")


def answer(response: TextResponse) -> Any:
    """The JSON of an answer that ``tenders.answers`` has found good. Raises NoListError where it is none."""
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
