"""A small fixed world for the recorded demo: July 2024, June 2025 and July 2025, frozen in `words/demo.json`.

About thirty notices, of which a dozen are awards of large models; no channel has more than one list page. Kept as facts, not
as a seed, so that new subjects or lives in the random worlds leave recorded cassettes alone.
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
    """Projects as JSON, fields that hold their default left out."""
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
    """The value of a declared type from its JSON form."""
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
    """Always the same."""
    projects = tuple(_from_json(Project, item) for item in json.loads(_FILE.read_text("utf-8")))
    return World(0, projects, tuple(award for award in map(truth.award_of, projects) if award))
