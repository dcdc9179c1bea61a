"""A small fixed world for the recorded demo, frozen in `words/demo.json`: July 2024, June 2025 and July 2025.

It has about thirty notices, a dozen of them awards of large models. No channel has more than one list page.
The world is stored as facts and not as a seed, so that changes to the random worlds keep the recorded cassettes valid.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.replica import truth
from tests.replica.model import Project, World

_FILE = Path(__file__).parent / "words" / "demo.json"


def freeze_projects(projects: tuple[Project, ...]) -> str:
    """Return projects as JSON without fields that hold their default."""
    return json.dumps([_to_json(project) for project in projects], ensure_ascii=False, indent=1)


def _to_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        pairs = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {field.name: _to_json(item) for field, item in pairs if item != field.default}
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if isinstance(value, datetime | Decimal):
        return str(value)
    return value


def _from_json(kind: Any, value: Any) -> Any:
    """Rebuild a value of a declared type from JSON."""
    if value is None:
        return None
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        inner = [args[0]] * len(value) if len(args) == 2 and args[1] is Ellipsis else list(args)
        return tuple(_from_json(one, item) for one, item in zip(inner, value, strict=True))
    if origin in (types.UnionType, typing.Union):
        return _from_json(next(one for one in args if one is not type(None)), value)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _from_json(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    if kind is Decimal:
        return Decimal(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    return value


def demo_world() -> World:
    """Return the demo world. It is always the same."""
    projects = tuple(_from_json(Project, item) for item in json.loads(_FILE.read_text("utf-8")))
    return World(0, projects, tuple(award for award in map(truth.award_of, projects) if award))
