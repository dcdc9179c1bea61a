"""A wrong data file is answered with one line that names file, key and remedy."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field, model_validator

from pipelines.common.validation import InvalidDataError, StrictModel, Tuple, read_toml, validate


class Rule(StrictModel):
    name: str = Field(min_length=1)
    weight: int | None = Field(None, ge=1, le=9)


class Settings(StrictModel):
    lists: Literal["newest", "dated"] = "newest"
    crawl: bool = False
    page_size: int = Field(20, ge=1)
    delay: float = 1.0
    code: str = Field("a1", pattern="^[a-z][0-9]$")
    match: re.Pattern[str] | None = None
    since: date = date(2015, 1, 1)
    words: Tuple[str] = ()
    roles: Tuple[str] = Field(("a",), min_length=1)
    rules: Tuple[Rule] = ()
    by_name: dict[str, Rule] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> Settings:
        if self.crawl and not self.words:
            raise ValueError("crawl needs words; add words, or write crawl = false")
        return self


def problems_of(data: object, remedies: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(InvalidDataError) as caught:
        validate(Settings, data, "x.toml", remedies)
    assert str(caught.value) == caught.value.problems[0]
    return caught.value.problems


def test_good_data_becomes_the_model() -> None:
    data = {"words": ["a"], "delay": 2, "match": r"/(\d+)", "rules": [{"name": "n"}], "since": date(2026, 1, 1)}
    model = validate(Settings, data, "x.toml")
    assert model.words == ("a",)
    assert model.rules[0].name == "n"
    assert model.match is not None
    assert model.match.search("/12")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"lists": "nwest"}, "x.toml: lists: 'nwest' is not allowed; write newest or dated"),
        ({"crawl": "no"}, "x.toml: crawl: 'no' is not allowed; write true or false"),
        ({"page_size": "twenty"}, "x.toml: page_size: 'twenty' is not allowed; write a whole number"),
        ({"page_size": 0}, "x.toml: page_size: 0 is not allowed; write a number of at least 1"),
        ({"page_size": 2.5}, "x.toml: page_size: 2.5 is not allowed; write a whole number"),
        ({"delay": "1"}, "x.toml: delay: '1' is not allowed; write a number"),
        ({"code": "11"}, "x.toml: code: '11' is not allowed; write text that matches ^[a-z][0-9]$"),
        ({"code": 1}, "x.toml: code: 1 is not allowed; write text in quotes"),
        ({"since": "2026"}, "x.toml: since: '2026' is not allowed; write a day such as 2026-08-01, without quotes"),
        ({"words": "a"}, "x.toml: words: 'a' is not allowed; write a list in brackets"),
        ({"words": ["a", 2]}, "x.toml: words[2]: 2 is not allowed; write text in quotes"),
        ({"rules": [{}]}, "x.toml: rules[1].name: missing; add name"),
        ({"rules": [{"name": "n", "weigth": 1}]}, "x.toml: rules[1].weigth: unknown key; did you mean weight?"),
        ({"by_name": {"a": {"nmae": "n", "name": "n"}}}, "x.toml: by_name.a.nmae: unknown key; did you mean name?"),
        ({"page_szie": 20}, "x.toml: page_szie: unknown key; did you mean page_size?"),
        ({"rules": "all"}, "x.toml: rules: 'all' is not allowed; write a list in brackets"),
        ({"by_name": {"a": 1}}, "x.toml: by_name.a: 1 is not allowed; write a table"),
        ({"roles": []}, "x.toml: roles: the list is empty; write at least one entry"),
        ({"rules": [{"name": ""}]}, "x.toml: rules[1].name: the text is empty; write at least one character"),
        ({"code": ""}, "x.toml: code: the text is empty; write text that matches ^[a-z][0-9]$"),
        ({"crawl": True}, "x.toml: crawl needs words; add words, or write crawl = false"),
    ],
)
def test_each_mistake_gives_one_line_with_file_key_and_remedy(data: dict[str, object], line: str) -> None:
    assert problems_of(data) == [line]


def test_a_wrong_regular_expression_is_named() -> None:
    [line] = problems_of({"match": r"/(\d{9}/"})
    assert line.startswith(r"x.toml: match: '/(\d{9}/' is not a regular expression: missing ), unterminated subpattern")


def test_an_unknown_key_far_from_all_others_lists_them() -> None:
    [line] = problems_of({"zzz": 1})
    assert line.startswith("x.toml: zzz: unknown key; remove it, or use one of lists, crawl, page_size")


def test_several_mistakes_give_several_lines() -> None:
    assert len(problems_of({"lists": "nwest", "page_size": 0})) == 2


def test_a_file_can_have_its_own_remedies() -> None:
    assert problems_of({"lists": "x"}, {"lists": "see docs"}) == ["x.toml: lists: 'x' is not allowed; see docs"]
    [line] = problems_of({"rules": [{"name": ""}]}, {"name": "give the rule a name"})
    assert line == "x.toml: rules[1].name: the text is empty; give the rule a name"


def test_hostile_values_stay_on_one_short_line() -> None:
    [line] = problems_of({"lists": "a\n\x1b[31m" + "b" * 500})
    assert "\n" not in line
    assert "\x1b" not in line
    assert len(line) < 120


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = 1\nb =\n", "line 2: Invalid value"),
        ("a = [1,\n\n", "line 1: Invalid value"),
        ("a = 1\nb = 2\na = 3\n", "line 3: the key a is written twice"),
        ("a = [\n1\n]\na = [\n2\n]\n", "line 6: the key a is written twice"),
        ("a = 1\n[a]\n", "line 2: a key is written twice"),
        ("[a.b]\n[a.b]\n", "line 2: the table [a.b] is written twice"),
    ],
)
def test_broken_toml_is_reported_with_its_line_and_a_remedy(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidDataError) as caught:
        read_toml(path, "x.toml")
    assert str(caught.value) == f"x.toml: not TOML: {problem}; correct it there"


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("a = \n")
    with pytest.raises(InvalidDataError, match=r"^here\.toml: not TOML: .*line 1"):
        read_toml(path, "here.toml")
    path.write_bytes(b'a = "\xff"\n')
    with pytest.raises(InvalidDataError, match="UTF-8"):
        read_toml(path)
