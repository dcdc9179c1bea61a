"""What the calibrated market must add up to: the published table, and what was chosen where nothing is published."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Month:
    """A month's awards that count, how many of them have a price, and what they add up to in yuan."""

    awards: int
    disclosed: int
    yuan: Decimal

    def scaled(self, scale: float) -> Month:
        disclosed = max(round(self.disclosed * scale), 3)
        return Month(
            disclosed + max(round((self.awards - self.disclosed) * scale), 1),
            disclosed,
            (self.yuan * Decimal(str(scale))).quantize(Decimal("0.01")),
        )


@dataclass(frozen=True)
class Period:
    """Some months that are fitted together: the share of the amount of some types and sectors, the rest having what is left."""

    months: tuple[str, ...]
    types: dict[str, Decimal]
    sectors: dict[str, Decimal]


# Published: both Julys (the older one by its growth) and January's count and amount; a quarter of the awards without a price, as
# in the half-year. February and March of 2025 are chosen, since only the quarter's shares are published.
MONTHS = {
    "2024-07": Month(110, 82, Decimal("208600000.00")),
    "2025-01": Month(125, 94, Decimal("1267000000.00")),
    "2025-02": Month(80, 60, Decimal("310000000.00")),
    "2025-03": Month(130, 97, Decimal("823000000.00")),
    "2025-07": Month(574, 431, Decimal("1335000000.00")),
}
CHOSEN = ("2025-02", "2025-03")
PERIODS = {
    "2024-07": Period(("2024-07",), {"application": Decimal("54.5")}, {"education_research": Decimal("17.7")}),
    "2025-Q1": Period(
        ("2025-01", "2025-02", "2025-03"),
        {"compute": Decimal(65), "application": Decimal(25)},
        {"government": Decimal(58)},
    ),
    "2025-07": Period(("2025-07",), {"compute": Decimal(50), "application": Decimal(39)}, {"government": Decimal(26)}),
}
# July 2024 was first published as 112 awards: this many of that month are void by the time of the growth figures.
RESTATED = 2

# Chosen: how many awards a type and a sector has, as the half-year's counts suggest.
TYPES = {"application": 50, "compute": 32, "model": 14, "data": 4}
SECTORS = {
    "education_research": 25,
    "government": 23,
    "telecom": 15,
    "energy": 12,
    "finance": 9,
    "healthcare": 6,
    "transport": 4,
    "media_culture": 3,
    "manufacturing": 2,
    "other": 1,
}
# Budgets before they are fitted: the middle of the distribution in 万元.
MIDDLE = {"application": 140, "compute": 330, "model": 180, "data": 110}
# Months around the table's, with a few awards of their own, so that a wrong month shows.
NEIGHBOURS = {"2024-06": 6, "2024-08": 8, "2024-12": 6, "2025-04": 8, "2025-06": 16, "2025-08": 16}
