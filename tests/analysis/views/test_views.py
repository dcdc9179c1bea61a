"""The views of the published database: counts, sums, shares and growth, checked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from analysis.views.catalog import PERIODS
from pipelines.common.rows import dict_rows
from tests.helpers.market import Market, lot, yuan

pytestmark = pytest.mark.slow

GROWTH = (
    "awards disclosed undisclosed amount_yuan amount_yi awards_yoy_pct amount_yoy_pct awards_mom_pct amount_mom_pct "
    "flagged"
)
SHARES = "awards disclosed amount_yuan amount_yi awards_share_pct amount_share_pct"
COLUMNS = {
    "notices": "notice_key version is_latest portal notice_id url kind title published_on project_number project_name buyer "
    "agency province body is_large_model relevance project_type sector subsector evidence first_seen_at",
    "lots": "notice_key version lot_no lot_name amount_yuan amount_kind amount_text tax_included is_large_model",
    "winners": "notice_key version lot_no position supplier vendor role share_pct amount_yuan",
    "awards": "award_key project_number project_name buyer province awarded_on status amount_yuan amount_partial disclosed "
    "flags confirmed_amount_yuan is_large_model relevance project_type sector subsector suppliers vendors notice_keys evidence first_seen_at",
    "crawls": "crawl_id portal since until started_at finished_at state listed stored reason",
    "published_figures": "period metric dimension value publisher source_url note",
    "monthly": f"month {GROWTH}",
    "quarterly": f"period {GROWTH}",
    "yearly": f"period {GROWTH}",
    **{f"monthly_by_{part}": f"month {part} {SHARES}" for part in ("sector", "vendor", "province")},
    **{
        f"{of}_by_{part}": f"period {part} {SHARES}"
        for of in ("quarterly", "yearly")
        for part in ("sector", "vendor", "province")
    },
    "monthly_by_type": f"month project_type {SHARES}",
    "quarterly_by_type": f"period project_type {SHARES}",
    "yearly_by_type": f"period project_type {SHARES}",
}
TYPES = {
    ("notices", "published_on"): "DATE", ("notices", "first_seen_at"): "TIMESTAMP WITH TIME ZONE",
    ("notices", "evidence"): "JSON",
    ("lots", "amount_yuan"): "DECIMAL(18,2)", ("awards", "amount_yuan"): "DECIMAL(18,2)", ("awards", "suppliers"): "VARCHAR[]",
    ("awards", "notice_keys"): "VARCHAR[]", ("awards", "awarded_on"): "DATE", ("monthly", "month"): "DATE",
    ("monthly", "amount_yi"): "DOUBLE", ("awards", "relevance"): "DOUBLE", ("awards", "disclosed"): "BOOLEAN",
}  # fmt: skip


def add_award(market: Market, on: str, amount: str | None, number: int, **more: Any) -> None:
    vendors = more.pop("vendors", {})
    suppliers = list(vendors) or ["甲公司"]
    market.notice(f"ccgp:{number}", "award", on, lot(amount, *suppliers, vendors=vendors), number=f"ZB-{on[:4]}-{number:04}",
                  name=f"大模型项目{number}", buyer=f"采购人{number}", **more)  # fmt: skip


@pytest.fixture
def market() -> Market:
    made = Market()
    add_award(made, "2024-07-10", "100000000.00", 1)
    add_award(made, "2025-06-10", "200000000.00", 2)
    add_award(
        made,
        "2025-07-01",
        "150000000.00",
        3,
        project_type="compute",
        sector="energy",
        province="广东",
        vendors={"甲": "阿里"},
    )
    add_award(made, "2025-07-31", "50000000.00", 4, province="浙江", vendors={"甲": "阿里", "乙": "百度"})
    add_award(made, "2025-07-15", None, 5, project_type=None)
    add_award(made, "2025-07-15", "999.00", 6, large=False)
    made.notice(
        "ccgp:7",
        "candidate",
        "2025-07-15",
        lot(None, "甲公司", role="candidate"),
        number="ZB-2025-0007",
        buyer="采购人7",
    )
    return made.publish()


def test_tables_and_views_have_the_columns_of_the_contract(market: Market) -> None:
    for name, wanted in COLUMNS.items():
        found = dict(market.con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {name})").fetchall())
        assert set(wanted.split()) <= set(found), name
        for (table, column), kind in TYPES.items():
            if table == name:
                assert found[column] == kind, (table, column)


def test_a_month_counts_awards_with_and_without_price_and_adds_what_is_disclosed(market: Market) -> None:
    row = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    assert (row["awards"], row["disclosed"], row["undisclosed"]) == (3, 2, 1)
    assert (row["amount_yuan"], row["amount_yi"]) == (yuan("200000000"), 2.0)


def test_growth_compares_with_the_same_month_a_year_before_and_the_previous_month(market: Market) -> None:
    row = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    assert (row["awards_yoy_pct"], row["amount_yoy_pct"]) == (200.0, 100.0)
    assert (row["awards_mom_pct"], row["amount_mom_pct"]) == (200.0, 0.0)


def test_growth_without_its_base_month_is_null_even_if_an_older_month_exists(market: Market) -> None:
    row = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-06-01'")[0]
    assert [row[c] for c in row if c.endswith("_pct")] == [None] * 4


def test_amount_growth_is_null_if_the_base_month_has_no_amount() -> None:
    market = Market()
    add_award(market, "2025-06-10", None, 1)
    add_award(market, "2025-07-10", "100.00", 2)
    row = market.publish().rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    assert (row["awards_mom_pct"], row["amount_mom_pct"]) == (0.0, None)


def test_shares_by_type_use_the_months_total_with_a_row_for_awards_without_type(market: Market) -> None:
    rows = market.rows("SELECT * FROM monthly_by_type WHERE month = DATE '2025-07-01'")
    found = {
        r["project_type"]: (r["awards"], r["disclosed"], r["awards_share_pct"], r["amount_share_pct"]) for r in rows
    }
    assert found == {"compute": (1, 1, 33.3, 75.0), "application": (1, 1, 33.3, 25.0), None: (1, 0, 33.3, None)}


def test_an_award_counts_once_for_each_vendor_group_that_won_one_of_its_lots(market: Market) -> None:
    rows = market.rows("SELECT * FROM monthly_by_vendor WHERE month = DATE '2025-07-01'")
    found = {r["vendor"]: (r["awards"], r["amount_yuan"], r["awards_share_pct"], r["amount_share_pct"]) for r in rows}
    assert found == {"阿里": (2, yuan("200000000"), 66.7, 100.0), "百度": (1, yuan("50000000"), 33.3, 25.0)}


def test_a_vendor_groups_amount_includes_only_the_lots_it_won() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("70.00", "甲", no=1, vendors={"甲": "阿里"}),
                  lot("20.00", "乙", no=2, vendors={"乙": "百度"}), lot("10.00", "甲", no=3, vendors={"甲": "阿里"}))  # fmt: skip
    rows = market.publish().rows("SELECT vendor, awards, amount_yuan FROM monthly_by_vendor ORDER BY vendor")
    assert [tuple(r.values()) for r in rows] == [("百度", 1, yuan("20")), ("阿里", 1, yuan("80"))]


def test_quarters_and_halves_are_in_one_view_and_years_in_another(market: Market) -> None:
    quarterly = {r["period"]: r["awards"] for r in market.rows("SELECT * FROM quarterly")}
    assert quarterly == {"2024-Q3": 1, "2024-H2": 1, "2025-Q2": 1, "2025-H1": 1, "2025-Q3": 3, "2025-H2": 3}
    yearly = {
        r["period"]: (r["awards"], r["amount_yuan"], r["awards_yoy_pct"]) for r in market.rows("SELECT * FROM yearly")
    }
    assert yearly == {"2024": (1, yuan("100000000"), None), "2025": (4, yuan("400000000"), None)}, (
        "months without awards"
    )
    growth = "SELECT awards_yoy_pct, awards_mom_pct FROM quarterly WHERE period = '2025-Q3'"
    assert tuple(market.rows(growth)[0].values()) == (None, None)
    crawl = {"crawl_id": "c", "portal": "ccgp", "state": "complete", "since": "2024-01-01", "until": "2025-12-31"}
    market.insert("crawls", [crawl | {"started_at": "2026-01-01 08:00+08", "finished_at": "2026-01-01 09:00+08"}])
    assert tuple(market.publish().rows(growth)[0].values()) == (200.0, 200.0)
    assert market.rows("SELECT awards_yoy_pct FROM yearly WHERE period = '2025'") == [{"awards_yoy_pct": 300.0}]


@pytest.mark.parametrize("dimension", ["type", "sector", "province"])
@pytest.mark.parametrize("period", PERIODS)
def test_every_breakdown_adds_up_to_its_period(market: Market, period: str, dimension: str) -> None:
    column = "month" if period == "monthly" else "period"
    view = f"SELECT {column}, CAST(sum(awards) AS BIGINT), sum(amount_yuan) FROM {period}_by_{dimension} GROUP BY 1 ORDER BY 1"
    parts = market.con.execute(view).fetchall()
    assert parts == market.con.execute(f"SELECT {column}, awards, amount_yuan FROM {period} ORDER BY 1").fetchall()


def test_published_figures_are_loaded_with_their_source() -> None:
    rows = (
        Market().publish().rows("SELECT * FROM published_figures WHERE period = '2025-07' AND metric = 'project_count'")
    )
    assert (rows[0]["value"], rows[0]["dimension"]) == (574, None)
    assert rows[0]["source_url"].startswith("https://")


def test_views_and_macros_survive_a_copy_of_the_database(market: Market, tmp_path: Path) -> None:
    with duckdb.connect(str(market.save(tmp_path / "copied.duckdb")), read_only=True) as copied:
        copied.execute("SET TimeZone = 'Asia/Shanghai'")
        as_of = "SELECT awards FROM monthly_as_of(TIMESTAMPTZ '2025-07-20 00:00+08') WHERE month = DATE '2025-07-01'"
        assert copied.execute(as_of).fetchall() == [(2,)]
        assert len(copied.execute("SELECT * FROM monthly_by_vendor").fetchall()) == 2


def test_views_of_an_attached_file_read_that_file(market: Market, tmp_path: Path) -> None:
    expected = market.rows("SELECT * FROM monthly_by_sector")
    with duckdb.connect() as other:
        other.execute(f"ATTACH '{market.save(tmp_path / 'published.duckdb')}' AS elsewhere (READ_ONLY)")
        assert list(dict_rows(other.execute("SELECT * FROM elsewhere.monthly_by_sector"))) == expected


def test_an_empty_store_gives_empty_views() -> None:
    market = Market().publish()
    for name in COLUMNS:
        if name != "published_figures":
            assert market.rows(f"SELECT * FROM {name}") == [], name


def test_publishing_twice_changes_nothing(market: Market) -> None:
    before = market.con.execute("SELECT * FROM awards").fetchall()
    assert market.publish().con.execute("SELECT * FROM awards").fetchall() == before
    assert market.publish({"ccgp:1"}).con.execute("SELECT * FROM awards ORDER BY award_key").fetchall() == before


def test_a_failed_build_leaves_the_store_as_it_was(market: Market) -> None:
    before = market.con.execute("SELECT * FROM awards").fetchall()
    market.con.execute("ALTER TABLE private.crawls RENAME TO elsewhere")
    with pytest.raises(duckdb.Error):
        market.publish()
    market.con.execute("ROLLBACK")
    assert market.con.execute("SELECT * FROM awards").fetchall() == before
