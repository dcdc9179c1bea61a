"""The texts of pages and workbooks: checked when they are read, and all of them used."""

from __future__ import annotations

import re

import pytest

from analysis.rendering.locale import Locale
from analysis.rendering.messages import messages, parse
from tests.paths import ROOT

# Names that code puts together: curve_ and a measure, sheet_ and a dimension, field_ and a field, guide_ and a subject,
# site_file_ and a file, site_folder_ and a folder.
_PREFIXES = (
    "curve_", "picture_", "sheet_", "field_", "guide_", "text_", "yoy_", "prev_", "site_file_", "site_folder_",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('lead.zh = "{n} 个"\nlead.en = "{n} of {m}"', "placeholders"),
        ('lead.zh = "个"', "lead.en"),
        ('lead = { zh = "个", en = "of", fr = "de" }', "lead.fr"),
        ('lead = { zh = "个", en = 1 }', "lead.en"),
        ('lead = { zh = "个", en = "of" }\nlead = { zh = "只", en = "of" }', "overwrite"),
    ],
)
def test_a_wrong_text_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        parse(text)


def test_a_text_is_filled_in_either_language() -> None:
    values = {"months": "2025-07"}
    assert Locale("zh").text("list_months", **values) == "本页收录：2025-07。"
    assert Locale("en").text("list_months", **values) == "On this page: 2025-07."


@pytest.mark.parametrize(
    ("awards", "text"),
    [
        ("1", "In May, 1 large-model project was awarded. So."),
        ("1,021", "In May, 1,021 large-model projects were awarded. So."),
    ],
)
def test_words_follow_their_number(awards: str, text: str) -> None:
    values = {"when": "In May", "awards": awards, "awards_growth": "", "prices": "So"}
    assert Locale("en").text("text_headline", **values) == text


def test_a_sentence_lists_its_items_as_its_language_does() -> None:
    assert [Locale("en").listed(items) for items in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "", "A", "A and B", "A, B and C",
    ]  # fmt: skip
    assert Locale("zh").listed(["甲", "乙", "丙"]) == "甲、乙、丙"


def test_every_text_is_used() -> None:
    sources = [path for path in (ROOT / "analysis").rglob("*") if path.suffix in (".py", ".html", ".js")]
    used = set(re.findall(r"\w+", "\n".join(path.read_text("utf-8") for path in sources)))
    assert [name for name in messages() if name not in used and not name.startswith(_PREFIXES)] == []


def test_codes_have_names_and_vendors_keep_theirs() -> None:
    chinese, english = Locale("zh"), Locale("en")
    assert (chinese.item("type", "compute"), english.item("type", "compute")) == ("算力", "Compute")
    assert (chinese.item("vendor", "阿里"), english.item("vendor", "阿里")) == ("阿里", "阿里")
    assert (chinese.item("province", None), english.item("province", None)) == ("未标明", "Not stated")
    assert english.item("province", "广东") == "Guangdong 广东"
    assert english.item("sector", "no such code") == "no such code"
