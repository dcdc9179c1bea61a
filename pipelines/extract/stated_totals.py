"""What a page states about a price besides the price of a lot: the total in its head table, capitals, the sum again.

It confirms the price, or contradicts it.

Which of two contradicting sums is believed: docs/reading.md, section "Contradictions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipelines.common.money import UNIT_SLIP, agree, are_equal, is_unit_slip
from pipelines.extract.amounts import NOTHING, Amount, likely_unit, plain_number, read_amount
from pipelines.extract.lots import set_amount
from pipelines.extract.stated_units import write_stated_units
from pipelines.extract.sums import CAPITAL, MONEY, capital_yuan, sum_in_yuan, tidy_sums
from pipelines.lexicon import forms
from pipelines.model import Lot, Notice, PriceStatement, StatementSource
from pipelines.text.labelled_values import find, first

# A smaller "total" is a price for each: of one voucher, one head, one kilogram.
SMALLEST_TOTAL = Decimal(1000)
# Who buys for less than this does not publish it, so 元 was written for 万元.
_SMALLEST_PRICE = Decimal(10_000)
# Of two sums 10^4 apart, at most one is from 10,000 to 100 million yuan, where most prices are.
_LARGEST_USUAL = Decimal(10**8)
_LONGEST_RESULT = 10_000
_FEWEST_LOTS = 2
_PRICE_LABELS = forms.labels("price_label")
_OF_WINNER = re.compile(forms.pattern("won"))


class StatedTotal(NamedTuple):
    """What all lots cost together, in yuan: 总中标金额 of the head table, or a sum in the text of the result.

    That of the head table is often zero, rounded or wrong.
    """

    yuan: Decimal
    words: str
    source: StatementSource = "head_table"

    @property
    def is_sum(self) -> bool:
        """Return whether it is large enough to be the price of something."""
        return self.yuan >= SMALLEST_TOTAL

    def statement(self) -> PriceStatement:
        """Return it as a statement of the price of all lots."""
        return PriceStatement(self.source, self.yuan, self.words)


def page_total(body: str) -> StatedTotal | None:
    """Return the total of the head table; None if there is none, or it is zero."""
    hit = first(body, *forms.labels("page_total_label"))
    yuan = read_amount(hit.value, hit.label).yuan if hit else None
    return StatedTotal(yuan, hit.value) if hit and yuan else None


def total_in_text(lots: Sequence[Lot], text: str) -> StatedTotal | None:
    """Return the sum in the text of a result that states what several lots cost together: 中标总金额：1200000元.

    A sum counts only if the prices of the lots add up to it, or would with another unit: of other sums nobody knows
    what they are for.
    """
    prices = [lot.amount_yuan for lot in lots if not lot.failed and lot.amount_yuan is not None and lot.amount_text]
    if len(prices) < _FEWEST_LOTS or len(prices) < sum(not lot.failed for lot in lots):
        return None
    price = sum(prices, Decimal(0))
    sums = sorted(_sums_in(tidy_sums(text[:_LONGEST_RESULT])), key=lambda stated: not are_equal(stated.yuan, price))
    return next((stated for stated in sums if agree(stated.yuan, price) or is_unit_slip(stated.yuan, price)), None)


def _sums_in(text: str) -> Iterator[StatedTotal]:
    """Yield the sums of a text with a unit, and those in capitals."""
    for words in CAPITAL.findall(text):
        yuan = capital_yuan(words)
        if yuan is not None:
            yield StatedTotal(yuan, words, "total")
    for match in MONEY.finditer(text):
        yuan = sum_in_yuan(match, None) if match["unit"] else None
        if yuan is not None and yuan >= SMALLEST_TOTAL:
            yield StatedTotal(yuan, match.group().strip(), "total")


def lone_price(text: str) -> Amount:
    """Return the price in the only field of a text that says what was paid: 中标金额：100万元 below shares."""
    hits = [hit for hit in find(write_stated_units(text), *_PRICE_LABELS) if _OF_WINNER.search(hit.label)]
    amounts = [read_amount(hit.value, hit.label, bare_unit=likely_unit(hit.value)) for hit in hits]
    return amounts[0] if len(amounts) == 1 and amounts[0].kind == "total" else NOTHING


def take_units_from_total(lots: Sequence[Lot], total: StatedTotal) -> None:
    """Give the prices without a unit that of the total: 120.00 beside ￥120.000000 万元 is 1,200,000 yuan.

    Only if the numbers of all won lots add up to the total, in 元 or in 万元.
    """
    won = [lot for lot in lots if not lot.failed]
    numbers = [plain_number(lot.amount_text or "") for lot in won]
    known = [number for number in numbers if number]
    without_unit = all(lot.unit_assumed or lot.amount_kind == "undisclosed" for lot in won)
    if not total.is_sum or not won or len(known) < len(won) or not without_unit:
        return
    unit = next((unit for unit in (1, UNIT_SLIP) if agree(sum(known, Decimal(0)) * unit, total.yuan)), None)
    if unit is not None:
        for lot, number in zip(won, known, strict=True):
            set_amount(lot, Amount("total", number * unit, lot.amount_text, lot.tax_included))


def compare_with_total(notice: Notice, total: StatedTotal) -> None:
    """Keep the total as a statement beside the prices of the lots, and correct the lots whose unit is wrong."""
    won = [lot for lot in notice.lots if not lot.failed]
    # A price without words is the total itself.
    prices = [lot.amount_yuan for lot in won if lot.amount_yuan is not None and lot.amount_text]
    if not prices or len(prices) < len(won):
        return
    price = sum(prices, Decimal(0))
    if agree(price, total.yuan):
        notice.price_statements.append(total.statement())
        return
    for slipped, corrected in _with_other_units(won, price, total.yuan):
        if all(_is_slip_of_lot(lot, yuan) for lot, yuan in zip(slipped, corrected, strict=True)):
            for lot, yuan in zip(slipped, corrected, strict=True):
                _correct(lot, yuan)
        notice.price_statements.append(total.statement())
        return
    if total.is_sum or is_unit_slip(price, total.yuan):
        notice.price_statements.append(total.statement())


def compare_with_text(notice: Notice, text: str) -> None:
    """Look in the part of the notice that states the result for further statements of the price, if one lot was won.

    Capitals confirm the price. A sum, in capitals or in digits, that is 10^4 times as large or small contradicts it.
    Of other sums nobody knows what they are for.
    """
    won = [lot for lot in notice.lots if not lot.failed]
    if len(won) != 1 or won[0].amount_yuan is None or won[0].price_statements:
        return
    lot, price = won[0], won[0].amount_yuan
    text = tidy_sums(text[:_LONGEST_RESULT])
    read_from = tidy_sums(lot.amount_text or "")
    for words in CAPITAL.findall(text):
        yuan = capital_yuan(words) if words not in read_from else None
        if yuan is not None and are_equal(yuan, price):
            lot.price_statements.append(PriceStatement("capitals", yuan, words))
            return
        if yuan is not None and is_unit_slip(yuan, price):
            _correct(lot, yuan)
            return
    for match in MONEY.finditer(text):
        yuan = sum_in_yuan(match, None) if match["unit"] else None
        if yuan is not None and yuan > 1 and is_unit_slip(yuan, price):
            if not _SMALLEST_PRICE <= price < _LARGEST_USUAL and yuan >= SMALLEST_TOTAL:
                _correct(lot, yuan)
            else:
                lot.price_statements.append(PriceStatement("digits", yuan, match.group().strip()))
            return


def _with_other_units(won: Sequence[Lot], price: Decimal, total: Decimal) -> Iterator[tuple[list[Lot], list[Decimal]]]:
    """Yield the lots, and their prices in another unit, with which the prices add up to the total."""
    for factor in (Decimal(UNIT_SLIP), 1 / Decimal(UNIT_SLIP)):
        if agree(price * factor, total):
            yield list(won), [lot.amount_yuan * factor for lot in won if lot.amount_yuan is not None]
        for lot in won if len(won) > 1 else ():
            if lot.amount_yuan is not None and agree(price - lot.amount_yuan + lot.amount_yuan * factor, total):
                yield [lot], [lot.amount_yuan * factor]


def _is_slip_of_lot(lot: Lot, corrected: Decimal) -> bool:
    """Return whether the price of the lot is wrong, and not the total.

    A slip is a number of yuan under 万元, which is too large, or a number of 万元 under 元, which is too small.
    """
    price = lot.amount_yuan or Decimal(0)
    number = re.search(r"\d[\d,，]*(?:\.\d+)?", lot.amount_text or "")
    is_in_wan = number is not None and agree(Decimal(re.sub("[,，]", "", number.group())) * UNIT_SLIP, price)
    return is_in_wan if price > corrected else not is_in_wan and price < _SMALLEST_PRICE


def _correct(lot: Lot, yuan: Decimal) -> None:
    if lot.amount_yuan:
        lot.price_statements.append(PriceStatement("digits", lot.amount_yuan, lot.amount_text or ""))
        factor = Decimal(UNIT_SLIP) if yuan > lot.amount_yuan else 1 / Decimal(UNIT_SLIP)
        for winner in lot.winners:
            if winner.amount_yuan is not None:
                winner.amount_yuan = (winner.amount_yuan * factor).quantize(Decimal("0.01"))
    lot.amount_yuan = yuan.quantize(Decimal("0.01"))
