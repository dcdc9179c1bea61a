"""A summary as text: a table for the terminal, Markdown to paste, CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from analysis.figures.published import PublishedFigure
from analysis.figures.summary import DIMENSIONS, Dimension, LargeAward, Part, Summary
from analysis.figures.vintages import Revisions
from analysis.rendering.bilingual import bilingual_dimension, bilingual_item, bilingual_metric, bilingual_term
from analysis.rendering.messages import messages
from analysis.reports.summary_json import as_json
from pipelines.common.safe_text import escape_formula, printable
from pipelines.common.text_tables import table

FORMATS = ("table", "md", "json", "csv")
SHOWN = 10  # rows of a ranking in the table

Grid = Callable[[Sequence[str], Sequence[Sequence[str]]], str]
Text = Callable[[Any], str]


class FormatError(ValueError):
    """A format that this summary does not have; the message lists those it has."""


def render(summary: Summary, form: str = "table") -> str:
    """Return the summary as ``table``, ``md``, ``json`` or ``csv``, without a final newline.

    Raises :class:`FormatError`.
    """
    if form == "json":
        return orjson.dumps(as_json(summary), option=orjson.OPT_INDENT_2).decode()
    if form == "csv":
        return _csv(summary)
    if form == "md":
        return _pages(summary, markdown_table, "# ", "## ", escaped)
    if form == "table":
        return _pages(summary, table, "", "", printable)
    raise FormatError(f"unknown format {form!r}: choose one of {', '.join(FORMATS)}")


def _pages(summary: Summary, grid: Grid, title: str, section: str, text: Text) -> str:
    year, month = summary.month.year, summary.month.month
    parts = [
        f"{title}大模型中标月报 {year} 年 {month} 月 · Large-model awards, {summary.month_key}",
        "",
        f"口径 definition: {summary.definition} · 数据截至 as of: {summary.as_of or '—'}",
        "",
        f"覆盖 coverage: {text(summary.coverage.words_zh)}",
        f"({text(summary.coverage.words_en)})",
        "",
        grid(["", "本月 month", "同比 yoy", "环比 mom"], _headline(summary)),
        "",
        _bases(summary),
        *_uncovered_growth(summary),
        "",
        *_like_for_like(summary, grid, text),
        *_revisions(summary.revisions, grid),
    ]
    for dimension, rows in summary.breakdowns.items():
        if not rows:
            continue
        zh, en = bilingual_dimension(dimension)
        head = [f"{zh} {en}", "项目 awards", "占比 share", "金额 amount 亿元", "占比 share"]
        parts += [
            "",
            f"{section}按{zh} by {en}",
            "",
            grid(head, [_part(dimension, part, text) for part in rows[:SHOWN]]),
        ]
        if len(rows) > SHOWN:
            parts.append(f"… 另有 {len(rows) - SHOWN} 行 ({len(rows) - SHOWN} more)")
    if summary.largest:
        head = ["项目 project", "采购人 buyer", "供应商 suppliers", "金额 amount 元"]
        parts += ["", f"{section}金额最大的项目 largest awards", ""]
        parts.append(grid(head, [_large_award(award, text) for award in summary.largest]))
    figures = [figure for figure in summary.published if figure.value is not None]
    if figures:
        head = ["已发布数字 published figure", "发布 published", "本项目 ours", "差 difference"]
        parts += ["", f"{section}与已发布数字对照 beside published figures", ""]
        parts.append(grid(head, [_published(figure, text) for figure in figures]))
        sources = dict.fromkeys(" ".join(filter(None, (one.publisher, one.source_url))) for one in figures)
        parts += ["", "来源 sources: " + text("; ".join(sources))]
    return "\n".join(parts)


def _headline(summary: Summary) -> list[list[str]]:
    yoy, mom = summary.yoy, summary.mom
    return [
        ["中标项目 awards", number(summary.awards), signed(yoy.awards_pct), signed(mom.awards_pct)],
        ["其中已披露金额 disclosed", number(summary.disclosed), "", ""],
        ["其中未披露金额 undisclosed", number(summary.undisclosed), "", ""],
        *([["其中金额存疑 flagged", number(summary.flagged), "", ""]] if summary.flagged else []),
        ["披露金额 amount 亿元", yi(summary.amount_yi), signed(yoy.amount_pct), signed(mom.amount_pct)],
    ]


def _bases(summary: Summary) -> str:
    words = []
    for name, base in (("同比基期 yoy base", summary.yoy.base), ("环比基期 mom base", summary.mom.base)):
        amount = "—" if base.amount_yi is None else f"{base.amount_yi:.2f}"
        words.append(f"{name} {base.month:%Y-%m}: {number(base.awards)} / {amount} 亿元")
    return " · ".join(words)


def _uncovered_growth(summary: Summary) -> list[str]:
    """Why a growth is not given although both months hold awards."""
    message = messages()["uncovered_growth"]
    return [f"{message.zh} ({message.en})"] if summary.lacks_covered_base else []


def _like_for_like(summary: Summary, grid: Grid, text: Text) -> list[str]:
    """Growth over the portals that were complete in both months."""
    named = (("同比 yoy", summary.yoy.like_for_like), ("环比 mom", summary.mom.like_for_like))
    if not any(alike.portals for _, alike in named):
        return ["同平台 like for like: — 没有平台在两个月都完整 (no portal was read completely in both months)"]
    head = ["同平台 like for like", "项目 awards", "金额 amount", "两个月都完整的平台 portals complete in both"]
    rows = [
        [name, signed(alike.awards_pct), signed(alike.amount_pct), text("、".join(alike.portals or "—"))]
        for name, alike in named
    ]
    return [grid(head, rows)]


def _revisions(revisions: Revisions | None, grid: Grid) -> list[str]:
    """How the month's figures changed since they were first looked at."""
    if revisions is None:
        return []
    head = f"自 {revisions.since} 以来的修订 revisions since {revisions.since}"
    if not revisions.causes:
        return ["", f"{head}: 无 none"]
    rows = [
        [
            bilingual_term("change_cause", change.cause),
            number(change.changes),
            f"{change.awards_change:+,}",
            f"{change.amount_change_yuan:+,.2f}",
        ]
        for change in revisions.causes
    ]
    return ["", grid([head, "次 changes", "项目 awards", "金额 amount 元"], rows)]


def _part(dimension: Dimension, part: Part, text: Text) -> list[str]:
    awards_share, amount_share = (
        "—" if share is None else f"{share:.1f}%" for share in (part.awards_share_pct, part.amount_share_pct)
    )
    return [
        text(bilingual_item(dimension, part.code)),
        number(part.awards),
        awards_share,
        yi(part.amount_yi),
        amount_share,
    ]


def _large_award(award: LargeAward, text: Text) -> list[str]:
    return [
        text(_short(award.project_name or award.award_key, 24)),
        text(_short(award.buyer or "", 12)),
        text(_short("、".join(award.suppliers), 18)),
        f"{award.amount_yuan:,.2f}",
    ]


def _published(figure: PublishedFigure, text: Text) -> list[str]:
    measure = " ".join(filter(None, (bilingual_metric(figure.metric), figure.dimension)))
    return [text(measure), number(figure.value), number(figure.ours), number(figure.difference)]


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its first column aligned left, the others right."""
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def escaped(value: Any) -> str:
    """Return text of a page for Markdown: it can open neither a table cell, nor HTML, nor a link."""
    text = printable(value).replace("\\", "\\\\").replace("&", "&amp;").replace("<", "&lt;")
    for character in "|`*_[]":
        text = text.replace(character, "\\" + character)
    return text


_COLUMNS = (
    "awards", "disclosed", "undisclosed", "amount_yuan", "amount_yi", "awards_share_pct", "amount_share_pct",
    "awards_yoy_pct", "amount_yoy_pct", "awards_mom_pct", "amount_mom_pct", "flagged",
)  # fmt: skip


def _csv(summary: Summary) -> str:
    """One row for the month and one for each type, sector, vendor and province, with the same columns."""
    record = as_json(summary)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["month", "definition", "as_of", "section", "item", *_COLUMNS])
    lead = [record["month"], record["definition"], record["as_of"]]
    writer.writerow([*lead, "total", "", *(record.get(column) for column in _COLUMNS)])
    for dimension, code_column in DIMENSIONS.items():
        for row in record[f"by_{dimension}"]:
            code = escape_formula(row[code_column]) if row[code_column] else row[code_column]
            writer.writerow([*lead, f"by_{dimension}", code, *(row.get(column) for column in _COLUMNS)])
    return out.getvalue().rstrip("\n")


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def number(value: float | int | None) -> str:
    """Return a figure for people; a dash for None."""
    return "—" if value is None else f"{value:,.10g}"


def yi(value: float | None) -> str:
    """Return a sum in 亿 for people; a dash for None."""
    return "—" if value is None else f"{value:,.2f}"


def signed(value: float | None) -> str:
    """Return a growth in per cent for people; a dash for None."""
    return "—" if value is None else f"{value:+,.1f}%"
