"""Tables whose cells are on lines of their own: which lines are one cell, and which cells are one row.

Under the heads 包号, 中标人 and 中标金额 these are two rows::

    包1
    甲软件
    有限公司
    1000000
    乙软件有限公司
    800000

A cell may be broken over several lines, and one that is the same as above may be left out, so counting lines is not
enough. Each role has a shape (a rank, a package mark, a name that ends as organisations do, a price). The cheapest
assignment of lines to heads is used. It is computed by dynamic programming, as texts are aligned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.extract.parties import split_parties
from pipelines.extract.party_names import clean_party, ends_like_party
from pipelines.lexicon import forms
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import LOT_MARK, role_of, separate_groups

MOST_LINES = 1_500

# --- Costs -------------------------------------------------------------------------------------------------------

# What a row is worth. If the cells of a row cost more, the table ends before it.
_ROW = 2.5
# What each line in the table is worth: a broken cell costs less than to leave its end below the table.
_LINE = 0.15
_NEVER = 1e9
# The cost of a row without a cell in a column. The mark and the name of a package may be written once for several rows.
_MISSING: dict[ColumnRole, float] = {
    "supplier": _NEVER,
    "bidder": _NEVER,
    "group": 0.4,
    "lot": 0.5,
    "lot_name": 0.6,
    "rank": 2.0,
    "amount": 2.5,
    "rate": 1.5,
    "unit_price": 1.5,
    "share": 1.5,
}
_MISSING_OTHER = 1.0
# Over how many lines a cell may be broken.
_MOST_PIECES: dict[ColumnRole, int] = {
    **dict.fromkeys(("rank", "row", "share", "score", "figure"), 1),
    **dict.fromkeys(("amount", "rate", "unit_price", "group", "lot"), 4),
    **dict.fromkeys(("supplier", "bidder"), 6),
}
_MOST_PIECES_OF_TEXT = 16
_NO_PARTY = 9.0
_WRONG_SHAPE = 6.0
_NO_PRICE = 5.0
_PRICE_IN_WORDS = 0.8
_BRANCH_ALONE = 3.0
_UNUSUAL_NAME = 2.5
_TWO_NAMES = 2.0
_UNUSUAL_MEMBER = 2.0
_PACKAGE_MARK_IN_GROUP = 2.0
_PACKAGE_IN_WORDS = 0.9
_NUMBER_AS_TEXT = 1.2
_PARTY_AS_TEXT = 0.8
_BREAK = 0.1
_BAD_BREAK = 1.5

# --- Shapes of cells ---------------------------------------------------------------------------------------------

_NUMERALS = "[一二三四五六七八九十]"
# 1, 第一名, 第二中标候选人
_RANK = re.compile(rf"第?[一二三四五六七八九十\d]{{1,3}}{forms.pattern('place_in_ranking')}?")
_PLACE = re.compile(rf"第{_NUMERALS}名")
_SHAPES: dict[ColumnRole, re.Pattern[str]] = {
    "rank": re.compile(rf"{_RANK.pattern}|[√✓✔☑×✗✘□/\\\-—]"),  # a tick or a stroke in place of the rank
    "row": re.compile(r"\d{1,3}"),
    "share": re.compile(r"\d{1,3}(?:\.\d+)?%|[/\-—]"),  # 60%, or a stroke
    "figure": re.compile(r"[￥¥]?\d[\d,]*(?:\.\d+)?\s*(?:%|万?元)?|[/\-—]|免税"),  # 6, 13%, 60,000.00元, 免税
}
# 报价：人民币￥1,000,000.00元（含税）, 100（万元）, 36%, 1,350.00元/人天
_AMOUNT = re.compile(
    r"(?:[^\s\d]{2,12}[:：])?(?:人民币)?[￥¥]?\s*(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?\s*"
    r"(?:[（(]?(?:亿元|万元|元|%)(?:/[\u4e00-\u9fff]{1,6})?[）)]?)?(?:[（(][^（()）]{1,20}[)）])?"
)
_COMPLETE_SUM = re.compile(r"\.\d\d$")  # 1000000.00 does not go on below with the digits of the next column
_RATE = re.compile(r"[%％]|计取|单价")  # 下浮5%, 按标准计取, 单价见附件
_NO_VALUE = re.compile(
    r"[/\\\-—–]+|无|暂无|详见.{1,20}|见.{0,6}附件|未公开"
)  # 详见公告附件, 见附件; others as they are
# The name of a branch is alone on its line if the name of a company is broken before it.
_BRANCH = re.compile(rf"[\u4e00-\u9fff]{{2,8}}{forms.pattern('branch_on_own_line')}")
_MEMBER = re.compile(rf"{forms.pattern('consortium_role')}[^:：]{{0,6}}[:：]")  # 牵头人：, 联合体成员：, 成员单位：
# 甲公司乙公司 are two cells. 甲公司某市分公司 is one.
_TWO_FIRMS = re.compile(r"公司(?!.{0,10}公司$).*公司")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_.—（）()/]{0,50}")
_SCORE = re.compile(r"\d{1,3}(?:\.\d+)?分?")
_LONG_NUMBER = re.compile(r"[\d,.]{5,}")
_END_OF_TABLE = re.compile(
    # cells of another table; 三、; 备注：, 说明：; 公示期; 附件
    rf"\t|^{_NUMERALS}{{1,3}}\s*[、.．]|^(?:(?:{forms.pattern('remark_label')}|说明)\s*[:：]"
    rf"|{forms.pattern('begins_line_after_table')})"
    # 采购人：, 联系地址：, 地 址：, 电 话：
    rf"|^(?:{forms.pattern('label_after_table')}|地\s*址|电\s*话)[^\n]{{0,20}}[:：]"
    # 中标候选人公示; 2.中标人; 合同包2; 第二包
    rf"|^{forms.pattern('won')}候选人公?示|^\d{{1,2}}\s*[.、．]\s*[\u4e00-\u9fff]"
    rf"|^{forms.pattern('contract_package')}\s*\d|^第{_NUMERALS}+包"
    # 类似业绩
    rf"|{forms.pattern('never_in_table')}"
)
# A full line may be so much shorter than the longest one. A Chinese character is two wide, a Latin letter one.
_RAGGED = 3
# A longer text that ends as organisations do is a name in the wrong column.
_LONGEST_WORD = 5


@dataclass(frozen=True, slots=True)
class Aligned:
    """The rows under the heads, and how many lines they took. A column of ranks without a head is given one."""

    heads: list[str]
    rows: list[list[str]]
    taken: int


@dataclass(slots=True)
class _Grid:
    """The best score for each number of lines used and each column of a row, and how many lines its last cell took."""

    width: int
    score: list[list[float]] = field(default_factory=list)
    pieces: list[list[int]] = field(default_factory=list)

    def keep_better(self, at: int, column: int, score: float, pieces: int) -> None:
        if score > self.score[at][column]:
            self.score[at][column], self.pieces[at][column] = score, pieces


def table_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines that may be cells of a table: those before the first that opens another part of the notice."""
    end = next(
        (at for at, line in enumerate(lines[:MOST_LINES]) if _END_OF_TABLE.search(line)), min(len(lines), MOST_LINES)
    )
    return [line.strip() for line in lines[:end]]


def align(heads: Sequence[str], lines: Sequence[str]) -> Aligned | None:
    """Lay the lines out as rows under the heads. None if they make no row.

    A cell that is left out repeats the one above in columns about packages. In other columns it is empty.
    """
    roles = separate_groups([role_of(head) for head in heads], heads)
    data = table_lines(lines)
    if not data or not any(role in ("supplier", "bidder") for role in roles):
        return None
    heads = list(heads)
    if "rank" not in roles and _PLACE.fullmatch(data[0]):
        heads, roles = ["排序", *heads], ["rank", *roles]
    grid = _fill_grid(roles, data)
    last = max(range(len(data) + 1), key=lambda at: grid.score[at][0] + at * _LINE)
    if last == 0:
        return None
    return Aligned(heads, _rows(grid, roles, data, last), last)


def _fill_grid(roles: Sequence[ColumnRole], data: Sequence[str]) -> _Grid:
    columns, count = len(roles), len(data)
    grid = _Grid(
        columns, [[-_NEVER] * (columns + 1) for _ in range(count + 1)], [[0] * (columns + 1) for _ in range(count + 1)]
    )
    grid.score[0][0] = 0.0
    widths = [sum(1 if character.isascii() else 2 for character in line) for line in data]
    missing = [_MISSING.get(role, _MISSING_OTHER) for role in roles]
    for at in range(count + 1):
        for column in range(columns):
            grid.keep_better(at, column + 1, grid.score[at][column] - missing[column], 0)
        if at:
            grid.keep_better(at, 0, grid.score[at][columns] + _ROW, 0)
        for column, role in enumerate(roles):
            score = grid.score[at][column]
            if score <= -_NEVER / 2:
                continue
            grid.keep_better(at, column + 1, score - missing[column], 0)
            for pieces in range(1, min(_MOST_PIECES.get(role, _MOST_PIECES_OF_TEXT), count - at) + 1):
                breaks = _cost_of_breaks(data[at : at + pieces], widths[at : at + pieces])
                if breaks >= _ROW:
                    break
                new_score = score - breaks - _cost_of_cell(role, data[at : at + pieces])
                grid.keep_better(at + pieces, column + 1, new_score, pieces)
    return grid


def _rows(grid: _Grid, roles: Sequence[ColumnRole], data: Sequence[str], last: int) -> list[list[str]]:
    """Follow the best scores back from the last line. Return the rows from top to bottom."""
    rows: list[list[str]] = []
    missing: list[list[bool]] = []
    at = last
    while at > 0:
        cells, missing_cells = [""] * grid.width, [False] * grid.width
        for column in range(grid.width, 0, -1):
            pieces = grid.pieces[at][column]
            cells[column - 1], missing_cells[column - 1] = _join(data[at - pieces : at]), pieces == 0
            at -= pieces
        rows.append(cells)
        missing.append(missing_cells)
    rows.reverse()
    missing.reverse()
    for above, row, missing_cells in zip(rows, rows[1:], missing[1:], strict=False):
        for column, role in enumerate(roles):
            if missing_cells[column] and role in ("group", "lot", "lot_name"):
                row[column] = above[column]
    return rows


def _join(pieces: Sequence[str]) -> str:
    """Join the lines of a cell, with a blank only between Latin letters."""
    text = ""
    for piece in pieces:
        between_letters = text[-1:].isascii() and text[-1:].isalpha() and piece[:1].isascii() and piece[:1].isalpha()
        text += (" " if between_letters else "") + piece
    return text


def _cost_of_cell(role: ColumnRole, pieces: Sequence[str]) -> float:
    """Return the cost of lines as one cell of a column, by its shape. The cost of the breaks is not in it."""
    text = _join(pieces)
    if role in ("supplier", "bidder"):
        return _cost_of_name(text, pieces)
    if role in ("amount", "rate", "unit_price"):
        if any(_COMPLETE_SUM.search(piece) and below[:1].isdigit() for piece, below in pairwise(pieces)):
            return _NO_PRICE
        if _AMOUNT.fullmatch(text) or _NO_VALUE.fullmatch(text):
            return 0.0
        return _PRICE_IN_WORDS if _RATE.search(text) and not _MEMBER.search(text) else _NO_PRICE
    if role == "score":  # points, or a price as the jury weighed it
        return 0.0 if _SCORE.fullmatch(text) or _AMOUNT.fullmatch(text) else _WRONG_SHAPE
    if role in _SHAPES:
        return 0.0 if _SHAPES[role].fullmatch(text) else _WRONG_SHAPE
    if role in ("group", "lot"):
        mark = LOT_MARK.fullmatch(text)
        if (mark and role == "lot") or _CODE.fullmatch(text):
            return 0.0
        return _PACKAGE_MARK_IN_GROUP if mark or ends_like_party(text) else _PACKAGE_IN_WORDS
    if _RANK.fullmatch(text) or _LONG_NUMBER.fullmatch(text) or LOT_MARK.fullmatch(text):
        return _NUMBER_AS_TEXT
    return _PARTY_AS_TEXT if len(text) > _LONGEST_WORD and ends_like_party(text) else 0.0


def _cost_of_name(text: str, pieces: Sequence[str]) -> float:
    members = split_parties("\n".join(pieces)) if _MEMBER.search(text) else []
    if len(members) > 1:
        return _UNUSUAL_MEMBER * sum(not ends_like_party(member.name) for member in members)
    if clean_party(text) is None:
        return _NO_PARTY
    if _BRANCH.fullmatch(text):
        return _BRANCH_ALONE
    return (0.0 if ends_like_party(text) else _UNUSUAL_NAME) + (_TWO_NAMES if _TWO_FIRMS.search(text) else 0.0)


def _cost_of_breaks(pieces: Sequence[str], widths: Sequence[int]) -> float:
    """Return the cost of breaking a cell into these lines.

    A cell breaks where its column ends, so all its lines but the last are about as long. The members of a consortium
    are not.
    """
    if len(pieces) == 1:
        return 0.0
    full = max(widths[:-1])
    uneven = sum(
        full - width > _RAGGED and not _MEMBER.search(piece) for width, piece in zip(widths[:-1], pieces, strict=False)
    )
    longer = widths[-1] > full + 1 and not _MEMBER.search(pieces[-1]) and not _MEMBER.search(pieces[-2])
    return _BREAK * (len(pieces) - 1) + _BAD_BREAK * (uneven + longer)
