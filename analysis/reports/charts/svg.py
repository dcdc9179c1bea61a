"""Charts as SVG.

The functions return the drawing of a chart without the ``svg`` element around it. :func:`inline` makes it an element
of a page, with a title and a description; :mod:`analysis.reports.charts.pictures` makes it a file. How the parts look
is in ``look.css``. Text reaches the drawing only through :func:`_filled`, which escapes it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from analysis.reports.charts.text_widths import shortened, width_of
from pipelines.common.safe_text import printable

_LEFT, _BOTTOM, _TOP = 44.0, 34.0, 22.0  # room for the scale, the months and the values
_LABEL_WIDTH, _LABEL_HEIGHT = 20.0, 15.0  # a part of a stacked column that has room for its label
_ROW_SIZE, _ROW_HEIGHT, _HEAD_HEIGHT, _GAP = 12.0, 28.0, 22.0, 10.0  # a ranking: letters, rows, head, gaps
_MOST_LABEL = 0.3  # of the width of a ranking, for its labels

_SVG = Markup(
    '<svg class="chart" role="img" aria-labelledby="{key}-t {key}-d" viewBox="0 0 {width} {height}">'
    '<title id="{key}-t">{title}</title><desc id="{key}-d">{description}</desc>\n{drawing}\n</svg>'
)
_LEVEL = Markup(
    '<svg class="level" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{width:.1f}" height="6"/></svg>'
)
_LINE = Markup('<line class="{look}" x1="{x1}" x2="{x2}" y1="{y:.1f}" y2="{y:.1f}"/>')
_TEXT = Markup('<text class="{look}" x="{x}" y="{y}">{text}</text>')
_RECTANGLE = Markup('<rect class="{look}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}"/>')
# The keyboard reaches the same links in the table, so it does not stop at each column.
_LINK = Markup('<a href="{href}" tabindex="-1"><title>{tooltip}</title>{drawing}</a>')
_GROUP = Markup("<g><title>{tooltip}</title>{drawing}</g>")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a chart is called and how large it is, in units of its own drawing. ``key`` begins its element ids."""

    key: str
    title: str
    description: str
    width: int
    height: int

    @property
    def plot_height(self) -> float:
        return self.height - _TOP - _BOTTOM

    def step(self, count: int) -> float:
        """Return the width that each of ``count`` columns has, with the gap after it."""
        return (self.width - _LEFT) / max(count, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """A month of a column chart: its value and that of a year before, where a click leads, how it is marked."""

    month: date
    value: float | None
    year_before: float | None
    tooltip: str
    href: str | None
    mark: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stacked column: its share in per cent, the class of its colour, where a click leads.

    A column that is wide enough has ``label`` written in it.
    """

    share: float
    look: str
    tooltip: str
    href: str | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a ranking: its length from 0 to 1, and what is written after it."""

    level: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a ranking: what it is of, and a bar for each head."""

    label: str
    bars: Sequence[Bar]


def column_chart(frame: Frame, columns: Sequence[Column]) -> Markup:
    """Draw columns by month on a scale from zero, each with a line at the level of the same month a year before."""
    values = (value for column in columns for value in (column.value, column.year_before) if value is not None)
    ticks = _ticks(max([0.0, *values]))
    step = frame.step(len(columns))

    def height_of(value: float) -> float:
        return _TOP + frame.plot_height * (1 - value / ticks[-1])

    drawing = [piece for tick in ticks for piece in _scale_line(frame, height_of(tick), f"{tick:,.6g}")]
    floor = height_of(0)
    for index, column in enumerate(columns):
        x = _LEFT + index * step
        drawing.append(_month_label(frame, column.month, x + step / 2, is_first=index == 0, is_sparse=step < 26))
        pieces = []
        if column.value is not None:
            top = min(height_of(column.value), floor - 1)
            width = step * 0.64
            pieces += [
                _filled(_RECTANGLE, look="hit", x=x, y=f"{_TOP:g}", width=step, height=f"{frame.plot_height:.1f}"),
                _filled(
                    _RECTANGLE,
                    look=f"bar {column.mark}",
                    x=x + (step - width) / 2,
                    y=f"{top:.1f}",
                    width=width,
                    height=f"{floor - top:.1f}",
                ),
            ]
            if column.label:
                is_last = index == len(columns) - 1 and len(columns) > 1
                look, place = ("value last", x + step) if is_last else ("value", x + step / 2)
                pieces.append(
                    _filled(_TEXT, look=look, x=f"{place:.1f}", y=f"{top - 6:.1f}", text=printable(column.label))
                )
        if column.year_before is not None:
            left, right = f"{x + step * 0.08:.1f}", f"{x + step * 0.92:.1f}"
            pieces.append(_filled(_LINE, look="before", x1=left, x2=right, y=height_of(column.year_before)))
        drawing.append(_with_tooltip(pieces, column.tooltip, column.href))
    drawing.append(_filled(_LINE, look="axis", x1=f"{_LEFT:g}", x2=frame.width, y=floor))
    return _joined(drawing)


def stacked_chart(frame: Frame, months: Sequence[tuple[date, Sequence[Part]]]) -> Markup:
    """Draw a column of a hundred per cent for each month, its parts from below in the order given."""
    step = frame.step(len(months))
    width = step * 0.72
    drawing = []
    for tick in (0, 50, 100):
        drawing += _scale_line(frame, _TOP + frame.plot_height * (1 - tick / 100), str(tick))
    for index, (month, parts) in enumerate(months):
        x = _LEFT + index * step
        drawing.append(_month_label(frame, month, x + step / 2, is_first=index == 0, is_sparse=step < 26))
        floor = _TOP + frame.plot_height
        for part in parts:
            height = frame.plot_height * part.share / 100
            floor -= height
            piece = _filled(
                _RECTANGLE,
                look=f"part {part.look}",
                x=x + (step - width) / 2,
                y=f"{floor:.2f}",
                width=width,
                height=f"{height:.2f}",
            )
            pieces = [piece]
            if part.label and width >= _LABEL_WIDTH and height >= _LABEL_HEIGHT:
                y = f"{floor + height / 2 + 4:.1f}"
                pieces.append(
                    _filled(
                        _TEXT, look=f"on-part on-{part.look}", x=f"{x + step / 2:.1f}", y=y, text=printable(part.label)
                    )
                )
            drawing.append(_with_tooltip(pieces, part.tooltip, part.href))
    return _joined(drawing)


def bar_chart(frame: Frame, heads: Sequence[str], rows: Sequence[Row]) -> Markup:
    """Draw a table of bars: a label, then one bar for each head, all bars of a head on one scale from zero."""
    label_width = min(
        max(width_of(row.label, _ROW_SIZE) for row in rows) + _GAP if rows else 0, frame.width * _MOST_LABEL
    )
    panel = (frame.width - label_width) / len(heads)
    room = [max(width_of(row.bars[index].text, _ROW_SIZE) for row in rows) + _GAP for index in range(len(heads))]
    line = (frame.height - _HEAD_HEIGHT) / max(len(rows), 1)
    drawing = [
        _filled(_TEXT, look="head", x=f"{label_width + index * panel:.1f}", y=f"{_ROW_SIZE:g}", text=printable(head))
        for index, head in enumerate(heads)
    ]
    for number, row in enumerate(rows):
        middle = _HEAD_HEIGHT + line * (number + 0.5)
        label = shortened(printable(row.label), label_width - _GAP, _ROW_SIZE)
        drawing.append(_filled(_TEXT, look="row", x=f"{label_width - _GAP:.1f}", y=f"{middle + 4:.1f}", text=label))
        for index, bar in enumerate(row.bars):
            left, width = label_width + index * panel, bar.level * (panel - room[index] - _GAP)
            drawing += [
                _filled(
                    _RECTANGLE,
                    look="bar base",
                    x=left,
                    y=f"{middle - line * 0.32:.1f}",
                    width=width,
                    height=f"{line * 0.64:.1f}",
                ),
                _filled(
                    _TEXT, look="figure", x=f"{left + width + 6:.1f}", y=f"{middle + 4:.1f}", text=printable(bar.text)
                ),
            ]
    return _joined(drawing)


def bar_chart_height(rows: int) -> int:
    """Return the height that a ranking of so many rows needs, in units of its drawing."""
    return round(_HEAD_HEIGHT + rows * _ROW_HEIGHT)


def level(share: float | None, top: float = 100) -> Markup:
    """Draw a thin bar beside a figure that says the same; it is full at ``top``. Nothing for no share."""
    return _filled(_LEVEL, width=min(100 * share / top, 100)) if share else Markup()


def inline(frame: Frame, drawing: Markup) -> Markup:
    """Return a chart as an element of an HTML page."""
    return _filled(
        _SVG,
        key=frame.key,
        width=frame.width,
        height=frame.height,
        title=printable(frame.title),
        description=printable(frame.description),
        drawing=drawing,
    )


def _filled(template: Markup, **values: str | float) -> Markup:
    """Return what ``template.format`` does, several times as fast: it escapes texts that are not HTML already."""
    safe = {name: value if isinstance(value, int | float) else escape(value) for name, value in values.items()}
    return Markup(str.format(template, **safe))  # noqa: S704  # every text is escaped


def _joined(drawing: Sequence[Markup]) -> Markup:
    return Markup("\n").join(drawing)


def _scale_line(frame: Frame, y: float, label: str) -> list[Markup]:
    return [
        _filled(_LINE, look="rule", x1=f"{_LEFT:g}", x2=frame.width, y=y),
        _filled(_TEXT, look="tick", x=f"{_LEFT - 6:g}", y=f"{y + 4:.1f}", text=label),
    ]


def _with_tooltip(pieces: Sequence[Markup], tooltip: str, href: str | None) -> Markup:
    if not pieces:
        return Markup()
    drawing, text = Markup().join(pieces), printable(tooltip)
    return (
        _filled(_LINK, href=href, tooltip=text, drawing=drawing)
        if href
        else _filled(_GROUP, tooltip=text, drawing=drawing)
    )


def _month_label(frame: Frame, month: date, x: float, *, is_first: bool, is_sparse: bool) -> Markup:
    """Write the month's number, and the year below it in January and at the beginning."""
    labels = []
    if is_first or not is_sparse or month.month % 3 == 1:
        labels.append(_filled(_TEXT, look="month", x=f"{x:.1f}", y=f"{frame.height - 18:g}", text=month.month))
    if is_first or month.month == 1:
        labels.append(_filled(_TEXT, look="year", x=f"{x:.1f}", y=f"{frame.height - 3:g}", text=month.year))
    return Markup().join(labels)


def _ticks(top: float) -> list[float]:
    """Return round steps from zero to at least ``top``, four or five of them."""
    if top <= 0:
        return [0.0, 1.0]
    rough = top / 4
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
    return [step * index for index in range(math.ceil(top / step - 1e-9) + 1)]
