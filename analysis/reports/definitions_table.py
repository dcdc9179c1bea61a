"""One period by every definition, side by side: what the choice of counting rules does to the figures."""

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
from analysis.figures.periods import Period
from analysis.figures.summary import Summary, summary
from analysis.rendering.locale import NOTHING, Locale, count_text
from analysis.rendering.messages import Language
from analysis.reports import sentences
from analysis.reports.summary_json import as_json, coverage_json
from analysis.reports.text_summary import FORMATS, FormatError, Grid, Text, escaped, markdown_table, signed
from pipelines.common.safe_text import escape_formula, printable
from pipelines.common.text_tables import table

_FIGURES = ("awards", "disclosed", "undisclosed", "amount_yuan", "amount_yi", "awards_yoy_pct", "amount_yoy_pct")
_HEAD = ("definition", "awards", "yoy", "disclosed", "undisclosed", "money_head", "yoy", "coverage", "what_counts")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The period by each definition, in the order in which they were given. All share the vintage.

    ``coverage`` is that of the first one. Each row's summary has its own.
    """

    period: Period
    as_of: date | None
    rows: tuple[tuple[Definition, Summary], ...]
    coverage: Coverage


def side_by_side(
    con: duckdb.DuckDBPyConnection,
    period: str | Period,
    definitions: Sequence[Definition],
    as_of: str | date | None = None,
) -> Comparison:
    """Return the period's figures by each of the definitions. Raises :class:`analysis.figures.periods.PeriodError`."""
    rows = tuple((definition, summary(con, period, definition, as_of)) for definition in definitions)
    first = rows[0][1]
    return Comparison(first.period, first.as_of, rows, first.coverage)


def render(comparison: Comparison, form: str = "table", language: Language = "zh") -> str:
    """Return the comparison as ``table``, ``md``, ``json`` or ``csv``, without a final newline.

    ``language`` is that of ``table`` and ``md``. Raises :class:`analysis.reports.text_summary.FormatError`.
    """
    if form == "json":
        return orjson.dumps(_as_json(comparison), option=orjson.OPT_INDENT_2).decode()
    if form == "csv":
        return _csv(comparison)
    if form == "md":
        return _page(comparison, Locale(language), markdown_table, "# ", escaped)
    if form == "table":
        return _page(comparison, Locale(language), table, "", printable)
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
        "month": comparison.period.key if comparison.period.is_month else None,
        "period": comparison.period.key,
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
    writer.writerow(["month", "as_of", "definition", *_FIGURES, "title_zh", "title_en", "description", "period"])
    period = comparison.period.key
    month = period if comparison.period.is_month else None
    for definition, figures in comparison.rows:
        about = map(escape_formula, _about(definition).values())
        figure_cells = _figures(figures).values()
        writer.writerow([month, comparison.as_of, definition.name, *figure_cells, *about, period])
    return out.getvalue().rstrip("\n")


def _page(comparison: Comparison, locale: Locale, grid: Grid, title: str, text: Text) -> str:
    rows = [
        [
            text(definition.name),
            count_text(figures.awards),
            signed(figures.yoy.awards_pct),
            count_text(figures.disclosed),
            count_text(figures.undisclosed),
            locale.money_number(figures.amount_yuan),
            signed(figures.yoy.amount_pct),
            text(locale.term("coverage_state", figures.coverage.state)),
            text(definition.title_zh if locale.is_chinese else definition.title_en),
        ]
        for definition, figures in comparison.rows
    ]
    first = comparison.rows[0][0]
    covered = locale.text(
        "coverage_of", definition=first.name, words=sentences.coverage_words(comparison.coverage, locale)
    )
    return "\n".join(
        [
            f"{title}{locale.text('side_by_side', period=locale.period(comparison.period))}",
            "",
            f"{locale.labelled('as_of', comparison.as_of or NOTHING)} · {text(covered)}",
            "",
            grid([locale.text(name) for name in _HEAD], rows),
        ]
    )
