"""Translate what goes to the terminal: help texts, messages, and reports line by line and cell by cell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter

from pydantic import BaseModel, ConfigDict

from pipelines.common.text_tables import width

_CELLS = re.compile(r"( {2,})")
_DEEPEST = 5  # a message may hold a message
_SEPARATORS = ((": ", "："), ("; ", "；"))
_LONGEST = 4_000  # characters of a line that is compared with the templates


class Texts(BaseModel):
    """The texts of one language by the English ones. ``messages`` may have {placeholders}, also in other orders."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    help: dict[str, str]
    titles: dict[str, str]
    messages: dict[str, str]


class Template:
    """An English message with placeholders, and what it is in another language."""

    def __init__(self, english: str, translation: str) -> None:
        parts = list(Formatter().parse(english))
        self.names = [name for _, name, _, _ in parts if name is not None]
        literals = [literal for literal, _, _, _ in parts]
        self.literals = literals if parts and parts[-1][1] is None else [*literals, ""]
        self.translation = translation

    def values(self, text: str) -> dict[str, str] | None:
        """Return the values of the placeholders in ``text``, None if it is another message.

        Looks for one literal after the other, so it takes no longer than the text is long.
        """
        first, *rest = self.literals
        if not rest:
            return {} if text == first else None
        last = rest.pop()
        if not text.startswith(first) or not text.endswith(last):
            return None
        place, end = len(first), len(text) - len(last)
        values = []
        for literal in rest:
            found = text.find(literal, place + 1, end)
            if found < 0:
                return None
            values.append(text[place:found])
            place = found + len(literal)
        if place >= end:
            return None
        return dict(zip(self.names, [*values, text[place:end]], strict=True))

    def follows_a_place(self, values: Mapping[str, str]) -> bool:
        """Return whether a place may be before the message, which begins with a value: ``a.csv:3: x is missing``."""
        return not self.literals[0] and ": " in values[self.names[0]]


class Translator:
    """The texts of one language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._templates = [
            Template(english, translation) for english, translation in texts.messages.items() if "{" in english
        ]
        # Of two templates that fit, the one whose own words come first is around the other one; else the one that says
        # more itself is meant.
        self._templates.sort(key=lambda template: (not template.literals[0], -sum(map(len, template.literals))))

    def help(self, text: str) -> str:
        """Return a help text, or the English one if there is no other."""
        return self.texts.help.get(" ".join(text.split()), text)

    def title(self, text: str) -> str:
        """Return a heading of the help page."""
        return self.texts.titles.get(text, text)

    def message(self, text: str, depth: int = 0) -> str:
        """Return a message of one line with the messages in it. Any other text stays as it is."""
        exact = self.texts.messages.get(text)
        if exact is not None:
            return exact
        if depth < _DEEPEST and len(text) <= _LONGEST:
            for template in self._templates:
                values = template.values(text)
                if values is not None:
                    if template.follows_a_place(values) and (parts := self._in_parts(text, depth + 1)) != text:
                        return parts
                    translated = {name: self.message(value, depth + 1) for name, value in values.items()}
                    return template.translation.format(**translated)
            return self._in_parts(text, depth + 1)
        return text

    def _in_parts(self, text: str, depth: int) -> str:
        """Return a text that is no message itself: a message after the place it is about, or with advice after it."""
        for separator, translation in _SEPARATORS:
            before, found, after = text.partition(separator)
            if found and before and after:
                parts = [self.message(part, depth) for part in (before, after)]
                if parts[1] != after:
                    return translation.join(parts)
        return text

    def report(self, text: str) -> str:
        """Return a report, each line of it as a message, or cell by cell with the columns where they were."""
        return "\n".join(map(self._line, text.split("\n")))

    def _line(self, line: str) -> str:
        text = line.lstrip(" ")
        indent = line[: len(line) - len(text)]
        parts = _CELLS.split(text)
        if text in self.texts.messages or not any(self.message(cell) != cell for cell in parts[::2]):
            return indent + self.message(text)
        for place in range(0, len(parts), 2):
            cell = self.message(parts[place])
            if cell != parts[place] and place + 1 < len(parts):
                room = width(parts[place]) + len(parts[place + 1]) - width(cell)
                parts[place + 1] = " " * max(room, 2)
            parts[place] = cell
        return indent + "".join(parts)


@cache
def chinese() -> Translator:
    """Return the translator to Chinese."""
    return Translator(load("zh.toml"))


def load(name: str) -> Texts:
    """Return the texts of a file in this folder."""
    content: Mapping[str, object] = tomllib.loads((resources.files("tenders.texts") / name).read_text("utf-8"))
    return Texts.model_validate(content, strict=True)
