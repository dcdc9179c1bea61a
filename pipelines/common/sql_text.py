"""Values and rules of this project as SQL text, where a statement cannot take them as parameters."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.common.safe_text import FORMULA_PATTERN


def literal(value: object) -> str:
    """Return a text or a path as an SQL text. Quotes are doubled, so a value cannot end its text."""
    return "'" + str(value).replace("'", "''") + "'"


def literals(values: Iterable[object]) -> str:
    """Return SQL texts in a row, with commas between them."""
    return ", ".join(map(literal, values))


def without_formulas(text: str) -> str:
    """Return the SQL of :func:`pipelines.common.safe_text.escape_formula` for a text expression."""
    return f"CASE WHEN regexp_matches({text}, {literal(FORMULA_PATTERN)}) THEN '''' || {text} ELSE {text} END"
