"""``python -m analysis.figures.definition_reference`` prints docs/reference/definitions.md, made from the models."""

from __future__ import annotations

import sys

from analysis.figures.definition import Conditions, Definition, load_all
from pipelines.common.key_tables import key_table

_PAGE = """# Definitions

A definition is a counting rule as data: a TOML file that says which awards count. The shipped ones are in
`analysis/figures/definitions/`; your own go to `definitions/NAME.toml` in the data folder. This page is made from the
models by `python -m analysis.figures.definition_reference > docs/reference/definitions.md`.

A wrong key, type or value is refused in one line that names the file, the key and what to write. What the definitions
mean: [definition.md](../definition.md).

## Keys

{keys}
## `[where]`

All conditions must hold; one that is left out does not restrict. An award without a date never counts.

{conditions}
## Shipped definitions

| name | title | what counts |
|---|---|---|
{shipped}
"""


def reference() -> str:
    """Return docs/reference/definitions.md, made from the models, as Markdown that ends in a newline."""
    return _PAGE.format(
        keys=key_table(Definition), conditions=key_table(Conditions), shipped="\n".join(_shipped_rows())
    )


def _shipped_rows() -> list[str]:
    return [
        f"| `{one.name}` | {one.title_zh}<br>{one.title_en} | {' '.join(one.description.split())} |"
        for one in load_all()
    ]


if __name__ == "__main__":
    sys.stdout.write(reference())
