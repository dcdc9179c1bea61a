"""The names of codes: complete, unambiguous, and the same codes as everywhere else."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from pipelines import model
from pipelines.classify.lexicon import current
from pipelines.classify.regions import provinces
from pipelines.lexicon import files, terms


@pytest.mark.parametrize("name", get_args(terms.Vocabulary))
def test_every_spelling_is_read_as_its_code(name: terms.Vocabulary) -> None:
    assert terms.codes(name)
    for code, term in terms.by_code(name).items():
        for text in (code, term.zh, term.en, f" {term.en.upper()} ", *term.also):
            assert terms.code_of(name, text) == code
    assert terms.code_of(name, "no such code") is None


def test_a_name_has_two_languages_and_may_have_a_short_form() -> None:
    assert terms.name("sector", "finance", "zh") == "金融"
    assert terms.name("sector", "media_culture", "en") == "media & culture"
    assert terms.name("metric", "project_count", "zh") == "中标项目（个）"
    assert terms.name("metric", "project_count", "zh", short=True) == "中标项目"
    assert terms.name("metric", "buyer_count", "en", short=True) == "buyers"
    assert terms.names("project_type", "zh") == {
        "compute": "算力", "application": "应用", "model": "大模型", "data": "数据"
    }  # fmt: skip


def test_text_that_is_not_a_code_is_shown_unchanged() -> None:
    assert terms.name("sector", "", "zh") == ""
    assert terms.name("province", "Atlantis", "en") == "Atlantis"


def test_people_may_write_a_code_a_name_or_another_known_spelling() -> None:
    assert [terms.code_of("sector", text) for text in ("transport", "交通", "大交通")] == ["transport"] * 3


def test_two_codes_with_one_spelling_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    twins = {"status": {"one": terms.Term(zh="甲", en="same"), "two": terms.Term(zh="乙", en="Same")}}
    monkeypatch.setattr(terms, "_load", lambda: twins)
    terms._spellings.cache_clear()
    with pytest.raises(ValueError, match="one and two"):
        terms.code_of("status", "甲")
    terms._spellings.cache_clear()


@pytest.mark.parametrize(
    ("name", "codes"), [("kind", model.Kind), ("amount_kind", model.AmountKind), ("role", model.Role)]
)
def test_the_codes_of_the_model_have_names(name: terms.Vocabulary, codes: Any) -> None:
    assert set(terms.codes(name)) == set(get_args(codes))


def test_the_codes_used_by_rules_have_names() -> None:
    lexicon = current()
    assert set(get_args(files.Sector)) == set(terms.codes("sector"))
    assert {rule.sector for rule in [*lexicon.sectors.rules, *lexicon.sectors.subjects]} == set(terms.codes("sector"))
    assert {rule.type for rule in lexicon.project_types.rules} == set(terms.codes("project_type"))
    assert {rule.kind for rule in lexicon.buyer_kinds.rules} == set(terms.codes("buyer_kind"))
    assert list(terms.codes("province")) == provinces()
