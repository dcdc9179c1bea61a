"""Where published figures contradict one another: rule by rule, and as the documentation shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from analysis.warehouse.query import run
from tests.helpers.market import Market
from tests.paths import ROOT

_DOC = ROOT / "docs" / "reconciliation.md"


@pytest.fixture(scope="module")
def market() -> Market:
    return Market().publish()


def problems(market: Market, *figures: tuple[str, str, str | None, float]) -> list[tuple[Any, ...]]:
    """What the view finds in these figures (period, metric, dimension, value) alone."""
    market.con.execute("BEGIN; DELETE FROM published_figures")
    try:
        for period, metric, dimension, value in figures:
            market.con.execute(
                "INSERT INTO published_figures VALUES (?, ?, ?, ?, ?, 'https://x.example', NULL)",
                [period, metric, dimension, value, f"who says {value:g}"],
            )
        return market.con.execute(
            "SELECT problem, period, value, other_value, publisher, other_publisher FROM published_contradictions"
        ).fetchall()
    finally:
        market.con.execute("ROLLBACK")


def test_two_values_for_one_figure_contradict_and_two_dimensions_do_not(market: Market) -> None:
    found = problems(market, ("2024-07", "project_count", None, 112), ("2024-07", "project_count", None, 110),
                     ("2024-07", "sector_count", "金融", 5), ("2024-07", "sector_count", "能源", 6))  # fmt: skip
    assert found == [("different values", "2024-07", 110, 112, "who says 110", "who says 112")]


def test_disclosed_and_undisclosed_must_make_up_the_awards(market: Market) -> None:
    parts = ("2025-H1", "disclosed_count", None, 1422), ("2025-H1", "undisclosed_count", None, 388)
    assert problems(market, *parts, ("2025-H1", "project_count", None, 1810)) == []
    assert [p[:4] for p in problems(market, *parts, ("2025-H1", "project_count", None, 1800))] == [
        ("disclosed and undisclosed", "2025-H1", 1800, 1810)
    ]


@pytest.mark.parametrize(
    ("whole", "one", "other"),
    [("2024-H1", "2024-Q1", "2024-Q2"), ("2025", "2025-H1", "2025-H2"), ("2025-H1", "2025-01", "2025-02..2025-06"),
     ("2024-01-01..2024-06-15", "2024-01-01..2024-05-31", "2024-06-01..2024-06-15")],
)  # fmt: skip
def test_parts_must_add_up_to_their_whole(market: Market, whole: str, one: str, other: str) -> None:
    parts = (one, "project_count", None, 50.0), (other, "project_count", None, 187.0)
    assert problems(market, *parts, (whole, "project_count", None, 237.0)) == []
    found = problems(market, *parts, (whole, "project_count", None, 238.0))
    assert [p[:4] for p in found] == [("parts and whole", whole, 238, 237)]


def test_a_part_or_its_lower_bound_cannot_be_above_the_whole(market: Market) -> None:
    found = problems(market, ("2024-Q1", "project_count", None, 51), ("2024-Q1", "project_count_min", None, 70),
                     ("2024-02", "project_count", None, 60), ("2024-03", "project_count_min", None, 20))  # fmt: skip
    assert [p[:4] for p in found] == [("part larger than the whole", "2024-Q1", 51, v) for v in (60, 70)]


def test_growth_must_be_what_its_figures_give(market: Market) -> None:
    now = ("2025-07", "project_count", None, 574), ("2025-07", "yoy_count_pct", None, 422)
    assert problems(market, *now, ("2024-07", "project_count", None, 110)) == []
    assert problems(market, *now, ("2024-07", "project_count", None, 112)) == [
        ("growth and base", "2025-07", 422, 412.5, "who says 422", "who says 574; who says 112")
    ]
    quarters = ("2024-Q2", "project_count", None, 187), ("2024-Q2", "qoq_count_pct", None, 267)
    assert problems(market, *quarters, ("2024-Q1", "project_count", None, 51)) == []
    assert [p[3] for p in problems(market, *quarters, ("2024-Q1", "project_count", None, 70))] == [167.1]


def test_one_place_is_not_given_to_two(market: Market) -> None:
    places = {"甲": 1, "乙": 1, "丙": 2}
    found = problems(market, *(("2026-H1", "vendor_rank", name, place) for name, place in places.items()))
    assert [p[0] for p in found] == ["one place for two"]


def test_every_period_of_the_published_figures_is_understood(market: Market) -> None:
    half = "last_day IS NULL OR (first_day IS NULL) <> starts_with(period, '..')"
    assert market.rows(f"SELECT period FROM published_periods WHERE {half}") == []
    assert market.rows("SELECT period FROM published_periods WHERE first_day > last_day") == []


def test_the_restated_base_of_july_2024_is_found_with_its_sources(market: Market) -> None:
    rows = market.rows("SELECT * FROM published_contradictions WHERE period = '2024-07' AND metric = 'project_count'")
    assert [(r["value"], r["other_value"]) for r in rows] == [(110, 112)]
    assert rows[0]["source_url"].startswith("https://")
    assert rows[0]["other_source_url"].startswith("http://")


def test_the_documentation_shows_what_the_view_gives(market: Market) -> None:
    text = _DOC.read_text(encoding="utf-8")
    query = re.search(r'tenders query "([^"]+)"', text)
    assert query
    assert run(market.con, query.group(1)) in text
