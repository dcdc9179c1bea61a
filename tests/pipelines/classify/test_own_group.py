"""Awards inside one vendor group, from the page to the published tables."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tenders.jobs.ingest import ingest_files
from tenders.jobs.rebuild import rebuild_store
from tenders.jobs.reclassify import reclassify_store
from tests.helpers.market import Market, candidates, lot
from tests.helpers.storing import award, capture, tenders
from tests.paths import ROOT

pytestmark = pytest.mark.slow

_OWN = "SELECT buyer, buyer_vendor, vendors, own_group FROM awards ORDER BY project_number"
_TELECOM, _CLOUD = "中国电信股份有限公司海州分公司", "天翼云科技有限公司"


def award_record(number: int, buyer: str, supplier: str) -> dict[str, Any]:
    """Return the capture record of an invented award from this buyer to this supplier."""
    record = award(number)
    body = record["body"].replace(f"名 称：某市第{number}中学", f"名 称：{buyer}")
    return record | {"body": body.replace(f"某市甲{number}科技有限公司", supplier)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    records = [
        award_record(1, _TELECOM, _CLOUD),
        award_record(2, "某市第2中学", _CLOUD),
        award_record(3, "中国移动通信集团海州有限公司", "华为技术有限公司"),
        award_record(4, "某市数据局", "某市甲4科技有限公司"),
    ]
    ingest_files([capture(folder / "a.jsonl", records)], folder / "data")
    return folder / "data"


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


_EXPECTED = [
    (_TELECOM, "中国电信", ["中国电信"], True),
    ("某市第2中学", None, ["中国电信"], False),
    ("中国移动通信集团海州有限公司", "中国移动", ["华为"], False),
    ("某市数据局", None, [], False),
]


def query(data: Path, sql: str = _OWN) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_an_award_reports_whether_the_buyer_bought_from_its_own_group(data: Path) -> None:
    assert query(data) == _EXPECTED
    assert (
        query(data, "SELECT buyer, buyer_vendor, vendors, own_group FROM award_states ORDER BY project_number")
        == _EXPECTED
    )
    assert query(data, "SELECT DISTINCT buyer_vendor FROM notices WHERE buyer_vendor IS NOT NULL ORDER BY 1") == [
        ("中国电信",), ("中国移动",)
    ]  # fmt: skip
    counted = "SELECT own_group, count(*), sum(amount_yuan) FROM counted_awards GROUP BY 1 ORDER BY 1"
    assert query(data, counted) == [(False, 3, 405_000), (True, 1, 115_000)]


def test_sql_can_separate_awards_inside_a_group_from_the_rest(data: Path) -> None:
    text = (ROOT / "docs" / "awards.md").read_text("utf-8")
    [documented] = re.findall(r"`(SELECT vendor, [^`]*)`", text)
    assert sorted(query(data, documented)) == [("中国电信", 2, 1), ("华为", 1, 0)]


@pytest.mark.long
def test_the_flag_is_the_same_after_a_rebuild(data: Path) -> None:
    rebuild_store(data)
    assert query(data) == _EXPECTED
    reclassify_store(data)
    assert query(data) == _EXPECTED


def test_explain_reports_it_in_one_line(data: Path) -> None:
    keys = query(data, "SELECT buyer, award_key FROM awards")
    outputs = {buyer: tenders("explain", key, "--data", data).stdout for buyer, key in keys}
    assert "  own_group: yes, the buyer and a winner are both of 中国电信\n" in outputs[_TELECOM]
    assert "  own_group: no, the buyer is of 中国移动 and no winner is\n" in outputs["中国移动通信集团海州有限公司"]
    assert "  own_group: no\n" in outputs["某市数据局"]


def test_an_export_contains_the_flag_and_can_be_imported_again(data: Path, tmp_path: Path) -> None:
    table = tmp_path / "awards.csv"
    assert tenders("export", "--format", "csv", "-o", table, "--data", data).returncode == 0
    assert "buyer_vendor" in table.read_text("utf-8").splitlines()[0]
    read = tenders("ingest", table, "--data", tmp_path / "again")
    assert (read.returncode, "left out" in read.stderr) == (0, False)
    assert query(tmp_path / "again") == _EXPECTED


@pytest.mark.long
def test_a_store_of_an_older_version_opens_and_is_correct_after_classifying_again(data: Path) -> None:
    for name in ("private/store.duckdb", "private/published.duckdb", "tenders.duckdb"):
        with duckdb.connect(str(data / name)) as con:
            # The views depend on the tables and are created again with them.
            for (view,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
                con.execute(f'DROP VIEW IF EXISTS "{view}" CASCADE')
            con.execute("ALTER TABLE main.awards DROP COLUMN own_group")
            for table in ("main.awards", "main.award_states", "main.notices"):
                con.execute(f"ALTER TABLE {table} DROP COLUMN buyer_vendor")
            if "store" in name:
                con.execute("ALTER TABLE private.contents DROP COLUMN buyer_vendor")
                con.execute("UPDATE working.built_by SET fingerprint = 'older rules'")
    [(key,)] = query(data, f"SELECT award_key FROM awards WHERE buyer = '{_TELECOM}'")
    explained = tenders("explain", key, "--data", data)
    assert (explained.returncode, "own_group: —" in explained.stdout) == (0, True)
    reclassify_store(data)
    assert query(data) == _EXPECTED


ABOUT: dict[str, Any] = {
    "number": "ZB-2025-0001",
    "name": "大模型平台项目",
    "buyer": _TELECOM,
    "buyer_vendor": "中国电信",
}
OWN = {_CLOUD: "中国电信", "甲公司": "阿里"}


def test_only_winners_of_counted_lots_set_the_flag() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("9.00", "甲公司", no=1, numbered=True, large=True, vendors=OWN),
                  lot("5.00", _CLOUD, no=2, numbered=True, large=False, vendors=OWN), large=False, **ABOUT)  # fmt: skip
    assert market.only_award()["own_group"] is False


def test_one_member_of_a_consortium_is_enough() -> None:
    market = Market()
    market.notice("ccgp:1", "award", "2025-07-01", lot("9.00", "甲公司", _CLOUD, vendors=OWN), **ABOUT)
    assert market.only_award()["own_group"] is True


def test_candidates_and_void_results_do_not_set_the_flag() -> None:
    market = Market()
    market.notice("ccgp:1", "candidate", "2025-06-20", candidates((_CLOUD, "9.00"), vendors=OWN), **ABOUT)
    market.notice("ccgp:2", "award", "2025-07-01", lot("9.00", _CLOUD, vendors=OWN), **ABOUT)
    market.notice("ccgp:3", "failed", "2025-07-20", cancels=True, **ABOUT)
    market.publish()
    states = market.rows("SELECT status, own_group FROM award_states ORDER BY valid_from")
    assert [tuple(row.values()) for row in states] == [("candidate", False), ("awarded", True), ("void", False)]


def test_the_group_is_that_of_the_buyer_shown_by_the_award() -> None:
    market = Market()
    about: dict[str, Any] = {"number": "ZB-2025-0001", "name": "大模型平台项目"}
    market.notice("ccgp:1", "award", "2025-07-01", lot("9.00", _CLOUD, vendors=OWN), buyer="某市数据局", **about)
    market.notice("ccgp:2", "contract", "2025-07-09", lot("9.00", _CLOUD, vendors=OWN), buyer="某市数据局（中国电信代建）",
                  buyer_vendor="中国电信", **about)  # fmt: skip
    found = market.only_award()
    assert len(found["notice_keys"]) == 2
    assert (found["buyer"], found["buyer_vendor"], found["own_group"]) == ("某市数据局", None, False)
