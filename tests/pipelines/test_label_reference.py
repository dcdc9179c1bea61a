"""The reference page of label files."""

from __future__ import annotations

from pipelines.label_reference import page
from tests.paths import ROOT


def test_the_page_of_label_files_is_current() -> None:
    remedy = "run: python -m pipelines.label_reference > docs/reference/labels.md"
    assert (ROOT / "docs" / "reference" / "labels.md").read_text("utf-8") == page(), remedy
