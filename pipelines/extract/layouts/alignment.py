"""Tables whose cells stand one under another: which lines are one cell, and which cells are one row.

A cell may be broken over several lines, and one that goes on from the row above may be left out, so counting lines does not
do. Each column's cells have a shape (a rank, a package's mark, a name that ends as organisations do, a price), and the cheapest
way to lay the lines out under the heads is taken, as two texts are aligned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.extract.parties import clean_party, ends_like_party, split_parties
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import LOT_MARK, role_of, separate_groups

MOST_LINES = 1_500
# What a row is worth: one that costs more is no row, and the table ends before it.
_ROW = 2.5
# The end of a broken cell costs a little; it costs more to leave it below the table.
_LINE = 0.15
_NEVER = 1e9
# What it costs that a row has no cell in a column. A package's mark and name may stand once for several rows.
_LEFT_OUT: dict[ColumnRole, float] = {
    "group": 0.4,
    "lot": 0.5,
    "lot_name": 0.6,
    "rank": 2.0,
    "amount": 2.5,
    "rate": 1.5,
    "share": 1.5,
}
# How many lines a cell may be broken over; free text over more.
_PIECES: dict[ColumnRole, int] = {
    **dict.fromkeys(("rank", "row", "share", "score"), 1),
    **dict.fromkeys(("amount", "rate", "group", "lot"), 4),
    **dict.fromkeys(("supplier", "bidder"), 6),
}
_MOST_PIECES = 16
_RANK = re.compile(r"第?[一二三四五六七八九十\d]{1,3}(?:名|(?:中标|中选|成交)?候选人)?")
_PLACE = re.compile(r"第[一二三四五六七八九十]名")
_ROW_NUMBER = re.compile(r"\d{1,3}")
_AMOUNT = re.compile(
    r"(?:[^\s\d]{2,12}[:：])?(?:人民币)?[￥¥]?\s*(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?\s*"
    r"(?:[（(]?(?:亿元|万元|元|%)[）)]?)?(?:[（(][^（()）]{1,20}[)）])?"
)
_RATE = re.compile(r"[%％]|计取|单价")
_NOT_SAID = re.compile(r"[/\\\-—–]+|无|暂无|详见.{1,20}|见.{0,6}附件|未公开")
# What the name of a branch ends with stands on a line of its own where the name is broken; two firms are two cells.
_BRANCH = re.compile(r"[\u4e00-\u9fff]{2,8}(?:分公司|支公司|分行|支行|分院|分所)")
_PART = re.compile(r"(?:牵头|联合体|成员)[^:：]{0,6}[:：]")
_TWO_FIRMS = re.compile(r"公司(?!.{0,10}公司$).*公司")
_SHARE = re.compile(r"\d{1,3}(?:\.\d+)?%|[/\-—]")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_.—（）()/]{0,50}")
_SCORE = re.compile(r"\d{1,3}(?:\.\d+)?分?")
_LONG_NUMBER = re.compile(r"[\d,.]{5,}")
_STOP = re.compile(
    r"\t|^[一二三四五六七八九十]{1,3}\s*[、.．]|^(?:(?:备注|注|说明)\s*[:：]|公示期|公告期|公示时间|公示截止|特此|以上|附件)"
    r"|^(?:采购人|招标人|采购单位|招标单位|(?:采购|招标)?代理机构|联系|地\s*址|电\s*话|招标代理|监督|异议|投诉)[^\n]{0,20}[:：]"
    r"|^(?:中标|中选|成交)候选人公?示|^\d{1,2}\s*[.、．]\s*[\u4e00-\u9fff]|^(?:合同包|采购包)\s*\d|^第[一二三四五六七八九十]+包"
    r"|类似业绩|主要人员|管理机构|否决|评标委员会|监督部门"
)


@dataclass(frozen=True, slots=True)
class Aligned:
    """The rows found under the heads, and how many lines they took. A column of ranks that has no head is given one."""

    heads: list[str]
    rows: list[list[str]]
    taken: int


@dataclass(slots=True)
class _Grid:
    """The best score of each way to have laid out the first lines up to a column of a row, and by how many lines it got there."""

    width: int
    score: list[list[float]] = field(default_factory=list)
    pieces: list[list[int]] = field(default_factory=list)

    def better(self, at: int, column: int, score: float, pieces: int) -> None:
        if score > self.score[at][column]:
            self.score[at][column], self.pieces[at][column] = score, pieces


def table_lines(lines: Sequence[str]) -> list[str]:
    """The lines that may be cells of a table: up to the first that opens another part of the notice."""
    end = next((at for at, line in enumerate(lines[:MOST_LINES]) if _STOP.search(line)), min(len(lines), MOST_LINES))
    return [line.strip() for line in lines[:end]]


def align(heads: Sequence[str], lines: Sequence[str]) -> Aligned | None:
    """Lays the lines out under the heads; None where they make no row. A cell left out repeats the one above in columns that
    name the package, and is empty in others."""
    roles = separate_groups([role_of(head) for head in heads], heads)
    data = table_lines(lines)
    if not data or not any(role in ("supplier", "bidder") for role in roles):
        return None
    heads = list(heads)
    if "rank" not in roles and _PLACE.fullmatch(data[0]):
        heads, roles = ["排序", *heads], ["rank", *roles]
    grid = _laid_out(roles, data)
    last = max(range(len(data) + 1), key=lambda at: grid.score[at][0] + at * _LINE)
    if last == 0:
        return None
    return Aligned(heads, _rows(grid, roles, data, last), last)


def _laid_out(roles: Sequence[ColumnRole], data: Sequence[str]) -> _Grid:
    width, count = len(roles), len(data)
    grid = _Grid(
        width, [[-_NEVER] * (width + 1) for _ in range(count + 1)], [[0] * (width + 1) for _ in range(count + 1)]
    )
    grid.score[0][0] = 0.0
    widths = [sum(1 if character.isascii() else 2 for character in line) for line in data]
    for at in range(count + 1):
        for column, role in enumerate(roles):
            grid.better(at, column + 1, grid.score[at][column] - _left_out(role), 0)
        if at:
            grid.better(at, 0, grid.score[at][width] + _ROW, 0)
        for column, role in enumerate(roles):
            score = grid.score[at][column]
            if score <= -_NEVER / 2:
                continue
            grid.better(at, column + 1, score - _left_out(role), 0)
            for pieces in range(1, min(_PIECES.get(role, _MOST_PIECES), count - at) + 1):
                breaks = _breaks(data[at : at + pieces], widths[at : at + pieces])
                if breaks >= _ROW:
                    break
                grid.better(at + pieces, column + 1, score - breaks - _cost(role, data[at : at + pieces]), pieces)
    return grid


def _rows(grid: _Grid, roles: Sequence[ColumnRole], data: Sequence[str], last: int) -> list[list[str]]:
    rows: list[list[str]] = []
    left_out: list[list[bool]] = []
    at = last
    while at > 0:
        cells, gone = [""] * grid.width, [False] * grid.width
        for column in range(grid.width, 0, -1):
            pieces = grid.pieces[at][column]
            cells[column - 1], gone[column - 1] = _joined(data[at - pieces : at]), pieces == 0
            at -= pieces
        rows.append(cells)
        left_out.append(gone)
    rows.reverse()
    left_out.reverse()
    for above, row, gone in zip(rows, rows[1:], left_out[1:], strict=False):
        for column, role in enumerate(roles):
            if gone[column] and role in ("group", "lot", "lot_name"):
                row[column] = above[column]
    return rows


def _left_out(role: ColumnRole) -> float:
    return _NEVER if role in ("supplier", "bidder") else _LEFT_OUT.get(role, 1.0)


def _joined(pieces: Sequence[str]) -> str:
    text = ""
    for piece in pieces:
        latin = text[-1:].isascii() and text[-1:].isalpha() and piece[:1].isascii() and piece[:1].isalpha()
        text += (" " if latin else "") + piece
    return text


def _cost(role: ColumnRole, pieces: Sequence[str]) -> float:
    """What it costs to take these lines for one cell of a column, but for where they break."""
    text = _joined(pieces)
    if role in ("supplier", "bidder"):
        parties = split_parties("\n".join(pieces)) if _PART.search(text) else []
        if len(parties) > 1:
            return 2.0 * sum(not ends_like_party(party.name) for party in parties)
        if clean_party(text) is None:
            return 9.0
        if _BRANCH.fullmatch(text):
            return 3.0
        return (0.0 if ends_like_party(text) else 2.5) + (2.0 if _TWO_FIRMS.search(text) else 0.0)
    if role in ("amount", "rate"):
        if _AMOUNT.fullmatch(text) or _NOT_SAID.fullmatch(text):
            return 0.0
        return 0.8 if _RATE.search(text) and not _PART.search(text) else 5.0
    if role == "score":  # a mark, or a price as the jury weighed it
        return 0.0 if _SCORE.fullmatch(text) or _AMOUNT.fullmatch(text) else 6.0
    if role in _SHAPES:
        return 0.0 if _SHAPES[role].fullmatch(text) else 6.0
    if role in ("group", "lot"):
        mark = LOT_MARK.fullmatch(text)
        if (mark and role == "lot") or _CODE.fullmatch(text):
            return 0.0
        return 2.0 if mark or ends_like_party(text) else 0.9
    strict = _RANK.fullmatch(text) or _LONG_NUMBER.fullmatch(text) or LOT_MARK.fullmatch(text)
    return 1.2 if strict else 0.8 if len(text) > 5 and ends_like_party(text) else 0.0


_SHAPES: dict[ColumnRole, re.Pattern[str]] = {"rank": _RANK, "row": _ROW_NUMBER, "share": _SHARE}


def _breaks(pieces: Sequence[str], widths: Sequence[int]) -> float:
    """A cell breaks where its column ends: all its lines but the last are about as long. The members of a consortium are not."""
    if len(pieces) == 1:
        return 0.0
    full = max(widths[:-1])
    uneven = sum(
        full - width > 3 and not _PART.search(piece) for width, piece in zip(widths[:-1], pieces, strict=False)
    )
    longer = widths[-1] > full + 1 and not _PART.search(pieces[-1]) and not _PART.search(pieces[-2])
    return 0.1 * (len(pieces) - 1) + 1.5 * (uneven + longer)
