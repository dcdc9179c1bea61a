"""The texts of ``messages.toml``, checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

Language = Literal["zh", "en"]
# A word with its number: {awards=award|awards}
_FORMS = re.compile(r"\{(\w+)=([^{}|]*)\|([^{}|]*)\}")


class Message(BaseModel):
    """One text in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    zh: str
    en: str

    @model_validator(mode="after")
    def _has_the_same_placeholders(self) -> Message:
        if placeholders(self.zh) != placeholders(self.en):
            raise ValueError(f"the placeholders differ: {self.zh!r} and {self.en!r}")
        return self

    def in_language(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en


@cache
def messages() -> Mapping[str, Message]:
    """Return all texts by name, in the order of the file."""
    return parse((resources.files("analysis.rendering") / "messages.toml").read_text("utf-8"))


def parse(text: str) -> Mapping[str, Message]:
    """Return the texts of a TOML document by name.

    Raises ValueError for a name that occurs twice, lacks a language or has other placeholders in it.
    """
    return TypeAdapter(dict[str, Message]).validate_python(tomllib.loads(text), strict=True)


def in_number(text: str, values: Mapping[str, object]) -> str:
    """Return a text with the form of each word that fits its number: ``{awards=project was|projects were}``.

    The first form is for the number 1, the second for all others.
    """
    return _FORMS.sub(lambda match: match[2] if str(values[match[1]]) == "1" else match[3], text)


def placeholders(text: str) -> set[str]:
    """Return the names between braces."""
    return {name for _, name, _, _ in Formatter().parse(_FORMS.sub("", text)) if name is not None}
