"""Dates as notices write them. Own patterns first (1 µs each), dateparser only for other forms."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

_EARLIEST_YEAR, _LATEST_YEAR = 2000, 2100
_PATTERNS = (
    # 2026年08月04日, 2026 年元月 5 日
    re.compile(r"(?P<year>20\d{2})\s*年\s*(?P<month>元|\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"),
    # 2026-08-04, 2026/8/4, 2026. 8. 4. In 2021-01-0615 the time 15 sticks to the day.
    re.compile(r"(?<!\d)(?P<year>20\d{2})\s*[-/.]\s*(?P<month>\d{1,2})\s*[-/.]\s*(?P<day>\d{2}|\d(?!\d))"),
    # 20260804
    re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
)
_SPACED_DIGITS = re.compile(r"(?<=\d) +(?=\d)")
# 二〇二六年一月五日, 二○二六年元月十二日
_CHINESE_DATE = re.compile(
    r"(?P<year>[二〇零○一三四五六七八九]{4})\s*年\s*(?P<month>[元一二三四五六七八九十]{1,3})\s*月\s*"
    r"(?P<day>[一二三四五六七八九十]{1,3})\s*日"
)
_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
# A line with nothing but a day: 2026年3月2日, 日期：2026-03-02, 二〇二六年三月二日
_DATE_LINE = re.compile(
    r"\s*(?:[\u4e00-\u9fff]{2,4}\s*[:：]\s*)?(?:20\s*\d\s*\d|[二〇零○一三四五六七八九]{4})\s*[年./-]"
    r"[\d\s年月日./:元一二三四五六七八九十-]{3,24}"
)
# Texts of other lengths are no dates that dateparser should guess at.
_SHORTEST, _LONGEST = 6, 40


def read_date(text: str) -> date | None:
    """Return the first date in a text. None if there is none, or if it is no day of 2000 to 2099.

    >>> read_date("202 6 年 3 月 16 日"), read_date("二〇二六年一月五日"), read_date("2021-01-0615")
    (datetime.date(2026, 3, 16), datetime.date(2026, 1, 5), datetime.date(2021, 1, 6))
    """
    for candidate in (text, _SPACED_DIGITS.sub("", text)):
        for pattern in _PATTERNS:
            match = pattern.search(candidate)
            if match:
                month = 1 if match["month"] == "元" else int(match["month"])
                return _valid_date(int(match["year"]), month, int(match["day"]))
    match = _CHINESE_DATE.search(text)
    if match:
        year = "".join(_DIGITS[character] for character in match["year"])
        return _valid_date(int(year), _chinese_number(match["month"]), _chinese_number(match["day"]))
    stripped = text.strip()
    if _SHORTEST <= len(stripped) <= _LONGEST and re.search(r"\d{4}", text):
        return _read_with_dateparser(stripped)
    return None


def is_date_line(line: str) -> bool:
    """Return whether a line has nothing but a day, as below a signature.

    >>> is_date_line("2026年3月2日"), is_date_line("2026年3月2日起公示")
    (True, False)
    """
    return _DATE_LINE.fullmatch(line) is not None


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _EARLIEST_YEAR <= year < _LATEST_YEAR else None
    except ValueError:
        return None


def _chinese_number(text: str) -> int:
    """Return 元, 五 or 二十三 as a number, and 0 for what is no number (十十)."""
    if text == "元":
        return 1
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
    moment: datetime | None = dateparser.parse(text, languages=["zh", "en"], settings=settings)
    return _valid_date(moment.year, moment.month, moment.day) if moment else None
