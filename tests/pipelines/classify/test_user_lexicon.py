"""A user's own words: every command merges them into the shipped ones, and mistakes are reported in one line."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.classify.lexicon import lexicon_of, using
from pipelines.classify.project_type import project_type_of
from pipelines.classify.relevance import relevance_of
from pipelines.classify.sector import sector_of
from pipelines.classify.vendors import vendor_of
from pipelines.common.validation import InvalidDataError
from tenders.crawling.request import CrawlRequest
from tenders.jobs.crawl import crawl_portals
from tenders.jobs.ingest import ingest_files
from tenders.jobs.rebuild import rebuild_store
from tenders.jobs.reclassify import reclassify_store
from tests.helpers.list_server import LOCAL_AWARDS, ListServer, serving
from tests.helpers.storing import award, capture, tenders
from tests.paths import ROOT

_ROOT = ROOT
_CUBE = '[[rule]]\nname = "magic-cube"\nfamily = "model"\nscore = 0.9\nwords = ["灵境魔方"]\n'


def write_words(data: Path, **files: str) -> Path:
    """Write the user's lexicon files and return their folder."""
    folder = data / "lexicon"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def cube_award(number: int) -> dict[str, Any]:
    """Return an award that no shipped word matches."""
    return {key: str(value).replace("大模型教学平台", "灵境魔方设备") for key, value in award(number).items()}


def published_relevance(data: Path) -> list[tuple[Any, ...]]:
    """Return the published relevance of the notices: large model, score and first rule, each once."""
    columns = "is_large_model, relevance, evidence->>'$.\"rule:is_large_model\"[0]'"
    with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
        return con.execute(f"SELECT DISTINCT {columns} FROM notices ORDER BY ALL").fetchall()


def folder_files(data: Path) -> dict[str, bytes]:
    """Return every file of a folder except the lock."""
    return {str(p.relative_to(data)): p.read_bytes() for p in data.rglob("*") if p.is_file() and p.suffix != ".lock"}


class TestWhatTheWordsDo:
    def test_a_new_rule_classifies_and_reports_its_name(self, tmp_path: Path) -> None:
        with using(lexicon_of(write_words(tmp_path, relevance=_CUBE))):
            assert relevance_of("灵境魔方设备").rules == ("magic-cube",)
            assert relevance_of("大模型平台").rules == ("large-model",), "the shipped words stand beside it"
        assert relevance_of("灵境魔方设备").score == 0

    def test_a_row_with_a_known_name_adds_words_replaces_the_score_and_removes_words(self, tmp_path: Path) -> None:
        changed = '[[rule]]\nname = "agent"\nscore = 0.7\nwords = ["灵境魔方"]\nwithout = ["AI Agent"]\n'
        with using(lexicon_of(write_words(tmp_path, relevance=changed))):
            assert [relevance_of(text).score for text in ("智能体", "灵境魔方", "AI Agent")] == [0.7, 0.7, 0.25]
        assert [relevance_of(text).score for text in ("智能体", "灵境魔方", "AI Agent")] == [0.95, 0, 0.95]

    def test_unnamed_tables_and_single_values_are_merged_too(self, tmp_path: Path) -> None:
        text = 'counts = 0.3\n[body]\nscore = 0.6\ngate = ["灵境魔方"]\nwithout = ["训推"]\n'
        lexicon = lexicon_of(
            write_words(tmp_path, relevance=text, sectors='company_words = ["工坊$"]\nwithout = ["超市"]\n')
        )
        assert lexicon.relevance.counts == 0.3
        body = lexicon.relevance.body
        assert (body.score, body.times) == (0.6, 2)
        assert ["灵境魔方" in body.gate, "训推" in body.gate, "大模型" in body.gate] == [True, False, True]
        assert "工坊$" in lexicon.sectors.company_words
        assert "超市" not in lexicon.sectors.company_words

    def test_new_pairs_and_vetoes_can_use_groups_of_both_files(self, tmp_path: Path) -> None:
        text = (
            '[[group]]\nname = "cube"\nwords = ["魔方"]\n'
            '[[pair]]\nname = "ai-cube"\nfamily = "model"\nfirst = "ai"\nsecond = "cube"\nwithin = 4\nscore = 0.8\n'
            '[[veto]]\nname = "toys"\ncancels = ["model"]\nleaves = 0.1\nwords = ["玩具"]\n'
        )
        with using(lexicon_of(write_words(tmp_path, relevance=text))):
            assert relevance_of("AI智能魔方").score == 0.8
            assert relevance_of("AI智能魔方玩具").rules[-1] == "not:toys"
            assert relevance_of("大模型玩具").score == 0.1

    def test_a_new_sector_rule_comes_first_and_a_known_one_keeps_its_place(self, tmp_path: Path) -> None:
        new = '[[rule]]\nname = "our-hospitals"\nof = "any"\nsector = "finance"\nsubsector = "insured"\nwords = ["示例医院"]\n'
        with using(lexicon_of(write_words(tmp_path, sectors=new))):
            assert sector_of("甲市示例医院")[:2] == ("finance", "insured")  # type: ignore[index]
            assert sector_of("甲市人民医院")[0] == "healthcare"  # type: ignore[index]
        known = '[[rule]]\nname = "finance-body"\nwords = ["示例医院"]\n'
        with using(lexicon_of(write_words(tmp_path, sectors=known))):
            assert sector_of("甲市示例医院")[0] == "healthcare"  # type: ignore[index]

    def test_a_subsidiary_joins_its_group_and_a_new_group_takes_its_names(self, tmp_path: Path) -> None:
        member = (
            '[[member]]\ngroup = "华为"\nname = "示例云启"\nway = "has"\nrelation = "subsidiary"\nsource = "年报 2025"\n'
            '[[group]]\nname = "示例"\nhas = ["示例科技"]\n'
        )
        with using(lexicon_of(write_words(tmp_path, vendors=member))):
            assert [vendor_of(name) for name in ("北京示例云启技术有限公司", "示例科技有限公司")] == ["华为", "示例"]
        assert [vendor_of(name) for name in ("北京示例云启技术有限公司", "示例科技有限公司")] == [None, None]

    def test_a_type_rule_sets_the_project_type(self, tmp_path: Path) -> None:
        text = '[[rule]]\nname = "cube-is-data"\ntype = "data"\nweight = 9.0\nwords = ["魔方"]\n'
        with using(lexicon_of(write_words(tmp_path, project_types=text))):
            assert project_type_of([("大模型魔方一体机", 1.0)])[0] == "data"  # type: ignore[index]

    def test_a_file_from_a_windows_editor_is_read(self, tmp_path: Path) -> None:
        (write_words(tmp_path) / "relevance.toml").write_bytes(b"\xef\xbb\xbf" + _CUBE.replace("\n", "\r\n").encode())
        assert "magic-cube" in {rule.name for rule in lexicon_of(tmp_path / "lexicon").relevance.rules}

    def test_a_folder_without_words_has_the_shipped_lexicon_and_its_digest(self, tmp_path: Path) -> None:
        shipped = lexicon_of(tmp_path / "none")
        assert lexicon_of(write_words(tmp_path)).digest == shipped.digest
        one = lexicon_of(write_words(tmp_path, relevance=_CUBE)).digest
        assert one != shipped.digest
        assert lexicon_of(write_words(tmp_path, relevance="# a remark\n" + _CUBE)).digest == one


_PAIR = '[[pair]]\nname = "p"\nfamily = "model"\nfirst = "ai"\nsecond = "cubes"\nwithin = 3\nscore = 0.9\n'
_MEMBER = '[[member]]\ngroup = "无"\nname = "甲"\nway = "has"\nrelation = "brand"\nsource = "年报"\n'
# What is wrong: the file, its text, and facts that the message must tell.
_WRONG = {
    "no TOML": ("relevance", "[[rule]\n", ["not TOML"]),
    "a table nobody knows": ("relevance", "[[rules]]\nname = 'x'\n", ["rules", "unknown key", "did you mean rule?"]),
    "a key nobody knows": (
        "relevance",
        '[[rule]]\nname = "agent"\nscor = 0.9\n',
        ["[[rule]] 'agent'", "scor: unknown key", "did you mean score?"],
    ),
    "a row without a name": ("relevance", _CUBE.replace('name = "magic-cube"\n', ""), ["[[rule]]", "number 1", "name"]),
    "a word instead of a list": (
        "relevance",
        _CUBE.replace('["灵境魔方"]', '"灵境魔方"'),
        ["[[rule]] 'magic-cube'", "words", "write a list"],
    ),
    "a sign instead of a word": (
        "sectors",
        '[[rule]]\nname = "finance-body"\nwords = ["^"]\n',
        ["[[rule]] 'finance-body'", "words", "'^' is no word"],
    ),
    "a text instead of a number": ("relevance", _CUBE.replace("0.9", '"0.9"'), ["'magic-cube'", "score", "number"]),
    "a number out of range": ("relevance", _CUBE.replace("0.9", "1.5"), ["'magic-cube'", "score", "1.5", "at most 1"]),
    "no number": ("relevance", _CUBE.replace("0.9", "nan"), ["'magic-cube'", "score", "nan"]),
    "half a number": ("relevance", "[body]\ntimes = 1.5\n", ["body.times", "1.5", "whole number"]),
    "a number instead of a text": ("relevance", _CUBE.replace('"model"', "1"), ["family", "model, goods"]),
    "a family nobody knows": ("relevance", _CUBE.replace('"model"', '"modle"'), ["family", "'modle'", "model, goods"]),
    "a group that is missing": ("relevance", _PAIR, ["[[pair]] 'p'", "second", "[[group]]", "'cubes'"]),
    "a veto of nothing": (
        "relevance",
        '[[veto]]\nname = "v"\ncancels = ["all"]\nleaves = 0.1\nwords = ["甲"]\n',
        ["[[veto]] 'v'", "cancels", "'all'"],
    ),
    "a new row without words": (
        "relevance",
        _CUBE.replace('words = ["灵境魔方"]\n', ""),
        ["[[rule]] 'magic-cube'", "is new", "words"],
    ),
    "a mistyped key of a new row": (
        "relevance",
        _CUBE.replace("words =", "wrds ="),
        ["[[rule]] 'magic-cube'", "wrds", "unknown key", "did you mean words?"],
    ),
    "a name that is a number": (
        "relevance",
        "[[rule]]\nname = 5\n",
        ["[[rule]]", "number 1", "5 is not text", "quotes"],
    ),
    "a new row with an empty list": ("relevance", _CUBE.replace('"灵境魔方"', ""), ["is new", "words"]),
    "a mistyped name of a shipped row": (
        "relevance",
        '[[rule]]\nname = "large-modle"\nwords = ["甲"]\n',
        ["'large-modle'", "is new", "family, score", "'large-model'"],
    ),
    "one row in two": ("relevance", _CUBE + _CUBE, ["[[rule]] 'magic-cube'", "twice"]),
    "words taken out of a new row": ("relevance", _CUBE + 'without = ["灵境魔方"]\n', ["'magic-cube'", "without"]),
    "a word taken out that is not there": (
        "relevance",
        '[[rule]]\nname = "agent"\nwithout = ["智能休"]\n',
        ["[[rule]] 'agent'", "without", "'智能休'"],
    ),
    "without as a text": ("relevance", '[[rule]]\nname = "agent"\nwithout = "智能体"\n', ["without", "list of words"]),
    "a number instead of a table": ("relevance", "body = 1\n", ["body", "write it as [body]"]),
    "one bracket instead of two": ("relevance", "[rule]\nname = 'x'\n", ["rule", "write each row as [[rule]]"]),
    "words instead of rows": ("relevance", 'rule = ["x"]\n', ["[[rule]]", "number 1", "table"]),
    "a type nobody knows": (
        "project_types",
        '[[rule]]\nname = "t"\ntype = "toys"\nweight = 1.0\nwords = ["甲"]\n',
        ["[[rule]] 't'", "type", "'toys'", "compute, application, model or data"],
    ),
    "a sector nobody knows": (
        "sectors",
        '[[rule]]\nname = "s"\nof = "any"\nsector = "school"\nwords = ["甲"]\n',
        ["[[rule]] 's'", "sector", "'school'", "education_research"],
    ),
    "a kind of name nobody knows": (
        "sectors",
        '[[rule]]\nname = "s"\nof = "all"\nsector = "other"\nwords = ["甲"]\n',
        ["[[rule]] 's'", "of", "'all'", "company, body or any"],
    ),
    "a vendor group that is missing": ("vendors", _MEMBER, ["[[member]] '甲'", "[[group]]", "'无'"]),
    "a name of two groups": (
        "vendors",
        '[[group]]\nname = "我的"\nhas = ["阿里巴巴"]\n',
        ["'阿里巴巴'", "'我的'", "'阿里'"],
    ),
    "a file of no use": ("relevence", _CUBE, ["no lexicon file", "relevance.toml"]),
}


@pytest.mark.parametrize(("name", "text", "facts"), _WRONG.values(), ids=_WRONG)
def test_a_mistake_is_reported_in_one_line_with_the_file_and_a_remedy(
    name: str, text: str, facts: list[str], tmp_path: Path
) -> None:
    with pytest.raises(InvalidDataError) as caught:
        lexicon_of(write_words(tmp_path, **{name: text}))
    message = str(caught.value)
    assert message.startswith(str(tmp_path / "lexicon" / f"{name}.toml"))
    assert [fact for fact in facts if fact not in message] == [], message
    assert "\n" not in message


def test_the_wording_of_a_mistake(tmp_path: Path) -> None:
    text = '[[rule]]\nname = "agent"\nscore = "high"\n'
    with pytest.raises(InvalidDataError) as caught:
        lexicon_of(write_words(tmp_path, relevance=text))
    place = f"{tmp_path / 'lexicon' / 'relevance.toml'}: [[rule]] 'agent': score"
    assert str(caught.value) == f"{place}: 'high' is not allowed; write a number"


def test_a_file_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    (write_words(tmp_path) / "vendors.toml").write_bytes('[[group]]\nname = "甲"\n'.encode("gb18030"))
    with pytest.raises(InvalidDataError, match="not UTF-8"):
        lexicon_of(tmp_path / "lexicon")


@pytest.mark.long
def test_every_classifying_command_rejects_wrong_words_and_changes_nothing(tmp_path: Path) -> None:
    data, source = tmp_path / "data", capture(tmp_path / "a.jsonl", [award(1)])
    ingest_files([source], data)
    more = capture(tmp_path / "b.jsonl", [award(2)])
    write_words(data, relevance="[[rule]\n")
    before = folder_files(data)
    commands: list[list[str | Path]] = [
        ["ingest", more], ["rebuild"], ["rebuild", "--classify-only"], ["evaluate", "--diff"],
        ["crawl", "ccgp", "--origin", "http://127.0.0.1:9"],
    ]  # fmt: skip
    for command in commands:
        done = tenders(*command, "--data", data)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
        assert "lexicon/relevance.toml" in done.stderr
        assert folder_files(data) == before, command
    assert tenders("status", "--data", data).returncode == 1
    assert tenders("summary", "--month", "2026-07", "--data", data).returncode == 0, "what is stored can still be asked"


@pytest.mark.slow
class TestTheCommandsUseThem:
    def test_pages_read_by_worker_processes_are_classified_with_the_users_words(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        write_words(data, relevance=_CUBE)
        ingest_files([capture(tmp_path / "a.jsonl", [cube_award(n) for n in range(40)])], data)  # two batches
        assert published_relevance(data) == [(True, 0.9, "magic-cube")]

    @pytest.mark.long
    def test_rebuilding_and_reclassifying_use_the_current_words(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        ingest_files([capture(tmp_path / "a.jsonl", [cube_award(n) for n in range(3)])], data)
        assert published_relevance(data) == [(False, 0.0, None)]
        write_words(data, relevance=_CUBE)
        done = tenders("rebuild", "--classify-only", "--data", data)
        assert done.stderr.startswith(
            "3 notices classified again: 3 notices and 3 awards changed; market: 2026-07 0 (— 亿) → 3 ("
        )
        assert published_relevance(data) == [(True, 0.9, "magic-cube")]
        write_words(data, relevance=_CUBE.replace("0.9", "0.8"))
        rebuild_store(data)
        assert published_relevance(data) == [(True, 0.8, "magic-cube")]

    @pytest.mark.long
    def test_one_process_with_two_data_folders_keeps_their_words_separate(self, tmp_path: Path) -> None:
        one, other = tmp_path / "one", tmp_path / "other"
        write_words(one, relevance=_CUBE, vendors='[[group]]\nname = "示例"\nhas = ["某市甲"]\n')
        for number in range(2):
            for data in (one, other):
                ingest_files([capture(tmp_path / f"{number}.jsonl", [cube_award(number)])], data)
        reclassify_store(one)
        reclassify_store(other)
        assert (published_relevance(one), published_relevance(other)) == (
            [(True, 0.9, "magic-cube")],
            [(False, 0.0, None)],
        )
        for data, vendor in ((one, "示例"), (other, None)):
            with duckdb.connect(str(data / "tenders.duckdb"), read_only=True) as con:
                assert con.execute("SELECT DISTINCT vendor FROM winners").fetchall() == [(vendor,)]
        assert relevance_of("灵境魔方").score == 0, "outside of both the shipped words hold"

    @pytest.mark.long
    def test_scrapy_crawl_and_tenders_crawl_use_the_users_words(self, tmp_path: Path) -> None:
        text = _CUBE.replace("灵境魔方", "号采购项目")
        with serving(ListServer()) as server:
            server.fill(LOCAL_AWARDS, 3, day="2026-08-04")
            write_words(tmp_path / "scrapy", relevance=text)
            days = ["-a", "since=2026-08-04", "-a", "until=2026-08-04", "-a", f"origin={server.origin}"]
            done = subprocess.run(
                [sys.executable, "-m", "scrapy", "crawl", "ccgp", *days],
                cwd=_ROOT, env={**os.environ, "TENDERS_DATA": str(tmp_path / "scrapy")}, capture_output=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            write_words(tmp_path / "ours", relevance=text)
            crawl_portals([CrawlRequest(portal="ccgp", origin=server.origin)], data_dir=tmp_path / "ours")
        for name in ("scrapy", "ours"):
            assert published_relevance(tmp_path / name) == [(True, 0.9, "magic-cube")], name

    def test_explain_names_the_users_rule(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        write_words(data, relevance=_CUBE)
        ingest_files([capture(tmp_path / "a.jsonl", [cube_award(1)])], data)
        said = tenders("explain", cube_award(1)["url"], "--data", data).stdout
        assert "灵境魔方" in said
        assert "magic-cube" in said

    @pytest.mark.long
    def test_status_reports_changed_words_until_they_are_applied(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        ingest_files([capture(tmp_path / "a.jsonl", [cube_award(1), cube_award(2)])], data)
        assert "the words have changed" not in tenders("status", "--data", data).stdout
        write_words(data, relevance=_CUBE)
        # What is read from now on has the new words already.
        ingest_files([capture(tmp_path / "b.jsonl", [cube_award(3)])], data)
        told = tenders("status", "--data", data)
        assert told.returncode == 0
        assert "the words have changed since 2 notices were classified" in told.stdout
        reclassify_store(data)
        assert "the words have changed" not in tenders("status", "--data", data).stdout


@pytest.mark.long
def test_the_examples_of_the_definition_page_work(own_demo: Path) -> None:
    """The files that docs/definition.md shows are written as they stand, its commands run, and they say what it says."""
    section = (_ROOT / "docs/definition.md").read_text("utf-8").split("## Changing it")[1].split("\n## ")[0]
    blocks = re.findall(r"```(\w*)\n(.*?)```", section, re.DOTALL)
    written = [text for kind, text in blocks if kind == "toml"]
    assert len(written) >= 3
    for text in written:
        path = own_demo / text.split()[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    commands = [command for kind, text in blocks if kind == "sh" for command in text.splitlines()]
    assert any("--diff" in command for command in commands)
    said = ""
    for command in commands:
        done = tenders(*shlex.split(command)[1:], cwd=own_demo)
        assert done.returncode == 0, (command, done.stderr)
        said += done.stdout + done.stderr
    shown = [line for kind, text in blocks if not kind for line in text.splitlines()]
    assert shown
    for line in shown:
        assert line in said, line
