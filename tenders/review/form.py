"""The review form: a table of the least certain awards, with empty columns for people's decisions (docs/review.md).

A workbook has drop-down lists and a page that says how to fill it in; CSV is for everything else. No text is ever a
formula.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from analysis.quality import uncertain_awards
from pipelines.classify.regions import provinces
from pipelines.classify.sector import subsectors
from pipelines.common.safe_text import escape_formula
from pipelines.lexicon import terms
from tenders import console
from tenders.database import open_published
from tenders.files.review_journal import FIELDS
from tenders.jobs.user_lexicon import apply_user_lexicon

# The columns that people fill in.
FILLED_IN = (*FIELDS, "note", "reviewer")

_SUFFIXES = (".csv", ".xlsx")
# Control characters except the line feed, and characters that reverse or hide the text around them.
_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_LONGEST_CELL = 32_000  # Excel allows 32,767
_LONGEST_LINK = 2_000  # Excel allows 2,079
_LINK = re.compile(r"https?://[^\s\"<>]+")
_ROW_HEIGHT = 75
_DEFAULT_WIDTH = 13
_WIDTHS = {
    "award_key": 20,
    "awarded_on": 11,
    "project_name": 40,
    "buyer": 24,
    "award_lots": 45,
    "suppliers": 26,
    "amount_yuan": 16,
    "url": 22,
    "asked_because": 30,
    "rules_words": 45,
    "note": 36,
    "project_type": 18,
    "sector": 24,
    "subsector": 18,
}
_GUIDE = (
    "每行一个中标项目，按最不确定的排在前面。前面的列是采集到的事实和规则的判断（rules_…），后面的彩色列由您填写。",
    "One award per row, the least certain first. The first columns hold the facts and what the rules say (rules_…); "
    "you fill in the coloured columns.",
    "留空的格子不改变任何内容。",
    "A cell left empty changes nothing.",
    "large_model：是大模型项目填 yes（是），不是填 no（否），无法判断填 unsure（不确定）。",
    "large_model: yes, no, or unsure if it cannot be decided. Unsure leaves it to the rules, and is not asked again.",
    "lots：只有部分标段与大模型有关时，填这些标段的编号（award_lots 列中 lot 后的数字），如 2,3；全部有关则留空。",
    "lots: if only some lots are about large models, their numbers (see award_lots), like 2,3; empty for all.",
    "project_type：钱买的是什么：compute 算力、application 应用、model 大模型、data 数据。",
    "project_type: what the money buys.",
    "sector、subsector、province：采购人所属的行业、子行业和省份。",
    "sector, subsector, province: those of the buyer.",
    "confirmed_amount_yuan：核对公告后的金额（元），如 1200000；金额无误也照填，填写后不再存疑。",
    "confirmed_amount_yuan: the amount in yuan as the notices prove it, like 1200000, also if it was right.",
    "note：判断依据，几个字即可。reviewer：填写人，会随结论一起保存和公布；不想留名可以不填。",
    "note: your reason, in a few words. reviewer: your name; kept and published with the decision; may be left empty.",
    "不要改动 award_key 和 award_lots。填好后运行：tenders review 本文件",
    "Leave award_key and award_lots as they are. When done: tenders review THIS_FILE",
)


def write_form(data_dir: Path, output: Path, since: date | None, until: date | None, limit: int) -> tuple[int, int]:
    """Write a form with at most ``limit`` awards of these days, both included, the least certain first.

    Returns how many awards it asks about, and how many are uncertain. Raises CommandError if ``output`` cannot be
    written or does not end in .csv or .xlsx.
    """
    suffix = output.suffix.lower()
    if suffix not in _SUFFIXES:
        raise console.CommandError(f"{output} is neither a workbook nor a CSV file: call it .xlsx or .csv")
    with open_published(data_dir) as con:
        rows, uncertain = uncertain_awards.least_certain(con, since, until, limit)
    with apply_user_lexicon(data_dir), console.replacing(output) as draft:
        write_table(draft, uncertain_awards.COLUMNS, rows, workbook=suffix == ".xlsx")
    return len(rows), uncertain


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]], *, workbook: bool) -> None:
    """Write the rows under ``columns``, followed by the columns to fill in, as an Excel workbook or as CSV."""
    texts = [[_cell_text(row[column]) for column in columns] for row in rows]
    if workbook:
        _write_workbook(path, columns, texts)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, *FILLED_IN])
        writer.writerows([*map(escape_formula, cells), *[""] * len(FILLED_IN)] for cells in texts)


def _write_workbook(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        head_to_fill = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#FFF2CC"}
        )
        # The quote prefix keeps the cell a text even after somebody edits it.
        fact = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        link = book.add_format({"valign": "top", "font_color": "blue", "underline": 1})
        # As text, or Excel takes 2,3 for twenty-three.
        cell_to_fill = book.add_format(
            {"text_wrap": True, "valign": "top", "bg_color": "#FFFBEF", "num_format": "@", "border": 4}
        )
        sheet = book.add_worksheet("review")
        for place, name in enumerate((*columns, *FILLED_IN)):
            sheet.set_column(place, place, _WIDTHS.get(name, _DEFAULT_WIDTH))
            sheet.write_string(0, place, name, head_to_fill if place >= len(columns) else head)
        for number, cells in enumerate(rows, 1):
            sheet.set_row(number, _ROW_HEIGHT)
            for place, text in enumerate(cells):
                if columns[place] == "url" and len(text) <= _LONGEST_LINK and _LINK.fullmatch(text):
                    sheet.write_url(number, place, text, link, text)
                else:
                    sheet.write_string(number, place, text, fact)
            for place in range(len(columns), len(columns) + len(FILLED_IN)):
                sheet.write_blank(number, place, None, cell_to_fill)
        if rows:
            _add_drop_downs(sheet, len(columns), len(rows))
        sheet.freeze_panes(1, columns.index("project_name") + 1)
        guide = book.add_worksheet("填写说明 how to fill in")
        guide.set_column(0, 0, 110)
        for number, line in enumerate(_GUIDE):
            guide.write_string(number, 0, line, fact)


def _add_drop_downs(sheet: Worksheet, first: int, rows: int) -> None:
    """Offer the fixed values as lists. Other text may be typed: the import knows more spellings and checks them."""
    for column, choices in _choices().items():
        place = first + FILLED_IN.index(column)
        sheet.data_validation(1, place, rows, place, {"validate": "list", "source": choices, "show_error": False})


def _choices() -> dict[str, list[str]]:
    """Return code and Chinese name together; each list fits into the 255 characters that Excel allows."""
    return {
        "large_model": _code_and_name("review_answer"),
        "project_type": _code_and_name("project_type"),
        "sector": _code_and_name("sector"),
        "subsector": sorted(subsectors()),
        "province": provinces(),
    }


def _code_and_name(vocabulary: terms.Vocabulary) -> list[str]:
    return [f"{code} {chinese}" for code, chinese in terms.names(vocabulary, "zh").items()]


def _cell_text(value: object) -> str:
    return _HIDDEN.sub(" ", "" if value is None else str(value))[:_LONGEST_CELL]
