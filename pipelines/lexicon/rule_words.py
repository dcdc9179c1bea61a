"""The words that each rule of the lexicon looks for, so that a reader need not guess a rule from its name."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pipelines.lexicon.files import BuyerKindsFile, NameRule, ProjectTypesFile, RelevanceFile, SectorsFile

_ANCHORS = "^$@"


class RuleWords(NamedTuple):
    """What a rule looks for: ``words`` in a text or in a buyer's name, and near them those of ``beside``.

    A ``veto`` finds them where the money buys something around the model.
    """

    kind: Literal["words", "pair", "veto", "name"]
    words: tuple[str, ...]
    beside: tuple[str, ...] = ()


RulesByField = dict[tuple[str, str], RuleWords]


def words_of_rules(
    relevance: RelevanceFile, project_types: ProjectTypesFile, sectors: SectorsFile, buyer_kinds: BuyerKindsFile
) -> RulesByField:
    """Return the words of every named rule, by the field that it decides and its name in the evidence."""
    groups = {group.name: tuple(group.words) for group in relevance.groups}
    of_relevance = {rule.name: RuleWords("words", tuple(rule.words)) for rule in relevance.rules}
    of_relevance |= {pair.name: RuleWords("pair", groups[pair.first], groups[pair.second]) for pair in relevance.pairs}
    of_relevance |= {f"not:{veto.name}": RuleWords("veto", tuple(veto.words)) for veto in relevance.vetoes}
    of_sector = {f"buyer:{rule.name}": _of_name(rule) for rule in sectors.rules}
    of_sector |= {rule.name: RuleWords("words", _of_name(rule).words) for rule in sectors.subjects}
    fields = {
        "is_large_model": of_relevance,
        "project_type": {rule.name: RuleWords("words", tuple(rule.words)) for rule in project_types.rules},
        "sector": of_sector,
        "buyer_kind": {rule.name: _of_name(rule) for rule in buyer_kinds.rules},
    }
    return {(field, name): words for field, rules in fields.items() for name, words in rules.items()}


def _of_name(rule: NameRule) -> RuleWords:
    return RuleWords("name", tuple(word.strip(_ANCHORS) for word in rule.words))
