"""The lots of one award, notice after notice: docs/awards.md, sections "Lots", "Status" and "Corrections".

Notices come in chronological order. A lot that a later notice repeats is the same lot, and what the later notice says
replaces what was known. A cancelled lot stays void until a result names a winner again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from analysis.awards.facts import AwardLot, LotFacts, NoticeFacts, Statement
from analysis.awards.flags import more_likely, statements_of
from analysis.awards.lot_matching import (
    match_lots,
    names_match,
    numbers_match,
    positions_match,
    prices_match,
    winners_match,
)
from analysis.awards.unit_corrections import unit_factor
from pipelines.common.money import is_unit_slip

# A smaller price is that of nothing: its unit was right before.
_SMALLEST_PRICE = Decimal(1000)
_RESULT_TESTS = (numbers_match, names_match, prices_match, winners_match)


class LotMerger:
    """The lots of one award, as far as its notices have been read.

    ``joint_price`` is a price that was published for all lots together. ``rules`` are the rules that applied, as text
    for the award's evidence.
    """

    def __init__(self) -> None:
        self.lots: list[AwardLot] = []
        self.joint_price: Decimal | None = None
        self.rules: list[str] = []
        # Prices that notices state for all lots together, until one of the lots is corrected.
        self._totals: list[Statement] = []
        # If a lot failed, a second tender may be for that lot alone. Its result then adds a lot and replaces none.
        self._has_failed_lot = False

    @property
    def won_lots(self) -> list[AwardLot]:
        """Return the lots that have a winner now."""
        return [lot for lot in self.lots if lot.state == "won"]

    def add_result(self, notice: NoticeFacts) -> None:
        """Apply a result: update the lots that it repeats and add the others."""
        lots = [lot for lot in notice.lots if lot.suppliers and not lot.failed]
        self._has_failed_lot |= len(lots) < len(notice.lots)
        if not lots or self._is_summary(notice, lots):
            return
        self._drop_summary(notice, lots)
        # Lots with a winner are matched before cancelled ones: a copy of the second result must not revive the first.
        matches = match_lots(self.won_lots, lots, notice, _RESULT_TESTS)
        lost_lots = [lot for lot in self.lots if lot.state != "won"]
        unmatched = [lot for lot in lots if lot.seq not in matches]
        matches |= match_lots(lost_lots, unmatched, notice, _RESULT_TESTS)
        if notice.replaces_result or (notice.is_retender and not self._has_failed_lot):
            self._match_only_lots(matches, lots)
            self._match_replaced_lot(matches, lots, notice)
        for lot in lots:
            award_lot = matches.get(lot.seq)
            if award_lot is not None:
                self._update_lot(award_lot, lot, notice)
            elif self._is_late_copy(lot, notice):
                self.rules.append(f"{notice.key} tells what was replaced: left out")
            else:
                self.lots.append(create_lot(lot, notice, "won"))

    def apply_correction(self, notice: NoticeFacts) -> None:
        """Apply a correction of a result: replace what it names and keep the rest."""
        lots = [
            lot for lot in notice.lots if lot.suppliers or lot.amount is not None or lot.failed or lot.states_no_sum
        ]
        if not lots:
            self._correct_unit(notice)
        if not self.lots or not lots:
            return
        tests = (numbers_match, names_match, winners_match, positions_match)
        matches = match_lots(self.lots, lots, notice, tests)
        self._match_only_lots(matches, lots)
        self._match_replaced_lot(matches, lots, notice)
        for lot in lots:
            award_lot = matches.get(lot.seq)
            if award_lot is None and lot.suppliers and lot.identified and not lot.failed:
                self.lots.append(create_lot(lot, notice, "won"))
                self.rules.append(f"correction {notice.key} adds a lot")
            elif award_lot is None:
                self.rules.append(f"correction {notice.key} names a lot that no result has: left out")
            elif lot.failed:
                award_lot.state = "void"
                self.rules.append(f"correction {notice.key} takes lot {award_lot.no} back")
            elif award_lot.state == "won":
                self._correct_lot(award_lot, lot, notice)

    def apply_cancellation(self, notice: NoticeFacts) -> None:
        """Apply a cancellation of the lots it names, or of all lots if it names none."""
        named = [lot for lot in notice.lots if lot.identified]
        cancelled = won_lots = self.won_lots
        if named:
            matches = match_lots(won_lots, named, notice, (numbers_match, names_match, positions_match))
            only_lot = won_lots if len(won_lots) == 1 and not won_lots[0].identified else []
            cancelled = list(matches.values()) or only_lot
        for lot in cancelled:
            lot.state = "void"
        if cancelled:
            self.rules.append(f"{notice.key} cancels " + (f"{len(cancelled)} lot(s)" if named else "the result"))

    @property
    def portals_of_joint_price(self) -> int:
        """Return how many portals state the joint price."""
        return len({total.portal for total in self._totals if total.amount == self.joint_price})

    def compare_totals(self) -> None:
        """Give the lots the prices that were stated for all of them, to be compared with the sum of their own."""
        lots = self.won_lots
        prices = [lot.amount for lot in lots if lot.amount is not None]
        if not prices or len(prices) < len(lots):
            return
        price = sum(prices, Decimal(0))
        for total in self._totals:
            for lot in lots:
                lot.statements.append(replace(total, compared=price, of_lots=len(lots)))

    def _is_late_copy(self, lot: LotFacts, notice: NoticeFacts) -> bool:
        """Return whether this is another portal's late copy of a result that was corrected since."""
        return any(
            suppliers == lot.supplier_keys
            and lot.amount in (None, amount)
            and not (award_lot.identified and lot.identified)
            for award_lot in self.lots
            if notice.portal not in award_lot.portals
            for suppliers, amount in award_lot.replaced
        )

    def _match_only_lots(self, matches: dict[int, AwardLot], lots: Sequence[LotFacts]) -> None:
        """Match the only lot of the notice with the only lot of the award, unless both say which lot they mean."""
        won_lots = self.won_lots
        if len(lots) == len(won_lots) == 1 and not matches and not (lots[0].identified and won_lots[0].identified):
            matches[lots[0].seq] = won_lots[0]

    def _match_replaced_lot(self, matches: dict[int, AwardLot], lots: Sequence[LotFacts], notice: NoticeFacts) -> None:
        """Match the one lot that names none with the one lot whose winner or price the notice calls replaced."""
        unmatched = [lot for lot in lots if lot.seq not in matches and not lot.identified]
        if len(unmatched) != 1 or not notice.replacement_words:
            return
        taken = {id(award_lot) for award_lot in matches.values()}
        free = [award_lot for award_lot in self.won_lots if id(award_lot) not in taken]
        named = [award_lot for award_lot in free if _is_named_in(notice.replacement_words, award_lot, unmatched[0])]
        if len(named) == 1:
            matches[unmatched[0].seq] = named[0]

    def _update_lot(self, award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> None:
        """Apply what a result says about a lot that the award has already."""
        same_portal = notice.portal in award_lot.portals
        lacks_price = lot.amount is None and not same_portal  # a copy that leaves the price out
        repeats_replaced = any(
            suppliers == lot.supplier_keys and (lot.amount == amount or lacks_price)
            for suppliers, amount in award_lot.replaced
        )
        award_lot.is_large_model |= lot.is_large_model
        has_known_supplier = bool(lot.supplier_keys & award_lot.supplier_keys)
        if award_lot.state == "void":
            if same_portal or not has_known_supplier:
                _replace_winner(award_lot, lot, notice)
                award_lot.state = "won"
                self.rules.append(f"{notice.key} names a winner after the cancellation")
        elif not repeats_replaced and has_known_supplier:
            if len(lot.supplier_keys) >= len(award_lot.supplier_keys) or same_portal:
                award_lot.suppliers = lot.suppliers
            # Another portal's copy may still have the price of before the correction.
            is_corrected = award_lot.amount_source == "correction" or award_lot.withdrawn
            outdated = is_corrected and not same_portal and not notice.replaces_result
            if lot.states_no_sum and notice.replaces_result and award_lot.amount is not None:
                _withdraw_price(award_lot)
            if not outdated:
                _hear_price(award_lot, lot, notice)
        elif not repeats_replaced:
            _replace_winner(award_lot, lot, notice)
            self.rules.append(f"{notice.key} replaces the winner of lot {award_lot.no}")
        award_lot.portals.add(notice.portal)
        award_lot.name = award_lot.name or lot.name
        award_lot.key = award_lot.key or lot.key
        if lot.numbered and not award_lot.numbered:
            award_lot.no, award_lot.numbered = lot.no, True

    def _correct_lot(self, award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> None:
        if lot.suppliers and lot.supplier_keys != award_lot.supplier_keys:
            award_lot.replaced.add((award_lot.supplier_keys, award_lot.amount))
            award_lot.suppliers = lot.suppliers
            self.rules.append(f"correction {notice.key} replaces the winner of lot {award_lot.no}")
        if lot.amount is not None and lot.amount != award_lot.amount:
            _replace_price(award_lot, lot, notice, "correction")
            self._totals.clear()
            self.rules.append(f"correction {notice.key} replaces the price of lot {award_lot.no}")
        elif lot.states_no_sum and award_lot.amount is not None:
            _withdraw_price(award_lot)
            self.rules.append(f"correction {notice.key} withdraws the price of lot {award_lot.no}")

    def _correct_unit(self, notice: NoticeFacts) -> None:
        """Apply a correction that changes only the unit of the price, if one lot was won."""
        factor = unit_factor(notice.replacement_words)
        priced = [award_lot for award_lot in self.won_lots if award_lot.amount is not None]
        if factor is None or len(priced) != 1 or len(self.won_lots) != 1:
            return
        award_lot = priced[0]
        amount = (award_lot.amount or Decimal(0)) * factor
        if amount < _SMALLEST_PRICE:
            return  # the result was already read in the right unit
        award_lot.replaced.add((award_lot.supplier_keys, award_lot.amount))
        award_lot.amount = amount.quantize(Decimal("0.01"))
        award_lot.amount_source, award_lot.amount_notice = "correction", notice.key
        award_lot.statements = [Statement("price", notice.portal, notice.key, award_lot.amount)]
        self._totals.clear()
        self.rules.append(f"correction {notice.key} changes the unit of the price of lot {award_lot.no}")

    def _is_summary(self, notice: NoticeFacts, lots: Sequence[LotFacts]) -> bool:
        """Return whether another portal's notice gives all known lots as one, which adds no lot.

        Keeps its price as the joint price if the lots have none.
        """
        won_lots = self.won_lots
        if len(lots) != 1 or lots[0].identified or len(won_lots) < 2:
            return False
        if any(notice.portal in award_lot.portals for award_lot in won_lots):
            return False
        summary = lots[0]
        winners = {key for award_lot in won_lots for key in award_lot.supplier_keys}
        prices = [award_lot.amount for award_lot in won_lots if award_lot.amount is not None]
        if not summary.supplier_keys & winners:
            return False
        if not (summary.supplier_keys >= winners or summary.amount is None or summary.amount == sum(prices)):
            return False
        if summary.amount is not None:
            self._totals.append(Statement("price", notice.portal, notice.key, summary.amount))
            self.joint_price = self.joint_price if prices else summary.amount
        self.rules.append(f"{notice.key} tells all lots as one")
        return True

    def _drop_summary(self, notice: NoticeFacts, lots: Sequence[LotFacts]) -> None:
        """Remove the only known lot if it was another portal's summary of the lots that this notice lists one by one.

        Keeps its price as the joint price if the notice gives none.
        """
        won_lots = self.won_lots
        if len(won_lots) != 1 or won_lots[0].identified or len(lots) < 2 or notice.portal in won_lots[0].portals:
            return
        summary = won_lots[0]
        same_winner = [lot for lot in lots if lot.supplier_keys & summary.supplier_keys]
        if any(lot.amount == summary.amount is not None for lot in same_winner):
            return  # it is one of the lots, not all of them
        if not same_winner or not summary.supplier_keys <= {key for lot in lots for key in lot.supplier_keys}:
            return
        self.lots.remove(summary)
        if summary.amount is not None:
            self._totals += [statement for statement in summary.statements if statement.source == "price"]
            if all(lot.amount is None for lot in lots):
                self.joint_price = summary.amount
        self.rules.append(f"{notice.key} tells lot by lot what {summary.notice_key} told as one")


def _is_named_in(words: str, award_lot: AwardLot, lot: LotFacts) -> bool:
    """Return whether words name the lot's winner, if it is not the new one too, or else its price."""
    text = re.sub(r"[\s（）()【】\[\]]", "", words).upper()
    old = award_lot.supplier_keys - lot.supplier_keys
    if old and any(key in text for key in old):
        return True
    return award_lot.amount is not None and award_lot.amount != lot.amount and award_lot.amount in _sums_in(text)


def _sums_in(text: str) -> set[Decimal]:
    """Return the sums of money in a text, in yuan: 120 万元, 1,200,000.00."""
    sums: set[Decimal] = set()
    for match in re.finditer(r"(\d[\d,]{0,15}(?:\.\d{1,8})?)(万)?", text):
        sums.add(Decimal(match[1].replace(",", "")) * (10_000 if match[2] else 1))
    return sums


def create_lot(lot: LotFacts, notice: NoticeFacts, state: str) -> AwardLot:
    """Return a new lot of the award from a lot of a notice."""
    return AwardLot(
        no=lot.no,
        numbered=lot.numbered,
        name=lot.name,
        key=lot.key,
        amount=lot.amount,
        amount_source=notice.kind if lot.amount is not None else None,
        amount_notice=notice.key if lot.amount is not None else None,
        tax_included=lot.tax_included,
        is_large_model=lot.is_large_model,
        state=state,
        suppliers=lot.suppliers,
        notice_key=notice.key,
        title=notice.title,
        portals={notice.portal},
        replaced=set(),
        statements=statements_of(lot, notice),
    )


def _replace_winner(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> None:
    """Replace the suppliers, and the price with them: it was the price of the old winner."""
    award_lot.replaced.add((award_lot.supplier_keys, award_lot.amount))
    award_lot.suppliers, award_lot.notice_key, award_lot.title = lot.suppliers, notice.key, notice.title
    award_lot.amount, award_lot.tax_included = lot.amount, lot.tax_included
    award_lot.amount_source = notice.kind if lot.amount is not None else None
    award_lot.amount_notice = notice.key if lot.amount is not None else None
    award_lot.statements = statements_of(lot, notice)
    award_lot.withdrawn = False


def _replace_price(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts, source: str) -> None:
    if award_lot.amount is not None:
        award_lot.replaced.add((award_lot.supplier_keys, award_lot.amount))
    award_lot.amount, award_lot.tax_included = lot.amount, lot.tax_included
    award_lot.amount_source, award_lot.amount_notice = source, notice.key
    award_lot.statements = statements_of(lot, notice)
    award_lot.withdrawn = False


def _hear_price(award_lot: AwardLot, lot: LotFacts, notice: NoticeFacts) -> None:
    """Take the price of a lot from a further result, and keep what was stated before if it is another witness.

    A portal that publishes its result again replaces what it stated, unless the two differ by a unit slip.
    """
    price = award_lot.amount
    if lot.amount is None or price is None:
        if lot.amount is not None:
            _replace_price(award_lot, lot, notice, "award")
        return
    slipped = is_unit_slip(lot.amount, price)
    replaces = notice.replaces_result or (notice.portal in award_lot.portals and not slipped)
    statements = [*([] if replaces else award_lot.statements), *statements_of(lot, notice)]
    is_better = more_likely(price, lot.amount, statements) == lot.amount if slipped else True
    if is_better and not _is_rounded(lot.amount, price):
        _replace_price(award_lot, lot, notice, "award")
    award_lot.statements = statements


def _withdraw_price(award_lot: AwardLot) -> None:
    """Remove the price: a rate or a unit price has taken its place."""
    award_lot.replaced.add((award_lot.supplier_keys, award_lot.amount))
    award_lot.amount = award_lot.amount_source = award_lot.amount_notice = award_lot.tax_included = None
    award_lot.statements = []
    award_lot.withdrawn = True


def _is_rounded(amount: Decimal, exact: Decimal | None) -> bool:
    """Return whether ``amount`` equals ``exact`` or is a shorter form of it, such as 208.09 万元 for 2080926.19 元."""
    return exact is not None and (amount == exact or (amount % 100 == 0 and abs(amount - exact) < 100))
