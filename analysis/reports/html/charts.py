"""Charts as inline SVG. Each has a title and a description; the table beside it says the same to those who do not see it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analysis.reports.html.markup import text

_AXIS_LEFT, _AXIS_BOTTOM, _TOP = 44.0, 34.0, 22.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of a curve: its value and that of a year before, what a pointer is told, where a click leads, how it is marked."""

    month: date
    value: float | None
    before: float | None
    told: str
    href: str | None
    mark: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stacked bar: its share in per cent, the class of its colour, what a pointer is told, where a click leads."""

    share: float
    look: str
    told: str
    href: str | None


def curve(key: str, title: str, described: str, bars: Sequence[Bar], width: int, height: int) -> str:
    """Columns by month on a scale from nought, each with a line across at the level of the same month a year before."""
    most = max([0.0, *(v for bar in bars for v in (bar.value, bar.before) if v is not None)])
    ticks = _ticks(most)
    plot = height - _TOP - _AXIS_BOTTOM
    step = (width - _AXIS_LEFT) / max(len(bars), 1)
    wide = step * 0.64

    def y(value: float) -> float:
        return _TOP + plot * (1 - value / ticks[-1])

    drawn = [
        f'<line class="rule" x1="{_AXIS_LEFT:g}" x2="{width}" y1="{y(t):.1f}" y2="{y(t):.1f}"/>'
        f'<text class="tick" x="{_AXIS_LEFT - 6:g}" y="{y(t) + 4:.1f}">{_short(t)}</text>'
        for t in ticks
    ]
    for at, bar in enumerate(bars):
        x = _AXIS_LEFT + at * step
        drawn.append(_month_label(bar.month, x + step / 2, height, first=at == 0, sparse=step < 26))
        piece = ""
        if bar.value is not None:
            top = min(y(bar.value), y(0) - 1)
            piece += (
                f'<rect class="hit" x="{x:.1f}" y="{_TOP:g}" width="{step:.1f}" height="{plot:.1f}"/>'
                f'<rect class="bar {bar.mark}" x="{x + (step - wide) / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" '
                f'height="{y(0) - top:.1f}"/>'
            )
            if bar.label:
                at_end = at == len(bars) - 1 and len(bars) > 1
                place, side = (x + step, " last") if at_end else (x + step / 2, "")
                piece += f'<text class="value{side}" x="{place:.1f}" y="{top - 6:.1f}">{text(bar.label)}</text>'
        if bar.before is not None:
            left, right, across = x + step * 0.08, x + step * 0.92, y(bar.before)
            piece += f'<line class="before" x1="{left:.1f}" x2="{right:.1f}" y1="{across:.1f}" y2="{across:.1f}"/>'
        drawn.append(_linked(piece, bar.href, bar.told))
    drawn.append(f'<line class="axis" x1="{_AXIS_LEFT:g}" x2="{width}" y1="{y(0):.1f}" y2="{y(0):.1f}"/>')
    return _svg(key, title, described, drawn, width, height)


def stacked(
    key: str, title: str, described: str, months: Sequence[tuple[date, Sequence[Part]]], width: int, height: int
) -> str:
    """A column of a hundred per cent for each month, its parts in the same order from below."""
    plot = height - _TOP - _AXIS_BOTTOM
    step = (width - _AXIS_LEFT) / max(len(months), 1)
    wide = step * 0.72
    drawn = []
    for tick in (0, 50, 100):
        y = _TOP + plot * (1 - tick / 100)
        drawn.append(f'<line class="rule" x1="{_AXIS_LEFT:g}" x2="{width}" y1="{y:.1f}" y2="{y:.1f}"/>')
        drawn.append(f'<text class="tick" x="{_AXIS_LEFT - 6:g}" y="{y + 4:.1f}">{tick}</text>')
    for at, (month, parts) in enumerate(months):
        x = _AXIS_LEFT + at * step
        drawn.append(_month_label(month, x + step / 2, height, first=at == 0, sparse=step < 26))
        floor = _TOP + plot
        for part in parts:
            tall = plot * part.share / 100
            floor -= tall
            piece = (
                f'<rect class="part {part.look}" x="{x + (step - wide) / 2:.1f}" y="{floor:.2f}" width="{wide:.1f}" '
                f'height="{tall:.2f}"/>'
            )
            drawn.append(_linked(piece, part.href, part.told))
    return _svg(key, title, described, drawn, width, height)


def level(share: float | None, most: float = 100) -> str:
    """A thin bar beside a figure that says the same; full at ``most``."""
    if not share:
        return ""
    filled = f'<rect width="{min(100 * share / most, 100):.1f}" height="6"/>'
    return f'<svg class="level" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{filled}</svg>'


def _svg(key: str, title: str, described: str, drawn: Sequence[str], width: int, height: int) -> str:
    return (
        f'<svg class="chart" role="img" aria-labelledby="{key}-t {key}-d" viewBox="0 0 {width} {height}">'
        f'<title id="{key}-t">{text(title)}</title><desc id="{key}-d">{text(described)}</desc>\n'
        + "\n".join(drawn)
        + "\n</svg>"
    )


def _linked(piece: str, href: str | None, told: str) -> str:
    """A part of a chart for the pointer. The keyboard takes the same links in the table, so it does not stop at each bar."""
    if not piece:
        return ""
    inside = f"<title>{text(told)}</title>{piece}"
    return f'<a href="{href}" tabindex="-1">{inside}</a>' if href else f"<g>{inside}</g>"


def _month_label(month: date, x: float, height: float, *, first: bool, sparse: bool) -> str:
    """The month's number, and the year below where it begins."""
    shown = ""
    if first or not sparse or month.month % 3 == 1:
        shown = f'<text class="month" x="{x:.1f}" y="{height - 18:g}">{month.month}</text>'
    if first or month.month == 1:
        shown += f'<text class="year" x="{x:.1f}" y="{height - 3:g}">{month.year}</text>'
    return shown


def _ticks(most: float) -> list[float]:
    """Round steps from nought to at least ``most``, four or five of them."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / 4
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    return [step * at for at in range(math.ceil(most / step - 1e-9) + 1)]


def _short(value: float) -> str:
    return f"{value:,.6g}"
