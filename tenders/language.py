"""The language that a person reads: what the command line asks for, else what the environment says."""

from __future__ import annotations

import os
from typing import Literal

from tenders.console import CommandError

Language = Literal["zh", "en"]
_VARIABLE = "TENDERS_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as in POSIX


def environment_language() -> Language:
    """Return the language of TENDERS_LANG, else of the locale: Chinese for zh, English for all others.

    Raises CommandError if TENDERS_LANG is another language.
    """
    chosen = os.environ.get(_VARIABLE, "")
    if chosen and not chosen.startswith(("zh", "en")):
        raise CommandError(f"{_VARIABLE} is {chosen!r}: set it to zh or en")
    name = chosen or next(filter(None, (os.environ.get(name) for name in _LOCALE)), "")
    return "zh" if name.startswith("zh") else "en"
