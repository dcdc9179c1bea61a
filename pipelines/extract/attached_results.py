"""Results that are in the files of a notice. What the notice says by itself is never changed by a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipelines.extract.notice import LONGEST_BODY, Source, lay_out_body, read_notice
from pipelines.extract.open_results import is_other_file, is_result_open
from pipelines.extract.stated_totals import compare_with_total, page_total, take_units_from_total
from pipelines.model import Lot, Notice
from pipelines.storage.keys import party_key

# What a file may say if the notice says nothing about it. The rest of a notice is never in its files alone.
_FIELDS = ("project_number", "project_name", "buyer", "agency", "region", "buyer_address")
# Under this title a file is read as a result although the notice around it is a correction.
_RESULT_TITLE = "中标公告"


class AttachedFile(NamedTuple):
    """The text of one file as lines, after its ``head``: the line that names it, and why it was not read, if so."""

    name: str
    head: str
    text: str


def add_files(notice: Notice, source: Source, files: Sequence[AttachedFile]) -> None:
    """Append the files to the text of a notice, and fill what the notice leaves open of its result from them.

    ``source`` is what the notice itself was read from.
    """
    is_open = is_result_open(notice)
    own_body = notice.body
    readings: list[Notice] = []
    for file in files:
        room = max(0, LONGEST_BODY - len(notice.body) - len(file.head))
        text = file.text[:room]
        lines = [file.head]
        if text and is_open and not is_other_file(file.name):
            reading = _read_file(notice, source, text)
            lines.append(reading.body)
            readings.append(reading)
        elif text:
            lines.append(lay_out_body(text))
        notice.body = "\n".join([notice.body, *lines])
    best = _best(readings)
    if best is not None:
        _complete(notice, best)
        total = page_total(own_body) if notice.kind == "award" else None
        if total is not None:
            take_units_from_total(notice.lots, total)
            compare_with_total(notice, total)


def _read_file(notice: Notice, source: Source, text: str) -> Notice:
    """Read a file as if it were the notice. A correction may have the corrected result itself as its file."""
    reading = read_notice(replace(source, text=text))
    if notice.kind == "correction" and not reading.lots:
        result = read_notice(replace(source, text=text, title=_RESULT_TITLE, channel=None))
        return result if _winners(result) else reading
    return reading


def _best(readings: Sequence[Notice]) -> Notice | None:
    """Return the reading with the most winners and prices; the packages of several files together if none is twice."""
    results = [reading for reading in readings if _winners(reading)]
    if not results:
        return None
    numbers = [lot.lot_no for reading in results for lot in reading.lots]
    if (
        len(results) > 1
        and len(set(numbers)) == len(numbers)
        and all(lot.numbered for one in results for lot in one.lots)
    ):
        best = results[0]
        for other in results[1:]:
            best.lots += other.lots
            _add_evidence(best, other)
        return best
    return max(results, key=lambda reading: (_prices(reading), _winners(reading)))


def _winners(notice: Notice) -> int:
    return sum(len(lot.winners) for lot in notice.lots if not lot.failed)


def _prices(notice: Notice) -> int:
    return sum(
        lot.amount_kind != "undisclosed" or any(winner.amount_yuan is not None for winner in lot.winners)
        for lot in notice.lots
        if not lot.failed
    )


def _complete(notice: Notice, reading: Notice) -> None:
    """Fill the result of a notice from a file of it: all packages, or the prices of the winners that it names."""
    if not _winners(notice):
        numbers = {lot.lot_no for lot in reading.lots}
        failed = [lot for lot in notice.lots if lot.lot_no not in numbers]
        notice.lots = sorted([*reading.lots, *failed], key=lambda lot: lot.lot_no)
        notice.price_statements += reading.price_statements
        for field in _FIELDS:
            if getattr(notice, field) is None and getattr(reading, field) is not None:
                setattr(notice, field, getattr(reading, field))
                notice.evidence[field] = reading.evidence.get(field, [])
    elif not _fill_prices(notice, [lot for lot in reading.lots if not lot.failed]):
        return
    _add_evidence(notice, reading)


def _fill_prices(notice: Notice, attached: Sequence[Lot]) -> bool:
    """Fill the prices of a notice that names its winners. Return whether a file says any.

    A price counts if the file has exactly one package that these suppliers won, with the same number if both have one.
    If a notice has one package and the file several, all of the same supplier, the file has the packages.
    """
    won = [lot for lot in notice.lots if not lot.failed]
    if len(won) == 1 and len(attached) > 1 and not won[0].numbered and all(_same(won[0], lot) for lot in attached):
        notice.lots = [*attached, *(lot for lot in notice.lots if lot.failed)]
        return True
    pairs = [(lot, _only_match(lot, won, attached)) for lot in won]
    filled = False
    for lot, match in pairs:
        if match is None:
            continue
        quotes = {party_key(winner.supplier): winner.amount_yuan for winner in match.winners}
        for winner in lot.winners:
            if winner.amount_yuan is None and quotes.get(party_key(winner.supplier)) is not None:
                winner.amount_yuan = quotes[party_key(winner.supplier)]
                filled = True
        if lot.amount_kind == "undisclosed" and match.amount_kind != "undisclosed":
            lot.amount_yuan, lot.amount_kind, lot.amount_text = match.amount_yuan, match.amount_kind, match.amount_text
            lot.tax_included, lot.unit_assumed = match.tax_included, match.unit_assumed
            lot.price_statements += match.price_statements
            filled = True
    return filled


def _only_match(lot: Lot, won: Sequence[Lot], attached: Sequence[Lot]) -> Lot | None:
    """Return the only package of a file that may be ``lot``, if no other package of the notice may be it too."""
    matches = [other for other in attached if _may_be(lot, other)]
    if len(matches) != 1 or sum(_may_be(own, matches[0]) for own in won) != 1:
        return None
    return matches[0]


def _may_be(lot: Lot, other: Lot) -> bool:
    return _same(lot, other) and (not (lot.numbered and other.numbered) or lot.lot_no == other.lot_no)


def _same(lot: Lot, other: Lot) -> bool:
    """Return whether two packages were won by the same suppliers."""
    suppliers, others = ({party_key(winner.supplier) for winner in one.winners} for one in (lot, other))
    return bool(suppliers) and suppliers == others


def _add_evidence(notice: Notice, reading: Notice) -> None:
    for field in ("supplier", "amount_yuan"):
        words = [*notice.evidence.get(field, []), *reading.evidence.get(field, [])]
        if words:
            notice.evidence[field] = list(dict.fromkeys(words))
