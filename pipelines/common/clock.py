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


def parse_span(since: date | str | None, until: date | str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day of a span that a person wrote; None for no bound.

    Raises ValueError if one of them is not a day or the first is after the last.
    """
    first, last = parse_day("since", since), parse_day("until", until)
    if first and last and first > last:
        raise ValueError(f"since {first} is after until {last}: swap them")
    return first, last


def minute_text(when: datetime) -> str:
    """Return an aware instant as people read it, to the minute in Asia/Shanghai: 2025-07-31 09:05."""
    return f"{when.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def utc_text(when: datetime) -> str:
    """Return an aware instant as UTC text to the microsecond. Such texts sort by time."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
