"""All awards as an Excel workbook: the awards, their lots, and a sheet that says how to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from analysis.exports.selection import Selection, rows
from analysis.figures.definition import load
from analysis.rendering.locale import NOTHING, Locale
from analysis.rendering.messages import Language
from analysis.rendering.workbook import MOST_LINKS, MOST_ROWS, Book, Column, Kind
from analysis.staging.last_seen import last_seen
from pipelines.common.clock import SHANGHAI
from pipelines.lexicon import terms


@dataclass(frozen=True, slots=True)
class _Field:
    """A column: its name in the database, its Chinese name, its width in characters, what its cells hold.

    The English name is the database's own, so that the file can be read back. ``vocabulary`` names the codes.
    """

    name: str
    zh: str
    width: int
    kind: Kind
    vocabulary: terms.Vocabulary | None = None

    def column(self, language: Language) -> Column:
        return Column(self.zh if language == "zh" else self.name, self.width, self.kind)


_AWARDS = (
    _Field("project_name", "项目名称", 46, "text"),
    _Field("buyer", "采购人", 28, "text"),
    _Field("province", "省份", 8, "text"),
    _Field("awarded_on", "中标日期", 12, "day"),
    _Field("status", "状态", 10, "text", "status"),
    _Field("amount_yuan", "中标金额（元）", 18, "money"),
    _Field("amount_partial", "金额不全", 9, "yes"),
    _Field("disclosed", "已披露金额", 10, "yes"),
    _Field("flags", "金额存疑", 16, "text", "flag"),
    _Field("tax_included", "是否含税", 9, "yes"),
    _Field("suppliers", "中标供应商", 36, "text"),
    _Field("vendors", "厂商", 14, "text"),
    _Field("project_type", "项目类型", 12, "text", "project_type"),
    _Field("sector", "行业", 14, "text", "sector"),
    _Field("subsector", "细分行业", 14, "text"),
    _Field("is_large_model", "大模型项目", 10, "yes"),
    _Field("relevance", "相关度", 8, "score"),
    _Field("project_number", "项目编号", 24, "text"),
    _Field("notice_url", "结果公告", 40, "link"),
    _Field("notices", "公告数", 8, "count"),
    _Field("portals", "平台", 14, "text"),
    _Field("first_seen_at", "首次发现", 17, "instant"),
    _Field("award_key", "项目键", 20, "text"),
)
_LOTS = (
    _Field("project_name", "项目名称", 46, "text"),
    _Field("awarded_on", "中标日期", 12, "day"),
    _Field("seq", "序号", 6, "count"),
    _Field("lot_no", "标段号", 8, "count"),
    _Field("lot_name", "标段名称", 36, "text"),
    _Field("state", "状态", 8, "text", "lot_state"),
    _Field("counted", "计入项目金额", 9, "yes"),
    _Field("is_large_model", "大模型标段", 10, "yes"),
    _Field("amount_yuan", "中标金额（元）", 18, "money"),
    _Field("amount_source", "金额来源", 12, "text", "amount_source"),
    _Field("suppliers", "中标供应商", 36, "text"),
    _Field("vendors", "厂商", 14, "text"),
    _Field("notice_url", "公告", 40, "link"),
    _Field("award_key", "项目键", 20, "text"),
)

# The link leads to the notice that a person should open first: the earliest result.
_AWARD_ROWS = """
    WITH chosen AS ({chosen}), links AS (
        SELECT
            c.award_key,
            arg_min(n.url, (n.kind <> 'award', coalesce(n.published_on, DATE '9999-12-31'), n.notice_key)) AS url
        FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM chosen) AS c
        JOIN notices AS n ON n.notice_key = c.notice_key AND n.is_latest
        GROUP BY c.award_key
    )
    SELECT {columns}
    FROM (
        SELECT chosen.*, links.url AS notice_url, len(notice_keys) AS notices
        FROM chosen LEFT JOIN links USING (award_key)
    )
    ORDER BY awarded_on, award_key
"""
_LOT_ROWS = """
    WITH chosen AS ({chosen})
    SELECT {columns}
    FROM (
        SELECT l.*, a.project_name, a.awarded_on, n.url AS notice_url
        FROM award_lots AS l
        JOIN chosen AS a USING (award_key)
        LEFT JOIN notices AS n ON n.notice_key = l.notice_key AND n.is_latest
    )
    ORDER BY awarded_on, award_key, seq
"""
_COVERAGE = """
    SELECT n.portal, n.notices, n.first_day, n.last_day, coalesce(c.days, 0)
    FROM (
        SELECT
            portal, count(DISTINCT notice_key) AS notices, min(published_on) AS first_day, max(published_on) AS last_day
        FROM notices GROUP BY portal
    ) AS n
    LEFT JOIN (
        SELECT portal, count(*) AS days FROM covered_days WHERE state = 'complete' GROUP BY portal
    ) AS c USING (portal)
    ORDER BY n.portal
"""
_GUIDE = (Column("", 24), Column("中文", 70, "long"), Column("English", 70, "long"))
_SHEETS = {"zh": ("中标项目", "标段", "如何阅读"), "en": ("awards", "lots", "How to read this")}


class TooManyRowsError(ValueError):
    """More awards or lots than a sheet of Excel has rows. The message says what to do."""


def write(con: duckdb.DuckDBPyConnection, path: Path, selection: Selection, language: Language = "zh") -> None:
    """Write the selected awards, by date and key, to ``path`` as a workbook.

    ``zh`` names columns and codes in Chinese. ``en`` has the database's own names and codes, so that ``tenders ingest``
    reads the file back. Raises :class:`TooManyRowsError` before anything is written.
    """
    awards, lots = _count_rows(con, selection)
    if max(awards, lots) >= MOST_ROWS:
        raise TooManyRowsError(
            f"{awards:,} awards with {lots:,} lots do not fit on sheets of Excel ({MOST_ROWS:,} rows): "
            "give --since and --until for a part of them, or use --format csv"
        )
    awards_sheet, lots_sheet, guide_sheet = _SHEETS[language]
    with Book(path, "大模型中标项目 large-model awards", last_seen(con)) as book:
        for name, fields, sql in ((awards_sheet, _AWARDS, _AWARD_ROWS), (lots_sheet, _LOTS, _LOT_ROWS)):
            columns = [field.column(language) for field in fields]
            book.sheet(name, columns, _sheet_rows(con, sql, selection, fields, language))
        book.sheet(guide_sheet, _GUIDE, _guide_rows(con, selection, awards, lots))


def _count_rows(con: duckdb.DuckDBPyConnection, selection: Selection) -> tuple[int, int]:
    """Return the number of selected awards and of their lots."""
    counts = con.execute(
        f"WITH chosen AS ({selection.sql}) SELECT (SELECT count(*) FROM chosen), "
        "(SELECT count(*) FROM award_lots WHERE award_key IN (SELECT award_key FROM chosen))"
    ).fetchone()
    assert counts is not None
    return counts[0], counts[1]


def _sheet_rows(
    con: duckdb.DuckDBPyConnection, sql: str, selection: Selection, fields: Sequence[_Field], language: Language
) -> Iterator[list[Any]]:
    cells = [_cell_of(_names(field) if language == "zh" else {}) for field in fields]
    columns = ", ".join(field.name for field in fields)
    for row in rows(con, sql.format(chosen=selection.sql, columns=columns)):
        yield [cell(value) for cell, value in zip(cells, row, strict=True)]


def _names(field: _Field) -> Mapping[Any, str]:
    """Return the Chinese names of a field's codes."""
    if field.kind == "yes":
        chinese = Locale("zh")
        return {True: chinese.text("yes"), False: chinese.text("no")}
    return terms.names(field.vocabulary, "zh") if field.vocabulary else {}


def _cell_of(names: Mapping[Any, str]) -> Callable[[Any], Any]:
    """Return how values of a field are written: codes by name, lists as one text, instants on Shanghai's clock."""

    def cell(value: Any) -> Any:
        if isinstance(value, list):
            return "; ".join(names.get(item, str(item)) for item in value) or None
        if isinstance(value, datetime):
            return value.astimezone(SHANGHAI)
        return names.get(value, value) if names else value

    return cell


def _guide_rows(
    con: duckdb.DuckDBPyConnection, selection: Selection, awards: int, lots: int
) -> Iterator[tuple[str, str, str]]:
    """Yield how to read the workbook: a label in both languages, then the Chinese and the English text."""
    instant = last_seen(con)
    day = f"{instant:%Y-%m-%d}" if instant else NOTHING
    since, until = (str(limit) if limit else NOTHING for limit in (selection.since, selection.until))
    yield _label("as_of"), day, day
    selected = "selection_counted" if selection.counted_only else "selection_all"
    yield _guide_row("selection", selected, since=since, until=until)
    yield _guide_row("rows", "rows_counts", awards=f"{awards:,}", lots=f"{lots:,}")
    rules = load("market")
    english = f"{rules.title_en}. {' '.join(rules.description.split())}"
    yield _label("definition"), f"{rules.name}：{rules.title_zh}", english
    for name in ("row", "blank", "amount", "date", "relevance", "links", "evidence"):
        values = {"most": f"{MOST_LINKS:,}"} if name == "links" else {}
        yield _guide_row(name, f"{name}_text", **values)
    for portal, notices, first, last, days in con.execute(_COVERAGE).fetchall():
        span = {"first": first or NOTHING, "last": last or NOTHING}
        label, *texts = _guide_row("coverage", "coverage_portal", notices=f"{notices:,}", days=f"{days:,}", **span)
        yield f"{label}: {portal}", texts[0], texts[1]


def _guide_row(label: str, text: str, **values: str) -> tuple[str, str, str]:
    chinese, english = (Locale(language).text(f"guide_{text}", **values) for language in ("zh", "en"))
    return _label(label), chinese, english


def _label(name: str) -> str:
    return f"{Locale('zh').text(f'guide_{name}')} {Locale('en').text(f'guide_{name}')}"
