"""The reference page of label files: ``python -m pipelines.label_reference > docs/reference/labels.md``."""

from __future__ import annotations

import sys

from pydantic import BaseModel

from pipelines.common.key_tables import key_table, summary
from pipelines.labelled_notices import Bidder, CrawledRecord, DecidedFields, LabelledLot, LabelledNotice, OtherAmount

_HEAD = """# Label files

Generated from the models in `pipelines/labelled_notices.py` by `python -m pipelines.label_reference`. Do not edit.

A label file has one JSON object a line. It is a label of a person, or, if it has `supplier`, `amount_yuan_text` or
`bidders`, a record of another crawler. Types, sectors and provinces are given by their code or their Chinese or English
name. `null` is the same as a missing key. A wrong key, type or value ends `tenders evaluate` with exit code 2 and one
line that names the file, the line, the key and the remedy. How a person labels: [labelling.md](../labelling.md).
"""
_MODELS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("A label", LabelledNotice),
    ("`lots`", LabelledLot),
    ("`amounts_also`", OtherAmount),
    ("`decided`", DecidedFields),
    ("A record of another crawler", CrawledRecord),
    ("`bidders`", Bidder),
)


def page() -> str:
    """Return the reference page as Markdown."""
    parts = [_HEAD]
    for heading, model in _MODELS:
        parts += [f"## {heading}\n", f"{summary(model)}\n", key_table(model)]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
