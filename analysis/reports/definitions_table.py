"""One month by every definition, side by side: what the choice of counting rules does to the figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import orjson

from analysis.figures.coverage import Coverage
from analysis.figures.definition import Definition
from analysis.figures.summary import Summary, summary
from analysis.rendering.bilingual import bilingual_term
from analysis.reports.summary_json import as_json, coverage_json
from analysis.reports.text_summary import (
    FORMATS,
    FormatError,
    Grid,
    Text,
    escaped,
    markdown_table,
    number,
    signed,
    yi,
)
from pipelines.common.safe_text import escape_formula, printable
from pipelines.common.text_tables import table

_FIGURES = ("awards", "disclosed", "undisclosed", "amount_yuan", "amount_yi", "awards_yoy_pct", "amount_yoy_pct")
_HEAD = (
    "口径 definition",
    "项目 awards",
    "同比 yoy",
    "已披露 disclosed",
    "未披露 undisclosed",
    "金额 amount 亿元",
    "同比 yoy",
    "覆盖 coverage",
    "含义 what counts",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The month by each definition, in the order in which they were given. All share the vintage.

    ``coverage`` is that of the first one. Each row's summary has its own.
    """

    month_key: str
    as_of: date | None
    rows: tuple[tuple[Definition, Summary], ...]
    coverage: Coverage


def side_by_side(
    con: duckdb.DuckDBPyConnection, month: str, definitions: Sequence[Definition], as_of: str | date | None = None
) -> Comparison:
    """Return the month's figures by each of the definitions. Raises :class:`analysis.figures.months.MonthError`."""
    rows = tuple((definition, summary(con, month, definition, as_of)) for definition in definitions)
    first = rows[0][1]
    return Comparison(first.month_key, first.as_of, rows, first.coverage)


def render(comparison: Comparison, form: str = "table") -> str:
    """Return the comparison as ``table``, ``md``, ``json`` or ``csv``, without a final newline."""
    if form == "json":
        return orjson.dumps(_as_json(comparison), option=orjson.OPT_INDENT_2).decode()
    if form == "csv":
        return _csv(comparison)
    if form == "md":
        return _page(comparison, markdown_table, "# ", escaped, in_chinese=True)
    if form == "table":
        return _page(comparison, table, "", printable, in_chinese=False)
    raise FormatError(f"unknown format {form!r}: choose one of {', '.join(FORMATS)}")


def _as_json(comparison: Comparison) -> dict[str, Any]:
    rows = [
        {
            "definition": definition.name,
            **_figures(figures),
            "coverage_state": figures.coverage.state,
            **_about(definition),
        }
        for definition, figures in comparison.rows
    ]
    return {
        "month": comparison.month_key,
        "as_of": None if comparison.as_of is None else comparison.as_of.isoformat(),
        "definitions": rows,
        "coverage": coverage_json(comparison.coverage),
    }


def _figures(figures: Summary) -> dict[str, Any]:
    record = as_json(figures)
    return {name: record[name] for name in _FIGURES}


def _about(definition: Definition) -> dict[str, str]:
    return {
        "title_zh": definition.title_zh,
        "title_en": definition.title_en,
        "description": " ".join(definition.description.split()),
    }


def _csv(comparison: Comparison) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["month", "as_of", "definition", *_FIGURES, "title_zh", "title_en", "description"])
    for definition, figures in comparison.rows:
        about = map(escape_formula, _about(definition).values())
        writer.writerow([comparison.month_key, comparison.as_of, definition.name, *_figures(figures).values(), *about])
    return out.getvalue().rstrip("\n")


def _page(comparison: Comparison, grid: Grid, title: str, text: Text, *, in_chinese: bool) -> str:
    year, month = comparison.month_key.split("-")
    rows = []
    for definition, figures in comparison.rows:
        meaning = f"{definition.title_zh} · {definition.title_en}" if in_chinese else definition.title_en
        rows.append(
            [
                text(definition.name),
                number(figures.awards),
                signed(figures.yoy.awards_pct),
                number(figures.disclosed),
                number(figures.undisclosed),
                yi(figures.amount_yi),
                signed(figures.yoy.amount_pct),
                text(bilingual_term("coverage_state", figures.coverage.state)),
                text(meaning),
            ]
        )
    covered, first = comparison.coverage, comparison.rows[0][0]
    return "\n".join(
        [
            f"{title}各口径对照 {year} 年 {int(month)} 月 · The month by every definition, {comparison.month_key}",
            "",
            f"数据截至 as of: {comparison.as_of or '—'} · {text(first.name)} 的覆盖 coverage: {text(covered.words_zh)}"
            f" ({text(covered.words_en)})",
            "",
            grid(_HEAD, rows),
        ]
    )
