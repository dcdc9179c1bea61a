"""Scores of one labelled notice, field by field, for :mod:`analysis.quality.evaluate`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from analysis.quality.compare_values import alike_text, as_amount, day_text, number_text, party_text, split_parties
from pipelines.labelled_notices import CrawledRecord, Label, LabelledNotice

Json = dict[str, Any]
RESULT_KINDS = ("award", "candidate")
LONGEST_NAME = 200
FIELD_ORDER = (
    "kind", "is_award", "is_large_model", "is_large_model (high)", "is_large_model (medium)", "is_large_model (low)",
    "project_type", "sector", "province", "project_number", "buyer", "supplier", "amount", "lot_amount", "quote",
    "published_on",
)  # fmt: skip

# What the rules decide; the rest is read.
CLASS_FIELDS = (
    "is_large_model", "is_large_model (high)", "is_large_model (medium)", "is_large_model (low)",
    "project_type", "sector", "province",
)  # fmt: skip


@dataclass
class FieldScore:
    """Counts of one field; ``misses`` holds (url, label, ours) of every value that was wrong, absent or too much."""

    correct: int = 0
    given: int = 0
    labelled: int = 0
    misses: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        return self.correct / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        return self.correct / self.labelled if self.labelled else None

    @property
    def f1(self) -> float | None:
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p and r else (0.0 if p is not None and r is not None else None)

    def add(self, url: str, label: Iterable[str], ours: Iterable[str], correct: int) -> None:
        wanted, got = list(label), list(ours)
        self.correct += correct
        self.given += len(got)
        self.labelled += len(wanted)
        if correct < max(len(wanted), len(got)):
            self.misses.append((url, " | ".join(wanted) or "—", " | ".join(got) or "—"))


def label_kind(label: Label) -> str | None:
    """Return the kind as the database has it; None if the label has none."""
    return "other" if label.kind == "news" else label.kind


def _by_hand(label: LabelledNotice) -> bool:
    """Whether a person read the facts, so that an empty label means that there is nothing to read."""
    source = label.labelled_by or ""
    return source.startswith("hand") and "machine" not in source and "title" not in source and "snippet" not in source


def score_label(url: str, label: LabelledNotice, notice: Json, scores: dict[str, FieldScore]) -> None:
    for name in ("is_large_model", f"is_large_model ({label.confidence})"):
        if name in scores and label.is_large_model is not None:
            _score_flag(url, label.is_large_model, notice["is_large_model"], scores[name])
    if label.is_award is not None:
        _score_flag(url, label.is_award, notice["kind"] == "award", scores["is_award"])
    types = [*label.project_type[:1]]
    _score_one(url, types, notice["project_type"] if types else None, scores["project_type"], strict=False)
    for name, value in (("sector", label.sector), ("province", label.province)):
        _score_one(url, [value] if value else [], notice[name], scores[name], strict=False)

    hand = _by_hand(label)
    numbers = [label.project_number, *label.numbers_also] if label.project_number else []
    _score_one(url, numbers, notice["project_number"], scores["project_number"], strict=hand, same=number_text)
    buyers = [label.buyer, *label.buyers_also] if label.buyer else []
    _score_one(url, buyers, notice["buyer"], scores["buyer"], strict=hand, same=party_text)
    if label.kind in (*RESULT_KINDS, "failed", "tender", "correction"):
        if label.kind in RESULT_KINDS or hand:
            _score_parties(url, label.suppliers, notice["suppliers"], scores["supplier"], strict=hand)
        if label.kind == "award":
            _score_amount(url, label, notice, scores, hand)
    days = [label.published_on] if label.published_on else []
    _score_one(url, days, notice["published_on"], scores["published_on"], strict=False, same=day_text)


def score_record(url: str, label: CrawledRecord, notice: Json, scores: dict[str, FieldScore]) -> None:
    """A record of another crawler: what it holds was read by a machine, so its silence proves nothing."""
    for name, value, same in (("buyer", label.buyer, party_text), ("published_on", label.published_on, day_text)):
        _score_one(url, [value] if value else [], notice[name], scores[name], strict=False, same=same)
    if label.supplier:
        _score_parties(url, [label.supplier], notice["suppliers"], scores["supplier"], strict=False)
    if label.amount_yuan_text:
        given = sum(notice["amounts"].values(), Decimal(0)) if notice["amounts"] else None
        _score_money(url, [as_amount(label.amount_yuan_text)], given, scores["amount"])
    if label.bidders:
        # A crawler that took a whole paragraph for a name says nothing about names.
        names = [one.bidder for one in label.bidders if one.bidder and len(one.bidder) <= LONGEST_NAME]
        _score_parties(url, names, notice["suppliers"], scores["supplier"], strict=False)
        prices = [a for one in label.bidders if (a := as_amount(one.price)) is not None]
        given_quotes = [q for q in notice["quotes"] if q in prices]
        extra = [q for q in notice["quotes"] if q not in prices] if len(prices) == len(names) else []
        scores["quote"].add(url, map(str, prices), map(str, given_quotes + extra), len(set(given_quotes)))


def _score_flag(url: str, label: bool, ours: bool, score: FieldScore) -> None:
    score.add(url, ["yes"] if label else [], ["yes"] if ours else [], int(label and ours))


def _score_one(
    url: str, accepted: list[Any], ours: Any, score: FieldScore, *, strict: bool, same: Any = alike_text
) -> None:
    if not accepted:
        if strict and ours:
            score.add(url, [], [str(ours)], 0)
        return
    correct = bool(ours) and same(str(ours)) in {same(str(value)) for value in accepted if value}
    score.add(url, [str(accepted[0])], [str(ours)] if ours else [], int(correct))


def _score_parties(url: str, labelled: Iterable[str], ours: Iterable[str], score: FieldScore, *, strict: bool) -> None:
    """Compares sets of names; members written as one consortium name are compared one by one.

    A machine's label often keeps only one of several winners, so what we give beyond it is not held against us.
    """
    wanted = {party_text(name): name for value in labelled for name in split_parties(value)}
    got = {party_text(name): name for value in ours for name in split_parties(value)}
    hits = wanted.keys() & got.keys()
    if not strict and (not wanted or len(hits) == len(wanted)):
        got = {key: got[key] for key in hits}
    score.add(url, wanted.values(), got.values(), len(hits))


def _score_amount(url: str, label: LabelledNotice, notice: Json, scores: dict[str, FieldScore], hand: bool) -> None:
    lots = [a for lot in label.lots if (a := as_amount(lot.amount_yuan)) is not None]
    given = sum(notice["amounts"].values(), Decimal(0)) if notice["amounts"] else None
    total = as_amount(label.total_amount_yuan)
    if total is None:
        if hand and given is not None and not lots:
            scores["amount"].add(url, [], [str(given)], 0)
    else:
        also = [as_amount(one.yuan) for one in label.amounts_also if not hand and one.kind == "total"]
        _score_money(url, [total, *also], given, scores["amount"])
    if lots and hand:
        remaining, hits = list(lots), 0
        for amount in notice["amounts"].values():
            if amount in remaining:
                remaining.remove(amount)
                hits += 1
        scores["lot_amount"].add(url, map(str, lots), map(str, notice["amounts"].values()), hits)


def _score_money(url: str, accepted: list[Decimal | None], ours: Decimal | None, score: FieldScore) -> None:
    values = [a for a in accepted if a is not None]
    if values:
        score.add(
            url, [str(values[0])], [str(ours)] if ours is not None else [], int(ours is not None and ours in values)
        )
