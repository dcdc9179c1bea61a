"""Our figures beside those that others published for the same period. Ours are never tuned to match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from analysis.figures.periods import Period
from pipelines.lexicon.terms import code_of

# Our figures by metric and by the code that they are of (None: the whole market).
Measures = Mapping[tuple[str, str | None], float | None]


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure as somebody published it, with ours and the difference if we compute the same measure."""

    metric: str
    dimension: str | None
    value: float | None
    ours: float | None
    difference: float | None
    publisher: str | None
    source_url: str | None
    note: str | None


def published_beside(con: duckdb.DuckDBPyConnection, period: Period, ours: Measures) -> tuple[PublishedFigure, ...]:
    """Return the published figures of ``period``, each beside the one of ``ours`` with its metric and dimension."""
    rows = con.execute(
        """
        SELECT metric, dimension, value, publisher, source_url, note
        FROM published_figures
        WHERE period IN (SELECT period FROM published_periods WHERE first_day = $first_day AND last_day = $last_day)
        ORDER BY metric, dimension, publisher, value
        """,
        {"first_day": period.first, "last_day": period.last_day},
    ).fetchall()
    figures = []
    for metric, dimension, value, publisher, source_url, note in rows:
        own = _own(metric, dimension, ours)
        difference = None if own is None or value is None else round(own - value, 2)
        figures.append(PublishedFigure(metric, dimension, value, own, difference, publisher, source_url, note))
    return tuple(figures)


def _own(metric: str, dimension: str | None, ours: Measures) -> float | None:
    code = _code(metric, dimension) if dimension else None
    if dimension and code is None:
        return None
    value = ours.get((metric, code))
    return None if value is None else float(value)


def _code(metric: str, dimension: str) -> str | None:
    """Return our code for what a publisher calls a type or sector; None for a dimension of another kind."""
    if metric.startswith("type_"):
        return code_of("project_type", dimension)
    return code_of("sector", dimension) if metric.startswith("sector_") else None
