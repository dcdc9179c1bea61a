"""The awards of a process: who won which lot when, and which earlier winner had to give way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from analysis.exports.ocds.objects import Json, digest, instant, item, party_id, reference, text, value, without_none
from analysis.exports.ocds.process import Lot, Notice, Process, same_names

_STATUS = {"won": "active", "candidate": "pending", "void": "cancelled"}
# A row of somebody's own table: it says who won, but never that somebody else did not.
_TABLES = "imported"


@dataclass(slots=True, eq=False)
class Decision:
    """One award in the words of OCDS: the lots that were decided together, their suppliers and their price.

    ``ends`` is the status in the end, ``price`` and ``source`` its price and the kind of notice that gives it. ``homes`` are
    the keys of the notices that price and winners are from, ``born`` is the one that told of it first. ``status`` and
    ``amount`` are what the releases so far have said, None before the first.
    """

    id: str
    lots: list[tuple[str, Lot]]
    suppliers: list[str]
    ends: str
    price: Decimal | None
    source: str | None
    homes: set[str]
    born: Notice
    status: str | None = None
    amount: Decimal | None = None
    documents: list[Json] = field(default_factory=list)

    @property
    def known(self) -> bool:
        return self.status is not None

    def begin(self) -> None:
        """The award as its first notice tells it."""
        self.status = "pending" if self.born.kind == "candidate" else "active"
        # A candidate's quote is known before the result; other prices when the notice is out that gives them. A price that
        # no longer stands in the end is not told at all: what a release has said, a later one cannot take back.
        if self.source == "candidate" or self.born.key in self.homes or self.price is None:
            self.amount = self.price
        else:
            self.amount = self.price_in(self.born)

    def price_in(self, notice: Notice) -> Decimal | None:
        """The price that the notice itself gives for this award, where it is plain which one that is."""
        told = [
            lot
            for lot in notice.lots
            if not lot.failed and same_names([name for name, _ in lot.winners], self.suppliers)
        ]
        if len(told) > 1:
            told = [lot for lot in told if len(self.lots) == 1 and lot.lot_no == self.lots[0][1].lot_no]
        return told[0].amount if len(told) == 1 else None

    def json(self, process: Process) -> Json:
        """The award as known now, with the documents that are new in this release."""
        several = len(process.lots) > 1
        title = self.lots[0][1].name if len(self.lots) == 1 and several else None
        items = [
            item(
                process,
                number,
                lot.name or process.name,
                process.is_large_model and lot.counted,
                number if several else None,
            )
            for number, lot in self.lots
        ]
        return without_none(
            id=self.id,
            title=text(title or process.name),
            status=self.status,
            date=instant(self.born.known_on) if self.status != "pending" else None,
            value=value(self.amount),
            suppliers=[reference(name) for name in unique(self.suppliers)] or None,
            items=items or None,
            relatedLots=[number for number, _ in self.lots] if several and self.lots else None,
            documents=self.documents or None,
        )


def unique(names: Sequence[str]) -> list[str]:
    """Names without those that are the same organisation written differently."""
    return list({party_id(name): name for name in reversed(names)}.values())[::-1]


def lot_ids(process: Process) -> dict[int, str]:
    """The id of each lot by its place: its number, where every lot has its own; else its place."""
    numbers = [lot.lot_no for lot in process.lots]
    plain = None not in numbers and len(set(numbers)) == len(numbers)
    return {lot.seq: str(lot.lot_no if plain else lot.seq) for lot in process.lots}


def decisions(process: Process) -> tuple[list[Decision], list[Decision]]:
    """The awards that stand in the end (some of them cancelled or pending), and the earlier ones that were replaced."""
    ids = lot_ids(process)
    final = []
    for lots, price in _decided_together(process):
        suppliers = [name for lot in lots for name in lot.suppliers]
        born = _born(process, lots, suppliers)
        state = lots[0].state
        final.append(
            Decision(
                id=_id(process, [ids[lot.seq] for lot in lots], suppliers),
                lots=[(ids[lot.seq], lot) for lot in lots],
                suppliers=_proposed(born, suppliers) if state == "candidate" else suppliers,
                ends=_STATUS.get(state, "active"),
                price=price,
                source=lots[0].amount_source,
                homes={lot.notice_key for lot in lots},
                born=born,
            )
        )
    return final, _replaced(process, final)


def _decided_together(process: Process) -> list[tuple[list[Lot], Decimal | None]]:
    """Lot by lot with their prices; the counted lots as one where their price was published for all of them together."""
    live = [lot for lot in process.lots if lot.state != "void"] or list(process.lots)
    counted = [lot for lot in live if lot.counted]
    if counted and process.amount is not None and sum(lot.amount or 0 for lot in counted) != process.amount:
        others = [lot for lot in process.lots if lot not in counted]
        return [(counted, process.amount), *(([lot], lot.amount) for lot in others)]
    return [([lot], lot.amount) for lot in process.lots]


def _born(process: Process, lots: list[Lot], suppliers: list[str]) -> Notice:
    """The first result that names these winners: where the lot is from, or an earlier one that was not cancelled since."""
    homes = {lot.notice_key for lot in lots}
    others = {lot.notice_key for lot in process.lots} - homes
    own = [notice for notice in process.notices if notice.key in homes] or list(process.notices)
    kinds = ("candidate",) if lots[0].state == "candidate" else ("award", "correction")
    for notice in process.notices:
        if notice.kind not in kinds or notice.key in others or not same_names(notice.winners, suppliers):
            continue
        if notice in own or not _cancelled_between(process, notice, own[0]):
            return notice
    return own[0]


def _cancelled_between(process: Process, first: Notice, last: Notice) -> bool:
    return any(notice.cancels and first.order < notice.order < last.order for notice in process.notices)


def _proposed(notice: Notice, candidates: list[str]) -> list[str]:
    """Of the candidates the one that is to win: the first in rank, or the only one. Where no rank is told, nobody."""
    first = {name for lot in notice.lots for name, rank in lot.winners if rank == 1}
    return [name for name in candidates if name in first] if len(candidates) > 1 else candidates


def _replaced(process: Process, final: list[Decision]) -> list[Decision]:
    """Winners of earlier results that a later notice cancelled or replaced, and who did not win anew."""
    births = {decision.born.key for decision in final}
    found = {decision.id: decision for decision in final}
    for at, notice in enumerate(process.notices):
        if notice.kind != "award" or notice.portal == _TABLES:
            continue
        if not any(later.cancels or later.key in births for later in process.notices[at + 1 :]):
            continue
        standing = [name for d in final if not _cancelled_between(process, notice, d.born) for name in d.suppliers]
        for lot in notice.lots:
            names = [name for name, _ in lot.winners]
            if names and not lot.failed and not same_names(names, standing):
                made = _id(process, [str(lot.lot_no)], names)
                found.setdefault(
                    made, Decision(made, [], names, "cancelled", lot.amount, "award", {notice.key}, notice)
                )
    return [decision for decision in found.values() if decision not in final]


def _id(process: Process, lots: list[str], suppliers: list[str]) -> str:
    return f"{process.key}-{digest(*lots, '', *sorted(map(party_id, suppliers)), length=8)}"
