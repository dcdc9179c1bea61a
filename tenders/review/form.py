"""Tables for people to fill in (docs/review.md): what is asked about each award, and empty columns for the answers.

A workbook has drop-down lists and a page that says how to fill it in; CSV is for everything else. No text is ever a formula.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipelines.classify.regions import provinces
from pipelines.classify.sector import subsectors
from pipelines.extract.award_row import SECTORS, TYPES
from tenders.files.decided import ANSWERS
from tenders.review.import_form import FILLED_IN

SUFFIXES = (".csv", ".xlsx")

_FORMULA = re.compile(r"[=+\-@\t\r]")
# Beyond printing: control characters, and those that turn or hide the text around them.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_LONGEST_CELL = 32_000  # Excel holds 32,767
_LONGEST_LINK = 2_000  # and of an address 2,079
_LINK = re.compile(r"https?://[^\s\"<>]+")
_WIDTHS = {
    "award_key": 20, "awarded_on": 11, "project_name": 40, "buyer": 24, "award_lots": 45, "suppliers": 26, "amount_yuan": 16,
    "url": 22, "asked_because": 30, "rules_words": 45, "note": 36, "project_type": 18, "sector": 24, "subsector": 18,
}  # fmt: skip
_ROW_HEIGHT = 75
_GUIDE = (
    ("每行一个中标项目，按最不确定的排在前面。前面的列是采集到的事实和规则的判断（rules_…），后面的彩色列由您填写。",
     "One award a row, the least certain first. The first columns hold what was read and what the rules say (rules_…); "
     "the coloured ones are yours to fill in."),
    ("留空的格子不改变任何内容。", "A cell left empty changes nothing."),
    ("large_model：是大模型项目填 yes（是），不是填 no（否），无法判断填 unsure（不确定）。",
     "large_model: yes, no, or unsure where it cannot be decided: that leaves it to the rules, and it is not asked again."),
    ("lots：只有部分标段与大模型有关时，填这些标段的编号（award_lots 列中 lot 后的数字），如 2,3；全部有关则留空。",
     "lots: where only some lots are about large models, their numbers (behind “lot” in award_lots), like 2,3; empty for all."),
    ("project_type：钱买的是什么：compute 算力、application 应用、model 大模型、data 数据。",
     "project_type: what the money buys."),
    ("sector、subsector、province：采购人所属的行业、子行业和省份。", "sector, subsector, province: those of the buyer."),
    ("note：判断依据，几个字即可。reviewer：填写人，会随结论一起保存和公布；不想留名可以不填。",
     "note: what decided, in a few words. reviewer: who decided; kept and published with the decision; may be left empty."),
    ("不要改动 award_key 和 award_lots。填好后运行：tenders review 本文件",
     "Leave award_key and award_lots as they are. When done: tenders review THIS_FILE"),
)  # fmt: skip


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, workbook: bool) -> None:
    """Write the rows under ``columns``, with the columns to fill in behind them, as a workbook of Excel or else as CSV."""
    texts = [[_text(row[column]) for column in columns] for row in rows]
    if workbook:
        _workbook(path, columns, texts)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, *FILLED_IN])
        writer.writerows([*map(_guarded, cells), *[""] * len(FILLED_IN)] for cells in texts)


def _workbook(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        asked = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#FFF2CC"})
        # Stays a text also where somebody edits it.
        fact = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        link = book.add_format({"valign": "top", "font_color": "blue", "underline": 1})
        # As text, or Excel takes 2,3 for twenty-three.
        open_cell = book.add_format(
            {"text_wrap": True, "valign": "top", "bg_color": "#FFFBEF", "num_format": "@", "border": 4}
        )
        sheet = book.add_worksheet("review")
        for place, name in enumerate((*columns, *FILLED_IN)):
            sheet.set_column(place, place, _WIDTHS.get(name, 13))
            sheet.write_string(0, place, name, asked if place >= len(columns) else head)
        for number, cells in enumerate(rows, 1):
            sheet.set_row(number, _ROW_HEIGHT)
            for place, text in enumerate(cells):
                if columns[place] == "url" and len(text) <= _LONGEST_LINK and _LINK.fullmatch(text):
                    sheet.write_url(number, place, text, link, text)
                else:
                    sheet.write_string(number, place, text, fact)
            for place in range(len(columns), len(columns) + len(FILLED_IN)):
                sheet.write_blank(number, place, None, open_cell)
        if rows:
            _drop_down(sheet, len(columns), len(rows))
        sheet.freeze_panes(1, columns.index("project_name") + 1)
        guide = book.add_worksheet("填写说明 how to fill in")
        guide.set_column(0, 0, 110)
        lines = [line for chinese, english in _GUIDE for line in (chinese, english)]
        for number, line in enumerate(lines):
            guide.write_string(number, 0, line, fact)


def _drop_down(sheet: Worksheet, first: int, rows: int) -> None:
    """Lists of the fixed values. What else is typed is judged when the table is read, where more spellings are known."""
    for column, choices in _choices().items():
        place = first + FILLED_IN.index(column)
        sheet.data_validation(1, place, rows, place, {"validate": "list", "source": choices, "show_error": False})


def _choices() -> dict[str, list[str]]:
    """Code and Chinese side by side; all of a list fits into the 255 characters that Excel allows it."""
    return {
        "large_model": [f"{code} {chinese}" for code, chinese in ANSWERS.items()],
        "project_type": _named(TYPES),
        "sector": _named(SECTORS),
        "subsector": sorted(subsectors()),
        "province": provinces(),
    }


def _named(values: Mapping[str, str]) -> list[str]:
    return [f"{code} {chinese}" for chinese, code in values.items() if chinese != code]


def _text(value: object) -> str:
    return _UNSEEN.sub(" ", "" if value is None else str(value))[:_LONGEST_CELL]


def _guarded(text: str) -> str:
    """With an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
