"""What the rules read about notices, and what they write about awards: plain data without rules.

Amounts are ``Decimal`` in yuan. Instants (``seen``, ``first_seen``) are microseconds since 1970 in UTC. A ``day`` is a
day number as ``date.toordinal`` gives it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

# The order of notices that were published on one day: a result comes before its correction, a correction before the
# notice that the project failed.
KIND_ORDER = {
    kind: place
    for place, kind in enumerate(
        ("intention", "tender", "single_source", "candidate", "award", "correction", "contract", "failed", "other")
    )
}


@dataclass(frozen=True, slots=True)
class Supplier:
    """One supplier that a notice names for a lot.

    ``key`` is the name in the form that is compared; ``quote`` is the supplier's own price.
    """

    name: str
    key: str
    vendor: str | None
    role: str
    position: int | None
    quote: Decimal | None


@dataclass(frozen=True, slots=True)
class StatedPrice:
    """A price that a notice states besides those that its lots have; ``source`` as in ``pipelines.model``."""

    source: str
    amount: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class LotFacts:
    """One lot as one notice gives it. ``seq`` is its place in the notice.

    ``numbered``: the notice writes the number ``no``. ``key`` is the lot's own name in the form that is compared, None
    if it has no name of its own. ``stated`` are further statements of its price. ``states_no_sum``: in place of a sum
    the notice gives a rate or a unit price.
    """

    seq: int
    no: int
    numbered: bool
    name: str | None
    key: str | None
    amount: Decimal | None
    tax_included: bool | None
    is_large_model: bool
    failed: bool
    suppliers: tuple[Supplier, ...]
    stated: tuple[StatedPrice, ...] = ()
    states_no_sum: bool = False

    @property
    def identified(self) -> bool:
        """Return whether the notice says which lot this is."""
        return self.numbered or self.key is not None

    @property
    def supplier_keys(self) -> frozenset[str]:
        """Return the compared names of the suppliers."""
        return frozenset(supplier.key for supplier in self.suppliers)


@dataclass(frozen=True, slots=True, eq=False)
class NoticeFacts:
    """One version of one notice. The fields are named like the columns of ``facts.sql``.

    ``day`` is the day of publication; if the notice has none, the day in Shanghai on which it was first seen.
    ``seen`` is when this version was first seen, ``first_seen`` when the notice was. ``platform_number_key`` is the
    portal's own number of the project. ``is_retender``: the title says that the project was tendered again. ``stated``
    are statements of the price of all lots that were won.
    """

    key: str
    portal: str
    kind: str
    title: str | None
    published_on: date | None
    day: int
    seen: int
    first_seen: int
    project_number: str | None
    number_key: str | None
    platform_number_key: str | None
    project_name: str | None
    name_key: str | None
    buyer: str | None
    buyer_key: str | None
    buyer_vendor: str | None
    buyer_kind: str | None
    province: str | None
    cancels_result: bool
    replacement_words: str
    is_retender: bool
    is_large_model: bool
    relevance: float
    project_type: str | None
    sector: str | None
    subsector: str | None
    evidence: str | None
    lots: tuple[LotFacts, ...]
    stated: tuple[StatedPrice, ...] = ()
    order: tuple[int, int, int, str] = field(init=False)
    replaces_result: bool = field(init=False)
    names_supplier: bool = field(init=False)

    def __post_init__(self) -> None:
        # All three are read many times, so they are computed once: the chronological order (day, kind, instant, key),
        # whether this result takes the place of an earlier one, and whether this result or list of candidates names a
        # supplier of a lot that did not fail.
        object.__setattr__(self, "order", (self.day, KIND_ORDER[self.kind], self.seen, self.key))
        object.__setattr__(self, "replaces_result", self.kind == "award" and bool(self.replacement_words))
        has_supplier = any(lot.suppliers and not lot.failed for lot in self.lots)
        object.__setattr__(self, "names_supplier", has_supplier and self.kind in ("award", "candidate"))


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the price of a lot, or of several lots together.

    ``source`` is ``price`` (the price that a notice gives the lot), ``quote`` (the winner's own quote as a candidate),
    ``contract``, or a source of :class:`StatedPrice`. ``compared`` is the sum of the ``of_lots`` lots that it is a
    statement of; None: it is about the price of the one lot that has it.
    """

    source: str
    portal: str
    notice_key: str
    amount: Decimal
    words: str | None = None
    tax_included: bool | None = None
    compared: Decimal | None = None
    of_lots: int = 1


@dataclass(slots=True)
class AwardLot:
    """One lot of an award, after all notices that were read so far. ``state`` is won, candidate or void.

    ``notice_key`` is the notice that named the suppliers. ``portals`` are all that reported the lot.
    ``replaced`` holds the suppliers and prices that no longer hold. ``withdrawn``: a rate or unit price took the place
    of the price. ``partial``: the price of one supplier's share is missing. ``statements`` are those of the price that
    holds now.
    """

    no: int
    numbered: bool
    name: str | None
    key: str | None
    amount: Decimal | None
    amount_source: str | None
    amount_notice: str | None
    tax_included: bool | None
    is_large_model: bool
    state: str
    suppliers: tuple[Supplier, ...]
    notice_key: str
    title: str | None
    portals: set[str]
    replaced: set[tuple[frozenset[str], Decimal | None]]
    counted: bool = False
    partial: bool = False
    statements: list[Statement] = field(default_factory=list)
    withdrawn: bool = False

    @property
    def supplier_keys(self) -> frozenset[str]:
        """Return the compared names of the suppliers."""
        return frozenset(supplier.key for supplier in self.suppliers)

    @property
    def identified(self) -> bool:
        """Return whether a notice says which lot this is."""
        return self.numbered or self.key is not None


@dataclass(slots=True)
class Award:
    """One award, as the notices that are known at one instant make it.

    ``anchor`` is the notice that the award's key is made from. ``sources`` has the notice that each field was read
    from. ``disclosed``: the amount is one that sums may contain. ``flags`` say what is doubtful about it, and
    ``flag_evidence`` why. ``confirmed`` is the amount that a person confirmed. ``reviewed`` has
    what a person decided, field by field, next to what the rules say (``analysis.awards.reviewed``).
    """

    anchor: NoticeFacts
    notices: list[NoticeFacts]
    status: str
    awarded_on: date | None
    lots: list[AwardLot]
    amount: Decimal | None
    partial: bool
    disclosed: bool
    flags: list[str]
    flag_evidence: list[dict[str, Any]]
    confirmed: Decimal | None
    is_large_model: bool
    relevance: float
    tax_included: bool | None
    fields: dict[str, str | None]
    sources: dict[str, str]
    suppliers: list[str]
    vendors: list[str]
    own_group: bool
    rules: list[str]
    reviewed: list[dict[str, Any]] = field(default_factory=list)
