"""Results written as labelled lines, repeated for each package::

标项1：训练服务
中标（成交）供应商名称：甲软件有限公司
中标（成交）金额：100万元
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.extract.amounts import NOTHING, Amount, adds_tax_to, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.package_marks import Package, name_after_mark, package_of_line
from pipelines.extract.parties import names_supplier, split_parties, supplier_names
from pipelines.extract.party_names import clean_party, ends_like_party, lot_mark
from pipelines.extract.priced_names import PricedName, split_priced_name
from pipelines.extract.sums import CAPITAL
from pipelines.lexicon import forms
from pipelines.model import AmountKind
from pipelines.text.column_roles import LOT_MARK, lot_number, ordinal, role_of
from pipelines.text.labelled_values import Hit, find

_WINNER_LABELS = forms.labels("winner_label")
_WINNER_OR_CANDIDATE_LABELS = forms.labels("winner_label", "candidate_label")
_SUPPLIER_LABELS = forms.labels("supplier_label")
_RANKED_WINNER_LABELS = forms.labels("ranked_winner_label")
_SHARE_LABELS = forms.labels("share_label")
_PRICE_LABELS = forms.labels("price_label")
_PRICE_LABELS_AFTER_WINNER = forms.labels("price_label_after_winner")
_PRICE_TYPE_LABELS = forms.labels("price_type_label")
_LOT_NAME_LABELS = forms.labels("lot_name_label")
_LOT_LABELS = forms.labels("lot_label")
# 中标人信息, and on the next line 单位名称 with the name beside it or below it.
_WINNER_PART = re.compile(
    rf"{forms.pattern('won')}{forms.pattern('party')}(?:基本)?信息\s*[:：]?\s*\n"
    r"(?:单位)?名称\s*(?:[:：]\s*|\t|\n)(?P<name>[^\n\t]+)"
)
# The end of an item of a numbered list: ；2、乙公司, ;(2)乙公司
_END_OF_ITEM = re.compile(r"[；;](?=\s*(?:\d{1,2}\s*[、.．]|[（(]\d{1,2}[)）])\s*[\u4e00-\u9fffA-Za-z])")
_LABEL_IN_PRICE = re.compile(r"中标价格?\s*[:：]?\s*(?=[\d￥])")  # 中标价：100万元 as the value of another label
# A price after a label without a colon: 中标价 ￥100万元, 成交金额 壹佰万元
_BEGINS_PRICE = re.compile(r"(?:人民币)?\s*+(?:(?:[￥¥]\s*+)?\d|[壹贰叁肆伍陆柒捌玖拾])")
# A line below a winner: another name, perhaps with its role, or the rest of the name.
_NAME_BELOW = re.compile(
    rf"\n(?P<words>(?:{forms.pattern('role_in_consortium')}\s*[:：])?[^\n\t:：]{{2,80}})"
    r"(?=\n|[；;，,][^\n:：；;，,]{2,20}[:：])"
)
_FIELD_BELOW = re.compile(r"[\n；;，,][^\n:：]{1,20}[:：]")
_LONGEST_REST_OF_NAME = 8
_LONGEST_LABEL = 40
_PLACE_IN_LABEL = re.compile(r"第([一二三四五1-5])")
_PLACE_AFTER_PARTY = re.compile(rf"{forms.pattern('party')}{forms.pattern('place_in_list')}$")
_FOREIGN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,&()'-]+")  # Green Hill Co., Ltd.
_NO_NAME = re.compile(r"无|/|-+")  # the name of a package that has none: 无, /, --
_END_OF_LOT_NUMBER = re.compile(r"[（(\s、，]")
_LOT_NAME_IN_BRACKETS = re.compile(r"[（(](.{2,80})[)）]$")
_DIGIT = re.compile(r"\d")
_MEMBER = re.compile(r"联合体|^共保")
_RESERVE = re.compile(rf"[（(](?:备|{forms.pattern('reserve')})[)）]")
# 供应商：乙公司 得分：90 | 结果：未成交
_LOST = re.compile(
    rf"(?:结果|结论|状态|情况|备注|是否{forms.pattern('won')})\s*[:：]\s*(?:{forms.pattern('lost_anywhere')}|否)(?=[\s。；;，,、)）]|$)"
)
_LONGEST_PART_OF_BIDDER = 400
_RATE_TYPE = re.compile(r"率|折扣|下浮|系数")  # 折扣率中标, 折扣报价, 下浮报价, 系数报价

MarkKind = Literal["winner", "share", "price", "price_after_winner", "price_type", "lot", "lot_name", "lot_of_goods"]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A field or line that says something about a result. Only a ``lot`` has a package."""

    kind: MarkKind
    hit: Hit
    package: Package | None = None


def read_labelled_lines(zone: str, *, candidates: bool) -> list[Entry]:
    """Return the winners of a text whose results are labelled lines, in reading order.

    A price belongs to the supplier before it. A price before the first supplier belongs to that one.
    """
    marks = _marks(zone, candidates)
    if not candidates and _LOST.search(zone):
        marks = _without_losers(zone, marks)
    reader = _Reader(names_open_lots=_names_open_lots(marks))
    for mark in marks:
        reader.read(mark)
    return reader.entries if candidates else _without_replaced(reader.entries)


def _without_losers(zone: str, marks: Sequence[_Mark]) -> list[_Mark]:
    """Return the marks without those of bidders of whom a field before the next bidder says that they lost."""
    starts = [mark.hit.start for mark in marks if mark.kind == "winner"]
    kept: list[_Mark] = []
    has_lost = False
    for mark in marks:
        if mark.kind == "winner":
            following = bisect_right(starts, mark.hit.start)
            end = starts[following] if following < len(starts) else len(zone)
            has_lost = (
                _LOST.search(zone, mark.hit.start, min(end, mark.hit.start + _LONGEST_PART_OF_BIDDER)) is not None
            )
        if not has_lost or mark.kind in ("lot", "lot_name"):
            kept.append(mark)
    return kept


def _without_replaced(entries: list[Entry]) -> list[Entry]:
    """Return the winners without a first candidate whose package has a winner too: the same again, or another."""
    winners = {(entry.lot, clean_party(entry.supplier)): entry for entry in entries if not entry.is_candidate}
    won_lots = {lot for lot, _ in winners}
    kept = []
    for entry in entries:
        if not entry.is_candidate or entry.lot not in won_lots:
            kept.append(entry)
            continue
        same = winners.get((entry.lot, clean_party(entry.supplier)))
        if same and same.amount is NOTHING:
            same.amount = entry.amount
    return kept


@dataclass(slots=True)
class _Reader:
    """What was read so far: the winners, and what the next of them gets.

    ``names_open_lots`` says that the name of a package is above its winner, not below.
    """

    entries: list[Entry] = field(default_factory=list)
    package: Package | None = None
    early_price: Hit | None = None
    priced_as: AmountKind = "total"
    names_open_lots: bool = False
    lot_name: str | None = None

    def read(self, mark: _Mark) -> None:
        """Add what one line says."""
        last = self.entries[-1] if self.entries else None
        value = mark.hit.value
        if mark.kind == "lot":
            self.package = mark.package
        elif mark.kind == "price_type":
            self.priced_as = _amount_kind(value)
        elif mark.kind == "winner":
            self._read_winner(mark.hit, last)
        elif mark.kind == "price":
            self._read_price(mark.hit, last)
        elif mark.kind == "lot_name" and self.names_open_lots:
            self.lot_name = None if _NO_NAME.fullmatch(value) else value
        elif last is None:
            return
        elif mark.kind == "price_after_winner":
            if last.amount is NOTHING:
                _set_better_amount(last, mark.hit.label, value, self.priced_as)
        elif mark.kind == "lot_name":
            if not last.lot_name and not _NO_NAME.fullmatch(value):
                last.lot_name = value
        elif mark.kind == "share":
            last.share = last.share or value
        elif last.lot is None:  # lot_of_goods
            last.lot, last.numbered, last.lot_name = lot_number(value), True, name_after_mark(value)

    def _read_winner(self, hit: Hit, last: Entry | None) -> None:
        if _RESERVE.search(hit.label):
            return  # 中标供应商（备）：乙公司
        name, label, price, share = PricedName(hit.value) if "\n" in hit.value else split_priced_name(hit.value)
        leads = "牵头" in hit.label
        if last and leads and supplier_names(name) <= supplier_names(last.supplier):
            return  # 中标人：甲公司、乙公司 and below it 联合体牵头人：甲公司
        if last and _MEMBER.search(hit.label) and not leads:
            last.supplier += f"\n联合体成员：{name}"
            return
        number = lot_number(lot_mark(name) or "") or (self.package.number if self.package else None)
        if number is None and _PLACE_AFTER_PARTY.search(hit.label):
            number = 1  # 中标人1 and 中标人2 share one package
        if not names_supplier(name):
            return
        is_candidate = "候选" in hit.label
        if last and last.lot == number and _repeats(last, name):
            last.is_candidate = last.is_candidate and is_candidate
            return
        entry = Entry(
            name,
            lot=number,
            lot_name=self.lot_name or (self.package.name if self.package else None),
            numbered=self.package is not None or lot_mark(name) is not None,
            rank=_rank(hit.label),
            share=share or None,
            words=[name],
            is_candidate=is_candidate,
        )
        self.entries.append(entry)
        if price:
            _set_better_amount(entry, label, price, self.priced_as)
        if self.early_price is not None:
            _set_better_amount(entry, self.early_price.label, self.early_price.value, self.priced_as)
            self.early_price = None

    def _read_price(self, hit: Hit, last: Entry | None) -> None:
        if last is None:
            if self.early_price is None or _is_sum_after_unit_price(self.early_price, hit):
                self.early_price = hit
        elif last.amount.kind not in ("undisclosed", "rate", "unit_price") or _discloses_price(last, hit):
            _set_better_amount(last, hit.label, hit.value, self.priced_as)


def _names_open_lots(marks: Sequence[_Mark]) -> bool:
    """Return whether each name of a package is above its winner: several names, the first above all winners."""
    kinds = [mark.kind for mark in marks if mark.kind in ("winner", "lot_name")]
    return kinds.count("lot_name") > 1 and kinds[0] == "lot_name" and kinds[-1] == "winner"


def _marks(zone: str, candidates: bool) -> list[_Mark]:
    labels = _WINNER_OR_CANDIDATE_LABELS if candidates else _WINNER_LABELS
    # 中标人信息 may be the heading of a part that begins with something else.
    named = (
        hit for hit in find(zone, *labels, below=True) if not hit.label.endswith("信息") or _is_organisation(hit.value)
    )
    marks = [_Mark("winner", item) for hit in named for item in _list_items(_with_lines_below(zone, hit))]
    # 供应商：甲公司 and 中标人 甲公司 name the winner; 供应商：按要求提交文件 names nobody.
    known = {mark.hit.start for mark in marks}
    suppliers = (
        item for hit in find(zone, *_SUPPLIER_LABELS, *labels, below=True, spaced=True) for item in _list_items(hit)
    )
    marks += [_Mark("winner", item) for item in suppliers if item.start not in known and _is_organisation(item.value)]
    marks += [_Mark("winner", _winner_of_part(match)) for match in _WINNER_PART.finditer(zone)]
    if not candidates:
        # In a result the second and the third have won too, if the page gives them a share.
        ranked = find(zone, *_RANKED_WINNER_LABELS)
        marks += [_Mark("winner", hit) for hit in ranked if split_priced_name(hit.value).share]
    marks += [_Mark("share", hit) for hit in find(zone, *_SHARE_LABELS) if "%" in hit.value]
    marks += [_Mark("price", hit) for hit in find(zone, *_PRICE_LABELS, below=True) if not _is_head(hit.value)]
    marks += [_Mark("price_after_winner", hit) for hit in find(zone, *_PRICE_LABELS_AFTER_WINNER)]
    known = {mark.hit.start for mark in marks}
    spaced = (hit for hit in find(zone, *_PRICE_LABELS, spaced=True) if hit.start not in known)
    marks += [_Mark("price", hit) for hit in spaced if _BEGINS_PRICE.match(hit.value)]
    marks += [_Mark("lot_name", hit) for hit in find(zone, *_LOT_NAME_LABELS)]
    marks += [_Mark("price_type", hit) for hit in find(zone, *_PRICE_TYPE_LABELS)]
    # 名称：包7（中文在线…）: Hubei names the package among its goods, below the price.
    marks += [_Mark("lot_of_goods", hit) for hit in find(zone, "名称") if LOT_MARK.match(hit.value)]
    marks += [_Mark("lot", hit, package) for hit in find(zone, *_LOT_LABELS) if (package := _package_of_field(hit))]
    marks += _lines_that_open_packages(zone)
    return sorted(marks, key=lambda mark: mark.hit.start)


def _with_lines_below(zone: str, hit: Hit) -> Hit:
    """Return a winner's field with the lines below it that go on with it: other names, or the rest of a broken name.

    Another field must follow below them. Otherwise the last of them may be a signature.
    """
    value, end = hit.value, hit.end
    while line := _NAME_BELOW.match(zone, end):
        words = line["words"].strip()
        last = value.rsplit("\n", 1)[-1]
        if len(words) <= _LONGEST_REST_OF_NAME and not ends_like_party(last) and ends_like_party(last + words):
            value += words
        elif _is_organisation(words):
            value += f"\n{words}"
        else:
            break
        end = line.end()
    line_below = zone[end + 1 : end + _LONGEST_LABEL].split("\n", 1)[0]
    is_field = _FIELD_BELOW.match(zone, end) is not None or role_of(line_below) in ("amount", "rate")
    return Hit(hit.label, value, hit.start, end) if is_field else hit


def _is_organisation(value: str) -> bool:
    parties = split_parties(split_priced_name(value).name)
    return bool(parties) and all(ends_like_party(party.name) or _FOREIGN.fullmatch(party.name) for party in parties)


def _winner_of_part(match: re.Match[str]) -> Hit:
    return Hit("中标人", match["name"].strip(), match.start("name"), match.end("name"))


def _is_head(value: str) -> bool:
    """Return whether a price field is a head of a table of goods with the head beside it: 单价（元） and 总价（元）."""
    return role_of(value) in ("amount", "rate") and not _DIGIT.search(value) and not CAPITAL.search(value)


def _list_items(hit: Hit) -> Iterator[Hit]:
    """Yield the items of a numbered list in one field: 1、甲公司，报价100万元；2、乙公司，报价110万元."""
    start = hit.start
    for item in _END_OF_ITEM.split(hit.value):
        yield Hit(hit.label, item.strip(), start, start + len(item))
        start += len(item) + 1


def _package_of_field(hit: Hit) -> Package | None:
    """Return the package in a field such as 包号：2（训练服务）."""
    number = ordinal(_END_OF_LOT_NUMBER.split(hit.value)[0]) or lot_number(hit.value)
    name = _LOT_NAME_IN_BRACKETS.search(hit.value)
    return Package(number, name.group(1) if name else None) if number else None


def _lines_that_open_packages(zone: str) -> Iterator[_Mark]:
    start = 0
    for line in zone.split("\n"):
        package = package_of_line(line) if "\t" not in line else None
        if package:
            yield _Mark("lot", Hit("", line, start, start + len(line)), package)
        start += len(line) + 1


def _rank(label: str) -> int | None:
    match = _PLACE_IN_LABEL.search(label)
    return ordinal(match.group(1)) if match else None


def _repeats(entry: Entry, name: str) -> bool:
    """Return whether a name is the last winner again, without a price between: 供应商名称 and then 中标供应商."""
    return entry.amount is NOTHING and clean_party(entry.supplier) == clean_party(name)


def _discloses_price(entry: Entry, hit: Hit) -> bool:
    """Return whether the entry has no price yet, or no sum where this field gives one."""
    amount = _amount_of_field(hit.label, hit.value, "total")
    return entry.amount is NOTHING or (entry.amount.kind == "undisclosed" and amount.kind == "total")


def _is_sum_after_unit_price(earlier: Hit, hit: Hit) -> bool:
    """Return whether a field has the sum of what an earlier one prices for each: 单价：100元/台, 总价：10000元."""
    kinds = [_amount_of_field(field.label, field.value, "total").kind for field in (earlier, hit)]
    return kinds == ["unit_price", "total"]


def _set_better_amount(entry: Entry, label: str, value: str, priced_as: AmountKind) -> None:
    amount = _amount_of_field(label, value, priced_as)
    keeps_price = entry.amount.kind == "total" or (entry.amount is not NOTHING and amount.kind == "undisclosed")
    if keeps_price and not adds_tax_to(amount, entry.amount):
        return
    entry.amount = amount
    entry.words.append(value)


def _amount_kind(price_type: str) -> AmountKind:
    """Return what the number under 中标（成交）金额 is, by the field 中标类型: 总价中标, 折扣率中标, 单价中标."""
    if "单价" in price_type:
        return "unit_price"
    return "rate" if _RATE_TYPE.search(price_type) else "total"


def _amount_of_field(label: str, text: str, priced_as: AmountKind) -> Amount:
    value = _LABEL_IN_PRICE.sub("", text)
    amount = read_amount(value, label, bare_unit=likely_unit(value))
    return amount if priced_as == "total" else Amount(priced_as, None, value, amount.tax_included)
