"""Dates as notices write them. Own patterns first (1 µs); dateparser only for what they do not know."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

_EARLIEST, _LATEST = 2000, 2100
_PATTERNS = (
    re.compile(r"(?P<y>20\d{2})\s*年\s*(?P<m>元|\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
    re.compile(r"(?<!\d)(?P<y>20\d{2})\s*[-/.]\s*(?P<m>\d{1,2})\s*[-/.]\s*(?P<d>\d{2}|\d(?!\d))"),
    re.compile(r"(?<!\d)(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
)
_SPACED_DIGITS = re.compile(r"(?<=\d) +(?=\d)")
_CHINESE_YEAR = re.compile(
    r"([二〇零○一三四五六七八九]{4})\s*年\s*([元一二三四五六七八九十]{1,3})\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)
_DIGITS = {character: str(index) for index, character in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}


def read_date(text: str) -> date | None:
    """The first date in a text, as a calendar date; None where there is none or it is not a sane one.

    >>> read_date("202 6 年 3 月 16 日"), read_date("二〇二六年一月五日"), read_date("2021-01-0615")
    (datetime.date(2026, 3, 16), datetime.date(2026, 1, 5), datetime.date(2021, 1, 6))
    """
    for candidate in (text, _SPACED_DIGITS.sub("", text)):
        for pattern in _PATTERNS:
            match = pattern.search(candidate)
            if match:
                month = 1 if match["m"] == "元" else int(match["m"])
                return _date(int(match["y"]), month, int(match["d"]))
    match = _CHINESE_YEAR.search(text)
    if match:
        year = "".join(_DIGITS.get(character, "") for character in match.group(1))
        return (
            _date(int(year), _chinese_number(match.group(2)), _chinese_number(match.group(3)))
            if len(year) == 4
            else None
        )
    return _by_dateparser(text.strip()) if 6 <= len(text.strip()) <= 40 and re.search(r"\d{4}", text) else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _EARLIEST <= year < _LATEST else None
    except ValueError:
        return None


def _chinese_number(text: str) -> int:
    if text == "元":
        return 1
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(_DIGITS[character] for character in text))
    return (int(_DIGITS[tens]) if tens else 1) * 10 + (int(_DIGITS[ones]) if ones else 0)


@lru_cache(maxsize=1024)
def _by_dateparser(text: str) -> date | None:
    import dateparser  # slow to import, and seldom needed

    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["year", "month", "day"], "DATE_ORDER": "YMD"}
    found: datetime | None = dateparser.parse(text, languages=["zh", "en"], settings=settings)
    return _date(found.year, found.month, found.day) if found else None
