"""What the rules of awards see of a notice, and what they say of an award: plain data, no rules.

Amounts are ``Decimal`` in yuan; instants are microseconds since 1970 (UTC); ``when`` is a day number
(``date.toordinal``), the publication date or, where none was read, the day in Shanghai on which we first had the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

# Order of notices published on one day: a result is announced before it is corrected, and corrected before it is voided.
KIND_ORDER = {
    "intention": 0, "tender": 1, "single_source": 2, "candidate": 3, "award": 4, "correction": 5, "contract": 6,
    "failed": 7, "other": 8,
}  # fmt: skip

# The portal of rows of tables that users have: each tells an award as a whole, as somebody knows it after all its notices.
TABLES = "imported"


@dataclass(frozen=True, slots=True)
class Supplier:
    """One named supplier of a lot; ``quote`` is the supplier's own price, ``key`` the name as it is compared."""

    name: str
    key: str
    vendor: str | None
    role: str
    position: int | None
    quote: Decimal | None


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot as one notice gives it, the ``seq``-th there. ``key`` is None where the lot has no name of its own."""

    seq: int
    no: int
    numbered: bool
    name: str | None
    key: str | None
    amount: Decimal | None
    tax_included: bool | None
    large: bool
    failed: bool
    suppliers: tuple[Supplier, ...]

    @property
    def identified(self) -> bool:
        """Whether the notice says which lot this is."""
        return self.numbered or self.key is not None

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(s.key for s in self.suppliers)


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """One version of one notice. ``seen`` is when this version was first had, ``first_seen`` when the notice was.

    ``other_number`` is what the portal calls the project beside the number in the notice, as a key; ``retender``: its title
    says that the project was tendered again.
    """

    key: str
    portal: str
    kind: str
    title: str | None
    day: date | None
    when: int
    seen: int
    first_seen: int
    number: str | None
    number_key: str | None
    other_number: str | None
    name: str | None
    name_key: str | None
    buyer: str | None
    buyer_key: str | None
    buyer_vendor: str | None
    buyer_kind: str | None
    province: str | None
    cancels: bool
    replaces: bool
    retender: bool
    large: bool
    relevance: float
    project_type: str | None
    sector: str | None
    subsector: str | None
    lots: tuple[Lot, ...]
    evidence: str | None
    order: tuple[int, int, int, str] = field(init=False)
    names_someone: bool = field(init=False)

    def __post_init__(self) -> None:
        # Asked for many times over, so worked out once: the chronological order (by day of publication, then by nature,
        # then by when we had it), and whether this is a result or candidate notice that names a supplier of a lot that
        # did not fail.
        object.__setattr__(self, "order", (self.when, KIND_ORDER[self.kind], self.seen, self.key))
        told = self.kind in ("award", "candidate") and any(lot.suppliers and not lot.failed for lot in self.lots)
        object.__setattr__(self, "names_someone", told)


@dataclass(slots=True)
class LotState:
    """One lot of an award, after all its notices so far. ``state`` is won, candidate or void."""

    no: int
    numbered: bool
    name: str | None
    key: str | None
    amount: Decimal | None
    amount_source: str | None
    amount_notice: str | None
    tax_included: bool | None
    large: bool
    state: str
    suppliers: tuple[Supplier, ...]
    notice: str
    title: str | None
    portals: set[str]
    notices: set[str]
    replaced: set[tuple[frozenset[str], Decimal | None]]
    counted: bool = False
    partial: bool = False  # a share of the price is not known

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(s.key for s in self.suppliers)

    @property
    def identified(self) -> bool:
        return self.numbered or self.key is not None


@dataclass(slots=True)
class Award:
    """One award as the notices known at one instant make it. ``sources`` says which notice each field was taken from;
    ``reviewed`` what a person decided, field by field, beside what the rules say (``analysis.awards.reviewed``)."""

    anchor: Notice
    notices: list[Notice]
    status: str
    awarded_on: date | None
    lots: list[LotState]
    amount: Decimal | None
    partial: bool
    large: bool
    relevance: float
    tax_included: bool | None
    fields: dict[str, str | None]
    sources: dict[str, str]
    suppliers: list[str]
    vendors: list[str]
    own_group: bool
    rules: list[str]
    reviewed: list[dict[str, Any]] = field(default_factory=list)
