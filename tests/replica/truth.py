"""The expected awards: contract section 6 told a second time, in the plainest way, over the events of a project."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.replica.model import AwardTruth, Lot, Project


def award_of(project: Project) -> AwardTruth | None:
    """The one award of a project, or None where nobody has won anything yet."""
    lots: dict[int, Lot] = {}
    first: date | None = None
    void = False
    contract_price: dict[int, Lot] = {}
    for event in sorted(project.events, key=lambda e: e.at):
        if event.what == "award":
            won = [lot for lot in event.lots if lot.won]
            if not won:
                continue
            if void:
                lots, void = {}, False
            lots.update({lot.no: lot for lot in won})
            first = first or event.at.date()
        elif event.what == "correction":
            lots.update({change.lot_no: change.after for change in event.changes})
        elif event.what == "void":
            void = True
        elif event.what == "contract":
            contract_price.update({lot.no: lot for lot in event.lots})
    if first is None:
        return None
    subject = project.large_model
    about = [lot for lot in lots.values() if lot.large_model]
    counted = sorted((lots.values() if subject or not about else about), key=lambda lot: lot.no)
    amounts = [_amount(lot, contract_price) for lot in counted]
    known = [amount for amount in amounts if amount is not None]
    suppliers: list[str] = []
    for lot in counted:
        suppliers += [winner.name for winner in lot.winners if winner.name not in suppliers]
    return AwardTruth(
        project=project.key, number=project.number, name=project.name, buyer=project.buyer.name, province=project.buyer.province,
        awarded_on=first, status="void" if void else "awarded", large_model=subject or bool(about),
        amount_yuan=sum(known, Decimal(0)) if known else None, amount_partial=bool(known) and len(known) < len(amounts),
        suppliers=tuple(suppliers), project_types=project.project_types, sector=project.buyer.sector,
        paths=tuple(event.path for event in project.events), traits=project.traits,
    )


def _amount(lot: Lot, contracts: dict[int, Lot]) -> Decimal | None:
    if lot.price.kind == "total":
        return lot.price.yuan
    other = contracts.get(lot.no)
    return other.price.yuan if other and other.price.kind == "total" else None
