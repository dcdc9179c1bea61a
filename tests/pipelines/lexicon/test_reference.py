"""The reference page of the lexicon files is what the models say."""

from __future__ import annotations

from pipelines.lexicon.reference import page
from tests.paths import ROOT


def test_the_page_is_current() -> None:
    remedy = "run: python -m pipelines.lexicon.reference > docs/reference/lexicon-files.md"
    assert (ROOT / "docs/reference/lexicon-files.md").read_text("utf-8") == page(), remedy


def test_every_key_has_a_description() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) > 70
    assert [row for row in rows if row.endswith("|  |")] == []
