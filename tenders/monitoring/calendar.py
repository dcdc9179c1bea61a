"""Which days are alike for counting notices: working days, Saturdays and Sundays. Days near a holiday have no class."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

DayClass = Literal["working day", "Saturday", "Sunday"]

# Holidays of the solar calendar: first and last (month, day) on which offices may be closed. The State Council moves
# working days around a holiday every year, so the spans are wider than the holidays themselves.
_SOLAR_HOLIDAYS = (
    ((12, 30), (12, 31)),  # New Year
    ((1, 1), (1, 3)),
    ((4, 3), (4, 6)),  # Qingming
    ((4, 29), (5, 5)),  # Labour Day
    ((10, 1), (10, 8)),  # National Day
)
# Holidays of the lunar calendar, by their names in the package `holidays`: how many days before and after the feast
# offices may be closed.
_LUNAR_HOLIDAYS = {
    "Chinese New Year (Spring Festival)": (3, 8),
    "Dragon Boat Festival": (2, 2),
    "Mid-Autumn Festival": (2, 2),
}


def class_of(day: date) -> DayClass | None:
    """Return the class of a day, or None if offices may be closed, so that few notices prove nothing."""
    if any(first <= (day.month, day.day) <= last for first, last in _SOLAR_HOLIDAYS):
        return None
    if day in _days_near_lunar_holidays(day.year):
        return None
    return "Saturday" if day.weekday() == 5 else "Sunday" if day.weekday() == 6 else "working day"


@lru_cache
def _days_near_lunar_holidays(year: int) -> frozenset[date]:
    from holidays import country_holidays  # takes a second to import

    first_days: dict[str, date] = {}
    for day, names in sorted(country_holidays("CN", years=year, observed=False, language="en_US").items()):
        for name in names.split("; "):  # two feasts can share a day
            first_days.setdefault(name, day)
    return frozenset(
        first_days[name] + timedelta(days=offset)
        for name, (before, after) in _LUNAR_HOLIDAYS.items()
        if name in first_days  # the package knows the moon until 2099
        for offset in range(-before, after + 1)
    )
