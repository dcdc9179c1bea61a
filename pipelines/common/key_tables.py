"""Tables of the keys that a file may have, made from the pydantic model that checks it, for the reference pages."""

from __future__ import annotations

import re
import types
from collections.abc import Collection, Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_HEAD = ("| key | value | default | meaning |", "|---|---|---|---|")
_NAMES = {
    "bool": "true or false",
    "int": "whole number",
    "float": "number",
    "Decimal": "number",
    "str": "text",
    "date": "day",
    "datetime": "instant",
    "Pattern": "regular expression",
    "Any": "value",
}


def key_table(model: type[BaseModel], keys: Collection[str] | None = None) -> str:
    """Return the keys of a model as a Markdown table that ends in a newline; only ``keys`` of them if given."""
    rows = [*_HEAD]
    for name, field in model.model_fields.items():
        if keys is None or name in keys:
            cells = (f"`{field.alias or name}`", value_in_words(field), _default(field), field.description or "")
            rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def summary(model: type[BaseModel]) -> str:
    """Return the docstring of a model on one line."""
    return " ".join((model.__doc__ or "").split())


def value_in_words(field: FieldInfo) -> str:
    """Return what may be written for a key: ``whole number from 1 to 3660`` or ``list of texts``."""
    return " or ".join(dict.fromkeys(_values(field.annotation, _limits(field.metadata))))


def _values(annotation: Any, limits: str = "") -> Iterator[str]:
    """Yield the alternatives of a type in words; None is left out."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _values(arguments[0], limits or _limits(arguments[1:]))
    elif origin in (Union, types.UnionType):
        for one in arguments:
            yield from _values(one, limits)
    elif origin is Literal:
        yield from (f"`{value}`" for value in arguments)
    elif origin in (tuple, list):
        yield f"list of {_plural(' or '.join(_values(arguments[0])))}"
    elif origin is dict:
        yield f"table of {_plural(' or '.join(_values(arguments[1])))}"
    elif origin is re.Pattern:
        yield _NAMES["Pattern"]
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield "table"
    elif annotation is not type(None):
        yield _NAMES[annotation.__name__] + limits


def _plural(value: str) -> str:
    return f"{value}s" if value in ("text", "number", "table", "day", "value") else value


def _limits(metadata: Collection[Any]) -> str:
    flat = [inner for one in metadata for inner in (one.metadata if isinstance(one, FieldInfo) else [one])]
    bounds = {name: getattr(one, name) for one in flat for name in ("ge", "le") if hasattr(one, name)}
    return f" from {bounds['ge']:,} to {bounds['le']:,}" if len(bounds) == 2 else ""


def _default(field: FieldInfo) -> str:
    """Return a default as it is written in TOML; nothing if the key may be left out and then has no value."""
    if field.is_required():
        return "required"
    value = field.default
    if value is None or value in ((), {}, "") or isinstance(value, BaseModel):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{[*value]}`" if any(value) else ""
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"
