"""All awards as an Excel workbook: the awards, their lots, and a sheet that says how to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import duckdb

from analysis.exports.selection import Selection, as_of, rows
from analysis.exports.workbook import MOST_LINKS, MOST_ROWS, Book, Column, Kind
from analysis.figures.definition import load
from analysis.reports.terms import PROJECT_TYPE, SECTOR
from pipelines.common.clock import SHANGHAI

Language = Literal["zh", "en"]

_STATUS = {"awarded": "已中标", "candidate": "候选公示", "void": "已作废"}
_STATE = {"won": "中标", "candidate": "候选", "void": "作废"}
_SOURCE = {"award": "结果公告", "correction": "更正公告", "contract": "合同公告", "candidate": "候选人报价"}
_YES = {True: "是", False: "否"}
_NAMES: dict[str, dict[Any, str]] = {
    "project_type": {code: zh for code, (zh, _) in PROJECT_TYPE.items()},
    "sector": {code: zh for code, (zh, _) in SECTOR.items()},
    "status": _STATUS, "state": _STATE, "amount_source": _SOURCE,
    **dict.fromkeys(("amount_partial", "tax_included", "is_large_model", "counted"), _YES),
}  # fmt: skip

# Column of the database, its Chinese name, width in characters, kind. The English name is the database's own.
_AWARDS: tuple[tuple[str, str, int, Kind], ...] = (
    ("project_name", "项目名称", 46, "text"),
    ("buyer", "采购人", 28, "text"),
    ("province", "省份", 8, "text"),
    ("awarded_on", "中标日期", 12, "day"),
    ("status", "状态", 10, "text"),
    ("amount_yuan", "中标金额（元）", 18, "money"),
    ("amount_partial", "金额不全", 9, "yes"),
    ("tax_included", "是否含税", 9, "yes"),
    ("suppliers", "中标供应商", 36, "text"),
    ("vendors", "厂商", 14, "text"),
    ("project_type", "项目类型", 12, "text"),
    ("sector", "行业", 14, "text"),
    ("subsector", "细分行业", 14, "text"),
    ("is_large_model", "大模型项目", 10, "yes"),
    ("relevance", "相关度", 8, "score"),
    ("project_number", "项目编号", 24, "text"),
    ("notice_url", "结果公告", 40, "link"),
    ("notices", "公告数", 8, "count"),
    ("portals", "平台", 14, "text"),
    ("first_seen_at", "首次发现", 17, "instant"),
    ("award_key", "项目键", 20, "text"),
)
_LOTS: tuple[tuple[str, str, int, Kind], ...] = (
    ("project_name", "项目名称", 46, "text"),
    ("awarded_on", "中标日期", 12, "day"),
    ("seq", "序号", 6, "count"),
    ("lot_no", "标段号", 8, "count"),
    ("lot_name", "标段名称", 36, "text"),
    ("state", "状态", 8, "text"),
    ("counted", "计入项目金额", 9, "yes"),
    ("is_large_model", "大模型标段", 10, "yes"),
    ("amount_yuan", "中标金额（元）", 18, "money"),
    ("amount_source", "金额来源", 12, "text"),
    ("suppliers", "中标供应商", 36, "text"),
    ("vendors", "厂商", 14, "text"),
    ("notice_url", "公告", 40, "link"),
    ("award_key", "项目键", 20, "text"),
)

# The notice that a person should open first: the result, the earliest of them.
_AWARD_ROWS = """
    WITH chosen AS ({chosen}), links AS (
        SELECT c.award_key, arg_min(n.url, (n.kind <> 'award', coalesce(n.published_on, DATE '9999-12-31'), n.notice_key)) AS url
        FROM (SELECT award_key, unnest(notice_keys) AS notice_key FROM chosen) AS c
        JOIN notices AS n ON n.notice_key = c.notice_key AND n.is_latest
        GROUP BY c.award_key
    )
    SELECT {columns}
    FROM (SELECT chosen.*, links.url AS notice_url, len(notice_keys) AS notices FROM chosen LEFT JOIN links USING (award_key))
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
        SELECT portal, count(DISTINCT notice_key) AS notices, min(published_on) AS first_day, max(published_on) AS last_day
        FROM notices GROUP BY portal
    ) AS n
    LEFT JOIN (SELECT portal, count(*) AS days FROM covered_days WHERE state = 'complete' GROUP BY portal) AS c USING (portal)
    ORDER BY n.portal
"""
_GUIDE = (Column("", 24), Column("中文", 70, "long"), Column("English", 70, "long"))
_SHEETS = {"zh": ("中标项目", "标段", "如何阅读"), "en": ("awards", "lots", "How to read this")}


class TooManyRowsError(ValueError):
    """More awards or lots than a sheet of Excel has rows; the message says what to do."""


def write(con: duckdb.DuckDBPyConnection, path: Path, selection: Selection, language: Language = "zh") -> None:
    """Write the selected awards, by date and key, to ``path`` as a workbook.

    ``zh`` names columns and codes in Chinese; ``en`` gives the database's own names and codes, and ``tenders ingest`` reads
    that file again. Raises :class:`TooManyRowsError` before anything is written.
    """
    counts = _counts(con, selection)
    if max(counts) >= MOST_ROWS:
        raise TooManyRowsError(
            f"{counts[0]:,} awards with {counts[1]:,} lots do not fit on sheets of Excel ({MOST_ROWS:,} rows): "
            "give --since and --until for a part of them, or use --format csv"
        )
    awards, lots, guide = _SHEETS[language]
    with Book(path, "大模型中标项目 large-model awards", as_of(con)) as book:
        book.sheet(awards, _columns(_AWARDS, language), _rows(con, _AWARD_ROWS, selection, _AWARDS, language))
        book.sheet(lots, _columns(_LOTS, language), _rows(con, _LOT_ROWS, selection, _LOTS, language))
        book.sheet(guide, _GUIDE, _guide(con, selection, counts))


def _counts(con: duckdb.DuckDBPyConnection, selection: Selection) -> tuple[int, int]:
    found = con.execute(
        f"WITH chosen AS ({selection.sql}) SELECT (SELECT count(*) FROM chosen), "
        "(SELECT count(*) FROM award_lots WHERE award_key IN (SELECT award_key FROM chosen))"
    ).fetchone()
    assert found is not None
    return found[0], found[1]


def _columns(columns: Sequence[tuple[str, str, int, Kind]], language: Language) -> list[Column]:
    return [Column(zh if language == "zh" else name, width, kind) for name, zh, width, kind in columns]


def _rows(
    con: duckdb.DuckDBPyConnection, sql: str, selection: Selection, columns: Sequence[tuple[str, str, int, Kind]],
    language: Language,
) -> Iterator[list[Any]]:  # fmt: skip
    names = [name for name, *_ in columns]
    cells = [_cell(_NAMES.get(name, {}) if language == "zh" else {}) for name in names]
    for row in rows(con, sql.format(chosen=selection.sql, columns=", ".join(names))):
        yield [cell(value) for cell, value in zip(cells, row, strict=True)]


def _cell(names: dict[Any, str]) -> Callable[[Any], Any]:
    """How values of a column are written: codes by their name, lists as one text, instants on Shanghai's clock."""

    def cell(value: Any) -> Any:
        if isinstance(value, list):
            return "; ".join(map(str, value)) or None
        if hasattr(value, "astimezone"):
            return value.astimezone(SHANGHAI)
        return names.get(value, value) if names else value

    return cell


def _guide(
    con: duckdb.DuckDBPyConnection, selection: Selection, counts: tuple[int, int]
) -> Iterator[tuple[str, Any, Any]]:
    rules, known = load("market"), as_of(con)
    day = f"{known:%Y-%m-%d}" if known else "—"
    since, until = (str(limit) if limit else "—" for limit in (selection.since, selection.until))
    if selection.counted_only:
        what = (
            "仅计入月度统计的项目（大模型项目且结果有效）",
            "only what the monthly figures count (large models, result stands)",
        )
    else:
        what = (
            "全部项目，含非大模型、候选公示和已作废项目",
            "all awards: also others than large models, candidates and void ones",
        )
    yield "数据截至 as of", day, day
    yield "范围 selection", f"{what[0]}；中标日期 {since} 至 {until}", f"{what[1]}; awarded from {since} to {until}"
    yield "行数 rows", f"{counts[0]:,} 个项目，{counts[1]:,} 个标段", f"{counts[0]:,} awards, {counts[1]:,} lots"
    yield (
        "口径 definition",
        f"{rules.name}：{rules.title_zh}",
        f"{rules.title_en}. {' '.join(rules.description.split())}",
    )
    yield from _WORDS
    for portal, notices, first, last, days in con.execute(_COVERAGE).fetchall():
        yield (
            f"覆盖 coverage: {portal}",
            f"{notices:,} 条公告，发布于 {first or '—'} 至 {last or '—'}；完整抓取 {days:,} 天",
            f"{notices:,} notices published from {first or '—'} to {last or '—'}; {days:,} days read completely",
        )


_WORDS = (
    (
        "一行 one row",
        "一个采购人的一个采购项目，合并其在各平台的全部公告；标段表中一行为一个标段，用“项目键”对应。",
        "One procurement project of one buyer, over all its notices on all portals. On the sheet of lots: one lot, of the award "
        "with this award_key.",
    ),
    (
        "空白 blank",
        "空白表示公告没有写明，绝不表示 0。金额空白即未披露：只公布费率、折扣、单价或没有金额的项目。",
        "The notices do not say so; it never means 0. A blank amount is undisclosed: a rate, a discount, "
        "a unit price or nothing is published.",
    ),
    (
        "金额 amount",
        "单位为元，是计入标段的中标金额之和；“金额不全”表示有标段未披露。公告只给不含税价的，按公告原样，“是否含税”为否。",
        "In yuan, the sum of the lots that count; amount_partial says that a lot's price is missing. Prices published without "
        "tax are kept as published, tax_included is then FALSE.",
    ),
    (
        "日期 date",
        "中标日期是首个结果公告的发布日（北京时间），更正不改变它；只有候选人公示的项目没有日期。",
        "Publication day of the first result notice (Asia/Shanghai); corrections do not move it. Candidates have none.",
    ),
    (
        "相关度 relevance",
        "0 至 1，为命中规则中最强一条的分值，0.5 起计入；不是概率。",
        "0 to 1, the score of the strongest rule that spoke; counts from 0.5. It is not a probability.",
    ),
    (
        "链接 links",
        f"点开即公告原文。Excel 每张表最多 {MOST_LINKS:,} 个链接，其后的地址为纯文本。",
        f"They open the notice. Excel takes {MOST_LINKS:,} links on a sheet; later addresses are plain text.",
    ),
    (
        "依据 evidence",
        "任一数字的依据：tenders explain 项目键",
        "Where any figure comes from: tenders explain AWARD_KEY",
    ),
)  # fmt: skip
