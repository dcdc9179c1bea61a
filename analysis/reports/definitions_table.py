"""One month by every definition, side by side: what the choice of counting rules does to the figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import orjson

from analysis.figures.definition import Definition
from analysis.figures.summary import summary
from analysis.reports.text_summary import FORMATS, FormatError, cell, escaped, markdown_table, number, signed, yi
from analysis.reports.text_tables import printable, table

Json = dict[str, Any]

_FIGURES = ("awards", "disclosed", "undisclosed", "amount_yuan", "amount_yi", "awards_yoy_pct", "amount_yoy_pct")
_ABOUT = ("title_zh", "title_en", "description")
_HEAD = (
    "口径 definition", "项目 awards", "同比 yoy", "已披露 disclosed", "未披露 undisclosed", "金额 amount 亿元", "同比 yoy",
    "含义 what counts",
)  # fmt: skip


def side_by_side(
    con: duckdb.DuckDBPyConnection, month: str, definitions: Sequence[Definition], as_of: str | date | None = None
) -> Json:
    """The month's figures by each of the definitions, each with what it means, and the coverage they share.

    Raises :class:`analysis.figures.summary.MonthError`. A figure that cannot be computed is None, never 0.
    """
    found = [summary(con, month, definition, as_of) for definition in definitions]
    rows = [
        {"definition": definition.name, **{name: one[name] for name in _FIGURES}, "title_zh": definition.title_zh,
         "title_en": definition.title_en, "description": " ".join(definition.description.split())}
        for definition, one in zip(definitions, found, strict=True)
    ]  # fmt: skip
    return {"month": month, "as_of": found[0]["as_of"], "definitions": rows, "coverage": found[0]["coverage"]}


def render(found: Json, form: str = "table") -> str:
    """The comparison as ``table``, ``md``, ``json`` or ``csv``, without a final newline."""
    if form == "json":
        return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["month", "as_of", "definition", *_FIGURES, *_ABOUT])
        for row in found["definitions"]:
            about = (cell(row[name]) for name in _ABOUT)
            writer.writerow(
                [found["month"], found["as_of"], row["definition"], *(row[name] for name in _FIGURES), *about]
            )
        return out.getvalue().rstrip("\n")
    if form == "md":
        return _page(found, markdown_table, "# ", escaped, ("title_zh", "title_en"))
    if form == "table":
        return _page(found, table, "", printable, ("title_en",))
    raise FormatError(f"unknown format {form!r}: choose one of {', '.join(FORMATS)}")


def _page(found: Json, grid: Any, title: str, text: Any, means: tuple[str, ...]) -> str:
    year, month = found["month"].split("-")
    rows = [
        [text(row["definition"]), number(row["awards"]), signed(row["awards_yoy_pct"]), number(row["disclosed"]),
         number(row["undisclosed"]), yi(row["amount_yi"]),
         signed(row["amount_yoy_pct"]), text(" · ".join(row[name] for name in means))]
        for row in found["definitions"]
    ]  # fmt: skip
    return "\n".join([
        f"{title}各口径对照 {year} 年 {int(month)} 月 · The month by every definition, {found['month']}",
        "",
        f"数据截至 as of: {found['as_of'] or '—'} · 覆盖 coverage: {text(found['coverage']['words_zh'])}"
        f" ({text(found['coverage']['words_en'])})",
        "",
        grid(_HEAD, rows),
    ])  # fmt: skip
