"""The month's summary as an Excel workbook: a sheet for each question with a native chart, the awards with links, how to read it.

Figures are numbers as the database has them: sums in yuan, shares and growth in per cent. An empty cell says that there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from analysis.exports.selection import as_of
from analysis.exports.workbook import Book, Column, Kind
from analysis.figures.money import in_units
from analysis.figures.months import shift_month
from analysis.figures.rates import share_pct
from analysis.figures.summary import Part
from analysis.reports import award_details
from analysis.reports.html import checks, figures
from analysis.reports.locale import Language, Tongue
from analysis.reports.month_report import Contents, Figures
from analysis.reports.terms import SECTOR

_BLUE, _ORANGE, _RULE = "#14508C", "#D9822B", "#D9DEE4"
_TYPES = {"compute": "#1D4E89", "application": "#4F9D94", "model": "#D9A441", "data": "#8C5A86"}  # as on the page
_SHOWN = 15  # rows of a ranking in its chart
MOST_AWARDS = 15_000  # of the list, so that the book of no month takes long to write or to open
_PERCENT = " %"
_A4 = 9  # as Excel calls it


def write(con: duckdb.DuckDBPyConnection, path: Path, contents: Contents, language: Language = "zh") -> None:
    """Write the workbook of a month, of what :func:`analysis.reports.month_report.gather` found, to ``path``."""
    tongue = Tongue(language)
    title = f"{tongue('title')} {contents.summary.month_key}"
    with Book(path, f"{title} · {tongue('made_up')}" if contents.made_up else title, as_of(con)) as book:
        _headline(book, contents, tongue)
        _curve(book, contents, tongue)
        _over_time(book, contents, tongue, "type", contents.summary.by_type, contents.types)
        _over_time(book, contents, tongue, "sector", contents.summary.by_sector, contents.sectors)
        _ranking(book, tongue, "vendor", contents.summary.by_vendor)
        _ranking(book, tongue, "province", contents.summary.by_province)
        _revisions(book, contents, tongue)
        _published(book, contents, tongue)
        _awards(con, book, contents, tongue)
        _reading(book, contents, tongue)
        for sheet in book.book.worksheets():  # on paper: as wide as a page, the header on each
            sheet.set_landscape()
            sheet.set_paper(_A4)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)


def _headline(book: Book, contents: Contents, tongue: Tongue) -> None:
    """One row a month: this one and the two it is compared with."""
    found = contents.summary
    titles: Sequence[tuple[str, int, Kind]] = (
        (tongue("item"), 26, "text"), (tongue("month"), 12, "text"), (tongue("awards"), 14, "count"),
        (tongue("disclosed"), 14, "count"), (tongue("undisclosed"), 14, "count"), (tongue("amount_yuan"), 22, "money"),
        (tongue("growth_awards") + _PERCENT, 15, "change"), (tongue("growth_amount") + _PERCENT, 15, "change"),
        (f"{tongue('like')} · {tongue('awards')}{_PERCENT}", 18, "change"),
        (f"{tongue('like')} · {tongue('amount')}{_PERCENT}", 18, "change"), (tongue("like_whole"), 60, "text"),
    )  # fmt: skip
    rows: list[list[Any]] = [
        [tongue("headline"), found.month_key, found.awards, found.disclosed, found.undisclosed, found.amount_yuan,
         *[None] * 5]
    ]  # fmt: skip
    for suffix, comparison in found.comparisons.items():
        base, alike = comparison.base, comparison.like_for_like
        rows.append([
            f"{tongue(suffix)} · {tongue('base')}", f"{base.month:%Y-%m}", base.awards, None, None, base.amount_yuan,
            comparison.awards_pct, comparison.amount_pct, alike.awards_pct, alike.amount_pct,
            tongue.joined(alike.portals or []) or None,
        ])  # fmt: skip
    about = [*([tongue("made_up")] if contents.made_up else []), figures.lead(contents, tongue)]
    if found.undisclosed:
        about.append(tongue("undisclosed_note", undisclosed=f"{found.undisclosed:,}"))
    about += [
        f"{tongue('definition')}: {_definition(contents, tongue)}", f"{tongue('as_of')}: {found.as_of or '—'}",
        f"{tongue('coverage')}: {found.coverage.words_zh if tongue.language == 'zh' else found.coverage.words_en}",
    ]  # fmt: skip
    rows += [[None] * len(titles), *([line, *[None] * (len(titles) - 1)] for line in about)]
    book.sheet(tongue("sheet_headline"), _columns(titles), rows)


def _curve(book: Book, contents: Contents, tongue: Tongue) -> None:
    name = tongue("sheet_curve")
    columns = _columns((
        (tongue("month"), 12, "text"), (tongue("awards"), 12, "count"), (tongue("disclosed"), 14, "count"),
        (tongue("amount_yuan"), 22, "money"), (tongue("money_head"), 16, "money"),
        *((f"{tongue(of)} {tongue(suffix)}{_PERCENT}", 16, "change") for suffix in ("yoy", "mom") for of in ("awards", "amount")),
    ))  # fmt: skip
    rows = []
    for one in contents.curve:
        sums: list[Any] = [None] * 4
        if one.figures:
            amount = one.figures.amount
            large = None if amount is None else in_units(amount, tongue.unit)
            sums = [one.figures.awards, one.figures.disclosed, amount, large]
        rows.append([
            f"{one.month:%Y-%m}", *sums, one.awards_yoy_pct, one.amount_yoy_pct, one.awards_mom_pct, one.amount_mom_pct
        ])  # fmt: skip
    last = book.sheet(name, columns, rows)
    chart = book.book.add_chart({"type": "column"})
    chart.add_series({
        "name": [name, 0, 1], "categories": [name, 1, 0, last, 0], "values": [name, 1, 1, last, 1], "fill": {"color": _BLUE}
    })  # fmt: skip
    line = book.book.add_chart({"type": "line"})
    line.add_series({
        "name": [name, 0, 4], "categories": [name, 1, 0, last, 0], "values": [name, 1, 4, last, 4], "y2_axis": True,
        "line": {"color": _ORANGE, "width": 2.25}, "marker": {"type": "circle", "fill": {"color": _ORANGE}},
    })  # fmt: skip
    chart.combine(line)
    chart.set_y_axis({"name": tongue("awards"), "major_gridlines": {"visible": True, "line": {"color": _RULE}}})
    line.set_y2_axis({"name": tongue("money_head"), "num_format": "#,##0"})
    chart.set_x_axis({"num_font": {"rotation": -45}})
    chart.set_title({"name": tongue("curve")})
    chart.set_legend({"position": "bottom"})
    _place(book, name, chart, 0, 22, row=last + 2)


def _over_time(
    book: Book,
    contents: Contents,
    tongue: Tongue,
    of: str,
    listed: Sequence[Part],
    by_month: dict[Any, dict[str | None, Figures]],
) -> None:
    """The month's sums of each type or sector, then its share of the awards of each month."""
    name, months = tongue(f"sheet_{of}s"), contents.share_months
    codes = [row.code for row in listed]
    codes += [
        code for code in SECTOR if of == "sector" and code not in codes and any(code in by for by in by_month.values())
    ]
    sums = {row.code: row for row in listed}
    wholes = {month: sum(one.awards for one in by_month.get(month, {}).values()) for month in months}
    rows = []
    for code in codes:
        over = [
            share_pct(one.awards, wholes[month]) if (one := by_month.get(month, {}).get(code)) else None
            for month in months
        ]
        rows.append([tongue.code(of, code), *_sums(sums.get(code)), *over])
    head = [*_sum_columns(tongue, of), *((f"{month:%Y-%m}{_PERCENT}", 9, "share") for month in months)]
    last = book.sheet(name, _columns(head), rows)
    chart = book.book.add_chart({"type": "column", "subtype": "percent_stacked"})
    for at, code in enumerate(codes, 1):
        chart.add_series({
            "name": [name, at, 0], "categories": [name, 0, 6, 0, 5 + len(months)],
            "values": [name, at, 6, at, 5 + len(months)], "gap": 40,
            **({"fill": {"color": _TYPES[code]}} if code in _TYPES else {}),
        })  # fmt: skip
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": _RULE}}})
    chart.set_title({"name": tongue("sectors_time")})
    chart.set_legend({"position": "bottom"})
    if last:
        _place(book, name, chart, 0, 22, row=last + 2)


def _ranking(book: Book, tongue: Tongue, of: str, listed: Sequence[Part]) -> None:
    name = tongue(f"sheet_{of}s")
    rows = [[tongue.code(of, row.code), *_sums(row)] for row in listed]
    columns = _columns(_sum_columns(tongue, of))
    last = min(book.sheet(name, columns, rows), _SHOWN)
    if not last:
        return
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series({
        "name": [name, 0, 1], "categories": [name, 1, 0, last, 0], "values": [name, 1, 1, last, 1], "fill": {"color": _BLUE},
        "gap": 40, "data_labels": {"value": True},
    })  # fmt: skip
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
    chart.set_title({"name": tongue("awards")})
    chart.set_legend({"none": True})
    _place(book, name, chart, len(columns), last + 6)


def _revisions(book: Book, contents: Contents, tongue: Tongue) -> None:
    """Every single change, the newest first."""
    titles: Sequence[tuple[str, int, Kind]] = (
        (tongue("known_on"), 14, "text"), (tongue("cause"), 18, "text"), (tongue("awards_change"), 12, "count"),
        (tongue("amount_before"), 20, "money"), (tongue("amount_after"), 20, "money"), (tongue("amount_change"), 20, "money"),
        (tongue("project"), 46, "text"), (tongue("buyer"), 28, "text"), (tongue("told_by"), 40, "link"),
        (tongue("key"), 20, "text"),
    )  # fmt: skip
    found = contents.summary.revisions
    rows: list[list[Any]] = []
    for one in found.changes if found else []:
        before, after = one.amount_before_yuan, one.amount_after_yuan
        rows.append([
            one.known_on.isoformat(), tongue.code("cause", one.cause), one.awards_change, before, after,
            (after or 0) - (before or 0),
            one.project_name, one.buyer, one.notices[0].url if one.notices else None, one.award_key,
        ])  # fmt: skip
    if not rows:
        told = tongue("revisions_none", since=found.since) if found else tongue("revisions_early")
        rows = [[told, *[None] * (len(titles) - 1)]]
    book.sheet(tongue("sheet_revisions"), _columns(titles), rows)


def _published(book: Book, contents: Contents, tongue: Tongue) -> None:
    """Others' figures beside ours, then where they contradict one another."""
    titles: Sequence[tuple[str, int, Kind]] = (
        (tongue("measure"), 34, "text"), (tongue("period"), 12, "text"), (tongue("their"), 12, "score"),
        (tongue("ours"), 12, "score"), (tongue("difference"), 12, "score"), (tongue("source"), 36, "text"),
        (tongue("link"), 50, "link"), (tongue("note"), 60, "text"),
    )  # fmt: skip
    rows: list[list[Any]] = [
        [_measure(one.metric, one.dimension, tongue), contents.summary.month_key, one.value, one.ours, one.difference,
         one.publisher, one.source_url, one.note]
        for one in contents.summary.published if one.value is not None
    ]  # fmt: skip
    if not rows:
        rows = [[tongue("published_none"), *[None] * (len(titles) - 1)]]
    if contents.contradictions:
        rows += [[None] * len(titles), [tongue("contradictions"), *[None] * (len(titles) - 1)]]
    for one in contents.contradictions:
        problem = f"{tongue.code('problem', one['problem'])}: {_measure(one['metric'], one['dimension'], tongue)}"
        for side in ("", "other_"):
            told = (one[f"{side}{part}"] for part in ("publisher", "source_url", "note"))
            rows.append([problem, one["period"], one[f"{side}value"], None, None, *told])
    book.sheet(tongue("sheet_published"), _columns(titles), rows)


def _awards(con: duckdb.DuckDBPyConnection, book: Book, contents: Contents, tongue: Tongue) -> None:
    titles: Sequence[tuple[str, int, Kind]] = (
        (tongue("project"), 46, "text"), (tongue("buyer"), 28, "text"), (tongue("province"), 10, "text"),
        (tongue("day"), 12, "day"), (tongue("type"), 12, "text"), (tongue("sector"), 18, "text"), (tongue("yuan"), 18, "money"),
        (tongue("partial"), 9, "yes"), (tongue("suppliers"), 36, "text"), (tongue("vendor"), 14, "text"),
        (tongue("own"), 10, "yes"), (tongue("lots"), 8, "count"), (tongue("number"), 24, "text"), (tongue("link"), 40, "link"),
        (tongue("key"), 20, "text"),
    )  # fmt: skip
    award_details.choose(con, contents, [contents.month])
    try:
        found = award_details.as_rows(con)
    finally:
        award_details.forget(con)
    codes = {2: "province", 4: "type", 5: "sector"}
    cut = [[_cut(len(found), contents, tongue), *[None] * (len(titles) - 1)]] if len(found) > MOST_AWARDS else []
    rows = (
        ["; ".join(value) or None if isinstance(value, list) else tongue.code(codes[at], value) if at in codes else value or None
         for at, value in enumerate(row)]
        for row in found[:MOST_AWARDS]
    )  # fmt: skip
    book.sheet(tongue("sheet_awards"), _columns(titles), chain(rows, cut))


def _cut(found: int, contents: Contents, tongue: Tongue) -> str:
    span = f"--since {contents.month} --until {shift_month(contents.month, 1) - timedelta(days=1)}"
    command = f"tenders export --format xlsx --counted {span} -o awards.xlsx"
    return tongue("sheet_cut", more=f"{found - MOST_AWARDS:,}", shown=f"{MOST_AWARDS:,}", command=command)


def _reading(book: Book, contents: Contents, tongue: Tongue) -> None:
    rows = [[tongue("made_up"), None]] if contents.made_up else []
    rows += [[tongue("definition"), _definition(contents, tongue)]]
    rows += [[tongue(label), tongue(text)] for label, text in (
        ("list", "read_award"), ("amount", "read_amount"), ("undisclosed", "read_blank"), ("sectors", "read_sector"),
        ("types", "types_note"), ("vendors", "vendors_note"), ("bases", "read_growth"), ("like", "like_note"),
        ("coverage", "read_coverage"), ("published", "published_note"), ("evidence", "read_evidence"),
    )]  # fmt: skip
    for one in contents.summary.coverage.portals:
        state = tongue.code("state", one.state)
        told = f"{state}; {tongue('days_complete')} {one.days_complete}, {tongue('days_missing')} {one.days_missing}"
        rows.append([f"{tongue('coverage')}: {one.portal}", f"{told}, {tongue('notices')} {one.notices:,}"])
    rows += [[tongue("alarms"), alarm] for alarm in contents.summary.coverage.alarms]
    rows.append([tongue("again"), checks.command(contents)])
    book.sheet(tongue("sheet_reading"), [Column("", 30, "text"), Column(tongue("sheet_reading"), 110, "long")], rows)


def _sum_columns(tongue: Tongue, of: str) -> list[tuple[str, int, Kind]]:
    return [
        (tongue(of), 22, "text"), (tongue("awards"), 12, "count"), (tongue("share_awards") + _PERCENT, 14, "share"),
        (tongue("disclosed"), 14, "count"), (tongue("amount_yuan"), 22, "money"),
        (tongue("share_amount") + _PERCENT, 14, "share"),
    ]  # fmt: skip


def _sums(row: Part | None) -> list[Any]:
    if row is None:
        return [None] * 5
    return [row.awards, row.awards_share_pct, row.disclosed, row.amount_yuan, row.amount_share_pct]


def _place(book: Book, name: str, chart: Any, column: int, rows: int, row: int = 1) -> None:
    """Put a chart on a sheet, right of its columns or below its rows, ``rows`` rows tall."""
    chart.set_size({"width": 860, "height": max(rows, 14) * 20})
    book.book.get_worksheet_by_name(name).insert_chart(row, column + (1 if column else 0), chart, {"description": name})


def _definition(contents: Contents, tongue: Tongue) -> str:
    rules = contents.definition
    english = f"{rules.title_en}. {' '.join(rules.description.split())}"
    return f"{rules.name} · {rules.title_zh}" if tongue.language == "zh" else english


def _measure(metric: str, dimension: str | None, tongue: Tongue) -> str:
    return " · ".join(filter(None, (tongue.code("metric", metric), dimension)))


def _columns(titles: Sequence[tuple[str, int, Kind]]) -> list[Column]:
    return [Column(*title) for title in titles]
