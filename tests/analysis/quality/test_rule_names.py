"""Rules are called by their names with the words that they look for, in the language of the reader."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from analysis.quality.rule_names import RuleNames
from analysis.rendering.locale import Locale
from analysis.rendering.messages import Language
from pipelines.classify.lexicon import current
from pipelines.lexicon import terms
from pipelines.lexicon.rule_words import RuleWords
from tests.paths import ROOT

_WORDS = {
    ("is_large_model", "cube"): RuleWords("words", ("魔方", "方块", "立方", "方阵")),
    ("is_large_model", "near"): RuleWords("pair", ("魔方",), ("问答", "对话")),
    ("is_large_model", "not:toy"): RuleWords("veto", ("玩具",)),
    ("sector", "buyer:toys"): RuleWords("name", ("玩具厂",)),
}


@pytest.mark.parametrize(
    ("field", "rule", "chinese", "english"),
    [
        ("is_large_model", "cube", "cube（出现“魔方”“方块”“立方”等词）", "cube [魔方, 方块, 立方 …]"),
        ("is_large_model", "near", "near（出现“魔方”，附近有“问答”“对话”）", "near [魔方 near 问答, 对话]"),
        ("is_large_model", "not:toy", "not:toy（出现“玩具”，采购的不是大模型本身）",
         "not:toy [玩具: something around the model is bought]"),
        ("sector", "buyer:toys", "buyer:toys（采购人名称含“玩具厂”）", "buyer:toys [buyers called 玩具厂]"),
        ("subsector", "buyer:toys", "buyer:toys（采购人名称含“玩具厂”）", "buyer:toys [buyers called 玩具厂]"),
        ("province", "given:province", "given:province（由表格的“province”列给出）",
         "given:province [stated in column province]"),
        ("project_type", "nothing-else-says", "nothing-else-says（没有其他依据，按应用计）",
         "nothing-else-says [nothing else says, so an application]"),
        ("is_large_model", "of-an-older-lexicon", "of-an-older-lexicon", "of-an-older-lexicon"),
        ("is_large_model", "a\x1bb", "a b", "a b"),
    ],
)  # fmt: skip
def test_a_rule_is_named_with_what_it_means(field: str, rule: str, chinese: str, english: str) -> None:
    languages: tuple[Language, ...] = ("zh", "en")
    assert [RuleNames(Locale(one), _WORDS).listed(field, [rule]) for one in languages] == [chinese, english]


def test_every_rule_of_the_lexicon_has_words_by_the_name_in_the_evidence() -> None:
    lexicon = current()
    known = {rule for _, rule in lexicon.rule_words}
    rows = chain(lexicon.relevance.rules, lexicon.relevance.pairs, lexicon.project_types.rules,
                 lexicon.sectors.subjects, lexicon.buyer_kinds.rules)  # fmt: skip
    assert {row.name for row in rows} <= known
    assert {f"not:{row.name}" for row in lexicon.relevance.vetoes} <= known
    assert {f"buyer:{row.name}" for row in lexicon.sectors.rules} <= known
    assert not [
        words for words in lexicon.rule_words.values() if not words.words or set("".join(words.words)) & set("^$@")
    ]


def test_every_rule_that_is_no_row_of_the_lexicon_has_a_name() -> None:
    """Those are written in the code that classifies, in lower case with hyphens."""
    folder = ROOT / "pipelines" / "classify"
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    written = set(re.findall(r'"((?:buyer:)?[a-z]+(?:-[a-z]+)+)"', text))
    assert written >= {"nothing-else-says", "body-says-what-is-bought", "buyer:named-but-unknown"}
    places = {f"{source}-names-a-place" for source in ("buyer", "region", "address", "title")}
    assert {code.removeprefix("not:") for code in terms.codes("rule")} == written | places
