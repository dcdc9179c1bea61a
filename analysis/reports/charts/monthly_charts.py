"""The charts of a report: awards and amounts by month, and the shares of the types."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis.figures.months import shift_month
from analysis.figures.shares import share_pct
from analysis.rendering.locale import NOTHING, Locale, count_text, growth_text, share_text
from analysis.reports.charts import svg
from analysis.reports.charts.chart import Chart
from analysis.reports.charts.links import AwardsAddress, awards_address
from analysis.reports.period_report import Contents, Figures, Month
from pipelines.common.money import in_units


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a curve shows: its value in a month, how that is written, its growth on the year before."""

    name: str
    value: Callable[[Figures], float | None]
    text: Callable[[float], str]
    growth: Callable[[Month], float | None]


def curve_charts(
    contents: Contents, locale: Locale, listed_months: Collection[date], address: AwardsAddress = awards_address
) -> list[Chart]:
    """Return the curves of awards and of amounts. Columns of the listed months link to their awards."""

    def in_large_units(figures: Figures) -> float | None:
        return None if figures.amount is None else float(in_units(figures.amount, locale.unit, locale.places))

    measures = (
        _Measure("awards", lambda figures: float(figures.awards), count_text, lambda month: month.awards_yoy_pct),
        _Measure(
            "amount", in_large_units, lambda value: f"{value:,.{locale.places}f}", lambda month: month.amount_yoy_pct
        ),
    )
    return [_curve(contents, locale, listed_months, measure, address) for measure in measures]


def _curve(
    contents: Contents, locale: Locale, listed_months: Collection[date], measure: _Measure, address: AwardsAddress
) -> Chart:
    title = locale.text(f"curve_{measure.name}")
    marks = {contents.period.last: "now", shift_month(contents.period.last, -12): "base"}
    columns = [
        _column(month, locale, measure, marks.get(month.month, ""), address if month.month in listed_months else None)
        for month in contents.curve
    ]
    last = columns[-1]
    highest = max([column for column in columns if column.value is not None] or columns, key=lambda one: one.value or 0)
    description = locale.text(
        "curve_alt",
        title=title,
        first=locale.month(columns[0].month),
        last=locale.month(last.month),
        now=NOTHING if last.value is None else measure.text(last.value),
        top=locale.month(highest.month),
        most=measure.text(highest.value or 0),
    )
    return Chart(
        f"curve-{measure.name}",
        title,
        description,
        lambda frame, last: svg.column_chart(frame, columns[-last:] if last else columns),
    )


def _column(month: Month, locale: Locale, measure: _Measure, mark: str, address: AwardsAddress | None) -> svg.Column:
    value, year_before = (
        None if figures is None else measure.value(figures) for figures in (month.figures, month.year_before)
    )
    growth = measure.growth(month)
    shown = NOTHING if value is None else measure.text(value)
    label = ""
    if mark and value is not None:
        label = shown
        if mark == "now" and growth is not None:
            label = locale.text("column_growth", value=shown, growth=growth_text(growth))
    return svg.Column(
        month=month.month,
        value=value,
        year_before=year_before,
        tooltip=f"{locale.month(month.month)}: {shown} ({locale.text('yoy')} {growth_text(growth)})",
        href=address(month=f"{month.month:%Y-%m}") if month.figures and address else None,
        mark=mark,
        label=label,
    )


def type_charts(
    contents: Contents,
    locale: Locale,
    codes: list[str | None],
    listed_months: Collection[date],
    address: AwardsAddress = awards_address,
) -> list[Chart]:
    """Return the shares of the types by month: of the awards, and of the disclosed amount."""
    return [
        _type_shares(contents, locale, codes, listed_months, address, "by_awards", lambda figures: figures.awards),
        _type_shares(contents, locale, codes, listed_months, address, "by_amount", lambda figures: figures.amount),
    ]


def _type_shares(
    contents: Contents,
    locale: Locale,
    codes: list[str | None],
    listed_months: Collection[date],
    address: AwardsAddress,
    name: str,
    value: Callable[[Figures], int | Decimal | None],
) -> Chart:
    title = locale.text(name)
    months: list[tuple[date, list[svg.Part]]] = []
    last_shares: list[str] = []
    for month in contents.share_months:
        by_type = contents.types.get(month, {})
        total = sum(value(figures) or 0 for figures in by_type.values())
        parts, last_shares = [], []
        for code in codes:
            percent = share_pct(value(by_type[code]), total) if code in by_type else None
            if percent:
                text = f"{locale.item('type', code)}: {share_text(percent)}"
                last_shares.append(text)
                href = address(month=f"{month:%Y-%m}", type=code) if month in listed_months else None
                parts.append(
                    svg.Part(
                        percent, f"type-{code or 'none'}", f"{locale.month(month)} · {text}", href, f"{percent:.0f}"
                    )
                )
        months.append((month, parts))
    description = locale.text(
        "types_alt", title=title, month=locale.month(contents.period.last), shares="; ".join(last_shares)
    )
    return Chart(
        f"types-{name}",
        title,
        description,
        lambda frame, last: svg.stacked_chart(frame, months[-last:] if last else months),
    )
