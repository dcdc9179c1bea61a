"""`evaluate --diff`: what today's words would change, shown without changing anything."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from analysis.quality import changes
from analysis.quality.changes import LISTED, Changes, compare
from analysis.quality.changes_text import line, render
from tenders.jobs.ingest import ingest_files
from tenders.jobs.reclassify import preview_reclassification, reclassify_store
from tenders.texts.translator import chinese
from tests.helpers.market import Market, lot
from tests.helpers.storing import award, capture, tenders
from tests.pipelines.classify.test_user_lexicon import cube_award, folder_files, write_words

pytestmark = pytest.mark.slow

_CUBE = '[[rule]]\nname = "magic-cube"\nfamily = "model"\nscore = 0.9\nwords = ["灵境魔方"]\n'


def published(folder: Path, name: str, *notices: dict[str, Any]) -> Path:
    """A database with the public tables of hand-made award notices; the same ``id`` is the same notice."""
    market = Market()
    for notice in notices:
        given = {"price": "1000000.00", "vendor": None, "on": "2025-07-01", **notice}
        own, price, vendor, on = (given.pop(key) for key in ("id", "price", "vendor", "on"))
        made = lot(price, "甲公司", vendors={"甲公司": vendor} if vendor else {})
        market.notice(f"a:{own}", "award", on, made, number=f"N-{own}", name=f"项目{own}", buyer="某局", **given)
    path = folder / f"{name}.duckdb"
    return market.publish().save(path)


def compared(folder: Path, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Changes:
    with duckdb.connect() as con:
        for name, notices in (("before", old), ("after", new)):
            con.execute(f"ATTACH '{published(folder, name, *notices)}' AS {name} (READ_ONLY)")
        return compare(con)


@pytest.mark.long
def test_each_kind_of_change_is_counted_and_each_notice_listed_with_what_decides_now(tmp_path: Path) -> None:
    evidence = {
        "is_large_model": ["魔方"],
        "rule:is_large_model": ["cube"],
        "sector": ["某局"],
        "rule:sector": ["buyer:x"],
    }
    why = orjson.dumps(evidence)
    old: list[dict[str, Any]] = [{"id": n} for n in range(1, 8)]
    new: list[dict[str, Any]] = [{"id": n} for n in range(1, 8)]
    old[0] |= {"large": False}
    new[0] |= {"evidence": why.decode()}
    new[1] |= {"large": False}
    new[2] |= {"sector": "finance", "subsector": "insured", "evidence": why.decode()}
    new[3] |= {"province": "广东", "buyer_kind": "local_soe"}
    new[4] |= {"project_type": "data", "vendor": "华为"}
    new[5] |= {"relevance": 0.7}
    found = compared(tmp_path, old, new)
    assert found.kinds == {
        "large_model_now": 1, "large_model_no_longer": 1, "project_type": 3, "sector": 1, "subsector": 1, "province": 1,
        "vendor": 1, "buyer_kind": 1, "relevance": 1,
    }  # fmt: skip
    assert (found.stored, found.notices, len(found.listed)) == (7, 5, 5)
    assert [row["notice_key"] for row in found.listed] == ["a:1", "a:2", "a:3", "a:4", "a:5"], "what counts comes first"
    [first, *_] = found.listed[0]["changes"]
    assert first == {"field": "is_large_model", "before": False, "after": True, "words": ["魔方"], "rules": ["cube"]}
    rules = [change["rules"] for change in found.listed[2]["changes"]]
    assert rules == [["buyer:x"], ["buyer:x"]], "the sector's words decide the subsector too"
    assert found.listed[4]["changes"][1] == {
        "field": "vendor", "before": None, "after": "华为", "words": ["甲公司"], "rules": []
    }  # fmt: skip
    text = render(found)
    decided = "about large models: no → yes  from 魔方 (rules: cube)"
    for said in ("5 of 7 notices", "about large models now", decided, "relevance alone"):
        assert said in text


@pytest.mark.long
def test_awards_and_months_are_compared_by_the_definition_market(tmp_path: Path) -> None:
    june, other = {"id": 3, "on": "2025-06-01"}, {"id": 4, "large": False}
    old: list[dict[str, Any]] = [{"id": 1}, {"id": 2, "large": False}, june, other]
    new: list[dict[str, Any]] = [{"id": 1}, {"id": 2, "price": "3000000.00"}, june, other | {"sector": "energy"}]
    found = compared(tmp_path, old, new)
    assert (found.awards, found.award_kinds["counts_now"], found.award_kinds["counts_no_longer"]) == (2, 1, 0)
    assert [row["project_name"] for row in found.awards_listed] == ["项目2", "项目4"]
    assert {"field": "counts", "before": False, "after": True} in found.awards_listed[0]["changes"]
    one = {"awards": 1, "disclosed": 1, "amount_yuan": "1000000.00"}
    assert found.months == [
        {"month": "2025-06", "before": one, "after": one},
        {"month": "2025-07", "before": one, "after": {"awards": 2, "disclosed": 2, "amount_yuan": "4000000.00"}},
    ]
    assert line(found) == "2 notices and 2 awards changed; market: 2025-07 1 (0.01 亿) → 2 (0.04 亿)"
    assert "1 more months stay as they are" in render(found)
    shown = chinese().report(render(found, language="zh"))
    assert "行业：政务 → 能源" in shown
    shown = re.sub(r"\baw[0-9a-f]{16}\b", "", shown)  # keys of awards
    assert set(re.findall("[a-z]{3,}", shown)) <= {"ccgp", "tenders", "rebuild", "classify", "only"}
    (tmp_path / "back").mkdir()
    back = compared(tmp_path / "back", new, old)
    assert (back.award_kinds["counts_now"], back.award_kinds["counts_no_longer"]) == (0, 1)


def test_where_nothing_changes_it_says_so(tmp_path: Path) -> None:
    found = compared(tmp_path, [{"id": 1}], [{"id": 1, "relevance": 0.6}])
    assert (found.notices, found.awards, line(found)) == (0, 0, "nothing changed")
    assert render(found).startswith("Nothing would change: all 1 notices are")
    assert "relevance of 1 would be another" in render(found)


@pytest.mark.long
def test_long_lists_are_cut_and_say_how_much_is_left_out(tmp_path: Path) -> None:
    count = 25
    found = compared(tmp_path, [{"id": n} for n in range(count)], [{"id": n, "province": "广东"} for n in range(count)])
    assert f"… and 5 more: --format json lists {count} of them" in render(found)
    told = orjson.loads(render(found, form="json"))
    assert (told["notices"]["changed"], len(told["notices"]["listed"]), told["notices"]["left_out"]) == (
        count,
        count,
        0,
    )
    assert count < LISTED


def test_the_json_list_is_cut_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_FIRST_NOTICES", changes._FIRST_NOTICES.replace(f"LIMIT {LISTED}", "LIMIT 2"))
    found = compared(tmp_path, [{"id": n} for n in range(3)], [{"id": n, "province": "广东"} for n in range(3)])
    assert orjson.loads(render(found, form="json"))["notices"]["left_out"] == 1


@pytest.mark.long
def test_a_hostile_title_moves_no_cursor(tmp_path: Path) -> None:
    found = compared(tmp_path, [{"id": 1, "title": "\x1b[2J"}], [{"id": 1, "title": "\x1b[2J", "province": "广东"}])
    assert "\x1b" not in render(found)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose words have changed since: a new rule, and a shipped word taken out. Tests change nothing in it."""
    data = tmp_path_factory.mktemp("world") / "data"
    ingest_files([capture(data.parent / "a.jsonl", [cube_award(1), cube_award(2), award(3), award(4)])], data)
    write_words(data, relevance=_CUBE + '[[rule]]\nname = "large-model"\nwithout = ["大模型"]\n')
    return data


@pytest.mark.long
def test_the_diff_changes_nothing_and_what_it_shows_is_what_classifying_anew_does(world: Path, tmp_path: Path) -> None:
    before = folder_files(world)
    told = tenders("evaluate", "--diff", "--format", "json", "-o", tmp_path / "diff.json", "--data", world)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    assert folder_files(world) == before
    assert not (world / "private" / "preview").exists()
    said = orjson.loads((tmp_path / "diff.json").read_bytes())
    assert (said["notices"]["kinds"]["large_model_now"], said["notices"]["kinds"]["large_model_no_longer"]) == (2, 2)
    assert said["months"] == [{
        "month": "2026-07",
        "before": {"awards": 2, "disclosed": 2, "amount_yuan": "280000.00"},
        "after": {"awards": 2, "disclosed": 2, "amount_yuan": "240000.00"},
    }]  # fmt: skip
    copy = tmp_path / "copy"
    for name, content in before.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
    done = reclassify_store(copy)
    assert (done.notices, done.changes.kinds, done.changes.months) == (4, said["notices"]["kinds"], said["months"])
    with duckdb.connect(str(copy / "tenders.duckdb"), read_only=True) as con:
        assert con.execute("SELECT awards, amount_yuan FROM monthly").fetchall() == [(2, Decimal("240000.00"))]
    assert reclassify_store(copy).changes.notices == 0


@pytest.mark.long
def test_the_draft_is_dropped_when_something_breaks(world: Path) -> None:
    before = folder_files(world)

    def break_in_the_middle() -> None:
        with preview_reclassification(world):
            assert (world / "private" / "preview" / "store.duckdb").exists()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_in_the_middle()
    assert folder_files(world) == before


@pytest.mark.long
def test_labels_say_what_is_won_and_lost(world: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    rows = [
        {"url": cube_award(n)["url"], "is_large_model": True, "confidence": "high", "kind": "award"} for n in (1, 3)
    ]
    labels.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    said = orjson.loads(tenders("evaluate", "--diff", labels, "--format", "json", "--data", world).stdout)["labels"]
    assert (said["labels"], said["matched"]) == (2, 2)
    assert said["fields"]["is_large_model"]["recall"] == {"before": 0.5, "after": 0.5}
    assert [(row["url"], row["before"], row["after"]) for row in said["won"]] == [(cube_award(1)["url"], "—", "yes")]
    assert [(row["url"], row["before"], row["after"]) for row in said["lost"]] == [(award(3)["url"], "yes", "—")]
    text = tenders("evaluate", "--diff", labels, "--data", world).stdout
    assert "labels won: 1" in text
    assert "labels lost: 1" in text


def test_labels_may_be_left_out_only_with_diff(world: Path, tmp_path: Path) -> None:
    none = tmp_path / "none.jsonl"
    both: list[str | Path] = ["--diff", "--facts"]
    for arguments, told in (([], "--diff"), (both, "use one"), (["--diff", none], "none.jsonl")):
        done = tenders("evaluate", *arguments, "--data", world)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert told in done.stderr
    done = tenders("evaluate", "--diff", "--data", tmp_path / "empty")
    assert (done.returncode, "tenders ingest" in done.stderr) == (2, True)
    assert not (tmp_path / "empty").exists()
