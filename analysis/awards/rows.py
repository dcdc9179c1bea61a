"""Awards as rows of the published tables, with the words that each field was read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import orjson

from analysis.awards.facts import Award, AwardLot, NoticeFacts
from analysis.awards.history import AwardState
from analysis.awards.project_identity import base_name

Row = dict[str, Any]

_CHANGING = ("valid_from", "valid_to", "evidence")  # columns in which two neighbouring rows of one state may differ


def state_rows(states: Iterable[AwardState]) -> Iterator[Row]:
    """Yield the states of one component as rows, by key and time. Neighbours that are equal become one row."""
    last: Row | None = None
    for state in sorted(states, key=lambda state: (state.award_key, state.since)):
        row = _state_row(state)
        if last is not None and _continues(last, row):
            last["valid_to"], last["evidence"] = row["valid_to"], row["evidence"]
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def _continues(last: Row, row: Row) -> bool:
    return last["valid_to"] == row["valid_from"] and all(last[name] == row[name] for name in row.keys() - _CHANGING)


def _state_row(state: AwardState) -> Row:
    award = state.award
    naming = [notice for notice in award.notices if notice.names_supplier]
    if award.awarded_on is not None:
        naming = [notice for notice in naming if notice.kind == "award"]
    return {
        "award_key": state.award_key,
        "valid_from": state.since,
        "valid_to": state.until,
        **{name: award.fields[name] for name in ("project_number", "project_name", "title")},
        **{name: award.fields[name] for name in ("buyer", "buyer_vendor", "buyer_kind", "province")},
        "awarded_on": award.awarded_on,
        "status": award.status,
        "amount_yuan": _amount_text(award.amount),
        "amount_partial": award.partial,
        "disclosed": award.disclosed,
        "flags": award.flags,
        "confirmed_amount_yuan": _amount_text(award.confirmed),
        "tax_included": award.tax_included,
        "is_large_model": award.is_large_model,
        "relevance": award.relevance,
        **{name: award.fields[name] for name in ("project_type", "sector", "subsector")},
        "suppliers": award.suppliers,
        "vendors": award.vendors,
        "own_group": award.own_group,
        "portals": _unique(notice.portal for notice in naming),
        "notice_keys": [notice.key for notice in award.notices],
        "lots": [_lot_row(lot) for lot in award.lots],
        "evidence": _evidence(award) if state.until is None else None,
    }


def _lot_row(lot: AwardLot) -> Row:
    return {
        "lot_no": lot.no,
        "lot_name": lot.name,
        "state": lot.state,
        "counted": lot.counted,
        "is_large_model": lot.is_large_model,
        "amount_yuan": _amount_text(lot.amount),
        "amount_source": lot.amount_source,
        "suppliers": [supplier.name for supplier in lot.suppliers],
        "vendors": _unique(supplier.vendor for supplier in lot.suppliers if supplier.vendor),
        "notice_key": lot.amount_notice or lot.notice_key,
    }


def _evidence(award: Award) -> Row:
    """Return for each field the notices it was read from and their words, then the rules that applied."""
    evidence_by_notice = {notice.key: _parse_evidence(notice) for notice in award.notices}

    def quote(notice_key: str, *fields: str) -> Row:
        """Return the words of one notice for ``fields``, and the classification rules of the first of them."""
        evidence = evidence_by_notice[notice_key]
        words = _unique(word for field in fields for word in evidence.get(field, ()))
        rules = _unique(evidence.get(f"rule:{fields[0]}", ()))
        return {"notice_key": notice_key, **({"words": words} if words else {}), **({"rules": rules} if rules else {})}

    evidence: Row = {field: [quote(key, field)] for field, key in award.sources.items()}
    results = (notice for notice in award.notices if notice.kind == "award" and notice.published_on is not None)
    first_result = next((notice for notice in results if notice.published_on == award.awarded_on), None)
    if first_result:
        evidence["awarded_on"] = [quote(first_result.key, "published_on")]
    counted = [lot for lot in award.lots if lot.counted]
    winner_notices = _unique(lot.notice_key for lot in counted)
    evidence["suppliers"] = [quote(key, "supplier", "suppliers", "winners") for key in winner_notices]
    price_notices = _unique(lot.amount_notice for lot in counted if lot.amount_notice)
    evidence["amount_yuan"] = [quote(key, "amount_yuan", "amount", "amounts") for key in price_notices]
    large_model_notices = [notice.key for notice in award.notices if notice.is_large_model]
    evidence["is_large_model"] = [quote(key, "is_large_model") for key in large_model_notices]
    evidence["joined"] = [
        {"notice_key": notice.key, "by": _reason_for_joining(notice, award)}
        for notice in award.notices
        if notice is not award.anchor
    ]
    evidence["flags"] = award.flag_evidence
    evidence["rules"] = award.rules
    evidence["reviewed"] = award.reviewed
    return {field: value for field, value in evidence.items() if value}


def _reason_for_joining(notice: NoticeFacts, award: Award) -> str:
    """Return what a notice shares with the others of its award: the number, or the buyer and the name."""
    others = [other for other in award.notices if other is not notice]
    same_number = next((other for other in others if other.number_key and other.number_key == notice.number_key), None)
    if same_number:
        return f"number {notice.project_number} as in {same_number.key}"
    name = base_name(notice.name_key)
    same_name = [other for other in others if other.buyer_key == notice.buyer_key and base_name(other.name_key) == name]
    if not same_name:
        return "a notice that shares number, or buyer and name, with it"
    nearest = min(same_name, key=lambda other: (abs(other.day - notice.day), other.key))
    return f"buyer and project name as in {nearest.key}, {abs(nearest.day - notice.day)} days apart"


def _parse_evidence(notice: NoticeFacts) -> dict[str, list[str]]:
    """Return the words of a notice by field, as its evidence column has them; nothing if that is no such JSON."""
    if not notice.evidence:
        return {}
    try:
        evidence = orjson.loads(notice.evidence)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(evidence, dict):
        return {}
    return {field: [str(word) for word in words] for field, words in evidence.items() if isinstance(words, list)}


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _amount_text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
