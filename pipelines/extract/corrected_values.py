"""Winners and prices in a piece of text that replaces an older one: ``供应商名称：乙公司，中标金额：65万元``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.extract.amounts import NOTHING, Amount, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.party_names import clean_party, ends_like_party
from pipelines.extract.priced_names import split_priced_name
from pipelines.lexicon import forms
from pipelines.text.column_roles import lot_number

# What a label or a column is about.
Item = Literal["winner", "price", "other"]

_NUMERAL = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[A-Z](?![A-Za-z0-9]))"
_PACKAGE = forms.pattern("package_in_correction")
# 合同包8(服务器), 第一标包, 包1, 02包
_LOT = re.compile(rf"{_PACKAGE}\s*{_NUMERAL}|第\s*{_NUMERAL}\s*{_PACKAGE}|(?<![\d.A-Za-z])0?\d\s*{_PACKAGE}")
_QUALIFIER = r"(?:\s*\\?[（(][^（）()\n]{0,24}[)）]){0,2}"
_WINNER, _WINNER_WITH_COLON = forms.pattern("corrected_winner"), forms.pattern("corrected_winner_with_colon")
_PRICE, _PRICE_WITH_COLON = forms.pattern("corrected_price"), forms.pattern("corrected_price_with_colon")
_RATE, _RATE_WITH_COLON = forms.pattern("corrected_rate"), forms.pattern("corrected_rate_with_colon")
_OTHER = forms.pattern("other_corrected_item")
# A label of a winner or price, with what may follow it: 中标（成交）金额（元）：, 中标供应商为, 中标金额 |1200000元.
_BEFORE_COLON = rf"(?={_QUALIFIER}\s*[:：由从“\"])"
_LABEL = re.compile(
    rf"(?:(?P<winner>{_WINNER}|{_WINNER_WITH_COLON}{_BEFORE_COLON})|(?P<price>{_PRICE}|{_PRICE_WITH_COLON}{_BEFORE_COLON})"
    rf"|(?P<rate>{_RATE}|{_RATE_WITH_COLON}{_BEFORE_COLON})){_QUALIFIER}"
    r"(?:的?(?:大写|小写))?\s*(?:[:：]|为(?!中标|成交)|是(?!否))?\s*"
)
_OTHER_LABEL = re.compile(r"(?:^|(?<=[\s，,。；;、]))[\u4e00-\u9fff（）()/]{2,14}\s*[:：]")
_OTHER_ITEM = re.compile(_OTHER)
_WINNER_ITEM = re.compile(rf"{_WINNER}|{_WINNER_WITH_COLON}")
_PRICE_ITEM = re.compile(rf"{_PRICE}|{_PRICE_WITH_COLON}|{_RATE}|{_RATE_WITH_COLON}")
_ONLY_PRICE = re.compile(r"(?:总?金额|总?价格?|价款)\s*(?:[（(][^（）()]*[)）])?")  # 金额（万元）
_UNNAMED_ITEM = re.compile(rf"(?:{forms.pattern('unnamed_item')}|[\d.、\s]*)")
_SUM_ALONE = re.compile(
    r"(?:人民币)?\s*+(?:[￥¥]\s*+)?[\d,，.]++\s*+[（(]?(?:万元|亿元|元|圆)?[)）]?(?:整|人民币)?(?:[（(][^（）()]{2,30}[)）])?"
    r"|(?:人民币)?[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{2,}[元圆][零壹贰叁肆伍陆柒捌玖整正角分]*(?:[（(][^（）()]{2,30}[)）])?"
)
_RATE_OR_UNIT_PRICE = re.compile(r"[%％‰]|[元]\s*[/／]|元每|单价|折扣|费率|下浮")
_NO_NAME_BEGINS = re.compile(r"[向由应须需与将按不无的在于自已]|支付|领取")  # 由中标单位|向代理机构支付
_MARKS = " \t\n“”\"'「」『』《》：:，,。；;、"
_LONGEST_VALUE = 160


@dataclass(slots=True)
class Values:
    """The winner and the price that a text gives. ``supplier`` is None and ``amount`` NOTHING if it gives none."""

    supplier: str | None = None
    amount: Amount = NOTHING
    words: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.supplier is not None or self.amount is not NOTHING


def item_of(text: str) -> tuple[Item | None, str]:
    """Return what the last label of a text is about, and that label: ``原公告的中标金额`` is ("price", "中标金额").

    ``other`` if something else is named after it or in its place (代理服务费, 供应商地址). None if nothing is named.
    """
    text = _LOT.sub(" ", text)  # the 合同 of 合同包1 is no contract
    found: tuple[Item | None, str] = (None, "")
    end = 0
    for label in _LABEL.finditer(text):
        found, end = ("winner" if label["winner"] else "price", label.group()), label.end()
    other = _OTHER_ITEM.search(text, end)
    return ("other", other.group()) if other is not None else found


def item_of_cell(text: str) -> tuple[Item | None, str]:
    """Return what an item of a table is about: ``标项1中标（成交）金额（元）`` is a price.

    None if it names no value: 采购结果, or the number of a row.
    """
    if _OTHER_ITEM.search(text) and not _price_of_contract(text):
        return "other", text
    if _PRICE_ITEM.search(text) or _ONLY_PRICE.fullmatch(text):
        return "price", text
    if _WINNER_ITEM.search(text):
        return "winner", text
    return (None, "") if _UNNAMED_ITEM.fullmatch(text.strip(_MARKS)) else ("other", text)


def _price_of_contract(text: str) -> bool:
    """Return whether 合同 is only the package in 合同包1中标金额."""
    return _OTHER_ITEM.search(_LOT.sub("", text)) is None


def read_values(text: str, item: Item | None = None, label: str = "", *, by_shape: bool = False) -> Values:
    """Read a text that is valid now. ``item`` and ``label`` say what its words before the first label are about.

    With ``by_shape`` a text without any label may be a lone sum or a lone organisation.
    """
    values = Values()
    for kind, own_label, value in _labelled_pieces(text, item, label):
        if kind == "winner":
            _take_winner(values, value)
        elif kind == "price":
            _take_price(values, value, own_label)
    if not values and by_shape and item is None:
        lone = text.strip(_MARKS)
        if _SUM_ALONE.fullmatch(lone):
            _take_price(values, lone, "中标金额")
        elif len(lone) <= _LONGEST_VALUE and (name := clean_party(lone)) and ends_like_party(name):
            _take_winner(values, lone)
    return values


def _labelled_pieces(text: str, item: Item | None, label: str) -> Iterator[tuple[Item | None, str, str]]:
    """Yield what is read under each label, in order, with the label. The first piece is under ``label``."""
    start, kind = 0, item
    position = 0
    while True:
        own = _LABEL.search(text, position)
        other = _OTHER_LABEL.search(text, position)
        stop = min((match.start() for match in (own, other) if match), default=len(text))
        yield kind, label, text[start:stop]
        if own is not None and own.start() == stop:
            # 供应商地址：, 中标金额大写：; a longer label of something else is no label of the winner.
            tail = text[own.end("winner") : own.end() + 8] if own["winner"] else ""
            is_other = bool(_OTHER_ITEM.match(tail.lstrip()))
            kind, label = "other" if is_other else "winner" if own["winner"] else "price", own.group()
            start = position = max(own.end(), own.start() + 1)
        elif other is not None:
            kind, label = "other", other.group()
            start = position = other.end()
        else:
            return


def _take_winner(values: Values, text: str) -> None:
    value = _without_quotes(text)
    if _NO_NAME_BEGINS.match(value):
        return
    party = split_priced_name(value)
    name = party.name if clean_party(party.name) else None
    if name is None:
        # 乙公司，联系电话不变: the name ends at the mark.
        name = re.split(r"[，,。；;\n]", value)[0].strip(_MARKS)
    if not (cleaned := clean_party(name)) or not ends_like_party(cleaned):
        return
    values.supplier = values.supplier or name
    values.words.append(name)
    if party.value and values.amount is NOTHING:
        values.amount = read_amount(party.value, party.label, bare_unit=likely_unit(party.value))
        values.words.append(party.value)


def _take_price(values: Values, text: str, label: str) -> None:
    value = _without_quotes(text)
    if not value or len(value) > _LONGEST_VALUE:
        return
    amount = read_amount(value, label, bare_unit=likely_unit(value))
    if amount.kind == "undisclosed" and not _RATE_OR_UNIT_PRICE.search(value):
        return
    if amount.kind == "undisclosed":
        amount = Amount("rate", None, value)
    # A sum beside a rate outranks it: 中标金额：100万元，折扣率：95%.
    if values.amount.kind != "total":
        values.amount = amount
        values.words.append(value)


def _without_quotes(text: str) -> str:
    value = text.strip(_MARKS)
    return re.sub(r"[”\"」』][，,。；;].*$", "", value, flags=re.DOTALL).strip(_MARKS)


class Changes:
    """The changes of one correction, by package."""

    def __init__(self) -> None:
        self._by_lot: dict[int | None, Entry] = {}
        self._rows: list[Entry] = []

    def add(self, values: Values, lot: int | None = None) -> None:
        """Add what replaces the winner or the price of a package; of two statements the later counts."""
        if not values:
            return
        entry = self._by_lot.setdefault(lot, Entry("", lot=lot, numbered=lot is not None))
        entry.supplier = values.supplier or entry.supplier
        entry.amount = values.amount if values.amount is not NOTHING else entry.amount
        entry.words.extend(values.words)

    def add_result(self, entries: Sequence[Entry], lot: int | None = None) -> None:
        """Add a result stated again, with one entry for each winner. ``lot`` is the package of a lone winner."""
        if len(entries) == 1 and entries[0].lot in (None, lot):
            entry = entries[0]
            self.add(Values(entry.supplier or None, entry.amount, entry.words), lot)
        else:
            self._rows.extend(entries)

    def entries(self) -> list[Entry]:
        """Return one entry for each package, and the entries of new results."""
        return [*self._by_lot.values(), *self._rows]


class LotMarks:
    """The packages that a text names, by place."""

    def __init__(self, text: str) -> None:
        self._places: list[int] = []
        self._numbers: list[int] = []
        for match in _LOT.finditer(text):
            # 标的1 is a package here, as everywhere in a correction.
            number = lot_number(match.group().replace("标的", "标包"))
            if number is not None:
                self._places.append(match.start())
                self._numbers.append(number)

    def last_before(self, place: int) -> int | None:
        """Return the number of the last package that is named before a place in the text."""
        index = bisect_left(self._places, place)
        return self._numbers[index - 1] if index else None


def last_lot(text: str) -> int | None:
    """Return the number of the package that a text names last: 8 for ``合同包8(服务器)中标金额``."""
    return LotMarks(text).last_before(len(text))
