"""The OCDS awards of a process: who won which lot when, and which earlier winners were replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from analysis.exports.ocds.objects import Json, digest, instant, item, party_id, reference, text, value, without_none
from analysis.exports.ocds.process import Process, ProcessLot, ProcessNotice, have_common_name
from pipelines.common.imported import IMPORTED

_STATUS = {"won": "active", "candidate": "pending", "void": "cancelled"}  # by state of a lot


@dataclass(slots=True, eq=False)
class OcdsAward:
    """One award in the terms of OCDS: lots that were awarded together, with their suppliers and their price.

    ``lots`` are pairs of OCDS id and lot. ``final_status`` and ``final_amount`` hold after all notices;
    ``amount_source`` is the kind of notice that gives the price. ``source_keys`` are the notices that price and winners
    are read from, ``first_notice`` is the first that names the winners. ``status`` and ``amount`` are what the releases
    so far have published, None before the first, and ``documents`` what the next release adds.
    """

    id: str
    lots: list[tuple[str, ProcessLot]]
    suppliers: list[str]
    final_status: str
    final_amount: Decimal | None
    amount_source: str | None
    source_keys: set[str]
    first_notice: ProcessNotice
    status: str | None = None
    amount: Decimal | None = None
    documents: list[Json] = field(default_factory=list)

    @property
    def is_published(self) -> bool:
        """Return whether a release has published it."""
        return self.status is not None

    def publish(self) -> None:
        """Set status and amount to what the first notice says."""
        self.status = "pending" if self.first_notice.kind == "candidate" else "active"
        # A candidate's quote is known before the result, other prices when the notice is published that gives them.
        # A price that no longer holds in the end is left out: a later release cannot take back what one has published.
        is_source = self.amount_source == "candidate" or self.first_notice.key in self.source_keys
        if is_source or self.final_amount is None:
            self.amount = self.final_amount
        else:
            self.amount = self.price_in(self.first_notice)

    def price_in(self, notice: ProcessNotice) -> Decimal | None:
        """Return the price that the notice itself gives for this award, None unless it is clear which one that is."""
        lots = [lot for lot in notice.lots if not lot.failed and have_common_name(lot.suppliers, self.suppliers)]
        if len(lots) > 1:
            lots = [lot for lot in lots if len(self.lots) == 1 and lot.lot_no == self.lots[0][1].lot_no]
        return lots[0].amount if len(lots) == 1 else None

    def json(self, process: Process) -> Json:
        """Return the award as it is known now, with the documents that are new in this release."""
        has_lots = len(process.lots) > 1
        title = self.lots[0][1].name if len(self.lots) == 1 and has_lots else None
        items = [
            item(
                process,
                lot_id,
                lot.name or process.name,
                counts=process.is_large_model and lot.counted,
                related_lot=lot_id if has_lots else None,
            )
            for lot_id, lot in self.lots
        ]
        return without_none(
            id=self.id,
            title=text(title or process.name),
            status=self.status,
            date=instant(self.first_notice.day) if self.status != "pending" else None,
            value=value(self.amount),
            suppliers=[reference(name) for name in unique_names(self.suppliers)] or None,
            items=items or None,
            relatedLots=[lot_id for lot_id, _ in self.lots] if has_lots and self.lots else None,
            documents=self.documents or None,
        )


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names, of several spellings of one organisation only the first."""
    return list({party_id(name): name for name in reversed(names)}.values())[::-1]


def build_awards(process: Process) -> tuple[list[OcdsAward], list[OcdsAward]]:
    """Return the awards that hold in the end (some cancelled or pending), and earlier ones that were replaced."""
    lot_ids = _lot_ids(process)
    final_awards = []
    for lots, price in _group_lots(process):
        suppliers = [name for lot in lots for name in lot.suppliers]
        first_notice = _find_first_notice(process, lots, suppliers)
        state = lots[0].state
        final_awards.append(
            OcdsAward(
                id=_award_id(process, [lot_ids[lot.seq] for lot in lots], suppliers),
                lots=[(lot_ids[lot.seq], lot) for lot in lots],
                suppliers=_proposed_winners(first_notice, suppliers) if state == "candidate" else suppliers,
                final_status=_STATUS.get(state, "active"),
                final_amount=price,
                amount_source=lots[0].amount_source,
                source_keys={lot.notice_key for lot in lots},
                first_notice=first_notice,
            )
        )
    return final_awards, _find_replaced_awards(process, final_awards)


def _lot_ids(process: Process) -> dict[int, str]:
    """Return the id of each lot by its place: its number if every lot has its own, else its place."""
    numbers = [lot.lot_no for lot in process.lots]
    are_unique = None not in numbers and len(set(numbers)) == len(numbers)
    return {lot.seq: str(lot.lot_no if are_unique else lot.seq) for lot in process.lots}


def _group_lots(process: Process) -> list[tuple[list[ProcessLot], Decimal | None]]:
    """Return each lot with its price; the counted lots are one group if one price was published for all of them."""
    not_void = [lot for lot in process.lots if lot.state != "void"] or list(process.lots)
    counted = [lot for lot in not_void if lot.counted]
    if counted and process.amount is not None and sum(lot.amount or 0 for lot in counted) != process.amount:
        others = [lot for lot in process.lots if lot not in counted]
        return [(counted, process.amount), *(([lot], lot.amount) for lot in others)]
    return [([lot], lot.amount) for lot in process.lots]


def _find_first_notice(process: Process, lots: Sequence[ProcessLot], suppliers: Sequence[str]) -> ProcessNotice:
    """Return the first result that names these winners.

    It is the notice that the lot is read from, or an earlier one that no cancellation separates from it.
    """
    source_keys = {lot.notice_key for lot in lots}
    keys_of_other_lots = {lot.notice_key for lot in process.lots} - source_keys
    sources = [notice for notice in process.notices if notice.key in source_keys] or list(process.notices)
    kinds = ("candidate",) if lots[0].state == "candidate" else ("award", "correction")
    for notice in process.notices:
        if notice.kind not in kinds or notice.key in keys_of_other_lots:
            continue
        if not have_common_name(notice.suppliers, suppliers):
            continue
        if notice in sources or not _is_cancelled_between(process, notice, sources[0]):
            return notice
    return sources[0]


def _is_cancelled_between(process: Process, first: ProcessNotice, last: ProcessNotice) -> bool:
    return any(notice.cancels_result and first.order < notice.order < last.order for notice in process.notices)


def _proposed_winners(notice: ProcessNotice, candidates: list[str]) -> list[str]:
    """Return the candidates that are to win: the first in rank, or the only one; nobody if no rank is given."""
    first_in_rank = {name for lot in notice.lots for name, rank in lot.winners if rank == 1}
    return [name for name in candidates if name in first_in_rank] if len(candidates) > 1 else candidates


def _find_replaced_awards(process: Process, final_awards: Sequence[OcdsAward]) -> list[OcdsAward]:
    """Return the awards of earlier results that a later notice cancelled or replaced, and that nobody won again."""
    first_keys = {award.first_notice.key for award in final_awards}
    awards = {award.id: award for award in final_awards}
    for place, notice in enumerate(process.notices):
        # A row of a user's table says who won, but never that somebody else did not.
        if notice.kind != "award" or notice.portal == IMPORTED:
            continue
        if not any(later.cancels_result or later.key in first_keys for later in process.notices[place + 1 :]):
            continue
        still_winning = [
            name
            for award in final_awards
            if not _is_cancelled_between(process, notice, award.first_notice)
            for name in award.suppliers
        ]
        for lot in notice.lots:
            names = lot.suppliers
            if not names or lot.failed or have_common_name(names, still_winning):
                continue
            award = OcdsAward(
                id=_award_id(process, [str(lot.lot_no)], names),
                lots=[],
                suppliers=names,
                final_status="cancelled",
                final_amount=lot.amount,
                amount_source="award",
                source_keys={notice.key},
                first_notice=notice,
            )
            awards.setdefault(award.id, award)
    return [award for award in awards.values() if award not in final_awards]


def _award_id(process: Process, lot_ids: Iterable[str], suppliers: Iterable[str]) -> str:
    return f"{process.key}-{digest(*lot_ids, '', *sorted(map(party_id, suppliers)), length=8)}"
