"""Reading single values of list entries: texts, days, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pipelines.common.clock import SHANGHAI

_DAY = re.compile(r"(20\d\d)\D?(\d{1,2})\D?(\d{1,2})")  # 2026-07-01, 2026/7/1, 2026年7月1日, 20260701
_ISO_DAY = re.compile(r"20\d\d-\d\d-\d\d(?!\d)")  # 2026-07-01
_MILLISECONDS = re.compile(r"\d{13}")  # 1782864000000
# 2026-06-30T16:30:00.000+0000, 2026-06-30T16:30:00Z: a time with its zone
_ZONED = re.compile(r"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?\s?(?:Z|[+-]\d\d:?\d\d)")
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
    """Return the calendar day of a listed time (``2026-07-01 …``, ``20260701``, ``2026-06-30T16:30:00+0000``).

    Numbers are milliseconds since 1970. Their day, and that of a time with a zone, is the day in Asia/Shanghai. Returns
    None for anything else.
    """
    instant = _instant(value)
    if instant is not None:
        return instant.date()
    match = _DAY.match(str(value or "").strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def listed_time_text(value: Any) -> str:
    """Return a listed time as a text that begins with its day in ISO form, so that times of one list can be compared.

    A text without a day, or one that begins so already, is returned as it is.
    """
    instant = _instant(value)
    if instant is not None:
        return f"{instant:%Y-%m-%d %H:%M:%S}"
    text = collapse_spaces(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    day, match = parse_listed_day(text), _DAY.match(text)
    if day is None or match is None or _ISO_DAY.match(text):
        return text
    return f"{day} {text[match.end() :].strip('日 ')}".rstrip()


def _instant(value: Any) -> datetime | None:
    """Return the time in Asia/Shanghai that milliseconds or a text with a zone mean; None for anything else."""
    if isinstance(value, str):
        text = value.strip()
        if _ZONED.fullmatch(text):
            return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-")).astimezone(SHANGHAI)
        value = int(text) if _MILLISECONDS.fullmatch(text) else None
    if isinstance(value, (int, float)) and value > _LEAST_MILLISECONDS:
        return datetime.fromtimestamp(value / 1000, SHANGHAI)
    return None


def parse_count(value: Any) -> int | None:
    """Return a number of rows or pages; None if the value is not a number."""
    return int(value) if isinstance(value, (int, str)) and str(value).isdigit() else None


def collapse_spaces(text: str) -> str:
    """Return the text on one line, with single spaces."""
    return " ".join(text.split())
