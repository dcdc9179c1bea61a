"""Days as people read them: ranges, written as short as possible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def date_ranges(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return first and last day of each run of consecutive days, in order."""
    ranges: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if ranges and ranges[-1][1] + timedelta(days=1) == day:
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    return ranges


def short_range(first: date, last: date) -> str:
    """Return ``2026-11-03…05``, ``2026-10-30…11-02``, ``2026-12-30…2027-01-02``, or a single day."""
    if first == last:
        return first.isoformat()
    if first.year != last.year:
        return f"{first}…{last}"
    return f"{first}…{last:%d}" if first.month == last.month else f"{first}…{last:%m-%d}"


def short_ranges(days: Iterable[date]) -> str:
    """Return all days as ranges, separated by commas."""
    return ", ".join(short_range(*ends) for ends in date_ranges(days))
