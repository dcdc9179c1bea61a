"""What a person decided about an award, in the place of what the rules say: docs/review.md.

A review names the notices that its award had. It belongs to every award that holds one of them, from the instant it was made.
Of several reviews the latest counts, field by field; which lots count belongs to ``large_model``, the subsector to ``sector``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analysis.awards.facts import Award, LotState, Notice

_Test = Callable[[LotState, "ToldLot"], bool]


@dataclass(frozen=True, slots=True)
class ToldLot:
    """A lot as the person saw it: ``no`` is the number it was shown under, ``suppliers`` all names as one text."""

    no: int | None
    name: str | None
    suppliers: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """One person's decision. ``at``: microseconds since 1970 (UTC), ``reviewed_at`` the same for people.

    ``decided`` holds the fields that are decided: ``large_model`` (yes, no, unsure), ``lots`` (the numbers of those about large
    models, of ``told``), ``project_type``, ``sector``, ``subsector``, ``province``.
    """

    at: int
    reviewed_at: str
    notices: frozenset[str]
    decided: dict[str, Any]
    told: tuple[ToldLot, ...]
    reviewer: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What holds of an award by its reviews: the review that decided each field."""

    by: dict[str, Review]

    def mark(self, known: Sequence[LotState], lots: Sequence[LotState], large: bool) -> bool:
        """Marks which of ``lots`` count and says whether the award is about large models; ``large`` is what the rules say.

        ``known`` are all lots of the award, those that failed since included: where a person named only those, nothing is left.
        """
        review = self.by.get("large_model")
        if review is None or review.decided["large_model"] == "unsure":
            return large
        if review.decided["large_model"] == "no":
            for lot in known:
                lot.large = False
        elif chosen := review.decided.get("lots"):
            for lot, told in _same_lots(known, review.told):
                lot.large = told.no in chosen
        elif not any(lot.large for lot in lots):
            for lot in lots:
                lot.large = True
        some = any(lot.large for lot in lots)
        for lot in lots:
            lot.counted = lot.large or not some
        return some

    @property
    def decides_class(self) -> bool:
        """Whether a person said yes or no to "is it about large models"."""
        return "large_model" in self.by and self.by["large_model"].decided["large_model"] != "unsure"

    def fill(self, fields: dict[str, str | None], sources: dict[str, str], large: bool) -> None:
        """Puts the decided values in the place of those read from notices, whose sources then are none."""
        if self.decides_class and not large:
            fields["project_type"] = None
        if (review := self.by.get("sector")) and review.decided["sector"] != fields["sector"]:
            fields["subsector"] = None
        for field in ("project_type", "sector", "subsector", "province"):
            if field in self.by:
                fields[field] = self.by[field].decided[field]
            if field in self.by or fields[field] is None:
                sources.pop(field, None)

    def beside(self, ruled: Award) -> list[dict[str, Any]]:
        """Each decided field with who decided it and when, and with what the rules alone say (``ruled``)."""
        said: dict[str, Any] = {
            name: ruled.fields[name] for name in ("project_type", "sector", "subsector", "province")
        }
        said["large_model"] = "yes" if ruled.large else "no"
        said["lots"] = [lot.no for lot in ruled.lots if lot.counted and lot.large]
        return [
            {
                "field": field, "value": review.decided[field], "rules": said[field],
                "relevance": ruled.relevance if field == "large_model" else None,
                "reviewed_at": review.reviewed_at, "reviewer": review.reviewer, "note": review.note,
            }
            for field, review in self.by.items()
        ]  # fmt: skip


def of_award(reviews: Iterable[Review], notices: Iterable[Notice]) -> tuple[Review, ...]:
    """The reviews that belong to the award that these notices make, in their own order."""
    keys = {notice.key for notice in notices}
    return tuple(review for review in reviews if review.notices & keys)


def decide(reviews: Iterable[Review]) -> Decision:
    """What holds by ``reviews``, given in order of time."""
    by: dict[str, Review] = {}
    for review in reviews:
        # What belongs to an older answer goes with it.
        for field, belongs in (("large_model", "lots"), ("sector", "subsector")):
            if field in review.decided:
                by.pop(belongs, None)
        by |= dict.fromkeys(review.decided, review)
    return Decision(by)


def _same_lots(known: Sequence[LotState], told: Sequence[ToldLot]) -> list[tuple[LotState, ToldLot]]:
    """Which lot of today is which of those the person saw, by the surest test first; a lot that came later is none of them."""
    tests: tuple[_Test, ...] = (
        lambda lot, seen: lot.no == seen.no and lot.name is not None and lot.name == seen.name,
        lambda lot, seen: lot.name is not None and lot.name == seen.name,
        lambda lot, seen: lot.no == seen.no and _won_alike(lot, seen),
        lambda lot, seen: lot.amount is not None and lot.amount == seen.amount and _won_alike(lot, seen),
        _won_alike,
        lambda lot, seen: lot.no == seen.no,
    )
    pairs: list[tuple[LotState, ToldLot]] = []
    free, open_lots = list(told), list(known)
    for test in tests:
        for lot in list(open_lots):
            hit = next((seen for seen in free if test(lot, seen)), None)
            if hit is not None:
                pairs.append((lot, hit))
                free.remove(hit)
                open_lots.remove(lot)
    return pairs


def _won_alike(lot: LotState, seen: ToldLot) -> bool:
    return any(supplier.name in seen.suppliers for supplier in lot.suppliers)
