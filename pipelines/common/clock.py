"""The time zone of every calendar date in the project, and how people write a day and programs an instant."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Return the current calendar date in Asia/Shanghai."""
    return datetime.now(SHANGHAI).date()


def parse_day(name: str, value: date | str | None) -> date | None:
    """Return the day that a person wrote as 2025-07-31; None for '' and None.

    Raises ValueError that calls the value ``name``.
    """
    if not value or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{name} {value!r} is not a day: write it like 2025-07-31") from None


def utc_text(when: datetime) -> str:
    """Return an aware instant as UTC text to the microsecond. Such texts sort by time."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
