"""What one award is, from its notices in chronological order: docs/awards.md, sections "Status" to "Classes and names".

Pure: the same notices give the same award, and nothing is used that the notices do not say.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from analysis.awards.facts import Award, AwardLot, NoticeFacts
from analysis.awards.flags import PriceCheck, check_price
from analysis.awards.lot_matching import candidate_matches, match_lots, names_match, numbers_match
from analysis.awards.lot_numbers import with_project_numbers
from analysis.awards.lots_over_notices import LotMerger, create_lot
from analysis.awards.prices import fill_missing_prices, hear_witnesses, price_from_imports, sum_prices, tax_included
from analysis.awards.reviewed import Decision, confirm_lots
from pipelines.common.clock import SHANGHAI
from pipelines.common.imported import IMPORTED

# The kinds of notices that say what an award is called and what it is about; the first has precedence.
_DESCRIBING_KINDS = ("award", "correction", "candidate", "contract", "tender", "single_source", "failed")
_FIELDS = (
    "project_number",
    "project_name",
    "title",
    "buyer",
    "province",
    "buyer_vendor",
    "buyer_kind",
    "project_type",
    "sector",
    "subsector",
)
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def resolve(notices: Sequence[NoticeFacts], decision: Decision | None = None) -> Award | None:
    """Return the award of one group of notices, None if no result or list of candidates names a supplier.

    ``decision`` replaces the rules in the fields that a person decided.
    """
    notices = with_project_numbers(notices)
    naming = [notice for notice in notices if notice.names_supplier]
    if not naming:
        return None
    results = [notice for notice in naming if notice.kind == "award"]
    superseded = superseded_imports(naming)
    merger = LotMerger()
    if results:
        won_lots = _merge_results(merger, notices, superseded)
        status = "awarded" if won_lots else "void"
    else:
        won_lots, status = _merge_candidates(merger, [notice for notice in notices if notice not in superseded])
    lots = won_lots or merger.lots
    is_large_model = _mark_counted(lots, notices)
    if decision:
        is_large_model = decision.mark(merger.lots, lots, is_large_model)
    counted = [lot for lot in lots if lot.counted]
    amount, partial = sum_prices(merger, counted) if results else (None, False)
    if amount is None and won_lots and results:
        amount = price_from_imports(superseded, merger.rules)
    check = check_price(counted, won_lots, amount, merger.portals_of_joint_price)
    confirmed = decision.confirmed_amount if decision and results else None
    if confirmed is not None:
        amount, partial, check = confirmed, False, PriceCheck()
        confirm_lots(counted, confirmed)
    fields, sources = _choose_fields(notices, is_large_model)
    relevance = _relevance(notices, is_large_model)
    if decision:
        decision.fill(fields, sources, is_large_model)
        relevance = float(is_large_model) if decision.decides_class else relevance
    return Award(
        anchor=min(naming, key=lambda notice: (notice.first_seen, notice.portal == IMPORTED, notice.key)),
        notices=list(notices),
        status=status,
        awarded_on=_first_day(results),
        lots=merger.lots,
        amount=amount,
        partial=partial,
        disclosed=check.disclosed,
        flags=check.flags,
        flag_evidence=check.evidence,
        confirmed=confirmed,
        is_large_model=is_large_model,
        relevance=relevance,
        tax_included=tax_included(counted),
        fields=fields,
        sources=sources,
        suppliers=_unique(supplier.name for lot in counted for supplier in lot.suppliers),
        vendors=_unique(supplier.vendor for lot in counted for supplier in lot.suppliers),
        own_group=_is_own_group(fields["buyer_vendor"], counted),
        rules=merger.rules,
    )


def superseded_imports(notices: Sequence[NoticeFacts]) -> list[NoticeFacts]:
    """Return imported rows that a better source replaces.

    A portal's notice of the same kind always wins, because it lists the lots one by one.
    Among imported rows, the newest that names a supplier wins.
    """
    superseded: list[NoticeFacts] = []
    for kind in ("award", "candidate"):
        same_kind = [notice for notice in notices if notice.kind == kind]
        imported = [notice for notice in same_kind if notice.portal == IMPORTED]
        imported.sort(key=lambda notice: (-notice.seen, notice.key))
        has_portal_notice = len(imported) < len(same_kind)
        newer_suppliers: set[str] = set()
        for notice in imported:
            suppliers = {key for lot in notice.lots for key in lot.supplier_keys}
            if has_portal_notice or suppliers & newer_suppliers:
                superseded.append(notice)
            newer_suppliers |= suppliers
    return superseded


def _merge_results(
    merger: LotMerger, notices: Sequence[NoticeFacts], superseded: Container[NoticeFacts]
) -> list[AwardLot]:
    """Apply results, corrections and cancellations in their order, and return the lots with a winner in the end."""
    for notice in sorted(notices, key=_merge_order):
        if notice.kind == "award" and notice not in superseded:
            merger.add_result(notice)
        elif notice.kind in ("failed", "correction") and notice.cancels_result:
            merger.apply_cancellation(notice)
        elif notice.kind == "correction":
            merger.apply_correction(notice)
    won_lots = merger.won_lots
    fill_missing_prices(merger, notices)
    hear_witnesses(merger, notices)
    merger.compare_totals()
    return won_lots


def _merge_order(notice: NoticeFacts) -> tuple[int, int, int, str]:
    """Return the chronological order, in which an imported row that voids an award comes no earlier than it was seen.

    Such a row has the day of the award, but the owner of the table knew of the end only when the table was written.
    """
    if notice.portal != IMPORTED or not notice.cancels_result:
        return notice.order
    seen = (_UNIX_EPOCH + timedelta(microseconds=notice.seen)).astimezone(SHANGHAI)
    return (max(notice.day, seen.toordinal()), *notice.order[1:])


def _merge_candidates(merger: LotMerger, notices: Sequence[NoticeFacts]) -> tuple[list[AwardLot], str]:
    """Keep the lots of the newest lists of candidates, and return them with the status: candidate or void.

    Candidates have no price: what they quote is no result.
    """
    lots = merger.lots
    ended_by: str | None = None
    for notice in notices:
        if notice.kind == "candidate" and notice.names_supplier:
            _replace_candidates(lots, notice)
            ended_by = None
        elif notice.kind == "failed" and lots and (notice.cancels_result or not _names_lots(notice)):
            ended_by = notice.key
    for lot in lots:
        lot.suppliers = tuple(sorted(lot.suppliers, key=lambda s: (s.position is None, s.position or 0)))
        lot.amount = lot.amount_source = lot.amount_notice = None
        if ended_by:
            lot.state = "void"
    if ended_by:
        merger.rules.append(f"{ended_by} ends the project before a result")
    return lots, "void" if ended_by else "candidate"


def _names_lots(notice: NoticeFacts) -> bool:
    return any(lot.identified for lot in notice.lots)


def _replace_candidates(lots: list[AwardLot], notice: NoticeFacts) -> None:
    """Add the candidates of a notice to ``lots``, each in place of the older list for the same lot."""
    listed = [lot for lot in notice.lots if lot.suppliers and not lot.failed]
    matches = match_lots(lots, listed, notice, (numbers_match, names_match))
    for lot in listed:
        older = matches.get(lot.seq) or next((x for x in lots if not x.identified and not lot.identified), None)
        if older in lots:
            if notice.portal not in older.portals and lot.supplier_keys < older.supplier_keys:
                continue  # another portal's copy that names only some of them
            lots.remove(older)
        lots.append(create_lot(lot, notice, "candidate"))


def _mark_counted(lots: Sequence[AwardLot], notices: Sequence[NoticeFacts]) -> bool:
    """Mark the lots that count, and return whether the award is about large models.

    If the notices distinguish large-model lots from others, only the large-model lots count, and the award is about
    large models if one of them was won. Otherwise the project is one thing: all its lots count.
    """
    describing = [notice for notice in notices if notice.kind in _DESCRIBING_KINDS]
    large_model_lots = [
        (notice, lot)
        for notice in describing
        for lot in notice.lots
        # A cancellation that only numbers a lot says nothing about what it is.
        if lot.is_large_model and lot.identified and (lot.key or not lot.failed or notice.kind == "award")
    ]
    for notice, lot in large_model_lots:
        for award_lot in match_lots(lots, [lot], notice, (numbers_match, names_match, candidate_matches)).values():
            award_lot.is_large_model = True
    has_large_model_lot = any(lot.is_large_model for lot in lots)
    for award_lot in lots:
        award_lot.counted = award_lot.is_large_model or not has_large_model_lot
    only_other_lots = bool(large_model_lots) and all(lot.identified for lot in lots)
    return has_large_model_lot or (any(notice.is_large_model for notice in describing) and not only_other_lots)


def _relevance(notices: Sequence[NoticeFacts], is_large_model: bool) -> float:
    """Return the highest relevance of the notices that share the class of the award, else of all notices."""
    same_class = [notice.relevance for notice in notices if notice.is_large_model == is_large_model]
    return max(same_class or [notice.relevance for notice in notices])


def _first_day(results: Iterable[NoticeFacts]) -> date | None:
    """Return the day of the first result; a later correction does not move it."""
    return min((notice.published_on for notice in results if notice.published_on is not None), default=None)


def _is_own_group(buyer_vendor: str | None, counted: Iterable[AwardLot]) -> bool:
    """Return whether a company of the buyer's own group won a counted lot. Candidates have won nothing."""
    if buyer_vendor is None:
        return False
    winners = (supplier for lot in counted if lot.state == "won" for supplier in lot.suppliers)
    return any(supplier.vendor == buyer_vendor for supplier in winners)


def _choose_fields(
    notices: Sequence[NoticeFacts], is_large_model: bool
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return each field from the first notice that has it, and the key of that notice.

    Results come before corrections and corrections before others (``_DESCRIBING_KINDS``), earlier before later.
    """
    describing = [notice for notice in notices if notice.kind in _DESCRIBING_KINDS]
    describing.sort(key=lambda notice: (_DESCRIBING_KINDS.index(notice.kind), notice.order))
    # The project type is best read from the notices that share the class of the award, if there are any.
    same_class = [notice for notice in describing if notice.is_large_model == is_large_model] or describing
    fields: dict[str, str | None] = dict.fromkeys(_FIELDS)
    sources: dict[str, str] = {}

    def take(field: str, value: str | None, notice: NoticeFacts) -> None:
        if value and fields[field] is None:
            fields[field], sources[field] = value, notice.key

    for notice in describing:
        take("project_number", notice.project_number, notice)
        take("project_name", notice.project_name, notice)
        take("title", notice.title, notice)
        if fields["buyer"] is None:
            # The group and the kind of the buyer are those of the notice that names the buyer.
            fields["buyer_vendor"] = notice.buyer_vendor
            take("buyer_kind", notice.buyer_kind, notice)
        take("buyer", notice.buyer, notice)
        take("province", notice.province, notice)
    for notice in same_class:
        take("project_type", notice.project_type, notice)
    for notice in [notice for notice in describing if notice.sector != "other"] + describing:
        if fields["sector"] is None and notice.sector:
            take("sector", notice.sector, notice)
            take("subsector", notice.subsector, notice)
    return fields, sources


def _unique(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
