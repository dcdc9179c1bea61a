"""The export by month is read by Spark SQL and Polars, which count the same months as the database."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analysis.exports.csv_and_parquet import write_lake
from analysis.exports.selection import Selection
from tests.helpers.market import Market, lot
from tests.helpers.spark import needs_spark
from tests.paths import ROOT

Month = tuple[str, int, int, Decimal | None]


@pytest.fixture(scope="module")
def market() -> Market:
    """Three months: prices with two decimals, one undisclosed, one that waits for a review, one award without a date."""
    made = Market()
    for number, (on, amount) in enumerate(
        [
            ("2025-06-30", "1234567.89"),
            ("2025-07-01", "0.11"),
            ("2025-07-31", None),
            ("2025-07-31", "1500000000.00"),
            ("2025-12-31", None),
            (None, "50.00"),
        ]
    ):
        made.notice(
            f"a:{number}",
            "award",
            on,
            lot(amount, f"某市甲{number}公司"),
            seen="2026-01-05 12:00",
            number=f"LAKE-{number}",
            name=f"某市第{number}号大模型平台",
            buyer=f"某市第{number}局",
        )
    made.publish()
    return made


@pytest.fixture(scope="module")
def lake(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lake") / "lake"
    write_lake(market.con, folder, Selection(counted_only=True))
    return folder


def monthly(market: Market) -> list[Month]:
    """What the view says."""
    counted = "SELECT strftime(month, '%Y-%m'), awards, disclosed, amount_yuan FROM monthly ORDER BY month"
    return market.con.execute(counted).fetchall()


def documented(language: str) -> str:
    """The example in docs/scale.md in this language, which computes ``monthly`` from the lake."""
    page = (ROOT / "docs" / "scale.md").read_text("utf-8")
    return page.split(f"```{language}\n")[1].split("```")[0]


def test_polars_counts_the_same_months(market: Market, lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lake.parent)
    names: dict[str, Any] = {}
    exec(documented("python"), names)
    assert names["monthly"].rows() == monthly(market)
    assert [row[0] for row in monthly(market)] == ["2025-06", "2025-07", "2025-12"]


@needs_spark
@pytest.mark.heavy
@pytest.mark.slow
def test_spark_sql_counts_the_same_months(market: Market, lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql import SparkSession

    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        rows = session.sql(documented("sql").replace("lake/", f"{lake}/")).collect()
    finally:
        session.stop()
    assert [tuple(row) for row in rows] == monthly(market)


def test_every_month_has_the_same_columns_and_types(lake: Path) -> None:
    schemas = {tuple(pl.read_parquet_schema(path).items()) for path in lake.glob("month=*/*.parquet")}
    assert len(schemas) == 1
    [schema] = schemas
    kinds = dict(schema)
    assert kinds["amount_yuan"] == pl.Decimal(18, 2)
    assert kinds["awarded_on"] == pl.Date
    assert kinds["suppliers"] == pl.List(pl.String)
    assert kinds["first_seen_at"] == pl.Datetime("us", "UTC")
    assert kinds["disclosed"] == pl.Boolean
