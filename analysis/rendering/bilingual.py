"""Names in Chinese and in English at once, for tables on a terminal."""

from __future__ import annotations

from analysis.figures.summary import DIMENSIONS, Dimension
from analysis.rendering.messages import messages
from pipelines.lexicon import terms


def bilingual_term(vocabulary: terms.Vocabulary, code: str | None) -> str:
    """Return ``算力 compute`` for a code, ``未标明 not stated`` for None, and an unknown code as it is."""
    if code is None:
        not_stated = messages()["not_stated"]
        return f"{not_stated.zh} {not_stated.en}"
    term = terms.by_code(vocabulary).get(code)
    return f"{term.zh} {term.en}" if term else code


def bilingual_item(dimension: Dimension, code: str | None) -> str:
    """Return what a row of a breakdown is called. Provinces and vendors keep the names of the notices."""
    if dimension == "type":
        return bilingual_term("project_type", code)
    return bilingual_term("sector", code) if dimension == "sector" or code is None else code


def bilingual_dimension(dimension: Dimension) -> tuple[str, str]:
    """Return what a breakdown is by, in Chinese and in English."""
    term = terms.by_code("dimension")[DIMENSIONS[dimension]]
    return term.zh, term.en


def bilingual_metric(metric: str) -> str:
    """Return what a published figure measures. A metric without short names keeps its code: the others are too long."""
    term = terms.by_code("metric").get(metric)
    return f"{term.short_zh} {term.short_en}" if term and term.short_zh else metric
