"""What the rules of the lexicon are called: the name in the evidence, with the words that the rule looks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.rendering.locale import Locale
from pipelines.common.safe_text import printable
from pipelines.lexicon import terms
from pipelines.lexicon.rule_words import RulesByField

_WORDS_SHOWN = 3  # of a rule
_MEANINGS = {
    "words": "explain_rule_words",
    "pair": "explain_rule_pair",
    "veto": "explain_rule_veto",
    "name": "explain_rule_name",
}
_READ_AS = {"subsector": "sector"}  # a rule gives both


@dataclass(frozen=True, slots=True)
class RuleNames:
    """Names of rules in one language. ``rule_words`` are the words of the rules by their fields and names."""

    locale: Locale
    rule_words: RulesByField

    def listed(self, field: str, rules: Iterable[str]) -> str:
        """Return the names of the rules that read a field in one line."""
        return ("、" if self.locale.is_chinese else ", ").join(self.of(field, rules))

    def of(self, field: str, rules: Iterable[str]) -> list[str]:
        """Return the names of the rules that read a field, each with its meaning if it is known."""
        return [printable(self._name(_READ_AS.get(field, field), rule)) for rule in rules]

    def _name(self, field: str, rule: str) -> str:
        sought = self.rule_words.get((field, rule))
        origin, _, column = rule.partition(":")
        if sought:
            texts = {"words": self._some(sought.words), "beside": self._some(sought.beside)}
            meaning = self.locale.text(_MEANINGS[sought.kind], **texts)
        elif origin == "given":
            meaning = self.locale.text("explain_rule_given", column=column)
        else:
            meaning = terms.name("rule", rule, self.locale.language)
        return rule if meaning == rule else self.locale.text("explain_rule", rule=rule, meaning=meaning)

    def _some(self, words: Sequence[str]) -> str:
        """Return the first words that a rule looks for."""
        shown = ("”“" if self.locale.is_chinese else ", ").join(words[:_WORDS_SHOWN])
        name = "explain_rule_some_more" if len(words) > _WORDS_SHOWN else "explain_rule_some"
        return self.locale.text(name, words=shown)
