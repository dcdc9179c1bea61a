"""The reference page of the lexicon files.

``python -m pipelines.lexicon.reference > docs/reference/lexicon-files.md`` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pipelines.common.key_tables import key_table, summary
from pipelines.lexicon.files import (
    BuyerKindsFile,
    LexiconFile,
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
    "buyer_kinds.toml": BuyerKindsFile,
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


def page() -> str:
    """Return the reference page as Markdown."""
    parts = [_HEAD]
    for name, model in _FILES.items():
        parts += [f"## {name}\n", f"{summary(model)}\n", *_tables(model)]
    return "\n".join(parts)


def _tables(model: type[LexiconFile]) -> Iterator[str]:
    fields = model.model_fields.items()
    values = {name for name, field in fields if not _inner_model(field)}
    if values:
        yield key_table(model, values)
    for name, field in fields:
        inner = _inner_model(field)
        if inner:
            key = field.alias or name
            yield f"### {f'[[{key}]]' if row_model(field.annotation) else f'[{key}]'}\n"
            yield f"{summary(inner)}\n"
            yield key_table(inner)


def _inner_model(field: FieldInfo) -> type[BaseModel] | None:
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
        return field.annotation
    return row_model(field.annotation)


if __name__ == "__main__":
    print(page(), end="")
