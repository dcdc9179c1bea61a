"""How a wrong key, type or value in a data file becomes one clear line.

Data files (portal descriptors, `tenders.toml`, definitions, lexicons, labels) are pydantic models. A model that refuses
its data raises pydantic's ``ValidationError``; here its parts become lines such as

    tenders/portals/x.toml: lists: 'nwest' is not allowed; write newest or dated
    tenders.toml: crawl.keywrod: unknown key; did you mean keyword?
"""

from __future__ import annotations

import difflib
import re
import tomllib
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.common.safe_text import printable

Item = TypeVar("Item")
Model = TypeVar("Model", bound=BaseModel)

# A TOML or JSON list as an immutable tuple. Strict models refuse a list where a plain tuple is declared.
Tuple = Annotated[tuple[Item, ...], Field(strict=False)]

# Windows Notepad writes this before the text of a UTF-8 file. It is not part of the text.
UTF8_BOM = b"\xef\xbb\xbf"

_LONGEST_VALUE = 40

# How the messages of ``tomllib`` end, and what it calls a key or a table that is written twice.
_TOML_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_TOML_END = re.compile(r" \(at end of document\)$")
_TABLE_TWICE = re.compile(r"Cannot declare \((.+?),?\) twice")
_KEY = re.compile(r"\s*([^\s=#,\[\]{}]+)\s*=")

# Errors that an empty value causes: there is no value to show.
_EMPTY = {"string_too_short": "text", "string_pattern_mismatch": "text", "too_short": "list"}

# What to write instead, by pydantic's name of the error. {…} are filled from the error's own context.
_WANTED = {
    "bool_type": "write true or false",
    "date_type": "write a day such as 2026-08-01, without quotes",
    "dict_type": "write a table",
    "finite_number": "write a finite number",
    "float_type": "write a number",
    "greater_than": "write a number greater than {gt}",
    "greater_than_equal": "write a number of at least {ge}",
    "int_from_float": "write a whole number",
    "int_type": "write a whole number",
    "less_than": "write a number less than {lt}",
    "less_than_equal": "write a number of at most {le}",
    "list_type": "write a list in brackets",
    "literal_error": "write {expected}",
    "mapping_type": "write a table",
    "model_type": "write a table",
    "pattern_str_type": "write a regular expression in quotes",
    "pattern_type": "write a regular expression in quotes",
    "string_pattern_mismatch": "write text that matches {pattern}",
    "string_too_long": "write at most {max_length} characters",
    "string_too_short": "write at least {min_length} characters",
    "string_type": "write text in quotes",
    "too_long": "write at most {max_length} entries",
    "too_short": "write at least {min_length} entries",
    "tuple_type": "write a list in brackets",
}


class InvalidDataError(ValueError):
    """A data file that its model refuses. The message is the first of ``problems``, which has one line per mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems[0])
        self.problems = problems


class StrictModel(BaseModel):
    """Base of every model of a data file: no unknown keys, no conversions, no changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def validate(model: type[Model], data: object, source: str, remedies: Mapping[str, str] | None = None) -> Model:
    """Return ``data`` as ``model``. Raises InvalidDataError with one line per mistake.

    ``source`` names the file in the messages. ``remedies`` gives the advice for single keys, by dotted path
    (``crawl.keywords``) or by bare key (``keywords``), if the general advice does not fit.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidDataError(explain_errors(error, source, remedies, model)) from None


def read_toml(path: Path, source: str | None = None) -> dict[str, Any]:
    """Return the content of a TOML file. Raises InvalidDataError if it is not TOML, OSError if it cannot be read."""
    return parse_toml(path.read_bytes(), source or str(path))


def parse_toml(content: bytes, source: str) -> dict[str, Any]:
    """Return the content of a TOML file, with or without a BOM. Raises InvalidDataError, which names ``source``."""
    try:
        return tomllib.loads(content.removeprefix(UTF8_BOM).decode("utf-8"))
    except UnicodeDecodeError:
        raise InvalidDataError([f"{source}: not UTF-8; save the file as UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidDataError([f"{source}: not TOML: {_toml_problem(str(error), content)}"]) from None


def explain_errors(
    error: ValidationError,
    source: str,
    remedies: Mapping[str, str] | None = None,
    model: type[BaseModel] | None = None,
) -> list[str]:
    """Return one line per mistake: ``source: key: what is wrong; what to write``.

    With ``model``, an unknown key is answered with the nearest key that exists at its place.
    """
    return [_line(dict(details), source, remedies or {}, model) for details in error.errors(include_url=False)]


def nearest_key(key: str, known: list[str]) -> str | None:
    """Return the known key that ``key`` probably means; None if none is near."""
    matches = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    return matches[0] if matches else None


def advise_key(key: str, known: list[str]) -> str:
    """Return what to write instead of an unknown key: the nearest known one, or any of them."""
    if near := nearest_key(key, known):
        return f"did you mean {near}?"
    return f"remove it, or use one of {', '.join(known)}" if known else "remove it"


def _line(details: Mapping[str, Any], source: str, remedies: Mapping[str, str], model: type[BaseModel] | None) -> str:
    location: tuple[int | str, ...] = details["loc"]
    path = _dotted(location)
    names = [step for step in location if isinstance(step, str)]  # a remedy for a list is one for its entries
    advice = remedies.get(".".join(names)) or remedies.get(names[-1] if names else "")
    kind = str(details["type"])
    if kind == "extra_forbidden":
        keys = _keys_at(model, location[:-1]) if model else []
        return _joined(source, path, f"unknown key; {advice or advise_key(str(location[-1]), keys)}")
    if kind == "missing":
        return _joined(source, path, f"missing; {advice or f'add {location[-1]}'}")
    if kind in ("value_error", "assertion_error"):
        problem_text = str(details["ctx"]["error"])
        return _joined(source, path, f"{problem_text}; {advice}" if advice else problem_text)
    return _joined(source, path, f"{_problem(kind, details['input'])}; {advice or _advice(kind, details)}")


def _problem(kind: str, value: object) -> str:
    if kind == "pattern_regex":
        return f"{shown_value(value)} is not a regular expression{_reason(value)}"
    if kind in _EMPTY and not (value.strip() if isinstance(value, str) else value):
        return f"the {'table' if isinstance(value, dict) else _EMPTY[kind]} is empty"
    return f"{shown_value(value)} is not allowed"


def _reason(expression: object) -> str:
    """Return why a text is no regular expression. Pydantic does not say it."""
    try:
        re.compile(str(expression))
    except re.error as error:
        return f": {error}"
    return ""


def _toml_problem(message: str, content: bytes) -> str:
    """Return a message of ``tomllib`` with the line first, and words that a writer of the file understands."""
    lines = content.decode("utf-8-sig").rstrip("\n").split("\n")
    position = _TOML_LINE.search(message)
    number = int(position[1]) if position else len(lines)
    problem = _TOML_END.sub("", _TOML_LINE.sub("", message))
    if match := _TABLE_TWICE.match(problem):
        problem = f"the table [{match[1].replace(', ', '.').replace(chr(39), '')}] is written twice"
    elif problem == "Cannot overwrite a value":
        key = _repeated_key(lines[:number])
        problem = f"the key {key} is written twice" if key else "a key is written twice"
    return f"line {number}: {problem}; correct it there"


def _repeated_key(lines: list[str]) -> str | None:
    """Return the last key of these lines that an earlier line has too. Its value may take several lines."""
    keys = [match[1] for line in lines if (match := _KEY.match(line))]
    return next((key for index, key in reversed(list(enumerate(keys))) if key in keys[:index]), None)


def _advice(kind: str, details: Mapping[str, Any]) -> str:
    if kind == "pattern_regex":
        return "correct it there"
    context = {
        name: f"{value:g}" if isinstance(value, float) else value for name, value in (details.get("ctx") or {}).items()
    }
    if kind == "literal_error":
        context["expected"] = str(context["expected"]).replace("'", "")
    wanted = _WANTED.get(kind)
    if wanted is None:
        return str(details["msg"])
    return re.sub(r" 1 (entr|character)(?:ies|s)$", _one, wanted.format(**context))


def _one(match: re.Match[str]) -> str:
    """Return the singular of ``1 entries`` and ``1 characters``."""
    return " one entry" if match[1] == "entr" else " one character"


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Return the keys that exist at a place of the data, as far as the model's types tell it."""
    annotations: list[Any] = [model]
    for step in location:
        annotations = [inner for one in annotations for inner in _inside(one, step)]
    models = [one for one in annotations if isinstance(one, type) and issubclass(one, BaseModel)]
    return list(dict.fromkeys(field.alias or name for one in models for name, field in one.model_fields.items()))


def _inside(annotation: Any, step: int | str) -> Iterator[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if step in (name, field.alias):
                yield from _alternatives(field.annotation)
        return
    arguments = [one for one in get_args(annotation) if one is not Ellipsis]
    if arguments:  # list[X], tuple[X, ...], dict[str, X]
        yield from _alternatives(arguments[-1])


def _alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the types of ``X | Y``, and the type inside ``Annotated[X, …]``."""
    if get_origin(annotation) is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from _alternatives(one)
    else:
        yield annotation


def _dotted(location: tuple[int | str, ...]) -> str:
    """Return ``("lots", 2, "name")`` as ``lots[3].name``: people count entries from 1."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step + 1}]"
        else:
            path += f".{step}" if path else step
    return path


def _joined(source: str, path: str, problem: str) -> str:
    return printable(f"{source}: {path}: {problem}" if path else f"{source}: {problem}")


def shown_value(value: object) -> str:
    """Return a value of a data file as a message shows it: short, and text in quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    text = repr(value).replace("\\\\", "\\") if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
