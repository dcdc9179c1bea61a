"""Wrong files of five kinds: each is one clear line that names the file, the key, and what to write instead."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pipelines.common.validation import InvalidDataError
from tenders import cli, portals
from tests.paths import ROOT

PORTAL = (ROOT / "tenders" / "portals" / "szggzy.toml").read_text("utf-8")
DEFINITION = """
name = "mine"
title_zh = "我的口径"
title_en = "mine"
description = "One price above zero."

[where]
statuses = ["awarded"]
"""
LABEL = '{"title": "大模型平台中标公告", "is_large_model": true, "confidence": "high"}\n'

BOM = b"\xef\xbb\xbf"


class Wrong(NamedTuple):
    """A file, and the words that the message about it must have."""

    name: str
    content: str | bytes
    words: tuple[str, ...]


def label(keys: str) -> str:
    """Return a label file whose second line has a mistake."""
    return LABEL + '{"title": "智能体采购", ' + keys + "}\n"


def portal(old: str, new: str) -> str:
    """Return a portal descriptor with a mistake."""
    assert old in PORTAL
    return PORTAL.replace(old, new, 1)


WRONG_FILES = [
    # Portal descriptors.
    Wrong("portals/szggzy.toml", portal("crawl = true", "crawls = true"), ("crawls", "unknown key", "crawl?")),
    Wrong("portals/szggzy.toml", portal("page_size = 50", 'page_size = "fifty"'), ("page_size", "whole number")),
    Wrong("portals/szggzy.toml", portal('lists = "dated"', 'lists = "daily"'), ("lists", "'daily'", "newest", "dated")),
    Wrong("portals/szggzy.toml", portal('mode = "full"', 'mode = "ful"'), ("mode", "'ful'", "full")),
    Wrong("portals/szggzy.toml", portal('title = "深圳公共资源交易中心"\n', ""), ("title", "missing", "add title")),
    Wrong("portals/szggzy.toml", portal("page_size = 50", "page_size ="), ("not TOML", "line")),
    Wrong("portals/szggzy.toml", PORTAL.encode("gb18030"), ("not UTF-8", "save the file as UTF-8")),
    Wrong("portals/shenzhen.toml", PORTAL, ("name", "'szggzy'", "write shenzhen")),
    # tenders.toml.
    Wrong("tenders.toml", "[schedul]\n", ("schedul", "unknown key", "schedule?")),
    Wrong("tenders.toml", '[schedule]\nenabled = "no"\n', ("schedule.enabled", "'no'", "true or false")),
    Wrong("tenders.toml", "[schedule]\nwindow_days = 0\n", ("schedule.window_days", "0", "at least 1")),
    Wrong("tenders.toml", '[schedule]\nkeywords = "大模型"\n', ("schedule.keywords", "list in brackets")),
    Wrong("tenders.toml", '[schedule]\ncron = "daily"\n', ("schedule.cron", "daily")),
    Wrong("tenders.toml", "[portals.ccpg]\n", ("portals.ccpg", "unknown portal", "ccgp?")),
    Wrong("tenders.toml", '[announce]\nmin_amount = "1m"\n', ("announce.min_amount", "'1m'", "amount in yuan")),
    Wrong("tenders.toml", "[schedule\n", ("not TOML", "line 1")),
    Wrong("tenders.toml", 'contact = "电话"\n'.encode("gb18030"), ("not UTF-8", "save the file as UTF-8")),
    # Definitions.
    Wrong("definitions/mine.toml", DEFINITION.replace("statuses", "status"), ("where.status", "statuses")),
    Wrong("definitions/mine.toml", DEFINITION + "large_model = 1\n", ("where.large_model", "true or false")),
    Wrong("definitions/mine.toml", DEFINITION.replace("awarded", "won"), ("where.statuses[1]", "'won'", "awarded")),
    Wrong("definitions/mine.toml", DEFINITION + "min_relevance = 2.5\n", ("where.min_relevance", "at most 1")),
    Wrong("definitions/mine.toml", DEFINITION.split("[where]")[0], ("where", "missing", "[where]")),
    Wrong("definitions/mine.toml", DEFINITION.replace('"mine"', '"yours"', 1), ("name", "'yours'", "write mine")),
    Wrong("definitions/mine.toml", DEFINITION + "[where]\n", ("not TOML", "line")),
    Wrong("definitions/mine.toml", DEFINITION.encode("utf-16"), ("not UTF-8", "save the file as UTF-8")),
    # Lexicon files of a user.
    Wrong("lexicon/relevence.toml", "", ("relevance.toml", "call it")),
    Wrong("lexicon/relevance.toml", '[[rules]]\nname = "x"\n', ("rules", "unknown key", "rule?")),
    Wrong("lexicon/relevance.toml", '[[rule]]\nname = "large-model"\nscore = 2\n', ("large-model", "score", "at most 1")),
    Wrong("lexicon/project_types.toml", '[[rule]]\nname = "data-work"\ntype = "dat"\n', ("data-work", "type", "data")),
    Wrong("lexicon/sectors.toml", '[[rule]]\nwords = ["馆"]\n', ("[[rule]]", "number 1", "no name", "add the name")),
    Wrong("lexicon/buyer_kinds.toml", '[[rule]]\nname = "mine"\nwords = ["馆"]\n', ("'mine'", "kind", "add")),
    Wrong("lexicon/vendors.toml", '[[group]]\nname = "科大讯飞"\nstarts = "讯飞"\n', ("科大讯飞", "starts", "list")),
    Wrong("lexicon/vendors.toml", '[[group]]\nname = "科大讯飞"\nwithout = ["飞讯"]\n', ("科大讯飞", "'飞讯'", "exactly")),
    Wrong("lexicon/sectors.toml", 'company_words = ["公司"\n', ("not TOML", "array", "correct it")),
    Wrong("lexicon/buyer_kinds.toml", '# 央企\n'.encode("gb18030"), ("not UTF-8", "save the file as UTF-8")),
    # Label files.
    Wrong("labels.jsonl", label('"is_large_modell": true'), ("line 2", "is_large_modell", "is_large_model?")),
    Wrong("labels.jsonl", label('"is_large_model": "yes"'), ("line 2", "is_large_model", "'yes'", "true or false")),
    Wrong("labels.jsonl", label('"suppliers": "甲公司"'), ("line 2", "suppliers", "list in brackets")),
    Wrong("labels.jsonl", label('"sector": "gardening"'), ("line 2", "sector", "'gardening'", "government")),
    Wrong("labels.jsonl", label('"project_type": ["app"]'), ("line 2", "project_type[1]", "'app'", "application")),
    Wrong("labels.jsonl", label('"confidence": "sure"'), ("line 2", "confidence", "'sure'", "high", "low")),
    Wrong("labels.jsonl", label('"published_on": "soon"'), ("line 2", "published_on", "'soon'", "2026-08-01")),
    Wrong("labels.jsonl", label('"lots": [{"price": 5}]'), ("line 2", "lots[1].price", "unknown key")),
    Wrong("labels.jsonl", label('"lots": [{"amount_yuan": "5万"}]'), ("line 2", "lots[1].amount_yuan", "'5万'", "yuan")),
    Wrong("labels.jsonl", LABEL + '{"is_large_model": true}\n', ("line 2", "names no notice", "add url")),
    Wrong("labels.jsonl", LABEL + '{"title": "大模型"\n', ("line 2", "JSON object", "per line")),
    Wrong("labels.jsonl", LABEL + '["大模型"]\n', ("line 2", "JSON object", "per line")),
    Wrong("labels.jsonl", LABEL.encode() + LABEL.encode("gb18030"), ("line 2", "not UTF-8", "save the file as UTF-8")),
]  # fmt: skip

RunsTenders = Callable[..., tuple[int, str]]


@pytest.fixture
def run_tenders(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunsTenders:
    """Run a command in this process; returns its exit code and what it wrote to stderr."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["tenders", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0), capsys.readouterr().err

    return run


def message_about(path: Path, folder: Path, run_tenders: RunsTenders) -> str:
    """Return the line that a user sees about a file in the data folder."""
    if path.parent.name == "portals":  # portals are part of the program: no command reads another folder of them
        with pytest.raises(InvalidDataError) as refusal:
            portals.read_descriptor(path)
        return str(refusal.value)
    labels = folder / "labels.jsonl"
    if not labels.exists():
        labels.write_text(LABEL, "utf-8")
    by_folder = {
        "definitions": ("summary", "--month", "2026-07", "--definition", path.stem),
        "lexicon": ("evaluate", labels, "--facts"),
    }
    by_name = {"tenders.toml": ("schedule", "--once"), "labels.jsonl": ("evaluate", labels, "--facts")}
    code, message = run_tenders("--data", folder, *(by_folder.get(path.parent.name) or by_name[path.name]))
    assert code == 2, message
    return message.removeprefix("tenders: ").removesuffix("\n")


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("wrong", WRONG_FILES, ids=[f"{one.name} {one.words[0]}" for one in WRONG_FILES])
def test_a_wrong_file_is_one_clear_line(wrong: Wrong, tmp_path: Path, run_tenders: RunsTenders) -> None:
    path = written(tmp_path, wrong.name, wrong.content)
    message = message_about(path, tmp_path, run_tenders)
    print(message)
    assert len(message.splitlines()) == 1
    assert str(path) in message
    for word in wrong.words:
        assert word in message, message
    assert not re.search(r"pydantic|Traceback|input_value|<\w+\.\w+: |validation error", message), message


def test_files_that_notepad_saved_with_a_bom_are_read(tmp_path: Path, run_tenders: RunsTenders) -> None:
    portal_file = written(tmp_path, "szggzy.toml", BOM + PORTAL.encode())
    assert portals.read_descriptor(portal_file).name == "szggzy"
    written(tmp_path, "lexicon/relevance.toml", BOM + b'[[rule]]\r\nname = "large-model"\r\nscore = 0.97\r\n')
    labels = written(tmp_path, "labels.jsonl", BOM + LABEL.encode().replace(b"\n", b"\r\n"))
    assert run_tenders("--data", tmp_path, "evaluate", labels, "--facts") == (0, "")
    written(tmp_path, "tenders.toml", BOM + b"[schedule]\r\nwindow_days = 0\r\n")
    written(tmp_path, "definitions/mine.toml", BOM + DEFINITION.replace("awarded", "won").encode())
    assert "schedule.window_days: 0" in run_tenders("--data", tmp_path, "schedule", "--once")[1]
    assert "where.statuses[1]" in message_about(tmp_path / "definitions" / "mine.toml", tmp_path, run_tenders)
