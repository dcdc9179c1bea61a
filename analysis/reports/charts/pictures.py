"""Charts as pictures to paste into documents and slides: title, key, chart and source on a light ground.

A picture is an SVG file that needs no style sheet. :mod:`analysis.reports.charts.png` draws it as PNG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from analysis.figures.summary import DIMENSIONS, Dimension
from analysis.rendering.locale import NOTHING, Locale
from analysis.rendering.messages import Language
from analysis.reports.charts import look, monthly_charts, svg
from analysis.reports.charts.chart import Chart
from analysis.reports.charts.ranking_charts import ROWS, ranking_chart
from analysis.reports.charts.text_widths import width_of, wrapped
from analysis.reports.period_report import Contents
from pipelines.common.safe_text import printable, storable

# In units of the drawing. A file is as wide as the text of an A4 page, so that a unit is 0.6 points on paper.
_WIDTH, _HEIGHT, _MARGIN = 720, 405, 24
_INNER = _WIDTH - 2 * _MARGIN
_PIXELS_PER_UNIT = 5 / 6
_TITLE_LINE, _SUBTITLE_LINE, _KEY_LINE, _PLOT_TOP = 40, 62, 88, 100
_SOURCE_SIZE, _SOURCE_LINE, _BELOW_PLOT = 11, 16, 22
# What an SVG file asks for, the fonts of Windows, macOS and Linux in turn; a PNG file has the first that is found.
FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
    "Source Han Sans CN", "HarmonyOS Sans SC", "Alibaba PuHuiTi", "MiSans", "DengXian", "Heiti SC", "STHeiti", "SimHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "LXGW WenKai", "Noto Sans CJK TC",
    "Noto Sans CJK JP", "Songti SC", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC", "AR PL UMing CN",
    "AR PL UKai CN",
)  # fmt: skip

_PICTURE = Markup(
    '<svg width="{shown_width:g}" height="{shown_height:g}" viewBox="0 0 {width} {height}" class="picture" '
    'font-family="{fonts}" font-size="12" xml:lang="{language}">'
    '<title>{title}</title><desc>{description}</desc><rect class="paper" width="{width}" height="{height}"/>{content}'
    '<g class="chart" transform="translate({left} {top})">{drawing}</g></svg>'
)
_TEXT = Markup('<text class="{look}" x="{x:g}" y="{y:g}">{text}</text>')
_SWATCH = Markup('<rect class="{look}" x="{x:.1f}" y="{y:g}" width="12" height="12"/>')
_STROKE = Markup('<line class="{look}" x1="{x:.1f}" x2="{end:.1f}" y1="{y:g}" y2="{y:g}"/>')


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as a file: the end of its name, and its SVG text."""

    name: str
    svg: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a picture is made of: its name, title and subtitle, the chart, the classes and texts of its key, a note."""

    name: str
    title: str
    subtitle: str
    chart: Chart
    key: Sequence[tuple[str, str]] = ()
    note: str = ""
    plot_height: int | None = None  # None: as much as the picture has room for


def pictures(contents: Contents, language: Language = "zh") -> list[Picture]:
    """Return the charts of a report: two curves, two shares of the types, a ranking for each other breakdown.

    A chart without any award is left out.
    """
    locale = Locale(language)
    drawn: list[_Drawn] = []
    if any(month.figures for month in contents.curve):
        drawn += [*_curves(contents, locale), *_type_shares(contents, locale)]
    drawn += [_ranking(contents, dimension, locale) for dimension in DIMENSIONS if _is_ranked(contents, dimension)]
    return [Picture(one.name, _svg(one, contents, locale)) for one in drawn]


def _curves(contents: Contents, locale: Locale) -> list[_Drawn]:
    months = [month.month for month in contents.curve]
    first, last = locale.month(months[0]), locale.month(months[-1])
    base = contents.curve[-1].year_before
    key = [("bar now", locale.month(months[-1]))]
    if base and len(months) > 12:
        key.append(("bar base", locale.month(months[-13])))
    key.append(("before", locale.text("picture_year_before")))
    note = "" if all(month.figures for month in contents.curve) else locale.text("picture_gaps")
    return [
        _Drawn(
            name,
            locale.text(f"picture_{name}"),
            locale.text("picture_months", what=chart.title, first=first, last=last),
            chart,
            key,
            note,
        )
        for name, chart in zip(("awards", "amount"), monthly_charts.curve_charts(contents, locale, ()), strict=True)
    ]


def _type_shares(contents: Contents, locale: Locale) -> list[_Drawn]:
    months = contents.share_months
    codes = contents.type_codes
    key = [(f"type-{code or 'none'}", locale.item("type", code)) for code in codes]
    return [
        _Drawn(
            f"types-by-{measure}",
            locale.text(f"picture_types_by_{measure}"),
            locale.text(
                "picture_months", what=chart.title, first=locale.month(months[0]), last=locale.month(months[-1])
            ),
            chart,
            key,
        )
        for measure, chart in zip(
            ("awards", "amount"), monthly_charts.type_charts(contents, locale, codes, ()), strict=True
        )
    ]


def _is_ranked(contents: Contents, dimension: Dimension) -> bool:
    return dimension != "type" and bool(contents.summary.breakdowns[dimension])


def _ranking(contents: Contents, dimension: Dimension, locale: Locale) -> _Drawn:
    chart = ranking_chart(contents.summary, dimension, locale)
    rows = len(contents.summary.breakdowns[dimension])
    message = "picture_ranking" if rows <= ROWS else "picture_ranking_cut"
    period = locale.period(contents.period)
    return _Drawn(
        chart.key,
        chart.title,
        locale.text(message, period=period, rows=rows, shown=ROWS, what=locale.text(f"{dimension}s").lower()),
        chart,
        note=locale.text("picture_vendors_note") if dimension == "vendor" else "",
        plot_height=svg.bar_chart_height(min(rows, ROWS)),
    )


def _svg(drawn: _Drawn, contents: Contents, locale: Locale) -> str:
    """Return the picture as the text of an SVG file."""
    source = _source_lines(drawn, contents, locale)
    top = _PLOT_TOP if drawn.key else _PLOT_TOP - 18
    plot_height = _HEIGHT - top - _BELOW_PLOT - _SOURCE_LINE * len(source)
    if drawn.plot_height:
        plot_height = min(plot_height, drawn.plot_height)
    height = top + plot_height + _BELOW_PLOT + _SOURCE_LINE * len(source)
    content = [
        _TEXT.format(look="title", x=_MARGIN, y=_TITLE_LINE, text=printable(drawn.title)),
        _TEXT.format(look="subtitle", x=_MARGIN, y=_SUBTITLE_LINE, text=printable(drawn.subtitle)),
        *_key(drawn.key),
        *(
            _TEXT.format(
                look=look_of_line, x=_MARGIN, y=top + plot_height + 8 + _SOURCE_LINE * (index + 1), text=printable(line)
            )
            for index, (look_of_line, line) in enumerate(source)
        ),
    ]
    markup = _PICTURE.format(
        width=_WIDTH,
        height=height,
        shown_width=_WIDTH * _PIXELS_PER_UNIT,
        shown_height=height * _PIXELS_PER_UNIT,
        fonts=", ".join(f"'{name}'" for name in FONTS) + ", sans-serif",
        language="zh-CN" if locale.is_chinese else "en",
        title=printable(drawn.title),
        description=printable(drawn.chart.description),
        content=Markup().join(content),
        drawing=drawn.chart.draw(drawn.chart.frame(_INNER, plot_height), None),
        left=_MARGIN,
        top=top,
    )
    picture = etree.fromstring(storable(markup))
    look.write_into(picture)
    text = etree.tostring(picture, encoding="unicode")
    return text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def _key(entries: Sequence[tuple[str, str]]) -> list[Markup]:
    pieces, x = [], float(_MARGIN)
    for look_of_entry, text in entries:
        if look_of_entry == "before":
            pieces.append(_STROKE.format(look=look_of_entry, x=x - 2, end=x + 14, y=_KEY_LINE - 4))
        else:
            pieces.append(_SWATCH.format(look=look_of_entry, x=x, y=_KEY_LINE - 10))
        pieces.append(_TEXT.format(look="key-text", x=round(x + 18, 1), y=_KEY_LINE, text=printable(text)))
        x += 18 + width_of(text, 12) + 20
    return pieces


def _source_lines(drawn: _Drawn, contents: Contents, locale: Locale) -> list[tuple[str, str]]:
    """Return the lines below the chart: whether the data is made up, its note, what the figures are taken from."""
    summary = contents.summary
    state = {"complete": "complete", "partial": "not_complete", "unknown": "not_known"}[summary.coverage.state]
    definition = contents.definition.title_zh if locale.is_chinese else contents.definition.title_en
    source = locale.text(
        "picture_source", definition=definition, as_of=summary.as_of or NOTHING, coverage=locale.text(state).lower()
    )
    origins = locale.joined(base.origin for base in summary.coverage.bases)
    bases = locale.text("picture_bases", origins=origins) if origins else ""
    texts = [text for text in (drawn.note, source + ("" if locale.is_chinese else " ") + bases) if text]
    lines = [("source", line) for text in texts for line in wrapped(text, _INNER, _SOURCE_SIZE)]
    return [("made-up", locale.text("made_up")), *lines] if contents.made_up else lines
