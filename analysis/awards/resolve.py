"""What one award is, from its notices in chronological order: docs/awards.md, sections "Status" to "Classes".

Pure: the same notices give the same award, and nothing is used that the notices do not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from analysis.awards.facts import TABLES, Award, LotState, Notice, Supplier
from analysis.awards.lots import LotBook, match, new_lot, quote_of, same_name, same_number
from analysis.awards.reviewed import Decision

# Whose word counts first for what the award is called and what it is.
_SPEAKERS = ("award", "correction", "candidate", "contract", "tender", "single_source", "failed")
_FIELDS = ("project_number", "project_name", "title", "buyer", "province")
_EPOCH = date(1970, 1, 1).toordinal()
_DAY, _SHANGHAI = 86_400_000_000, 28_800_000_000  # microseconds: of a day, and ahead of UTC


def resolve(notices: Sequence[Notice], decision: Decision | None = None) -> Award | None:
    """The award that one group of notices makes, or None where no result or candidate notice names anybody.

    ``decision`` stands in the place of the rules where a person decided.
    """
    naming = [n for n in notices if n.names_someone]
    if not naming:
        return None
    results = [n for n in naming if n.kind == "award"]
    book = LotBook()
    rules = book.rules
    beside = _told_better(naming)
    if results:
        for notice in sorted(notices, key=_order):
            if notice.kind == "award" and notice not in beside:
                book.award(notice)
            elif notice.kind == "correction":
                book.correct(notice)
            elif notice.kind == "failed" and notice.cancels:
                book.cancel(notice)
        live = book.live
        status = "awarded" if live else "void"
        _fill_prices(book, notices)
    else:
        live, ended = _candidates([n for n in notices if n not in beside])
        status = "void" if ended else "candidate"
        book.lots = live
        if ended:
            rules.append(f"{ended} ends the project before a result")
    lots = live or book.lots
    large = _mark_counted(book.lots, lots, notices)
    if decision:
        large = decision.mark(book.lots, lots, large)
    counted = [lot for lot in lots if lot.counted]
    amount, partial = _amount(book, counted) if results else (None, False)
    if amount is None and live and results:
        amount = _price_of_rows(beside, rules)
    fields, sources = _fields(notices, large)
    relevance = max((n.relevance for n in notices if n.large == large), default=max(n.relevance for n in notices))
    if decision:
        decision.fill(fields, sources, large)
        relevance = float(large) if decision.decides_class else relevance
    suppliers = _unique(s.name for lot in counted for s in lot.suppliers)
    return Award(
        anchor=min(naming, key=lambda n: (n.first_seen, n.portal == TABLES, n.key)),
        notices=list(notices),
        status=status,
        awarded_on=_first_day(results),
        lots=book.lots,
        amount=amount,
        partial=partial,
        large=large,
        relevance=relevance,
        tax_included=_tax(counted),
        fields=fields,
        sources=sources,
        suppliers=suppliers,
        vendors=_unique(s.vendor for lot in counted for s in lot.suppliers if s.vendor),
        own_group=_own_group(fields["buyer_vendor"], counted),
        rules=rules,
    )


def _order(notice: Notice) -> tuple[int, int, int, str]:
    """The chronological order. A table that calls an award void knew so when it was seen, whatever the day of the award."""
    if notice.portal != TABLES or not notice.cancels:
        return notice.order
    return (max(notice.when, _EPOCH + (notice.seen + _SHANGHAI) // _DAY), *notice.order[1:])


def _told_better(naming: Sequence[Notice]) -> list[Notice]:
    """Rows of tables whose winners others tell better: portals, lot by lot, or a newer row that names one of them too."""
    better: list[Notice] = []
    for kind in ("award", "candidate"):
        told = [n for n in naming if n.kind == kind]
        rows = sorted((n for n in told if n.portal == TABLES), key=lambda n: (-n.seen, n.key))
        named: set[str] = set()
        for row in rows:
            suppliers = {key for lot in row.lots for key in lot.keys}
            if len(rows) < len(told) or suppliers & named:
                better.append(row)
            named |= suppliers
    return better


def _price_of_rows(rows: Sequence[Notice], rules: list[str]) -> Decimal | None:
    """The price that a row of a table gives an award without one in its notices."""
    for row in rows:
        for lot in row.lots:
            if row.kind == "award" and lot.amount is not None:
                rules.append(f"price from {row.key}, which tells the award as a whole")
                return lot.amount
    return None


def _first_day(results: Sequence[Notice]) -> date | None:
    """The day of the first result notice; a later correction does not move it."""
    return min((n.day for n in results if n.day is not None), default=None)


def _candidates(notices: Sequence[Notice]) -> tuple[list[LotState], str | None]:
    """The lots of the newest candidate lists, and the notice that ended the project after them, if one did."""
    lots: list[LotState] = []
    ended: str | None = None
    for notice in notices:
        if notice.kind == "candidate" and notice.names_someone:
            told = [lot for lot in notice.lots if lot.suppliers and not lot.failed]
            known = match(lots, told, notice, (same_number, same_name))
            for lot in told:
                old = known.get(lot.seq) or next((x for x in lots if not x.identified and not lot.identified), None)
                if old in lots and notice.portal not in old.portals and lot.keys < old.keys:
                    continue  # another portal's copy that names only some of them
                if old in lots:
                    lots.remove(old)
                lots.append(new_lot(lot, notice, "candidate"))
            ended = None
        elif notice.kind == "failed" and lots and (notice.cancels or not any(lot.identified for lot in notice.lots)):
            ended = notice.key
    for state in lots:
        state.suppliers = tuple(sorted(state.suppliers, key=lambda s: (s.position is None, s.position or 0)))
        state.amount = state.amount_source = state.amount_notice = None
        if ended:
            state.state = "void"
    return lots, ended


def _fill_prices(book: LotBook, notices: Sequence[Notice]) -> None:
    """Prices that the result leaves open: from a contract, else the winner's own quote among the candidates."""
    for kind in ("contract", "candidate"):
        for notice in notices:
            if notice.kind != kind:
                continue
            open_lots = [lot for lot in book.lots if lot.amount is None]
            told = [lot for lot in notice.lots if lot.suppliers]
            known = match(open_lots, told, notice, (same_number, same_name))
            for lot in told:
                target = known.get(lot.seq)
                if target is None:
                    # Where there is one lot on both sides, a number tells it apart from nothing.
                    alone = len(told) == len(book.lots) == 1
                    winners = [x for x in open_lots if alone or not (x.identified and lot.identified)]
                    target = next((x for x in winners if _is_told(x, lot.suppliers)), None)
                if target is None or target.amount is not None or not _is_told(target, lot.suppliers):
                    continue
                if not lot.identified and any(
                    x.amount == lot.amount is not None and x.keys & lot.keys for x in book.lots
                ):
                    continue  # the price of a lot that has it already
                price, partial = (
                    (lot.amount, False) if kind == "contract" else quote_of(target.suppliers, lot.suppliers)
                )
                if price is not None:
                    target.partial = partial
                    target.amount, target.amount_source, target.amount_notice = price, kind, notice.key
                    target.tax_included = lot.tax_included
                    book.rules.append(f"price of lot {target.no} from {kind} notice {notice.key}")


def _is_told(lot: LotState, suppliers: Iterable[Supplier]) -> bool:
    return any(s.key in offer.key or offer.key in s.key for s in lot.suppliers for offer in suppliers)


def _mark_counted(known: Sequence[LotState], lots: Sequence[LotState], notices: Sequence[Notice]) -> bool:
    """Marks the lots that count and says whether the award is about large models.

    Where the notices tell large-model lots from others, those that were won count, and make the award one; else the
    project is one thing, and all its lots count.
    """
    told = [(n, lot) for n in notices if n.kind in _SPEAKERS for lot in n.lots if lot.large and lot.identified]
    for notice, lot in told:
        for hit in match(list(lots), [lot], notice, (same_number, same_name)).values():
            hit.large = True
    some = any(state.large for state in lots)
    for state in lots:
        state.counted = state.large or not some
    elsewhere = bool(told) and all(state.identified for state in lots)
    return some or (any(n.large for n in notices if n.kind in _SPEAKERS) and not elsewhere)


def _amount(book: LotBook, counted: Sequence[LotState]) -> tuple[Decimal | None, bool]:
    """The sum of the known prices and whether one is missing; a price told for all lots together stands in for theirs."""
    prices = [lot.amount for lot in counted if lot.amount is not None]
    if not prices:
        whole = all(lot.counted for lot in book.live or book.lots)
        return (book.total, False) if whole else (None, False)
    return sum(prices, Decimal(0)), len(prices) < len(counted) or any(lot.partial for lot in counted)


def _own_group(group: str | None, counted: Sequence[LotState]) -> bool:
    """Whether a company of the buyer's own group won a lot that counts; candidates have won nothing."""
    return group is not None and any(s.vendor == group for lot in counted if lot.state == "won" for s in lot.suppliers)


def _tax(counted: Sequence[LotState]) -> bool | None:
    said = {lot.tax_included for lot in counted if lot.amount is not None}
    return False if False in said else True if said == {True} else None


def _fields(notices: Sequence[Notice], large: bool) -> tuple[dict[str, str | None], dict[str, str]]:
    """Each field from the first notice that has it: results before corrections before others, earlier before later."""
    speakers = sorted((n for n in notices if n.kind in _SPEAKERS), key=lambda n: (_SPEAKERS.index(n.kind), n.order))
    # What the award is about is said best by the notices that share its class, where it has one.
    of_class = [n for n in speakers if n.large == large] or speakers
    fields: dict[str, str | None] = dict.fromkeys(
        (*_FIELDS, "buyer_vendor", "buyer_kind", "project_type", "sector", "subsector")
    )
    sources: dict[str, str] = {}

    def take(field: str, value: str | None, notice: Notice) -> None:
        if value and fields[field] is None:
            fields[field], sources[field] = value, notice.key

    for n in speakers:
        take("project_number", n.number, n)
        take("project_name", n.name, n)
        take("title", n.title, n)
        if fields["buyer"] is None:
            fields["buyer_vendor"] = n.buyer_vendor
            take("buyer_kind", n.buyer_kind, n)
        take("buyer", n.buyer, n)
        take("province", n.province, n)
    for n in of_class:
        take("project_type", n.project_type, n)
    for n in [x for x in speakers if x.sector != "other"] + speakers:
        if fields["sector"] is None and n.sector:
            take("sector", n.sector, n)
            take("subsector", n.subsector, n)
    return fields, sources


def _unique(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(v for v in values if v))
