"""Scores of one labelled notice, field by field, for :mod:`analysis.quality.evaluate`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from analysis.quality.compare_values import (
    as_amount,
    comparable_day,
    comparable_number,
    comparable_party,
    comparable_text,
    split_parties,
)
from pipelines.labelled_notices import CrawledRecord, Label, LabelledNotice

RESULT_KINDS = ("award", "candidate")
LONGEST_NAME = 200  # characters; a longer "name" in a record of a crawler is a paragraph
FIELD_ORDER = (
    "kind", "is_award", "is_large_model", "is_large_model (high)", "is_large_model (medium)", "is_large_model (low)",
    "project_type", "sector", "province", "project_number", "buyer", "supplier", "amount", "lot_amount", "quote",
    "published_on",
)  # fmt: skip

# The fields that rules decide; the others are read from the notice.
CLASS_FIELDS = (
    "is_large_model", "is_large_model (high)", "is_large_model (medium)", "is_large_model (low)",
    "project_type", "sector", "province",
)  # fmt: skip


@dataclass
class NoticeValues:
    """What we have of a labelled notice.

    ``amounts`` are the prices by number of the lot; ``quotes`` are the candidates' own prices.
    """

    kind: str
    is_large_model: bool
    project_type: str | None
    sector: str | None
    province: str | None
    project_number: str | None = None
    buyer: str | None = None
    published_on: str | None = None
    amounts: dict[int, Decimal] = field(default_factory=dict)
    suppliers: list[str] = field(default_factory=list)
    quotes: list[Decimal] = field(default_factory=list)

    @property
    def total(self) -> Decimal | None:
        """Return the sum of the prices, None if there is none."""
        return sum(self.amounts.values(), Decimal(0)) if self.amounts else None


@dataclass
class FieldScore:
    """Counts of one field. ``misses`` has (url, label, ours) of every value that was wrong, missing or too much."""

    correct: int = 0
    given: int = 0
    labelled: int = 0
    misses: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Return correct / given, None if nothing was given."""
        return self.correct / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        """Return correct / labelled, None if nothing was labelled."""
        return self.correct / self.labelled if self.labelled else None

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of precision and recall, None if one of them is missing."""
        precision, recall = self.precision, self.recall
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision and recall else 0.0

    def add(self, url: str, labelled: Iterable[str], given: Iterable[str], correct: int) -> None:
        """Count the values of one notice, ``correct`` of which agree."""
        labelled_values, given_values = list(labelled), list(given)
        self.correct += correct
        self.given += len(given_values)
        self.labelled += len(labelled_values)
        if correct < max(len(labelled_values), len(given_values)):
            self.misses.append((url, " | ".join(labelled_values) or "—", " | ".join(given_values) or "—"))


def label_kind(label: Label) -> str | None:
    """Return the kind as the database has it; None if the label has none."""
    return "other" if label.kind == "news" else label.kind


def _by_hand(label: LabelledNotice) -> bool:
    """Return whether a person read the facts, so that an empty label means that there is nothing to read."""
    source = label.labelled_by or ""
    return source.startswith("hand") and "machine" not in source and "title" not in source and "snippet" not in source


def score_label(url: str, label: LabelledNotice, notice: NoticeValues, scores: dict[str, FieldScore]) -> None:
    """Add the scores of a notice that a person labelled."""
    for name in ("is_large_model", f"is_large_model ({label.confidence})"):
        if name in scores and label.is_large_model is not None:
            _score_flag(url, label.is_large_model, notice.is_large_model, scores[name])
    if label.is_award is not None:
        _score_flag(url, label.is_award, notice.kind == "award", scores["is_award"])
    _score_value(url, label.project_type[:1], notice.project_type, scores["project_type"], strict=False)
    _score_value(url, _as_list(label.sector), notice.sector, scores["sector"], strict=False)
    _score_value(url, _as_list(label.province), notice.province, scores["province"], strict=False)

    by_hand = _by_hand(label)
    numbers = [label.project_number, *label.numbers_also] if label.project_number else []
    score = scores["project_number"]
    _score_value(url, numbers, notice.project_number, score, strict=by_hand, comparable=comparable_number)
    buyers = [label.buyer, *label.buyers_also] if label.buyer else []
    _score_value(url, buyers, notice.buyer, scores["buyer"], strict=by_hand, comparable=comparable_party)
    if label.kind in (*RESULT_KINDS, "failed", "tender", "correction"):
        if label.kind in RESULT_KINDS or by_hand:
            _score_parties(url, label.suppliers, notice.suppliers, scores["supplier"], strict=by_hand)
        if label.kind == "award":
            _score_amount(url, label, notice, scores, by_hand=by_hand)
    _score_day(url, label.published_on, notice, scores)


def score_record(url: str, label: CrawledRecord, notice: NoticeValues, scores: dict[str, FieldScore]) -> None:
    """Add the scores of a record of another crawler. A machine read it, so a value that it lacks proves nothing."""
    buyers = _as_list(label.buyer)
    _score_value(url, buyers, notice.buyer, scores["buyer"], strict=False, comparable=comparable_party)
    _score_day(url, label.published_on, notice, scores)
    if label.supplier:
        _score_parties(url, [label.supplier], notice.suppliers, scores["supplier"], strict=False)
    if label.amount_yuan_text:
        _score_money(url, [as_amount(label.amount_yuan_text)], notice.total, scores["amount"])
    if label.bidders:
        names = [bid.bidder for bid in label.bidders if bid.bidder and len(bid.bidder) <= LONGEST_NAME]
        _score_parties(url, names, notice.suppliers, scores["supplier"], strict=False)
        prices = [price for bid in label.bidders if (price := as_amount(bid.price)) is not None]
        correct = [quote for quote in notice.quotes if quote in prices]
        # Only a record with the price of every bidder shows that a further quote is wrong.
        wrong = [quote for quote in notice.quotes if quote not in prices] if len(prices) == len(names) else []
        scores["quote"].add(url, map(str, prices), map(str, correct + wrong), len(set(correct)))


def _score_flag(url: str, label: bool, ours: bool, score: FieldScore) -> None:
    score.add(url, ["yes"] if label else [], ["yes"] if ours else [], int(label and ours))


def _score_day(url: str, labelled: str | None, notice: NoticeValues, scores: dict[str, FieldScore]) -> None:
    days = _as_list(labelled)
    score = scores["published_on"]
    _score_value(url, days, notice.published_on, score, strict=False, comparable=comparable_day)


def _score_value(
    url: str,
    accepted: Sequence[str],
    ours: str | None,
    score: FieldScore,
    *,
    strict: bool,
    comparable: Callable[[str], str] = comparable_text,
) -> None:
    """Score a field with one value; the label accepts several. ``strict``: without a label, our value is wrong."""
    if not accepted:
        if strict and ours:
            score.add(url, [], [ours], 0)
        return
    correct = bool(ours) and comparable(ours or "") in {comparable(value) for value in accepted if value}
    score.add(url, [accepted[0]], _as_list(ours), int(correct))


def _as_list(value: str | None) -> list[str]:
    return [value] if value else []


def _score_parties(url: str, labelled: Iterable[str], ours: Iterable[str], score: FieldScore, *, strict: bool) -> None:
    """Score a set of names; the members of a consortium that are written as one name are compared one by one.

    A machine's label often has only one of several winners, so further names count as wrong only if ``strict``.
    """
    labelled_names = {comparable_party(name): name for value in labelled for name in split_parties(value)}
    given_names = {comparable_party(name): name for value in ours for name in split_parties(value)}
    correct = labelled_names.keys() & given_names.keys()
    if not strict and len(correct) == len(labelled_names):
        given_names = {key: given_names[key] for key in correct}
    score.add(url, labelled_names.values(), given_names.values(), len(correct))


def _score_amount(
    url: str, label: LabelledNotice, notice: NoticeValues, scores: dict[str, FieldScore], *, by_hand: bool
) -> None:
    lot_amounts = [amount for lot in label.lots if (amount := as_amount(lot.amount_yuan)) is not None]
    total = as_amount(label.total_amount_yuan)
    if total is None:
        if by_hand and notice.total is not None and not lot_amounts:
            scores["amount"].add(url, [], [str(notice.total)], 0)
    else:
        also = [as_amount(other.yuan) for other in label.amounts_also if not by_hand and other.kind == "total"]
        _score_money(url, [total, *also], notice.total, scores["amount"])
    if lot_amounts and by_hand:
        correct = (Counter(lot_amounts) & Counter(notice.amounts.values())).total()
        scores["lot_amount"].add(url, map(str, lot_amounts), map(str, notice.amounts.values()), correct)


def _score_money(url: str, accepted: list[Decimal | None], ours: Decimal | None, score: FieldScore) -> None:
    amounts = [amount for amount in accepted if amount is not None]
    if amounts:
        score.add(url, [str(amounts[0])], [] if ours is None else [str(ours)], int(ours in amounts))
