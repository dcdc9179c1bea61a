"""Names in Chinese and in English at once, for tables on a terminal."""

from __future__ import annotations

from analysis.rendering.messages import messages
from pipelines.lexicon import terms


def bilingual_term(vocabulary: terms.Vocabulary, code: str | None) -> str:
    """Return ``算力 compute`` for a code, ``未标明 not stated`` for None, and an unknown code as it is."""
    if code is None:
        not_stated = messages()["not_stated"]
        return f"{not_stated.zh} {not_stated.en}"
    term = terms.by_code(vocabulary).get(code)
    return f"{term.zh} {term.en}" if term else code
