"""The value of a field together with the words of the notice that say it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.text.characters import join_cjk
from pipelines.text.labelled_values import first

# A placeholder for an electronic seal that a portal leaves in its text: &&&采购人公章&&&.
_SEAL = re.compile(r"&&&[^&\n]{1,20}&&&")


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value, and the words of the body it was read from."""

    value: str
    words: str


def clean(value: str) -> str:
    """Return a value without placeholders for seals and without the blanks and punctuation around it."""
    return join_cjk(_SEAL.sub("", value)).strip(" :：，,。；;、|")


def words_of(raw: str, value: str) -> str:
    """Return the words that gave ``value``: the value itself if ``raw`` has it unchanged, otherwise all of ``raw``."""
    return value if value in raw else raw.strip()


def labelled(body: str, *labels: str) -> FieldValue | None:
    """Return the first value after one of the labels, cleaned. None if it is missing or empty."""
    hit = first(body, *labels)
    return FieldValue(clean(hit.value), hit.value) if hit and clean(hit.value) else None
