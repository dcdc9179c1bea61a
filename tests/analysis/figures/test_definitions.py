"""Definitions: data for the user too, each month by all of them side by side, and what `wide` takes."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from analysis.figures.definition import UnknownDefinitionError, load, load_all, names
from analysis.figures.definition_reference import reference
from analysis.figures.summary import summary
from analysis.reports.definitions_table import render, side_by_side
from analysis.reports.summary_json import as_json
from analysis.reports.text_summary import FormatError
from pipelines.classify.relevance import relevance_of
from pipelines.common.validation import InvalidDataError
from tests.analysis.views.test_views import add_award
from tests.helpers.market import Market
from tests.helpers.storing import award, capture, tenders
from tests.paths import ROOT

_NAMED = """
name = "named"
title_zh = "点名"
title_en = "named | by name"
description = "What names it."

[where]
statuses = ["awarded"]
min_relevance = 0.95
"""


def own(folder: Path, text: str = _NAMED, name: str = "named") -> Path:
    """A user's folder of definitions with one file in it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def market() -> Market:
    made = Market()
    add_award(made, "2024-07-10", "100000000.00", 1)
    add_award(made, "2025-07-01", "150000000.00", 2, relevance=0.98)
    add_award(made, "2025-07-02", None, 3, relevance=0.6)
    add_award(made, "2025-07-03", "70.00", 4, large=False, relevance=0.25)
    add_award(made, "2025-07-04", "30.00", 5, large=False, relevance=0.2)
    return made.publish()


@pytest.mark.long
def test_all_definitions_stand_side_by_side_with_the_figures_that_each_gives_alone(
    market: Market, tmp_path: Path
) -> None:
    found = side_by_side(market.con, "2025-07", load_all(own(tmp_path)))
    data = orjson.loads(render(found, "json"))
    rows = {row["definition"]: row for row in data["definitions"]}
    assert list(rows) == ["market", "keyword", "keyword_national", "wide", "named"]
    counts = {"market": 2, "keyword": 4, "keyword_national": 4, "wide": 3, "named": 1}
    assert {name: row["awards"] for name, row in rows.items()} == counts
    for name, row in rows.items():
        alone = as_json(summary(market.con, "2025-07", load(name, tmp_path)))
        for figure in (
            "awards",
            "disclosed",
            "undisclosed",
            "amount_yuan",
            "amount_yi",
            "awards_yoy_pct",
            "amount_yoy_pct",
        ):
            assert row[figure] == alone[figure], (name, figure)
    growth = [rows[name]["awards_yoy_pct"] for name in ("market", "wide", "named")]
    assert growth == [100.0, 200.0, None], "named has no base: that award is less sure"
    assert (found.period.key, found.coverage.notices) == ("2025-07", 4)


@pytest.mark.long
def test_the_comparison_comes_as_table_markdown_csv_and_json(market: Market, tmp_path: Path) -> None:
    found = side_by_side(market.con, "2025-07", load_all(own(tmp_path)), "2025-08-31")
    text = render(found)
    for said in (
        "2025 年 7 月",
        "数据截至：2025-08-31",
        "市场口径：已定标的大模型采购项目",
        "+100.0%",
        "1.50",
    ):
        assert said in text
    assert "named | by name" in render(found, "table", "en")
    assert "named \\| by name" in render(found, "md", "en")
    rows = list(csv.DictReader(io.StringIO(render(found, "csv"))))
    assert [(row["definition"], row["awards"], row["amount_yuan"]) for row in rows] == [
        ("market", "2", "150000000.00"), ("keyword", "4", "150000100.00"),
        ("keyword_national", "4", "150000100.00"), ("wide", "3", "150000070.00"),
        ("named", "1", "150000000.00"),
    ]  # fmt: skip
    assert rows[4]["description"] == "What names it."
    assert orjson.loads(render(found, "json"))["as_of"] == "2025-08-31"
    with pytest.raises(FormatError, match="table, md, json, csv"):
        render(found, "pdf")


@pytest.mark.long
def test_a_definition_of_the_users_own_counts_and_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    capture(tmp_path / "a.jsonl", [award(1), award(2)])
    assert tenders("ingest", tmp_path / "a.jsonl", "--data", data).returncode == 0
    own(data / "definitions", _NAMED + 'words = ["第1中学"]\n')
    month = ["summary", "--month", "2026-07", "--data", data]
    said = orjson.loads(tenders(*month, "--definition", "named", "--format", "json").stdout)
    assert (said["definition"], said["awards"]) == ("named", 1)
    rows = orjson.loads(tenders(*month, "--definition", "all", "--format", "json").stdout)["definitions"]
    assert [(row["definition"], row["awards"]) for row in rows] == [
        ("market", 2),
        ("keyword", 2),
        ("keyword_national", None),
        ("wide", 2),
        ("named", 1),
    ]
    asked = ["query", "SELECT awards FROM monthly_of('named')", "--format", "csv", "--data", data]
    assert tenders(*asked).stdout == "awards\n1\n"
    with pytest.raises(duckdb.Error, match="unknown definition"):
        _in_file(data, "FROM monthly_of('named')")
    assert tenders("ingest", capture(tmp_path / "b.jsonl", [award(3)]), "--data", data).returncode == 0
    assert _in_file(data, "SELECT awards FROM monthly_of('named')") == [(1,)]
    assert len(_in_file(data, "FROM covered_months_of('named')")) == 1
    unknown = tenders(*month, "--definition", "secret")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr.endswith("choose one of market, keyword, keyword_national, wide, named\n")
    own(data / "definitions", "broken", "broken")
    assert tenders(*month).returncode == 0, "a broken file is no matter to who does not ask for it"
    broken = tenders(*month, "--definition", "all")
    assert (broken.returncode, broken.stdout, broken.stderr.count("\n")) == (2, "", 1)
    assert "definitions/broken.toml" in broken.stderr


def _in_file(data: Path, sql: str) -> list[Any]:
    """What another program finds in the published database."""
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("old", "new", "key", "advice"),
    [
        ('name = "named"', 'name = "other"', "name", "write named"),
        ('name = "named"', 'name = "../named"', "name", "write text that matches"),
        ('title_zh = "点名"', "", "title_zh", "add title_zh"),
        ('title_zh = "点名"', "title_zh = 1", "title_zh", "write text in quotes"),
        ("[where]", "[were]", "where", 'add the table [where] with statuses = ["awarded"]'),
        ('[where]\nstatuses = ["awarded"]\nmin_relevance = 0.95\n', "", "where", 'statuses = ["awarded"]'),
        ('["awarded"]', '["won"]', "where.statuses[1]", "write awarded, candidate or void"),
        ('["awarded"]', "[]", "where.statuses", ""),
        ('statuses = ["awarded"]\n', "", "where.statuses", "add statuses"),
        ("min_relevance = 0.95", "min_relevance = 95", "where.min_relevance", "at most 1"),
        ("min_relevance = 0.95", "min_relevance = nan", "where.min_relevance", "number"),
        ("min_relevance = 0.95", 'large_model = "yes"', "where.large_model", "write true or false"),
        ("min_relevance = 0.95", 'words = "大模型"', "where.words", "write a list in brackets"),
        (
            "min_relevance = 0.95",
            "province = []",
            "where.province",
            "provinces",
        ),
        ("min_relevance = 0.95", "min_relevence = 0.95", "where.min_relevence", "did you mean min_relevance?"),
        ("[where]", "[where", "not TOML", ""),
    ],
)
def test_a_mistake_in_a_definition_is_one_line_that_names_file_key_and_remedy(
    old: str, new: str, key: str, advice: str, tmp_path: Path
) -> None:
    assert old in _NAMED
    with pytest.raises(InvalidDataError) as caught:
        load("named", own(tmp_path, _NAMED.replace(old, new)))
    assert str(caught.value).startswith(f"{tmp_path / 'named.toml'}: {key}: ")
    assert advice in str(caught.value)
    assert "\n" not in str(caught.value)


def test_quotes_in_a_users_words_are_text_and_never_sql(market: Market, tmp_path: Path) -> None:
    rules = load("named", own(tmp_path, _NAMED + """words = ["'] OR true --"]\n"""))
    assert summary(market.con, "2025-07", rules).awards in (0, None)


def test_the_reference_page_is_current() -> None:
    page = ROOT / "docs" / "reference" / "definitions.md"
    assert page.read_text("utf-8") == reference(), (
        "write it again: python -m analysis.figures.definition_reference > docs/reference/definitions.md"
    )


@pytest.mark.parametrize("name", ["market", "all"])
def test_a_name_that_means_something_already_is_refused(name: str, tmp_path: Path) -> None:
    folder = own(tmp_path, _NAMED.replace('"named"', f'"{name}"'), name)
    with pytest.raises(InvalidDataError, match="another name"):
        load(name, folder)


def test_names_of_files_elsewhere_are_no_definitions(tmp_path: Path) -> None:
    own(tmp_path)
    folder = own(tmp_path / "definitions")
    assert names(folder)[-1] == "named"
    for name in ("../named", str(tmp_path / "named"), ""):
        with pytest.raises(UnknownDefinitionError):
            load(name, folder)


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("视频AI分析摄像机采购项目", True),
        ("AI反诈劝阻平台软件", True),
        ("GPU服务器采购", True),
        ("大模型教学平台", True),
        ("电梯采购", False),
        ("AI教室课桌椅采购项目", False),
        ("人工智能产业创新基地监理", False),
        ("AI服务器研发生产基地", False),
        ("智算中心水表开户安装", False),
        ("大模型创新大赛服务", False),
        ("人工智能学院场地改造", False),
    ],
)
def test_wide_takes_all_ai_and_nothing_that_a_veto_took_down(title: str, taken: bool) -> None:
    wide = load("wide").where
    assert wide.large_model is False
    assert (relevance_of(title).score >= wide.min_relevance) is taken
