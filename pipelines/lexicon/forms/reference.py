"""The reference page of the words of forms.

``python -m pipelines.lexicon.forms.reference > docs/reference/forms.md`` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.lexicon import forms
from pipelines.lexicon.forms import FOLDER, ColumnRule, WordGroup

_HEAD = """# Words of forms

Generated from `pipelines/lexicon/forms` by `python -m pipelines.lexicon.forms.reference`. Do not edit.

Notices are written on forms. Their labels, column heads, headings and other words that decide how a notice is read are
groups of words in TOML files. In a word, `{won}` stands for each word of the group `won`, and `{won?}` for the same or
nothing. The number of words counts each spelling. The examples are invented; ┊ separates the cells of a table.
"""
_COLUMNS_HEAD = """## columns.toml

Which role a column has, by its head. The first rule that fits decides.

| role | what the heads say | example |
|---|---|---|
"""
_GROUPS_HEAD = """## {file}

| group | what the words say | example | words |
|---|---|---|---|
"""


def page() -> str:
    """Return the reference page as Markdown."""
    columns = _COLUMNS_HEAD + "".join(map(_column_row, forms.column_rules()))
    return "\n".join([_HEAD, columns, *_tables()])


def _tables() -> Iterator[str]:
    """Yield the table of each file of groups."""
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name != forms.COLUMNS_FILE:
            rows = [_group_row(name, group) for name, group in forms.groups_of(path).items()]
            yield _GROUPS_HEAD.format(file=path.name) + "".join(rows)


def _group_row(name: str, group: WordGroup) -> str:
    spellings = forms.count_spellings(name)
    return f"| `{name}` | {_cell(group.description)} | {_cell(group.example)} | {spellings:,} |\n"


def _column_row(rule: ColumnRule) -> str:
    return f"| `{rule.role}` | {_cell(rule.description)} | {_cell(rule.example)} |\n"


def _cell(text: str) -> str:
    """Return a text as a cell of a Markdown table. Tabs are between the cells of a notice."""
    return text.replace("\t", " ┊ ").replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
