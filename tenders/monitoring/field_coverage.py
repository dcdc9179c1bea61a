"""Whether a portal's pages are still read as they were: how often each field is found, against the portal's own past."""

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
# How alike the notices of one crawl are, beyond chance (one agency's come on one day and are written alike): their correlation,
# as it is taken to be before the portal's past says better, and the number of notices that weighs as much as this guess.
_ALIKE, _GUESS_WEIGHT = 0.05, 300
# An alarm is raised where so low a rate would come once in 5,000 crawls, and it is less than half or 20 points lower.
_RARE = 2e-4
_DROP = 0.2


@dataclass(frozen=True, slots=True)
class Batch:
    """The notices of one kind first seen in one crawl (``crawl_id`` None: read from files), in how many each field was found.

    ``nothing``: pages on which neither buyer nor supplier nor project number was found; ``no_words``: no title either.
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
class Finding:
    """``subject``: the field that is no longer found (``page``: nothing at all). ``crawls`` are those whose notices of
    ``kinds`` are meant, the last one first noticed it. ``is_open`` until a later crawl is well."""

    portal: str
    subject: str
    kinds: tuple[str, ...]
    crawls: tuple[str, ...]
    checked_at: datetime
    text: str
    is_open: bool = True


@dataclass(slots=True)
class Past:
    """How often something was found before: in ``hits`` of ``notices`` of ``crawls``; ``spread`` is the sum of hits²/notices."""

    crawls: int = 0
    notices: int = 0
    hits: int = 0
    spread: float = 0.0

    def add(self, notices: int, hits: int) -> None:
        self.crawls += 1
        self.notices += notices
        self.hits += hits
        self.spread += hits * hits / notices

    def alike(self) -> float:
        """The correlation between notices of one crawl, from how far the crawls' rates lie apart."""
        rate = self.hits / self.notices
        excess = 0.0
        if 0 < rate < 1:
            excess = (self.spread - self.notices * rate * rate) / (rate * (1 - rate)) - (self.crawls - 1)
        return (max(0.0, excess) + _ALIKE * _GUESS_WEIGHT) / (self.notices - self.crawls + _GUESS_WEIGHT)


@dataclass(slots=True)
class _Series:
    """One rate of one portal in time. Crawls with few notices are taken together until there are enough to judge."""

    past: Past = field(default_factory=Past)
    waiting: list[tuple[Batch, int, int]] = field(default_factory=list)  # with notices and hits
    findings: list[Finding] = field(default_factory=list)

    def waited(self) -> tuple[int, int]:
        return sum(notices for _, notices, _ in self.waiting), sum(hits for _, _, hits in self.waiting)

    def close(self) -> None:
        for finding in self.findings:
            finding.is_open = False

    def raise_alarm(self, subject: str, kinds: tuple[str, ...], text: str) -> None:
        batches = [batch for batch, _, _ in self.waiting]
        crawls = tuple(dict.fromkeys(batch.crawl_id for batch in batches if batch.crawl_id))
        last = batches[-1]
        assert last.checked_at is not None
        self.findings.append(Finding(last.portal, subject, kinds, crawls, last.checked_at, text))
        self.waiting = []


def judge(batches: Iterable[Batch], unpublished: Mapping[str, Iterable[str]] | None = None) -> list[Finding]:
    """All alarms of these batches, which come in the order of time, portal by portal.

    ``unpublished``: fields by portal that it does not publish, so that nothing is made of their absence.
    """
    silent = {portal: set(fields) for portal, fields in (unpublished or {}).items()}
    rates: dict[tuple[str, str, str], _Series] = {}
    pages: dict[str, _Series] = {}
    for (portal, _, _), grouped in groupby(batches, key=lambda batch: (batch.portal, batch.crawl_id, batch.checked_at)):
        crawl = list(grouped)
        for batch in crawl:
            for name in FIELDS if batch.kind in KINDS else ():
                if name not in silent.get(portal, ()):
                    series = rates.setdefault((portal, batch.kind, name), _Series())
                    _judge_rate(series, batch, batch.notices, batch.found[name], name, (batch.kind,))
        notices, unknown = (
            sum(batch.notices for batch in some) for some in (crawl, [b for b in crawl if b.kind == "other"])
        )
        _judge_rate(rates.setdefault((portal, "", "kind"), _Series()), crawl[0], notices, notices - unknown, "kind", ())
        _judge_pages(pages.setdefault(portal, _Series()), crawl)
    findings = [finding for series in (*rates.values(), *pages.values()) for finding in series.findings]
    return sorted(findings, key=lambda finding: (finding.portal, finding.checked_at, finding.text))


def _judge_rate(series: _Series, batch: Batch, notices: int, found: int, name: str, kinds: tuple[str, ...]) -> None:
    if batch.crawl_id is None:
        series.past.add(notices, found)
        return
    series.waiting.append((batch, notices, found))
    total, hits = series.waited()
    if total < _LEAST_NEW:
        return
    # Which kinds a portal publishes may change; that most of them cannot be told any more is another matter.
    drop = _DROP if kinds else 1.0
    if not fallen(hits, total, series.past, drop):
        series.close()
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
    """Pages in which nothing was found need no past to be wrong: such a page is never "no award"."""
    if crawl[0].crawl_id is None:
        return
    for batch in crawl:
        # A page of another kind may rightly name nobody; but not where not even a title says what it is.
        empty = batch.nothing if batch.kind in KINDS else batch.no_words
        series.waiting.append((batch, batch.notices if batch.kind in KINDS else empty, empty))
    total, empty = series.waited()
    if total < _LEAST_EMPTY:
        return
    if empty >= _LEAST_EMPTY and 2 * empty > total:
        kinds = tuple(sorted({batch.kind for batch, _, count in series.waiting if count}))
        text = f"{crawl[0].portal}: {empty} of {total} new award pages parsed to nothing: the layout may have changed"
        series.raise_alarm("page", kinds, text)
    else:
        series.close()
        series.waiting = []


def fallen(hits: int, notices: int, past: Past, drop: float = _DROP) -> bool:
    """Whether a rate of ``hits`` in ``notices`` is less than half of its past, or by ``drop`` lower, and this is no chance.

    Too few notices of either prove nothing.
    """
    if notices < _LEAST_NEW or past.notices < _LEAST_PAST:
        return False
    now, before = hits / notices, past.hits / past.notices
    if now >= before / 2 and before - now < drop:
        return False
    return chance_of_at_most(hits, notices, past) < _RARE


def chance_of_at_most(hits: int, notices: int, past: Past) -> float:
    """The chance of at most ``hits`` in ``notices``, as the past has it (beta-binomial, Jeffreys' prior)."""
    yes, no = past.hits + 0.5, past.notices - past.hits + 0.5
    # Notices that are alike tell less than their number, and a past of few crawls says less of the next one.
    worth = (1 / past.alike() - 1) * past.crawls / (past.crawls + 1)
    scale = min(1.0, worth / (yes + no))
    yes, no = yes * scale, no * scale
    whole = _log_beta(yes, no)
    return sum(
        exp(
            lgamma(notices + 1) - lgamma(k + 1) - lgamma(notices - k + 1) + _log_beta(k + yes, notices - k + no) - whole
        )
        for k in range(hits + 1)
    )


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)
