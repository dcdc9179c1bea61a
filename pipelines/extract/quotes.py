"""A winner that is named in one place and listed with its price in another, in a table of all bidders."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipelines.extract.amounts import NOTHING, likely_unit, read_amount
from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.labelled_lines import read_labelled_lines
from pipelines.extract.layouts.sentences import read_sentences
from pipelines.extract.layouts.tables import read_quotes
from pipelines.extract.parties import supplier_names
from pipelines.extract.stated_units import write_stated_units
from pipelines.lexicon import forms

# 甲公司 | （最终报价：55万元）
_QUOTE_IN_BRACKETS = re.compile(
    rf"\s?[（(]\s?{forms.pattern('offer', 'last_quote')}?(?:总?报价|价格?)(?:为|[:：])?\s?"
    r"(?P<value>[^（()）\n]{1,40})[)）]"
)
_PRICE_OR_POINTER = re.compile(r"\d|详见")


def named_instead_of_ranked(won: list[Entry], text: str) -> list[Entry]:
    """Return the winners that lines of the text name, if a ranking lists them too but has others first (递补).

    The ranking is a table, or lines with candidates. Without such lines, return ``won``.
    """
    if not all(entry.rank for entry in won):
        return won
    lines = "\n".join(line for line in text.split("\n") if "\t" not in line)
    labelled = [entry for entry in read_labelled_lines(lines, candidates=False) if not entry.is_candidate]
    named = labelled or read_sentences(lines)
    names = {supplier_names(entry.supplier) for entry in named}
    ranked_first = {supplier_names(entry.supplier) for entry in won}
    if not names or names & ranked_first:
        return won
    quotes = [*read_quotes(text), *read_labelled_lines(lines, candidates=True)]
    listed = {supplier_names(quote.supplier): quote.amount for quote in reversed(quotes)}
    if not names <= listed.keys():
        return won
    for entry in named:
        if entry.amount is NOTHING:
            entry.amount = listed[supplier_names(entry.supplier)]
    return named


def add_quotes(won: Sequence[Entry], body: str) -> None:
    """Give each winner without a price its own quote, if the tables of all bidders have exactly one."""
    unpriced = [
        entry
        for entry in won
        if entry.amount.kind == "undisclosed" and not _PRICE_OR_POINTER.search(entry.amount.text or "")
    ]
    # The price of a package that the same supplier won is no quote for another one.
    used = {(supplier_names(entry.supplier), entry.amount.yuan) for entry in won if entry.amount.yuan is not None}
    quotes: defaultdict[frozenset[str], list[Entry]] = defaultdict(list)
    for quote in read_quotes(write_stated_units(body)) if unpriced and "\t" in body else []:
        if quote.amount.kind != "undisclosed":
            quotes[supplier_names(quote.supplier)].append(quote)
    for entry in unpriced:
        if not quotes and _quote_in_brackets(entry, body):
            continue
        own = [
            quote
            for quote in quotes[supplier_names(entry.supplier)]
            if entry.lot is None or not quote.numbered or quote.lot == entry.lot
        ]
        if any((supplier_names(entry.supplier), quote.amount.yuan) in used for quote in own):
            continue
        if own and all(quote.amount.yuan == own[0].amount.yuan for quote in own):
            entry.amount = own[0].amount
            entry.words += own[0].words


def _values_behind(name: str, body: str) -> Iterator[str]:
    """Yield what the bracket behind each mention of a name says that it asks."""
    at = body.find(name)
    while at >= 0:
        quote = _QUOTE_IN_BRACKETS.match(body, at + len(name))
        if quote is not None:
            yield quote["value"]
        at = body.find(name, quote.end() if quote is not None else at + 1)


def _quote_in_brackets(entry: Entry, body: str) -> bool:
    """Take the quote that a list of all bidders has behind the winner's name: 甲公司（报价55万元）、乙公司（…）."""
    names = supplier_names(entry.supplier)
    if len(names) != 1:
        return False
    [name] = names
    values = set(_values_behind(name, body))
    if len(values) != 1:
        return False
    value = values.pop()
    amount = read_amount(value, "报价", bare_unit=likely_unit(value))
    if amount.kind == "undisclosed":
        return False
    entry.amount = amount
    entry.words.append(value)
    return True
