"""Lists of candidates whose ranks are alone on their lines. Names and remarks may be broken over several lines::

标包1
第一名
甲软件
有限公司
1000000
60%
第二名
……
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extract.amounts import likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.stacked_tables import ends_cells
from pipelines.lexicon import forms
from pipelines.text.column_roles import lot_number, ordinal

_RANK = re.compile(rf"^第([一二三四五六七八九十]){forms.pattern('place_in_ranking')}$")  # 第一名, 第二中标候选人
_PACKAGE = re.compile(
    rf"^(?:{forms.pattern('package_before_number')}|标)\s*[\d一二三四五六七八九十]{{1,3}}$"
)  # 标包1, 标二
_VALUE = re.compile(r"^[￥¥]?\d[\d,，.]*\s*(?:万元|元|%)?(?:（[^）]*）)?$")  # 1,000,000元（含税）, 60%
_YUAN = re.compile(r"[（(，,]元[)）]|（元")  # 报价（元）, 报价（元/年）
_RATE = re.compile(r"折扣|费率|下浮")  # 折扣率, 费率, 下浮率
_UNIT_PRICE = re.compile(r"单价|元\s*/\s*(?!%|万)[^\s)）]")  # 人月单价, 元/月
_PRICE_AFTER_NAME = re.compile(
    r"(?P<name>[^\d，,：:；;]{4,60})[，,：:；;]\s*(?P<price>[￥¥]?\d.*)"
)  # 甲公司，32,000.00元
# The heads of the list are in so many lines above the first rank.
_MOST_LINES_OF_HEADS = 14
_LONGEST_NAME = 60


def read_ranked_lines(text: str) -> list[Entry]:
    """Return the candidates of a list with ranks alone on their lines."""
    lines = text.split("\n")
    ranks = [at for at, line in enumerate(lines) if _RANK.match(line.strip())]
    if not ranks:
        return []
    first_above = max(0, ranks[0] - _MOST_LINES_OF_HEADS)
    label = _price_label("".join(lines[first_above : ranks[0]]))
    entries: list[Entry] = []
    lot: int | None = None
    above = first_above
    for at, stop in zip(ranks, [*ranks[1:], len(lines)], strict=True):
        lot = _package_above(lines[above:at]) or lot
        entry = _read_candidate(lines[at + 1 : stop], label)
        if entry is not None:
            entry.lot, entry.numbered = lot, lot is not None
            rank = _RANK.match(lines[at].strip())
            entry.rank = ordinal(rank.group(1)) if rank else None
            entries.append(entry)
        above = at + 1
    return entries


def _price_label(heads: str) -> str:
    """Return what the numbers of a list are, as the label of a price, by the heads above it."""
    unit = "万元" if "万元" in heads else "元" if _YUAN.search(heads) else ""
    price = "折扣率" if _RATE.search(heads) else "单价" if _UNIT_PRICE.search(heads) else "报价"
    return f"投标{price}（{'不含税，' if '不含税' in heads else ''}{unit}）" if unit else price


def _package_above(lines: Sequence[str]) -> int | None:
    return next((lot_number(line) for line in reversed(lines) if _PACKAGE.match(line.strip())), None)


def _read_candidate(lines: Sequence[str], label: str) -> Entry | None:
    """Return the candidate in the lines after its rank: the pieces of a name, a price, a share of the contract."""
    name, price, share = "", "", None
    for line in map(str.strip, lines):
        priced_name = _PRICE_AFTER_NAME.fullmatch(line) if not name else None
        if priced_name is not None and _VALUE.match(priced_name["price"]):
            name, price = priced_name["name"], priced_name["price"]
        elif _VALUE.match(line):
            if not price:
                price = line
            elif line.endswith("%"):
                share = line
        elif ends_cells(line):
            break
        elif not price and len(name) < _LONGEST_NAME:
            name += line
    if not name:
        return None
    amount = read_amount(price, label, bare_unit=likely_unit(price))
    return Entry(name, amount, share=share, words=[price] if price else [])
