"""A winner that is named in one place and listed with its price in another, in a table of all bidders."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipelines.extract.award_entries import Entry
from pipelines.extract.layouts.labelled_lines import read_labelled_lines
from pipelines.extract.layouts.sentences import read_sentences
from pipelines.extract.layouts.tables import read_quotes
from pipelines.extract.parties import supplier_names
from pipelines.extract.stated_units import write_stated_units

_PRICE_OR_POINTER = re.compile(r"\d|详见")


def named_instead_of_ranked(won: list[Entry], text: str) -> list[Entry]:
    """Return the winners that lines of the text name, if a table lists them too but ranks others first (递补).

    Without such lines, return ``won``.
    """
    if not all(entry.rank for entry in won):
        return won
    lines = "\n".join(line for line in text.split("\n") if "\t" not in line)
    named = read_labelled_lines(lines, candidates=False) or read_sentences(lines)
    names = {supplier_names(entry.supplier) for entry in named}
    ranked_first = {supplier_names(entry.supplier) for entry in won}
    listed = {supplier_names(quote.supplier) for quote in read_quotes(text)}
    return named if names and names <= listed and not names & ranked_first else won


def add_quotes(won: Sequence[Entry], body: str) -> None:
    """Give each winner without a price its own quote, if the tables of all bidders have exactly one."""
    unpriced = [
        entry
        for entry in won
        if entry.amount.kind == "undisclosed" and not _PRICE_OR_POINTER.search(entry.amount.text or "")
    ]
    quotes: defaultdict[frozenset[str], list[Entry]] = defaultdict(list)
    for quote in read_quotes(write_stated_units(body)) if unpriced and "\t" in body else []:
        if quote.amount.kind != "undisclosed":
            quotes[supplier_names(quote.supplier)].append(quote)
    for entry in unpriced:
        own = [
            quote
            for quote in quotes[supplier_names(entry.supplier)]
            if entry.lot is None or not quote.numbered or quote.lot == entry.lot
        ]
        if own and all(quote.amount.yuan == own[0].amount.yuan for quote in own):
            entry.amount = own[0].amount
            entry.words += own[0].words
