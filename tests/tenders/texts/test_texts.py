"""The command line in Chinese: every text is used, has its placeholders, and comes out where a reader sees it."""

from __future__ import annotations

import ast
import errno
import os
import re
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import typer

from pipelines.common.text_tables import width
from pipelines.lexicon import terms
from tenders import portals
from tenders.cli import app
from tenders.language import asked_language
from tenders.texts.translator import Template, chinese
from tests.helpers.data_folders import empty_data_folder
from tests.helpers.storing import award, capture, tenders
from tests.paths import ROOT

_TEXTS = chinese().texts


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# What only a developer sees, or what is put together from messages: its parts are translated by themselves.
_NOT_FOR_READERS = {
    "{0}: {2}", "{0}: {2}: {4}", "{0}: {2}{3}", "{0} pages read{2}, {4} notices, {6} problems",
    "{0} {2}: choose one of {4}",
    "{0}: is no shipped row, so no words can be taken out; remove {2} {4}",
    "the placeholders differ: {1} and {3}", "sheet {1} has more than {3} rows",
    "analysis/views/{1}.sql: not a comment and one CREATE statement: {3}",
    "terms.toml: [{1}] {3} names both {5} and {7}", "{0}: options of family {2} are not {4}",
}  # fmt: skip


@cache
def _nodes() -> dict[Path, list[ast.AST]]:
    """Return the syntax of all code that can say something, with the library that reads the command line."""
    folders = [ROOT / name for name in ("tenders", "pipelines", "analysis")] + [Path(typer.__file__).parent]
    paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return {path: list(ast.walk(ast.parse(path.read_text("utf-8")))) for path in paths}


@cache
def _english() -> str:
    """Return every text in the code, in the library that reads the command line and of errors of the system."""
    texts = [text for portal in portals.all() for text in (portal.coverage, portal.gaps)]
    texts += [os.strerror(number) for number in errno.errorcode]
    for nodes in _nodes().values():
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return "\n".join(texts) + "\n".join(f" {name}: {name}:  {name} " for name in texts if name.isascii())


def _message(node: ast.AST) -> str | None:
    """Return the message of an argument, with the place of each value in braces; None if it is none."""
    if isinstance(node, ast.List) and node.elts:
        return _message(node.elts[0])
    if isinstance(node, ast.BinOp):
        left, right = _message(node.left), _message(node.right)
        return left + right if left and right else None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = enumerate(node.values)
        return "".join(str(p.value) if isinstance(p, ast.Constant) else f"{{{place}}}" for place, p in parts)
    return None


def test_every_error_and_note_has_a_chinese_text() -> None:
    found = set()
    for path, nodes in _nodes().items():
        for node in nodes:
            if not isinstance(node, ast.Call) or path.is_relative_to(Path(typer.__file__).parent):
                continue
            called = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if called.endswith("Error") or called in ("say", "BadParameter"):
                found |= {text for text in map(_message, node.args) if text and " " in text}
    untranslated = {text for text in found if chinese().message(text) == text}
    assert untranslated - _NOT_FOR_READERS == set(), "add a text to tenders/texts/zh.toml"
    assert _NOT_FOR_READERS - untranslated == set()


@pytest.mark.parametrize("english", [text for text in _TEXTS.messages if "{" in text])
def test_a_message_says_what_the_code_says_with_the_same_placeholders(english: str) -> None:
    assert _placeholders(english) == _placeholders(_TEXTS.messages[english])
    for literal in Template(english, "").literals:
        for part in re.split(r"[:;,.] ?", literal):
            assert part.strip(" ()'") in _english() or part.startswith("Missing "), literal


def test_every_command_and_option_is_explained_and_no_text_is_left_over() -> None:
    group: Any = typer.main.get_command(app)
    texts = {" ".join((command.help or "").split()) for command in (group, *group.commands.values())}
    texts |= {param.help for command in (group, *group.commands.values()) for param in command.params}
    assert sorted(texts - set(_TEXTS.help)) == []
    assert sorted(set(_TEXTS.help) - texts) == []


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("all is well", "一切正常"),
        ("note: all is well", "备注：一切正常"),
        ("2026-07-02 (133 days old)", "2026-07-02（133 天前）"),
        ("Verdict: does not count: it is no procurement result.", "结论：不计入：这不是采购结果。"),
        ("某局大模型平台采购项目", "某局大模型平台采购项目"),
        ("note: ", "note: "),
        ("a.csv:3: awarded_on is missing", "a.csv:3：缺少 awarded_on（中标日期）"),
        (
            "own.toml: rule[2].words: unknown key; did you mean word?",
            "own.toml：rule[2].words：没有这个键；是不是 word？",
        ),
        ("tenders: No such command 'x'; see tenders --help", "tenders：没有 'x' 这个命令；参见 tenders --help"),
        ("tenders: a.csv: No such file or directory", "tenders：a.csv：没有这个文件或目录"),
        (
            "award aw1: buyer is published as 某市数据局, but computed as nothing",
            "项目 aw1：buyer 公布的是 某市数据局，重算得 空",
        ),
        (
            "tenders: Invalid value for '--format': 'doc' is not one of 'md'; see tenders --help",
            "tenders：'--format' 的值无效：'doc' 不在可选值之列：'md'；参见 tenders --help",
        ),
    ],
)
def test_a_message_is_translated_with_the_messages_in_it(english: str, translated: str) -> None:
    assert chinese().message(english) == translated


def test_cells_of_a_table_are_translated_and_columns_stay_where_they_are() -> None:
    table = "  portal  state     newest notice\n  ccgp    complete  never\n  complete works  x"
    lines = chinese().report(table).split("\n")
    assert lines == ["  平台    状态      最新公告", "  ccgp    完整      从未", "  complete works  x"]
    assert len({width(line.partition(word)[0]) for line, word in zip(lines[:2], ("状态", "完整"), strict=True)}) == 1


def test_a_row_is_translated_cell_by_cell_although_its_last_cell_is_a_message_too() -> None:
    row = chinese().report("every notice, newest first  complete    2026-07-02 (133 days old)")
    assert re.split(" {2,}", row) == ["全部公告，由新到旧", "完整", "2026-07-02（133 天前）"]
    row = chinese().report("about large models: no → yes  from 大模型 (rules: strong)")
    assert re.split(" {2,}", row) == ["大模型项目：否 → 是", "取自 大模型；规则：strong"]


@pytest.mark.parametrize("portal", portals.all(), ids=lambda portal: portal.name)
def test_what_a_portal_gives_is_said_in_chinese(portal: portals.Portal) -> None:
    for text in filter(None, (portal.coverage, portal.gaps)):
        words = set(re.findall("[A-Za-z]+", chinese().message(" ".join(text.split()))))
        assert words <= {"ccgp", "tenders", "ingest", "PDF", "zip", "doc"}


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "zh", "status"], "zh"),
        (["status", "--lang=en"], "en"),
        (["status", "--lang"], None),
        (["status", "--lang", "fr"], None),
        (["query", "--", "--lang", "zh"], None),
    ],
)
def test_the_language_is_found_before_and_after_the_command(arguments: list[str], language: str | None) -> None:
    assert asked_language(arguments) == language


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    assert tenders("--data", folder, "ingest", capture(folder / "pages.jsonl", [award(1)])).returncode == 0
    return folder


def test_errors_status_and_help_are_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    empty_data_folder(tmp_path)
    nothing = tenders("status", "--lang", "zh", "--data", tmp_path)
    assert "还没有抓取过：tenders crawl 平台" in nothing.stdout
    assert "一切正常" in nothing.stdout
    wrong = tenders("explain", "x", "--data", tmp_path / "no", env={"TENDERS_LANG": "zh"})
    assert (wrong.returncode, wrong.stderr.startswith(f"tenders：{tmp_path / 'no'} 中还没有数据库")) == (2, True)
    page = tenders("--lang", "zh", "explain", "--help").stdout
    assert "说明一条公告为什么计入或不计入" in page
    assert "用法：" in page
    assert not {"Usage", "OPTIONS", "bool", "DIR", "URL", "KEY"} & set(re.findall("[A-Za-z]+", page))
    english = tenders("explain", "--help").stdout
    assert "Show why a notice counts or not" in english
    assert "Options" in english
    assert "Show this message and exit." in english


def test_warnings_are_in_chinese(tmp_path: Path) -> None:
    empty_data_folder(tmp_path / "data")
    (tmp_path / "tenders.toml").write_text("", "utf-8")
    shown = tenders("status", "--lang", "zh", "--data", tmp_path / "data", cwd=tmp_path).stderr
    assert shown == f"使用当前目录中的 {tmp_path / 'tenders.toml'}\n"


def test_an_explanation_is_in_chinese_and_its_words_stay_as_they_are(data: Path) -> None:
    key = tenders("query", "SELECT notice_key FROM notices", "--format", "csv", "--data", data).stdout.split()[1]
    english = tenders("explain", key, "--data", data).stdout
    shown = tenders("explain", key, "--lang", "zh", "--data", data).stdout
    for words in ("结论：计入 2026-07，金额", "这条公告本身的内容", "依据原文：", "该项目的公告（1 条）", "历次状态",
                  "  公告类型：结果公告", "  采购人：", "  大模型项目：是，相关度 ", "  状态：已中标"):  # fmt: skip
        assert words in shown
    assert "规则：large-model（出现“大模型”" in shown
    fields = set(terms.codes("field"))
    assert not fields & {line.partition(":")[0].strip() for line in shown.splitlines()}
    assert [line.lstrip()[:9] for line in english.splitlines() if "Verdict" in line] == ["Verdict: "] * 2
    json = tenders("portals", "ccgp", "--format", "json", "--lang", "zh", "--data", data).stdout
    assert '"state": "never"' in json
