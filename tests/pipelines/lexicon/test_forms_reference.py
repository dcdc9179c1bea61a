"""The reference page of the words of forms says what the files say."""

from __future__ import annotations

from pipelines.lexicon import forms
from pipelines.lexicon.forms.reference import page
from tests.paths import ROOT

_SMALL_GROUPS = ("won_or_selected", "won_in_glued_head", "consortium_word", "member_label")


def test_the_page_is_current() -> None:
    remedy = "run: python -m pipelines.lexicon.forms.reference > docs/reference/forms.md"
    assert (ROOT / "docs/reference/forms.md").read_text("utf-8") == page(), remedy


def test_every_group_has_a_row_with_the_number_of_its_words() -> None:
    rows = [line.removesuffix(" |").split(" | ") for line in page().splitlines()]
    numbers = {row[0].strip("| `"): row[-1] for row in rows if row[-1].replace(",", "").isdigit()}
    assert numbers == {name: f"{forms.count_spellings(name):,}" for name in forms.groups()}


def test_spellings_are_counted_without_writing_them_out() -> None:
    assert {name: forms.count_spellings(name) for name in _SMALL_GROUPS} == {
        name: len(forms.words(name)) for name in _SMALL_GROUPS
    }
