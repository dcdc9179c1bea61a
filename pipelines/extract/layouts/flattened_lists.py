"""Lists whose cells run together without any mark, where the figures prove where a cell ends.

A list of ranks, whose numbers must count from 1::

    名次第一中标候选人甲建设有限公司1乙建设有限公司2第二中标候选人丙公司3

Places before the names, with or without a quote after each::

    第一名甲公司投标报价120万元，第二名乙公司投标报价130万元

A rank, a name and a quote on each line, below heads that say so::

    排名单位名称投标报价（元）
    1甲公司865000.00
    2乙公司870000.00

A price without tax, the rate of tax and the price with tax, which must fit each other::

    投标总价(不含)(元)税率(%)投标总价(含)(元)丙公司100000.009109000.00
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.extract.amounts import NOTHING, Amount, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.party_names import clean_party
from pipelines.lexicon import forms
from pipelines.text.column_roles import ordinal

_RANK_HEAD = re.compile(r"名次|排名|排序")
_LABEL_BEFORE = re.compile(
    rf"^(?:名次|排名|排序|序号|(?:{forms.pattern('bidding')})?{forms.pattern('party')}(?:名称)?"
    rf"|{forms.pattern('first_five')}{forms.pattern('place_in_ranking')}|{forms.pattern('won')}候选{forms.pattern('party')}(?:名称)?)+"
)
_NAME = rf"[\u4e00-\u9fff（）()·]{{3,60}}?{forms.pattern('firm_ending')}"
_RANKED = re.compile(rf"(?P<name>{_NAME})\s*(?P<rank>\d{{1,2}})(?!\d|\.)")
# 第一名甲公司第二名乙公司, 第一中标候选人甲公司
_RANK_BEFORE = re.compile(
    rf"{forms.pattern('first_five')}{forms.pattern('place_in_ranking')}\s*[:：]?\s*(?P<name>{_NAME})"
)
# 甲公司 | 投标报价120万元, ，投标总价（元）：1200000.00元
_QUOTE_AFTER = re.compile(
    rf"\s*+(?:[，,]\s*+)?(?P<label>[\u4e00-\u9fff]{{0,4}}{forms.pattern('price_word_after_name')}(?:[（(][^（）()\n]{{1,12}}[)）])?)"
    r"\s*+(?:[为是]\s*+)?(?:[:：]\s*+)?(?P<value>(?:人民币)?\s*+(?:[￥¥]\s*+)?\d[\d,，]*+(?:\.\d++)?\s*+(?:亿元|万元|元|%)?)"
)
# 1甲公司 | 865000.00, 第一名甲公司 | ，投标报价：710000.00元
_RANKED_ROW = re.compile(
    rf"\s*+(?P<rank>\d{{1,2}}|{forms.pattern('first_five')}{forms.pattern('place_in_ranking')})\s*[:：、.]?\s*(?P<name>{_NAME})"
)
_QUOTE_ALONE = re.compile(r"\s*+(?P<value>(?:人民币)?[￥¥]?\s*+\d[\d,]*+(?:\.\d++)?\s*+(?:亿元|万元|元|%)?)\s*+")
_QUOTE_HEAD = re.compile(
    rf"(?:{forms.pattern('offer')}|{forms.pattern('won')})?{forms.pattern('price_word_after_name')}(?:[（(][^（()）\n]{{1,12}}[)）])?"
)
_TAX_HEAD = re.compile(r"税率")
# 丙公司 | 100000.00 | 9 | 109000.00, where the rate may have decimals and a percent mark
_TAXED = re.compile(
    rf"(?P<name>{_NAME})\s*(?P<net>\d[\d,]{{0,16}}\.\d\d)\s*(?P<rest>\d{{1,2}}(?:\.\d{{1,2}})?\s*%?\s*\d[\d,]{{0,16}}\.\d\d)(?!\d)"
)
_RATES = ("1", "1.00", "3", "3.00", "5", "5.00", "6", "6.00", "9", "9.00", "10", "11", "13", "13.00", "16", "17")
_CENT = Decimal("0.02")
_LONGEST_LINE = 3_000
_LONGEST_ROW = 120
_FEWEST_RANKS = 2


def read_flattened_ranks(text: str) -> list[Entry]:
    """Return the candidates of a list of names and ranks that run together."""
    for line in text.split("\n"):
        if len(line) > _LONGEST_LINE:
            continue
        entries = []
        for rank, match in enumerate(_RANKED.finditer(line), 1) if _RANK_HEAD.search(line) else ():
            name = _LABEL_BEFORE.sub("", match["name"])
            if int(match["rank"]) != rank or clean_party(name) is None:
                break
            entries.append(Entry(name, rank=rank, words=[name]))
        entries = entries if len(entries) >= _FEWEST_RANKS else _names_after_ranks(line)
        if len(entries) >= _FEWEST_RANKS:
            return entries
    return []


def read_ranked_rows(text: str) -> list[Entry]:
    """Return the bidders of a list with a rank, a name and mostly a quote on each line."""
    entries: list[Entry] = []
    head = above = ""
    for line in text.split("\n"):
        row = _RANKED_ROW.match(line) if len(line) <= _LONGEST_ROW else None
        entry = _entry_of_row(row, head if entries else above) if row else None
        if entry is not None and entry.rank == len(entries) + 1:
            head = head if entries else above
            entries.append(entry)
        elif len(entries) >= _FEWEST_RANKS:
            break
        else:
            entries, above = [], line
    return entries if len(entries) >= _FEWEST_RANKS else []


def _entry_of_row(row: re.Match[str], head: str) -> Entry | None:
    """Return the bidder of a row. A number before its name is a rank only below a head that says so."""
    is_place = row["rank"].startswith("第")
    quote = _QUOTE_ALONE.fullmatch(row.string, row.end()) or (
        _QUOTE_AFTER.match(row.string, row.end()) if is_place else None
    )
    is_row = quote is not None or (is_place and row.string[row.end() :].strip(" 。；;，,") == "")
    if not is_row or not (is_place or _RANK_HEAD.search(head)) or clean_party(row["name"]) is None:
        return None
    entry = Entry(row["name"], rank=_rank(row["rank"]) if is_place else int(row["rank"]), words=[row["name"]])
    if quote is not None:
        named = quote.groupdict().get("label") or _QUOTE_HEAD.search(head)
        label = named.group() if isinstance(named, re.Match) else named
        entry.amount = read_amount(quote["value"], label or "", bare_unit=likely_unit(quote["value"]))
        entry.words.append(quote["value"])
    return entry


def _names_after_ranks(line: str) -> list[Entry]:
    entries = []
    for rank, match in enumerate(_RANK_BEFORE.finditer(line), 1):
        if _rank(match.group()) != rank or clean_party(match["name"]) is None:
            return []
        quote = _QUOTE_AFTER.match(line, match.end())
        amount = read_amount(quote["value"], quote["label"]) if quote else NOTHING
        words = [match["name"], *([amount.text] if amount.text else [])]
        entries.append(Entry(match["name"], amount, rank=rank, words=words))
    return entries


def _rank(text: str) -> int | None:
    return ordinal(text[1])  # 第二名


def read_flattened_prices(text: str, most: int | None = None) -> list[Entry]:
    """Return the suppliers of a list of prices without tax, rates and prices with tax that run together.

    A list of more than ``most`` suppliers does not say who of them won.
    """
    entries = []
    below_heads = False
    for line in text.split("\n"):
        head = _TAX_HEAD.search(line) if len(line) <= _LONGEST_LINE else None
        if head is not None:
            begin = _end_of_heads(line, head.end())
        elif below_heads and len(line) <= _LONGEST_LINE:
            begin = 0
        else:
            continue
        below_heads = below_heads or begin > 0
        for match in _TAXED.finditer(line, begin):
            gross = _gross_price(match["net"], match["rest"])
            name = _LABEL_BEFORE.sub("", match["name"])
            if gross is not None and clean_party(name) is not None:
                entries.append(Entry(name, Amount("total", _decimal(gross), gross, True), words=[name, gross]))
    return entries if most is None or len(entries) <= most else []


def _end_of_heads(line: str, position: int) -> int:
    """Return where the cells begin: after the last unit in brackets that a head has."""
    return line.rfind(")", position, position + 40) + 1 or line.rfind("）", position, position + 40) + 1 or position


def _gross_price(net: str, rest: str) -> str | None:
    """Return the price with tax if a rate before it leads there from the price without tax."""
    digits = rest.replace(" ", "")
    for rate in _RATES:
        gross = digits.removeprefix(rate).removeprefix("%")
        if not digits.startswith(rate) or not gross[:1].isdigit() or gross.startswith("0"):
            continue
        if abs(_decimal(net) * (100 + Decimal(rate)) / 100 - _decimal(gross)) <= _CENT:
            return gross
    return None


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))
