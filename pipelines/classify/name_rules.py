"""Rules for names: which row of a vocabulary decides about a buyer's name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Generic, Literal, NamedTuple, TypeVar

from pipelines.classify.matcher import Hit, Matcher, uncovered
from pipelines.lexicon.files import NameRule
from pipelines.text.characters import fold_for_matching

Rule = TypeVar("Rule", bound=NameRule)

_MASK, _COMPANY = -1, -2


class _Label(NamedTuple):
    row: int  # number of a rule; _MASK for words that hide others; _COMPANY for words that make a name a company's
    anchor: Literal["", "^", "$", "@"]
    forbids: bool


class Match(NamedTuple, Generic[Rule]):
    """The rule that decides about a name, its place in the list, and the words of the name that it found."""

    rule: Rule
    number: int
    words: str


class NameRules(Generic[Rule]):
    """A compiled list of rules. They are asked in order, and the first one with a word in the name decides.

    ``masks`` are words that hide others, ``company_words`` make a name a company's, and ``is_place`` says whether a
    text is only a place, as it may be before a word with ``@``.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        masks: Iterable[str] = (),
        company_words: Iterable[str] = (),
        is_place: Callable[[str], bool] | None = None,
    ) -> None:
        self.rules = rules
        self._is_place = is_place
        entries = [_entry(word, number, False) for number, rule in enumerate(rules) for word in rule.words]
        entries += [_entry(word, number, True) for number, rule in enumerate(rules) for word in rule.unless]
        entries += [_entry(word, _MASK, False) for word in masks]
        entries += [_entry(word, _COMPANY, False) for word in company_words]
        self._matcher: Matcher[_Label] = Matcher(entries)
        self._remembered = lru_cache(maxsize=8192)(self._find)

    def find(self, name: str) -> Match[Rule] | None:
        """Return the rule that decides about a name; None if no rule has a word in it."""
        return self._remembered(name)

    def _find(self, name: str) -> Match[Rule] | None:
        folded = fold_for_matching(name)
        hits = [hit for hit in self._matcher.find(folded) if self._is_anchored(hit, folded)]
        masks = [(hit.start, hit.end) for hit in hits if hit.label.row == _MASK]
        hits = uncovered(hits, masks)
        is_company = any(hit.label.row == _COMPANY for hit in hits)
        silent = {hit.label.row for hit in hits if hit.label.forbids} | {_MASK, _COMPANY}
        hits = [hit for hit in hits if hit.label.row not in silent]
        # A short name (东风汽车, 陕汽) does not say what it is: try the rules for bodies first, then those for
        # companies.
        for kind in ("company",) if is_company else ("body", "company"):
            fitting = [
                (hit.label.row, -hit.end, hit.start) for hit in hits if self.rules[hit.label.row].of in ("any", kind)
            ]
            if fitting:
                number, end, start = min(fitting)
                return Match(self.rules[number], number, name[start:-end])
        return None

    def _is_anchored(self, hit: Hit[_Label], folded: str) -> bool:
        match hit.label.anchor:
            case "^":
                return hit.start == 0
            case "$":
                return hit.end == len(folded)
            case "@":
                return hit.start == 0 or (self._is_place is not None and self._is_place(folded[: hit.start]))
        return True


def _entry(word: str, row: int, forbids: bool) -> tuple[str, _Label]:
    if word.startswith("^"):
        return word[1:], _Label(row, "^", forbids)
    if word.startswith("@"):
        return word[1:], _Label(row, "@", forbids)
    if word.endswith("$"):
        return word[:-1], _Label(row, "$", forbids)
    return word, _Label(row, "", forbids)
