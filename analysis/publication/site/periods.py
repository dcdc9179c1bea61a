"""The periods that have a page: each month with awards that count, and each quarter, half and year that holds one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analysis.figures.months import shift_month
from analysis.figures.periods import Period

LENGTHS = (12, 6, 3, 1)  # months of a year, a half, a quarter and a month
_NEWEST = 3  # months that the first page may open on
_HALF_COLLECTED = 3  # a month with less than this part of the mean of three months before it looks half collected


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a period's page leads to: the periods of its length before and after it, and the longer ones it is in."""

    before: Period | None
    after: Period | None
    around: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """All periods of one year, by their length; those without a page are None."""

    period: Period
    rows: tuple[tuple[Period | None, ...], ...]


def holding(month: date, length: int) -> Period:
    """Return the period of 12, 6, 3 or 1 months that holds a month."""
    first = date(month.year, (month.month - 1) // length * length + 1, 1)
    return Period(first, shift_month(first, length - 1))


def month_in_front(awards: Mapping[date, int], states: Mapping[date, str], as_of: date | None) -> date:
    """Return the month that the first page opens on, of the months in ``awards`` with how many awards each has.

    It is over on the day ``as_of`` of the newest data. Of the newest months that are, it is the first whose coverage
    (``states``) is complete, or else the first that does not look half collected beside the months before it.
    """
    months = sorted(awards, reverse=True)
    over = [month for month in months if as_of and shift_month(month, 1) <= as_of] or months[:1]
    newest = over[:_NEWEST]
    complete = [month for month in newest if states.get(month) == "complete"]
    collected = [month for month in newest if awards[month] * _HALF_COLLECTED >= _mean_before(month, awards)]
    return [*complete, *collected, over[0]][0]


def _mean_before(month: date, awards: Mapping[date, int]) -> float:
    return sum(awards.get(shift_month(month, -back), 0) for back in (1, 2, 3)) / 3


def periods_of(months: Sequence[date]) -> list[Period]:
    """Return all periods that hold one of ``months``: years, halves, quarters and months, each from the oldest on."""
    return [
        period
        for length in LENGTHS
        for period in sorted({holding(month, length) for month in months}, key=lambda one: one.first)
    ]


def neighbours(period: Period, existing: Sequence[Period]) -> Neighbours:
    """Return the periods that the page of ``period`` leads to."""
    alike = [one for one in existing if one.months == period.months]
    place = alike.index(period)
    return Neighbours(
        alike[place - 1] if place else None,
        alike[place + 1] if place + 1 < len(alike) else None,
        tuple(holding(period.first, length) for length in reversed(LENGTHS) if length > period.months),
    )


def years(existing: Sequence[Period]) -> list[Year]:
    """Return the periods, which :func:`periods_of` ordered, as a calendar: the newest year first."""
    kept = set(existing)

    def of_year(period: Period, length: int) -> tuple[Period | None, ...]:
        all_of_it = [holding(month, length) for month in period.each_month[::length]]
        return tuple(one if one in kept else None for one in all_of_it)

    return [
        Year(period, tuple(of_year(period, length) for length in LENGTHS[1:]))
        for period in reversed(existing)
        if period.is_year
    ]
