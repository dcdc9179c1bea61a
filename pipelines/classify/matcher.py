"""One pass over a short text that finds every word of a vocabulary.

Texts are compared in a folded form that has the same length as the original, so each hit leads back to the exact
words of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

import ahocorasick

from pipelines.text.characters import fold_for_matching

Label = TypeVar("Label")


class Hit(NamedTuple, Generic[Label]):
    """One occurrence of a word: ``text[start:end]``, and the label that the vocabulary gave the word."""

    start: int
    end: int
    label: Label


class Matcher(Generic[Label]):
    """A compiled vocabulary. A word that begins or ends with a Latin letter only matches a complete Latin word."""

    def __init__(self, entries: Iterable[tuple[str, Label]]) -> None:
        self._automaton: Any = ahocorasick.Automaton()
        words: dict[str, list[Label]] = {}
        for word, label in entries:
            words.setdefault(fold_for_matching(word), []).append(label)
        for word, labels in words.items():
            guard = (_is_latin(word[0]), _is_latin(word[-1]))
            self._automaton.add_word(word, (len(word), guard, tuple(labels)))
        self._empty = not words
        if not self._empty:
            self._automaton.make_automaton()

    def find(self, folded: str) -> list[Hit[Label]]:
        """Return all hits in a folded text, overlapping ones too, in the order of their ends."""
        if self._empty or not folded:
            return []
        hits: list[Hit[Label]] = []
        size = len(folded)
        for last, (length, (guard_left, guard_right), labels) in self._automaton.iter(folded):
            start, end = last - length + 1, last + 1
            if guard_left and start and _is_latin(folded[start - 1]):
                continue
            if guard_right and end < size and _is_latin(folded[end]):
                continue
            for label in labels:
                hits.append(Hit(start, end, label))
        return hits


def _is_latin(character: str) -> bool:
    return "a" <= character <= "z"


def uncovered(hits: list[Hit[Label]], covers: list[tuple[int, int]]) -> list[Hit[Label]]:
    """Return the hits that are not completely inside one of the spans in ``covers``."""
    if not covers:
        return hits
    return [hit for hit in hits if not any(start <= hit.start and hit.end <= end for start, end in covers)]
