"""Days as people read them: runs of days, written shortly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """First and last day of each run of days in a row, in order."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and found[-1][1] + timedelta(days=1) == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def span(first: date, last: date) -> str:
    """``2026-11-03…05``, ``2026-10-30…11-02``, ``2026-12-30…2027-01-02``, or a single day."""
    if first == last:
        return first.isoformat()
    if first.year != last.year:
        return f"{first}…{last}"
    return f"{first}…{last:%d}" if first.month == last.month else f"{first}…{last:%m-%d}"


def short(days: Iterable[date]) -> str:
    """All of the days, run by run."""
    return ", ".join(span(*run) for run in runs(days))
