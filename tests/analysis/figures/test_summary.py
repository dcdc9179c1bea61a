"""`summary`: the month's object, its vintages and definitions, and how it reads as text."""

from __future__ import annotations

import csv
import io
from typing import Any

import orjson
import pytest

from analysis.figures.definition import UnknownDefinitionError, load, names
from analysis.figures.months import MonthError
from analysis.figures.summary import summary
from analysis.reports.summary_json import as_json
from analysis.reports.text_summary import FormatError, render
from analysis.warehouse.query import QueryError, run
from tenders.texts.translator import chinese
from tests.analysis.views.test_views import add_award
from tests.helpers.market import Market, lot

pytestmark = pytest.mark.slow


@pytest.fixture
def market() -> Market:
    made = Market()
    add_award(made, "2024-07-10", "100000000.00", 1)
    add_award(made, "2025-06-10", None, 2)
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
    add_award(made, "2025-07-15", "70.00", 5, large=False, relevance=0.4, title="人工智能平台")
    crawled(made, "2025-06-20", "2025-07-29")
    return made.publish()


def crawled(market: Market, since: str, until: str, portal: str = "ccgp", at: str = "2025-07-30") -> None:
    """Record a complete crawl."""
    market.insert("crawls", [{"crawl_id": f"{portal} {since}", "portal": portal, "since": since, "until": until, "state": "complete",
                              "started_at": f"{at} 08:00+08", "finished_at": f"{at} 09:00+08"}])  # fmt: skip


def figures(*asked: Any, **more: Any) -> dict[str, Any]:
    """The summary as the JSON object of the public contract."""
    return as_json(summary(*asked, **more))


@pytest.mark.long
def test_the_object_has_the_figures_of_the_contract(market: Market) -> None:
    for month in ("2024-07-01", "2024-07-31"), ("2025-06-01", "2025-07-31"):
        crawled(market, *month, at="2025-08-02")
    market.publish()
    found = figures(market.con, "2025-07")
    expected = {
        "month": "2025-07", "definition": "market", "as_of": "2025-08-02", "awards": 2, "disclosed": 2, "undisclosed": 0,
        "flagged": 0, "amount_yuan": "200000000.00", "amount_yi": 2.0, "awards_yoy_pct": 100.0, "amount_yoy_pct": 100.0,
        "awards_mom_pct": 100.0, "amount_mom_pct": None,
    }  # fmt: skip
    assert {k: found[k] for k in expected} == expected
    assert {"by_type", "by_sector", "by_vendor", "by_province", "coverage", "published"} <= set(found)


def test_it_says_what_the_views_say(market: Market) -> None:
    found = figures(market.con, "2025-07")
    month = market.rows("SELECT * FROM monthly WHERE month = DATE '2025-07-01'")[0]
    for name in (
        "awards",
        "disclosed",
        "undisclosed",
        "flagged",
        "amount_yi",
        "awards_yoy_pct",
        "amount_yoy_pct",
        "awards_mom_pct",
    ):
        assert found[name] == month[name], name
    for part, column in (
        ("type", "project_type"),
        ("sector", "sector"),
        ("vendor", "vendor"),
        ("province", "province"),
    ):
        rows = market.rows(f"SELECT * FROM monthly_by_{part} WHERE month = DATE '2025-07-01'")
        view = {r[column]: (r["awards"], r["amount_yi"], r["awards_share_pct"], r["amount_share_pct"]) for r in rows}
        ours = {
            r[column]: (r["awards"], r["amount_yi"], r["awards_share_pct"], r["amount_share_pct"])
            for r in found[f"by_{part}"]
        }
        assert ours == view, part


@pytest.mark.long
def test_a_month_of_which_nothing_is_known_has_null_and_a_month_without_awards_has_nought(market: Market) -> None:
    unknown = figures(market.con, "2023-01")
    assert [
        unknown[k] for k in ("awards", "disclosed", "undisclosed", "amount_yuan", "amount_yi", "awards_yoy_pct")
    ] == [None] * 6
    market.notice("ccgp:90", "tender", "2025-03-01", number="ZB-2025-0090", buyer="某局")
    empty = figures(market.publish().con, "2025-03")
    assert (empty["awards"], empty["disclosed"], empty["amount_yuan"]) == (0, 0, None)


@pytest.mark.long
def test_an_earlier_vintage_knows_only_what_had_been_seen_by_the_end_of_that_day(market: Market) -> None:
    found = figures(market.con, "2025-07", as_of="2025-07-30")
    assert (found["awards"], found["amount_yi"], found["as_of"]) == (1, 1.5, "2025-07-30")
    assert [r["vendor"] for r in found["by_vendor"]] == ["阿里"]
    assert figures(market.con, "2025-07", as_of="2025-07-31")["awards"] == 2
    assert figures(market.con, "2025-07", as_of="2025-06-30")["awards"] is None


@pytest.mark.long
def test_the_wide_definition_takes_border_cases_and_the_keyword_definition_only_the_word(market: Market) -> None:
    assert {"market", "keyword", "wide"} <= set(names())
    assert figures(market.con, "2025-07", "wide")["awards"] == 3
    assert figures(market.con, "2025-07", "keyword")["awards"] == 2 + 1, "the project's name has the word"
    market.notice("cmcc:1", "award", "2025-07-01", lot("1.00", "甲公司"), name="大模型", buyer="某移动")
    market.notice("ccgp:91", "award", "2025-07-01", lot("1.00", "甲公司"), name="智能体", buyer="某局")
    assert figures(market.publish().con, "2025-07", "keyword")["awards"] == 4, "on any portal, but not another word"
    assert figures(market.con, "2025-07", "keyword_national")["awards"] == 3, "not on another portal"


def test_a_summary_of_another_definition_leaves_the_published_views_as_they_are(market: Market) -> None:
    before = market.rows("SELECT * FROM monthly_by_vendor")
    summary(market.con, "2025-07", "wide", as_of="2025-07-30")
    assert market.rows("SELECT * FROM monthly_by_vendor") == before
    assert market.rows("SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal") == []


@pytest.mark.long
def test_coverage_says_how_many_days_of_which_portal_were_read_completely(market: Market) -> None:
    found = figures(market.con, "2025-07")["coverage"]
    assert found["portals"] == [
        {"portal": "ccgp", "state": "partial", "days_complete": 29, "days_missing": 2, "notices": 3}
    ]
    assert found["words_en"] == "0 of 1 portals complete; 2 days of ccgp missing"
    assert figures(market.con, "2025-07", as_of="2025-07-29")["coverage"]["portals"][0]["state"] == "loaded"


def test_published_figures_stand_beside_ours_with_the_difference(market: Market) -> None:
    listed = figures(market.con, "2025-07")["published"]["figures"]
    count = next(f for f in listed if f["metric"] == "project_count")
    assert (count["value"], count["ours"], count["difference"]) == (574, 2, -572)
    share = next(f for f in listed if f["metric"] == "type_share_amount_pct" and f["dimension"] == "算力")
    assert (share["value"], share["ours"]) == (50, 75.0)


@pytest.mark.parametrize("month", ["2025-7", "2025-13", "July", "2025-07-01", "2025-Q5", "2025-H3", "25", "2025-07.."])
def test_what_is_no_period_is_refused_with_the_way_to_write_it(market: Market, month: str) -> None:
    with pytest.raises(MonthError, match="2025-07"):
        summary(market.con, month)


def test_an_unknown_definition_or_format_is_refused_with_those_there_are(market: Market) -> None:
    with pytest.raises(UnknownDefinitionError, match="market"):
        summary(market.con, "2025-07", "secret")
    with pytest.raises(UnknownDefinitionError, match="more than one definition 'all': choose one of market, keyword"):
        load("all")  # which only a summary can show side by side
    with pytest.raises(FormatError, match="table, md, json, csv"):
        render(summary(market.con, "2025-07"), "pdf")
    assert load("market").where.large_model is True


@pytest.mark.long
def test_the_table_shows_figures_bases_and_shares_in_one_language(market: Market) -> None:
    assert "Growth needs every month of both periods" in render(summary(market.con, "2025-07"), "table", "en")
    for month in ("2024-07-01", "2024-07-31"), ("2025-06-01", "2025-07-31"):
        crawled(market, *month, at="2025-08-02")
    market.publish()
    found = summary(market.con, "2025-07")
    text = render(found, "table")
    for words in ("中标项目", "+100.0%", "2024 年 7 月 1 / 1.00 亿元", "算力", "能源", "阿里", "广东", "574"):
        assert words in text
    assert "awards" not in text
    text = render(found, "md", "en")
    for words in ("| Awards | 2 | +100.0%", "July 2024 1 / CNY 100.0 m", "Compute", "Energy"):
        assert words in text
    assert "占比" not in text


def test_a_hostile_title_moves_neither_cursor_nor_table_nor_spreadsheet() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("9.00", "甲", vendors={"甲": "=cmd|' /C calc'!A0"}),
                  name="\x1b[2J<script>|[x](http://y)", buyer="a`b")  # fmt: skip
    found = summary(market.publish().con, "2025-07")
    assert "\x1b" not in render(found, "table")
    md = render(found, "md")
    assert "<script>" not in md
    assert "[x](http" not in md
    assert "\\|" in md
    assert "&lt;" not in md, "no HTML entities: they are not Markdown"
    cells = [row for row in csv.DictReader(io.StringIO(render(found, "csv"))) if row["section"] == "by_vendor"]
    assert cells[0]["item"].startswith("'=")


def test_csv_has_one_row_for_the_month_and_one_for_each_part(market: Market) -> None:
    rows = list(csv.DictReader(io.StringIO(render(summary(market.con, "2025-07"), "csv"))))
    assert rows[0]["section"] == "total"
    assert (rows[0]["awards"], rows[0]["amount_yuan"], rows[0]["amount_mom_pct"]) == ("2", "200000000.00", "")
    assert {r["section"] for r in rows} == {"total", "by_type", "by_sector", "by_vendor", "by_province"}


def test_json_is_the_object_itself(market: Market) -> None:
    found = summary(market.con, "2025-07")
    assert orjson.loads(render(found, "json")) == as_json(found)


class TestQuery:
    def test_rows_come_as_table_csv_and_json_without_losing_a_cent(self, market: Market) -> None:
        sql = "SELECT month, amount_yuan FROM monthly WHERE awards = 2"
        assert orjson.loads(run(market.con, sql, "json")) == [{"month": "2025-07-01", "amount_yuan": "200000000.00"}]
        assert run(market.con, sql, "csv") == "month,amount_yuan\n2025-07-01,200000000.00"
        assert "(1 rows)" in run(market.con, sql, "table")

    def test_lists_and_missing_values_read_well(self, market: Market) -> None:
        text = run(market.con, "SELECT ['a', 'b'] AS l, NULL AS n, {'x': 1.50} AS s", "csv")
        assert text == 'l,n,s\na、b,,"{""x"":""1.50""}"'

    @pytest.mark.parametrize(
        ("sql", "advice"),
        [
            ("SELEC 1", "cannot be read near 'SELEC'"),
            ("SELECT 1; SELECT 2", "give one statement"),
            ("SELECT * FROM nowhere", "no table or view nowhere"),
            ("SELECT nothing FROM awards", 'no column nothing: tenders query "DESCRIBE awards"'),
            ("SELECT no_such(1)", "no function or macro no_such"),
            ("SELECT CAST('x' AS INTEGER)", "does not have the type"),
            ("SELECT error('x')", "DuckDB refuses the statement"),
        ],
    )
    def test_what_the_database_refuses_says_in_one_line_what_to_do(self, market: Market, sql: str, advice: str) -> None:
        with pytest.raises(QueryError, match=advice) as caught:
            run(market.con, sql)
        assert "\n" not in str(caught.value)
        assert chinese().message(str(caught.value)) != str(caught.value)
