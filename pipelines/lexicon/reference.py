"""The reference page of the lexicon files.

``python -m pipelines.lexicon.reference > docs/reference/lexicon-files.md`` writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipelines.lexicon.files import (
    LexiconFile,
    OwnersFile,
    ProjectTypesFile,
    RegionsFile,
    RelevanceFile,
    SectorsFile,
    VendorsFile,
    row_model,
)

_FILES: dict[str, type[LexiconFile]] = {
    "relevance.toml": RelevanceFile,
    "project_types.toml": ProjectTypesFile,
    "sectors.toml": SectorsFile,
    "owners.toml": OwnersFile,
    "vendors.toml": VendorsFile,
    "regions.toml": RegionsFile,
}
_HEAD = """# Lexicon files

Generated from `pipelines/lexicon/files.py` by `python -m pipelines.lexicon.reference`. Do not edit.

The words that notices are classified with are TOML files in `pipelines/lexicon`. Files of the same names in
`DIR/lexicon` change them: a row with the name of a shipped row adds its words to it and replaces its single values, a
row with a new name is a new row, and `without = ["词"]` takes shipped words out of a row, of a table without names, or
of the lists before the first table. `regions.toml` cannot be changed. A wrong key, type or value stops every command
that classifies, in one line that names the file, the key and the remedy.
"""
_TYPES = {"str": "text", "float": "number", "int": "whole number", "bool": "true or false"}


def page() -> str:
    """Return the reference page as Markdown."""
    parts = [_HEAD]
    for name, model in _FILES.items():
        parts += [f"## {name}\n", f"{_text(model)}\n", *_tables(model)]
    return "\n".join(parts)


def _tables(model: type[LexiconFile]) -> Iterator[str]:
    fields = list(model.model_fields.items())
    values = [(name, field) for name, field in fields if not _inner_model(field)]
    if values:
        yield _key_table(values)
    for name, field in fields:
        inner = _inner_model(field)
        if inner:
            key = field.alias or name
            yield f"### {f'[[{key}]]' if row_model(field.annotation) else f'[{key}]'}\n"
            yield f"{_text(inner)}\n"
            yield _key_table(list(inner.model_fields.items()))


def _key_table(fields: list[tuple[str, FieldInfo]]) -> str:
    lines = ["| key | value | meaning |", "|---|---|---|"]
    for name, field in fields:
        key = f"`{field.alias or name}`" + ("" if field.is_required() else " (optional)")
        lines.append(f"| {key} | {_value(field.annotation, field.metadata)} | {field.description or ''} |")
    return "\n".join(lines) + "\n"


def _value(annotation: Any, metadata: list[Any]) -> str:
    """Return what may be written as a value, in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(arguments[0], [*arguments[1:], *metadata])
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in arguments)
    if origin is list:
        return f"list of {_plural(_value(arguments[0], []))}"
    if origin is dict:
        return f"table of {_value(arguments[1], [])}"
    if arguments:  # X | None
        return _value(arguments[0], metadata)
    limits = {name: getattr(one, name) for one in _flat(metadata) for name in ("ge", "le") if hasattr(one, name)}
    name = _TYPES[annotation.__name__]
    return f"{name} from {limits['ge']:,} to {limits['le']:,}" if len(limits) == 2 else name


def _flat(metadata: list[Any]) -> Iterator[Any]:
    for one in metadata:
        yield from one.metadata if isinstance(one, FieldInfo) else [one]


def _plural(value: str) -> str:
    return "words" if value == "text" else value


def _inner_model(field: FieldInfo) -> type[BaseModel] | None:
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
        return field.annotation
    return row_model(field.annotation)


def _text(model: type[BaseModel]) -> str:
    return re.sub(r"\s+", " ", model.__doc__ or "").strip()


if __name__ == "__main__":
    print(page(), end="")
