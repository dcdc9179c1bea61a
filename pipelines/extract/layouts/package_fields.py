"""Packages inside one field: all winners in one and all prices in another::

中标人名称：01包-甲软件有限公司；
02包-乙软件有限公司。
中标金额：01包中标金额为￥100,000.00元；02包中标金额为￥200,000.00元

or each package with its winner, on lines of their own or in one sentence::

标段一（训练服务）：甲软件有限公司，中标价：100万元
标段二（推理服务）：乙软件有限公司，中标价：200万元
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipelines.extract.amounts import NOTHING, Amount, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.failed_packages import NOBODY_WON
from pipelines.extract.parties import names_supplier, split_parties
from pipelines.extract.party_names import ends_like_party
from pipelines.extract.priced_names import split_priced_name
from pipelines.lexicon import forms
from pipelines.text.column_roles import LOT_MARK, lot_number
from pipelines.text.labelled_values import Hit, find, first

_WINNER_LABELS = forms.labels("winner_label", "supplier_label")
_CONTENT_LABELS = forms.labels("lot_name_label", "lot_content_label")
_PRICE_LABELS = forms.labels("price_label")
# Where the part about a package begins: 01包-, ；第二包：, 包件1：, 标段(包)[002] after a line end
_ITEM = re.compile(
    rf"(?:^|(?<=[；;，,。、\n 　]))(?:[（(]?\d{{1,2}}[)）、.]\s*)?[（(【]?(?P<mark>(?>{LOT_MARK.pattern}))[)）】]?"
    r"\s*(?P<separator>[-—－–:：、.]|\s|(?=[\u4e00-\u9fff￥¥\d]))"
)
# The name of a package in brackets, which may hold one more pair: （智能体（一期）开发）
_NAME = r"(?:[（(【](?P<name>(?:[^（()）【】\n]|[（(][^（()）\n]{0,40}[)）]){2,80})[)）】])?"
# The label of a winner after the mark: 的中标人：, 成交供应商名称为, 中选人2：
_LABEL = (
    rf"(?P<label>的?\s*{forms.pattern('won_or_selected')}{forms.pattern('party_in_column')}{forms.pattern('name_word')}?"
    r"\s*(?P<place>[1-9一二三四五六七八九])?\s*(?=[为是:：]))?"
)
# The part about one package of a line: 标段一（训练服务）：, 一标段中标人：, 标包1中选人2：
_PART = re.compile(
    rf"(?:^|(?<=[；;。，,、:：\s和及与]))(?:[（(]?\d{{1,2}}[)）、.]\s*)?[（(【]?(?P<mark>(?>{LOT_MARK.pattern}))[)）】]?"
    rf"\s*{_NAME}\s*{_LABEL}\s*(?P<separator>[为是]?\s*[:：]|[-—－–、.\s]|(?(label)[为是])|(?=[\u4e00-\u9fff])"
    r"|(?<=[包段项])(?=[￥¥\d]))"
)
# What may be before the first package of a line: 某项目的中选人为：, 中标结果如下：. Losers have not won.
_OPENING = re.compile(
    rf"[^\n\t]{{0,160}}?(?<![未非拟流]){forms.pattern('won_or_selected')}(?:{forms.pattern('party_in_column')}|结果|情况|信息)?"
    rf"{forms.pattern('name_word')}?(?:分别)?(?:为|是|如下)?\s*[:：]\s*"
)
_NO_LOT_NAME = re.compile(r"\d\s*(?:万?元|[%％])|预算|限价|第[一二三四五六七八九\d]{1,2}[名包]")
_MARK_ALONE = re.compile(r"^[\s；;，,。、\n-]*$")
_AROUND_ITEM = " \t\n；;。，,、:：-—－–"
_LONGEST_FIELD = 4_000
_FEWEST_PACKAGES = 2
_AND = "和及与"
_SUM = r"(?:人民币)?[￥¥]?\s*+(?<!\d)\d[\d,，]{0,24}+(?:\.\d{1,12}+)?\s*+[（(]?(?:亿元|万元|元)[)）]?"
_SUM_ALONE = re.compile(rf"(?:为|[:：])?\s*+{_SUM}")  # 1包 | 70万元
_PRICES = re.compile(rf"(?:(?<!\s)|(?=[人￥¥])){_SUM}")
# A label alone on its line with the packages below it: 中标金额：, and 01包：￥100,000.00元； below
_LABEL_ABOVE = re.compile(
    rf"(?P<label>^[^\S\n]{{0,8}}+{forms.spaced_pattern(*_WINNER_LABELS, *_PRICE_LABELS)}[^\S\n]{{0,4}}+[:：])"
    rf"\s{{1,8}}+(?=[（(【]?{LOT_MARK.pattern})",
    re.MULTILINE,
)
_BEGINS_PRICE = re.compile(rf"\s*{forms.spaced_pattern(*_PRICE_LABELS)}")
# 甲软件有限公司 | ，成交金额：
_PRICE_LABEL_AT_END = re.compile(
    rf"(?<![，,；;、\s])[，,；;、\s]++(?P<label>{forms.spaced_pattern(*_PRICE_LABELS)})\s*+(?:分别)?为?\s*+[:：]?\s*+$"
)
_BRACKETED = rf"[（(【](?>{LOT_MARK.pattern})[)）】]"
_MARK_IN_BRACKETS = re.compile(_BRACKETED)
# 甲软件有限公司（1包）、 and 120万元（1包）、, after a label or another of them
_MARKED_NAME = re.compile(
    rf"(?:(?<=[:：、；;，,])|(?<=^))\s*+(?P<text>[^\s:：、；;，,（()）]{{3,60}}|{_SUM})\s*(?P<mark>{_BRACKETED})(?:[、；;，,]|\s*$)"
)
# The lines of a field, each with the mark of its package at the end: 甲公司（1包）
_LINE_AND_MARK = rf"[^\s:：、；;，,（()）]{{3,60}}[ \t]{{0,4}}{_BRACKETED}[；;，,。]?(?=\n|$)"
_MARKED_LINES = re.compile(rf"(?<=[:：])\s{{0,4}}+(?:{_LINE_AND_MARK}\n?){{2,100}}")
_MARKED_LINE = re.compile(rf"(?P<text>[^\s（()）]{{3,60}})[ \t]{{0,4}}(?P<mark>{_BRACKETED})")
_GLUED_MARK = re.compile(rf"(?<=[^\s:：、；;，,。])(?P<mark>{_BRACKETED})(?=[\u4e00-\u9fff￥¥\d])")


class _Item(NamedTuple):
    number: int
    text: str


def read_package_fields(zone: str) -> list[Entry]:
    """Return the winners of a text in which one field names the winners, or the prices, of several packages."""
    if not LOT_MARK.search(zone):
        return []
    zone = _LABEL_ABOVE.sub(r"\g<label>", _with_marks_first(zone))
    winners: list[_Item] = []
    prices: dict[int, Amount] = {}
    for hit in find(zone, *_WINNER_LABELS):
        items = _items(zone, hit)
        if len(items) >= _FEWEST_PACKAGES and not winners:
            winners = items
    for hit in find(zone, *_PRICE_LABELS):
        for item in _items(zone, hit):
            prices.setdefault(item.number, _amount(item.text, hit.label))
    if not winners and len(prices) >= _FEWEST_PACKAGES:
        winners = _only_winner(zone, prices)
    if not winners:
        return _packages_on_lines(zone, prices)
    names = {item.number: item.text for hit in find(zone, *_CONTENT_LABELS) for item in _items(zone, hit)}
    entries = [entry for item in winners for entry in _entries(item, prices.get(item.number))]
    for entry in entries:
        entry.lot_name = _lot_name(names.get(entry.lot or 0, "").strip(_AROUND_ITEM))
    return entries


def _with_marks_first(zone: str) -> str:
    """Return the text with each bracketed mark of a package before what it is about, and a stop before each of them.

    >>> _with_marks_first("中标人：（1包）甲公司（2包）乙公司")
    '中标人：（1包）甲公司；（2包）乙公司'
    >>> _with_marks_first("中标人：甲公司（1包）、乙公司（2包）")
    '中标人：（1包）甲公司；（2包）乙公司'
    >>> _with_marks_first("中标人：\\n甲公司（1包）\\n乙公司（2包）")
    '中标人：\\n（1包）甲公司\\n（2包）乙公司'
    """
    if not _MARK_IN_BRACKETS.search(zone):
        return zone
    lines = []
    for line in _MARKED_LINES.sub(lambda block: _MARKED_LINE.sub(r"\g<mark>\g<text>", block.group()), zone).split("\n"):
        marks = _MARK_IN_BRACKETS.findall(line) if "\t" not in line else []
        marked = list(_MARKED_NAME.finditer(line)) if len(marks) >= _FEWEST_PACKAGES else []
        if marked and len(marked) == len(marks):
            line = _MARKED_NAME.sub(r"\g<mark>\g<text>；", line).rstrip("；")
        elif len(marks) >= _FEWEST_PACKAGES:
            line = _GLUED_MARK.sub(r"；\g<mark>", line)
        lines.append(line)
    return "\n".join(lines)


def _only_winner(zone: str, numbers: Iterable[int]) -> list[_Item]:
    """Return the only winner that the fields name, as that of each package: 中标金额：包1：100万元；包2：150万元."""
    names = {hit.value for hit in find(zone, *_WINNER_LABELS)}
    name = names.pop() if len(names) == 1 else ""
    return [_Item(number, name) for number in numbers] if _names_parties(name) else []


def _packages_on_lines(zone: str, prices: Mapping[int, Amount]) -> list[Entry]:
    """Return the winners of lines such as 第一标段：甲软件有限公司，中标价格100万元, if there are several of them.

    Several packages, or several winners of one package whose lines call them so: 标包1中选人1：甲软件有限公司.
    ``prices`` are those that a field gives for each package.
    """
    groups = _groups_on_lines(zone)
    if any(len(group.numbers) > 1 or group.own_prices for group in groups):
        known = {number: price for number, price in prices.items() if price.kind != "undisclosed"}
        known |= {number: price for group in groups for number, price in group.own_prices.items()}
        entries = [entry for group in groups for entry in _entries_of_group(group, known)]
        return entries if len({number for group in groups for number in group.numbers}) >= _FEWEST_PACKAGES else []
    entries = [entry for group in groups for entry in group.entries()]
    are_numbered = all(group.are_places for group in groups)
    packages = len({entry.lot for entry in entries})
    are_several = packages >= _FEWEST_PACKAGES or (len(entries) >= _FEWEST_PACKAGES and are_numbered)
    for entry in entries:
        stated = prices.get(entry.lot or 0, NOTHING)
        if entry.amount is NOTHING and stated is not NOTHING and packages == len(entries):
            entry.amount = stated
            entry.words += [stated.text] if stated.text else []
    return entries if are_several else []


@dataclass(slots=True)
class _Group:
    """The packages before one name: 1包、3包成交供应商：甲公司. ``own_prices`` are those of single packages after it.

    ``price_below`` is the field of a price on the next line. ``are_places``: the label counts the winners.
    """

    numbers: list[int]
    text: str
    lot_name: str | None
    are_places: bool
    own_prices: dict[int, Amount] = field(default_factory=dict)
    price_below: Hit | None = None

    def entries(self) -> list[Entry]:
        """Return the winners as those of the first package. A text that names no organisation has none."""
        entries = [
            entry
            for entry in _entries(_Item(self.numbers[0], self.text), None)
            if not entry.failed and _names_parties(entry.supplier)
        ]
        for entry in entries:
            entry.lot_name = self.lot_name
        return entries


def _groups_on_lines(zone: str) -> list[_Group]:
    groups: list[_Group] = []
    last: _Group | None = None
    for line in zone.split("\n"):
        parts = _parts_of_line(line) if "\t" not in line else []
        if not parts:
            if last is not None and last.price_below is None and _BEGINS_PRICE.match(line):
                last.price_below = first(line, *_PRICE_LABELS)
            else:
                last = None
            continue
        waiting: list[int] = []
        label = ""
        for part, text in parts:
            number = lot_number(part["mark"])
            if number is None:
                continue
            value = text.strip(_AROUND_ITEM)
            if not value or value in _AND:
                waiting.append(number)
            elif last is not None and number in last.numbers and _SUM_ALONE.match(value):
                last.own_prices.setdefault(number, _amount(value, label))
            else:
                priced_below = _PRICE_LABEL_AT_END.search(value)
                label = priced_below["label"] if priced_below else ""
                text = value[: priced_below.start()] if priced_below else text
                last = _Group([*waiting, number], text, _lot_name(part["name"]), part["place"] is not None)
                if last.entries():
                    groups.append(last)
                waiting = []
    return groups


def _entries_of_group(group: _Group, prices: Mapping[int, Amount]) -> list[Entry]:
    """Return the winners of several packages: one for each package that has a price, else one for all of them."""
    entries = group.entries()
    if not entries or (len(group.numbers) == 1 and entries[0].amount is not NOTHING):
        return entries
    below = group.price_below
    amount = _amount(below.value, below.label) if below is not None else NOTHING
    if all(number in prices for number in group.numbers):
        own = [prices[number] for number in group.numbers]
    elif (
        len(group.numbers) > 1
        and below is not None
        and len(parts := _PRICES.findall(below.value)) == len(group.numbers)
    ):
        own = [_amount(part, below.label) for part in parts]
    else:
        for entry in entries:
            entry.amount = entry.amount if entry.amount is not NOTHING else amount
            entry.words += [amount.text] if amount.text else []
        return entries
    return [
        replace(entry, lot=number, amount=price, words=[entry.supplier, *([price.text] if price.text else [])])
        for entry in entries
        for number, price in zip(group.numbers, own, strict=True)
    ]


def _parts_of_line(line: str) -> list[tuple[re.Match[str], str]]:
    """Return the part about each package of a line with the text after its mark. Other lines have none."""
    text = line.strip()
    if "包" not in text and "标" not in text:
        return []
    first = _PART.match(text)
    if first is None:
        opening = _OPENING.match(text) if LOT_MARK.search(text) else None
        first = _PART.match(text, opening.end()) if opening else None
    if first is None:
        return []
    parts = [first]
    while following := _PART.search(text, parts[-1].end()):
        parts.append(following)
    ends = [*(part.start() for part in parts[1:]), len(text)]
    return [(part, text[part.end() : end]) for part, end in zip(parts, ends, strict=True)]


def _names_parties(supplier: str) -> bool:
    parties = split_parties(supplier)
    return bool(parties) and all(ends_like_party(party.name) for party in parties)


def _lot_name(name: str | None) -> str | None:
    return name if name and not _NO_LOT_NAME.search(name) and not ends_like_party(name) else None


def _entries(item: _Item, stated: Amount | None) -> list[Entry]:
    """Return the winner of a package, or that nobody won it. A text that names nobody gives nothing."""
    text = item.text.strip(_AROUND_ITEM)
    if NOBODY_WON.match(text):
        return [Entry("", lot=item.number, numbered=True, failed=True)]
    name, label, price, share = split_priced_name(text)
    if not names_supplier(name):
        return []
    amount = _amount(price, label) if price else stated or NOTHING
    words = [name, *([amount.text] if amount.text else [])]
    return [Entry(name, amount, lot=item.number, numbered=True, share=share or None, words=words)]


def _amount(text: str, label: str) -> Amount:
    value = text.strip(_AROUND_ITEM)
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
