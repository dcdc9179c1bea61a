"""The releases of one process: what its notices published, day by day. One release has all notices of a day.

Merged in their order, the releases give the award as the database has it. The last release also contains what no notice
explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

import orjson

from analysis.exports.ocds.awards import OcdsAward, build_awards, unique_names
from analysis.exports.ocds.objects import (
    PREFIX,
    Json,
    digest,
    document,
    instant,
    party_id,
    procurement_method,
    reference,
    text,
    value,
    without_none,
)
from analysis.exports.ocds.process import Process, ProcessNotice, have_common_name

_LOT_STATUS = {"active": "complete", "pending": "active", "cancelled": "cancelled"}  # by status of its award


def build_releases(process: Process) -> Iterator[Json]:
    """Yield the releases of a process, oldest first."""
    builder = _ReleaseBuilder(process)
    days = [list(notices) for _, notices in groupby(process.notices, key=lambda notice: notice.day)]
    for number, notices in enumerate(days, 1):
        for notice in notices:
            builder.add_notice(notice)
        if number == len(days):
            builder.publish_final_state()
        yield builder.finish_release(notices[0])


class _ReleaseBuilder:
    """What earlier releases of a process have published, and what the current one adds."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.ocid = f"{PREFIX}-{process.key}"
        self.final_awards, self.replaced_awards = build_awards(process)
        self.first_notice_keys = {award.first_notice.key for award in self.final_awards}
        self.agency = next((notice.agency for notice in process.notices if notice.agency), None)
        self.roles: dict[str, list[str]] = {}  # by id of the organisation
        self.tenderers: list[str] = []
        self.tender_status: str | None = None
        self.contract_prices: dict[str, list[Decimal | None]] = {}  # one price per contract, by id of the award
        self.published_tags: set[str] = set()
        self._start_release()

    def _start_release(self) -> None:
        self.tags: list[str] = []
        self.tender_documents: list[Json] = []
        self.changed_awards: dict[str, OcdsAward] = {}
        self.contracts: dict[str, Json] = {}

    def add_notice(self, notice: ProcessNotice) -> None:
        """Add one notice to the current release."""
        if notice.kind in ("award", "candidate", "correction"):
            self._add_result(notice)
        elif notice.kind == "contract":
            self._add_contract(notice)
        elif notice.kind == "failed":
            self._add_failure(notice)
        else:
            self.tender_status = self.tender_status or "active"
            self._add_tender_document(notice)

    def _add_tender_document(self, notice: ProcessNotice) -> None:
        self.tender_documents.append(document(notice))
        self._add_tag("tender")

    def _add_result(self, notice: ProcessNotice) -> None:
        if notice.kind == "candidate":
            self.tender_status = self.tender_status or "active"
            self.tenderers += [name for name in notice.suppliers if name not in self.tenderers]
        new_final = [award for award in self.final_awards if award.first_notice is notice]
        new_replaced = [award for award in self.replaced_awards if award.first_notice is notice]
        if new_final:
            self._cancel_replaced_awards()
        new_awards = new_final + new_replaced
        for award in new_awards:
            award.publish()
            self._add_change(award, document(notice))
        repeated = [award for award in self._awards_repeated_by(notice) if award not in new_awards]
        # The tender stays open while only candidates are known, unless their list is what makes an award.
        if (notice.kind == "candidate" and not new_awards) or not (new_awards or repeated):
            self._add_tender_document(notice)
            return
        for award in repeated:
            if notice.key in award.source_keys:
                award.amount = award.final_amount
            self._add_change(award, document(notice))
        self._add_tag("award")

    def _add_contract(self, notice: ProcessNotice) -> None:
        awards = self._awards_repeated_by(notice)
        for award in awards:
            number, price = self._contract_of(award, award.price_in(notice))
            contract_id = f"{award.id}-{number}"
            documents = [*self.contracts.get(contract_id, {}).get("documents", ()), document(notice)]
            self.contracts[contract_id] = without_none(
                id=contract_id,
                awardID=award.id,
                title=text(notice.title),
                status="active",
                value=value(price),
                documents=documents,
            )
            if notice.key in award.source_keys:
                self._publish_final_amount(award)
        if awards:
            self._add_tag("contract")
        else:
            self._add_tender_document(notice)

    def _contract_of(self, award: OcdsAward, price: Decimal | None) -> tuple[int, Decimal | None]:
        """Return number and price of the contract that a notice with this price is about.

        Another portal's copy has the same price or none, and is the same contract. Another price is another contract.
        """
        prices = self.contract_prices.setdefault(award.id, [])
        for place, known_price in enumerate(prices):
            if price is None or known_price is None or known_price == price:
                if price is not None:
                    prices[place] = price
                return place + 1, prices[place]
        prices.append(price)
        return len(prices), price

    def _add_failure(self, notice: ProcessNotice) -> None:
        ended = [award for award in self.replaced_awards if _is_open(award)] if notice.cancels_result else []
        if notice.cancels_result or not any(award.status == "active" for award in self.final_awards):
            ended += [award for award in self.final_awards if _is_open(award) and award.final_status == "cancelled"]
        for award in ended:
            self._change_status(award, "cancelled")
            self._add_change(award, document(notice, "cancellationDetails"))
        if not ended:
            self._add_tender_document(notice)
            if not any(award.is_published for award in self.final_awards):
                self.tender_status = "unsuccessful"

    def publish_final_state(self) -> None:
        """Add to the current release what no notice explained of the final state."""
        self._cancel_replaced_awards()
        for award in self.final_awards:
            if not award.is_published:
                award.publish()
                self._add_change(award)
                self._add_tag("award")
            self._change_status(award, award.final_status)
            self._publish_final_amount(award)

    def _awards_repeated_by(self, notice: ProcessNotice) -> list[OcdsAward]:
        """Return the published awards that a notice is about. The first notice of other awards is about those alone."""
        published = [award for award in self.final_awards if award.is_published]
        if notice.key in self.first_notice_keys:
            return [award for award in published if notice.key in award.source_keys]
        if not notice.suppliers and len(self.final_awards) == 1:
            return published
        return [award for award in published if have_common_name(notice.suppliers, award.suppliers)]

    def _cancel_replaced_awards(self) -> None:
        for award in self.replaced_awards:
            if award.is_published:
                self._change_status(award, "cancelled")

    def _publish_final_amount(self, award: OcdsAward) -> None:
        if award.amount != award.final_amount:
            award.amount = award.final_amount
            self._add_change(award)
            self._add_tag("award")

    def _change_status(self, award: OcdsAward, status: str) -> None:
        if award.status == status:
            return
        award.status = status
        self._add_change(award)
        if status == "cancelled" and "awardCancellation" not in self.tags:
            self.tags.append("awardCancellation")

    def _add_change(self, award: OcdsAward, new_document: Json | None = None) -> None:
        self.changed_awards[award.id] = award
        if new_document:
            award.documents.append(new_document)

    def _add_tag(self, part: str) -> None:
        tag = f"{part}Update" if part in self.published_tags else part
        if tag not in self.tags:
            self.tags.append(tag)

    def finish_release(self, first: ProcessNotice) -> Json:
        """Return the current release, for the day of ``first``, and start the next one."""
        process = self.process
        awards = [award.json(process) for award in self.changed_awards.values()]
        if any(award.status == "active" for award in (*self.final_awards, *self.replaced_awards)):
            self.tender_status = "complete"
        content = without_none(
            ocid=self.ocid,
            date=instant(first.day),
            tag=self.tags,
            initiationType="tender",
            language="zh",
            parties=self._parties() or None,
            buyer=reference(process.buyer) if process.buyer else None,
            tender=self._tender(),
            awards=awards or None,
            contracts=list(self.contracts.values()) or None,
        )
        release_id = f"{self.ocid}-{first.day:%Y%m%d}-{digest(orjson.dumps(content).decode())}"
        self.published_tags.update(self.tags)
        for award in self.changed_awards.values():
            award.documents = []
        self._start_release()
        return {"ocid": content.pop("ocid"), "id": release_id, **content}

    def _tender(self) -> Json:
        process = self.process
        lots = {
            lot_id: without_none(id=lot_id, title=text(lot.name), status=_LOT_STATUS.get(award.status or ""))
            for award in self.changed_awards.values()
            for lot_id, lot in award.lots
        }
        return without_none(
            id=text(process.number) or self.ocid,
            title=text(process.name),
            status=self.tender_status,
            procuringEntity=reference(self.agency) if self.agency else None,
            **procurement_method(process),
            tenderers=[reference(name) for name in unique_names(self.tenderers)] or None,
            lots=list(lots.values()) if len(process.lots) > 1 and lots else None,
            documents=self.tender_documents or None,
        )

    def _parties(self) -> list[Json]:
        """Return the organisations that the current release refers to, each with all roles it has had so far."""
        process = self.process
        parties: dict[str, Json] = {}
        self._add_parties(parties, "buyer", [process.buyer])
        if process.buyer and process.province:
            parties[party_id(process.buyer)]["address"] = {"region": process.province, "countryName": "中国"}
        self._add_parties(parties, "procuringEntity", [self.agency])
        self._add_parties(parties, "tenderer", self.tenderers)
        for award in self.changed_awards.values():
            self._add_parties(parties, "supplier", award.suppliers)
        return list(parties.values())

    def _add_parties(self, parties: dict[str, Json], role: str, names: Iterable[str | None]) -> None:
        for name in filter(None, names):
            roles = self.roles.setdefault(party_id(name), [])
            if role not in roles:
                roles.append(role)
            party = parties.setdefault(party_id(name), reference(name))
            party["roles"] = list(roles)


def _is_open(award: OcdsAward) -> bool:
    """Return whether a release has published the award and none has cancelled it."""
    return award.is_published and award.status != "cancelled"
