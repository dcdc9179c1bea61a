"""The reference page of descriptor keys, from the model. ``python -m tenders.portals.reference`` prints it."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipelines.pages.notice_place import Attributes, Packages
from tenders.portals.descriptor import Answers, Portal, PortalNoticePlace, Proof
from tenders.portals.options import FAMILIES, EpointNames, GgzyStage

_INTRODUCTION = """# Keys of a portal descriptor

Generated from the model by `python -m tenders.portals.reference`. Do not edit.

A portal is one file `tenders/portals/NAME.toml`. A portal on a known family needs no code. A wrong key, type or value
is answered with one line that names the file, the key and what to write.
"""

_TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[answers]", Answers),
    ("[answers.NAME]", Proof),
    ("[notice]", PortalNoticePlace),
    ("[notice.packages]", Packages),
    ("[notice.attributes]", Attributes),
)
_OPTION_TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("[options.names]` of `epoint", EpointNames),
    ("[options.stages.CHANNEL]` of `ggzy", GgzyStage),
)
_TYPE_NAMES = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    str: "text",
    "date": "day",
    "Pattern": "regular expression",
}


def markdown() -> str:
    """Return the page."""
    parts = [_INTRODUCTION, f"## The file\n\n{_table(Portal)}"]
    for name, model in _TABLES:
        parts.append(f"## `{name}`\n\n{_summary(model)}\n\n{_table(model)}")
    parts.append("## `[options]`\n\nEach family has its own options.\n")
    for family, options in sorted(FAMILIES.items()):
        parts.append(f"### Family `{family}`\n\n{_summary(options)}\n\n{_table(options)}")
    for name, model in _OPTION_TABLES:
        parts.append(f"### `{name}`\n\n{_summary(model)}\n\n{_table(model)}")
    return "\n".join(parts)


def _table(model: type[BaseModel]) -> str:
    rows = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        cells = (f"`{name}`", _type(field), _default(field), field.description or "")
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _summary(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _default(field: FieldInfo) -> str:
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


def _type(field: FieldInfo) -> str:
    return " or ".join(dict.fromkeys(_type_names(field.annotation)))


def _type_names(annotation: Any) -> Iterator[str]:
    """Yield the names of a type's alternatives, in words; None is left out."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _type_names(arguments[0])
    elif origin in (Union, types.UnionType):
        for one in arguments:
            yield from _type_names(one)
    elif origin is Literal:
        yield from (f'`"{value}"`' for value in arguments)
    elif origin in (tuple, list):
        yield "list of " + " or ".join(_type_names(arguments[0]))
    elif origin is dict:
        yield f"table of {' or '.join(_type_names(arguments[1]))}"
    elif origin is re.Pattern or annotation is re.Pattern:
        yield _TYPE_NAMES["Pattern"]
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield "table"
    elif annotation is not type(None):
        yield _TYPE_NAMES.get(annotation) or _TYPE_NAMES[annotation.__name__]


if __name__ == "__main__":
    print(markdown(), end="")
