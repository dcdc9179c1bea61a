"""Named awards of a list: found, with another price or supplier, missing, or outside of what is known."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from analysis.figures import named_awards
from analysis.figures.definition import load
from analysis.figures.named_awards import read_list, reconcile
from analysis.figures.summary import summary
from analysis.reports.summary_json import as_json
from analysis.reports.text_summary import render
from pipelines.common.validation import InvalidDataError
from tests.analysis.views.test_like_for_like import complete_crawl
from tests.helpers.market import Market, lot
from tests.helpers.storing import award, capture, tenders

pytestmark = pytest.mark.slow

HEAD = "project,buyer,supplier,amount_yuan,awarded_month\n"


@pytest.fixture(scope="module")
def market() -> Market:
    made = Market()
    about = {"name": "青禾市政务大模型平台采购项目", "buyer": "青禾市数据局", "number": "Z-1"}
    lots = (lot("1000000.00", "云帆科技有限公司", no=1), lot("500000.00", "海石软件有限公司", no=2))
    made.notice("ccgp:1", "award", "2025-07-10", *lots, **about)  # type: ignore[arg-type]
    made.notice(
        "ccgp:2",
        "award",
        "2025-07-11",
        lot(None, "甲智能公司"),
        name="丰泽医院病历智能体",
        buyer="丰泽医院",
        number="Z-2",
    )
    twin = {"name": "丰泽医院陪诊智能体", "buyer": "丰泽医院"}
    made.notice("ccgp:3", "award", "2025-07-12", lot("300000.00", "乙智能公司"), number="Z-3", **twin)  # type: ignore[arg-type]
    made.notice("ccgp:4", "award", "2025-07-21", lot(None, "丙智能公司"), number="Y-4", **twin)  # type: ignore[arg-type]
    package = {"name": "云杉大学教学大模型项目（一标段）", "buyer": "云杉大学", "number": "Z-5"}
    packages = (lot("400000.00", "丁智能公司", no=1), lot("300000.00", "戊智能公司", no=2))
    made.notice("ccgp:5", "award", "2025-07-14", *packages, **package)  # type: ignore[arg-type]
    complete_crawl(made, "ccgp", "2025-07-01", "2025-08-31")
    return made.publish()


@pytest.mark.parametrize(
    ("line", "state", "differs"),
    [
        ("青禾市政务大模型平台采购项目,青禾市数据局,云帆科技,1500000,2025-07", "found", ()),
        ("青禾市政务大模型平台 采购项目,,海石软件有限公司 40%,500000,2025-07", "found", ()),  # one lot
        ("青禾市政务大模型平台采购项目,,云帆科技;另一公司,1502000,2025", "found", ()),  # a rounded sum, the year only
        ("青禾市政务大模型平台采购项目,青禾市数据局,云帆科技,1600000,2025-07", "differs", ("amount_yuan",)),
        ("青禾市政务大模型平台采购项目,青禾市数据局,别家公司,,2025-07", "differs", ("supplier",)),
        ("丰泽医院病历智能体,丰泽医院,甲智能公司,880000,2025-08", "found", ()),  # undisclosed; a month late
        ("2025年青禾市政务大模型平台采购项目,,云帆科技,,2025-07", "found", ()),  # the year of the award
        ("2026年青禾市政务大模型平台采购项目,,云帆科技,,2025-07", "missing", ()),  # another year
        ("2026年青禾市政务大模型平台采购项目,,云帆科技,1500000,2025-07", "found", ()),  # the same price
        ("青禾市政务大模型平台采购项目（二期）,青禾市数据局,云帆科技,,2025-07", "missing", ()),  # another phase
        ("青禾市政务大模型平台采购项目（二期）,青禾市数据局,别家公司,90000,2025-07", "missing", ()),
        ("青禾市政务大模型平台采购项目,红岩市数据局,云帆科技,,2025-07", "missing", ()),  # another buyer
        ("云杉大学教学大模型项目,云杉大学,别家公司,700000,2025-07", "differs", ("supplier",)),  # named after a package
        ("云杉大学教学大模型项目（二标段）,云杉大学,别家公司,,2025-07", "missing", ()),  # another package
        ("丰泽医院陪诊智能体,丰泽医院,乙智能公司,390000,2025-07", "differs", ("amount_yuan",)),  # not its namesake
        ("没有的大模型项目,某局,某公司,1,2025-07..2025-08", "missing", ()),
        ("没有的大模型项目,某局,某公司,1,2025-09", "uncovered", ()),
        ("没有的大模型项目,某局,某公司,1,2025", "uncovered", ()),
        ("没有的大模型项目,某局,某公司,1,", "uncovered", ()),
        ("青禾市政务大模型平台采购项目,青禾市数据局,云帆科技,,2025-01", "uncovered", ()),  # another year's project
    ],
)
def test_each_line_of_a_list_is_looked_for(
    market: Market, tmp_path: Path, line: str, state: str, differs: tuple[str, ...]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEAD + line + "\n", "utf-8-sig")
    [one] = reconcile(market.con, read_list(path), load("market"))
    assert (one.state, one.differs) == (state, differs)
    assert (one.award_key is not None) == (state in ("found", "differs"))


@pytest.mark.long
def test_a_summary_counts_the_named_awards_of_its_period(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "青禾市政务大模型平台采购项目,青禾市数据局,云帆科技,1500000,2025-07",
        "丰泽医院病历智能体,丰泽医院,别家公司,,2025-07",
        "没有的大模型项目,某局,某公司,1,2025-07",
        "没有的大模型项目,某局,某公司,1,2025-12",
    ]
    names = named_awards.list_of(HEAD + "\n".join(lines) + "\n", "list.csv")
    monkeypatch.setattr(named_awards, "read_list", lambda: names)
    found = summary(market.con, "2025-07")
    assert as_json(found)["named_awards"] == {"named": 3, "found": 1, "differs": 1, "missing": 1, "uncovered": 0}
    assert "1 of the 3 within coverage found" in render(found, "table", "en")
    assert "3 个在覆盖范围内，其中 1 个已找到" in render(found, "md", "zh")
    assert as_json(summary(market.con, "2025-12"))["named_awards"] is None, "not covered"
    assert as_json(summary(market.con, "2025-06"))["named_awards"] is None, "nobody names one"


def test_the_shipped_list_can_be_read_and_every_line_has_its_source() -> None:
    names = read_list()
    assert len(names) == 29
    assert all(one.source_url.startswith("http") for one in names)


@pytest.mark.parametrize("line", ["项目,,,viel,2025-07", "项目,,,1,July"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEAD + line + "\n", "utf-8")
    with pytest.raises(InvalidDataError, match=r"list\.csv:2"):
        read_list(path)
    path.write_text("name\n甲\n", "utf-8")
    with pytest.raises(InvalidDataError, match="project"):
        read_list(path)


def test_a_list_may_be_in_the_encoding_of_a_chinese_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((HEAD + "青禾市政务大模型平台,,,,2025-07\n").encode("gb18030"))
    assert [one.project for one in read_list(path)] == ["青禾市政务大模型平台"]
    path.write_bytes(b"project\n\xff\xff\n")
    with pytest.raises(InvalidDataError, match=r"list\.csv: neither UTF-8 nor GB18030"):
        read_list(path)


def test_the_command_gives_one_object_per_line_and_exits_1_for_what_is_missing(tmp_path: Path) -> None:
    data, names = tmp_path / "data", tmp_path / "list.csv"
    capture(tmp_path / "a.jsonl", [award(1)])
    assert tenders("ingest", tmp_path / "a.jsonl", "--data", data).returncode == 0
    names.write_text(HEAD + "没有的大模型项目,,,,2026-07\n", "utf-8")
    done = tenders("reconcile", names, "--format", "json", "--data", data)
    assert done.returncode == 1
    assert [row["state"] for row in orjson.loads(done.stdout)] == ["missing"]
