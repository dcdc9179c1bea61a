"""The newest awards that count, for the first page and the feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import duckdb

from analysis.rendering.locale import NOTHING, Locale
from pipelines.common.rows import dict_rows

_LATEST = """
    SELECT
        a.award_key, coalesce(a.project_name, a.title, a.award_key) AS name, a.buyer, a.suppliers, a.amount_yuan,
        a.awarded_on, a.project_type, a.sector, a.province, s.valid_from AS changed_at
    FROM counted_awards AS a
    JOIN award_states AS s ON s.award_key = a.award_key AND s.valid_to IS NULL
    ORDER BY a.awarded_on DESC, a.amount_yuan DESC NULLS LAST, a.award_key
    LIMIT $most
"""


@dataclass(frozen=True, slots=True)
class LatestAward:
    """One award as a list shows it. ``changed_at`` is since when it has been known as it is."""

    award_key: str
    name: str
    buyer: str | None
    suppliers: list[str]
    amount_yuan: Decimal | None
    awarded_on: date
    project_type: str | None
    sector: str | None
    province: str | None
    changed_at: datetime

    @property
    def month(self) -> str:
        return f"{self.awarded_on:%Y-%m}"


def in_words(award: LatestAward, locale: Locale) -> str:
    """Return what a feed says of an award, a line for each fact."""
    money = locale.money(award.amount_yuan) if award.amount_yuan is not None else locale.text("script_undisclosed")
    classes = (
        locale.term("project_type", award.project_type),
        locale.term("sector", award.sector),
        locale.term("province", award.province),
    )
    facts = (
        ("buyer", award.buyer or NOTHING),
        ("suppliers", locale.joined(award.suppliers) or NOTHING),
        ("amount", money),
        ("day", award.awarded_on),
        ("script_classes", " · ".join(classes)),
    )
    return "\n".join(locale.labelled(name, value) for name, value in facts)


def latest_awards(con: duckdb.DuckDBPyConnection, most: int) -> list[LatestAward]:
    """Return the newest awards by their day, at most ``most``."""
    return [LatestAward(**row) for row in dict_rows(con.execute(_LATEST, {"most": most}))]
