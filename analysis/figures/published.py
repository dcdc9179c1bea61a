"""Our figures beside those that others published for the same month: shown, never tuned to match."""

from __future__ import annotations

from typing import Any

import duckdb

Json = dict[str, Any]

# Metrics of analysis/figures/reference/published_figures.csv that a summary computes too, and where it has them.
_OURS = {
    "project_count": "awards",
    "disclosed_count": "disclosed",
    "undisclosed_count": "undisclosed",
    "disclosed_amount_yi": "amount_yi",
    "yoy_count_pct": "awards_yoy_pct",
    "yoy_amount_pct": "amount_yoy_pct",
}
_SHARES = {
    "type_share_count_pct": ("by_type", "project_type", "awards_share_pct"),
    "type_share_amount_pct": ("by_type", "project_type", "amount_share_pct"),
    "sector_share_count_pct": ("by_sector", "sector", "awards_share_pct"),
    "sector_share_amount_pct": ("by_sector", "sector", "amount_share_pct"),
}
_VALUES = {
    "算力": "compute", "应用": "application", "大模型": "model", "数据": "data",
    "教科": "education_research", "政务": "government", "通信": "telecom", "能源": "energy", "金融": "finance",
    "医疗": "healthcare", "大交通": "transport", "制造": "manufacturing", "文旅传媒": "media_culture",
}  # fmt: skip


def published(con: duckdb.DuckDBPyConnection, period: str, ours: Json) -> Json:
    """The published figures of ``period``, each with ours and the difference where we compute the same measure."""
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
        figures.append({
            "metric": metric, "dimension": dimension, "value": value, "ours": own,
            "difference": None if own is None or value is None else round(own - value, 2),
            "publisher": publisher, "source_url": source_url, "note": note,
        })  # fmt: skip
    return {"period": period, "figures": figures}


def _own(metric: str, dimension: str | None, ours: Json) -> float | None:
    if metric in _OURS and dimension is None:
        own = ours[_OURS[metric]]
        return None if own is None else float(own)
    if metric in _SHARES and dimension:
        table, column, share = _SHARES[metric]
        wanted = _VALUES.get(dimension)
        return next((row[share] for row in ours[table] if wanted and row[column] == wanted), None)
    return None
