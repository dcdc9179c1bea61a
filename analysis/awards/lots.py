"""The lots of one award, notice after notice: docs/awards.md, sections "Lots", "Corrections" and "Voids".

Notices come in chronological order. A lot that is told again is the same lot; what is new about it replaces what was
known; what is cancelled stays void until a result names a winner anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from analysis.awards.facts import Lot, LotState, Notice, Supplier

Test = Callable[[LotState, Lot, Notice], bool]


class LotBook:
    """The lots of one award as far as its notices have been read; ``total`` is a price told for all of them together."""

    def __init__(self) -> None:
        self.lots: list[LotState] = []
        self.total: Decimal | None = None
        self.total_notice: str | None = None
        self.rules: list[str] = []
        self._some_lot_failed = False  # then a second tender may be for that lot, and adds to the others

    @property
    def live(self) -> list[LotState]:
        return [lot for lot in self.lots if lot.state == "won"]

    def award(self, notice: Notice) -> None:
        """Takes a result: lots told again are completed or replaced, the others are added."""
        won = [lot for lot in notice.lots if lot.suppliers and not lot.failed]
        self._some_lot_failed |= len(won) < len(notice.lots)
        if not won or self._tells_all_at_once(notice, won):
            return
        self._split_what_was_told_at_once(notice, won)
        tests = (same_number, same_name, _same_price, _same_winner)
        # What stands is told again before what was cancelled: a copy of the second result must not revive the first beside it.
        matches = match(self.live, won, notice, tests)
        gone = [lot for lot in self.lots if lot.state != "won"]
        matches |= match(gone, [lot for lot in won if lot.seq not in matches], notice, tests)
        if notice.replaces or (notice.retender and not self._some_lot_failed):
            self._match_the_only_one(matches, won)
        for lot in won:
            known = matches.get(lot.seq)
            if known is None and self._was_replaced(lot, notice):
                self.rules.append(f"{notice.key} tells what was replaced: left out")
            elif known is None:
                self.lots.append(new_lot(lot, notice, "won"))
            else:
                self._tell_again(known, lot, notice)

    def correct(self, notice: Notice) -> None:
        """Takes a correction of a result: what it names is replaced, what it leaves out stands."""
        told = [lot for lot in notice.lots if lot.suppliers or lot.amount is not None or lot.failed]
        if not self.lots or not told:
            return
        matches = match(self.lots, told, notice, (same_number, same_name, _same_winner, _same_place))
        self._match_the_only_one(matches, told)
        for lot in told:
            known = matches.get(lot.seq)
            if known is None and lot.suppliers and lot.identified and not lot.failed:
                self.lots.append(new_lot(lot, notice, "won"))
                self.rules.append(f"correction {notice.key} adds a lot")
            elif known is None:
                self.rules.append(f"correction {notice.key} names a lot that no result has: left out")
            elif lot.failed:
                known.state = "void"
                self.rules.append(f"correction {notice.key} takes lot {known.no} back")
            elif known.state == "won":
                self._correct_lot(known, lot, notice)

    def cancel(self, notice: Notice) -> None:
        """Takes a cancellation: of the lots it names, or of all where it names none."""
        named = [lot for lot in notice.lots if lot.identified]
        live = self.live
        if named:
            matches = match(live, named, notice, (same_number, same_name, _same_place))
            target = list(matches.values()) or (live if len(live) == 1 and not live[0].identified else [])
        else:
            target = live
        for lot in target:
            lot.state = "void"
            lot.notices.add(notice.key)
        if target:
            self.rules.append(f"{notice.key} cancels " + ("the result" if not named else f"{len(target)} lot(s)"))

    def _was_replaced(self, lot: Lot, notice: Notice) -> bool:
        """Whether this is another portal's late copy of a result that was corrected since."""
        elsewhere = [known for known in self.lots if notice.portal not in known.portals]
        told = ((known, keys, amount) for known in elsewhere for keys, amount in known.replaced)
        return any(
            keys == lot.keys and lot.amount in (None, amount) and not (known.identified and lot.identified)
            for known, keys, amount in told
        )

    def _match_the_only_one(self, matches: dict[int, LotState], told: list[Lot]) -> None:
        """A correction that does not say which lot it means, or that has only one to mean, means the only one there is."""
        live = self.live
        if len(told) == len(live) == 1 and not matches and not (told[0].identified and live[0].identified):
            matches[told[0].seq] = live[0]

    def _tell_again(self, known: LotState, lot: Lot, notice: Notice) -> None:
        same_portal = notice.portal in known.portals
        untold = lot.amount is None and not same_portal  # a copy that leaves the price out
        old = any(keys == lot.keys and (lot.amount == amount or untold) for keys, amount in known.replaced)
        known.portals.add(notice.portal)
        known.large |= lot.large
        if known.state == "void":
            if same_portal or not (lot.keys & known.keys):
                _replace(known, lot, notice)
                known.state = "won"
                self.rules.append(f"{notice.key} names a winner after the cancellation")
        elif not old:
            if lot.keys & known.keys:
                if len(lot.keys) >= len(known.keys) or same_portal:
                    known.suppliers = lot.suppliers
                stale = known.amount_source == "correction" and not same_portal and not notice.replaces
                if lot.amount is not None and not stale and not _rounds(lot.amount, known.amount):
                    _set_amount(known, lot, notice, "award")
            else:
                _replace(known, lot, notice)
                self.rules.append(f"{notice.key} replaces the winner of lot {known.no}")
        known.notices.add(notice.key)
        known.name = known.name or lot.name
        known.key = known.key or lot.key
        if lot.numbered and not known.numbered:
            known.no, known.numbered = lot.no, True

    def _correct_lot(self, known: LotState, lot: Lot, notice: Notice) -> None:
        if lot.suppliers and lot.keys != known.keys:
            known.replaced.add((known.keys, known.amount))
            known.suppliers = lot.suppliers
            self.rules.append(f"correction {notice.key} replaces the winner of lot {known.no}")
        if lot.amount is not None and lot.amount != known.amount:
            _set_amount(known, lot, notice, "correction")
            self.rules.append(f"correction {notice.key} replaces the price of lot {known.no}")
        known.notices.add(notice.key)

    def _tells_all_at_once(self, notice: Notice, won: list[Lot]) -> bool:
        """Another portal's notice that gives all lots as one, winners and price together, adds no lot."""
        live = self.live
        if len(won) != 1 or won[0].identified or len(live) < 2 or any(notice.portal in lot.portals for lot in live):
            return False
        lot, winners = won[0], {key for known in live for key in known.keys}
        priced = [known.amount for known in live if known.amount is not None]
        if not lot.keys & winners or not (lot.keys >= winners or lot.amount is None or lot.amount == sum(priced)):
            return False
        if lot.amount is not None and not priced:
            self.total, self.total_notice = lot.amount, notice.key
        self.rules.append(f"{notice.key} tells all lots as one")
        return True

    def _split_what_was_told_at_once(self, notice: Notice, won: list[Lot]) -> None:
        """The reverse: the lots one by one, after another portal had told them as one."""
        live = self.live
        if len(live) != 1 or live[0].identified or len(won) < 2 or notice.portal in live[0].portals:
            return
        whole = live[0]
        prices = [lot.amount for lot in won if lot.amount is not None]
        if any(lot.amount == whole.amount is not None and lot.keys & whole.keys for lot in won):
            return
        if any(lot.keys & whole.keys for lot in won) and (whole.keys <= {k for lot in won for k in lot.keys}):
            self.lots.remove(whole)
            if not prices and whole.amount is not None:
                self.total, self.total_notice = whole.amount, whole.amount_notice
            self.rules.append(f"{notice.key} tells lot by lot what {whole.notice} told as one")


def match(known: list[LotState], told: Iterable[Lot], notice: Notice, tests: tuple[Test, ...]) -> dict[int, LotState]:
    """Which known lot each told lot is, by the surest test first; no lot is taken twice. Keyed by the told lot's ``seq``."""
    found: dict[int, LotState] = {}
    free = list(known)
    for test in tests:
        for lot in told:
            if lot.seq in found:
                continue
            hit = next((k for k in free if test(k, lot, notice)), None)
            if hit is not None:
                found[lot.seq] = hit
                free.remove(hit)
    return found


def new_lot(lot: Lot, notice: Notice, state: str) -> LotState:
    return LotState(
        no=lot.no, numbered=lot.numbered, name=lot.name, key=lot.key, amount=lot.amount,
        amount_source=notice.kind if lot.amount is not None else None,
        amount_notice=notice.key if lot.amount is not None else None,
        tax_included=lot.tax_included, large=lot.large, state=state, suppliers=lot.suppliers, notice=notice.key,
        title=notice.title, portals={notice.portal}, notices={notice.key}, replaced=set(),
    )  # fmt: skip


def quote_of(suppliers: tuple[Supplier, ...], offers: Iterable[Supplier]) -> tuple[Decimal | None, bool]:
    """The winners' own quotes among the candidates' offers, and whether one of them is missing.

    A consortium's quote stands under any of its members. Of a lot that several share each has quoted its own share.
    """
    offered = [offer for offer in offers if offer.quote is not None]
    found = [quote for supplier in suppliers if (quote := _own_quote(supplier, offered)) is not None]
    if not found:
        return None, False
    if any(supplier.role == "shared" for supplier in suppliers):
        return sum(found, Decimal(0)), len(found) < len(suppliers)
    return found[0], False


def _own_quote(supplier: Supplier, offered: Iterable[Supplier]) -> Decimal | None:
    for offer in offered:
        if offer.key == supplier.key or (len(supplier.key) >= 6 and supplier.key in offer.key):
            return offer.quote
    return None


def _replace(known: LotState, lot: Lot, notice: Notice) -> None:
    """Another winner: the old winner's price goes with the old winner."""
    known.replaced.add((known.keys, known.amount))
    known.suppliers, known.notice, known.title = lot.suppliers, notice.key, notice.title
    known.amount, known.tax_included = lot.amount, lot.tax_included
    known.amount_source = notice.kind if lot.amount is not None else None
    known.amount_notice = notice.key if lot.amount is not None else None


def _set_amount(known: LotState, lot: Lot, notice: Notice, source: str) -> None:
    if known.amount is not None:
        known.replaced.add((known.keys, known.amount))
    known.amount, known.tax_included = lot.amount, lot.tax_included
    known.amount_source, known.amount_notice = source, notice.key


def _rounds(amount: Decimal, exact: Decimal | None) -> bool:
    """Whether ``amount`` is only ``exact`` written in fewer digits (208.09 万元 for 2080926.19 元), or equal to it."""
    return exact is not None and (amount == exact or (amount % 100 == 0 and abs(amount - exact) < 100))


def same_number(known: LotState, lot: Lot, notice: Notice) -> bool:
    if not (known.numbered and lot.numbered and known.no == lot.no):
        return False
    other_name = known.key is not None and lot.key is not None and known.key != lot.key
    return not (other_name and lot.suppliers and not known.keys & lot.keys)


def _numbers_differ(known: LotState, lot: Lot) -> bool:
    return known.numbered and lot.numbered and known.no != lot.no


def same_name(known: LotState, lot: Lot, notice: Notice) -> bool:
    return known.key is not None and known.key == lot.key and not _numbers_differ(known, lot)


def _same_price(known: LotState, lot: Lot, notice: Notice) -> bool:
    """The same winner at the same price, where not both say which lot they mean, or name it in another portal's words."""
    if lot.amount is None or known.amount != lot.amount or not known.keys & lot.keys or _numbers_differ(known, lot):
        return False
    return not (known.identified and lot.identified and notice.portal in known.portals)


def _same_winner(known: LotState, lot: Lot, notice: Notice) -> bool:
    """The winner's only lot in another portal's (or a corrected, or a repeated) notice."""
    if (known.identified and lot.identified) or not known.keys & lot.keys:
        return False
    if sum(bool(x.keys & known.keys) for x in notice.lots if not x.failed) != 1:
        return False
    retold = notice.portal not in known.portals or notice.kind == "correction" or notice.replaces
    unpriced = known.amount is None or lot.amount is None
    return retold or unpriced or (notice.title is not None and notice.title == known.title)


def _same_place(known: LotState, lot: Lot, notice: Notice) -> bool:
    """A written number, where the result numbered nothing: its second lot is then the one called 包2 later."""
    return known.no == lot.no and lot.numbered and not known.numbered
