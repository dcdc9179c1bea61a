"""Our figures beside those that others published for the same month. Ours are never tuned to match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

# Our figures by metric and by the code that they are of (None: the whole market).
Measures = Mapping[tuple[str, str | None], float | None]

# What publishers call our types and sectors.
_CODES = {
    "算力": "compute",
    "应用": "application",
    "大模型": "model",
    "数据": "data",
    "教科": "education_research",
    "政务": "government",
    "通信": "telecom",
    "能源": "energy",
    "金融": "finance",
    "医疗": "healthcare",
    "大交通": "transport",
    "制造": "manufacturing",
    "文旅传媒": "media_culture",
}


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


def published_beside(con: duckdb.DuckDBPyConnection, period: str, ours: Measures) -> tuple[PublishedFigure, ...]:
    """Return the published figures of ``period``, each beside the one of ``ours`` with its metric and dimension."""
    rows = con.execute(
        """
        SELECT metric, dimension, value, publisher, source_url, note FROM published_figures
        WHERE period = ? ORDER BY metric, dimension, publisher, value
        """,
        [period],
    ).fetchall()
    figures = []
    for metric, dimension, value, publisher, source_url, note in rows:
        own = _own(metric, dimension, ours)
        difference = None if own is None or value is None else round(own - value, 2)
        figures.append(PublishedFigure(metric, dimension, value, own, difference, publisher, source_url, note))
    return tuple(figures)


def _own(metric: str, dimension: str | None, ours: Measures) -> float | None:
    code = _CODES.get(dimension) if dimension else None
    if dimension and code is None:
        return None
    value = ours.get((metric, code))
    return None if value is None else float(value)
