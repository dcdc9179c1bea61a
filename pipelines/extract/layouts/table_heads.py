"""The heads of a table: which row has them, what each column is about, and heads that take several rows or columns.

包号    中标结果
        供应商          金额（万元）
1       甲软件公司      100
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extract.party_names import ends_like_party
from pipelines.lexicon import forms
from pipelines.lexicon.forms import ColumnRole
from pipelines.text.column_roles import role_of, separate_groups

_FAILURE_REASON = re.compile(forms.pattern("failure_reason_head"))
_PAST_CONTRACT = re.compile(forms.pattern("past_contract_head"))
_WON = re.compile(rf"{forms.pattern('won_in_title')}|{forms.pattern('contract_party')}")
_CANDIDATE = re.compile(r"候选|推荐")
_SHORTLISTED = re.compile(forms.pattern("shortlisted"))
_OFFER = re.compile(r"报价|{}".format(forms.pattern("offer")))
_POINTS = re.compile(r"评审|评标|得分|评分|打分")
# A head has no long number: 2025 is a year in a cell.
_LONG_NUMBER = re.compile(r"\d{4,}")
# 数量, 单价（元）, 规格型号
_GOODS = re.compile(rf"{forms.pattern('goods_head')}(?:[（(][^（）()]{{1,12}}[)）])?")
_BARE_PARTY_HEADS = forms.words("bare_party_head")
_PARTY_ROLES: frozenset[ColumnRole] = frozenset(("supplier", "bidder"))
_FEWEST_KNOWN_HEADS = 2


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads of the columns of a table with their roles. If a head is over two columns, both have its text."""

    roles: list[ColumnRole]
    texts: list[str]

    @property
    def give_failure_reason(self) -> bool:
        """Return whether the table lists packages that failed, with the reason."""
        return any(_FAILURE_REASON.search(text) for text in self.texts)

    @property
    def name_winners(self) -> bool:
        """Return whether the heads call the suppliers winners, or the prices those of winners."""
        return any(
            role in ("supplier", "amount", "rate") and _WON.search(text) and not _CANDIDATE.search(text)
            for role, text in zip(self.roles, self.texts, strict=True)
        )

    @property
    def divide_prices(self) -> bool:
        """Return whether one column has what all bidders asked, and another one what the winners get."""
        prices = [text for role, text in zip(self.roles, self.texts, strict=True) if role in ("amount", "rate")]
        return any(map(won_price, prices)) and ("bidder" in self.roles or not all(map(won_price, prices)))

    @property
    def name_shortlisted(self) -> bool:
        """Return whether the heads say that all rows got a place in a framework: 入围供应商, 入围序号."""
        return any(
            role in ("supplier", "bidder", "row") and _SHORTLISTED.search(text) and not _CANDIDATE.search(text)
            for role, text in zip(self.roles, self.texts, strict=True)
        )

    @property
    def list_bidders(self) -> bool:
        """Return whether the heads are those of all offers: 投标人, 投标报价, 得分."""
        return not self.name_winners and (
            "bidder" in self.roles
            or "score" in self.roles
            or "rank" in self.roles
            or any(role == "amount" and _OFFER.search(text) for role, text in zip(self.roles, self.texts, strict=True))
        )


def won_price(head: str) -> bool:
    """Return whether the head of a column of prices is about those of winners: 中标金额."""
    return bool(_WON.search(head)) and not _CANDIDATE.search(head)


def lists_past_contracts(heads: Sequence[str]) -> bool:
    """Return whether a table lists earlier contracts of the bidders (类似业绩). It has names and sums too."""
    return any(_PAST_CONTRACT.search(head) for head in heads)


def are_heads(row: Sequence[str]) -> bool:
    """Return whether a row has the heads of a table of suppliers, or of packages that failed."""
    roles = _roles_of(row)
    return (
        (any(role in ("supplier", "bidder") for role in roles) or any(map(_FAILURE_REASON.search, row)))
        and count_known(roles) >= _FEWEST_KNOWN_HEADS
        and not any(map(_LONG_NUMBER.search, row))
    )


def count_known(roles: Sequence[ColumnRole]) -> int:
    """Return how many roles are known. A unit price says something beside a winner; beside 名称 it is that of goods."""
    silent = ("other",) if "supplier" in roles else ("other", "unit_price")
    return sum(role not in silent for role in roles)


def are_heads_of_goods(row: Sequence[str]) -> bool:
    """Return whether a row has the heads of a table of goods, which names no suppliers.

    >>> are_heads_of_goods(["序号", "标的名称", "数量", "单位", "单价(元)"]), are_heads_of_goods(["1", "甲公司", "2"])
    (True, False)
    """
    return (
        sum(bool(_GOODS.fullmatch(cell)) for cell in row) >= _FEWEST_KNOWN_HEADS
        and any(role_of(cell) in ("row", "lot_name") for cell in row)
        and not any(map(ends_like_party, row))
        and not any(map(_LONG_NUMBER.search, row))
    )


def read_heads(rows: Sequence[Sequence[str]], at: int) -> tuple[Heads, int]:
    """Return the heads in a row and the number of rows they take. The row above or below may hold a part of them."""
    if at + 1 < len(rows) and _are_lower_heads(rows[at], rows[at + 1]):
        return _heads(*_joined_heads(_spread(rows[at]), rows[at + 1])), 2
    if at and _are_lower_heads(rows[at - 1], rows[at]):
        return _heads(*_joined_heads(_spread(rows[at - 1]), rows[at])), 1
    texts = list(rows[at])
    roles = _roles_of(texts)
    for column in range(1, len(texts)):
        # A head that spans columns is followed by empty cells.
        if not texts[column] and roles[column - 1] in ("supplier", "bidder", "amount"):
            texts[column], roles[column] = texts[column - 1], roles[column - 1]
    return _heads(texts, roles), 1


def _roles_of(heads: Sequence[str]) -> list[ColumnRole]:
    """Return the role of each head of a row. In a table of ranks or decisions with prices, 单位 are the bidders."""
    roles = [role_of(head) for head in heads]
    bare = [column for column, head in enumerate(heads) if head in _BARE_PARTY_HEADS]
    if (
        len(bare) == 1
        and not _PARTY_ROLES.intersection(roles)
        and not {"rank", "result"}.isdisjoint(roles)
        and not {"amount", "rate"}.isdisjoint(roles)
    ):
        roles[bare[0]] = "bidder"
    return roles


def _heads(texts: list[str], roles: list[ColumnRole]) -> Heads:
    return Heads(separate_groups(roles, texts), texts)


def _are_lower_heads(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Return whether a row holds the second line of the heads above: some are the same, and others are divided."""
    if len(upper) != len(lower) or list(upper) == list(lower):
        return False
    if any(ends_like_party(cell) or _LONG_NUMBER.search(cell) for cell in lower):
        return False
    spread = _spread(upper)
    divided = [column for column, text in enumerate(lower) if text and text != upper[column]]
    return (
        any(text and text == above for text, above in zip(lower, upper, strict=True))
        and bool(divided)
        and all(spread.count(spread[column]) > 1 for column in divided)
    )


def _spread(heads: Sequence[str]) -> list[str]:
    """Return the heads, each also over the empty cells after it."""
    spread: list[str] = []
    for head in heads:
        spread.append(head or (spread[-1] if spread else ""))
    return spread


def _joined_heads(upper: Sequence[str], lower: Sequence[str]) -> tuple[list[str], list[ColumnRole]]:
    texts = [
        above if below in ("", above) else f"{above}（{below}）" for above, below in zip(upper, lower, strict=True)
    ]
    return texts, [_role_of_joined(above, below) for above, below in zip(upper, lower, strict=True)]


def _role_of_joined(above: str, below: str) -> ColumnRole:
    """Return the role of a divided column: 供应商 | 名称 is a supplier, 报价 | 含税 an amount, 得分 | 价格 a score."""
    if below in ("", above):
        return role_of(above)
    own = role_of(below)
    if own == "amount" and _POINTS.search(above):
        return "score"
    if own in ("other", "bidder"):
        joined = role_of(above + below)
        return joined if joined != "other" or own == "bidder" else role_of(above)
    return own
