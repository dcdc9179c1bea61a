"""The codes of the public interface and their names in Chinese and in English, from ``terms.toml``.

Plain data: this module imports no other part of the project, so every part may use it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

Language = Literal["zh", "en"]
Vocabulary = Literal[
    "project_type",
    "sector",
    "buyer_kind",
    "province",
    "kind",
    "status",
    "lot_state",
    "amount_source",
    "amount_kind",
    "role",
    "coverage_state",
    "change_cause",
    "contradiction",
    "dimension",
    "metric",
    "flag",
    "review_field",
    "review_answer",
    "field",
    "label_confidence",
    "witness",
    "rule",
]


class Term(BaseModel):
    """What one code is called. A code without short names uses its full names in narrow places too."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    zh: str
    en: str
    short_zh: str | None = None
    short_en: str | None = None
    also: list[str] = []

    def name(self, language: Language, *, short: bool = False) -> str:
        """Return the name in one language."""
        if language == "zh":
            return (self.short_zh or self.zh) if short else self.zh
        return (self.short_en or self.en) if short else self.en


def by_code(vocabulary: Vocabulary) -> Mapping[str, Term]:
    """Return all terms of a vocabulary by code, in the order of the file."""
    return _load()[vocabulary]


def codes(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return all codes of a vocabulary, in the order of the file."""
    return tuple(by_code(vocabulary))


def name(vocabulary: Vocabulary, code: str, language: Language, *, short: bool = False) -> str:
    """Return what a code is called. Text that is no code of the vocabulary is returned as it is."""
    term = by_code(vocabulary).get(code)
    return term.name(language, short=short) if term else code


def names(vocabulary: Vocabulary, language: Language, *, short: bool = False) -> dict[str, str]:
    """Return what all codes of a vocabulary are called, by code."""
    return {code: term.name(language, short=short) for code, term in by_code(vocabulary).items()}


def code_of(vocabulary: Vocabulary, text: str) -> str | None:
    """Return the code that a person writes, by code or by name, in any case. None if there is no such code."""
    return _spellings(vocabulary).get(text.strip().casefold())


@cache
def _load() -> dict[Vocabulary, dict[str, Term]]:
    text = Path(__file__).with_name("terms.toml").read_text("utf-8")
    return TypeAdapter(dict[Vocabulary, dict[str, Term]]).validate_python(tomllib.loads(text), strict=True)


@cache
def _spellings(vocabulary: Vocabulary) -> dict[str, str]:
    """Return every way to write a code. Raises ValueError if two codes share a spelling."""
    spellings: dict[str, str] = {}
    for code, term in by_code(vocabulary).items():
        for text in (code, term.zh, term.en, term.short_zh, term.short_en, *term.also):
            if text and spellings.setdefault(text.casefold(), code) != code:
                raise ValueError(
                    f"terms.toml: [{vocabulary}] {text!r} names both {spellings[text.casefold()]} and {code}"
                )
    return spellings
