"""Cron lines as people know them, for a scheduler that reads some of them otherwise.

APScheduler counts weekdays from Monday where cron counts from Sunday, passes over the step behind a name (``jan-jun/2``), and
wants both where a line names days of the month and weekdays, while cron takes either. So weekdays are handed over by name,
months by number, and what could be read in two ways is refused.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from apscheduler.triggers.cron import CronTrigger

from pipelines.common.clock import SHANGHAI

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PART = re.compile(r"(?:\*|(?P<first>\d+|[a-z]{3})(?:-(?P<last>\d+|[a-z]{3}))?)(?:/(?P<step>[1-9]\d*))?")
_FIELDS = "minute, hour, day of month, month, weekday"


def trigger(line: str) -> CronTrigger:
    """When a cron line comes, in Asia/Shanghai. Raises ValueError that says what is wrong with it."""
    fields = line.lower().split()
    if len(fields) != 5:
        raise ValueError(f"a cron line has five fields ({_FIELDS}), such as 15 */4 * * *; {line!r} has {len(fields)}")
    minute, hour, day, month, weekday = fields
    for field in fields:
        if not all(_PART.fullmatch(part) for part in field.split(",")):
            raise ValueError(f"{field!r} in {line!r} is no list of numbers, ranges and steps")
    if day != "*" and weekday != "*":
        raise ValueError(f"{line!r} names days of the month and weekdays: leave one of them *")
    month = re.sub(r"[a-z]{3}", lambda name: _month(name.group()), month)
    found = CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday), timezone=SHANGHAI
    )
    if found.get_next_fire_time(None, datetime.now(UTC)) is None:
        raise ValueError(f"{line!r} names a day that never comes")
    return found


def _weekdays(field: str) -> str:
    """The days of a weekday field by their names: ``1-5`` is ``mon,tue,wed,thu,fri``."""
    days: set[int] = set()
    for part in field.split(","):
        found = _PART.fullmatch(part)
        assert found is not None  # the caller has looked
        first, last, step = found["first"], found["last"], int(found["step"] or 1)
        if first is None:
            start, end = 0, 6
        else:
            start = _weekday(first)
            end = _weekday(last) if last else start
            if step > 1 and not last:
                raise ValueError(f"{part!r} is a step without a range of weekdays")
        if end < start:  # fri-mon, and sat-sun written as 6-0
            end += 7
        days.update(day % 7 for day in range(start, end + 1, step))
    return ",".join(name for number, name in enumerate(_WEEKDAYS) if number in days)


def _month(text: str) -> str:
    if text not in _MONTHS:
        raise ValueError(f"{text!r} is no month: jan to dec, or 1 to 12")
    return str(_MONTHS.index(text) + 1)


def _weekday(text: str) -> int:
    """0 to 7, from Sunday to Sunday."""
    number = int(text) if text.isdigit() else _WEEKDAYS.index(text) if text in _WEEKDAYS else -1
    if not 0 <= number <= 7:
        raise ValueError(f"{text!r} is no weekday: sun to sat, or 0 to 7 from Sunday")
    return number
