"""Figures of any span of days: totals, shares, sizes, rankings, concentration, year to date; each checked by hand."""

from __future__ import annotations

import duckdb
import pytest

from tests.analysis.views.test_views import add_award
from tests.helpers.market import Market, lot, yuan

pytestmark = pytest.mark.slow

SPAN = "DATE '2025-04-01', DATE '2025-06-30'"


@pytest.fixture(scope="module")
def market() -> Market:
    """A second quarter of six awards; 甲 and 乙 belong to groups, 丙 does not."""
    made = Market()
    add_award(made, "2025-04-01", "600.00", 1, project_type="compute", vendors={"甲": "讯飞"})
    add_award(made, "2025-05-10", "300.00", 2, sector="energy", vendors={"乙": "百度"})
    add_award(made, "2025-05-11", "100.00", 3, province="广东", vendors={"乙": "百度"})
    add_award(made, "2025-05-12", "50.00", 4, vendors={"甲": "讯飞", "乙": "百度"})
    add_award(made, "2025-06-30", "950.00", 5)
    add_award(made, "2025-06-30", None, 6)
    add_award(made, "2025-07-01", "5000.00", 7, vendors={"甲": "讯飞"})
    return made.publish()


def test_a_span_includes_both_its_days(market: Market) -> None:
    row = market.rows(f"SELECT * FROM totals_between({SPAN})")[0]
    assert (row["awards"], row["disclosed"], row["undisclosed"], row["amount_yuan"]) == (6, 5, 1, yuan("2000"))
    assert (row["median_yuan"], row["mean_yuan"], row["largest_yuan"]) == (yuan("300"), yuan("400"), yuan("950"))


def test_a_span_without_awards_has_counts_of_nothing_and_no_amounts(market: Market) -> None:
    row = market.rows("SELECT * FROM totals_between(DATE '2020-01-01', DATE '2020-12-31')")[0]
    assert (row["awards"], row["amount_yuan"], row["median_yuan"]) == (0, None, None)
    assert market.rows("SELECT * FROM vendor_ranking(DATE '2020-01-01', DATE '2020-12-31')") == []
    assert market.rows("SELECT * FROM concentration(DATE '2020-01-01', DATE '2020-12-31')") == []


def test_totals_of_a_quarter_equal_the_quarterly_view(market: Market) -> None:
    quarter = market.rows("SELECT awards, disclosed, undisclosed, amount_yuan FROM quarterly WHERE period = '2025-Q2'")
    assert quarter == market.rows(f"SELECT awards, disclosed, undisclosed, amount_yuan FROM totals_between({SPAN})")


def test_shares_of_a_span_use_its_own_total(market: Market) -> None:
    rows = market.rows(f"SELECT * FROM shares_between('type', {SPAN})")
    found = {r["item"]: (r["awards"], r["awards_share_pct"], r["amount_share_pct"]) for r in rows}
    assert found == {"application": (5, 83.3, 70.0), "compute": (1, 16.7, 30.0)}
    assert {r["item"] for r in market.rows(f"SELECT * FROM shares_between('province', {SPAN})")} == {"广东", None}
    with pytest.raises(duckdb.Error, match="type, sector and province"):
        market.rows(f"SELECT * FROM shares_between('vendor', {SPAN})")


def test_vendors_are_ranked_by_awards_and_by_amount(market: Market) -> None:
    rows = market.rows(f"SELECT * FROM vendor_ranking({SPAN})")
    found = [(r["vendor"], r["place_by_awards"], r["awards"], r["place_by_amount"], r["amount_yuan"]) for r in rows]
    assert found == [("百度", 1, 3, 2, yuan("450")), ("讯飞", 2, 2, 1, yuan("650"))]
    assert [(r["awards_share_pct"], r["amount_share_pct"]) for r in rows] == [(50.0, 22.5), (33.3, 32.5)]


def test_equal_vendors_share_a_rank() -> None:
    made = Market()
    for number, vendor in enumerate(("丙", "乙", "甲", "甲"), 1):
        add_award(made, "2025-05-01", None, number, vendors={vendor: vendor})
    rows = made.publish().rows(f"SELECT vendor, place_by_awards FROM vendor_ranking({SPAN})")
    assert [tuple(r.values()) for r in rows] == [("甲", 1), ("丙", 2), ("乙", 2)]


def test_concentration_counts_an_award_of_two_groups_once_and_covers_the_whole_market(market: Market) -> None:
    rows = {r["groups"]: r for r in market.rows(f"SELECT * FROM concentration({SPAN})")}
    assert list(rows) == ["top 1", "top 3", "top 5", "top 10", "all named"]
    first, named = rows["top 1"], rows["all named"]
    assert (first["awards"], first["awards_share_pct"]) == (3, 50.0), "百度 by awards"
    assert (first["amount_yuan"], first["amount_share_pct"]) == (yuan("650"), 32.5), "讯飞 by amount"
    assert (named["vendors"], named["awards"], named["amount_yuan"]) == (2, 4, yuan("1050"))
    assert (named["awards_share_pct"], named["amount_share_pct"]) == (66.7, 52.5)
    assert (rows["top 3"]["awards"], rows["top 3"]["vendors"], rows["top 3"]["hhi_awards"]) == (4, 2, None)


def test_the_herfindahl_index_covers_the_named_groups(market: Market) -> None:
    row = market.rows(f"SELECT hhi_awards, hhi_amount FROM concentration({SPAN}) WHERE groups = 'all named'")[0]
    assert row["hhi_awards"] == 5200, "3 and 2 of 5: 60² + 40²"
    assert row["hhi_amount"] == 5165, "650 and 450 of 1,100"


def test_only_the_lots_won_by_the_largest_groups_count_for_concentration() -> None:
    made = Market()
    made.notice("ccgp:1", "award", "2025-05-01", lot("70.00", "甲", no=1, vendors={"甲": "讯飞"}),
                lot("30.00", "丙", no=2))  # fmt: skip
    row = made.publish().rows(f"SELECT * FROM concentration({SPAN}) WHERE groups = 'top 1'")[0]
    assert (row["amount_yuan"], row["amount_share_pct"], row["awards_share_pct"]) == (yuan("70"), 70.0, 100.0)


def test_the_largest_awards_come_first_and_exclude_those_without_a_price(market: Market) -> None:
    rows = market.rows(f"SELECT place, amount_yuan, buyer FROM largest_awards({SPAN})")
    assert [tuple(r.values()) for r in rows][:2] == [(1, yuan("950"), "采购人5"), (2, yuan("600"), "采购人1")]
    assert len(rows) == 5


def test_sizes_of_a_month_cover_its_awards_with_a_price(market: Market) -> None:
    rows = market.rows("SELECT * FROM monthly_sizes")
    assert [(f"{r['month']:%m}", r["disclosed"], r["median_yuan"], r["largest_yuan"]) for r in rows] == [
        ("04", 1, yuan("600"), yuan("600")), ("05", 3, yuan("100"), yuan("300")),
        ("06", 1, yuan("950"), yuan("950")), ("07", 1, yuan("5000"), yuan("5000")),
    ]  # fmt: skip
    largest = market.rows("SELECT amount_yuan FROM awards WHERE award_key = ?", rows[2]["largest_award_key"])
    assert largest == [{"amount_yuan": yuan("950")}]


def test_a_month_of_awards_without_prices_has_no_size() -> None:
    made = Market()
    add_award(made, "2025-05-01", None, 1)
    row = made.publish().rows("SELECT disclosed, median_yuan, largest_award_key FROM monthly_sizes")[0]
    assert tuple(row.values()) == (0, None, None)


def test_the_year_to_date_adds_months_and_compares_with_the_same_months_a_year_before() -> None:
    made = Market()
    for number, (day, amount) in enumerate(
        [("2024-01-05", "100.00"), ("2024-02-05", "100.00"), ("2024-03-05", "800.00"),
         ("2025-01-05", "300.00"), ("2025-02-05", None), ("2025-02-06", "300.00")], 1,
    ):  # fmt: skip
        add_award(made, day, amount, number)
    rows = {f"{r['month']:%Y-%m}": r for r in made.publish().rows("SELECT * FROM year_to_date")}
    now = rows["2025-02"]
    assert (now["awards"], now["disclosed"], now["undisclosed"], now["amount_yuan"]) == (3, 2, 1, yuan("600"))
    assert (now["awards_yoy_pct"], now["amount_yoy_pct"]) == (50.0, 200.0)
    assert (rows["2024-03"]["amount_yuan"], rows["2024-03"]["awards_yoy_pct"]) == (yuan("1000"), None)


def test_a_base_year_that_begins_after_january_gives_no_growth_of_the_year_to_date() -> None:
    made = Market()
    for number, day in enumerate(("2024-02-05", "2025-01-05", "2025-02-05"), 1):
        add_award(made, day, "100.00", number)
    row = made.publish().rows("SELECT awards, awards_yoy_pct FROM year_to_date WHERE month = DATE '2025-02-01'")[0]
    assert tuple(row.values()) == (2, None)
