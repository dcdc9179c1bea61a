"""The releases of one process: what its notices told, day by day. One release holds all notices of a day.

Merged in their order the releases give the award as the database has it: the last one settles what no notice explains.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

import orjson

from analysis.exports.ocds.awards import Decision, decisions, unique
from analysis.exports.ocds.objects import (
    PREFIX,
    Json,
    digest,
    document,
    instant,
    method,
    party_id,
    reference,
    text,
    value,
    without_none,
)
from analysis.exports.ocds.process import Notice, Process, same_names

_LOT_STATUS = {"active": "complete", "pending": "active", "cancelled": "cancelled"}


def releases(process: Process) -> Iterator[Json]:
    """The releases of a process, oldest first."""
    story = _Story(process)
    days = [list(notices) for _, notices in groupby(process.notices, key=lambda notice: notice.known_on)]
    for number, notices in enumerate(days, 1):
        for notice in notices:
            story.tell(notice)
        if number == len(days):
            story.settle()
        yield story.release(notices[0])


class _Story:
    """What has been said of a process so far, and what the release in hand adds to it."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.ocid = f"{PREFIX}-{process.key}"
        self.final, self.replaced = decisions(process)
        self.births = {decision.born.key for decision in self.final}
        self.agency = next((notice.agency for notice in process.notices if notice.agency), None)
        self.roles: dict[str, list[str]] = {}
        self.tenderers: list[str] = []
        self.tender_status: str | None = None
        self.contracts: dict[str, list[Decimal | None]] = {}  # by award: the price of each, as far as told
        self.told: set[str] = set()  # tags of earlier releases
        self._begin()

    def _begin(self) -> None:
        self.tags: list[str] = []
        self.documents: list[Json] = []  # of the tender
        self.touched: dict[str, Decision] = {}
        self.signed: dict[str, Json] = {}

    def tell(self, notice: Notice) -> None:
        """Adds one notice to the release in hand."""
        if notice.kind in ("award", "candidate", "correction"):
            self._result(notice)
        elif notice.kind == "contract":
            self._contract(notice)
        elif notice.kind == "failed":
            self._failure(notice)
        else:
            self.tender_status = self.tender_status or "active"
            self._of_tender(notice)

    def _of_tender(self, notice: Notice) -> None:
        self.documents.append(document(notice))
        self._tag("tender")

    def _result(self, notice: Notice) -> None:
        if notice.kind == "candidate":
            self.tender_status = self.tender_status or "active"
            self.tenderers += [name for name in notice.winners if name not in self.tenderers]
        born = [decision for decision in self.final if decision.born is notice]
        born += [decision for decision in self.replaced if decision.born is notice]
        if any(decision in self.final for decision in born):
            for earlier in self.replaced:
                if earlier.known:
                    self._change(earlier, "cancelled")
        for decision in born:
            decision.begin()
            self._add(decision, document(notice))
        again = [decision for decision in self._about(notice) if decision not in born]
        if (notice.kind == "candidate" and not born) or not born + again:
            self._of_tender(notice)
            return
        for decision in again:
            if notice.key in decision.homes:
                decision.amount = decision.price
            self._add(decision, document(notice))
        self._tag("award")

    def _contract(self, notice: Notice) -> None:
        about = self._about(notice)
        for decision in about:
            price, known = decision.price_in(notice), self.contracts.setdefault(decision.id, [])
            # Another portal's copy is the same contract; another price is another one.
            place = next((at for at, said in enumerate(known) if price is None or said in (None, price)), len(known))
            known[place:] = [known[place] if price is None and place < len(known) else price, *known[place + 1 :]]
            number = f"{decision.id}-{place + 1}"
            papers = [*self.signed.get(number, {}).get("documents", ()), document(notice)]
            told = {"id": number, "awardID": decision.id, "title": text(notice.title), "status": "active"}
            self.signed[number] = without_none(**told, value=value(known[place]), documents=papers)
            if notice.key in decision.homes and decision.amount != decision.price:
                decision.amount = decision.price
                self._add(decision)
                self._tag("award")
        if about:
            self._tag("contract")
        else:
            self._of_tender(notice)

    def _failure(self, notice: Notice) -> None:
        ended = [d for d in self.replaced if d.known and d.status != "cancelled"] if notice.cancels else []
        if notice.cancels or not any(decision.status == "active" for decision in self.final):
            ended += [d for d in self.final if d.known and d.ends == "cancelled" and d.status != "cancelled"]
        for decision in ended:
            self._change(decision, "cancelled")
            self._add(decision, document(notice, "cancellationDetails"))
        if not ended:
            self._of_tender(notice)
            if not any(decision.known for decision in self.final):
                self.tender_status = "unsuccessful"

    def settle(self) -> None:
        """Says what has not been said of how things stand in the end."""
        for decision in self.replaced:
            if decision.known:
                self._change(decision, "cancelled")
        for decision in self.final:
            if not decision.known:
                decision.begin()
                self._add(decision)
                self._tag("award")
            if decision.status != decision.ends:
                self._change(decision, decision.ends)
            if decision.amount != decision.price:
                decision.amount = decision.price
                self._add(decision)
                self._tag("award")

    def _about(self, notice: Notice) -> list[Decision]:
        """The known awards that a notice tells again; one that gave rise to others tells of those alone."""
        if notice.key in self.births:
            return [decision for decision in self.final if decision.known and notice.key in decision.homes]
        if not notice.winners and len(self.final) == 1:
            return [decision for decision in self.final if decision.known]
        return [
            decision for decision in self.final if decision.known and same_names(notice.winners, decision.suppliers)
        ]

    def _change(self, decision: Decision, status: str) -> None:
        if decision.status != status:
            decision.status = status
            self._add(decision)
            self.tags += ["awardCancellation"] if status == "cancelled" and "awardCancellation" not in self.tags else []

    def _add(self, decision: Decision, paper: Json | None = None) -> None:
        self.touched[decision.id] = decision
        if paper:
            decision.documents.append(paper)

    def _tag(self, part: str) -> None:
        tag = f"{part}Update" if part in self.told else part
        if tag not in self.tags:
            self.tags.append(tag)

    def release(self, first: Notice) -> Json:
        """The release in hand, for the day of ``first``; what follows goes into the next one."""
        process = self.process
        awards = [decision.json(process) for decision in self.touched.values()]
        if any(decision.status == "active" for decision in (*self.final, *self.replaced)):
            self.tender_status = "complete"
        content = without_none(
            ocid=self.ocid,
            date=instant(first.known_on),
            tag=self.tags,
            initiationType="tender",
            language="zh",
            parties=self._parties() or None,
            buyer=reference(process.buyer) if process.buyer else None,
            tender=self._tender(),
            awards=awards or None,
            contracts=list(self.signed.values()) or None,
        )
        name = f"{self.ocid}-{first.known_on:%Y%m%d}-{digest(orjson.dumps(content).decode())}"
        self.told.update(self.tags)
        for decision in self.touched.values():
            decision.documents = []
        self._begin()
        return {"ocid": content.pop("ocid"), "id": name, **content}

    def _tender(self) -> Json:
        process = self.process
        lots = {
            number: without_none(id=number, title=text(lot.name), status=_LOT_STATUS.get(decision.status or ""))
            for decision in self.touched.values()
            for number, lot in decision.lots
        }
        return without_none(
            id=text(process.number) or self.ocid,
            title=text(process.name),
            status=self.tender_status,
            procuringEntity=reference(self.agency) if self.agency else None,
            **method(process),
            tenderers=[reference(name) for name in unique(self.tenderers)] or None,
            lots=list(lots.values()) if len(process.lots) > 1 and lots else None,
            documents=self.documents or None,
        )

    def _parties(self) -> list[Json]:
        """The organisations that the release in hand refers to, each with all roles it has had so far."""
        process = self.process
        found: dict[str, Json] = {}
        self._party(found, process.buyer, "buyer")
        if process.buyer and process.province:
            found[party_id(process.buyer)]["address"] = {"region": process.province, "countryName": "中国"}
        self._party(found, self.agency, "procuringEntity")
        for name in self.tenderers:
            self._party(found, name, "tenderer")
        for decision in self.touched.values():
            for name in decision.suppliers:
                self._party(found, name, "supplier")
        return list(found.values())

    def _party(self, found: dict[str, Any], name: str | None, role: str) -> None:
        if not name:
            return
        own = party_id(name)
        roles = self.roles.setdefault(own, [])
        if role not in roles:
            roles.append(role)
        party = found.setdefault(own, reference(name))
        party["roles"] = list(roles)
