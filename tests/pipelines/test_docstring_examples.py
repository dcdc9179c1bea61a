"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "text.characters",
        "text.column_roles",
        "text.dates",
        "extract.amounts",
        "extract.fields",
        "extract.parties",
        "extract.party_names",
        "extract.priced_names",
    ],
)
def test_docstring_examples_are_correct(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"pipelines.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
