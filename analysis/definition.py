"""Counting rules as data: a definition is a small file in analysis/definitions, and every figure names its own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
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
_KEYS = {"statuses", "large_model", "min_relevance", "portals", "words"}


class UnknownDefinitionError(ValueError):
    """No definition of that name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One way of counting. ``parameters`` fill the names of :data:`WHERE`."""

    name: str
    title_zh: str
    title_en: str
    description: str
    parameters: dict[str, Any]


def names() -> list[str]:
    """The definitions that are shipped, ``market`` first."""
    folder = resources.files("analysis") / "definitions"
    found = sorted(p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml"))
    return sorted(found, key=lambda name: name != "market")


def load(name: str) -> Definition:
    """The definition called ``name``. Raises :class:`UnknownDefinitionError`."""
    if name not in names():
        raise UnknownDefinitionError(f"unknown definition {name!r}: choose one of {', '.join(names())}")
    path = resources.files("analysis") / "definitions" / f"{name}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    where = data["where"]
    unknown = set(where) - _KEYS
    if unknown:
        raise ValueError(f"{name}.toml: unknown condition {', '.join(sorted(unknown))}")
    parameters = {
        "statuses": list(where["statuses"]),
        "large_model": bool(where.get("large_model", True)),
        "min_relevance": float(where.get("min_relevance", 0)),
        "portals": list(where.get("portals", [])),
        "words": list(where.get("words", [])),
    }
    return Definition(data["name"], data["title_zh"], data["title_en"], data["description"].strip(), parameters)
