"""The summary of a period as an Excel workbook.

One sheet per question with a native chart, then the awards with links, and how to read the figures. Figures are numbers
as the database has them: sums in yuan, shares and growth in per cent. An empty cell says that there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from analysis.figures.summary import Dimension, Part
from analysis.rendering.locale import NOTHING, Locale
from analysis.rendering.messages import Language
from analysis.rendering.workbook import Book, Column, Kind
from analysis.reports import award_details, sentences
from analysis.reports.period_report import ByCode, Contents
from analysis.staging.last_seen import last_seen
from pipelines.common.money import in_units

MOST_AWARDS = 15_000  # of the list, so that no month's workbook takes long to write or to open
_BLUE, _ORANGE, _GRAY = "#14508C", "#D9822B", "#D9DEE4"
_TYPE_COLORS = {"compute": "#1D4E89", "application": "#4F9D94", "model": "#D9A441", "data": "#8C5A86"}  # as on the page
_MOST_BARS = 15  # rows of a ranking in its chart
_PERCENT = " %"
_A4 = 9  # Excel's number for it
_CHART_WIDTH, _ROW_HEIGHT = 860, 20  # pixels
# Each month has its own place, also if months between them are missing.
_MONTH_AXIS = {"text_axis": True, "num_format": "yyyy-mm", "num_font": {"rotation": -45}}
_MOST_LINES = 6  # of the trend of vendors

Cell = Any  # what Book.sheet takes


def write(con: duckdb.DuckDBPyConnection, path: Path, contents: Contents, language: Language = "zh") -> None:
    """Write the workbook of a period to ``path``, from what :func:`analysis.reports.period_report.gather` collected."""
    locale = Locale(language)
    title = sentences.title(contents.period, locale)
    if contents.made_up:
        title += f" · {locale.text('made_up')}"
    with Book(path, title, last_seen(con)) as book:
        _write_headline(book, contents, locale)
        _write_curve(book, contents, locale)
        _write_shares(book, contents, locale, "type", contents.types)
        _write_shares(book, contents, locale, "sector", contents.sectors)
        _write_ranking(book, locale, "vendor", contents.summary.by_vendor)
        _write_vendor_trend(book, contents, locale)
        _write_ranking(book, locale, "province", contents.summary.by_province)
        _write_revisions(book, contents, locale)
        _write_published(book, contents, locale)
        _write_awards(con, book, contents, locale)
        _write_reading(book, contents, locale)
        for sheet in book.book.worksheets():  # on paper: as wide as a page, the header on each
            sheet.set_landscape()
            sheet.set_paper(_A4)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)


def _write_headline(book: Book, contents: Contents, locale: Locale) -> None:
    """Write one row for the period and one for each that it is compared with, then what the figures rest on."""
    summary = contents.summary
    like = locale.text("like")
    columns = _columns(
        (locale.text("item"), 26, "text"),
        (locale.text("period"), 18, "text"),
        (locale.text("awards"), 14, "count"),
        (locale.text("disclosed"), 14, "count"),
        (locale.text("undisclosed"), 14, "count"),
        (locale.text("amount_yuan"), 22, "money"),
        (locale.text("money_head"), 16, "money"),
        (locale.text("growth_awards") + _PERCENT, 15, "change"),
        (locale.text("growth_amount") + _PERCENT, 15, "change"),
        (f"{like} · {locale.text('awards')}{_PERCENT}", 18, "change"),
        (f"{like} · {locale.text('amount')}{_PERCENT}", 18, "change"),
        (locale.text("like_portals_head"), 60, "text"),
    )
    period = [
        locale.text("headline"),
        summary.period.key,
        summary.awards,
        summary.disclosed,
        summary.undisclosed,
        summary.amount_yuan,
        _in_large_units(summary.amount_yuan, locale),
    ]
    rows = [_padded(period, columns)]
    for name, comparison in summary.comparisons.items():
        base, alike = comparison.base, comparison.like_for_like
        rows.append(
            [
                f"{locale.text(name)} · {locale.text('base')}",
                base.period.key,
                base.awards,
                None,
                None,
                base.amount_yuan,
                _in_large_units(base.amount_yuan, locale),
                comparison.awards_pct,
                comparison.amount_pct,
                alike.awards_pct,
                alike.amount_pct,
                locale.joined(alike.portals or []) or None,
            ]
        )
    notes = [locale.text("made_up")] if contents.made_up else []
    notes.append(sentences.lead(contents.summary, locale))
    if summary.undisclosed:
        notes.append(locale.text("undisclosed_note", undisclosed=f"{summary.undisclosed:,}"))
    if summary.flagged:
        notes.append(locale.text("flagged_note", flagged=f"{summary.flagged:,}"))
    if summary.lacks_covered_base:
        notes.append(locale.text("uncovered_growth"))
    notes += [
        f"{locale.text('definition')}: {_definition(contents, locale)}",
        f"{locale.text('as_of')}: {summary.as_of or NOTHING}",
        f"{locale.text('coverage')}: {sentences.coverage_words(summary.coverage, locale)}",
    ]
    rows += [_padded([], columns), *(_padded([note], columns) for note in notes)]
    book.sheet(locale.text("sheet_headline"), columns, rows)


def _write_curve(book: Book, contents: Contents, locale: Locale) -> None:
    """Write a row per month, with awards as columns and amounts as a line in one chart."""
    name = locale.text("sheet_curve")
    columns = _columns(
        (locale.text("month"), 12, "month"),
        (locale.text("awards"), 12, "count"),
        (locale.text("disclosed"), 14, "count"),
        (locale.text("amount_yuan"), 22, "money"),
        (locale.text("money_head"), 16, "money"),
        *(
            (f"{locale.text(measure)} {locale.text(base)}{_PERCENT}", 16, "change")
            for base in ("yoy", "mom")
            for measure in ("awards", "amount")
        ),
    )
    rows = []
    for month in contents.curve:
        sums: list[Cell] = [None] * 4
        if month.figures:
            amount = month.figures.amount
            sums = [month.figures.awards, month.figures.disclosed, amount, _in_large_units(amount, locale)]
        growth = [month.awards_yoy_pct, month.amount_yoy_pct, month.awards_mom_pct, month.amount_mom_pct]
        rows.append([month.month, *sums, *growth])
    last = book.sheet(name, columns, rows)
    chart = book.book.add_chart({"type": "column"})
    chart.add_series({**_series(name, 1, last), "fill": {"color": _BLUE}})
    line = book.book.add_chart({"type": "line"})
    line.add_series(
        {
            **_series(name, 4, last),
            "y2_axis": True,
            "line": {"color": _ORANGE, "width": 2.25},
            "marker": {"type": "circle", "fill": {"color": _ORANGE}},
        }
    )
    chart.combine(line)
    chart.set_y_axis({"name": locale.text("awards"), "major_gridlines": {"visible": True, "line": {"color": _GRAY}}})
    line.set_y2_axis({"name": locale.text("money_head"), "num_format": "#,##0"})
    chart.set_x_axis(_MONTH_AXIS)
    chart.set_title({"name": locale.text("curve")})
    chart.set_legend({"position": "bottom"})
    _insert_chart(book, name, chart, rows=22, below=last)


def _write_shares(book: Book, contents: Contents, locale: Locale, dimension: Dimension, by_month: ByCode) -> None:
    """Write the period's sums of each type or sector, then its share of the awards and of the amount of each month."""
    name, months = locale.text(f"sheet_{dimension}s"), contents.share_months
    sums = {part.code: part for part in contents.summary.breakdowns[dimension]}
    codes = contents.sector_codes if dimension == "sector" else list(sums)
    of_awards = contents.shares_over_time(by_month, codes)
    of_amounts = contents.shares_over_time(by_month, codes, "amount")
    rows = [
        [
            locale.item(dimension, code),
            *_sums(sums.get(code), locale),
            *(share.percent for share in (*awards, *amounts)),
        ]
        for (code, awards), (_, amounts) in zip(of_awards, of_amounts, strict=True)
    ]
    columns = _sum_columns(locale, dimension) + _columns(
        *(
            (f"{month:%Y-%m} {locale.text(share)}", 13, "share")
            for share in ("sheet_share_awards", "sheet_share_amount")
            for month in months
        )
    )
    last = book.sheet(name, columns, rows)
    chart = book.book.add_chart({"type": "column", "subtype": "percent_stacked"})
    first_column, last_column = 7, 6 + len(months)
    for place, code in enumerate(codes, 1):
        chart.add_series(
            {
                "name": [name, place, 0],
                "categories": [name, 0, first_column, 0, last_column],
                "values": [name, place, first_column, place, last_column],
                "gap": 40,
                **({"fill": {"color": _TYPE_COLORS[code]}} if code in _TYPE_COLORS else {}),
            }
        )
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": _GRAY}}})
    chart.set_title({"name": locale.text("sectors_time")})
    chart.set_legend({"position": "bottom"})
    if last:
        _insert_chart(book, name, chart, rows=22, below=last)


def _write_ranking(book: Book, locale: Locale, dimension: Dimension, ranking: Sequence[Part]) -> None:
    """Write the period's vendors or provinces, with the first of them as bars."""
    name = locale.text(f"sheet_{dimension}s")
    columns = _sum_columns(locale, dimension)
    rows = [[locale.item(dimension, part.code), *_sums(part, locale)] for part in ranking]
    last = min(book.sheet(name, columns, rows), _MOST_BARS)
    if not last:
        return
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series({**_series(name, 1, last), "fill": {"color": _BLUE}, "gap": 40, "data_labels": {"value": True}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
    chart.set_title({"name": locale.text("awards")})
    chart.set_legend({"none": True})
    _insert_chart(book, name, chart, rows=last + 6, right_of=len(columns))


def _write_vendor_trend(book: Book, contents: Contents, locale: Locale) -> None:
    """Write a row per month with the awards of each leading vendor, then their amounts.

    A vendor without an award has 0 in a month with awards. In a month without any, nothing may be known: no cells.
    """
    name, vendors = locale.text("sheet_vendor_trend"), contents.leading_vendors
    columns = _columns(
        (locale.text("month"), 12, "month"),
        *((locale.text("sheet_vendor_awards", vendor=vendor), 14, "count") for vendor in vendors),
        *((locale.text("sheet_vendor_amount", vendor=vendor), 14, "money") for vendor in vendors),
    )
    rows: list[list[Cell]] = []
    for month in contents.curve:
        of_month = contents.vendors.get(month.month, {})
        awards = [of_month[vendor].awards if vendor in of_month else 0 for vendor in vendors]
        amounts = [
            _in_large_units(of_month[vendor].amount, locale) if vendor in of_month else None for vendor in vendors
        ]
        rows.append(_padded([month.month, *awards, *amounts] if month.figures else [month.month], columns))
    last = book.sheet(name, columns, rows)
    if not vendors:
        return
    chart = book.book.add_chart({"type": "line"})
    for place, _ in enumerate(vendors[:_MOST_LINES], 1):
        chart.add_series({**_series(name, place, last), "line": {"width": 2.25}, "marker": {"type": "circle"}})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": _GRAY}}})
    chart.set_x_axis(_MONTH_AXIS)
    chart.set_title({"name": locale.text("awards")})
    chart.set_legend({"position": "bottom"})
    _insert_chart(book, name, chart, rows=22, below=last)


def _write_revisions(book: Book, contents: Contents, locale: Locale) -> None:
    """Write every single change, the newest first."""
    columns = _columns(
        (locale.text("known_on"), 14, "day"),
        (locale.text("cause"), 18, "text"),
        (locale.text("awards_change"), 12, "count"),
        (locale.text("amount_before"), 20, "money"),
        (locale.text("amount_after"), 20, "money"),
        (locale.text("amount_change"), 20, "money"),
        (locale.text("project"), 46, "text"),
        (locale.text("buyer"), 28, "text"),
        (locale.text("changed_by"), 40, "link"),
        (locale.text("key"), 20, "text"),
    )
    revisions = contents.summary.revisions
    rows: list[list[Cell]] = []
    for change in revisions.changes if revisions else []:
        before, after = change.amount_before_yuan, change.amount_after_yuan
        rows.append(
            [
                change.known_on,
                locale.term("change_cause", change.cause),
                change.awards_change,
                before,
                after,
                (after or 0) - (before or 0),
                change.project_name,
                change.buyer,
                change.notices[0].url if change.notices else None,
                change.award_key,
            ]
        )
    if not rows:
        note = locale.text("revisions_none", since=revisions.since) if revisions else locale.text("revisions_early")
        rows = [_padded([note], columns)]
    book.sheet(locale.text("sheet_revisions"), columns, rows)


def _write_published(book: Book, contents: Contents, locale: Locale) -> None:
    """Write the figures that others published with ours, then where they contradict one another."""
    columns = _columns(
        (locale.text("measure"), 34, "text"),
        (locale.text("period"), 12, "text"),
        (locale.text("published_value"), 12, "score"),
        (locale.text("ours"), 12, "score"),
        (locale.text("difference"), 12, "score"),
        (locale.text("source"), 36, "text"),
        (locale.text("link"), 50, "link"),
        (locale.text("note"), 60, "text"),
    )
    rows: list[list[Cell]] = [
        [
            sentences.metric(figure.metric, figure.dimension, locale),
            contents.period.key,
            figure.value,
            figure.ours,
            figure.difference,
            locale.publisher(figure.publisher),
            figure.source_url,
            locale.note(figure.note),
        ]
        for figure in contents.summary.published
        if figure.value is not None
    ]
    if not rows:
        rows = [_padded([locale.text("published_none")], columns)]
    if contents.contradictions:
        rows += [_padded([], columns), _padded([locale.text("contradictions")], columns)]
    for pair in contents.contradictions:
        measure = sentences.metric(pair.metric, pair.dimension, locale)
        problem = f"{locale.term('contradiction', pair.problem)}: {measure}"
        for side in (pair.one, pair.other):
            source = (locale.publisher(side.publisher), side.source_url, locale.note(side.note))
            rows.append([problem, pair.period, side.value, None, None, *source])
    book.sheet(locale.text("sheet_published"), columns, rows)


def _write_awards(con: duckdb.DuckDBPyConnection, book: Book, contents: Contents, locale: Locale) -> None:
    """Write the period's awards, the largest first, and where the rest of a very long list is."""
    columns = _columns(
        (locale.text("project"), 46, "text"),
        (locale.text("buyer"), 28, "text"),
        (locale.text("province"), 10, "text"),
        (locale.text("day"), 12, "day"),
        (locale.text("type"), 12, "text"),
        (locale.text("sector"), 18, "text"),
        (locale.text("yuan"), 18, "money"),
        (locale.text("partial"), 9, "yes"),
        (locale.text("suppliers"), 36, "text"),
        (locale.text("vendor"), 14, "text"),
        (locale.text("own"), 10, "yes"),
        (locale.text("lots"), 8, "count"),
        (locale.text("number"), 24, "text"),
        (locale.text("link"), 40, "link"),
        (locale.text("key"), 20, "text"),
    )
    dimensions: dict[int, Dimension] = {2: "province", 4: "type", 5: "sector"}  # by the place of their column
    with award_details.chosen(con, contents.definition, contents.period.each_month, contents.instant):
        awards = award_details.as_rows(con)

    def cell(place: int, value: Cell) -> Cell:
        if place in dimensions:
            return locale.item(dimensions[place], value)
        return ("; ".join(value) if isinstance(value, list) else value) or None

    rows = ([cell(place, value) for place, value in enumerate(award)] for award in awards[:MOST_AWARDS])
    rest = [_padded([_rest_note(len(awards), contents, locale)], columns)] if len(awards) > MOST_AWARDS else []
    book.sheet(locale.text("sheet_awards"), columns, chain(rows, rest))


def _rest_note(count: int, contents: Contents, locale: Locale) -> str:
    span = f"--since {contents.period.first} --until {contents.period.last_day}"
    command = f"tenders export --format xlsx --counted {span} -o awards.xlsx"
    return locale.text("sheet_cut", more=f"{count - MOST_AWARDS:,}", shown=f"{MOST_AWARDS:,}", command=command)


def _write_reading(book: Book, contents: Contents, locale: Locale) -> None:
    """Write how to read the figures: definition, rules, coverage by portal, the command that computes them again."""
    rows = [[locale.text("made_up"), None]] if contents.made_up else []
    rows.append([locale.text("definition"), _definition(contents, locale)])
    rows += [
        [locale.text(label), locale.text(text)]
        for label, text in (
            ("awards_list", "read_award"),
            ("amount", "read_amount"),
            ("undisclosed", "read_blank"),
            ("sectors", "read_sector"),
            ("types", "types_note"),
            ("vendors", "vendors_note"),
            ("bases", "read_growth"),
            ("like", "like_note"),
            ("coverage", "read_coverage"),
            ("published", "published_note"),
            ("evidence", "read_evidence"),
        )
    ]
    for portal in contents.summary.coverage.portals:
        counts = (
            f"{locale.text('days_complete')} {portal.days_complete}",
            f"{locale.text('days_missing')} {portal.days_missing}",
            f"{locale.text('notices')} {portal.notices:,}",
        )
        text = f"{locale.term('coverage_state', portal.state)}; {', '.join(counts)}"
        rows.append([f"{locale.text('coverage')}: {portal.portal}", text])
    rows += [[locale.text("alarms"), alarm] for alarm in contents.summary.coverage.alarms]
    rows.append([locale.text("again"), sentences.summary_command(contents)])
    name = locale.text("sheet_reading")
    book.sheet(name, _columns(("", 30, "text"), (name, 110, "long")), rows)


def _sum_columns(locale: Locale, dimension: Dimension) -> list[Column]:
    return _columns(
        (locale.text(dimension), 22, "text"),
        (locale.text("awards"), 12, "count"),
        (locale.text("share_awards") + _PERCENT, 14, "share"),
        (locale.text("disclosed"), 14, "count"),
        (locale.text("amount_yuan"), 22, "money"),
        (locale.text("share_amount") + _PERCENT, 14, "share"),
        (locale.text("money_head"), 14, "money"),
    )


def _sums(part: Part | None, locale: Locale) -> list[Cell]:
    if part is None:
        return [None] * 6
    return [
        part.awards,
        part.awards_share_pct,
        part.disclosed,
        part.amount_yuan,
        part.amount_share_pct,
        _in_large_units(part.amount_yuan, locale),
    ]


def _in_large_units(yuan: Decimal | None, locale: Locale) -> Decimal | None:
    """Return a sum in 亿, or in millions in English; None if it is not known."""
    return None if yuan is None else in_units(yuan, locale.unit)


def _series(name: str, column: int, last: int) -> dict[str, Any]:
    """Return a chart's series: a column of a sheet, named by its header, over the first column."""
    return {
        "name": [name, 0, column],
        "categories": [name, 1, 0, last, 0],
        "values": [name, 1, column, last, column],
    }


def _insert_chart(book: Book, name: str, chart: Any, rows: int, *, below: int = 0, right_of: int = 0) -> None:
    """Put a chart of that many rows below the last row of a sheet, or right of its columns."""
    chart.set_size({"width": _CHART_WIDTH, "height": max(rows, 14) * _ROW_HEIGHT})
    row, column = (below + 2, 0) if below else (1, right_of + 1)
    book.book.get_worksheet_by_name(name).insert_chart(row, column, chart, {"description": name})


def _definition(contents: Contents, locale: Locale) -> str:
    rules = contents.definition
    if locale.is_chinese:
        return f"{rules.name} · {rules.title_zh}"
    return f"{rules.title_en}. {' '.join(rules.description.split())}"


def _columns(*columns: tuple[str, int, Kind]) -> list[Column]:
    return [Column(*column) for column in columns]


def _padded(cells: Iterable[Cell], columns: Sequence[Column]) -> list[Cell]:
    """Return a row that begins with these cells; the others are empty."""
    row = [*cells]
    return row + [None] * (len(columns) - len(row))
