"""Which days are alike for counting notices: working days, Saturdays, Sundays; days on which China may be on holiday are none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

Class = Literal["working day", "Saturday", "Sunday"]

# First and last day (month, day) between which offices may be closed, with the days by which the official calendar shifts:
# New Year, Qingming, Labour Day, National Day.
_FIXED = (((12, 30), (12, 31)), ((1, 1), (1, 3)), ((4, 3), (4, 6)), ((4, 29), (5, 5)), ((10, 1), (10, 8)))
# Spring Festival, Dragon Boat and Mid-Autumn by year, and how many days before and after it a holiday may reach.
_FEASTS = {
    2024: ("02-10", "06-10", "09-17"),
    2025: ("01-29", "05-31", "10-06"),
    2026: ("02-17", "06-19", "09-25"),
    2027: ("02-06", "06-09", "09-15"),
    2028: ("01-26", "05-28", "10-03"),
    2029: ("02-13", "06-16", "09-22"),
    2030: ("02-03", "06-05", "09-12"),
    2031: ("01-23", "06-24", "10-01"),
    2032: ("02-11", "06-12", "09-19"),
    2033: ("01-31", "06-01", "09-08"),
    2034: ("02-19", "06-20", "09-27"),
    2035: ("02-08", "06-10", "09-16"),
}
_REACH = ((3, 8), (2, 2), (2, 2))
# Between which days the moon lets them fall, for other years.
_EVER = (((1, 18), (3, 1)), ((5, 24), (6, 27)), ((9, 5), (10, 10)))


def class_of(day: date) -> Class | None:
    """The class of a day, or None where few notices prove nothing, because a statutory holiday may fall on it."""
    if _between(day, _FIXED) or (day.year not in _FEASTS and _between(day, _EVER)):
        return None
    for feast, (before, after) in zip(_FEASTS.get(day.year, ()), _REACH, strict=False):
        centre = date.fromisoformat(f"{day.year}-{feast}")
        if centre - timedelta(days=before) <= day <= centre + timedelta(days=after):
            return None
    return "Saturday" if day.weekday() == 5 else "Sunday" if day.weekday() == 6 else "working day"


def _between(day: date, spans: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> bool:
    return any(first <= (day.month, day.day) <= last for first, last in spans)
