"""Sentences that the page, the workbook and the text of a period share."""

from __future__ import annotations

import shlex

from analysis.figures.coverage import Coverage
from analysis.figures.periods import Period
from analysis.figures.summary import Summary
from analysis.rendering.locale import Locale, count_text, growth_text
from analysis.reports.period_report import Contents


def title(period: Period, locale: Locale) -> str:
    """Return the title of a report of a period."""
    name = locale.text("title" if period.is_month else "title_period")
    return f"{locale.period(period)}{name}" if locale.is_chinese else f"{name}, {locale.period(period)}"


def coverage_words(coverage: Coverage, locale: Locale) -> str:
    """Return in words what a report's figures rest on."""
    return coverage.words_zh if locale.is_chinese else coverage.words_en


def named_awards(summary: Summary, locale: Locale) -> str:
    """Return how many of the awards that others name are there; '' if coverage reaches none of them."""
    counts = summary.named_awards
    if counts is None:
        return ""
    return locale.text(
        "named_awards_found", found=counts.found, known=counts.known, differs=counts.differs, missing=counts.missing
    )


def lead(summary: Summary, locale: Locale) -> str:
    """Return the period in one sentence."""
    period = locale.period(summary.period)
    if summary.awards is None:
        return locale.text("lead_nothing", period=period)
    if not summary.awards:
        return locale.text("lead_none", period=period)
    growth = ""
    if summary.yoy.awards_pct is not None:
        base = count_text(summary.yoy.base.awards)
        growth = locale.text("lead_growth", base=base, growth=growth_text(summary.yoy.awards_pct))
    prices = (
        locale.text("lead_prices", disclosed=count_text(summary.disclosed), amount=locale.money(summary.amount_yuan))
        if summary.disclosed
        else locale.text("lead_no_price")
    )
    return locale.text(
        "lead",
        period=period,
        awards=count_text(summary.awards),
        growth=growth,
        prices=prices,
    )


def metric(metric: str, dimension: str | None, locale: Locale) -> str:
    """Return what a published figure measures, and of which type, sector or vendor."""
    return " · ".join(filter(None, (locale.term("metric", metric), dimension)))


def summary_command(contents: Contents) -> str:
    """Return the command that computes the figures again."""
    summary = contents.summary
    asked = ["--month" if summary.period.is_month else "--period", summary.period.key]
    parts = ["tenders", "summary", *asked, "--definition", summary.definition]
    if contents.instant:
        parts += ["--as-of", str(summary.as_of)]
    return shlex.join(parts)
