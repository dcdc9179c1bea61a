"""Days as people read them."""

from __future__ import annotations

from datetime import date

from tenders.monitoring.date_ranges import date_ranges, short_range, short_ranges


def day(text: str) -> date:
    """Return a day of 2026: ``11-03``."""
    return date.fromisoformat(f"2026-{text}")


def test_days_are_written_as_short_as_they_can_be_read() -> None:
    assert short_range(day("11-03"), day("11-03")) == "2026-11-03"
    assert short_range(day("10-30"), day("11-02")) == "2026-10-30…11-02"
    assert short_range(date(2026, 12, 30), date(2027, 1, 2)) == "2026-12-30…2027-01-02"
    assert date_ranges([day("11-05"), day("11-03"), day("11-04"), day("11-05"), day("11-07")]) == [
        (day("11-03"), day("11-05")),
        (day("11-07"), day("11-07")),
    ]
    assert short_ranges([]) == ""
