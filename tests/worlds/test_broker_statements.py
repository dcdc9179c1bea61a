"""The statements that brokers publish about July 2025, each from one command.

The world is made up so that its true figures are the published ones (docs/reproduce.md); it is read from a capture file
here. Who passed whom was published without figures, so that comes from a table of made-up awards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tenders.jobs.ingest import ingest_files
from tests.helpers.award_tables import row, table
from tests.helpers.storing import tenders
from tests.replica import capture
from tests.replica.calibrated import calibrated
from tests.replica.model import Market
from tests.replica.seen import seen_at
from tests.reproduce_figures import Figures, expected_figures

pytestmark = pytest.mark.long

_SEED = 77


@pytest.fixture(scope="module")
def made() -> Market:
    return calibrated(_SEED, others=0)


@pytest.fixture(scope="module")
def data(made: Market, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    capture.write(made, folder / "world.jsonl.gz", seen_at=lambda posting: seen_at(posting, _SEED))
    ingest_files([folder / "world.jsonl.gz"], folder / "data")
    return folder / "data"


def said(data: Path, period: str) -> dict[str, Any]:
    """What one command says about a period."""
    result = tenders("summary", "--period", period, "--format", "json", "--data", data)
    assert result.returncode == 0, result.stderr
    found = orjson.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def shares(summary: dict[str, Any], dimension: str, column: str) -> dict[str, float]:
    return {part[column]: part["amount_share_pct"] for part in summary[f"by_{dimension}"]}


def _assert_shares_are_true(summary: dict[str, Any], truth: Figures, published: dict[str, int]) -> None:
    """The published shares of the amount, and all others within a tenth of a point or two of the world's own."""
    types, sectors = shares(summary, "type", "project_type"), shares(summary, "sector", "sector")
    assert {code: round({**types, **sectors}[code]) for code in published} == published
    for dimension, found in (("type", types), ("sector", sectors)):
        for code, share in found.items():
            assert share == pytest.approx(truth.share(dimension, code), abs=0.3), (dimension, code)


def test_july_2025_has_574_awards_422_per_cent_more_than_a_year_before(made: Market, data: Path) -> None:
    july, truth = said(data, "2025-07"), expected_figures(made)
    now, base = truth["2025-07"], truth["2024-07"]
    assert (july["awards"], july["disclosed"], july["amount_yuan"]) == (574, 431, "1335000000.00")
    assert (july["awards"], july["disclosed"], july["amount_yuan"]) == (now.awards, now.disclosed, f"{now.yuan:.2f}")
    assert july["awards_yoy_pct"] == round(100 * (now.awards / base.awards - 1), 1)
    assert july["amount_yoy_pct"] == pytest.approx(100 * (float(now.yuan / base.yuan) - 1), abs=0.05)
    assert (round(july["awards_yoy_pct"]), round(july["amount_yoy_pct"])) == (422, 540)
    _assert_shares_are_true(july, now, {"compute": 50, "application": 39, "government": 26})


def test_in_the_first_quarter_compute_had_65_per_cent_and_government_58(made: Market, data: Path) -> None:
    _assert_shares_are_true(
        said(data, "2025-Q1"),
        expected_figures(made)["2025-Q1"],
        {"compute": 65, "application": 25, "government": 58},
    )


def test_the_paragraph_of_july_has_the_same_figures(data: Path) -> None:
    text = tenders("summary", "--period", "2025-07", "--format", "text", "--data", data).stdout
    assert text.startswith("2025 年 7 月，公开披露的大模型中标项目共 574 个（同比增长 421.8%")
    assert "其中 431 个披露金额，合计 13.35 亿元（同比增长 540.0%" in text
    assert "披露金额中算力占 50.0%" in text


def test_in_the_second_quarter_iflytek_passed_baidu_by_number_and_by_amount(tmp_path: Path) -> None:
    won = {
        1: ("百度网讯科技有限公司", "900000"), 2: ("百度网讯科技有限公司", "800000"), 3: ("科大讯飞股份有限公司", "700000"),
        4: ("科大讯飞股份有限公司", "990000"), 5: ("科大讯飞股份有限公司", "880000"), 6: ("百度网讯科技有限公司", "770000"),
    }  # fmt: skip
    rows = [
        row(month, awarded_on=f"2025-{month:02}-08", suppliers=supplier, amount_yuan=amount)
        for month, (supplier, amount) in won.items()
    ]
    ingest_files([table(tmp_path / "awards.csv", rows)], tmp_path / "data")
    text = tenders("summary", "--period", "2025-Q2", "--format", "text", "--data", tmp_path / "data").stdout
    assert "按项目数居前的是科大讯飞（2 个）、百度（1 个）" in text
    assert "与 2025 年一季度相比，科大讯飞的项目数和披露金额均反超百度。" in text
