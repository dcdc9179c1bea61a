"""Which lot of a notice is which lot of its award: docs/awards.md, section "Lots"."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from analysis.awards.facts import AwardLot, LotFacts, NoticeFacts

# Whether a lot of a notice is this lot of the award. The notice is the one that the lot is from.
LotTest = Callable[[AwardLot, LotFacts, NoticeFacts], bool]


def match_lots(
    award_lots: Iterable[AwardLot], lots: Iterable[LotFacts], notice: NoticeFacts, tests: Iterable[LotTest]
) -> dict[int, AwardLot]:
    """Return which lot of the award each lot of the notice is, by the ``seq`` of the latter.

    Put the surest test first. No lot of the award is used twice.
    """
    matches: dict[int, AwardLot] = {}
    free = list(award_lots)
    for test in tests:
        for lot in lots:
            if lot.seq in matches:
                continue
            match = next((award_lot for award_lot in free if test(award_lot, lot, notice)), None)
            if match is not None:
                matches[lot.seq] = match
                free.remove(match)
    return matches


def numbers_match(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> bool:
    """Test for the same written number, unless both name and supplier differ."""
    if not (award_lot.numbered and lot.numbered and award_lot.no == lot.no):
        return False
    names_differ = award_lot.key is not None and lot.key is not None and award_lot.key != lot.key
    return not (names_differ and lot.suppliers and not award_lot.supplier_keys & lot.supplier_keys)


def names_match(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> bool:
    """Test for the same name, without another number."""
    return award_lot.key is not None and award_lot.key == lot.key and not _numbers_differ(award_lot, lot)


def prices_match(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> bool:
    """Test for the same winner at the same price.

    If one portal identifies both, they are two lots. Two portals may name one lot differently.
    """
    if lot.amount is None or award_lot.amount != lot.amount or _numbers_differ(award_lot, lot):
        return False
    if not award_lot.supplier_keys & lot.supplier_keys:
        return False
    return not (award_lot.identified and lot.identified and notice.portal in award_lot.portals)


def winners_match(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> bool:
    """Test for the winner's only lot in a notice that repeats the result.

    Another portal's copy, a correction and a new issue of the result repeat it.
    """
    if (award_lot.identified and lot.identified) or not award_lot.supplier_keys & lot.supplier_keys:
        return False
    won_lots = [other for other in notice.lots if not other.failed and other.supplier_keys & award_lot.supplier_keys]
    if len(won_lots) != 1:
        return False
    repeats = notice.portal not in award_lot.portals or notice.kind == "correction" or notice.replaces_result
    lacks_price = award_lot.amount is None or lot.amount is None
    return repeats or lacks_price or (notice.title is not None and notice.title == award_lot.title)


def positions_match(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> bool:
    """Test for a written number if the result numbered nothing: its second lot is the one that is later called 包2."""
    return award_lot.no == lot.no and lot.numbered and not award_lot.numbered


def candidate_matches(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> bool:
    """Test for the only lot that has the winner among its candidates, if the result does not say which lot it is."""
    if notice.kind != "candidate" or award_lot.identified:
        return False
    return [lot] == [other for other in notice.lots if other.supplier_keys & award_lot.supplier_keys]


def _numbers_differ(award_lot: AwardLot, lot: LotFacts) -> bool:
    return award_lot.numbered and lot.numbered and award_lot.no != lot.no
