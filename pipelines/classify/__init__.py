"""What a notice is: about large models or not, what it buys, and who buys it where.

One call fills a notice in place, from short texts only: title, project name, lot names and subjects, buyer, region and
address; the body is asked last. Every decision leaves the words it was read from and the names of its rules in
``notice.evidence``. The vocabulary is in ``pipelines/lexicon``; docs/definition.md tells what counts.
"""

from __future__ import annotations

from pipelines.classify import relevance, stated_values
from pipelines.classify.buyer_kind import owner_of
from pipelines.classify.project_type import project_type_of
from pipelines.classify.regions import province_of
from pipelines.classify.relevance import NOTHING, Reading
from pipelines.classify.sector import is_a_name, sector_of
from pipelines.classify.vendors import vendor_of
from pipelines.model import Lot, Notice

__all__ = ["classify"]

_FIELDS = ("is_large_model", "project_type", "sector", "province", "buyer_kind")


def classify(notice: Notice) -> None:
    """Fills relevance, type, sector, province, the lots' flags, what the buyer is and the vendor groups of ``notice``.

    ``evidence[field]`` holds exact words of the notice, ``evidence["rule:<field>"]`` the rules that read them. Calling it
    again gives the same result. Nothing is raised for missing fields: what nothing says stays None or False.
    """
    for field in _FIELDS:
        notice.evidence.pop(field, None)
        notice.evidence.pop(f"rule:{field}", None)
    names = _party_names(notice)
    values = stated_values.given(notice)
    says_it_itself = _relevance(notice, names)
    stated_values.set_relevance(notice, values)
    _project_type(notice, names, says_it_itself)
    _sector(notice)
    _province(notice)
    _buyer(notice)
    for lot in notice.lots:
        for winner in lot.winners:
            winner.vendor = vendor_of(winner.supplier) if winner.supplier else None
    stated_values.set_classes(notice, values)


def _party_names(notice: Notice) -> tuple[str, ...]:
    return tuple(name for name in (notice.buyer, notice.agency) if name and is_a_name(name))


def _relevance(notice: Notice, names: tuple[str, ...]) -> bool:
    """Fills relevance and the lots' flags. Returns whether the project itself, not only a lot of it, is about them."""
    counts = relevance.counts_from()
    project = max(
        relevance.read(notice.title, names),
        relevance.read(notice.project_name, names) if notice.project_name != notice.title else NOTHING,
        key=lambda reading: reading.score,
    )
    readings = [_lot_reading(lot, names) for lot in notice.lots]
    best = max([project, *readings], key=lambda reading: reading.score)
    if best.score < counts and notice.kind != "other":
        body = relevance.read_body(notice.body)
        if body.score > project.score:
            project = best = body
    for lot, reading in zip(notice.lots, readings, strict=True):
        # Every lot of a large-model project is part of it.
        lot.is_large_model = reading.score >= counts or project.score >= counts
    notice.relevance = best.score
    notice.is_large_model = best.score >= counts
    speaking = [reading for reading in (project, *readings) if reading.words]
    if notice.is_large_model:
        speaking = [reading for reading in speaking if reading.score >= counts]
    _note(notice, "is_large_model", [w for r in speaking for w in r.words], [n for r in speaking for n in r.rules])
    return project.score >= counts


def _lot_reading(lot: Lot, names: tuple[str, ...]) -> Reading:
    by_name = relevance.read(lot.lot_name, names)
    if not lot.subject or lot.subject == lot.lot_name:
        return by_name
    return max(by_name, relevance.read(lot.subject, names), key=lambda reading: reading.score)


def _project_type(notice: Notice, names: tuple[str, ...], says_it_itself: bool) -> None:
    notice.project_type = notice.project_type_second = None
    if not notice.is_large_model:
        return
    head = notice.project_name or notice.title or ""
    lots = [lot for lot in notice.lots if lot.is_large_model and (lot.lot_name or lot.subject)]
    # The project's name speaks with the weight of all its lots together; lots weigh by their money where all have some.
    money = [float(lot.amount_yuan) if lot.amount_yuan else 0.0 for lot in lots]
    shares = [amount / sum(money) for amount in money] if lots and all(money) else [1 / len(lots) for _ in lots]
    whole = [(head, 1.0)] if head else []
    parts = [
        (" ".join(filter(None, (lot.lot_name, lot.subject))), share) for lot, share in zip(lots, shares, strict=True)
    ]
    # Where only lots are about large models, the project's name tells what the others buy: it does not count, not in a row of
    # goods that repeats it either, and is asked only if the lots say nothing.
    cover = tuple(filter(None, (notice.project_name, notice.title)))
    found = project_type_of(parts, names + cover) if parts and not says_it_itself else None
    if found is None:
        found = project_type_of(whole + parts, names) or project_type_of([(notice.title or "", 1.0)], names)
    if found is None:
        words = notice.evidence.get("is_large_model", [])
        found = project_type_of([(" ".join(words), 1.0)])
    if found is not None:
        notice.project_type, notice.project_type_second = found.first, found.second
        _note(notice, "project_type", list(found.words), list(found.rules))
    else:
        notice.project_type = "application"
        _note(notice, "project_type", notice.evidence.get("is_large_model", []), ["nothing-else-says"])


def _sector(notice: Notice) -> None:
    notice.sector = notice.subsector = None
    found = sector_of(notice.buyer, notice.project_name or notice.title)
    if found is not None:
        notice.sector, notice.subsector = found.sector, found.subsector
        _note(notice, "sector", [found.words], [found.rule])


def _buyer(notice: Notice) -> None:
    notice.buyer_vendor = vendor_of(notice.buyer) if notice.buyer else None
    notice.buyer_kind = None
    owner = owner_of(notice.buyer, notice.buyer_vendor)
    if owner is not None:
        notice.buyer_kind = owner.kind
        _note(notice, "buyer_kind", [owner.words], [owner.rule])


def _province(notice: Notice) -> None:
    notice.province = None
    buyer = notice.buyer if is_a_name(notice.buyer) else None
    place = province_of(buyer, notice.region, notice.buyer_address, notice.title)
    if place is not None:
        notice.province = place.province
        _note(notice, "province", [place.words], [f"{place.source}-names-a-place"])


def _note(notice: Notice, field: str, words: list[str], rules: list[str]) -> None:
    if words:
        notice.evidence[field] = list(dict.fromkeys(words))
    if rules:
        notice.evidence[f"rule:{field}"] = list(dict.fromkeys(rules))
