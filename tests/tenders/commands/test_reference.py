"""The reference page of the commands is what the commands say."""

from __future__ import annotations

from tenders.commands.reference import commands_page
from tenders.commands.registry import COMMANDS
from tests.paths import ROOT


def test_the_page_is_current() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    assert page == commands_page(), "run: python -m tenders.commands.reference > docs/reference/commands.md"


def test_every_command_is_named_like_its_file_and_has_an_example() -> None:
    for command in COMMANDS:
        assert command.__module__ == f"tenders.commands.{command.__name__}"
        assert f"Example: tenders {command.__name__}" in str(command.__doc__)
