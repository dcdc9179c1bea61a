"""The language that a person reads: what the command line asks for, else what the environment says."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

from tenders.errors import CommandError

Language = Literal["zh", "en"]
_VARIABLE = "TENDERS_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as in POSIX


def asked_language(arguments: Sequence[str]) -> Language | None:
    """Return the language that ``--lang`` asks for anywhere on a command line, None without a valid one."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            return None
        name, has_value, value = argument.partition("=")
        if name == "--lang":
            asked = value if has_value else "".join(arguments[place + 1 : place + 2])
            return "zh" if asked == "zh" else "en" if asked == "en" else None
    return None


def environment_language() -> Language:
    """Return the language of TENDERS_LANG, else of the locale: Chinese for zh, English for all others.

    Raises CommandError if TENDERS_LANG is another language.
    """
    chosen = os.environ.get(_VARIABLE, "")
    if chosen and not chosen.startswith(("zh", "en")):
        raise CommandError(f"{_VARIABLE} is {chosen!r}: set it to zh or en")
    name = chosen or next(filter(None, (os.environ.get(name) for name in _LOCALE)), "")
    return "zh" if name.startswith("zh") else "en"
