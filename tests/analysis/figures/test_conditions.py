"""What a definition may ask of an award: each condition against the same question in SQL."""

from __future__ import annotations

import duckdb
import pytest

from analysis.figures.definition import Definition, load
from analysis.figures.summary import summary
from analysis.views import catalog
from pipelines.common.validation import InvalidDataError, validate
from tests.helpers import market_year
from tests.helpers.market import Market

_AMOUNT = "CASE WHEN disclosed THEN amount_yuan END"


@pytest.fixture(scope="module")
def market() -> Market:
    return market_year.build()


def definition(**where: object) -> Definition:
    data = {"name": "own", "title_zh": "自定", "title_en": "own", "description": "Own."}
    return validate(Definition, {**data, "where": {"statuses": ["awarded"], **where}}, "own.toml")


@pytest.mark.long
@pytest.mark.parametrize(
    ("where", "sql"),
    [
        ({"min_amount_yuan": 20_000_000}, f"{_AMOUNT} >= 20000000"),
        ({"max_amount_yuan": 20_000_000.5}, f"{_AMOUNT} <= 20000000.5"),
        ({"project_types": ["compute", "data"]}, "project_type IN ('compute', 'data')"),
        ({"sectors": ["energy"]}, "sector = 'energy'"),
        ({"provinces": ["广东"]}, "province = '广东'"),
        ({"buyer_kinds": ["local_soe"]}, "buyer_kind = 'local_soe'"),
        ({"own_group": False, "sectors": ["government"], "provinces": ["广东", "浙江"]},
         "NOT own_group AND sector = 'government' AND province IN ('广东', '浙江')"),
    ],
)  # fmt: skip
def test_a_condition_counts_what_the_same_question_finds(market: Market, where: dict[str, object], sql: str) -> None:
    spanned = "month BETWEEN DATE '2025-01-01' AND DATE '2025-06-01'"
    rows = market.rows(f"SELECT count(*) AS n, sum(amount_yuan) AS yuan FROM counted_awards WHERE {spanned} AND {sql}")
    found = summary(market.con, "2025-H1", definition(**where))
    assert 0 < rows[0]["n"] < 51
    assert (found.awards, found.amount_yuan) == (rows[0]["n"], rows[0]["yuan"])


@pytest.mark.long
def test_sql_counts_by_a_definition_with_every_condition(market: Market) -> None:
    rules = definition(sectors=["government", "energy"], max_amount_yuan=9e9, own_group=False)
    catalog.create_definitions(market.con, [load("market"), rules], temporary=True)
    month = summary(market.con, "2025-06", rules)
    [row] = market.rows("SELECT * FROM monthly_of('own') WHERE month = DATE '2025-06-01'")
    assert month.awards
    assert (row["awards"], row["amount_yuan"], row["awards_mom_pct"]) == (
        month.awards, month.amount_yuan, month.prev.awards_pct
    )  # fmt: skip
    names = "status, awarded_on, is_large_model, relevance, portals, title, project_name"
    with pytest.raises(duckdb.Error, match="needs all columns for the definition own"):
        market.rows(f"SELECT count(*) FROM awards WHERE counts_by('own', {names})")
    assert market.rows(f"SELECT count(*) AS n FROM awards WHERE counts_by('market', {names})") == market.rows(
        "SELECT count(*) AS n FROM counted_awards"
    )


def test_own_group_alone_finds_nothing_here(market: Market) -> None:
    assert summary(market.con, "2025-H1", definition(own_group=True)).awards == 0


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"sectors": ["farms"]}, "farms"),
        ({"provinces": ["Paris"]}, "Paris"),
        ({"min_amount_yuan": -1}, "min_amount_yuan"),
    ],
)
def test_a_wrong_condition_is_named(where: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidDataError, match=words):
        definition(**where)
