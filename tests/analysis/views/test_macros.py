"""The scalar macros: each formula is written once in SQL, and what Python still computes is equal to it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.definition import load_all
from analysis.figures.shares import share_pct
from analysis.views import catalog
from pipelines.common.money import in_units
from tests.paths import ROOT

_COUNTS = st.integers(0, 10**6)
_AMOUNTS = st.decimals(0, 10**12, places=2, allow_nan=False)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    for statement in catalog.statements(tuple(load_all())):
        if statement.kind == "MACRO":
            made.execute(statement.sql())
    return made


def value(con: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> object:
    row = con.execute(f"SELECT {sql}", list(parameters)).fetchone()
    assert row is not None
    return row[0]


@given(now=_COUNTS, base=_COUNTS)
def test_python_shares_of_counts_equal_the_macro(con: duckdb.DuckDBPyConnection, now: int, base: int) -> None:
    assert value(con, "share_pct(CAST(? AS BIGINT), CAST(? AS BIGINT))", now, base) == share_pct(now, base)


@given(now=_AMOUNTS, base=_AMOUNTS)
def test_python_shares_and_yi_of_amounts_equal_the_macros(
    con: duckdb.DuckDBPyConnection, now: Decimal, base: Decimal
) -> None:
    amounts = "CAST(? AS DECIMAL(38, 2)), CAST(? AS DECIMAL(38, 2))"
    assert value(con, f"share_pct({amounts})", now, base) == share_pct(now, base)
    assert value(con, "yi(CAST(? AS DECIMAL(38, 2)))", now) == float(in_units(now))


def test_a_half_is_rounded_up_and_a_missing_base_gives_null(con: duckdb.DuckDBPyConnection) -> None:
    assert value(con, "share_pct(1, 16)") == share_pct(1, 16) == 6.3
    assert value(con, "growth_pct(574, 110)") == 421.8
    for base in (None, 0):
        assert value(con, "growth_pct(3, ?)", base) is None
        assert value(con, "share_pct(3, ?)", base) is share_pct(3, base) is None


@pytest.mark.parametrize(
    ("yuan", "yi"),
    [("667500000.00", 6.68), ("666500000", 6.67), ("100500000", 1.01), ("499999.99", 0.0), ("500000", 0.01)],
)
def test_an_amount_halfway_between_two_values_is_rounded_up(
    con: duckdb.DuckDBPyConnection, yuan: str, yi: float
) -> None:
    assert value(con, f"yi(CAST('{yuan}' AS DECIMAL(38, 2)))") == yi


def test_days_and_months_use_shanghai_time(con: duckdb.DuckDBPyConnection) -> None:
    assert str(value(con, "shanghai_day(TIMESTAMPTZ '2025-07-31 16:30+00')")) == "2025-08-01"
    assert value(con, "epoch(end_of_day(DATE '2025-07-31'))") == 1753977600, "midnight in Shanghai, 16:00 UTC"
    assert str(value(con, "month_of(DATE '2025-07-31')")) == "2025-07-01"
    assert str(value(con, "months_later(DATE '2025-07-01', -12)")) == "2024-07-01"


def test_each_formula_is_written_in_one_file_only() -> None:
    for formula in (
        "-6) / 1e8",
        "round(100",
        "timezone('Asia/Shanghai'",
        "date_trunc('month', awarded_on)",
        "= 'awarded'",
    ):
        homes = [
            path.name for path in (ROOT / "analysis" / "views").glob("*.sql") if formula in path.read_text("utf-8")
        ]
        assert homes in ([], ["macros.sql"]), formula


def test_every_statement_has_a_description_and_a_new_name() -> None:
    names = [statement.name for statement in catalog.statements()]
    assert len(names) == len(set(names))
    assert all(catalog.descriptions().values())
    shipped = {path.stem for path in Path(catalog.__file__).parent.glob("*.sql")}
    assert shipped == set(catalog._FILES), "every file is in the order of creation"
