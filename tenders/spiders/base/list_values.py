"""Reading single values of list entries: texts, days, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pipelines.common.clock import SHANGHAI

_DAY = re.compile(r"(20\d\d)\D?(\d{1,2})\D?(\d{1,2})")  # 2026-07-01, 2026/7/1, 2026年7月1日, 20260701
_TAG = re.compile(r"<[^>]{1,60}>")  # <em> around a search word
_LEAST_MILLISECONDS = 1e11  # smaller numbers, such as 20260701, are no milliseconds since 1970


def first_text(entry: Mapping[str, Any], *keys: str) -> str:
    """Return the first of these values that is not empty, without tags; '' if all are empty."""
    for key in keys:
        value = entry.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return collapse_spaces(_TAG.sub("", str(value)))
    return ""


def parse_listed_day(value: Any) -> date | None:
    """Return the calendar day at the start of a listed time (``2026-07-01 …``, ``20260701``).

    Numbers are milliseconds since 1970; their day is that of Asia/Shanghai. Returns None for anything else.
    """
    if isinstance(value, (int, float)) and value > _LEAST_MILLISECONDS:
        return datetime.fromtimestamp(value / 1000, SHANGHAI).date()
    match = _DAY.match(str(value or "").strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def parse_count(value: Any) -> int | None:
    """Return a number of rows or pages; None if the value is not a number."""
    return int(value) if isinstance(value, (int, str)) and str(value).isdigit() else None


def collapse_spaces(text: str) -> str:
    """Return the text on one line, with single spaces."""
    return " ".join(text.split())
