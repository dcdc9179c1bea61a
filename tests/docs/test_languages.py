"""The Chinese pages say what the English pages say."""

from __future__ import annotations

import pytest

from tests.docs.languages import differences, differences_of, outdated, read_digests, sections, translated_pages

_PAGES = translated_pages()
_USER_PAGES = ["index", "install", "definition", "awards", "completeness", "report", "schedule", "questions", "open"]


def test_every_page_for_users_has_a_chinese_one() -> None:
    assert {"README.md", *(f"docs/{name}.md" for name in _USER_PAGES)} <= set(_PAGES)


@pytest.mark.parametrize("pair", _PAGES.items(), ids=lambda pair: pair[1])
def test_both_pages_have_the_same_form_commands_and_figures(pair: tuple[str, str]) -> None:
    assert "\n".join(differences_of(pair, _PAGES)) == ""


@pytest.mark.parametrize("page", _PAGES)
def test_the_words_of_the_english_page_are_those_that_were_translated(page: str) -> None:
    changed = outdated(page, read_digests().get(page, {}))
    assert not changed, (
        f"{page} changed in {', '.join(map(repr, changed))}: change these sections of {_PAGES[page]} too, "
        "then run python -m tests.docs.languages"
    )


_ENGLISH = """# Awards

Read `docs/a.md` and [prices](prices.md). In July 2025 there were 1,574 awards.

```sh
tenders status   # what is missing
tenders query "SELECT 1"
```

## Rules

* One
* Two

| a | b |
|---|---|
| 1 | 2 |
"""
_CHINESE = """# 中标项目

见 `docs/a.md` 和[金额](prices.md)。2025 年 7 月有 1574 个项目。

```sh
tenders status   # 缺什么
tenders query "SELECT 1"
```

## 规则

* 一
* 二

| 甲 | 乙 |
|---|---|
| 1 | 2 |
"""
_PAIR = ("docs/awards.md", "docs/zh/awards.md")
_TRANSLATED = {"docs/awards.md": "docs/zh/awards.md", "docs/prices.md": "docs/zh/prices.md"}


def test_a_translation_in_step_has_no_differences() -> None:
    assert list(differences(_ENGLISH, _CHINESE, _PAIR, _TRANSLATED)) == []


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ('"SELECT 1"', '"SELECT 2"', "code block: 'tenders query \"SELECT 1\"' is 'tenders query \"SELECT 2\"'"),
        ("## 规则", "### 规则", "'## Rules' where docs/zh/awards.md has '### 规则'"),
        ("## 规则", "## 规则\n\n## 又一节", "docs/zh/awards.md has '## 又一节'"),
        ("* 二\n", "", "lists of 2 and 1 items"),
        ("| 1 | 2 |", "| 1 | 2 |\n| | |", "tables of 3 and 4 rows"),
        ("1574", "1573", "figure: 1574 is 1 times in English, 0 times in Chinese"),
        ("7 月", "8 月", "figure: 7 is 1 times in English, 0 times in Chinese"),
        ("`docs/a.md`", "`docs/b.md`", "`code`: 'docs/a.md' is only in English"),
        ("(prices.md)", "(costs.md)", "link: docs/prices.md is 1 times in English, 0 times in Chinese"),
        ("(prices.md)", "(../prices.md)", "links the English docs/prices.md instead of docs/zh/prices.md"),
    ],
)
def test_a_difference_is_named(old: str, new: str, reported: str) -> None:
    assert old in _CHINESE
    found = "\n".join(differences(_ENGLISH, _CHINESE.replace(old, new), _PAIR, _TRANSLATED))
    assert reported in found


def test_the_digest_of_a_section_follows_its_words_but_not_its_lines_and_figures() -> None:
    first = sections(_ENGLISH)[1].digest
    assert sections(_ENGLISH.replace("there were 1,574", "there\nwere 1,575"))[1].digest == first
    assert sections(_ENGLISH.replace("there were", "there were never"))[1].digest != first
