"""The vocabulary that is classified with, and one pass over a short text that finds every word of it.

Texts are compared in a folded form that has the same length as the original (full-width letters, capitals and the
traditional characters that notices use), so each hit leads back to the exact words of the page.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, cast

import ahocorasick

from pipelines.classify import lexicon_overlay

LEXICON = Path(__file__).resolve().parents[1] / "lexicon"

Label = TypeVar("Label")
Made = TypeVar("Made")

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


class Lexicon:
    """The words to classify with: the shipped files, or those with a user's own laid over them. Never changed once made."""

    def __init__(self, tables: dict[str, dict[str, Any]]) -> None:
        self.tables = tables
        self.made: dict[Callable[[], Any], Any] = {}

    @cached_property
    def digest(self) -> str:
        """Tells lexicons apart: 12 hexadecimal digits that are the same for the same words."""
        said = json.dumps(self.tables, sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(said.encode(), digest_size=6).hexdigest()

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process go the words; what is made of them is made there."""
        return Lexicon, (self.tables,)


def lexicon_of(folder: Path) -> Lexicon:
    """The shipped words with the user's files in ``folder`` laid over them; the shipped ones where it holds none.

    Raises LexiconError, in one line that names the file and what to do.
    """
    found = lexicon_overlay.files_in(folder)
    return _laid_over(folder, tuple(found.items())) if found else _shipped()


@contextmanager
def lay_over(lexicon: Lexicon) -> Iterator[Lexicon]:
    """Inside the block this thread classifies with ``lexicon``; elsewhere the shipped words hold."""
    before = _current.set(lexicon)
    try:
        yield lexicon
    finally:
        _current.reset(before)


def use(lexicon: Lexicon) -> None:
    """From now on this thread classifies with ``lexicon``: for a worker process, which does nothing else."""
    _current.set(lexicon)


def current() -> Lexicon:
    """The words that this thread classifies with."""
    return _current.get() or _shipped()


def vocabulary(name: str) -> dict[str, Any]:
    """The lexicon file ``<name>.toml`` as it holds now, a user's words included."""
    return current().tables[name]


def compiled(make: Callable[[], Made]) -> Callable[[], Made]:
    """As ``functools.cache`` for what is made of a vocabulary: made once for each lexicon, and never of another one's words."""

    def made() -> Made:
        kept = current().made
        if make not in kept:
            kept[make] = make()
        return cast("Made", kept[make])

    return made


_current: ContextVar[Lexicon | None] = ContextVar("lexicon", default=None)


@cache
def _shipped() -> Lexicon:
    """Raises ``tomllib.TOMLDecodeError`` with the file's name when an edit broke it."""
    return Lexicon({name: _read(LEXICON / f"{name}.toml") for name in (*lexicon_overlay.FILES, "regions")})


@lru_cache(maxsize=4)
def _laid_over(folder: Path, found: tuple[tuple[str, bytes], ...]) -> Lexicon:
    shipped = _shipped().tables
    own = {name: lexicon_overlay.laid_over(folder / f"{name}.toml", text, shipped[name]) for name, text in found}
    return Lexicon(shipped | own)


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        try:
            return tomllib.load(handle)
        except tomllib.TOMLDecodeError as error:
            raise tomllib.TOMLDecodeError(f"{path.name}: {error}") from error
