"""Months and instants as people write them, and steps from month to month."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from pipelines.common.clock import SHANGHAI


class MonthError(ValueError):
    """A month or date that cannot be read. The message says how to write it."""


def parse_month(text: str) -> date:
    """Return the first day of a month written as ``2025-07``. Raises :class:`MonthError`."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise MonthError(f"{text!r} is not a month: write it as 2025-07")
    return date(int(text[:4]), int(text[5:]), 1)


def parse_instant(text: str) -> datetime:
    """Return the end of the day ``2025-08-31`` in Shanghai, or an ISO instant as it is. Raises :class:`MonthError`."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.combine(date.fromisoformat(text), time.max, SHANGHAI)
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise MonthError(f"{text!r} is not a date: write it as 2025-08-31") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


def shift_month(month: date, months: int) -> date:
    """Return the first day of the month that is ``months`` later, or earlier if negative."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
