"""The reference page of the settings is what the models say."""

from __future__ import annotations

from tenders.config.models import ConfigFile
from tenders.config.reference import settings_page
from tests.paths import ROOT


def test_the_page_is_current() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    assert page == settings_page(), "run: python -m tenders.config.reference > docs/reference/settings.md"


def test_the_page_has_every_key_with_a_description() -> None:
    page = settings_page()
    keys = {"contact"}
    for section in ConfigFile.model_json_schema()["$defs"].values():
        keys |= set(section["properties"])
    for key in keys:
        rows = [line for line in page.splitlines() if line.startswith(f"| `{key}` |")]
        assert rows
        assert all(len(row.split("|")[4].strip()) > 10 for row in rows)
