"""Scores of one labelled notice, field by field, for :mod:`analysis.quality.evaluate`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from analysis.quality.compare_values import alike_text, as_amount, day_text, number_text, party_text, split_parties

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


def label_kind(label: Json) -> str:
    return "other" if label["kind"] == "news" else str(label["kind"])


def _by_hand(label: Json) -> bool:
    """Whether a person read the facts, so that an empty label means that there is nothing to read."""
    source = str(label.get("labelled_by") or "")
    return source.startswith("hand") and "machine" not in source and "title" not in source and "snippet" not in source


def as_decided(label: Json) -> Json:
    """Of a review (docs/review.md) only what the person decided: its facts are what the rules read. Other labels as they are."""
    if "decided" not in label:
        return label
    kept = ("id", "url", "title", "is_large_model", "confidence")
    return {
        name: label.get(name) for name in (*kept, *(set(label["decided"]) & {"project_type", "sector", "province"}))
    }


def score_label(url: str, label: Json, notice: Json, scores: dict[str, FieldScore]) -> None:
    ours_large, is_large = notice["is_large_model"], label["is_large_model"]
    for name in ("is_large_model", f"is_large_model ({label.get('confidence')})"):
        if name in scores and is_large is not None:
            _score_flag(url, bool(is_large), ours_large, scores[name])
    if "is_award" in label:
        _score_flag(url, bool(label["is_award"]), notice["kind"] == "award", scores["is_award"])
    types = label.get("project_type") or []
    _score_one(url, types[:1], notice["project_type"] if types else None, scores["project_type"], strict=False)
    for name in ("sector", "province"):
        _score_one(url, [label[name]] if label.get(name) else [], notice[name], scores[name], strict=False)

    hand = _by_hand(label)
    numbers = [label["project_number"], *(label.get("numbers_also") or [])] if label.get("project_number") else []
    _score_one(url, numbers, notice["project_number"], scores["project_number"], strict=hand, same=number_text)
    buyers = [label["buyer"], *(label.get("buyers_also") or [])] if label.get("buyer") else []
    _score_one(url, buyers, notice["buyer"], scores["buyer"], strict=hand, same=party_text)
    if label.get("kind") in (*RESULT_KINDS, "failed", "tender", "correction"):
        result = label["kind"] in RESULT_KINDS
        if result or hand:
            _score_parties(url, label.get("suppliers") or [], notice["suppliers"], scores["supplier"], strict=hand)
        if label["kind"] == "award":
            _score_amount(url, label, notice, scores, hand)
    day = label.get("published_on")
    _score_one(
        url, [str(day)] if day else [], notice["published_on"], scores["published_on"], strict=False, same=day_text
    )


def score_record(url: str, label: Json, notice: Json, scores: dict[str, FieldScore]) -> None:
    """A record of another crawler: what it holds was read by a machine, so its silence proves nothing."""
    for name in ("buyer", "published_on"):
        if label.get(name):
            same = party_text if name == "buyer" else day_text
            _score_one(url, [str(label[name])], notice[name], scores[name], strict=False, same=same)
    if label.get("supplier"):
        _score_parties(url, [label["supplier"]], notice["suppliers"], scores["supplier"], strict=False)
    if label.get("amount_yuan_text"):
        given = sum(notice["amounts"].values(), Decimal(0)) if notice["amounts"] else None
        _score_money(url, [as_amount(label["amount_yuan_text"])], given, scores["amount"])
    if label.get("bidders"):
        # A crawler that took a whole paragraph for a name says nothing about names.
        names = [
            str(b["bidder"]) for b in label["bidders"] if b.get("bidder") and len(str(b["bidder"])) <= LONGEST_NAME
        ]
        _score_parties(url, names, notice["suppliers"], scores["supplier"], strict=False)
        prices = [a for b in label["bidders"] if (a := as_amount(b.get("price"))) is not None]
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


def _score_parties(url: str, labelled: list[str], ours: list[str], score: FieldScore, *, strict: bool) -> None:
    """Compares sets of names; members written as one consortium name are compared one by one.

    A machine's label often keeps only one of several winners, so what we give beyond it is not held against us.
    """
    wanted = {party_text(name): name for value in labelled for name in split_parties(value)}
    got = {party_text(name): name for value in ours for name in split_parties(value)}
    hits = wanted.keys() & got.keys()
    if not strict and (not wanted or len(hits) == len(wanted)):
        got = {key: got[key] for key in hits}
    score.add(url, wanted.values(), got.values(), len(hits))


def _score_amount(url: str, label: Json, notice: Json, scores: dict[str, FieldScore], hand: bool) -> None:
    lots = [a for lot in label.get("lots") or [] if (a := as_amount(lot.get("amount_yuan"))) is not None]
    given = sum(notice["amounts"].values(), Decimal(0)) if notice["amounts"] else None
    total = as_amount(label.get("total_amount_yuan"))
    if total is None:
        if hand and given is not None and not lots:
            scores["amount"].add(url, [], [str(given)], 0)
    else:
        also = [
            as_amount(x.get("yuan")) for x in label.get("amounts_also") or [] if not hand and x.get("kind") == "total"
        ]
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
