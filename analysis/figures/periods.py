"""Periods as people write them: a month, a quarter, a half, a year, or a range of months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from analysis.figures.months import MonthError, parse_month, shift_month

Compared = Literal["yoy", "prev"]  # the same period of the year before, and the period before
_QUARTER, _HALF, _YEAR = 3, 6, 12  # months
_PARTS = re.compile(r"(?P<year>[1-9]\d{3})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])))?")
_HOW = "write 2025-07, 2025-Q1, 2025-H1, 2025 or 2025-01..2025-07"


class PeriodError(MonthError):
    """A period that cannot be read, or that ends before it begins. The message says how to write it."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some months in a row: the first days of the first and of the last one."""

    first: date
    last: date

    @property
    def months(self) -> int:
        """The number of its months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def last_day(self) -> date:
        return shift_month(self.last, 1) - timedelta(days=1)

    @property
    def each_month(self) -> list[date]:
        """The first days of its months."""
        return [shift_month(self.first, ahead) for ahead in range(self.months)]

    @property
    def is_month(self) -> bool:
        return self.months == 1

    @property
    def is_quarter(self) -> bool:
        return self.months == _QUARTER and self.first.month % _QUARTER == 1

    @property
    def is_half(self) -> bool:
        return self.months == _HALF and self.first.month % _HALF == 1

    @property
    def is_year(self) -> bool:
        return self.months == _YEAR and self.first.month == 1

    @property
    def key(self) -> str:
        """The period as :func:`parse_period` reads it, by its shortest name: 2025-Q1 for 2025-01..2025-03."""
        year = self.first.year
        if self.is_month:
            return f"{self.first:%Y-%m}"
        if self.is_quarter:
            return f"{year}-Q{self.last.month // _QUARTER}"
        if self.is_half:
            return f"{year}-H{self.last.month // _HALF}"
        if self.is_year:
            return str(year)
        return f"{self.first:%Y-%m}..{self.last:%Y-%m}"

    def shifted(self, months: int) -> Period:
        """Return the period of the same length that begins so many months later, or earlier if negative."""
        return Period(shift_month(self.first, months), shift_month(self.last, months))

    @property
    def bases(self) -> dict[Compared, Period]:
        """What growth compares with: the same period of the year before, and the period of the same length before."""
        return {"yoy": self.shifted(-12), "prev": self.shifted(-self.months)}


def parse_period(text: str) -> Period:
    """Return the period written as 2025-07, 2025-Q1, 2025-H1, 2025 or 2025-01..2025-07. Raises :class:`PeriodError`."""
    first_text, dots, last_text = text.partition("..")
    if dots:
        try:
            period = Period(parse_month(first_text), parse_month(last_text))
        except MonthError as error:
            raise PeriodError(f"{text!r} is not a period: {_HOW}") from error
        if period.first > period.last:
            raise PeriodError(f"{text!r} ends before it begins: write {last_text}..{first_text}")
        return period
    match = _PARTS.fullmatch(text)
    if match is None:
        try:
            return Period(parse_month(text), parse_month(text))
        except MonthError as error:
            raise PeriodError(f"{text!r} is not a period: {_HOW}") from error
    part, months = int(match["quarter"] or match["half"] or 1), _YEAR
    if match["quarter"] or match["half"]:
        months = _QUARTER if match["quarter"] else _HALF
    first = date(int(match["year"]), (part - 1) * months + 1, 1)
    return Period(first, shift_month(first, months - 1))
