"""Results written as labelled lines: 供应商名称：… 中标（成交）金额：…, repeated for each package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.extract.amounts import NOTHING, Amount, adds_tax_to, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.tables import lot_of_line, name_behind_mark
from pipelines.extract.parties import clean_party, lot_mark
from pipelines.extract.priced_names import split_priced_name
from pipelines.lexicon import forms
from pipelines.model import AmountKind
from pipelines.text.column_roles import LOT_MARK, lot_number, ordinal
from pipelines.text.labelled_values import Hit, find

_SUPPLIERS = forms.words("winner_label")
_CANDIDATES = forms.words("candidate_label")
_RANKED = forms.words("ranked_winner_label")
_SHARES = forms.words("share_label")
_PRICES = forms.words("price_label")
_LOT_NAMES = forms.words("lot_name_label")
_LOTS = forms.words("lot_label")
_PRICE_TYPE = forms.words("price_type_label")
# 中标人信息, and below it 单位名称 with the name beside it or under it.
_WINNER_PART = re.compile(
    r"(?:中标|成交|中选)(?:人|单位|供应商)(?:基本)?信息\s*[:：]?\s*\n(?:单位)?名称\s*(?:[:：]\s*|\t|\n)(?P<name>[^\n\t]+)"
)
_ITEM = re.compile(r"[；;](?=\s*(?:\d{1,2}\s*[、.．]|[（(]\d{1,2}[)）])\s*[\u4e00-\u9fffA-Za-z])")
_INSIDE_MONEY = re.compile(r"中标价格?\s*[:：]?\s*(?=[\d￥])")


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    what: str
    hit: Hit | None = None
    lot: tuple[int, str | None] | None = None


def block_entries(zone: str, *, candidates: bool) -> list[Entry]:
    """The winners of a zone whose results are labelled lines, in reading order.

    A price belongs to the supplier named last before it; one that stands before any supplier belongs to the next.
    """
    marks = _marks(zone, candidates)
    entries: list[Entry] = []
    lot: tuple[int, str | None] | None = None
    early: Hit | None = None
    priced_as: AmountKind = "total"
    for mark in marks:
        if mark.what == "lot":
            lot = mark.lot
        elif mark.what == "type" and mark.hit:
            priced_as = _priced_as(mark.hit.value)
        elif mark.what == "supplier" and mark.hit:
            name, label, value, share = split_priced_name(_first_line(mark.hit.value))
            if entries and "联合体" in mark.hit.label:
                entries[-1].supplier += f"\n联合体成员：{name}"
                continue
            number = lot_number(lot_mark(name) or "") or (lot[0] if lot else None)
            if clean_party(name) is None or (entries and entries[-1].lot == number and _repeats(entries[-1], name)):
                continue
            entry = Entry(
                name,
                lot=number,
                lot_name=lot[1] if lot else None,
                numbered=number is not None,
                rank=_rank(mark.hit.label),
                share=share or None,
                words=[name],
            )
            entries.append(entry)
            if value:
                _price(entry, label, value, priced_as)
            if early is not None:
                _price(entry, early.label, early.value, priced_as)
                early = None
        elif mark.what == "name" and mark.hit and entries:
            if not entries[-1].lot_name and not re.fullmatch(r"无|/|-+", mark.hit.value):
                entries[-1].lot_name = mark.hit.value
        elif mark.what == "share" and mark.hit and entries:
            entries[-1].share = entries[-1].share or mark.hit.value
        elif mark.what == "package" and mark.hit and entries and entries[-1].lot is None:
            entries[-1].lot, entries[-1].numbered = lot_number(mark.hit.value), True
            entries[-1].lot_name = name_behind_mark(mark.hit.value)
        elif mark.what == "price" and mark.hit:
            if (
                entries
                and entries[-1].amount.kind in ("undisclosed", "rate", "unit_price")
                and not _is_better(entries[-1], mark.hit)
            ):
                continue
            if entries:
                _price(entries[-1], mark.hit.label, mark.hit.value, priced_as)
            elif early is None:
                early = mark.hit
    return entries


def _marks(zone: str, candidates: bool) -> list[_Mark]:
    suppliers = (*_SUPPLIERS, *_CANDIDATES) if candidates else _SUPPLIERS
    marks = [
        _Mark(hit.start, "supplier", hit) for found in find(zone, *suppliers, below=True) for hit in _listed(found)
    ]
    marks += [_Mark(match.start("name"), "supplier", _hit(match)) for match in _WINNER_PART.finditer(zone)]
    if not candidates:
        # In a result the second and the third have won too where the page gives them a share.
        marks += [
            _Mark(hit.start, "supplier", hit) for hit in find(zone, *_RANKED) if split_priced_name(hit.value).share
        ]
    marks += [_Mark(hit.start, "share", hit) for hit in find(zone, *_SHARES) if "%" in hit.value]
    marks += [_Mark(hit.start, "price", hit) for hit in find(zone, *_PRICES, below=True)]
    marks += [_Mark(hit.start, "name", hit) for hit in find(zone, *_LOT_NAMES)]
    marks += [_Mark(hit.start, "type", hit) for hit in find(zone, *_PRICE_TYPE)]
    # 名称：包7（中文在线…）: Hubei names the package among its goods, below the price.
    marks += [_Mark(hit.start, "package", hit) for hit in find(zone, "名称") if LOT_MARK.match(hit.value)]
    for hit in find(zone, *_LOTS):
        number = ordinal(re.split(r"[（(\s、，]", hit.value)[0]) or lot_number(hit.value)
        name = re.search(r"[（(](.{2,80})[)）]$", hit.value)
        if number:
            marks.append(_Mark(hit.start, "lot", lot=(number, name.group(1) if name else None)))
    position = 0
    for line in zone.split("\n"):
        lot = lot_of_line(line) if "\t" not in line else None
        if lot:
            marks.append(_Mark(position, "lot", lot=lot))
        position += len(line) + 1
    return sorted(marks, key=lambda mark: mark.start)


def _hit(match: re.Match[str]) -> Hit:
    return Hit("中标人", match["name"].strip(), match.start("name"), match.end("name"))


def _listed(hit: Hit) -> Iterator[Hit]:
    """The members of a numbered list in one field: 1、甲公司，报价100万元；2、乙公司，报价110万元."""
    start = hit.start
    for piece in _ITEM.split(hit.value) if _ITEM.search(hit.value) else [hit.value]:
        yield Hit(hit.label, piece.strip(), start, start + len(piece))
        start += len(piece) + 1


def _first_line(value: str) -> str:
    return value.split("\n", 1)[0]


def _rank(label: str) -> int | None:
    match = re.search(r"第([一二三四五])", label)
    return "一二三四五".index(match.group(1)) + 1 if match else None


def _repeats(entry: Entry, name: str) -> bool:
    """供应商名称 and 中标供应商 said of the same winner, with no price between them."""
    return entry.amount is NOTHING and clean_party(entry.supplier) == clean_party(name)


def _is_better(entry: Entry, hit: Hit) -> bool:
    read = _read(hit.label, hit.value, "total")
    return entry.amount is NOTHING or (entry.amount.kind == "undisclosed" and read.kind == "total")


def _price(entry: Entry, label: str, value: str, priced_as: AmountKind) -> None:
    amount = _read(label, value, priced_as)
    told = entry.amount.kind == "total" or (entry.amount is not NOTHING and amount.kind == "undisclosed")
    if told and not adds_tax_to(amount, entry.amount):
        return
    entry.amount = amount
    entry.words.append(value)


def _priced_as(words: str) -> AmountKind:
    """What 中标类型 says the number under 中标（成交）金额 is: 总价中标, 折扣率中标, 单价中标."""
    if "单价" in words:
        return "unit_price"
    return "rate" if re.search(r"率|折扣|下浮|系数", words) else "total"


def _read(label: str, words: str, priced_as: AmountKind) -> Amount:
    value = _INSIDE_MONEY.sub("", words)
    amount = read_amount(value, label, bare_unit=likely_unit(value))
    return amount if priced_as == "total" else Amount(priced_as, None, value, amount.tax_included)
