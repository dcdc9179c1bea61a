"""The words of the forms that notices are written on: labels, column heads, headings, "who won".

Every ``*.toml`` file in this folder holds groups of words. A word may stand for several spellings:

* ``{won}`` stands for each word of the group ``won``: ``{won}金额`` is 中标金额, 成交金额 and 中选金额;
* ``{won?}`` is the same or nothing: ``{intended?}中标`` is 中标 and 拟中标.

So each word is written once, and a group that accepts more than another one builds on it. ``columns.toml`` holds the
rules that give a column its role; they use the same words. Data and plain rules only: this module knows no notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
def count_spellings(name: str) -> int:
    """Return how many spellings the words of a group have, references written out."""
    return sum(
        prod(count_spellings(group) + bool(optional) for _, group, optional in _parts(word) if group)
        for word in _group(name).words
    )


@cache
def labels(*names: str) -> tuple[str, ...]:
    """Return the words of these groups as the files have them, for ``spaced_pattern``. Each is written once."""
    return tuple(dict.fromkeys(word for name in names for word in _group(name).words))


@cache
def spaced_pattern(*labels: str) -> str:
    """Return a regular expression, as text, for any of these labels, which may refer to groups.

    Layout may have put a blank after each character: 名 称, 采 购 人. Longer labels are tried first.
    """
    return f"(?:{'|'.join(map(_spaced_expression, sorted(labels, key=_longest, reverse=True)))})"


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
    return f"(?:{'|'.join(map(_expression, sorted(alternatives, key=_longest, reverse=True)))})"


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
        parts.extend(rf"{re.escape(character)}\s?" for character in text)
        if name:
            parts.append(spaced_pattern(*_group(name).words) + optional)
    return "".join(parts)


def _longest(word: str) -> int:
    """Return the length of the longest spelling of a word."""
    return sum(len(text) + (_longest_of(name) if name else 0) for text, name, _ in _parts(word))


@cache
def _longest_of(name: str) -> int:
    return max(map(_longest, _group(name).words))


def _spell(word: str) -> Iterator[str]:
    """Yield each spelling of a word: ``{intended?}中标`` is 拟中标 and 中标."""
    choices = [
        [text + filling for filling in ([""] if not name else [*words(name), *([""] if optional else [])])]
        for text, name, optional in _parts(word)
    ]
    return ("".join(chosen) for chosen in product(*choices))


def _parts(word: str) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of a word: the text up to a reference, the group that it names and ``?`` if it is optional."""
    position = 0
    for match in _REFERENCE.finditer(word):
        yield word[position : match.start()], match["group"], match["optional"] or ""
        position = match.end()
    yield word[position:], "", ""
