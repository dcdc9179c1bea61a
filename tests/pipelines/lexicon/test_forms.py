"""The words of forms: data that is checked, and that means what its examples show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.common.validation import InvalidDataError
from pipelines.lexicon import forms
from pipelines.text.column_roles import role_of
from tests.paths import ROOT

_GROUP = '[{name}]\ndescription = "Words."\nexample = "中标"\nwords = {words}\n'


@pytest.mark.parametrize("name", forms.groups())
def test_the_example_of_a_group_contains_one_of_its_words(name: str) -> None:
    assert re.search(forms.pattern(name), forms.groups()[name].example)


@pytest.mark.parametrize("rule", forms.column_rules(), ids=lambda rule: f"{rule.role}-{rule.example}")
def test_the_example_of_a_column_rule_has_its_role(rule: forms.ColumnRule) -> None:
    assert role_of(rule.example) == rule.role


def test_every_group_is_used() -> None:
    code = "".join(path.read_text() for folder in ("pipelines", "tenders") for path in (ROOT / folder).rglob("*.py"))
    data = "".join(path.read_text() for path in forms.FOLDER.glob("*.toml"))
    unused = [
        name
        for name in forms.groups()
        if not re.search(rf"[\"']{name}[\"']", code) and not re.search(rf"\{{{name}\??\}}", data)
    ]
    assert unused == []


def test_a_reference_is_replaced_by_the_words_of_its_group() -> None:
    assert {"拟中标", "预成交（成交）", "入围成交"} <= set(forms.words("won_in_glued_head"))
    assert re.fullmatch(forms.pattern("won_in_glued_head"), "拟中标（成交）")


def test_a_label_of_groups_is_found_with_blanks_between_its_characters() -> None:
    label = forms.spaced_pattern(*forms.labels("winner_label"))
    assert all(re.fullmatch(label, text) for text in ("中标供应商名称", "成 交 单 位", "第三 中选人"))
    with pytest.raises(InvalidDataError, match="use labels"):
        forms.words("winner_label")


def test_words_keep_the_order_of_the_file_and_patterns_try_longer_words_first() -> None:
    assert forms.words("region_label") == ("行政区域", "项目所在行政区域", "所属区域")
    assert forms.pattern("region_label") == "(?:项目所在行政区域|行政区域|所属区域)"


@pytest.mark.parametrize("name", [name for name, group in forms.groups().items() if "{" not in "".join(group.words)])
def test_a_pattern_finds_what_a_list_of_the_words_would(name: str) -> None:
    words = forms.words(name)
    longest_first = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    text = "".join(f"{word}{word[:1]}{word[1:]}的" for word in words)
    spans = [match.span() for match in re.finditer(forms.pattern(name), text)]
    assert spans == [match.span() for match in longest_first.finditer(text)]


@pytest.mark.parametrize("name", ["winner_label", "price_label", "project_number_label"])
def test_every_label_has_one_of_the_beginnings(name: str) -> None:
    labels = forms.labels(name)
    label, beginning = re.compile(forms.spaced_pattern(*labels)), re.compile(forms.spaced_beginnings(*labels))
    text = "一、中 标供应商名称：甲\n2.成交金额：1\n采购项目编号：X\n第三中选人：乙\n中标价 3 元"
    places = [at for at in range(len(text)) if label.match(text, at)]
    assert places
    assert all(beginning.match(text, at) for at in places)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_GROUP.format(name="won", words='["中标", "成交", "中标"]'), "won: 中标 is written twice"),
        (_GROUP.format(name="won", words="[]"), "won"),
        (_GROUP.format(name="won", words='["中标"]') + 'exmaple = "x"\n', "did you mean example"),
        ("[won\n", "not TOML"),
    ],
)
def test_a_wrong_file_is_reported_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "words.toml").write_text(text)
    with pytest.raises(InvalidDataError, match=message) as error:
        forms.load_groups(tmp_path)
    assert str(error.value).startswith("words.toml: ")
    assert "\n" not in str(error.value)


def test_an_unknown_group_is_reported_by_name() -> None:
    with pytest.raises(InvalidDataError, match="no group wno"):
        forms.words("wno")
