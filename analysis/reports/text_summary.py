"""A summary as text: a table for the terminal, Markdown to paste, CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from analysis.figures.published import PublishedFigure
from analysis.figures.summary import DIMENSIONS, Dimension, LargeAward, Part, Summary
from analysis.figures.vintages import Revisions
from analysis.rendering.locale import NOTHING, Locale, count_text, share_text, yuan_text
from analysis.rendering.messages import Language
from analysis.reports import sentences
from analysis.reports.summary_json import as_json
from pipelines.common.safe_text import escape_formula, printable
from pipelines.common.text_tables import table

FORMATS = ("table", "md", "json", "csv")  # besides text, which analysis/reports/paragraph.py writes
SHOWN = 10  # rows of a ranking in the table

# What opens something in Markdown. An ampersand does only before a name or a number.
_MARKDOWN = re.compile(r"[\\|`*_\[\]<>]|&(?=[#\w])")

Grid = Callable[[Sequence[str], Sequence[Sequence[str]]], str]
Text = Callable[[Any], str]


class FormatError(ValueError):
    """A format that this summary does not have; the message lists those it has."""


def render(summary: Summary, form: str = "table", language: Language = "zh") -> str:
    """Return the summary as ``table``, ``md``, ``json`` or ``csv``, without a final newline.

    ``language`` is that of ``table`` and ``md``. Raises :class:`FormatError`.
    """
    if form == "json":
        return orjson.dumps(as_json(summary), option=orjson.OPT_INDENT_2).decode()
    if form == "csv":
        return _csv(summary)
    if form == "md":
        return _pages(summary, Locale(language), markdown_table, "# ", "## ", escaped)
    if form == "table":
        return _pages(summary, Locale(language), table, "", "", printable)
    raise FormatError(f"unknown format {form!r}: choose one of {', '.join(FORMATS)}")


def _pages(summary: Summary, locale: Locale, grid: Grid, title: str, section: str, text: Text) -> str:
    t = locale.text
    about = (("definition", summary.definition), ("as_of", summary.as_of or NOTHING))
    parts = [
        f"{title}{sentences.title(summary.period, locale)}",
        "",
        " · ".join(locale.labelled(name, text(value)) for name, value in about),
        "",
        locale.labelled("coverage", text(sentences.coverage_words(summary.coverage, locale))),
        *([sentences.named_awards(summary, locale)] if summary.named_awards else []),
        "",
        grid(["", locale.period(summary.period), t("yoy"), t("prev")], _headline(summary, locale)),
        "",
        _bases(summary, locale),
        *([t("uncovered_growth")] if summary.lacks_covered_base else []),
        "",
        *_like_for_like(summary, locale, grid, text),
        *_revisions(summary.revisions, locale, grid),
    ]
    for dimension, rows in summary.breakdowns.items():
        if not rows:
            continue
        names = (dimension, "awards", "share_awards", "money_head", "share_amount", "shift_yoy", "shift_prev")
        parts += [
            "",
            f"{section}{t(f'{dimension}s')}",
            "",
            grid([t(name) for name in names], [_part(dimension, part, locale, text) for part in rows[:SHOWN]]),
        ]
        if len(rows) > SHOWN:
            parts.append(t("more_rows", count=len(rows) - SHOWN))
    if summary.largest:
        head = [t(name) for name in ("project", "buyer", "suppliers", "yuan")]
        parts += ["", f"{section}{t('largest')}", ""]
        parts.append(grid(head, [_large_award(award, locale, text) for award in summary.largest]))
    figures = [figure for figure in summary.published if figure.value is not None]
    if figures:
        head = [t(name) for name in ("measure", "published_value", "ours", "difference")]
        parts += ["", f"{section}{t('published')}", ""]
        parts.append(grid(head, [_published(figure, locale, text) for figure in figures]))
        pairs = [(locale.publisher(one.publisher), one.source_url) for one in figures]
        sources = dict.fromkeys(" ".join(filter(None, pair)) for pair in pairs)
        parts += ["", locale.labelled("source", text("; ".join(sources)))]
    return "\n".join(parts)


def _headline(summary: Summary, locale: Locale) -> list[list[str]]:
    yoy, prev = summary.yoy, summary.prev
    return [
        [locale.text("awards"), count_text(summary.awards), signed(yoy.awards_pct), signed(prev.awards_pct)],
        [locale.text("disclosed"), count_text(summary.disclosed), "", ""],
        [locale.text("undisclosed"), count_text(summary.undisclosed), "", ""],
        *([[locale.text("flagged"), count_text(summary.flagged), "", ""]] if summary.flagged else []),
        [
            locale.text("curve_amount"),
            locale.money_number(summary.amount_yuan),
            signed(yoy.amount_pct),
            signed(prev.amount_pct),
        ],
    ]


def _bases(summary: Summary, locale: Locale) -> str:
    return " · ".join(
        locale.labelled(
            f"{name}_base",
            f"{locale.period(one.base.period)} {count_text(one.base.awards)} / {locale.money(one.base.amount_yuan)}",
        )
        for name, one in summary.comparisons.items()
    )


def _like_for_like(summary: Summary, locale: Locale, grid: Grid, text: Text) -> list[str]:
    """Growth over the portals that were complete in both periods."""
    named = [(name, comparison.like_for_like) for name, comparison in summary.comparisons.items()]
    if not any(alike.portals for _, alike in named):
        return [locale.labelled("like", locale.text("like_none"))]
    head = [locale.text(name) for name in ("like", "awards", "amount", "like_portals_head")]
    rows = [
        [
            locale.text(name),
            signed(alike.awards_pct),
            signed(alike.amount_pct),
            text(locale.joined(alike.portals or [NOTHING])),
        ]
        for name, alike in named
    ]
    return [grid(head, rows)]


def _revisions(revisions: Revisions | None, locale: Locale, grid: Grid) -> list[str]:
    """How the figures changed since they were first looked at."""
    if revisions is None:
        return []
    if not revisions.causes:
        return ["", locale.text("revisions_none", since=revisions.since)]
    rows = [
        [
            locale.term("change_cause", change.cause),
            count_text(change.changes),
            f"{change.awards_change:+,}",
            f"{change.amount_change_yuan:+,.2f}",
        ]
        for change in revisions.causes
    ]
    head = [locale.text("revisions_since", since=revisions.since)]
    return ["", grid([*head, *(locale.text(name) for name in ("changes", "awards_change", "amount_change"))], rows)]


def _part(dimension: Dimension, part: Part, locale: Locale, text: Text) -> list[str]:
    return [
        text(locale.item(dimension, part.code)),
        count_text(part.awards),
        share_text(part.awards_share_pct),
        locale.money_number(part.amount_yuan),
        share_text(part.amount_share_pct),
        _points(part.amount_share_yoy_points),
        _points(part.amount_share_prev_points),
    ]


def _large_award(award: LargeAward, locale: Locale, text: Text) -> list[str]:
    return [
        text(_short(award.project_name or award.award_key, 24)),
        text(_short(award.buyer or "", 12)),
        text(_short(locale.joined(award.suppliers), 18)),
        yuan_text(award.amount_yuan),
    ]


def _published(figure: PublishedFigure, locale: Locale, text: Text) -> list[str]:
    measure = sentences.metric(figure.metric, figure.dimension, locale)
    return [text(measure), count_text(figure.value), count_text(figure.ours), count_text(figure.difference)]


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its first column aligned left, the others right."""
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def escaped(value: Any) -> str:
    """Return text of a page for Markdown: it can open neither a table cell, nor HTML, nor a link, nor an entity."""
    return _MARKDOWN.sub(r"\\\g<0>", printable(value))


_COLUMNS = (
    "awards", "disclosed", "undisclosed", "amount_yuan", "amount_yi", "awards_share_pct", "amount_share_pct",
    "awards_yoy_pct", "amount_yoy_pct", "awards_mom_pct", "amount_mom_pct", "flagged", "awards_prev_pct",
    "amount_prev_pct", "awards_share_yoy_points", "amount_share_yoy_points", "awards_share_prev_points",
    "amount_share_prev_points",
)  # fmt: skip


def _csv(summary: Summary) -> str:
    """One row for the period and one for each type, sector, vendor and province, with the same columns."""
    record = as_json(summary)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["month", "definition", "as_of", "section", "item", *_COLUMNS, "period"])
    lead = [record["month"], record["definition"], record["as_of"]]
    writer.writerow([*lead, "total", "", *(record.get(column) for column in _COLUMNS), record["period"]])
    for dimension, code_column in DIMENSIONS.items():
        for row in record[f"by_{dimension}"]:
            code = escape_formula(row[code_column]) if row[code_column] else row[code_column]
            cells = (row.get(column) for column in _COLUMNS)
            writer.writerow([*lead, f"by_{dimension}", code, *cells, record["period"]])
    return out.getvalue().rstrip("\n")


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def signed(value: float | None) -> str:
    """Return a growth in per cent for people; a dash for None."""
    return NOTHING if value is None else f"{value:+,.1f}%"


def _points(value: float | None) -> str:
    return NOTHING if value is None else f"{value:+.1f}"
