"""What a field of a notice is: a value and the words that say it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.text.characters import join_cjk
from pipelines.text.labelled_values import first

# Places for electronic seals that a portal leaves in its text.
_STAMP = re.compile(r"&&&[^&\n]{1,20}&&&")


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the words of the body that say it."""

    value: str
    words: str


def clean(value: str) -> str:
    """A value without the blanks, marks and places for seals around and in it."""
    return join_cjk(_STAMP.sub("", value)).strip(" :：，,。；;、|")


def words_of(raw: str, value: str) -> str:
    """The stretch of ``raw`` that gave ``value``: the value itself where it stands there unchanged."""
    return value if value in raw else raw.strip()


def labelled(body: str, *labels: str) -> Found | None:
    """The first value behind one of the labels, cleaned."""
    hit = first(body, *labels)
    return Found(clean(hit.value), hit.value) if hit and clean(hit.value) else None
