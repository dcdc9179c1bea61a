"""Working days, Saturdays, Sundays, and the days on which offices may be closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tenders.monitoring.calendar import class_of


def test_an_ordinary_day_has_the_class_of_its_weekday() -> None:
    assert class_of(date(2026, 11, 23)) == "working day"
    assert (class_of(date(2026, 11, 21)), class_of(date(2026, 11, 22))) == ("Saturday", "Sunday")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-01-01", "2026-01-03"),
        ("2026-02-14", "2026-02-25"),  # Spring Festival on 17 February
        ("2023-01-19", "2023-01-30"),  # Spring Festival on 22 January
        ("2026-04-03", "2026-04-06"),
        ("2026-04-29", "2026-05-05"),
        ("2026-06-17", "2026-06-21"),  # Dragon Boat Festival on 19 June
        ("2026-09-23", "2026-09-27"),  # Mid-Autumn Festival on 25 September
        ("2025-10-01", "2025-10-08"),  # National Day, with the Mid-Autumn Festival on 6 October
        ("2031-10-01", "2031-10-08"),  # both feasts on 1 October
    ],
)
def test_days_around_a_holiday_have_no_class(first: str, last: str) -> None:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    assert class_of(end + timedelta(days=1)) is not None
    while day <= end:
        assert class_of(day) is None
        day += timedelta(days=1)
