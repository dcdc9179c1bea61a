"""Notes and publishers of published figures on a Chinese page: all are Chinese, none is left over."""

from __future__ import annotations

import csv
import re
from importlib import resources

import pytest

from analysis.rendering.locale import Locale
from analysis.rendering.source_notes import _texts, in_chinese

_ROWS = list(
    csv.DictReader(
        (resources.files("analysis.figures") / "reference" / "published_figures.csv").read_text("utf-8").splitlines()
    )
)
_ENGLISH = re.compile(r"[a-z]{3,} [a-z(]{2,}")  # two words in a row
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_ADDRESS = re.compile(r"https?://[^\s（）]+")
_QUOTED = re.compile(r"“[^”]*”|https?://\S+")


@pytest.mark.parametrize(("column", "kind"), [("note", "notes"), ("publisher", "publishers")])
def test_every_note_and_publisher_is_chinese_and_every_text_is_used(column: str, kind: str) -> None:
    stored = {row[column] for row in _ROWS if row[column]}
    shown = {in_chinese("notes" if kind == "notes" else "publishers", text) for text in stored}
    assert [text for text in sorted(shown) if _ENGLISH.search(_QUOTED.sub("", text))] == []
    assert sorted(set(getattr(_texts(), kind)) - stored) == []


def test_figures_of_a_note_are_those_of_the_original() -> None:
    for english, chinese in _texts().notes.items():
        said, translated = (set(_NUMBER.findall(_ADDRESS.sub("", text))) for text in (english, chinese))
        assert {number for number in said if len(number) > 2} <= translated, english


def test_an_english_page_keeps_the_original_and_so_does_an_unknown_text() -> None:
    assert Locale("en").note("by count") == "by count"
    assert Locale("zh").note("by count") == "按数量"
    assert Locale("zh").note("something new") == "something new"
    assert Locale("zh").publisher("智能超参数; unnamed") == "智能超参数; 未具名"
    assert Locale("zh").publisher(None) is None
