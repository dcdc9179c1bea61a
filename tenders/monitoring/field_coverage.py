"""Whether a portal's pages are still read correctly: how often each field is found, compared with its own past.

The test is beta-binomial (Skellam, J. R. Stat. Soc. B 10, 1948): the past gives a beta distribution of the rate, with
Jeffreys' prior, and a new rate is an alarm if so low a rate is very improbable. The correlation within a crawl, a
moment estimate (Ridout, Demétrio & Firth, Biometrics 55, 1999), says how much weight the past has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from math import exp, lgamma

FIELDS = ("buyer", "supplier", "amount", "project_number", "published_on", "title")
KINDS = ("award", "candidate")

_LEAST_NEW, _LEAST_PAST = 8, 20
_LEAST_EMPTY = 3
# The notices of one crawl are more alike than chance: one agency's come on one day and are written alike. Until the
# portal's past says better, this is their correlation, with the weight of so many notices.
_PRIOR_CORRELATION, _PRIOR_WEIGHT = 0.05, 300
# An alarm is raised if so low a rate would come once in 5,000 crawls, and it is less than half or 20 points lower.
_RARE = 2e-4
_DROP = 0.2


@dataclass(frozen=True, slots=True)
class Batch:
    """The notices of one kind that were first seen in one crawl, and in how many each field was found.

    ``crawl_id`` is None for notices that were read from files. ``nothing`` counts pages without buyer, supplier and
    project number; ``no_words`` counts those without a title too.
    """

    portal: str
    kind: str
    crawl_id: str | None
    checked_at: datetime | None
    notices: int
    found: Mapping[str, int]
    nothing: int = 0
    no_words: int = 0


@dataclass(slots=True)
class FieldAlarm:
    """A field that is found too rarely.

    ``subject``: the field, ``kind`` for the kind of notice, or ``page`` if nothing at all was found. ``crawls``: those
    whose notices of ``kinds`` are concerned; the last one raised the alarm. ``is_open`` until a later crawl is good.
    """

    portal: str
    subject: str
    kinds: tuple[str, ...]
    crawls: tuple[str, ...]
    checked_at: datetime
    text: str
    is_open: bool = True


@dataclass(slots=True)
class Past:
    """How often something was found before: in ``hits`` of ``notices``. ``spread`` is the sum of hits²/notices."""

    crawls: int = 0
    notices: int = 0
    hits: int = 0
    spread: float = 0.0

    def add(self, notices: int, hits: int) -> None:
        self.crawls += 1
        self.notices += notices
        self.hits += hits
        self.spread += hits * hits / notices

    def correlation(self) -> float:
        """Return the correlation between notices of one crawl, from how much the rates of the crawls scatter."""
        rate = self.hits / self.notices
        excess = 0.0
        if 0 < rate < 1:
            excess = (self.spread - self.notices * rate * rate) / (rate * (1 - rate)) - (self.crawls - 1)
        prior = _PRIOR_CORRELATION * _PRIOR_WEIGHT
        return (max(0.0, excess) + prior) / (self.notices - self.crawls + _PRIOR_WEIGHT)


@dataclass(slots=True)
class _Series:
    """One rate of one portal in time. Crawls with few notices wait until there are enough to judge them together."""

    past: Past = field(default_factory=Past)
    waiting: list[tuple[Batch, int, int]] = field(default_factory=list)  # with notices and hits
    alarms: list[FieldAlarm] = field(default_factory=list)

    def waiting_counts(self) -> tuple[int, int]:
        """Return notices and hits of the crawls that wait."""
        return sum(notices for _, notices, _ in self.waiting), sum(hits for _, _, hits in self.waiting)

    def close_alarms(self) -> None:
        for alarm in self.alarms:
            alarm.is_open = False

    def raise_alarm(self, subject: str, kinds: tuple[str, ...], text: str) -> None:
        batches = [batch for batch, _, _ in self.waiting]
        crawls = tuple(dict.fromkeys(batch.crawl_id for batch in batches if batch.crawl_id))
        last = batches[-1]
        assert last.checked_at is not None
        self.alarms.append(FieldAlarm(last.portal, subject, kinds, crawls, last.checked_at, text))
        self.waiting = []


def field_alarms(batches: Iterable[Batch], unpublished: Mapping[str, Iterable[str]] | None = None) -> list[FieldAlarm]:
    """Return all alarms of these batches, which come portal by portal, in order of time.

    ``unpublished`` names, by portal, the fields that it does not publish. Their absence is no alarm.
    """
    ignored = {portal: set(fields) for portal, fields in (unpublished or {}).items()}
    rates: dict[tuple[str, str, str], _Series] = {}
    pages: dict[str, _Series] = {}
    for (portal, _, _), grouped in groupby(batches, key=lambda batch: (batch.portal, batch.crawl_id, batch.checked_at)):
        crawl = list(grouped)
        for batch in crawl:
            for name in FIELDS if batch.kind in KINDS else ():
                if name not in ignored.get(portal, ()):
                    series = rates.setdefault((portal, batch.kind, name), _Series())
                    _judge_rate(series, batch, batch.notices, batch.found[name], name, (batch.kind,))
        notices = sum(batch.notices for batch in crawl)
        unknown = sum(batch.notices for batch in crawl if batch.kind == "other")
        _judge_rate(rates.setdefault((portal, "", "kind"), _Series()), crawl[0], notices, notices - unknown, "kind", ())
        _judge_pages(pages.setdefault(portal, _Series()), crawl)
    alarms = [alarm for series in (*rates.values(), *pages.values()) for alarm in series.alarms]
    return sorted(alarms, key=lambda alarm: (alarm.portal, alarm.checked_at, alarm.text))


def _judge_rate(series: _Series, batch: Batch, notices: int, found: int, name: str, kinds: tuple[str, ...]) -> None:
    if batch.crawl_id is None:
        series.past.add(notices, found)
        return
    series.waiting.append((batch, notices, found))
    total, hits = series.waiting_counts()
    if total < _LEAST_NEW:
        return
    # The mix of kinds that a portal publishes may change. The kind is an alarm only if it is unknown for most notices.
    drop = _DROP if kinds else 1.0
    if not has_fallen(hits, total, series.past, drop):
        series.close_alarms()
        series.past.add(total, hits)
        series.waiting = []
        return
    before = round(100 * series.past.hits / series.past.notices)
    what = f"new {batch.kind} notices" if kinds else "new notices"
    text = (
        f"{batch.portal}: field {name} read in {hits} of {total} {what}, before {before} %: the layout may have changed"
    )
    series.raise_alarm(name, kinds, text)


def _judge_pages(series: _Series, crawl: list[Batch]) -> None:
    """Raise an alarm for pages without any field. They need no past: such a page is never "no award"."""
    if crawl[0].crawl_id is None:
        return
    for batch in crawl:
        # A page of another kind may name nobody, but it has at least a title that says what it is.
        empty = batch.nothing if batch.kind in KINDS else batch.no_words
        series.waiting.append((batch, batch.notices if batch.kind in KINDS else empty, empty))
    total, empty = series.waiting_counts()
    if total < _LEAST_EMPTY:
        return
    if empty >= _LEAST_EMPTY and 2 * empty > total:
        kinds = tuple(sorted({batch.kind for batch, _, count in series.waiting if count}))
        text = f"{crawl[0].portal}: {empty} of {total} new award pages parsed to nothing: the layout may have changed"
        series.raise_alarm("page", kinds, text)
    else:
        series.close_alarms()
        series.waiting = []


def has_fallen(hits: int, notices: int, past: Past, drop: float = _DROP) -> bool:
    """Return whether ``hits`` in ``notices`` is less than half the past rate, or lower by ``drop``, and not by chance.

    Too few notices, new or past, prove nothing.
    """
    if notices < _LEAST_NEW or past.notices < _LEAST_PAST:
        return False
    rate, past_rate = hits / notices, past.hits / past.notices
    if rate >= past_rate / 2 and past_rate - rate < drop:
        return False
    return chance_of_at_most(hits, notices, past) < _RARE


def chance_of_at_most(hits: int, notices: int, past: Past) -> float:
    """Return the probability of at most ``hits`` in ``notices``, given the past (beta-binomial, Jeffreys' prior)."""
    yes, no = past.hits + 0.5, past.notices - past.hits + 0.5
    # Notices that are alike prove less than their number, and a past of few crawls says less about the next one.
    effective_notices = (1 / past.correlation() - 1) * past.crawls / (past.crawls + 1)
    scale = min(1.0, effective_notices / (yes + no))
    yes, no = yes * scale, no * scale
    return sum(
        exp(_log_choose(notices, k) + _log_beta(k + yes, notices - k + no) - _log_beta(yes, no))
        for k in range(hits + 1)
    )


def _log_choose(total: int, chosen: int) -> float:
    return lgamma(total + 1) - lgamma(chosen + 1) - lgamma(total - chosen + 1)


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)
