"""The words of the forms that notices are written on: labels, column heads, headings, "who won".

Every ``*.toml`` file in this folder holds groups of words. A word may stand for several spellings:

* ``{won}`` stands for each word of the group ``won``: ``{won}金额`` is 中标金额, 成交金额 and 中选金额;
* ``{won?}`` is the same or nothing: ``{intended?}中标`` is 中标 and 拟中标.

So each word is written once, and a group that accepts more than another one builds on it. ``columns.toml`` holds the
rules that give a column its role; they use the same words. Data and plain rules only: this module knows no notice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from math import prod
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from pipelines.common.validation import InvalidDataError, StrictModel, Tuple, read_toml, validate

FOLDER = Path(__file__).resolve().parent
COLUMNS_FILE = "columns.toml"

# More words than these are no list to look through.
_MOST_SPELLINGS = 10_000
_MOST_SPELLINGS_IN_TREE = 100  # of one word
_BEGINNING = 4  # characters

# What the cells of a column are about.
ColumnRole = Literal[
    "supplier",
    "member",
    "amount",
    "rate",
    "unit_price",
    "group",
    "lot",
    "lot_name",
    "row",
    "unit",
    "rank",
    "share",
    "result",
    "address",
    "score",
    "figure",
    "code",
    "bidder",
    "other",
]

# What layout may have put after each character of a label.
_BLANK = r"\s?"
_REFERENCE = re.compile(r"\{(?P<group>[a-z_]+)(?P<optional>\?)?\}")


class WordGroup(StrictModel):
    """Words that mean the same on a form."""

    description: str = Field(min_length=1, description="what the words say, and who uses them")
    example: str = Field(min_length=1, description="a line of an invented notice that holds a word of the group")
    words: Tuple[str] = Field(
        min_length=1, description="the words, each once; {name} and {name?} stand for other groups"
    )


class ColumnRule(StrictModel):
    """One rule of ``columns.toml``: a head that has one of these words gives its column this role."""

    role: ColumnRole = Field(description="what the cells of such a column are about")
    description: str = Field(min_length=1, description="what the heads have in common")
    example: str = Field(min_length=1, description="a head that the rule is for")
    equals: Tuple[str] = Field((), description="the head is one of these")
    contains: Tuple[str] = Field((), description="the head has one of these somewhere")
    ends: Tuple[str] = Field((), description="the head ends with one of these")

    def expression(self) -> re.Pattern[str]:
        """Return the rule as an expression to search a head with."""
        alternatives = [
            *([f"^{_any_of(self.equals)}$"] if self.equals else []),
            *([_any_of(self.contains)] if self.contains else []),
            *([f"{_any_of(self.ends)}$"] if self.ends else []),
        ]
        return re.compile("|".join(alternatives))


class _ColumnsFile(StrictModel):
    column: Tuple[ColumnRule] = Field(min_length=1)


class _GroupsFile(BaseModel):
    groups: dict[str, WordGroup]


@cache
def words(*names: str) -> tuple[str, ...]:
    """Return all words of these groups, references written out, in the order of the file and each once.

    Raises InvalidDataError for groups with very many spellings, which ``labels`` gives as they are written.
    """
    spellings = sum(map(count_spellings, names))
    if spellings > _MOST_SPELLINGS:
        raise InvalidDataError([f"pipelines/lexicon/forms: {', '.join(names)}: {spellings:,} spellings; use labels"])
    return tuple(dict.fromkeys(spelling for name in names for word in _group(name).words for spelling in _spell(word)))


@cache
def pattern(*names: str) -> str:
    """Return a regular expression, as text, for any word of these groups. It tries longer words first."""
    return _any_of([word for name in names for word in _group(name).words])


@cache
def alternatives(*names: str) -> str:
    """Return ``pattern`` without its brackets, to be used among other alternatives.

    The engine skips to the first characters of alternatives fast, but only if none of them begins with a bracket.
    """
    return pattern(*names)[3:-1]


@cache
def count_spellings(name: str) -> int:
    """Return how many spellings the words of a group have, references written out."""
    return sum(map(_count_spellings_of, _group(name).words))


def _count_spellings_of(word: str) -> int:
    return prod(count_spellings(group) + bool(optional) for _, group, optional in _parts(word) if group)


@cache
def labels(*names: str) -> tuple[str, ...]:
    """Return the words of these groups as the files have them, for ``spaced_pattern``. Each is written once."""
    return tuple(dict.fromkeys(word for name in names for word in _group(name).words))


@cache
def spaced_pattern(*labels: str) -> str:
    """Return a regular expression, as text, for any of these labels, which may refer to groups.

    Layout may have put a blank after each character: 名 称, 采 购 人. Longer labels are tried first.
    """
    return _alternation(labels, _spaced_expression, _BLANK)


@cache
def spaced_beginnings(*labels: str) -> str:
    """Return a regular expression, as text, that is found wherever ``spaced_pattern`` is, and in some more places.

    It has the first characters of each spelling. However many spellings there are, few begin differently.
    """
    beginnings = {beginning for label in labels for beginning in _beginnings(label)}
    return f"(?:{'|'.join(_tree(sorted(beginnings), _BLANK))})"


@cache
def column_rules() -> tuple[ColumnRule, ...]:
    """Return the rules for column heads in the order in which they are tried. Raises InvalidDataError."""
    path = FOLDER / COLUMNS_FILE
    return validate(_ColumnsFile, read_toml(path, path.name), path.name).column


@cache
def groups() -> Mapping[str, WordGroup]:
    """Return all groups of words by name."""
    return load_groups(FOLDER)


def load_groups(folder: Path) -> Mapping[str, WordGroup]:
    """Read the groups of words of a folder. Raises InvalidDataError, in one line that names file and group."""
    loaded: dict[str, WordGroup] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name != COLUMNS_FILE:
            loaded |= _checked(path.name, groups_of(path), loaded)
    return loaded


def groups_of(path: Path) -> Mapping[str, WordGroup]:
    """Read the groups of words of one file. Raises InvalidDataError."""
    return validate(_GroupsFile, {"groups": read_toml(path, path.name)}, path.name).groups


def _checked(source: str, content: Mapping[str, WordGroup], earlier: Mapping[str, WordGroup]) -> dict[str, WordGroup]:
    for name, group in content.items():
        repeated = [word for word in dict.fromkeys(group.words) if group.words.count(word) > 1]
        if name in earlier:
            raise InvalidDataError([f"{source}: {name}: another file has a group of this name; rename one"])
        if repeated:
            raise InvalidDataError([f"{source}: {name}: {repeated[0]} is written twice; remove one"])
    return dict(content)


def _group(name: str) -> WordGroup:
    group = groups().get(name)
    if group is None:
        raise InvalidDataError(
            [f"pipelines/lexicon/forms: there is no group {name}; add it to a file or correct the name"]
        )
    return group


def _any_of(alternatives: list[str] | tuple[str, ...]) -> str:
    return _alternation(alternatives, _expression, "")


def _expression(word: str) -> str:
    """Return one word as a regular expression."""
    parts = []
    for text, name, optional in _parts(word):
        parts.append(re.escape(text))
        if name:
            parts.append(pattern(name) + optional)
    return "".join(parts)


def _spaced_expression(label: str) -> str:
    parts: list[str] = []
    for text, name, optional in _parts(label):
        parts.extend(re.escape(character) + _BLANK for character in text)
        if name:
            parts.append(spaced_pattern(*_group(name).words) + optional)
    return "".join(parts)


def _alternation(words: Iterable[str], expression: Callable[[str], str], after_character: str) -> str:
    """Return a regular expression for any of these words, which tries longer ones first.

    Words become a tree of their beginnings, in which a text is looked up much faster than in a list, and which the
    engine can skip to by its first characters. Words with very many spellings stay expressions between such trees.
    """
    branches: list[str] = []
    plain: list[str] = []
    for word in sorted(words, key=_longest, reverse=True):
        if _count_spellings_of(word) <= _MOST_SPELLINGS_IN_TREE:
            plain += _spell(word)
        else:
            branches += [*_tree(plain, after_character), expression(word)]
            plain = []
    return f"(?:{'|'.join([*branches, *_tree(plain, after_character)])})"


def _tree(words: Sequence[str], after_character: str) -> list[str]:
    """Return expressions, one for each first character, that match the same of these words as a list of them would."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(word[1:])
    return [
        re.escape(first) + after_character + _rest(list(dict.fromkeys(further)), after_character)
        for first, further in rests.items()
    ]


def _rest(words: list[str], after_character: str) -> str:
    """Return the expression for the rests of words with the same beginning. An empty rest keeps its place in order."""
    if words == [""]:
        return ""
    end = words.index("") if "" in words else len(words)
    before = _tree(words[:end], after_character)
    after = _tree([word for word in words[end:] if word], after_character)
    if after:
        return f"(?:{'|'.join([*before, '', *after])})"
    if end < len(words):
        return f"(?:{'|'.join(before)})?"
    return before[0] if len(before) == 1 else f"(?:{'|'.join(before)})"


def _beginnings(word: str) -> set[str]:
    """Return the first characters of each spelling of a word."""
    found = {""}
    for text, name, optional in _parts(word):
        fillings = {""} if not name else _beginnings_of(name) | ({""} if optional else set())
        found = {(one + text + filling)[:_BEGINNING] for one in found for filling in fillings}
    return found


@cache
def _beginnings_of(name: str) -> set[str]:
    return {beginning for word in _group(name).words for beginning in _beginnings(word)}


def _longest(word: str) -> int:
    """Return the length of the longest spelling of a word."""
    return sum(len(text) + (_longest_of(name) if name else 0) for text, name, _ in _parts(word))


@cache
def _longest_of(name: str) -> int:
    return max(map(_longest, _group(name).words))


def _spell(word: str) -> Iterator[str]:
    """Yield each spelling of a word in the order of its expression: ``{intended?}中标`` is 拟中标 and 中标."""
    choices = [
        [text + filling for filling in ([""] if not name else [*_spell_all(name), *([""] if optional else [])])]
        for text, name, optional in _parts(word)
    ]
    return ("".join(chosen) for chosen in product(*choices))


@cache
def _spell_all(name: str) -> tuple[str, ...]:
    """Return the spellings of a group, longer words first."""
    return tuple(
        spelling for word in sorted(_group(name).words, key=_longest, reverse=True) for spelling in _spell(word)
    )


def _parts(word: str) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of a word: the text up to a reference, the group that it names and ``?`` if it is optional."""
    position = 0
    for match in _REFERENCE.finditer(word):
        yield word[position : match.start()], match["group"], match["optional"] or ""
        position = match.end()
    yield word[position:], "", ""
