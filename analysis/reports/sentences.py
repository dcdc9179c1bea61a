"""Sentences that the page and the workbook of a month share."""

from __future__ import annotations

import shlex

from analysis.rendering.locale import Locale, count_text, growth_text
from analysis.reports.month_report import Contents


def lead(contents: Contents, locale: Locale) -> str:
    """Return the month in one sentence."""
    summary, month = contents.summary, locale.month(contents.month)
    if summary.awards is None:
        return locale.text("lead_nothing", month=month)
    if not summary.awards:
        return locale.text("lead_none", month=month)
    growth = ""
    if summary.yoy.awards_pct is not None:
        base = count_text(summary.yoy.base.awards)
        growth = locale.text("lead_growth", base=base, growth=growth_text(summary.yoy.awards_pct))
    return locale.text(
        "lead",
        month=month,
        awards=count_text(summary.awards),
        growth=growth,
        disclosed=count_text(summary.disclosed),
        amount=locale.money(summary.amount_yuan),
    )


def metric(metric: str, dimension: str | None, locale: Locale) -> str:
    """Return what a published figure measures, and of which type, sector or vendor."""
    return " · ".join(filter(None, (locale.term("metric", metric), dimension)))


def summary_command(contents: Contents) -> str:
    """Return the command that computes the month's figures again."""
    summary = contents.summary
    parts = ["tenders", "summary", "--month", summary.month_key, "--definition", summary.definition]
    if contents.instant:
        parts += ["--as-of", str(summary.as_of)]
    return shlex.join(parts)
