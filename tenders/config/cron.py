"""Cron lines: when a portal is crawled, in Asia/Shanghai.

The package ``cronsim`` reads them as Debian's cron does: weekdays count from Sunday, and names may be used for numbers.
Two things are ours. A range of weekdays may pass over the end of the week (``sat-sun``), and what people read in two
ways is refused.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from cronsim import CronSim, CronSimError

from pipelines.common.clock import SHANGHAI

_EXAMPLE = "minute, hour, day of month, month, weekday, such as 15 */4 * * *"
# Numbers and three-letter names with the characters of lists, ranges and steps. `L`, `LW` and `mon#1` are extensions.
_FIELD = re.compile(r"(?:[\d*,/-]|[a-z]{3})+")
_WEEKDAY_RANGE = re.compile(r"([a-z]{3}|\d)-([a-z]{3}|\d)(?:/([1-9]))?")
_WEEKDAY_STEP = re.compile(r"(?:^|,)(?:[a-z]{3}|\d)/")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def next_time(line: str, earliest: datetime) -> datetime:
    """Return the first time of a cron line that is not before ``earliest``, in Asia/Shanghai.

    Raises ValueError that says what is wrong with the line.
    """
    just_before = earliest.astimezone(SHANGHAI) - timedelta(microseconds=1)
    try:
        times = CronSim(_cronsim_line(line), just_before)
        _check_days(line)
        return next(times)
    except CronSimError as error:  # "Bad minute"
        raise ValueError(f"{line!r} has a {str(error).lower()}; write {_EXAMPLE}") from None
    except StopIteration:
        raise ValueError(f"{line!r} names a day that never comes") from None


def _cronsim_line(line: str) -> str:
    """Return the line in the words of ``cronsim``."""
    fields = line.lower().split()
    if len(fields) != 5:
        raise ValueError(f"{line!r} has {len(fields)} fields, a cron line has five fields: {_EXAMPLE}")
    for field in fields:
        if not _FIELD.fullmatch(field):
            raise ValueError(f"{field!r} in {line!r} is not a list of numbers, ranges and steps")
    *others, weekday = fields
    if _WEEKDAY_STEP.search(weekday):
        raise ValueError(f"{weekday!r} in {line!r} has a step without a range of weekdays")
    return " ".join((*others, _WEEKDAY_RANGE.sub(_list_weekdays, weekday)))


def _check_days(line: str) -> None:
    """Refuse a line with days of the month and weekdays: people read it as both, and cron means either."""
    _, _, day, _, weekday = line.split()
    if day != "*" and weekday != "*":
        raise ValueError(f"{line!r} names days of the month and weekdays: write * for one")


def _list_weekdays(match: re.Match[str]) -> str:
    """Write a range of weekdays as a list, because cronsim refuses one over a week's end: ``fri-sun`` is ``5,6,0``."""
    first, last = (_weekday_number(text) for text in match.group(1, 2))
    if first is None or last is None:
        return match.group()  # cronsim says what is wrong
    days = range(first, last + (7 if last < first else 0) + 1, int(match.group(3) or 1))
    return ",".join(str(day % 7) for day in days)


def _weekday_number(text: str) -> int | None:
    number = int(text) if text.isdigit() else _WEEKDAYS.index(text) if text in _WEEKDAYS else 8
    return number if number <= 7 else None
