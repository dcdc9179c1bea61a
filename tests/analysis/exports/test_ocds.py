"""OCDS: what the official schema, merger and kit say of the packages, and what their releases say of the awards."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from analysis.exports import ocds
from analysis.exports.ocds import objects
from analysis.exports.ocds.objects import party_id
from analysis.exports.selection import Selection
from pipelines.lexicon import terms
from tenders.jobs.ingest import ingest_files
from tests.helpers.market import Market, candidates, lot, own_store
from tests.helpers.ocds_official import THERE, compiled, faults, needs_schemas, release_schema
from tests.helpers.storing import award as notice_of
from tests.helpers.storing import capture
from tests.helpers.storing import tenders as run
from tests.paths import ROOT

pytestmark = pytest.mark.slow

Json = dict[str, Any]
SAME = {"number": "ZB-2025-0001", "name": "某市政务大模型平台建设项目", "buyer": "某市大数据管理局"}
HOSTILE = ['=HYPERLINK("http://evil.example","x")', "+1", "@SUM(A1)", "-2", "一行\n两行\r\n三行", "空\x00字符\x07", "长" * 40_000,
           "🀄️表情", "<script>alert(1)</script>", "\ufffe\uffff末尾", "</releases>\"},{\"ocid\":1"]  # fmt: skip


@pytest.fixture
def market() -> Market:
    return Market(own_store())


def package(market: Market, folder: Path, **chosen: Any) -> Json:
    """The package that is written for a market, numbers exact; the official schema and merger have nothing against it."""
    market.publish()
    path = folder / "package.json"
    ocds.write_file(market.con, path, Selection(**chosen))
    made: Json = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    if THERE:
        assert faults(json.loads(path.read_text("utf-8"))) == []
        compiled(made["releases"])
    return made


def story(market: Market, folder: Path) -> list[tuple[Any, ...]]:
    """Day, tags, and (status, suppliers, amount) of each award that a release tells of."""
    return [
        (
            release["date"][:10],
            release["tag"],
            *((a["status"], [s["name"] for s in a.get("suppliers", [])], a.get("value", {}).get("amount"))
              for a in release.get("awards", [])),
        )
        for release in package(market, folder)["releases"]
    ]  # fmt: skip


def full_market(market: Market) -> Market:
    """One award of every kind that there is."""
    one = {"number": "ZB-2025-0001", "name": "甲大模型项目", "buyer": "甲局"}
    market.notice("ccgp:t1", "tender", "2025-06-01", title="甲大模型项目公开招标公告", **one)
    classes = {"province": "广东", "project_type": "compute", "sector": "government", "subsector": "justice_security"}
    both = lot("1000000.10", "甲公司", "乙公司")
    market.notice("ccgp:a1", "award", "2025-07-01", both, agency="某招标代理有限公司", **classes, **one)
    market.notice("ggzy:a1", "award", "2025-07-02", lot("1000000.10", "甲公司", "乙公司"), **one)
    market.notice("ccgp:c1", "contract", "2025-07-20", lot("1000000.10", "甲公司"), **one)
    for n, (price, name) in enumerate([("300.00", "算力"), (None, "语料"), ("500.50", "装修")], 1):
        won = lot(price, f"丙{n}公司", no=n, name=name, numbered=True, large=n < 3)
        market.notice(
            f"ccgp:b{n}", "award", "2025-07-02", won, number="ZB-2025-0002", name="乙项目", buyer="乙局", large=n < 3
        )
    void = {"number": "ZB-2025-0003", "name": "丙大模型", "buyer": "丙局"}
    market.notice("ccgp:v1", "award", "2025-07-03", lot("70.00", "丁公司"), **void)
    market.notice("ccgp:v2", "failed", "2025-07-09", cancels=True, **void)
    quotes = candidates(("戊公司", "90.00"), ("己公司", "91.00"))
    market.notice("ccgp:p1", "candidate", "2025-07-04", quotes, number="ZB-2025-0004", name="丁大模型", buyer="丁局")
    tables = lot("5.00", "庚公司")
    market.notice(
        "ccgp:n1", "award", "2025-08-05", tables, number="ZB-2025-0005", name="某桌椅项目", buyer="戊局", large=False
    )
    undated = {"number": "ZB-2025-0006", "name": "己大模型", "buyer": "己局", "seen": "2025-08-09 10:00"}
    market.notice("ccgp:u1", "award", None, lot(None, "辛公司"), **undated)
    crawl = {"crawl_id": "c1", "portal": "ccgp", "since": "2025-06-20", "until": "2025-08-10", "state": "complete"}
    market.insert("crawls", [crawl | {"started_at": "2025-08-10 08:00+08", "finished_at": "2025-08-10 09:00+08"}])
    return market


@needs_schemas
def test_the_package_is_valid_by_the_official_schema_at_its_strictest(market: Market, tmp_path: Path) -> None:
    made = package(full_market(market), tmp_path)
    tags = {tag for release in made["releases"] for tag in release["tag"]}
    assert tags == {"tender", "award", "awardUpdate", "awardCancellation", "contract"}
    broken = json.loads(json.dumps(made, default=float))
    broken["releases"][0]["tender"]["sector"] = "ours"
    broken["releases"][1]["date"] = None
    assert len(faults(broken)) == 2


@needs_schemas
def test_compiled_processes_have_the_sums_suppliers_and_states_of_the_database(market: Market, tmp_path: Path) -> None:
    made = package(full_market(market), tmp_path)
    processes = compiled(made["releases"])
    awards = market.awards()
    assert set(processes) == {f"ocds-tenders-{award['award_key']}" for award in awards}
    for award in awards:
        found = processes[f"ocds-tenders-{award['award_key']}"]["awards"]
        active = [a for a in found if a["status"] == "active" and (counts(a) or not award["is_large_model"])]
        prices = [a["value"]["amount"] for a in active if "value" in a]
        if award["status"] == "awarded":
            assert (sum(prices) if prices else None) == award["amount_yuan"], award["project_name"]
            assert {s["id"] for a in active for s in a["suppliers"]} == {party_id(name) for name in award["suppliers"]}
        else:
            assert {a["status"] for a in found} == {"void": {"cancelled"}, "candidate": {"pending"}}[award["status"]]
    counted = market.rows("SELECT sum(amount_yuan) AS amount FROM monthly")[0]["amount"]
    of_large = (
        a for p in processes.values() for a in p["awards"] if a["status"] == "active" and counts(a) and "value" in a
    )
    assert sum(a["value"]["amount"] for a in of_large) == counted == Decimal("1000300.10")


def counts(award: Json) -> bool:
    """Whether an award counts as about large models."""
    classes = [c for item in award.get("items", []) for c in item.get("additionalClassifications", [])]
    return {"scheme": "CHN-TENDERS-DEFINITION", "id": "market", "description": "大模型项目"} in classes


@needs_schemas
@pytest.mark.long
def test_the_official_kit_takes_the_files(market: Market, tmp_path: Path) -> None:
    full_market(market).publish()
    ocds.write_folder(market.con, tmp_path / "ocds", Selection())
    files = sorted((tmp_path / "ocds").iterdir())
    assert [file.name for file in files] == ["2025-07.json", "2025-08.json", "undated.json"]
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(release_schema()), "utf-8")

    def kit(*arguments: str, given: bytes = b"") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "ocdskit", *arguments], input=given, capture_output=True, check=True
        )
        assert b"rror" not in done.stderr
        return (done.stdout or done.stderr).decode()

    assert kit("detect-format", *map(str, files)).count(": release package\n") == 3
    packages = b"".join(file.read_bytes() for file in files)
    merged = [json.loads(line) for line in kit("compile", "--schema", str(schema), given=packages).splitlines()]
    assert len(merged) == len({release["ocid"] for release in merged}) == len(market.awards())
    [record] = [json.loads(kit("compile", "--schema", str(schema), "--package", "--versioned", given=packages))]
    assert len(record["records"]) == len(merged)


def test_a_process_is_told_by_day_from_its_tender_to_its_contract(market: Market, tmp_path: Path) -> None:
    market.notice("ccgp:1", "tender", "2025-06-01", title="某市政务大模型平台公开招标公告", **SAME)
    market.notice("ccgp:2", "award", "2025-07-01", lot("100.00", "甲公司"), **SAME)
    market.notice("ccgp:3", "correction", "2025-07-05", lot("90.00", "甲公司"), **SAME)
    market.notice("ggzy:4", "contract", "2025-07-20", lot("90.00", "甲公司"), **SAME)
    assert story(market, tmp_path) == [
        ("2025-06-01", ["tender"]),
        ("2025-07-01", ["award"], ("active", ["甲公司"], Decimal("100.00"))),
        ("2025-07-05", ["awardUpdate"], ("active", ["甲公司"], Decimal("90.00"))),
        ("2025-07-20", ["contract"]),
    ]
    made = package(market, tmp_path)
    tender, award, corrected, contract = made["releases"]
    assert (tender["tender"]["status"], award["tender"]["status"]) == ("active", "complete")
    assert {r["tender"]["procurementMethod"] for r in made["releases"]} == {"open"}
    assert award["awards"][0]["id"] == corrected["awards"][0]["id"] == contract["contracts"][0]["awardID"]
    assert contract["contracts"][0]["value"] == {"amount": Decimal("90.00"), "currency": "CNY"}
    assert award["awards"][0]["documents"] == [
        {"id": "ccgp:2", "documentType": "awardNotice", "title": f"{SAME['name']}公告", "url": "https://ccgp.example/2",
         "datePublished": "2025-07-01T00:00:00+08:00", "language": "zh"}
    ]  # fmt: skip


def test_a_cancelled_result_is_an_award_that_was_cancelled_and_the_new_winner_is_another(
    market: Market, tmp_path: Path
) -> None:
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **SAME)
    market.notice("ccgp:2", "failed", "2025-07-10", cancels=True, **SAME)
    market.notice("ccgp:3", "award", "2025-07-30", lot("80.00", "乙公司"), **SAME)
    assert story(market, tmp_path) == [
        ("2025-07-01", ["award"], ("active", ["甲公司"], Decimal("100.00"))),
        ("2025-07-10", ["awardCancellation"], ("cancelled", ["甲公司"], Decimal("100.00"))),
        ("2025-07-30", ["awardUpdate"], ("active", ["乙公司"], Decimal("80.00"))),
    ]


def test_a_winner_that_a_correction_replaces_is_cancelled_on_that_day(market: Market, tmp_path: Path) -> None:
    market.notice("ccgp:1", "award", "2025-07-01", lot("100.00", "甲公司"), **SAME)
    market.notice("ccgp:2", "correction", "2025-07-08", lot("95.00", "乙公司"), **SAME)
    assert story(market, tmp_path) == [
        ("2025-07-01", ["award"], ("active", ["甲公司"], Decimal("100.00"))),
        ("2025-07-08", ["awardCancellation", "awardUpdate"], ("cancelled", ["甲公司"], Decimal("100.00")),
         ("active", ["乙公司"], Decimal("95.00"))),
    ]  # fmt: skip


def test_a_winner_who_was_cancelled_and_wins_another_lot_anew_is_two_awards(market: Market, tmp_path: Path) -> None:
    lots = [lot("10.00", "甲公司", no=1, numbered=True), lot("20.00", "乙公司", no=2, numbered=True)]
    market.notice("ccgp:1", "award", "2025-07-01", *lots, **SAME)
    market.notice("ccgp:2", "failed", "2025-07-10", cancels=True, **SAME)
    again = [lot("30.00", "乙公司", no=1, numbered=True), lot("40.00", "丙公司", no=2, numbered=True)]
    market.notice("ccgp:3", "award", "2025-07-30", *again, **SAME)
    first, cancelled, last = story(market, tmp_path)
    assert [award[0] for award in first[2:]] == ["active", "active"]
    assert [award[0] for award in cancelled[2:]] == ["cancelled", "cancelled"]
    assert last[2:] == (("active", ["乙公司"], Decimal("30.00")), ("active", ["丙公司"], Decimal("40.00")))


def test_a_price_from_the_contract_is_told_with_the_contract_and_no_price_is_never_nought(
    market: Market, tmp_path: Path
) -> None:
    market.notice("ccgp:1", "award", "2025-07-01", lot(None, "甲公司"), **SAME)
    market.notice("ccgp:2", "contract", "2025-07-20", lot("66.00", "甲公司"), **SAME)
    assert story(market, tmp_path) == [
        ("2025-07-01", ["award"], ("active", ["甲公司"], None)),
        ("2025-07-20", ["awardUpdate", "contract"], ("active", ["甲公司"], Decimal("66.00"))),
    ]


def test_candidates_tender_and_only_the_first_of_them_is_to_be_awarded(market: Market, tmp_path: Path) -> None:
    market.notice("ccgp:1", "candidate", "2025-07-01", candidates(("甲公司", "90.00"), ("乙公司", "95.00")), **SAME)
    [release] = package(market, tmp_path)["releases"]
    [award] = release["awards"]
    assert (award["status"], [s["name"] for s in award["suppliers"]]) == ("pending", ["甲公司"])
    assert "value" not in award
    assert [t["name"] for t in release["tender"]["tenderers"]] == ["甲公司", "乙公司"]
    assert {p["name"]: p["roles"] for p in release["parties"]} == {
        SAME["buyer"]: ["buyer"], "甲公司": ["tenderer", "supplier"], "乙公司": ["tenderer"]
    }  # fmt: skip


def test_each_lot_is_an_award_and_says_what_it_is(market: Market, tmp_path: Path) -> None:
    made = package(full_market(market), tmp_path, since=date(2025, 7, 2), until=date(2025, 7, 2))
    [release] = made["releases"]
    assert [(x["id"], x["title"], x["status"]) for x in release["tender"]["lots"]] == [
        ("1", "算力", "complete"), ("2", "语料", "complete"), ("3", "装修", "complete")
    ]  # fmt: skip
    assert [(a["relatedLots"], a["title"], a.get("value", {}).get("amount"), counts(a)) for a in release["awards"]] == [
        (["1"], "算力", Decimal("300.00"), True), (["2"], "语料", None, True), (["3"], "装修", Decimal("500.50"), False)
    ]  # fmt: skip


def test_a_price_for_all_lots_together_is_one_award_over_them(market: Market, tmp_path: Path) -> None:
    lots = [
        lot(None, "甲公司", no=1, name="算力", numbered=True),
        lot(None, "乙公司", no=2, name="语料", numbered=True),
    ]
    market.notice("ccgp:1", "award", "2025-07-01", *lots, **SAME)
    market.notice("ggzy:2", "award", "2025-07-03", lot("250.00", "甲公司", "乙公司"), **SAME)
    assert market.only_award()["amount_yuan"] == Decimal("250.00")
    made = package(market, tmp_path)
    awards = {award["id"]: award for release in made["releases"] for award in release["awards"]}
    [award] = awards.values()
    assert (award["relatedLots"], award["value"]["amount"]) == (["1", "2"], Decimal("250.00"))
    assert [s["name"] for s in award["suppliers"]] == ["甲公司", "乙公司"]


def test_what_we_add_stands_in_fields_of_the_standard(market: Market, tmp_path: Path) -> None:
    made = package(full_market(market), tmp_path, until=date(2025, 7, 1))
    release = next(r for r in made["releases"] if r["tag"] == ["award"])
    [item] = release["awards"][0]["items"]
    assert item["classification"] == {"scheme": "CHN-TENDERS-TYPE", "id": "compute", "description": "算力"}
    assert {c["scheme"]: c["id"] for c in item["additionalClassifications"]} == {
        "CHN-TENDERS-SECTOR": "government", "CHN-TENDERS-SUBSECTOR": "justice_security", "CHN-TENDERS-DEFINITION": "market"
    }  # fmt: skip
    buyer, agency, *suppliers = release["parties"]
    assert buyer["address"] == {"region": "广东", "countryName": "中国"}
    assert (agency["name"], agency["roles"]) == ("某招标代理有限公司", ["procuringEntity"])
    assert release["tender"]["procuringEntity"]["id"] == agency["id"]
    assert [(s["name"], s["roles"]) for s in suppliers] == [("甲公司", ["supplier"]), ("乙公司", ["supplier"])]


def test_two_exports_are_equal_and_dated_by_the_data(market: Market, tmp_path: Path) -> None:
    full_market(market).publish()
    for name in ("one.json", "two.json"):
        ocds.write_file(market.con, tmp_path / name, Selection())
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    made = json.loads((tmp_path / "one.json").read_text("utf-8"))
    assert made["publishedDate"] == "2025-08-10T09:00:00+08:00"
    assert made["extensions"] == [ocds.LOTS_EXTENSION]
    ids = [release["id"] for release in made["releases"]]
    assert len(set(ids)) == len(ids)
    assert not [name for name in ids if "#" in name]
    for release in made["releases"]:
        assert datetime.fromisoformat(release["date"]).utcoffset().total_seconds() == 8 * 3600
        assert release["date"] <= made["publishedDate"]


def test_one_release_a_line_says_what_the_package_says(market: Market, tmp_path: Path) -> None:
    made = package(full_market(market), tmp_path, counted_only=True)
    ocds.write_file(market.con, tmp_path / "a.jsonl", Selection(counted_only=True), one_release_a_line=True)
    lines = (tmp_path / "a.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line, parse_float=Decimal) for line in lines] == made["releases"]
    statuses = {award["status"] for release in made["releases"] for award in release.get("awards", [])}
    assert statuses == {"active"}


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(market: Market, tmp_path: Path, words: str) -> None:
    market.notice("ccgp:1", "award", "2025-07-01", lot("1.00", f"甲{words}公司", name=words), number="ZB-2025-0001",
                  name=f"大模型{words}", buyer=f"{words}局", title=words, url=f"https://ccgp.example/{words[:99]}?a=%zz#b c",
                  agency=words)  # fmt: skip
    made = package(market, tmp_path)
    [release] = made["releases"]
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", json.dumps(release, ensure_ascii=False, default=str))
    url = release["awards"][0]["documents"][0]["url"]
    assert re.fullmatch(r"https://ccgp\.example/(%[0-9A-F]{2}|[!-$&-~])*\?a=%25zz#b%20c", url)
    assert urlsplit(url).hostname == "ccgp.example"
    assert "大模型" in release["tender"]["title"]


def test_a_folder_that_holds_other_things_is_left_alone_and_an_earlier_export_is_replaced(
    market: Market, tmp_path: Path
) -> None:
    full_market(market).publish()
    target = tmp_path / "ocds"
    ocds.write_folder(market.con, target, Selection())
    ocds.write_folder(market.con, target, Selection(since=date(2025, 8, 1)))
    assert [file.name for file in target.iterdir()] == ["2025-08.json"]
    (target / "mine.txt").write_text("precious")
    with pytest.raises(ValueError, match="other things"):
        ocds.write_folder(market.con, target, Selection())
    assert sorted(file.name for file in tmp_path.rglob("*.*")) == ["2025-08.json", "mine.txt"]


@pytest.mark.long
def test_the_ending_of_the_path_decides_what_the_command_writes(tmp_path: Path) -> None:
    capture(tmp_path / "a.jsonl", [notice_of(1), notice_of(2)])
    ingest_files([tmp_path / "a.jsonl"], tmp_path / "data")
    for name in ("one.json", "lines.jsonl", "months"):
        done = run("export", "--format", "ocds", "-o", tmp_path / name, "--data", tmp_path / "data")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    [month] = (tmp_path / "months").iterdir()
    assert month.name == "2026-07.json"
    releases = json.loads(month.read_text("utf-8"))["releases"]
    assert len(releases) == 2
    assert json.loads((tmp_path / "one.json").read_text("utf-8"))["releases"] == releases
    assert [json.loads(line) for line in (tmp_path / "lines.jsonl").read_text("utf-8").splitlines()] == releases


def test_nothing_chosen_is_an_empty_package(market: Market, tmp_path: Path) -> None:
    assert package(market, tmp_path)["releases"] == []


def test_the_address_of_a_notice_that_is_none_is_left_out(market: Market, tmp_path: Path) -> None:
    market.notice("ccgp:1", "award", "2025-07-01", lot("1.00", "甲公司"), url="没有地址", **SAME)
    [document] = package(market, tmp_path)["releases"][0]["awards"][0]["documents"]
    assert "url" not in document


def test_the_policy_names_the_prefix_and_every_scheme_and_code() -> None:
    policy = (ROOT / "docs" / "ocds.md").read_text("utf-8")
    schemes = [objects.TYPE_SCHEME, objects.SECTOR_SCHEME, objects.SUBSECTOR_SCHEME, objects.DEFINITION_SCHEME]
    for name in (
        f"{objects.PREFIX}-",
        *schemes,
        *terms.codes("project_type"),
        *terms.codes("sector"),
        "justice_security",
        objects.DEFINITION,
    ):
        assert f"`{name}`" in policy
    assert not re.fullmatch(r"ocds-[a-z0-9]{6}", objects.PREFIX)
