"""Whether a portal's lists are still read as they were: how many notices a day shows, against its own past and its own total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from statistics import median

from tenders.monitoring.calendar import Class, class_of
from tenders.monitoring.date_ranges import short

_LEAST_DAYS = 5  # of the past, to say what is usual
_REMEMBERED = 20
_LEAST_USUAL = 10  # notices a day, or on the empty days in a row together
_FEW = 0.2  # of what is usual
_NEW_USUAL = 10  # so many thin days in a row are the portal's new way


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a channel that was listed in whole; ``said`` is the portal's own number (None: it does not say)."""

    portal: str
    channel: str
    day: date
    listed: int
    said: int | None
    crawl_id: str
    checked_at: datetime
    keywords: str = ""


@dataclass(slots=True)
class Thin:
    """Days that list too few notices. ``days`` are in order, ``crawl_id`` looked at the last of them."""

    portal: str
    channel: str
    days: tuple[date, ...]
    crawl_id: str
    checked_at: datetime
    text: str
    is_open: bool = True


@dataclass(slots=True)
class _Usual:
    """What is usual on one class of days of one channel, and the empty and thin days in a row since."""

    counts: list[int] = field(default_factory=list)
    empty: list[Day] = field(default_factory=list)
    thin: list[int] = field(default_factory=list)
    findings: list[Thin] = field(default_factory=list)

    def take(self, day: Day) -> None:
        past = self.counts[-_REMEMBERED:]
        if len(past) < _LEAST_DAYS:
            self.counts.append(day.listed)
            return
        usual = median(past)
        if day.listed == 0 and min(past) > 0:
            self.empty.append(day)
            if usual * len(self.empty) >= _LEAST_USUAL:
                self._alarm(self.empty, usual)
        elif (
            usual >= _LEAST_USUAL and day.listed < _FEW * usual and 10 * sum(n <= day.listed for n in past) < len(past)
        ):
            self.thin.append(day.listed)
            self._alarm([day], usual)
            if len(self.thin) >= _NEW_USUAL:
                self.counts, self.thin = self.thin, []
        else:
            if usual * len(self.empty) < _LEAST_USUAL:
                self.counts += [0] * len(self.empty)
            self.counts.append(day.listed)
            self.empty, self.thin = [], []
            for finding in self.findings:
                finding.is_open = False

    def _alarm(self, days: list[Day], usual: float) -> None:
        last, dates = days[-1], tuple(day.day for day in days)
        if self.findings and self.findings[-1].days == dates[:-1]:
            self.findings.pop()
        text = (
            f"{last.portal}: {last.channel} lists {last.listed} notices for {short(dates)}, usually {usual:g} on a "
            f"{class_of(last.day)}: look at the site, the list may be read wrongly"
        )
        self.findings.append(Thin(last.portal, last.channel, dates, last.crawl_id, last.checked_at, text))


def thin_days(days: Iterable[Day]) -> list[Thin]:
    """The days that list far fewer notices than is usual on such a day, or none where there were always some.

    Holidays are left out. ``days`` come in order of date, one row a day of a channel.
    """
    usual: dict[tuple[str, str, Class], _Usual] = {}
    for day in days:
        kind = class_of(day.day)
        if kind is not None:
            usual.setdefault((day.portal, day.channel, kind), _Usual()).take(day)
    return [finding for series in usual.values() for finding in series.findings]


def short_of_total(days: Iterable[Day]) -> list[Thin]:
    """The crawls that listed fewer notices of a day than the portal itself says it has, though the day counts as complete.

    ``days`` come channel by channel in the order in which they were looked at.
    """
    findings: list[Thin] = []
    for (portal, channel, _), rows in groupby(days, key=lambda day: (day.portal, day.channel, day.keywords)):
        found: list[Thin] = []
        for (crawl_id, checked_at), looked_at in groupby(rows, key=lambda day: (day.crawl_id, day.checked_at)):
            told = [(day, day.said) for day in looked_at if day.said is not None]
            missing = [(day, said) for day, said in told if _lacks(day.listed, said)]
            if missing:
                dates = tuple(sorted(day.day for day, _ in missing))
                listed, said = sum(day.listed for day, _ in missing), sum(said for _, said in missing)
                text = f"{portal}: {channel} says it has {said} notices for {short(dates)}, but lists {listed}"
                found.append(Thin(portal, channel, dates, crawl_id, checked_at, text))
            elif told:
                for finding in found:
                    finding.is_open = False
        findings += found
    return findings


def _lacks(listed: int, said: int) -> bool:
    """One may go while a list is read, and in a long one some are shown twice; but none at all is never enough."""
    return said - listed > max(1, said // 100) or listed == 0 < said
