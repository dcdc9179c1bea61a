"""Notes and publishers of figures that others published, for a Chinese reader: ``source_notes.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal["notes", "publishers"]


class _Texts(BaseModel):
    """The Chinese texts by the English ones."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    notes: dict[str, str]
    publishers: dict[str, str]


def in_chinese(kind: Kind, text: str) -> str:
    """Return a note or a publisher in Chinese; one without a translation stays as it is.

    Publishers of the same value are separated by semicolons.
    """
    known: dict[str, str] = getattr(_texts(), kind)
    if text in known or kind == "notes":
        return known.get(text, text)
    return "; ".join(known.get(name, name) for name in text.split("; "))


@cache
def _texts() -> _Texts:
    content = (resources.files("analysis.rendering") / "source_notes.toml").read_text("utf-8")
    return _Texts.model_validate(tomllib.loads(content), strict=True)
