"""Who of the bidders in a table won: what columns of ranks, results and remarks say about each row.

    投标人        投标报价    评审结论    排名
    甲软件公司    100万元     中标        1
    乙软件公司    110万元     未中标      2

A word in a column of results counts more than a rank. Nothing is guessed: if the rows do not say who of several bidders
won, none of them did.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from pipelines.extract.award_entries import Entry
from pipelines.extract.parties import supplier_names
from pipelines.lexicon import forms
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.characters import compact
from pipelines.text.column_roles import ordinal

_LOST = re.compile(rf"{forms.pattern('lost_cell')}|[Nn]o?$")
_WON = re.compile(rf"{forms.pattern('won_cell')}|[Yy](?:es)?$")
_LOST_ANYWHERE = re.compile(rf"{forms.pattern('lost_anywhere')}(?:[（(，,：:].*)?")
_WON_ANYWHERE = re.compile(rf"(?:(?:有效|合格|通过)[，,、；;/])?{forms.pattern('won_anywhere')}")
# Whom the jury recommends may still be one of several. A rank decides between them.
_RECOMMENDED = re.compile(r"推荐|候选")
_NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
_PLACE = re.compile(
    # 排名第一, 排名：2
    rf"排名\s*(?:第|[:：])?\s*(?P<after_word>{_NUMERAL})"
    # 第一名, 第1位, 第二中标候选人, 推荐的第一候选人
    rf"|第\s*(?P<place>{_NUMERAL})\s*(?:名|位|顺位|(?:{forms.pattern('won')}|推荐)?的?候选)"
)
_WHOLE_PLACE = re.compile(
    rf"(?:推荐为?|拟推荐为?)?(?:{_PLACE.pattern})(?:{forms.pattern('party_in_column')})?(?:[（(]拟?{forms.pattern('won')}[)）])?"
)
_BARE_RANK = re.compile(rf"第?({_NUMERAL})[名位]?")  # 1, 02, 第一, 二
_PART_OF_CELL = re.compile(r"[^\s/／|（()）、,，;；]+")
_ORDER_WORD = re.compile(forms.pattern("order_word"))
_POINTS_WORD = re.compile(forms.pattern("points_word"))
_LOST_REASON = re.compile(forms.pattern("lost_reason_head"))
_NO_REASON = re.compile(r"[/\\\-—–_无]+")
_EMPHASIS = "★☆*＊"
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}
# Columns that cannot say who won, whatever is in their cells.
_SILENT: frozenset[ColumnRole] = frozenset(
    ("amount", "rate", "unit_price", "group", "lot", "lot_name", "row", "unit", "share", "address", "code")
)
# The total of a page is rounded to 100 yuan.
_ROUNDING = 100


class Standing(NamedTuple):
    """What one row says about its bidder. A bidder may be recommended, and another one win."""

    rank: int | None = None
    won: bool = False
    recommended: bool = False
    lost: bool = False


@dataclass(slots=True)
class Bidder:
    """One row of a table: the bidder with its price, and how it stands."""

    entry: Entry
    standing: Standing


def standing_of(roles: Sequence[ColumnRole], heads: Sequence[str], row: Sequence[str]) -> Standing:
    """Return what the cells of a row say about its bidder."""
    rank: int | None = None
    won = recommended = lost = False
    for role, head, text in zip(roles, heads, row, strict=False):
        cell = compact(text) if role not in _SILENT else ""
        cell = cell.lstrip(_EMPHASIS) or cell  # ★中标
        if not cell:
            continue
        decides = role in ("rank", "result")
        place = _rank_in_column(role, head, cell)
        if place is not None:
            rank = rank or place
        elif role in ("supplier", "bidder"):
            continue
        elif _LOST_REASON.search(head):
            lost = lost or _NO_REASON.fullmatch(cell) is None
        elif _LOST.match(cell) if decides else _LOST_ANYWHERE.fullmatch(cell):
            lost = True
        elif _WON.match(cell) if decides else _WON_ANYWHERE.fullmatch(cell):
            is_final = not _RECOMMENDED.search(head + cell)
            won, recommended = won or is_final, recommended or not is_final
    return Standing(rank, won, recommended, lost)


def _rank_in_column(role: ColumnRole, head: str, cell: str) -> int | None:
    if role == "rank" or (role == "result" and _BARE_RANK.fullmatch(cell)):
        return rank_in(cell, head)
    if role in ("supplier", "bidder"):
        return rank_in(cell) if is_place(cell) else None
    return _place_in(cell, whole=role not in ("result", "score"))


def rank_in(cell: str, head: str = "") -> int | None:
    """Return the rank in a cell below 排名, which may have a score beside it. None if there is no rank in it.

    >>> [rank_in(cell) for cell in ("1", "第二名", "二", "①", "92.10/1", "第三中标候选人", "√", "")]
    [1, 2, 2, 1, 1, 3, None, None]
    """
    place = _place_in(cell, whole=False)
    if place is not None:
        return place
    parts = _PART_OF_CELL.findall(unicodedata.normalize("NFKC", cell))
    ranks = [_bare_rank(part) for part in parts if part in _ROMAN or _BARE_RANK.fullmatch(part)]
    if not ranks or len(parts) > 2:
        return None
    return ranks[0] if len(ranks) == 1 or _rank_comes_first(head) else ranks[-1]


def is_place(cell: str) -> bool:
    """Return whether a cell has nothing but a place: 第一名, 第二中标候选人, 第三."""
    return bool(cell) and bool(_WHOLE_PLACE.fullmatch(cell) or re.fullmatch(rf"第{_NUMERAL}", cell))


def winners(
    bidders: Sequence[Bidder], *, names_winners: bool, lists_bidders: bool, all_won: bool, total: Decimal | None
) -> list[Entry]:
    """Return the rows of a table that won.

    ``names_winners`` says whether the heads call them winners, ``lists_bidders`` whether the table has all who made an
    offer, ``all_won`` whether the notice is about a list of several suppliers (入围). ``total`` is the page's own total
    in yuan.
    """
    left = [bidder for bidder in bidders if not bidder.standing.lost]
    won = [bidder for bidder in left if bidder.standing.won]
    if not won:
        won = [bidder for bidder in left if bidder.standing.recommended] or left
        if not (all_won or _has_shares(won)):
            won = _first_of_each_package(won)
            won = _only_bidders(won, total) if lists_bidders and not names_winners else won
    if len(won) < len(bidders) or _has_shares(won):
        for bidder in won:
            # Several rows are about one package, so the number of a row is no package's.
            if not bidder.entry.numbered:
                bidder.entry.lot = None
    return [bidder.entry for bidder in won]


def says_who_won(bidders: Iterable[Bidder]) -> bool:
    """Return whether the rows of a table say who won, or who did not."""
    return any(bidder.standing != Standing() for bidder in bidders)


def _place_in(cell: str, *, whole: bool) -> int | None:
    match = _WHOLE_PLACE.fullmatch(cell) if whole else _PLACE.search(cell)
    return ordinal(match["after_word"] or match["place"]) if match else None


def _bare_rank(part: str) -> int | None:
    match = _BARE_RANK.fullmatch(part)
    return ordinal(match[1]) if match else _ROMAN[part]


def _rank_comes_first(head: str) -> bool:
    """Return whether the head of a column of ranks and points names the rank first: 排名/得分."""
    order, points = _ORDER_WORD.search(head), _POINTS_WORD.search(head)
    return bool(order and points and order.start() < points.start())


def _package(bidder: Bidder) -> tuple[int | str | None, str | None]:
    entry = bidder.entry
    return (entry.lot if entry.numbered else entry.lot_name, entry.group)


def _has_shares(bidders: Sequence[Bidder]) -> bool:
    """Return whether several bidders have a share of the contract each, so that all of them won."""
    return sum("%" in (bidder.entry.share or "") for bidder in bidders) > 1


def _first_of_each_package(bidders: Sequence[Bidder]) -> list[Bidder]:
    """Return the bidders without those that another one of the same package is ranked above."""
    ranked = {_package(bidder) for bidder in bidders if bidder.standing.rank is not None}
    return [
        bidder
        for bidder in bidders
        if bidder.standing.rank == 1 or (bidder.standing.rank is None and _package(bidder) not in ranked)
    ]


def _only_bidders(bidders: Sequence[Bidder], total: Decimal | None) -> list[Bidder]:
    """Return the bidders that are alone in their package, or whose price is the page's total."""
    names: dict[object, set[frozenset[str]]] = {}
    for bidder in bidders:
        names.setdefault(_package(bidder), set()).add(supplier_names(bidder.entry.supplier))
    if all(len(suppliers) == 1 for suppliers in names.values()):
        return list(bidders)
    if total is not None and len(names) == 1:
        prices = [bidder.entry.amount.yuan or Decimal(0) for bidder in bidders]
        if abs(sum(prices) - total) <= _ROUNDING:
            return list(bidders)
        priced = [bidder for bidder, price in zip(bidders, prices, strict=True) if abs(price - total) <= _ROUNDING]
        if len(priced) == 1:
            return priced
    return [bidder for bidder in bidders if len(names[_package(bidder)]) == 1]
