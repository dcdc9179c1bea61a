"""Whether a portal's lists are still read correctly: how many notices a day shows.

A day is compared with the channel's own past (``thin_day_alarms``) and with the portal's own total (``total_alarms``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from statistics import median

from tenders.monitoring.calendar import DayClass, class_of
from tenders.monitoring.date_ranges import short_ranges

_LEAST_PAST_DAYS = 5  # to know what is usual
_MOST_PAST_DAYS = 20
_LEAST_USUAL = 10  # notices a day; for empty days in a row: notices that they should have together
_THIN_SHARE = 0.2  # of what is usual
_NEW_USUAL_DAYS = 10  # after so many thin days in a row, their counts are what is usual


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day of one channel that was listed completely.

    ``reported`` is the portal's own number of notices, None if it reports none. ``keywords`` '' means that every notice
    was asked for.
    """

    portal: str
    channel: str
    day: date
    listed: int
    reported: int | None
    crawl_id: str
    checked_at: datetime
    keywords: str = ""


@dataclass(slots=True)
class DayAlarm:
    """Days that list too few notices. ``days`` are in order, ``crawl_id`` is the crawl that looked at the last one."""

    portal: str
    channel: str
    days: tuple[date, ...]
    crawl_id: str
    checked_at: datetime
    text: str
    is_open: bool = True


@dataclass(slots=True)
class _Series:
    """The counts of one channel on days of one class.

    ``empty_days`` and ``thin_counts`` are those in a row since the last usual day.
    """

    counts: list[int] = field(default_factory=list)
    empty_days: list[ListedDay] = field(default_factory=list)
    thin_counts: list[int] = field(default_factory=list)
    alarms: list[DayAlarm] = field(default_factory=list)

    def add(self, day: ListedDay) -> None:
        past = self.counts[-_MOST_PAST_DAYS:]
        if len(past) < _LEAST_PAST_DAYS:
            self.counts.append(day.listed)
            return
        usual = median(past)
        if day.listed == 0 and min(past) > 0:
            self.empty_days.append(day)
            if usual * len(self.empty_days) >= _LEAST_USUAL:
                self._raise_alarm(self.empty_days, usual)
        elif self._is_thin(day.listed, usual, past):
            self.thin_counts.append(day.listed)
            self._raise_alarm([day], usual)
            if len(self.thin_counts) >= _NEW_USUAL_DAYS:
                self.counts, self.thin_counts = self.thin_counts, []
        else:
            if usual * len(self.empty_days) < _LEAST_USUAL:  # too few to be an alarm, so they were real
                self.counts += [0] * len(self.empty_days)
            self.counts.append(day.listed)
            self.empty_days, self.thin_counts = [], []
            for alarm in self.alarms:
                alarm.is_open = False

    @staticmethod
    def _is_thin(listed: int, usual: float, past: list[int]) -> bool:
        """Return whether a count is far below the usual one, and among the lowest tenth of the past."""
        days_as_thin = sum(count <= listed for count in past)
        return usual >= _LEAST_USUAL and listed < _THIN_SHARE * usual and 10 * days_as_thin < len(past)

    def _raise_alarm(self, days: list[ListedDay], usual: float) -> None:
        last, dates = days[-1], tuple(day.day for day in days)
        if self.alarms and self.alarms[-1].days == dates[:-1]:  # one more empty day in a row
            self.alarms.pop()
        text = (
            f"{last.portal}: {last.channel} lists {last.listed} notices for {short_ranges(dates)}, "
            f"usually {usual:g} on a {class_of(last.day)}: look at the site, the list may be read wrongly"
        )
        self.alarms.append(DayAlarm(last.portal, last.channel, dates, last.crawl_id, last.checked_at, text))


def thin_day_alarms(days: Iterable[ListedDay]) -> list[DayAlarm]:
    """Return an alarm for days that list far fewer notices than usual, or none if there were always some.

    Working days, Saturdays and Sundays each have their own past; holidays are left out. ``days`` come in order of date,
    one per channel and date.
    """
    series: dict[tuple[str, str, DayClass], _Series] = {}
    for day in days:
        day_class = class_of(day.day)
        if day_class is not None:
            series.setdefault((day.portal, day.channel, day_class), _Series()).add(day)
    return [alarm for one in series.values() for alarm in one.alarms]


def total_alarms(days: Iterable[ListedDay]) -> list[DayAlarm]:
    """Return an alarm for each crawl that listed fewer notices than the portal reports, on days that count as complete.

    ``days`` come channel by channel, in the order in which they were looked at.
    """
    alarms: list[DayAlarm] = []
    for (portal, channel, _), rows in groupby(days, key=lambda day: (day.portal, day.channel, day.keywords)):
        channel_alarms: list[DayAlarm] = []
        for (crawl_id, checked_at), crawl_days in groupby(rows, key=lambda day: (day.crawl_id, day.checked_at)):
            with_total = [(day, day.reported) for day in crawl_days if day.reported is not None]
            short = [(day, reported) for day, reported in with_total if _lists_too_few(day.listed, reported)]
            if short:
                dates = tuple(sorted(day.day for day, _ in short))
                listed, total = sum(day.listed for day, _ in short), sum(reported for _, reported in short)
                text = f"{portal}: {channel} says it has {total} notices for {short_ranges(dates)}, but lists {listed}"
                channel_alarms.append(DayAlarm(portal, channel, dates, crawl_id, checked_at, text))
            elif with_total:
                for alarm in channel_alarms:
                    alarm.is_open = False
        alarms += channel_alarms
    return alarms


def _lists_too_few(listed: int, reported: int) -> bool:
    """Return whether a list is shorter than its own total.

    One notice may disappear while a list is read, and a long list may show some twice. An empty list is always
    too short.
    """
    return reported - listed > max(1, reported // 100) or listed == 0 < reported
