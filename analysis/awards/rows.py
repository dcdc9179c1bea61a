"""Awards as rows of the published tables, with the words that each field was read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from analysis.awards.facts import Award, LotState, Notice
from analysis.awards.grouping import base_name
from analysis.awards.history import State

Row = dict[str, Any]


def state_rows(states: Iterable[State]) -> Iterator[Row]:
    """The states of one component as rows in the order of key and time; equal neighbours become one."""
    last: Row | None = None
    for state in sorted(states, key=lambda s: (s.award_key, s.since)):
        row = _row(state)
        if last is not None and _continues(last, row):
            last["valid_to"], last["evidence"] = row["valid_to"], row["evidence"]
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def _continues(last: Row, row: Row) -> bool:
    moving = ("valid_from", "valid_to", "evidence")
    return last["valid_to"] == row["valid_from"] and all(last[k] == row[k] for k in row if k not in moving)


def _row(state: State) -> Row:
    award = state.award
    told = [n for n in award.notices if n.names_someone and (n.kind == "award" or award.awarded_on is None)]
    return {
        "award_key": state.award_key,
        "valid_from": state.since,
        "valid_to": state.until,
        **{name: award.fields[name] for name in ("project_number", "project_name", "title")},
        **{name: award.fields[name] for name in ("buyer", "buyer_vendor", "buyer_kind", "province")},
        "awarded_on": award.awarded_on,
        "status": award.status,
        "amount_yuan": _text(award.amount),
        "amount_partial": award.partial,
        "disclosed": award.amount is not None,
        "tax_included": award.tax_included,
        "is_large_model": award.large,
        "relevance": award.relevance,
        **{name: award.fields[name] for name in ("project_type", "sector", "subsector")},
        "suppliers": award.suppliers,
        "vendors": award.vendors,
        "own_group": award.own_group,
        "portals": list(dict.fromkeys(n.portal for n in told)),
        "notice_keys": [n.key for n in award.notices],
        "lots": [_lot(lot) for lot in award.lots],
        "evidence": _evidence(award) if state.until is None else None,
    }


def _lot(lot: LotState) -> Row:
    return {
        "lot_no": lot.no,
        "lot_name": lot.name,
        "state": lot.state,
        "counted": lot.counted,
        "is_large_model": lot.large,
        "amount_yuan": _text(lot.amount),
        "amount_source": lot.amount_source,
        "suppliers": [s.name for s in lot.suppliers],
        "vendors": list(dict.fromkeys(s.vendor for s in lot.suppliers if s.vendor)),
        "notice_key": lot.amount_notice or lot.notice,
    }


def _evidence(award: Award) -> Row:
    """Field by field the notice it was taken from and the words there; then the rules that fired."""
    words = {n.key: _words(n) for n in award.notices}

    def said(notice_key: str, *fields: str) -> Row:
        known = words[notice_key]
        found = {"words": [w for f in fields for w in known.get(f, ())], "rules": known.get(f"rule:{fields[0]}", [])}
        return {"notice_key": notice_key, **{k: list(dict.fromkeys(v)) for k, v in found.items() if v}}

    evidence: Row = {field: [said(key, field)] for field, key in award.sources.items()}
    first = next((n for n in award.notices if n.kind == "award" and n.day == award.awarded_on and n.day), None)
    if first:
        evidence["awarded_on"] = [said(first.key, "published_on")]
    counted = [lot for lot in award.lots if lot.counted]
    evidence["suppliers"] = [
        said(key, "supplier", "suppliers", "winners") for key in dict.fromkeys(x.notice for x in counted)
    ]
    prices = dict.fromkeys(lot.amount_notice for lot in counted if lot.amount_notice)
    evidence["amount_yuan"] = [said(key, "amount_yuan", "amount", "amounts") for key in prices]
    large = [n.key for n in award.notices if n.large]
    evidence["is_large_model"] = [said(key, "is_large_model") for key in large]
    evidence["joined"] = [
        {"notice_key": n.key, "by": _joined_by(n, award)} for n in award.notices if n is not award.anchor
    ]
    evidence["rules"] = award.rules
    evidence["reviewed"] = award.reviewed
    return {field: value for field, value in evidence.items() if value}


def _joined_by(notice: Notice, award: Award) -> str:
    """What a notice shares with the others of its award: the number, or the buyer and the name."""
    others = [n for n in award.notices if n is not notice]
    same_number = next((n for n in others if n.number_key and n.number_key == notice.number_key), None)
    if same_number:
        return f"number {notice.number} as in {same_number.key}"
    same_name = [
        n for n in others if n.buyer_key == notice.buyer_key and base_name(n.name_key) == base_name(notice.name_key)
    ]
    if not same_name:
        return "a notice that shares number, or buyer and name, with it"
    nearest = min(same_name, key=lambda n: (abs(n.when - notice.when), n.key))
    return f"buyer and project name as in {nearest.key}, {abs(nearest.when - notice.when)} days apart"


def _words(notice: Notice) -> dict[str, list[str]]:
    if not notice.evidence:
        return {}
    try:
        value = orjson.loads(notice.evidence)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(value, dict):
        return {}
    return {str(k): [str(x) for x in v] for k, v in value.items() if isinstance(v, list)}


def _text(amount: Any) -> str | None:
    return None if amount is None else str(amount)
