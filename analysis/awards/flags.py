"""What is doubtful about the price of an award: docs/awards.md, section "Flags".

A witness is an independent statement of the price. Statements that agree confirm it; statements that contradict each
other are flagged, and so is a large price with a single witness.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from analysis.awards.facts import AwardLot, LotFacts, NoticeFacts, Statement
from pipelines.common.money import agree, are_equal, is_unit_slip

Flag = Literal["amount_conflict", "unit_conflict", "amount_unconfirmed"]

# In the order in which they are shown.
FLAGS: tuple[Flag, ...] = ("amount_conflict", "unit_conflict", "amount_unconfirmed")
# Above this, a sum with one witness is flagged, and above the other it waits for a person.
_UNCONFIRMED = Decimal(5 * 10**8)
_WAITING = Decimal(10**9)
_WITNESSES = 2
# Of two sums 10^4 apart, at most one is as large as prices are.
_SMALL, _LARGE = Decimal(10**4), Decimal(10**8)
# Rates of value added tax, current and former.
_TAX_FACTORS = tuple(Decimal(100 + rate) / 100 for rate in (1, 3, 5, 6, 9, 10, 11, 13, 16, 17))
_TAX_TOLERANCE = Decimal("0.001")


@dataclass(slots=True)
class PriceCheck:
    """The flags of an award, and for each the statements that contradict each other or the single witness."""

    flags: list[str] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    disclosed: bool = True


def statements_of(lot: LotFacts, notice: NoticeFacts) -> list[Statement]:
    """Return what a notice states about the price of one of its lots, the price that it gives the lot first."""
    if lot.amount is None:
        return []
    statements = [Statement("price", notice.portal, notice.key, lot.amount, tax_included=lot.tax_included)]
    statements += [Statement(one.source, notice.portal, notice.key, one.amount, one.words) for one in lot.stated]
    won = [other for other in notice.lots if other.suppliers and not other.failed]
    if notice.stated and all(other.amount is not None for other in won):
        price = sum((other.amount for other in won if other.amount is not None), Decimal(0))
        statements += [
            Statement(one.source, notice.portal, notice.key, one.amount, one.words, compared=price, of_lots=len(won))
            for one in notice.stated
        ]
    return statements


def more_likely(price: Decimal, other: Decimal, statements: Sequence[Statement]) -> Decimal:
    """Return the more likely one of two sums that are 10^4 apart: the one that more witnesses state.

    If both have as many, it is the one from 10,000 to 100 million yuan, where most prices are; else the smaller one.
    """
    for_price, for_other = (len(_witnesses(statements, amount)) for amount in (price, other))
    if for_price != for_other:
        return price if for_price > for_other else other
    usual = [amount for amount in (price, other) if _SMALL <= amount < _LARGE]
    return usual[0] if len(usual) == 1 else min(price, other)


def check_price(
    counted: Sequence[AwardLot], all_lots: Sequence[AwardLot], amount: Decimal | None, portals_of_joint_price: int
) -> PriceCheck:
    """Return the flags of an award with this amount, which is the sum of the prices of its ``counted`` lots.

    If no lot has a price of its own, ``portals_of_joint_price`` is the number of portals that give the joint price.
    """
    check = PriceCheck(disclosed=amount is not None)
    if amount is None:
        return check
    flagged: set[str] = set()
    priced = [lot for lot in counted if lot.amount is not None]
    for lot in priced:
        for statement in _holding(lot, all_lots):
            flag = _contradiction(lot, statement)
            if flag is not None:
                flagged.add(flag)
                evidence = _evidence(flag, lot, statement)
                check.evidence += [evidence] if evidence not in check.evidence else []
    unconfirmed = sum(
        (
            lot.amount
            for lot in priced
            if lot.amount is not None and len(_witnesses(_holding(lot, all_lots), lot.amount)) < _WITNESSES
        ),
        Decimal(0),
    )
    if not priced and portals_of_joint_price < _WITNESSES:
        unconfirmed = amount
    if unconfirmed > _UNCONFIRMED:
        flagged.add("amount_unconfirmed")
        check.evidence.append({"flag": "amount_unconfirmed", "amount_yuan": str(unconfirmed)})
        check.disclosed = unconfirmed <= _WAITING
    check.flags = [flag for flag in FLAGS if flag in flagged]
    return check


def _holding(lot: AwardLot, all_lots: Sequence[AwardLot]) -> list[Statement]:
    """Return the statements about a lot that hold. One about several lots holds until one of them is corrected."""
    return [
        statement
        for statement in lot.statements
        if statement.compared is None or sum(statement in other.statements for other in all_lots) == statement.of_lots
    ]


def _witnesses(statements: Iterable[Statement], amount: Decimal) -> set[str]:
    """Return the independent sources that state this amount."""
    return {
        one.portal if one.source == "price" else one.source
        for one in statements
        if agree(one.amount, amount if one.compared is None else one.compared)
    }


def _contradiction(lot: AwardLot, statement: Statement) -> Flag | None:
    price = lot.amount if statement.compared is None else statement.compared
    assert price is not None
    same = are_equal if statement.source in ("digits", "capitals") else agree
    if same(price, statement.amount) or _differ_by_tax(lot, statement, price):
        return None
    if is_unit_slip(price, statement.amount):
        return "unit_conflict"
    # A contract may be about a part of what was won.
    return None if statement.source == "contract" else "amount_conflict"


def _differ_by_tax(lot: AwardLot, statement: Statement, price: Decimal) -> bool:
    """Return whether only one of the two holds tax, as far as the notices say."""
    holds_tax = {lot.tax_included, statement.tax_included}
    if statement.source not in ("price", "quote", "contract") or False not in holds_tax or len(holds_tax) == 1:
        return False
    small, large = sorted((price, statement.amount))
    return True in holds_tax or any(abs(small * factor - large) <= _TAX_TOLERANCE * large for factor in _TAX_FACTORS)


def _evidence(flag: Flag, lot: AwardLot, statement: Statement) -> dict[str, Any]:
    """Return the two sides of a contradiction."""
    evidence: dict[str, Any] = {
        "flag": flag,
        "amount_yuan": str(lot.amount if statement.compared is None else statement.compared),
        "other_yuan": str(statement.amount),
        "source": statement.source,
        "notice_key": statement.notice_key,
    }
    return evidence | ({"words": [statement.words]} if statement.words else {})
