"""What one notice says: from its lines to a ``Notice`` with fields, lots and winners, and the words they came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from pipelines.extract import fields, organisations
from pipelines.extract.amounts import NOTHING, Amount
from pipelines.extract.award_entries import Entry, award_zone
from pipelines.extract.corrections import corrected_entries, corrected_part
from pipelines.extract.failed_packages import read_failed_packages, read_withdrawn_packages
from pipelines.extract.kind import cancels_result, kind_of, withdraws_result
from pipelines.extract.layouts.borderless_tables import read_borderless_tables
from pipelines.extract.layouts.flattened_lists import read_flattened_prices, read_flattened_ranks, read_ranked_rows
from pipelines.extract.layouts.labelled_lines import read_labelled_lines
from pipelines.extract.layouts.listed_winners import read_listed_winners
from pipelines.extract.layouts.package_fields import read_package_fields
from pipelines.extract.layouts.ranked_lines import read_ranked_lines
from pipelines.extract.layouts.sentences import price_in_sentence, read_sentences
from pipelines.extract.layouts.spaced_tables import lay_out_spaced_tables
from pipelines.extract.layouts.stacked_tables import lay_out_stacked_tables
from pipelines.extract.layouts.tables import read_tables
from pipelines.extract.lots import build_lots, set_amount
from pipelines.extract.party_names import clean_party
from pipelines.extract.publication_day import read_publication_day
from pipelines.extract.quotes import add_quotes, named_instead_of_ranked
from pipelines.extract.replacements import replacement_words
from pipelines.extract.stated_totals import (
    SMALLEST_TOTAL,
    compare_with_text,
    compare_with_total,
    lone_price,
    page_total,
    take_units_from_total,
    total_in_text,
)
from pipelines.extract.stated_units import write_stated_units
from pipelines.extract.subjects import add_subjects, complete_from_subject
from pipelines.extract.title_buyers import buyer_in_opening, buyer_in_title
from pipelines.lexicon import forms
from pipelines.model import Kind, Lot, Notice
from pipelines.text.column_roles import lot_number
from pipelines.text.document import Section, sections
from pipelines.text.evidence import labelled
from pipelines.text.glued_labels import part_glued_labels
from pipelines.text.labelled_values import part_stuck_labels
from pipelines.text.privacy import without_persons

_NUMERALS = "一二三四五六七八九十"
LONGEST_BODY = 200_000  # characters
# The first lines, in which a page has its time stamp.
_TITLE_LINES = 6
# The package in the title of a notice about one of them: 某项目包7（中文在线）成交结果公告, 某项目（第三标段）中标公告.
_TITLE_LOT = re.compile(
    rf"[（(\s_—-]?(?P<mark>(?:第\s*[0-9{_NUMERALS}]{{1,3}}\s*(?:标段|标包|分包|包)"  # 第三标段
    rf"|(?:标段|标包|分包|包组|合同包|采购包|包)\s*[0-9{_NUMERALS}A-Z]{{1,3}}"  # 包7, 标段二
    rf"|(?<=[（(\s_—-])[{_NUMERALS}]{{1,3}}\s*(?:标段|标包)"  # （一标段）
    r"|(?<![0-9A-Za-z])[0-9A-Z]{1,2}\s*(?:标段|包)))"  # 02包, A标段
    r"(?:[（(：:](?P<name>(?:[^（()）]|[（(][^（()）]*[)）]){2,60})[)）]?)?"  # （中文在线）
    rf"(?=[)）\s，,、第_—-]|{forms.pattern('won_in_title')}|结果|采购|的|公开|竞争|$)"
)
# A price that the form has no field for: 受系统推送功能限制，本项目中标单价为540元/趟.
_UNIT_PRICE = re.compile(
    rf"{forms.pattern('won')}单价\s*(?:为|是|[:：])\s*(?P<price>[￥¥]?[\d,.]+\s*元\s*[/／每][^\s。；;，,]{{1,12}})"
)
_SHORTLISTED = re.compile(forms.pattern("shortlisted"))


@dataclass(frozen=True, slots=True)
class Source:
    """A notice as a portal gave it: its text as lines (see ``pipelines.text.document``) and what the portal adds.

    ``channel`` is where the portal filed it and ``published_on`` the day that the portal gives. ``filed_on`` is the day
    in the notice's address, for notices without any other day of publication.
    """

    notice_key: str
    portal: str
    url: str
    seen_at: datetime
    text: str
    notice_id: str | None = None
    title: str | None = None
    channel: str | None = None
    published_on: date | None = None
    filed_on: date | None = None


def read_notice(source: Source) -> Notice:
    """Read one notice. Pure: the same source gives the same notice. What is not there is None, nothing is guessed."""
    body = lay_out_body(source.text)
    parts = sections(body)
    notice = Notice(
        notice_key=source.notice_key,
        portal=source.portal,
        url=source.url,
        seen_at=source.seen_at,
        notice_id=source.notice_id,
        title=source.title,
        body=body,
    )
    _read_fields(notice, source, body, parts)
    stated_total = page_total(body)
    total = stated_total.yuan if stated_total and stated_total.is_sum else None
    kind, entries = _read_result(notice, source, body, parts, total)
    notice.kind = kind
    notice.cancels_result = cancels_result(kind, source.title, body)
    if kind == "correction" and not entries:
        notice.cancels_result = withdraws_result(corrected_part(parts, body))
    notice.evidence["replaces_result"] = replacement_words(kind, source.title, body, parts)
    if kind in ("award", "failed", "candidate", "correction"):
        _add_lot_of_title(entries, source.title, notice)
    notice.lots = build_lots(entries, candidates=kind == "candidate")
    if kind in ("award", "contract"):
        zone = award_zone(parts, candidates=False)[0]
        if total is None:
            stated_total = total_in_text(notice.lots, zone or body) or stated_total
            total = stated_total.yuan if stated_total and stated_total.is_sum else None
        if stated_total is not None:
            take_units_from_total(notice.lots, stated_total)
        _complete_amounts(notice.lots, body, parts, total)
        if stated_total is not None:
            compare_with_total(notice, stated_total)
        compare_with_text(notice, zone)
    if kind == "correction" and all(lot.winners for lot in notice.lots):
        # A new result whose price is only in its table of goods.
        complete_from_subject(notice.lots, "", parts)
    add_subjects(notice.lots, body, parts)
    _add_evidence(notice, entries)
    return notice


def lay_out_body(text: str) -> str:
    """Return the lines of a notice as they are read and stored: with their tables laid out, and without persons."""
    lines = without_persons(part_stuck_labels(part_glued_labels(text[:LONGEST_BODY])))
    return lay_out_spaced_tables(lay_out_stacked_tables(lines))


def _read_fields(notice: Notice, source: Source, body: str, parts: Sequence[Section]) -> None:
    for name, field in (
        ("project_number", fields.read_project_number(source.title, body, parts)),
        ("project_name", fields.read_project_name(source.title, body, parts)),
        ("buyer", organisations.find_buyer(body, source.title)),
        ("agency", organisations.find_agency(body)),
        ("region", labelled(body, *forms.labels("region_label"))),
        ("buyer_address", organisations.find_buyer_address(body)),
        ("category", labelled(body, *forms.labels("category_label"))),
    ):
        if field is not None:
            setattr(notice, name, field.value)
            notice.evidence[name] = [field.words]
    if notice.buyer is None:
        buyer = buyer_in_title(source.title, notice.project_name)
        opening = buyer_in_opening(body)
        if opening is not None and (buyer is None or opening.value[:2] == buyer.value[:2]):
            buyer = opening  # the title may have a short name: 甲农商银行
        if buyer is not None:
            notice.buyer, notice.evidence["buyer"] = buyer.value, [buyer.words]
    day = read_publication_day(body, "\n".join(body.split("\n")[:_TITLE_LINES]))
    stated = date.fromisoformat(day.value) if day else None
    notice.published_on = source.published_on or stated or source.filed_on
    if day is not None and notice.published_on == stated:
        notice.evidence["published_on"] = [day.words]


def _read_result(
    notice: Notice, source: Source, body: str, parts: list[Section], total: Decimal | None
) -> tuple[Kind, list[Entry]]:
    """Return the kind and the winners. Each depends on the other: a result without a winner may have failed."""
    kind = kind_of(source.title, source.channel, body, parts, won=True)
    if kind in ("award", "contract", "other"):
        entries = _read_entries(notice, body, parts, total, candidates=False)
        kind = kind_of(source.title, source.channel, body, parts, won=any(not entry.failed for entry in entries))
        if kind in ("award", "contract"):
            return kind, entries
    if kind == "candidate":
        return kind, _read_entries(notice, body, parts, total, candidates=True)
    if kind == "correction":
        return kind, corrected_entries(parts, body) or read_withdrawn_packages(corrected_part(parts, body))
    if kind == "failed":
        in_tables = [entry for entry in read_tables(body, candidates=False) if entry.failed and entry.numbered]
        return kind, in_tables or read_failed_packages(source.title, body, notice.project_name)
    return kind, []


class Layout(NamedTuple):
    """One way in which notices write a result. ``read`` returns the winners (and failed packages) in a text."""

    name: str
    read: Callable[[str], list[Entry]]


def _layouts(
    notice: Notice, body: str, total: Decimal | None, *, candidates: bool, states_result: bool
) -> list[Layout]:
    """Return the layouts in the order in which they are tried: the first that finds a winner is believed.

    ``states_result`` says that they read the part of the notice whose heading announces the result.
    """
    package_names = [notice.project_name] if notice.project_name else []
    listed_winners = partial(
        read_listed_winners, opened=states_result, others=(notice.buyer, notice.agency), candidates=candidates
    )
    borderless_tables = partial(
        read_borderless_tables, lot_names=package_names, text=body, total=total, candidates=candidates
    )
    tables = partial(read_tables, candidates=candidates, all_won=_lists_suppliers(notice), total=total)
    return [
        *([Layout("ranks on lines of their own", read_ranked_lines)] if candidates else []),
        *([] if candidates else [Layout("packages in one field", read_package_fields)]),
        Layout("tables", tables),
        Layout("borderless tables", borderless_tables),
        *([] if candidates else [Layout("listed winners", partial(listed_winners, fewest=2))]),
        *(
            [Layout("labelled or listed candidates", partial(_read_labelled_or_listed, listed=listed_winners))]
            if candidates
            else [Layout("labelled lines", partial(read_labelled_lines, candidates=False))]
        ),
        Layout("sentences", read_sentences),
        Layout("a listed winner", listed_winners),
        *(
            [
                Layout("ranked rows", read_ranked_rows),
                Layout("flattened ranks", read_flattened_ranks),
                Layout("flattened prices", read_flattened_prices),
            ]
            if candidates
            else [
                Layout("a flattened price", partial(read_flattened_prices, most=1)),
                Layout("the first of a ranking", _read_first_ranked),
            ]
        ),
        # Lists of all bidders may name losers too, so they come last.
        Layout("lists of bidders", partial(tables, bidders=True)),
    ]


def _lists_suppliers(notice: Notice) -> bool:
    """Return whether the title says that several suppliers got a place in a list: 某市印刷服务入围供应商公告."""
    return bool(_SHORTLISTED.search(notice.title or ""))


def _read_labelled_or_listed(text: str, *, listed: Callable[..., list[Entry]]) -> list[Entry]:
    """Return the candidates behind labels, or the longer list if a label sees only the first of it.

    中标候选人名单：, and 1、甲公司 and 2、乙公司 below it.
    """
    labelled = read_labelled_lines(text, candidates=True)
    if len(labelled) > 1:
        return labelled
    entries = listed(text, fewest=2)
    names = {clean_party(entry.supplier) for entry in entries}
    return labelled if any(clean_party(entry.supplier) not in names for entry in labelled) else entries or labelled


def _read_first_ranked(text: str) -> list[Entry]:
    """Return the first or the only one of the candidates in lines, for a result that calls nobody the winner."""
    candidates = read_labelled_lines(text, candidates=True) or read_ranked_rows(text) or read_flattened_ranks(text)
    return [entry for entry in candidates if entry.rank == 1 or (entry.rank is None and len(candidates) == 1)]


def _read_entries(
    notice: Notice, body: str, parts: Sequence[Section], total: Decimal | None, *, candidates: bool
) -> list[Entry]:
    """Return the failed packages, and the winners by the first layout that finds any."""
    zone, rest = map(write_stated_units, award_zone(parts, candidates=candidates))
    for text, states_result in ((zone, True), (rest, False)):
        layouts = _layouts(notice, body, total, candidates=candidates, states_result=states_result)
        for layout in layouts if text.strip() else ():
            entries = layout.read(text)
            won = [entry for entry in entries if not entry.failed]
            if won:
                won = won if candidates else named_instead_of_ranked(won, text)
                won = won if _is_priced(won) else _with_prices(won, layouts, text)
                add_quotes(won, body)
                has_read_zone = states_result and layout.name == "tables"
                failed = [entry for entry in entries if entry.failed]
                return [*won, *(failed if failed or has_read_zone else _failed_packages(zone, candidates))]
    return _failed_packages(zone, candidates)


def _failed_packages(zone: str, candidates: bool) -> list[Entry]:
    return [entry for entry in read_tables(zone, candidates=candidates) if entry.failed]


def _is_priced(entries: Sequence[Entry]) -> bool:
    return any(entry.amount is not NOTHING for entry in entries)


def _with_prices(won: list[Entry], layouts: Sequence[Layout], text: str) -> list[Entry]:
    """Return the same winners as another layout reads them, with a price, or as they are.

    A table of ranks may name the winner, and a list below it the winner again with the price. A winner whose package
    only the first layout reads keeps it.
    """
    names = [clean_party(entry.supplier) for entry in won]
    for layout in layouts:
        entries = [entry for entry in layout.read(text) if not entry.failed]
        priced_names = [clean_party(entry.supplier) for entry in entries]
        if _is_priced(entries) and set(priced_names) == set(names):
            if priced_names == names and not any(entry.numbered for entry in entries):
                for entry, package in zip(entries, won, strict=True):
                    entry.lot, entry.lot_name, entry.numbered = package.lot, package.lot_name, package.numbered
            return entries
    return won


def _add_lot_of_title(entries: Sequence[Entry], title: str | None, notice: Notice) -> None:
    """Give entries the package that only the title names: …采购项目包7（中文在线）成交结果公告."""
    mark = _TITLE_LOT.search(title or "")
    if mark is None or any(entry.numbered or entry.lot_name for entry in entries):
        return
    number = lot_number(mark["mark"])
    # The number of a row is no package's, so the title comes before it. But a mark in the project's own name
    # (某项目第二标段) need not be the package either, unless the project's number ends with it too (ZB-2025-22-02).
    is_in_name = mark["mark"] in (notice.project_name or "")
    is_in_number = re.search(rf"[-_/]0{{0,2}}{number}$", notice.project_number or "") is not None
    if is_in_name and not is_in_number and any(entry.lot is not None for entry in entries):
        return
    for entry in entries:
        entry.lot, entry.numbered = number, True
        entry.lot_name = mark["name"]


def _complete_amounts(lots: Sequence[Lot], body: str, parts: Sequence[Section], total: Decimal | None) -> None:
    """Fill prices that are elsewhere: in the table of goods, or in the head table if the text has none at all."""
    complete_from_subject(lots, body, parts)
    won = [lot for lot in lots if not lot.failed]
    if len(won) == 1 and won[0].amount_kind == "undisclosed" and not won[0].amount_text:
        zone = award_zone(parts, candidates=False)[0]
        price = lone_price(zone)
        set_amount(won[0], price if price is not NOTHING else price_in_sentence(zone or body))
    has_no_price = (
        len(won) == 1 and won[0].amount_kind == "undisclosed" and not re.search(r"[1-9]", won[0].amount_text or "")
    )
    unit_price = _UNIT_PRICE.search(body) if has_no_price else None
    if unit_price is not None:
        set_amount(won[0], Amount("unit_price", None, unit_price["price"], None))
    elif has_no_price and total is not None:
        set_amount(won[0], Amount("total", total, None, None))
    elif has_no_price and won[0].amount_text:
        # 中标金额：0元, and below it 因系统限制，实际中标金额为120万元.
        elsewhere = price_in_sentence(body)
        if elsewhere is not NOTHING:
            set_amount(won[0], elsewhere)
    if total is None:
        for lot in won:
            # 0.0562500（万元）: the price of one voucher in the field of the sum. The page's own total is zero.
            if lot.amount_yuan is not None and lot.amount_yuan < SMALLEST_TOTAL:
                set_amount(lot, Amount("unit_price", None, lot.amount_text, lot.tax_included))


def _add_evidence(notice: Notice, entries: Sequence[Entry]) -> None:
    """Keep the exact words of the body for each value. A value whose words are not in the body has none."""
    words = [word for entry in entries for word in entry.words]
    suppliers = [winner.supplier for lot in notice.lots for winner in lot.winners]
    notice.evidence["supplier"] = _in_text(
        notice.body, [*(word for word in words if any(name in word for name in suppliers)), *suppliers]
    )
    notice.evidence["amount_yuan"] = _in_text(
        notice.body, [text for lot in notice.lots for text in (lot.amount_text or "").split("; ")]
    )
    text = f"{notice.body}\n{notice.title or ''}"
    kept = {field: _in_text(text, evidence) for field, evidence in notice.evidence.items()}
    notice.evidence = {field: evidence for field, evidence in kept.items() if evidence}


def _in_text(text: str, words: Sequence[str]) -> list[str]:
    """Return the words that are in the text, each once."""
    return list(dict.fromkeys(word for word in words if word and word in text))
