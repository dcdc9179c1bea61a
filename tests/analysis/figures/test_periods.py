"""Periods: how they are written, and that their figures are those of their months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analysis.figures.periods import Period, PeriodError, parse_period
from analysis.figures.summary import summary
from analysis.rendering.locale import Locale
from analysis.reports.summary_json import as_json
from analysis.reports.text_summary import render
from tests.helpers import market_year
from tests.helpers.market import Market

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "first", "last", "bases", "zh", "en"),
    [
        ("2025-07", "2025-07", "2025-07", ("2024-07", "2025-06"), "2025 年 7 月", "July 2025"),
        ("2025-Q1", "2025-01", "2025-03", ("2024-Q1", "2024-Q4"), "2025 年一季度", "Q1 2025"),
        ("2025-H2", "2025-07", "2025-12", ("2024-H2", "2025-H1"), "2025 年下半年", "H2 2025"),
        ("2025", "2025-01", "2025-12", ("2024", "2024"), "2025 年", "2025"),
        ("2025-01..2025-07", "2025-01", "2025-07", ("2024-01..2024-07", "2024-06..2024-12"), "2025 年 1—7 月", "January to July 2025"),
        ("2024-12..2025-01", "2024-12", "2025-01", ("2023-12..2024-01", "2024-10..2024-11"), "2024 年 12 月至 2025 年 1 月",
         "December 2024 to January 2025"),
    ],
)  # fmt: skip
def test_a_period_has_its_months_its_bases_and_a_name(
    text: str, first: str, last: str, bases: tuple[str, str], zh: str, en: str
) -> None:
    period = parse_period(text)
    assert (f"{period.first:%Y-%m}", f"{period.last:%Y-%m}", period.key) == (first, last, text)
    assert tuple(base.key for base in period.bases.values()) == bases
    assert (Locale("zh").period(period), Locale("en").period(period)) == (zh, en)


def test_a_range_takes_its_shortest_name_and_a_reversed_one_is_turned_round_in_the_message() -> None:
    assert parse_period("2025-01..2025-03") == parse_period("2025-Q1") == Period(date(2025, 1, 1), date(2025, 3, 1))
    assert parse_period("2025-02..2025-02").key == "2025-02"
    with pytest.raises(PeriodError, match=r"write 2025-01\.\.2025-07"):
        parse_period("2025-07..2025-01")


@pytest.fixture(scope="module")
def market() -> Market:
    return market_year.build()


def figures(market: Market, period: str) -> dict[str, Any]:
    return as_json(summary(market.con, period))


@pytest.mark.long
@pytest.mark.parametrize("period", ["2025-02", "2025-Q1", "2025-H1", "2024", "2025-01..2025-05"])
def test_the_figures_of_a_period_are_the_sums_of_its_months(market: Market, period: str) -> None:
    found, months = figures(market, period), [f"{month:%Y-%m}" for month in parse_period(period).each_month]
    each = market.rows("SELECT * FROM monthly WHERE strftime(month, '%Y-%m') IN (SELECT unnest(?))", months)
    for name in ("awards", "disclosed", "undisclosed", "flagged"):
        assert found[name] == sum(month[name] for month in each)
    assert Decimal(found["amount_yuan"]) == sum(month["amount_yuan"] for month in each)
    for part in ("type", "sector", "province"):
        assert sum(row["awards"] for row in found[f"by_{part}"]) == found["awards"]
    assert (found["period"], found["month"]) == (period, period if len(months) == 1 else None)


@pytest.mark.long
@pytest.mark.parametrize(
    ("view", "period"),
    [("periodic", "2025-Q1"), ("periodic", "2025-Q2"), ("periodic", "2025-H1"), ("monthly", "2025-03")],
)
def test_growth_is_that_of_the_views(market: Market, view: str, period: str) -> None:
    key = "period" if view == "periodic" else "strftime(month, '%Y-%m')"
    row = market.rows(f"SELECT * FROM {view} WHERE {key} = ?", period)[0]
    found = figures(market, period)
    for measure in ("awards", "amount"):
        assert found[f"{measure}_yoy_pct"] == row[f"{measure}_yoy_pct"] is not None
        assert found[f"{measure}_prev_pct"] == row[f"{measure}_mom_pct"] is not None
        assert found[f"{measure}_mom_pct"] == (row[f"{measure}_mom_pct"] if view == "monthly" else None)


def test_growth_and_shifts_are_null_if_a_month_of_the_base_is_not_covered(market: Market) -> None:
    found = figures(market, "2024-H2")  # the half before begins in January, but the second half of 2023 is unknown
    assert found["awards_yoy_pct"] is None
    assert found["awards_prev_pct"] is not None
    assert {row["awards_share_yoy_points"] for row in found["by_type"]} == {None}
    assert None not in {row["awards_share_prev_points"] for row in found["by_type"]}
    assert found["coverage"]["state"] == "complete"
    assert found["base"]["yoy"]["period"] == "2023-H2"


@pytest.mark.long
def test_shifts_are_the_differences_of_the_shares_as_shown(market: Market) -> None:
    now, year_before, before = (figures(market, period) for period in ("2025-Q2", "2024-Q2", "2025-Q1"))
    for part, column in (
        ("type", "project_type"),
        ("sector", "sector"),
        ("vendor", "vendor"),
        ("province", "province"),
    ):
        for name, base in (("yoy", year_before), ("prev", before)):
            base_rows = {row[column]: row for row in base[f"by_{part}"]}
            for row in now[f"by_{part}"]:
                for measure in ("awards", "amount"):
                    base_share = base_rows.get(row[column], {}).get(f"{measure}_share_pct") or 0
                    expected = None
                    if row[f"{measure}_share_pct"] is not None:
                        expected = pytest.approx(row[f"{measure}_share_pct"] - base_share, abs=0.01)
                    assert row[f"{measure}_share_{name}_points"] == expected, (part, row)


@pytest.mark.long
def test_published_figures_of_a_half_are_beside_ours(market: Market) -> None:
    listed = figures(market, "2025-H1")["published"]["figures"]
    count = next(figure for figure in listed if figure["metric"] == "project_count")
    assert (count["value"], count["ours"]) == (1810, figures(market, "2025-H1")["awards"])


@pytest.mark.long
def test_like_for_like_of_a_period_needs_every_month_of_both(market: Market) -> None:
    found = figures(market, "2025-Q2")["like_for_like"]
    assert (found["yoy"]["portals"], found["prev"]["portals"]) == (["ccgp"], ["ccgp"])
    assert found["yoy"]["awards_pct"] == figures(market, "2025-Q2")["awards_yoy_pct"]
    assert figures(market, "2024-H2")["like_for_like"]["yoy"]["portals"] is None


def test_the_table_of_a_quarter_names_it_and_shows_the_shift_of_its_shares(market: Market) -> None:
    text = render(summary(market.con, "2025-Q2"), "table")
    assert text.startswith("2025 年二季度大模型中标报告\n")
    assert "占金额环比变化（百分点）" in text
    assert "环比基期：2025 年一季度" in text
