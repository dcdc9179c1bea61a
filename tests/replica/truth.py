"""Computes the expected awards: contract section 6, written a second time in the simplest way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.replica.model import AwardTruth, Event, Lot, Posting, Price, Project


def award_of(project: Project) -> AwardTruth | None:
    """Return the one award of a project, or None if nobody has won or been proposed yet."""
    lots: dict[int, Lot] = {}
    first: date | None = None
    void = has_failed = False
    contract_price: dict[int, Lot] = {}
    candidates: dict[int, Lot] = {}
    for event in sorted(project.events, key=lambda e: e.at):
        if event.what == "award":
            won = [lot for lot in event.lots if lot.won]
            if not won:
                continue
            if void:
                lots, void = {}, False
            lots.update({lot.no: _keep_known_price(lots.get(lot.no), lot) for lot in won})
            first = first or event.at.date()
        elif event.what == "correction":
            lots.update({change.lot_no: change.after for change in event.changes})
        elif event.what == "void":
            void = True
        elif event.what == "failed":
            candidates, has_failed = {}, first is None
        elif event.what == "contract":
            contract_price.update({lot.no: lot for lot in event.lots})
        elif event.what == "candidate":
            candidates, has_failed = {lot.no: lot for lot in event.lots}, False
    if first is None:
        return _candidate_award(project, candidates) if candidates and not has_failed else None
    counted = _select_counted_lots(project, lots)
    amounts = [_lot_amount(lot, contract_price, candidates) for lot in counted]
    known_amounts = [amount for amount in amounts if amount is not None]
    suppliers: list[str] = []
    for lot in counted:
        suppliers += [winner.name for winner in lot.winners if winner.name not in suppliers]
    return replace(
        _award_without_result(project, first, lots),
        status="void" if void else "awarded",
        amount_yuan=sum(known_amounts, Decimal(0)) if known_amounts else None,
        amount_partial=bool(known_amounts) and len(known_amounts) < len(amounts),
        suppliers=tuple(suppliers),
    )


def _keep_known_price(before: Lot | None, lot: Lot) -> Lot:
    """Keep the known price when a result is published again without it."""
    same = before is not None and before.winners == lot.winners and lot.price.kind == "undisclosed"
    return before if before is not None and same else lot


def _select_counted_lots(project: Project, lots: dict[int, Lot]) -> list[Lot]:
    """Return the lots about large models, or all lots if the project as a whole is."""
    about = [lot for lot in lots.values() if lot.large_model]
    return sorted((lots.values() if project.large_model or not about else about), key=lambda lot: lot.no)


def _award_without_result(project: Project, day: date, lots: dict[int, Lot]) -> AwardTruth:
    """Return an award with the project's facts, but without amount and suppliers."""
    return AwardTruth(
        project=project.key,
        number=project.number,
        name=project.name,
        buyer=project.buyer.name,
        province=project.buyer.province,
        awarded_on=day,
        status="awarded",
        large_model=project.large_model or any(lot.large_model for lot in lots.values()),
        amount_yuan=None,
        amount_partial=False,
        suppliers=(),
        project_types=project.project_types,
        sector=project.buyer.sector,
        paths=tuple(event.path for event in project.events),
        traits=project.traits,
    )


def _candidate_award(project: Project, candidates: dict[int, Lot]) -> AwardTruth:
    """Return the award of a project with candidates only. All of them are suppliers, and it has no price."""
    names: list[str] = []
    for lot in _select_counted_lots(project, candidates):
        names += [
            name for name in (*(w.name for w in lot.winners), *(name for name, _ in lot.losers)) if name not in names
        ]
    day = max(event.at for event in project.events if event.what == "candidate").date()
    return replace(_award_without_result(project, day, candidates), status="candidate", suppliers=tuple(names))


def _lot_amount(lot: Lot, contracts: dict[int, Lot], candidates: dict[int, Lot]) -> Decimal | None:
    """Return the amount of a lot in yuan, from the result, the contract, or the candidates' bids."""
    if lot.price.kind == "total":
        return lot.price.yuan
    other = contracts.get(lot.no)
    if other and other.price.kind == "total":
        return other.price.yuan
    proposed = candidates.get(lot.no)
    if lot.price.kind != "undisclosed" or proposed is None or proposed.price.kind != "total":
        return None
    bids = {w.name: w.quote for w in proposed.winners} | dict(proposed.losers)
    winning_bids = [bids.get(winner.name) for winner in lot.winners if winner.role != "consortium_member"]
    known_bids = [quote for quote in winning_bids if quote is not None]
    return sum(known_bids, Decimal(0)) if known_bids and len(known_bids) == len(winning_bids) else None


def without_sums(lots: tuple[Lot, ...]) -> tuple[Lot, ...]:
    """Return the lots as a copy without sums shows them."""
    return tuple(
        replace(one, price=Price("undisclosed"), losers=()) if one.price.kind == "total" else one for one in lots
    )


def market_award(project: Project, postings: list[Posting]) -> AwardTruth | None:
    """Return the award across all portals.

    Each event counts from its first publication anywhere. Its sums are known if any copy prints them.
    """
    events: list[Event] = []
    for index, event in enumerate(project.events):
        copies = [posting for posting in postings if posting.fact == index]
        if not copies:
            continue
        lots = event.lots if any(copy.shows_amount for copy in copies) else without_sums(event.lots)
        events.append(replace(event, at=min(copy.at for copy in copies), lots=lots))
    award = award_of(replace(project, events=tuple(events)))
    return award and replace(award, paths=tuple(posting.key for posting in postings))
