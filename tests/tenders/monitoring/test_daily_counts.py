"""Alarms about days that list too few notices."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from tenders.monitoring.daily_counts import DayAlarm, ListedDay, thin_day_alarms, total_alarms


def listing(
    counts: list[int | None], first: str = "2026-11-02", channel: str = "0202", reported: int | None = None
) -> list[ListedDay]:
    """A day each from ``first`` on; None is a day that was not looked at."""
    start = date.fromisoformat(first)
    days = [start + timedelta(days=n) for n in range(len(counts))]
    return [
        ListedDay(
            "ccgp",
            channel,
            day,
            count,
            reported,
            f"c{day:%m%d}",
            datetime(day.year, day.month, day.day, 17, tzinfo=UTC),
        )
        for day, count in zip(days, counts, strict=True)
        if count is not None
    ]


WEEK: list[int | None] = [40, 38, 45, 30, 41, 2, 0]


def counts(alarm: DayAlarm) -> list[int]:
    """Return the numbers in an alarm's text, without dates and codes."""
    return [int(number) for number in re.findall(r"(?<![\d-])\d{1,3}(?![\d-])", alarm.text)]


class TestDaysThatListTooFew:
    def test_an_empty_working_day_of_a_busy_channel(self) -> None:
        found = thin_day_alarms(listing([*WEEK, 0]))
        assert [(f.days, f.crawl_id, f.is_open) for f in found] == [((date(2026, 11, 9),), "c1109", True)]
        assert "working day" in found[0].text

    def test_far_fewer_than_usual_and_well_again(self) -> None:
        assert [f.is_open for f in thin_day_alarms(listing([*WEEK, 7]))] == [True]
        assert [f.is_open for f in thin_day_alarms(listing([*WEEK, 7, 35]))] == [False]
        assert not thin_day_alarms(listing([*WEEK, 12]))

    def test_some_empty_days_in_a_row_where_there_were_always_some(self) -> None:
        quiet: list[int | None] = [3, 4, 2, 3, 5, 0, 0]
        assert not thin_day_alarms(listing([*quiet, 0, 0, 0]))
        found = thin_day_alarms(listing([*quiet, 0, 0, 0, 0]))
        assert [f.days for f in found] == [tuple(date(2026, 11, n) for n in (9, 10, 11, 12))]
        assert "2026-11-09…12" in found[0].text

    def test_empty_days_are_kept_apart_from_the_measure(self) -> None:
        found = thin_day_alarms(listing([*WEEK, *([0] * 5), None, None, *([0] * 5)]))
        assert len(found) == 1
        assert len(found[0].days) == 10
        assert found[0].is_open

    def test_a_channel_that_stays_thin_is_measured_by_its_new_counts_after_two_weeks(self) -> None:
        thin: list[int | None] = [5, 6, 7, 4, 5, None, None]
        found = thin_day_alarms(listing([*WEEK, *thin, *thin, *thin]))
        assert len(found) == 10
        assert not any(f.is_open for f in found)

    def test_weekends_are_measured_by_weekends(self) -> None:
        weeks = [*WEEK[:5], 15, 12] * 6
        assert not thin_day_alarms(listing(weeks))
        assert [f.days for f in thin_day_alarms(listing([*weeks, *WEEK[:5], 1, 12]))] == [(date(2026, 12, 19),)]

    @pytest.mark.parametrize(
        ("monday", "empty"),
        [
            ("2026-09-21", "2026-10-01"),
            ("2026-02-09", "2026-02-18"),
            ("2027-04-26", "2027-05-03"),
            ("2026-12-21", "2027-01-01"),
            ("2026-06-08", "2026-06-19"),
            ("2023-01-09", "2023-01-24"),
        ],
    )
    def test_holidays_are_no_alarm(self, monday: str, empty: str) -> None:
        before = (date.fromisoformat(empty) - date.fromisoformat(monday)).days
        counts = [40 if (date.fromisoformat(monday) + timedelta(days=n)).weekday() < 5 else 0 for n in range(before)]
        assert not thin_day_alarms(listing([*counts, 0], monday))

    def test_too_short_a_past_and_too_quiet_a_channel_prove_nothing(self) -> None:
        assert not thin_day_alarms(listing([40, 38, 45, 30, 0]))
        assert not thin_day_alarms(listing([9, 8, 9, 7, 9, 0, 0, 1]))
        assert not thin_day_alarms(listing([30, 0, 30, 30, 30, 0, 0, 0])), "a day without any is nothing new here"


class TestThePortalsOwnTotal:
    def test_a_complete_day_that_lists_fewer_than_the_portal_says(self) -> None:
        found = total_alarms([*listing([40], reported=40), *listing([30, 31], "2026-11-03", reported=40)])
        assert [(f.days, counts(f)) for f in found] == [
            ((date(2026, 11, 3),), [40, 30]),
            ((date(2026, 11, 4),), [40, 31]),
        ]

    def test_a_later_crawl_whose_totals_fit_closes_it(self) -> None:
        assert [f.is_open for f in total_alarms([*listing([30, 40], reported=40)])] == [False]

    def test_one_notice_that_went_meanwhile_is_nothing_but_none_at_all_is(self) -> None:
        assert not total_alarms(listing([39], reported=40))
        assert not total_alarms(listing([990], reported=1000))
        assert total_alarms(listing([0], reported=1))


def test_the_wording_of_an_alarm() -> None:
    alarms = [*thin_day_alarms(listing([*WEEK, 0])), *total_alarms(listing([30], reported=40))]
    assert [alarm.text for alarm in alarms] == [
        "ccgp: 0202 lists 0 notices for 2026-11-09, usually 40 on a working day: "
        "look at the site, the list may be read wrongly",
        "ccgp: 0202 says it has 40 notices for 2026-11-02, but lists 30",
    ]
