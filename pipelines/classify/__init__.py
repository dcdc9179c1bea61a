"""What a notice is: about large models or not, what it buys, and who buys it where.

One call fills a notice in place, from short texts only: title, project name, lot names and subjects, buyer, region and
address; the body is asked last. Every decision keeps the words it was read from and the names of its rules in
``notice.evidence``. The vocabulary is in ``pipelines/lexicon``; docs/definition.md explains what counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.classify import relevance
from pipelines.classify.buyer_kind import owner_of
from pipelines.classify.project_type import project_type_of
from pipelines.classify.regions import province_of
from pipelines.classify.relevance import NAMED_IN_BODY, NOTHING, Reading, relevance_of, relevance_of_body
from pipelines.classify.sector import is_a_name, sector_of
from pipelines.classify.stated_values import set_classes, set_relevance, stated_values
from pipelines.classify.subject import Row, subject_rows
from pipelines.classify.vendors import vendor_of
from pipelines.model import Lot, Notice

__all__ = ["classify"]

_FIELDS = ("is_large_model", "project_type", "sector", "province", "buyer_kind")


def classify(notice: Notice, portal_province: str | None = None) -> None:
    """Fill relevance, type, sector, province, the lots' flags, the buyer's kind and the vendor groups of ``notice``.

    ``portal_province`` is the province of all buyers of its portal, if the portal serves one province.

    ``evidence[field]`` has exact words of the notice, ``evidence["rule:<field>"]`` the rules that read them. Calling it
    again gives the same result. A missing field is no error: what nothing says stays None or False.
    """
    for field in _FIELDS:
        notice.evidence.pop(field, None)
        notice.evidence.pop(f"rule:{field}", None)
    names = tuple(name for name in (notice.buyer, notice.agency) if name and is_a_name(name))
    values = stated_values(notice)
    project_counts = _set_relevance(notice, names)
    set_relevance(notice, values)
    _set_project_type(notice, names, project_counts)
    _set_sector(notice)
    _set_province(notice, portal_province)
    _set_buyer(notice)
    for lot in notice.lots:
        for winner in lot.winners:
            winner.vendor = vendor_of(winner.supplier) if winner.supplier else None
    set_classes(notice, values)


def _set_relevance(notice: Notice, names: tuple[str, ...]) -> bool:
    """Fill relevance and the lots' flags. Return whether the project itself, not only a lot, is about large models."""
    counts = relevance.counting_score()
    project = max(
        relevance_of(notice.title, names),
        relevance_of(notice.project_name, names) if notice.project_name != notice.title else NOTHING,
        key=lambda reading: reading.score,
    )
    readings = [_lot_relevance(lot, names) for lot in notice.lots]
    best = max([project, *readings], key=lambda reading: reading.score)
    if best.score < counts and notice.kind != "other" and not project.is_around:
        body = relevance_of_body(notice.body)
        if body.score > project.score:
            project = best = body
    for lot, reading in zip(notice.lots, readings, strict=True):
        # Every lot of a large-model project is part of it.
        lot.is_large_model = reading.score >= counts or project.score >= counts
    notice.relevance = best.score
    notice.is_large_model = best.score >= counts
    deciding = [reading for reading in (project, *readings) if reading.words]
    if notice.is_large_model:
        deciding = [reading for reading in deciding if reading.score >= counts]
    words = [word for reading in deciding for word in reading.words]
    _note(notice, "is_large_model", words, [rule for reading in deciding for rule in reading.rules])
    return project.score >= counts


def _lot_relevance(lot: Lot, names: tuple[str, ...]) -> Reading:
    readings = [relevance_of(lot.lot_name, names)]
    if lot.subject != lot.lot_name:
        readings += [reading for row in subject_rows(lot.subject) for _, reading in _row_readings(row, names)]
    return max(readings, key=lambda reading: reading.score)


def _row_readings(row: Row, names: tuple[str, ...]) -> list[tuple[str, Reading]]:
    """Return the texts of a row of goods with what they say. The scope is not asked if the name buys something else."""
    named = [(text, relevance_of(text, names)) for text in row.names]
    if any(reading.is_around for _, reading in named):
        return named
    return named + [(text, relevance_of(text, names)) for text in row.scope]


def _set_project_type(notice: Notice, names: tuple[str, ...], project_counts: bool) -> None:
    notice.project_type = notice.project_type_second = None
    if not notice.is_large_model:
        return
    name = notice.project_name or notice.title or ""
    project = [(name, 1.0)] if name else []
    lots = _weighed_lots(notice, names)
    # If only lots are about large models, the project's name describes the other lots: it does not count, not even in
    # a row of goods that repeats it, and is asked only if the lots say nothing.
    cover = tuple(filter(None, (notice.project_name, notice.title)))
    project_type = project_type_of(lots, names + cover) if lots and not project_counts else None
    evidence = " ".join(notice.evidence.get("is_large_model", []))
    if NAMED_IN_BODY in notice.evidence.get("rule:is_large_model", []):
        project_type = project_type_of([(evidence, 1.0)])
    project_type = (
        project_type
        or project_type_of(project + lots, names)
        or project_type_of([(notice.title or "", 1.0)], names)
        or project_type_of([(evidence, 1.0)])
    )
    if project_type:
        notice.project_type, notice.project_type_second = project_type.first, project_type.second
        _note(notice, "project_type", project_type.words, project_type.rules)
    else:
        notice.project_type = "application"
        _note(notice, "project_type", notice.evidence.get("is_large_model", []), ["nothing-else-says"])


def _weighed_lots(notice: Notice, names: tuple[str, ...]) -> list[tuple[str, float]]:
    """Return the texts of the large-model lots with their weights, which add up to the weight of the project's name.

    Lots weigh by their money if all of them have some, else all the same.
    """
    lots = [lot for lot in notice.lots if lot.is_large_model and (lot.lot_name or lot.subject)]
    amounts = [float(lot.amount_yuan) if lot.amount_yuan else 0.0 for lot in lots]
    total = sum(amounts)
    weights = [amount / total for amount in amounts] if lots and all(amounts) else [1 / len(lots) for _ in lots]
    texts = [" ".join(filter(None, (lot.lot_name, _goods_text(lot, names)))) for lot in lots]
    return list(zip(texts, weights, strict=True))


def _goods_text(lot: Lot, names: tuple[str, ...]) -> str:
    """Return the goods of a lot that are about large models, or all if none is."""
    rows = subject_rows(lot.subject)
    readings = [found for row in rows for found in _row_readings(row, names)]
    counted = [text for text, reading in readings if reading.score >= relevance.counting_score()]
    return "\n".join(dict.fromkeys(counted or [text for text, _ in readings]))


def _set_sector(notice: Notice) -> None:
    notice.sector = notice.subsector = None
    sector = sector_of(notice.buyer, notice.project_name or notice.title)
    if sector:
        notice.sector, notice.subsector = sector.sector, sector.subsector
        _note(notice, "sector", [sector.words], [sector.rule])


def _set_buyer(notice: Notice) -> None:
    notice.buyer_vendor = vendor_of(notice.buyer) if notice.buyer else None
    notice.buyer_kind = None
    owner = owner_of(notice.buyer, notice.buyer_vendor)
    if owner:
        notice.buyer_kind = owner.kind
        _note(notice, "buyer_kind", [owner.words], [owner.rule])


def _set_province(notice: Notice, portal_province: str | None) -> None:
    notice.province = None
    buyer = notice.buyer if is_a_name(notice.buyer) else None
    place = province_of(buyer, notice.region, notice.buyer_address, notice.title, portal_province=portal_province)
    if place:
        notice.province = place.province
        rule = "portal-serves-one-province" if place.source == "portal" else f"{place.source}-names-a-place"
        _note(notice, "province", [place.words] if place.words else [], [rule])


def _note(notice: Notice, field: str, words: Iterable[str], rules: Iterable[str]) -> None:
    """Keep the words and rules that decided a field, each once."""
    if unique_words := list(dict.fromkeys(words)):
        notice.evidence[field] = unique_words
    if unique_rules := list(dict.fromkeys(rules)):
        notice.evidence[f"rule:{field}"] = unique_rules
