"""The price of an award: docs/awards.md, section "Price"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from analysis.awards.facts import AwardLot, LotFacts, NoticeFacts, Statement, Supplier
from analysis.awards.lot_matching import match_lots, names_match, numbers_match
from analysis.awards.lots_over_notices import LotMerger


def fill_missing_prices(merger: LotMerger, notices: Sequence[NoticeFacts]) -> None:
    """Take a price that the result leaves out from a contract, else from the winner's own quote as a candidate."""
    for kind in ("contract", "candidate"):
        for notice in notices:
            if notice.kind == kind:
                _fill_prices_from(notice, merger)


def _fill_prices_from(notice: NoticeFacts, merger: LotMerger) -> None:
    unpriced = [lot for lot in merger.lots if lot.amount is None and not lot.withdrawn]
    lots = [lot for lot in notice.lots if lot.suppliers]
    matches = match_lots(unpriced, lots, notice, (numbers_match, names_match))
    # If both sides have one lot only, its number distinguishes it from nothing.
    only_lots = len(lots) == len(merger.lots) == 1
    for lot in lots:
        award_lot = matches.get(lot.seq)
        if award_lot is None:
            comparable = [other for other in unpriced if only_lots or not (other.identified and lot.identified)]
            award_lot = next((other for other in comparable if _has_supplier_of(other, lot)), None)
        if award_lot is None or award_lot.amount is not None or not _has_supplier_of(award_lot, lot):
            continue
        if not lot.identified and _is_price_of_another_lot(lot, merger.lots):
            continue
        if notice.kind == "contract":
            price, partial = lot.amount, False
        else:
            price, partial = sum_quotes(award_lot.suppliers, lot.suppliers)
        if price is not None:
            award_lot.amount, award_lot.partial = price, partial
            award_lot.amount_source, award_lot.amount_notice = notice.kind, notice.key
            award_lot.tax_included = lot.tax_included
            award_lot.statements = [_statement(notice, lot, price)]
            merger.rules.append(f"price of lot {award_lot.no} from {notice.kind} notice {notice.key}")


def hear_witnesses(merger: LotMerger, notices: Sequence[NoticeFacts]) -> None:
    """Keep what contracts and the winners' own quotes say about the price of a lot that has one from elsewhere."""
    priced = [lot for lot in merger.won_lots if lot.amount is not None]
    for notice in notices:
        if notice.kind not in ("contract", "candidate"):
            continue
        lots = [lot for lot in notice.lots if lot.suppliers]
        matches = match_lots(priced, lots, notice, (numbers_match, names_match))
        if len(lots) == len(merger.lots) == len(priced) == 1:
            matches.setdefault(lots[0].seq, priced[0])
        for lot in lots:
            award_lot = matches.get(lot.seq)
            if award_lot is None or award_lot.amount_notice == notice.key or not _has_supplier_of(award_lot, lot):
                continue
            if notice.kind == "contract":
                price, partial = lot.amount, False
            else:
                price, partial = sum_quotes(award_lot.suppliers, lot.suppliers)
            if price is not None and not partial:
                award_lot.statements.append(_statement(notice, lot, price))


def _statement(notice: NoticeFacts, lot: LotFacts, price: Decimal) -> Statement:
    source = "contract" if notice.kind == "contract" else "quote"
    return Statement(source, notice.portal, notice.key, price, tax_included=lot.tax_included)


def _has_supplier_of(award_lot: AwardLot, lot: LotFacts) -> bool:
    """Return whether both name one supplier; one name may contain the other."""
    return any(
        supplier.key in other.key or other.key in supplier.key
        for supplier in award_lot.suppliers
        for other in lot.suppliers
    )


def _is_price_of_another_lot(lot: LotFacts, award_lots: Iterable[AwardLot]) -> bool:
    return any(
        other.amount == lot.amount is not None and other.supplier_keys & lot.supplier_keys for other in award_lots
    )


def sum_quotes(winners: Sequence[Supplier], candidates: Iterable[Supplier]) -> tuple[Decimal | None, bool]:
    """Return the winners' price from their own quotes as candidates, and whether the quote of one of them is missing.

    The quote of a consortium can be listed under any of its members. Suppliers that share a lot have each quoted their
    own share, so their quotes are added.
    """
    with_quote = [candidate for candidate in candidates if candidate.quote is not None]
    quotes = [quote for winner in winners if (quote := _own_quote(winner, with_quote)) is not None]
    if not quotes:
        return None, False
    if any(winner.role == "shared" for winner in winners):
        return sum(quotes, Decimal(0)), len(quotes) < len(winners)
    return quotes[0], False


def _own_quote(winner: Supplier, candidates: Iterable[Supplier]) -> Decimal | None:
    for candidate in candidates:
        if candidate.key == winner.key or (len(winner.key) >= 6 and winner.key in candidate.key):
            return candidate.quote
    return None


def sum_prices(merger: LotMerger, counted: Sequence[AwardLot]) -> tuple[Decimal | None, bool]:
    """Return the sum of the known prices of the counted lots, and whether one is missing.

    If no lot has a price, the joint price is the sum, provided that all lots count.
    """
    prices = [lot.amount for lot in counted if lot.amount is not None]
    if not prices:
        all_counted = all(lot.counted for lot in merger.won_lots or merger.lots)
        return (merger.joint_price, False) if all_counted else (None, False)
    return sum(prices, Decimal(0)), len(prices) < len(counted) or any(lot.partial for lot in counted)


def price_from_imports(imports: Iterable[NoticeFacts], rules: list[str]) -> Decimal | None:
    """Return the price that an imported result gives an award without a price in its notices."""
    for notice in imports:
        for lot in notice.lots:
            if notice.kind == "award" and lot.amount is not None:
                rules.append(f"price from {notice.key}, which tells the award as a whole")
                return lot.amount
    return None


def tax_included(counted: Iterable[AwardLot]) -> bool | None:
    """Return whether the sum includes tax: False if a price excludes it, None if a price does not say."""
    values = {lot.tax_included for lot in counted if lot.amount is not None}
    return False if False in values else True if values == {True} else None
