"""Targets of the calibrated market: the published table, and chosen values for what was not published."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Month:
    """Counted awards of a month, how many of them have a price, and their sum in yuan."""

    awards: int
    disclosed: int
    yuan: Decimal

    def scaled(self, scale: float) -> Month:
        """Return the month multiplied by `scale`, with at least a few awards left."""
        disclosed = max(round(self.disclosed * scale), 3)
        return Month(
            disclosed + max(round((self.awards - self.disclosed) * scale), 1),
            disclosed,
            (self.yuan * Decimal(str(scale))).quantize(Decimal("0.01")),
        )


@dataclass(frozen=True)
class Period:
    """Months that are fitted together.

    `types` and `sectors` give shares of the amount in per cent. The other types and sectors share the remainder.
    """

    months: tuple[str, ...]
    types: dict[str, Decimal]
    sectors: dict[str, Decimal]


# Published: counts and amounts of both Julys (2024 follows from the growth) and of January; a quarter has no price, as
# in the half-year. February and March of 2025 are chosen, because only the quarter's shares were published.
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
# July 2024 was first published as 112 awards. This many were cancelled before the growth figures.
RESTATED = 2

# Chosen: weights of types and sectors, as the half-year's counts suggest.
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
# Median budgets in 万元 before the fit.
MIDDLE = {"application": 140, "compute": 330, "model": 180, "data": 110}
# Months next to those of the table. A few awards there reveal a wrong month.
NEIGHBOURS = {"2024-06": 6, "2024-08": 8, "2024-12": 6, "2025-04": 8, "2025-06": 16, "2025-08": 16}
