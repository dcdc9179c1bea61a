"""Cron lines mean what they mean in cron, in the time of Shanghai."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tenders.config.cron import next_time


@pytest.mark.parametrize(
    ("line", "after", "times"),
    [
        ("15 */4 * * *", "2026-11-23 09:00", ["2026-11-23 12:15", "2026-11-23 16:15"]),
        # 2026-11-23 is a Monday. In cron 1 is Monday, and 0 and 7 are Sunday.
        ("0 9 * * 1", "2026-11-22 00:00", ["2026-11-23 09:00", "2026-11-30 09:00"]),
        ("0 9 * * mon", "2026-11-22 00:00", ["2026-11-23 09:00", "2026-11-30 09:00"]),
        ("0 9 * * 0", "2026-11-23 00:00", ["2026-11-29 09:00", "2026-12-06 09:00"]),
        ("0 9 * * 7", "2026-11-23 00:00", ["2026-11-29 09:00", "2026-12-06 09:00"]),
        ("0 9 * * 1-5", "2026-11-27 10:00", ["2026-11-30 09:00", "2026-12-01 09:00"]),
        (
            "0 9 * * 5-7",
            "2026-11-23 00:00",
            ["2026-11-27 09:00", "2026-11-28 09:00", "2026-11-29 09:00", "2026-12-04 09:00"],
        ),
        ("0 9 * * SAT-sun", "2026-11-23 00:00", ["2026-11-28 09:00", "2026-11-29 09:00", "2026-12-05 09:00"]),
        (
            "0 9 * * */2",
            "2026-11-22 00:00",
            ["2026-11-22 09:00", "2026-11-24 09:00", "2026-11-26 09:00", "2026-11-28 09:00"],
        ),
        ("0 9 * * fri-mon/2", "2026-11-23 00:00", ["2026-11-27 09:00", "2026-11-29 09:00", "2026-12-04 09:00"]),
        ("0 0 1 jan-jun/2 *", "2026-11-23 00:00", ["2027-01-01 00:00", "2027-03-01 00:00", "2027-05-01 00:00"]),
    ],
)
def test_a_cron_line_means_what_it_means_in_cron(line: str, after: str, times: list[str]) -> None:
    at = datetime.fromisoformat(f"{after}+08:00")
    found = []
    for _ in times:
        at = next_time(line, at)
        found.append(at.strftime("%Y-%m-%d %H:%M"))
        assert at.utcoffset() == timedelta(hours=8)
        at += timedelta(seconds=1)
    assert found == times


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("@daily", "five fields"),
        ("0 0 9 * * *", "five fields"),
        ("0 9 1 * mon", r"write \* for one"),
        ("0 9 45 * mon", "bad day-of-month"),
        ("0 9 1 * 8", "bad day-of-week"),
        ("0 9 * * 8", "bad day-of-week"),
        ("0 9 * * foo-sun", "bad day-of-week"),
        ("0 9 * * mon/2", "step without a range"),
        ("0 9 * foo *", "bad month"),
        ("0 9 * *-3 *", "bad month"),
        ("0 9 L * *", "not a list of numbers"),
        ("0 9 * * mon#1", "not a list of numbers"),
        ("60 9 * * *", "bad minute"),
        ("*/0 9 * * *", "bad minute"),
        ("0 9 30 feb *", "bad day-of-month"),
    ],
)
def test_a_cron_line_that_is_wrong_or_ambiguous_is_refused(line: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        next_time(line, datetime(2026, 11, 23, tzinfo=UTC))


def test_a_time_of_the_line_is_its_own_next_time() -> None:
    first = next_time("15 */4 * * *", datetime(2026, 11, 23, 5, tzinfo=UTC))
    assert first.isoformat() == "2026-11-23T16:15:00+08:00"
    assert next_time("15 */4 * * *", first) == first
    assert next_time("15 */4 * * *", first + timedelta(microseconds=1)).isoformat() == "2026-11-23T20:15:00+08:00"
