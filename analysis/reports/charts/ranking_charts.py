"""The charts of a period's breakdowns: awards and amounts by sector, vendor or province, the largest first.

The page has these figures as tables, so only pictures use them.
"""

from __future__ import annotations

from analysis.figures.summary import Dimension, Part, Summary
from analysis.rendering.locale import Locale, count_text, share_text
from analysis.reports.charts import svg
from analysis.reports.charts.chart import Chart

ROWS = 10  # of a ranking


def ranking_chart(summary: Summary, dimension: Dimension, locale: Locale) -> Chart:
    """Return the first rows of a breakdown: bars of the awards and of the disclosed amount, with their shares."""
    parts = summary.breakdowns[dimension][:ROWS]
    title = locale.text(f"picture_{dimension}s")
    most_awards = max((part.awards for part in parts), default=0)
    most_money = max((part.amount_yuan or 0 for part in parts), default=0)

    def row(part: Part) -> svg.Row:
        money = part.amount_yuan
        return svg.Row(
            locale.item(dimension, part.code),
            (
                svg.Bar(part.awards / most_awards, _figure(count_text(part.awards), part.awards_share_pct, locale)),
                svg.Bar(
                    float(money / most_money) if money and most_money else 0.0,
                    _figure(locale.money_number(money), part.amount_share_pct, locale),
                ),
            ),
        )

    rows = [row(part) for part in parts]
    heads = (locale.text("curve_awards"), locale.text("curve_amount"))
    described = (f"{row.label}: {', '.join(bar.text for bar in row.bars)}" for row in rows)
    return Chart(f"{dimension}s", title, "; ".join(described), lambda frame, _: svg.bar_chart(frame, heads, rows))


def _figure(figure: str, share: float | None, locale: Locale) -> str:
    if share is None:
        return figure
    return f"{figure}（{share_text(share)}）" if locale.is_chinese else f"{figure} ({share_text(share)})"
