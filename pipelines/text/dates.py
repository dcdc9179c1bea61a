"""Dates as notices and machines write them. Own patterns first (1 µs each), dateparser only for English forms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from pipelines.common.clock import SHANGHAI

_EARLIEST_YEAR, _LATEST_YEAR = 2000, 2100
_DASH = r"[-－‐‑–—−/.．]"
_PATTERNS = (
    # 2026年08月04日, 2026 年元月 5 日, 2025年7月4号, 2025年七月四日
    re.compile(
        r"(?P<year>20\d{2})\s*年\s*(?P<month>[元一二三四五六七八九十]{1,3}|\d{1,2})\s*月\s*"
        r"(?P<day>[一二三四五六七八九十廿卅]{1,3}|\d{1,2})\s*[日号]"
    ),
    # 2026-08-04, 2026/8/4, 2026. 8. 4. In 2021-01-0615 the time 15 sticks to the day.
    re.compile(
        rf"(?<!\d)(?<!\d[-/.])(?P<year>20\d{{2}})\s*{_DASH}\s*(?P<month>\d{{1,2}})\s*{_DASH}\s*"
        r"(?P<day>\d{2}|\d(?!\d))"
    ),
    # 20260804, and with a time: 2026080417, 202608041703, 20260804170359
    re.compile(
        r"(?<!\d)(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
        r"(?:(?:[01]\d|2[0-4])(?:[0-5]\d){0,2})?(?!\d)"
    ),
)
_SPACED_DIGITS = re.compile(r"(?<=\d) +(?=\d)")
_ZEROS = "〇零○◯ＯO0"
# 二〇二六年一月五日, 二○二六年元月十二日, 二0二五年七月四号
_CHINESE_DATE = re.compile(
    rf"(?P<year>二[{_ZEROS}][一二三四五六七八九{_ZEROS}]{{2}})\s*年\s*(?P<month>[元一二三四五六七八九十]{{1,3}})\s*月\s*"
    r"(?P<day>[一二三四五六七八九十廿卅]{1,3})\s*[日号]"
)
_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | dict.fromkeys(_ZEROS, "0")
_TENS = {"廿": "二十", "卅": "三十"}
# A line with nothing but a day: 2026年3月2日, 日期：2026-03-02, 二〇二六年三月二日, 2025年7月4号
_DATE_LINE = re.compile(
    rf"\s*+(?:[\u4e00-\u9fff]\s?[\u4e00-\u9fff]{{1,3}}\s*+[:：]\s*+)?(?:20\s*+\d\s*+\d|二[一二三四五六七八九{_ZEROS}]{{3}})\s*[年./－-]"
    r"[\d\s年月日号./－:元一二三四五六七八九十廿卅-]{3,24}"
)
# An instant with its zone: 2025-07-31T16:30:00.000Z, 2025-07-31T16:30:00+0000, 2025-07-31 16:30:00 GMT
_INSTANT = re.compile(
    r"(?P<moment>20\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,9})?\s?"
    r"(?P<zone>Z|UTC|GMT|\+\d{2}:?\d{2})(?![\d:])"
)
# Seconds or milliseconds since 1970, alone: 1753979400, 1753979400000, 1753979400.0, /Date(1753979400000+0800)/
_SINCE_1970 = re.compile(r"(?:/?Date\()?(?P<number>1\d{9}(?:\d{3})?)(?:\.\d{1,6})?(?:[+-]\d{4})?(?:\)/?)?")
_LEAST_MILLISECONDS = 1e11
_FIRST_INSTANT, _LAST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# English forms have the name of a month, so that no order of day and month is guessed: Mar 16, 2026
_ENGLISH_MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
# What programs add to such a form: the name of China's own zone, which elsewhere means another one.
_CHINA_ZONE = re.compile(r"\bCST\b|\([^()]{0,30}\)")
_LONGEST_ENGLISH = 70
# The key of an instant in the objects that libraries make of a date: {"time": 1753979400000, "month": 6, …}
_INSTANT_KEYS = ("time", "$date", "$numberLong")
_MOST_NESTED = 3


def read_date(text: str) -> date | None:
    """Return the first date in a text. None if there is none, or if it is no day of 2000 to 2099.

    The order of day and month is never guessed: 07-04-2025 is no date. An instant with a zone gives its day in
    Asia/Shanghai, and so does a text that is only a number of seconds or milliseconds since 1970.

    >>> read_date("202 6 年 3 月 16 日"), read_date("二〇二六年一月五日"), read_date("2021-01-0615")
    (datetime.date(2026, 3, 16), datetime.date(2026, 1, 5), datetime.date(2021, 1, 6))
    >>> read_date("2025-07-31T16:30:00Z"), read_date("1753979400000")
    (datetime.date(2025, 8, 1), datetime.date(2025, 8, 1))
    """
    for candidate in (text, _SPACED_DIGITS.sub("", text)):
        for pattern in _PATTERNS:
            match = pattern.search(candidate)
            if match:
                instant = _INSTANT.match(candidate, match.start())
                return _day_of_instant(instant) if instant else _valid_date(match)
    match = _CHINESE_DATE.search(text)
    if match:
        return _valid_date(match)
    stripped = text.strip()
    number = _SINCE_1970.fullmatch(stripped)
    if number:
        return _day_since_1970(int(number["number"]))
    if len(stripped) <= _LONGEST_ENGLISH and re.search(r"\d{4}", text) and _ENGLISH_MONTH.search(text):
        return _read_with_dateparser(_CHINA_ZONE.sub("", stripped).strip())
    return None


def is_date_line(line: str) -> bool:
    """Return whether a line has nothing but a day, as below a signature.

    >>> is_date_line("2026年3月2日"), is_date_line("2026年3月2日起公示")
    (True, False)
    """
    return _DATE_LINE.fullmatch(line) is not None


def read_stamp(value: Any) -> date | None:
    """Return the day that a value of a JSON document means, in Asia/Shanghai; None if it means none.

    Besides texts: a number of seconds or milliseconds since 1970, 20250704, [2025, 7, 4, 10, 0] and {"time": …}.
    """
    for _ in range(_MOST_NESTED):
        if not isinstance(value, dict):
            break
        value = next((value[key] for key in _INSTANT_KEYS if key in value), None)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, list):
        value = "-".join(str(part) for part in value[:3]) if len(value) >= 3 else ""
    if isinstance(value, float):
        value = int(value) if abs(value) < 1e15 else ""
    return read_date(str(value)) if isinstance(value, str | int) else None


def _valid_date(match: re.Match[str]) -> date | None:
    year = int("".join(_DIGITS.get(character, character) for character in match["year"]))
    try:
        day = date(year, _number(match["month"]), _number(match["day"]))
    except ValueError:
        return None
    return day if _EARLIEST_YEAR <= year < _LATEST_YEAR else None


def _day_of_instant(match: re.Match[str]) -> date | None:
    zone = match["zone"] if match["zone"].startswith("+") else "+00:00"
    try:
        return datetime.fromisoformat(match["moment"] + zone).astimezone(SHANGHAI).date()
    except ValueError:
        return None


def _day_since_1970(number: int) -> date | None:
    seconds = number / 1000 if number >= _LEAST_MILLISECONDS else number
    return datetime.fromtimestamp(seconds, SHANGHAI).date()


def _number(text: str) -> int:
    """Return 7, 元, 五 or 二十三 as a number, and 0 for what is no number (十十)."""
    if text.isdigit() and text.isascii():
        return int(text)
    if text == "元":
        return 1
    text = "".join(_TENS.get(character, character) for character in text)
    tens, ten, ones = text.partition("十")
    try:
        if not ten:
            return int("".join(_DIGITS[character] for character in text))
        return (int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[ones]) if ones else 0)
    except KeyError:
        return 0


@lru_cache(maxsize=1024)
def _read_with_dateparser(text: str) -> date | None:
    import dateparser  # slow to import, and seldom needed

    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["year", "month", "day"], "DATE_ORDER": "YMD"}
    moment: datetime | None = dateparser.parse(text, languages=["en"], settings=settings)
    if moment is None or not _EARLIEST_YEAR <= moment.year < _LATEST_YEAR:
        return None
    return (moment.astimezone(SHANGHAI) if moment.tzinfo else moment).date()
