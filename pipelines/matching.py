"""One pass over a short text that finds every word of a vocabulary.

Texts are compared in a folded form that has the same length as the original (full-width letters, capitals and the
traditional characters that notices use), so each hit leads back to the exact words of the page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import ahocorasick

LEXICON = Path(__file__).resolve().parent / "lexicon"

Label = TypeVar("Label")

_TRADITIONAL = "中國移動聯電信銀術體臺學醫語數據訓練標採購購計設備機構興務業創產應雲網絡質檢華為億萬訊"
_SIMPLIFIED = "中国移动联电信银术体台学医语数据训练标采购购计设备机构兴务业创产应云网络质检华为亿万讯"
_FOLD = {
    **{code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)},
    **{code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)},
    **{ord(old): new for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if old != new},
    0x3000: " ",
    0x00A0: " ",
}


def fold(text: str) -> str:
    """``text`` in the form words are compared in; every character stands at its old place."""
    return text.translate(_FOLD)


class Hit(NamedTuple, Generic[Label]):
    """One occurrence of a word: ``text[start:end]``, and the label the vocabulary gave it."""

    start: int
    end: int
    label: Label


class Matcher(Generic[Label]):
    """A vocabulary compiled once. A word that begins or ends with a Latin letter only matches as a whole Latin word."""

    def __init__(self, entries: Iterable[tuple[str, Label]]) -> None:
        self._automaton: Any = ahocorasick.Automaton()
        words: dict[str, list[Label]] = {}
        for word, label in entries:
            words.setdefault(fold(word), []).append(label)
        for word, labels in words.items():
            guard = (_is_latin(word[0]), _is_latin(word[-1]))
            self._automaton.add_word(word, (len(word), guard, tuple(labels)))
        self._empty = not words
        if not self._empty:
            self._automaton.make_automaton()

    def find(self, folded: str) -> list[Hit[Label]]:
        """All hits in text that ``fold`` has folded, overlapping ones too, in the order of their ends."""
        if self._empty or not folded:
            return []
        found: list[Hit[Label]] = []
        size = len(folded)
        for last, (length, (guard_left, guard_right), labels) in self._automaton.iter(folded):
            start, end = last - length + 1, last + 1
            if guard_left and start and _is_latin(folded[start - 1]):
                continue
            if guard_right and end < size and _is_latin(folded[end]):
                continue
            for label in labels:
                found.append(Hit(start, end, label))
        return found


def _is_latin(character: str) -> bool:
    return "a" <= character <= "z"


def uncovered(hits: list[Hit[Label]], covers: list[tuple[int, int]]) -> list[Hit[Label]]:
    """The hits that do not lie wholly inside one of the spans in ``covers``."""
    if not covers:
        return hits
    return [hit for hit in hits if not any(start <= hit.start and hit.end <= end for start, end in covers)]


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """The lexicon file ``<name>.toml``, read once a process.

    Raises ``FileNotFoundError`` or ``tomllib.TOMLDecodeError`` with the file's name when an edit broke it.
    """
    path = LEXICON / f"{name}.toml"
    with path.open("rb") as handle:
        try:
            return tomllib.load(handle)
        except tomllib.TOMLDecodeError as error:
            raise tomllib.TOMLDecodeError(f"{path.name}: {error}") from error
