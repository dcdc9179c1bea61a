"""What a person decided about an award replaces what the rules say (docs/review.md).

A review names the notices that its award had. It applies to every award that holds one of them, from the instant of
the review. The latest review wins, field by field. ``lots`` goes with ``large_model``, and ``subsector`` with
``sector``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analysis.awards.facts import Award, AwardLot, NoticeFacts
from pipelines.lexicon import terms

# The decided fields that are columns of an award and replace what was read from its notices.
_COLUMNS = tuple(
    field for field in terms.codes("review_field") if field not in ("large_model", "lots", "confirmed_amount_yuan")
)
# A decision about the first field drops an older decision about the second.
_BELONGS_TO = (("large_model", "lots"), ("sector", "subsector"))

_SameLot = Callable[[AwardLot, "SeenLot"], bool]


@dataclass(frozen=True, slots=True)
class SeenLot:
    """A lot as the person saw it: ``no`` is the number it was shown under, ``suppliers`` all names as one text."""

    no: int | None
    name: str | None
    suppliers: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """One person's review. ``at``: microseconds since 1970 (UTC); ``reviewed_at``: the same as text for people.

    ``decided`` has the decided fields: ``large_model`` (yes, no, unsure), ``lots`` (the numbers of those ``seen_lots``
    that are about large models), ``project_type``, ``sector``, ``subsector``, ``province``, ``confirmed_amount_yuan``.
    """

    at: int
    reviewed_at: str
    notices: frozenset[str]
    decided: dict[str, Any]
    seen_lots: tuple[SeenLot, ...]
    reviewer: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What people decided about one award: the review that decided each field."""

    by: dict[str, Review]

    def mark(self, all_lots: Sequence[AwardLot], lots: Sequence[AwardLot], large: bool) -> bool:
        """Mark which of ``lots`` count, and return whether the award is about large models.

        ``large`` is what the rules say. ``all_lots`` also has the lots that failed since. If a person named only
        those, no lot is left and the answer is no.
        """
        review = self.by.get("large_model")
        if review is None or review.decided["large_model"] == "unsure":
            return large
        if review.decided["large_model"] == "no":
            for lot in all_lots:
                lot.is_large_model = False
        elif chosen := review.decided.get("lots"):
            for lot, seen in _same_lots(all_lots, review.seen_lots):
                lot.is_large_model = seen.no in chosen
        elif not any(lot.is_large_model for lot in lots):
            for lot in lots:
                lot.is_large_model = True
        some = any(lot.is_large_model for lot in lots)
        for lot in lots:
            lot.counted = lot.is_large_model or not some
        return some

    @property
    def decides_class(self) -> bool:
        """Return whether a person answered yes or no to "is it about large models"."""
        return "large_model" in self.by and self.by["large_model"].decided["large_model"] != "unsure"

    @property
    def confirmed_amount(self) -> Decimal | None:
        """Return the amount in yuan that a person confirmed, None if nobody did."""
        review = self.by.get("confirmed_amount_yuan")
        return Decimal(review.decided["confirmed_amount_yuan"]) if review else None

    def fill(self, fields: dict[str, str | None], sources: dict[str, str], large: bool) -> None:
        """Replace the values read from notices by the decided ones, and drop the sources of the replaced values."""
        if self.decides_class and not large:
            fields["project_type"] = None
        if (review := self.by.get("sector")) and review.decided["sector"] != fields["sector"]:
            fields["subsector"] = None
        for field in _COLUMNS:
            if field in self.by:
                fields[field] = self.by[field].decided[field]
            if field in self.by or fields[field] is None:
                sources.pop(field, None)

    def beside_rules(self, ruled: Award) -> list[dict[str, Any]]:
        """Return each decided field with who decided it, when, and what the rules alone say (``ruled``)."""
        rules_say: dict[str, Any] = {name: ruled.fields[name] for name in _COLUMNS}
        rules_say["large_model"] = "yes" if ruled.is_large_model else "no"
        rules_say["confirmed_amount_yuan"] = None if ruled.amount is None else str(ruled.amount)
        rules_say["lots"] = [lot.no for lot in ruled.lots if lot.counted and lot.is_large_model]
        return [
            {
                "field": field,
                "value": review.decided[field],
                "rules": rules_say[field],
                "relevance": ruled.relevance if field == "large_model" else None,
                "reviewed_at": review.reviewed_at,
                "reviewer": review.reviewer,
                "note": review.note,
            }
            for field, review in self.by.items()
        ]


def confirm_lots(counted: Sequence[AwardLot], amount: Decimal) -> None:
    """Make the prices of the counted lots fit the amount that a person confirmed.

    A single lot has that price. Prices of several lots that do not add up to it are dropped.
    """
    if len(counted) == 1:
        counted[0].amount, counted[0].partial = amount, False
    elif sum((lot.amount for lot in counted if lot.amount is not None), Decimal(0)) != amount:
        for lot in counted:
            lot.amount = lot.amount_source = lot.amount_notice = None


def reviews_of_award(reviews: Iterable[Review], notices: Iterable[NoticeFacts]) -> tuple[Review, ...]:
    """Return the reviews that name one of these notices, in their own order."""
    keys = {notice.key for notice in notices}
    return tuple(review for review in reviews if review.notices & keys)


def latest_decision(reviews: Iterable[Review]) -> Decision:
    """Return what holds after ``reviews``, given in order of time."""
    by: dict[str, Review] = {}
    for review in reviews:
        for field, dependent in _BELONGS_TO:
            if field in review.decided:
                by.pop(dependent, None)
        by |= dict.fromkeys(review.decided, review)
    return Decision(by)


def _same_lots(lots: Sequence[AwardLot], seen_lots: Sequence[SeenLot]) -> list[tuple[AwardLot, SeenLot]]:
    """Pair today's lots with those the person saw, the surest test first. A lot that came later has no pair."""
    tests: tuple[_SameLot, ...] = (
        lambda lot, seen: lot.no == seen.no and lot.name is not None and lot.name == seen.name,
        lambda lot, seen: lot.name is not None and lot.name == seen.name,
        lambda lot, seen: lot.no == seen.no and _same_winner(lot, seen),
        lambda lot, seen: lot.amount is not None and lot.amount == seen.amount and _same_winner(lot, seen),
        _same_winner,
        lambda lot, seen: lot.no == seen.no,
    )
    pairs: list[tuple[AwardLot, SeenLot]] = []
    free, open_lots = list(seen_lots), list(lots)
    for test in tests:
        for lot in list(open_lots):
            match = next((seen for seen in free if test(lot, seen)), None)
            if match is not None:
                pairs.append((lot, match))
                free.remove(match)
                open_lots.remove(lot)
    return pairs


def _same_winner(lot: AwardLot, seen: SeenLot) -> bool:
    return any(supplier.name in seen.suppliers for supplier in lot.suppliers)
