"""A summary as text: a table for the terminal, Markdown to paste, CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson

from analysis.reports.terms import CAUSE, METRIC, SECTIONS, named
from analysis.reports.text_tables import printable, table

Json = dict[str, Any]
FORMATS = ("table", "md", "json", "csv")
SHOWN = 10  # rows of a ranking in the table


class FormatError(ValueError):
    """A format that this summary does not have; the message lists those it has."""


def render(summary: Json, form: str = "table") -> str:
    """The summary of :func:`analysis.figures.summary.summary` as ``table``, ``md``, ``json`` or ``csv``, without a final newline."""
    if form == "json":
        return orjson.dumps(summary, option=orjson.OPT_INDENT_2).decode()
    if form == "csv":
        return _csv(summary)
    if form == "md":
        return _pages(summary, markdown_table, "# ", "## ", escaped)
    if form == "table":
        return _pages(summary, table, "", "", printable)
    raise FormatError(f"unknown format {form!r}: choose one of {', '.join(FORMATS)}")


def _pages(summary: Json, grid: Any, title: str, section: str, text: Any) -> str:
    year, month = summary["month"].split("-")
    parts = [
        f"{title}大模型中标月报 {year} 年 {int(month)} 月 · Large-model awards, {summary['month']}",
        "",
        f"口径 definition: {summary['definition']} · 数据截至 as of: {summary['as_of'] or '—'}",
        "",
        f"覆盖 coverage: {text(summary['coverage']['words_zh'])}",
        f"({text(summary['coverage']['words_en'])})",
        "",
        grid(["", "本月 month", "同比 yoy", "环比 mom"], _headline(summary)),
        "",
        _bases(summary),
        "",
        *_like_for_like(summary["like_for_like"], grid, text),
        *_revisions(summary["revisions"], grid),
    ]
    for name, (zh, en, column) in SECTIONS.items():
        rows = summary[name]
        if not rows:
            continue
        head = [f"{zh} {en}", "项目 awards", "占比 share", "金额 amount 亿元", "占比 share"]
        parts += ["", f"{section}按{zh} by {en}", "", grid(head, [_row(row, column, text) for row in rows[:SHOWN]])]
        if len(rows) > SHOWN:
            parts.append(f"… 另有 {len(rows) - SHOWN} 行 ({len(rows) - SHOWN} more)")
    if summary["largest"]:
        head = ["项目 project", "采购人 buyer", "供应商 suppliers", "金额 amount 元"]
        rows = [
            [text(_short(x["project_name"] or x["award_key"], 24)), text(_short(x["buyer"] or "", 12)),
             text(_short("、".join(x["suppliers"]), 18)), f"{Decimal(x['amount_yuan']):,.2f}"]
            for x in summary["largest"]
        ]  # fmt: skip
        parts += ["", f"{section}金额最大的项目 largest awards", "", grid(head, rows)]
    figures = [f for f in summary["published"]["figures"] if f["value"] is not None]
    if figures:
        head = ["已发布数字 published figure", "发布 published", "本项目 ours", "差 difference"]
        rows = [
            [text(" ".join(filter(None, (METRIC.get(f["metric"], f["metric"]), f["dimension"])))),
             number(f["value"]), number(f["ours"]), number(f["difference"])]
            for f in figures
        ]  # fmt: skip
        parts += ["", f"{section}与已发布数字对照 beside published figures", "", grid(head, rows)]
        sources = dict.fromkeys(" ".join(filter(None, (f["publisher"], f["source_url"]))) for f in figures)
        parts += ["", "来源 sources: " + text("; ".join(sources))]
    return "\n".join(parts)


def _headline(summary: Json) -> list[list[str]]:
    return [
        ["中标项目 awards", number(summary["awards"]), signed(summary["awards_yoy_pct"]), signed(summary["awards_mom_pct"])],
        ["其中已披露金额 disclosed", number(summary["disclosed"]), "", ""],
        ["其中未披露金额 undisclosed", number(summary["undisclosed"]), "", ""],
        ["披露金额 amount 亿元", yi(summary["amount_yi"]),
         signed(summary["amount_yoy_pct"]), signed(summary["amount_mom_pct"])],
    ]  # fmt: skip


def _bases(summary: Json) -> str:
    words = []
    for suffix, name in (("yoy", "同比基期 yoy base"), ("mom", "环比基期 mom base")):
        base = summary["base"][suffix]
        amount = "—" if base["amount_yi"] is None else f"{base['amount_yi']:.2f}"
        words.append(f"{name} {base['month']}: {number(base['awards'])} / {amount} 亿元")
    return " · ".join(words)


def _like_for_like(alike: Json, grid: Any, text: Any) -> list[str]:
    """Growth over the portals that were complete in both months."""
    if not any(part["portals"] for part in alike.values()):
        return ["同平台 like for like: — 没有平台在两个月都完整 (no portal was read completely in both months)"]
    rows = [
        [
            name,
            signed(alike[key]["awards_pct"]),
            signed(alike[key]["amount_pct"]),
            text("、".join(alike[key]["portals"] or "—")),
        ]
        for key, name in (("yoy", "同比 yoy"), ("mom", "环比 mom"))
    ]
    return [
        grid(
            ["同平台 like for like", "项目 awards", "金额 amount", "两个月都完整的平台 portals complete in both"], rows
        )
    ]


def _revisions(revised: Json | None, grid: Any) -> list[str]:
    """How the month's figures changed since they were first looked at."""
    if revised is None:
        return []
    head = f"自 {revised['since']} 以来的修订 revisions since {revised['since']}"
    if not revised["causes"]:
        return ["", f"{head}: 无 none"]
    rows = [
        [f"{CAUSE.get(x['cause'], '')} {x['cause']}".strip(), number(x["changes"]), f"{x['awards_change']:+,}",
         f"{Decimal(x['amount_change_yuan']):+,.2f}"]
        for x in revised["causes"]
    ]  # fmt: skip
    return ["", grid([head, "次 changes", "项目 awards", "金额 amount 元"], rows)]


def _row(row: Json, column: str, text: Any) -> list[str]:
    shares = ["—" if row[k] is None else f"{row[k]:.1f}%" for k in ("awards_share_pct", "amount_share_pct")]
    return [text(named(row[column])), number(row["awards"]), shares[0], yi(row["amount_yi"]), shares[1]]


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, its first column left, the others right."""
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def escaped(value: Any) -> str:
    """Text of a page in Markdown: it can open neither a table cell, nor HTML, nor a link."""
    text = printable(value).replace("\\", "\\\\").replace("&", "&amp;").replace("<", "&lt;")
    for sign in "|`*_[]":
        text = text.replace(sign, "\\" + sign)
    return text


_COLUMNS = (
    "awards", "disclosed", "undisclosed", "amount_yuan", "amount_yi", "awards_share_pct", "amount_share_pct",
    "awards_yoy_pct", "amount_yoy_pct", "awards_mom_pct", "amount_mom_pct",
)  # fmt: skip


def _csv(summary: Json) -> str:
    """One row for the month and one for each type, sector, vendor and province, with the same columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["month", "definition", "as_of", "section", "item", *_COLUMNS])
    lead = [summary["month"], summary["definition"], summary["as_of"]]
    writer.writerow([*lead, "total", "", *(summary.get(c) for c in _COLUMNS)])
    for name, (_, _, column) in SECTIONS.items():
        for row in summary[name]:
            writer.writerow([*lead, name, cell(row[column]), *(row.get(c) for c in _COLUMNS)])
    return out.getvalue().rstrip("\n")


def cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula, made plain by a leading apostrophe; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def number(value: float | int | None) -> str:
    """A figure for people; — where there is none."""
    return "—" if value is None else f"{value:,.10g}"


def yi(value: float | None) -> str:
    """A sum that is in 亿 already; — where there is none."""
    return "—" if value is None else f"{value:,.2f}"


def signed(value: float | None) -> str:
    """A growth in per cent for people; — where there is none."""
    return "—" if value is None else f"{value:+,.1f}%"
