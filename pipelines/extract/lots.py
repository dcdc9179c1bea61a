"""From the places that name winners to the lots of a notice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pipelines.common.money import are_equal
from pipelines.extract.amounts import NOTHING, Amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.parties import PERCENT, Party, split_parties
from pipelines.extract.party_names import clean_party
from pipelines.model import Lot, Role, Winner
from pipelines.text.column_roles import LOT_MARK

# One supplier may win hundreds of packages. A repeat is near what it repeats, so only the last entries are compared.
_COMPARED_ENTRIES = 20
_NO_NAME = re.compile(r"[\d/\\\-—无\s]+")  # 1, /, —, 无


def build_lots(entries: Sequence[Entry], *, candidates: bool) -> list[Lot]:
    """Return one lot for each package. Entries that name no package are packages of their own, in reading order.

    Several entries of one package share it (a framework). Candidates that name no package are all for one.
    """
    groups: dict[tuple[str, int | str, str | None], list[Entry]] = {}
    for index, entry in enumerate(_without_repeats(_number_across_groups(entries))):
        key: tuple[str, int | str, str | None]
        if entry.lot is not None:
            key = ("lot", entry.lot, entry.group)
        elif entry.lot_name:
            key = ("name", entry.lot_name, entry.group)
        else:
            shares = (_percent(entry.share) or 100) < 100
            key = ("all", 0, None) if candidates or shares else ("entry", index, None)
        groups.setdefault(key, []).append(entry)
    used = {entry.lot for entry in entries if entry.lot is not None}
    lots: list[Lot] = []
    free = 1
    for members in groups.values():
        number = members[0].lot
        if number is None:
            while free in used:
                free += 1
            number = free
            used.add(free)
        lots.append(_lot(number, members, candidates))
    return _without_rejected_bidders(sorted(lots, key=lambda lot: lot.lot_no))


def _number_across_groups(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Number the packages of all groups in one sequence, if several groups have a package of the same number.

    A name that several packages have gets its group and package added.
    """
    places = {(entry.group, entry.lot): entry for entry in entries if entry.lot is not None}
    if len({lot for _, lot in places}) == len(places):
        return entries
    numbers = {place: number for number, place in enumerate(places, 1)}
    names = Counter(entry.lot_name for entry in places.values())
    renumbered = []
    for entry in entries:
        number = numbers.get((entry.group, entry.lot)) if entry.lot is not None else None
        if number is None:
            renumbered.append(entry)
            continue
        place = f"{entry.group or ''} 包{entry.lot}".strip()
        own_name = "" if entry.lot_name == entry.group else entry.lot_name or ""
        is_unique = entry.lot_name and names[entry.lot_name] == 1
        name = entry.lot_name if is_unique else f"{own_name} {place}".strip()
        renumbered.append(replace(entry, lot=number, lot_name=name, numbered=False))
    return renumbered


def _without_repeats(entries: Sequence[Entry]) -> list[Entry]:
    """Drop an entry that an earlier one has in the same words (a summary above the table)."""
    kept: list[Entry] = []
    by_name: dict[tuple[str | None, str | None], list[Entry]] = {}
    for entry in entries:
        earlier = by_name.setdefault((clean_party(entry.supplier), entry.lot_name), [])
        same = [] if entry.failed else [one for one in earlier[-_COMPARED_ENTRIES:] if entry.lot in (None, one.lot)]
        is_repeat = any(
            one.amount == entry.amount and (entry.lot is not None or entry.amount.kind == "undisclosed") for one in same
        )
        if is_repeat or (same and entry.amount is NOTHING and entry.lot is None and not entry.lot_name):
            continue
        kept.append(entry)
        earlier.append(entry)
    return kept


def _lot(number: int, members: Sequence[Entry], candidates: bool) -> Lot:
    won = _stated_once([entry for entry in members if not entry.failed])
    lot = Lot(
        lot_no=number,
        # The row of a failed package may have the same number as another package's row in the table of winners.
        lot_name=next((_clean_lot_name(entry.lot_name) for entry in won or members if entry.lot_name), None),
        failed=not won,
        numbered=any(entry.numbered for entry in members),
    )
    if not won:
        return lot
    several = len(won) > 1
    suppliers: set[str] = set()
    for entry in won:
        parties = split_parties(entry.supplier)
        share = _percent(entry.share)
        for position, party in enumerate(parties):
            if party.name in suppliers:
                continue
            suppliers.add(party.name)
            lot.winners.append(
                Winner(
                    supplier=party.name,
                    position=entry.rank if candidates else len(lot.winners) + 1,
                    role=_role(party, position, len(parties), several, candidates),
                    share_pct=party.share_pct if party.share_pct is not None else share,
                    amount_yuan=entry.amount.yuan if position == 0 or not party.consortium else None,
                )
            )
    if candidates:
        # Quotes belong to their bidders. Whether they hold tax is kept once for all of them.
        lot.tax_included = next(
            (entry.amount.tax_included for entry in won if entry.amount.tax_included is not None), None
        )
        return lot
    set_amount(lot, won[0].amount if _quote_the_whole_lot(won) else _lot_amount([entry.amount for entry in won]))
    return lot


def _stated_once(entries: Sequence[Entry]) -> list[Entry]:
    """Return the winners of one package without those that are stated again with the same price in other words."""
    kept: dict[tuple[str | None, Decimal | int | None], Entry] = {}
    for index, entry in enumerate(entries):
        is_priced = entry.amount.kind == "total"
        kept.setdefault((clean_party(entry.supplier), entry.amount.yuan if is_priced else -index), entry)
    return list(kept.values())


def set_amount(lot: Lot, amount: Amount) -> None:
    """Write an amount into a lot."""
    lot.amount_yuan, lot.amount_kind = amount.yuan, amount.kind
    lot.amount_text, lot.tax_included = amount.text, amount.tax_included
    lot.unit_assumed, lot.price_statements = amount.unit_assumed, list(amount.statements)


def _lot_amount(amounts: Sequence[Amount]) -> Amount:
    """Return what a lot costs: the sum of its winners' own prices, or the one price that is given."""
    sums = [amount for amount in amounts if amount.kind == "total" and amount.yuan is not None]
    if not sums:
        return next((amount for amount in amounts if amount.kind != "undisclosed"), amounts[0])
    if len(sums) == 1:
        return sums[0]
    total = sum((amount.yuan for amount in sums if amount.yuan is not None), Decimal(0))
    return Amount(
        "total",
        total,
        "; ".join(amount.text for amount in sums if amount.text),
        sums[0].tax_included,
        all(amount.unit_assumed for amount in sums),
        # What is stated again is the part of one winner.
        tuple(
            replace(statement, amount_yuan=total - amount.yuan + statement.amount_yuan)
            for amount in sums
            for statement in amount.statements
            if amount.yuan is not None and not are_equal(amount.yuan, statement.amount_yuan)
        ),
    )


def _quote_the_whole_lot(won: Sequence[Entry]) -> bool:
    """Return whether winners with different shares have the same price, which then is that of the lot: 60% and 40%."""
    shares = {_percent(entry.share) for entry in won}
    return len(shares) > 1 and None not in shares and len({entry.amount.yuan for entry in won}) == 1


def _role(party: Party, position: int, parties: int, several: bool, candidates: bool) -> Role:
    if candidates:
        return "candidate"
    if party.consortium and parties > 1:
        return "consortium_lead" if position == 0 else "consortium_member"
    return "shared" if several or parties > 1 else "sole"


def _percent(text: str | None) -> Decimal | None:
    match = PERCENT.search(text or "")
    return Decimal(match.group(1)) if match else None


def _clean_lot_name(text: str | None) -> str | None:
    name = (text or "").strip(" :：")
    if not name or _NO_NAME.fullmatch(name) or LOT_MARK.fullmatch(name):
        return None
    return name


def _without_rejected_bidders(lots: list[Lot]) -> list[Lot]:
    """Drop rows of 废标结果 that name a package which was won: they are about a rejected bidder."""
    won = [lot for lot in lots if not lot.failed]
    won_names = {lot.lot_name for lot in won if lot.lot_name}
    is_only_package = len(won) == 1 and not won[0].numbered
    return [lot for lot in lots if not lot.failed or not (is_only_package or lot.lot_name in won_names)]
