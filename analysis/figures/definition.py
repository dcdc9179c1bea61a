"""Counting rules as data: a definition is a small file, shipped in analysis/figures/definitions or in a user's own folder, and every
figure names its own."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

# A definition's conditions as one WHERE clause; what a definition leaves out does not restrict.
WHERE = """
    list_contains($statuses, status) AND awarded_on IS NOT NULL
    AND (NOT $large_model OR is_large_model)
    AND coalesce(relevance, 0) >= $min_relevance
    AND (len($portals) = 0 OR list_has_any(portals, $portals))
    AND (len($words) = 0 OR len(list_filter($words,
        lambda w: contains(coalesce(title, '') || ' ' || coalesce(project_name, ''), w))) > 0)
"""
ALL = "all"  # what asks for every definition, and so is the name of none
_TEXTS = ("name", "title_zh", "title_en", "description")
_STATUSES = ("awarded", "candidate", "void")
# Each condition with what it is where a file leaves it out.
_CONDITIONS: dict[str, Any] = {"statuses": None, "large_model": True, "min_relevance": 0.0, "portals": [], "words": []}


class UnknownDefinitionError(ValueError):
    """No definition of that name; the message lists those there are."""


class DefinitionError(ValueError):
    """A definition's file cannot be used; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One way of counting. ``parameters`` fill the names of :data:`WHERE`."""

    name: str
    title_zh: str
    title_en: str
    description: str
    parameters: dict[str, Any]


def names(own: Path | None = None) -> list[str]:
    """The definitions that are shipped, ``market`` first, then those in the user's folder ``own``."""
    shipped = sorted(
        _names_in(resources.files("analysis.figures") / "definitions"), key=lambda name: (name != "market", name)
    )
    return [*shipped, *sorted(_own_names(own) - {*shipped})]


def load(name: str, own: Path | None = None) -> Definition:
    """The definition called ``name``, shipped or of the folder ``own``.

    Raises :class:`UnknownDefinitionError` and :class:`DefinitionError`.
    """
    known = names(own)
    if name not in known:
        raise UnknownDefinitionError(f"unknown definition {name!r}: choose one of {', '.join([*known, ALL])}")
    shipped = resources.files("analysis.figures") / "definitions" / f"{name}.toml"
    if own is None or name not in _own_names(own):
        return _definition(f"{name}.toml", name, shipped.read_bytes())
    path = own / f"{name}.toml"
    if shipped.is_file() or name == ALL:
        raise DefinitionError(f"{path}: {name!r} has a meaning already: give the file another name")
    return _definition(str(path), name, path.read_bytes())


def load_all(own: Path | None = None) -> list[Definition]:
    """Every definition there is, ``market`` first. Raises :class:`DefinitionError`."""
    return [load(name, own) for name in names(own)]


def _own_names(own: Path | None) -> set[str]:
    return set(_names_in(own)) if own is not None and own.is_dir() else set()


def _names_in(folder: Any) -> list[str]:
    return [path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml")]


def _definition(path: str, name: str, text: bytes) -> Definition:
    def wrong(what: str) -> DefinitionError:
        return DefinitionError(f"{path}: {what}")

    try:
        data = tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise wrong("is not UTF-8: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise wrong(f"is not TOML: {error}: mend it there") from None
    if unknown := [key for key in data if key not in (*_TEXTS, "where")]:
        raise wrong(f"unknown key {unknown[0]!r}: use {', '.join(_TEXTS)} and the table [where]")
    for key in _TEXTS:
        if not isinstance(data.get(key), str) or not data[key].strip():
            raise wrong(f'{key} must be a text in quotes: add {key} = "…"')
    if data["name"] != name or not re.fullmatch(r"\w[\w-]*", name):
        raise wrong(f"file and definition must have one name, of letters and digits: name is {data['name']!r}")
    where = data.get("where")
    if not isinstance(where, dict):
        raise wrong('the table [where] is missing: add [where] and statuses = ["awarded"]')
    title_zh, title_en, description = (data[key].strip() for key in _TEXTS[1:])
    return Definition(name, title_zh, title_en, description, _conditions(where, wrong))


def _conditions(where: dict[str, Any], wrong: Any) -> dict[str, Any]:
    if unknown := [key for key in where if key not in _CONDITIONS]:
        raise wrong(f"unknown condition {unknown[0]!r} in [where]: use {', '.join(_CONDITIONS)}")
    values = {**_CONDITIONS, **where}
    statuses, relevance = values["statuses"], values["min_relevance"]
    if not isinstance(statuses, list) or not statuses or not all(status in _STATUSES for status in statuses):
        raise wrong(f'statuses must be a list of {", ".join(_STATUSES)}: write, for instance, statuses = ["awarded"]')
    if not isinstance(values["large_model"], bool):
        raise wrong("large_model must be true or false")
    if isinstance(relevance, bool) or not isinstance(relevance, int | float) or not 0 <= relevance <= 1:
        raise wrong("min_relevance must be a number from 0 to 1")
    for key in ("portals", "words"):
        if not isinstance(values[key], list) or not all(isinstance(text, str) and text.strip() for text in values[key]):
            raise wrong(f'{key} must be a list of texts in quotes: {key} = ["…"]')
    return {**values, "min_relevance": float(relevance)}
