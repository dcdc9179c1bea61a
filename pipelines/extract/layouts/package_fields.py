"""Packages inside one field: all winners in one and all prices in another::

中标人名称：01包-甲软件有限公司；
02包-乙软件有限公司。
中标金额：01包中标金额为￥100,000.00元；02包中标金额为￥200,000.00元
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.extract.amounts import NOTHING, Amount, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.party_names import clean_party, ends_like_party
from pipelines.extract.priced_names import split_priced_name
from pipelines.lexicon import forms
from pipelines.text.column_roles import LOT_MARK, lot_number
from pipelines.text.labelled_values import Hit, find

_WINNER_LABELS = forms.labels("winner_label")
_PRICE_LABELS = forms.labels("price_label")
# Where the part about a package begins: 01包-, ；第二包：, 包件1：, 标段(包)[002] after a line end
_ITEM = re.compile(
    rf"(?:^|(?<=[；;，,。、\n 　]))(?:[（(]?\d{{1,2}}[)）、.]\s*)?[（(【]?(?P<mark>{LOT_MARK.pattern})[)）】]?"
    r"\s*(?P<separator>[-—－–:：、.]|\s|(?=[\u4e00-\u9fff￥¥\d]))"
)
_MARK_ALONE = re.compile(r"^[\s；;，,。、\n-]*$")
_NOBODY_WON = re.compile(rf"^(?:本?{forms.pattern('package_in_cell')})?{forms.pattern('nobody_won_cell')}")
_LONGEST_FIELD = 4_000
_FEWEST_PACKAGES = 2


class _Item(NamedTuple):
    number: int
    text: str


def read_package_fields(zone: str) -> list[Entry]:
    """Return the winners of a text in which one field names the winners of several packages."""
    winners: list[_Item] = []
    prices: dict[int, Amount] = {}
    for hit in find(zone, *_WINNER_LABELS):
        items = _items(zone, hit)
        if len(items) >= _FEWEST_PACKAGES and not winners:
            winners = items
    if not winners:
        return _packages_on_lines(zone)
    for hit in find(zone, *_PRICE_LABELS):
        for item in _items(zone, hit):
            prices.setdefault(item.number, _amount(item.text, hit.label))
    return [entry for item in winners for entry in _entries(item, prices.get(item.number))]


def _packages_on_lines(zone: str) -> list[Entry]:
    """Return the winners of lines such as 第一标段：甲软件有限公司，中标价格100万元, if there are several packages."""
    entries = []
    for line in zone.split("\n"):
        mark = _ITEM.match(line.strip()) if "\t" not in line else None
        number = lot_number(mark["mark"]) if mark else None
        if mark is None or number is None:
            continue
        for entry in _entries(_Item(number, line.strip()[mark.end() :]), None):
            if not entry.failed and ends_like_party(clean_party(entry.supplier) or ""):
                entries.append(entry)
    return entries if len({entry.lot for entry in entries}) >= _FEWEST_PACKAGES else []


def _entries(item: _Item, stated: Amount | None) -> list[Entry]:
    """Return the winner of a package, or that nobody won it. A text that names nobody gives nothing."""
    text = item.text.strip(" \t\n；;。，,、:：-—－–")
    if _NOBODY_WON.match(text):
        return [Entry("", lot=item.number, numbered=True, failed=True)]
    name, label, price, share = split_priced_name(text)
    if clean_party(name) is None:
        return []
    amount = _amount(price, label) if price else stated or NOTHING
    words = [name, *([amount.text] if amount.text else [])]
    return [Entry(name, amount, lot=item.number, numbered=True, share=share or None, words=words)]


def _amount(text: str, label: str) -> Amount:
    value = text.strip(" \t\n；;。，,、:：-—－–")
    return read_amount(value, label, bare_unit=likely_unit(value))


def _items(zone: str, hit: Hit) -> list[_Item]:
    """Return the packages in a field and on the lines below it that begin with the mark of a package."""
    field = zone[hit.start : _end_of_field(zone, hit)]
    marks = list(_ITEM.finditer(field))
    if not marks or not _MARK_ALONE.match(field[: marks[0].start()]):
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(field)]
    items = []
    for mark, end in zip(marks, ends, strict=True):
        number = lot_number(mark["mark"])
        if number is not None:
            items.append(_Item(number, field[mark.end() : end]))
    return items


def _end_of_field(zone: str, hit: Hit) -> int:
    end = hit.end
    while end - hit.start < _LONGEST_FIELD and zone[end : end + 1] in ("\n", " "):
        line_end = zone.find("\n", end + 1)
        line_end = len(zone) if line_end < 0 else line_end
        if not _ITEM.match(zone[end + 1 : line_end].strip()):
            break
        end = line_end
    return end
