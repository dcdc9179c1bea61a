"""What one notice says: from the parts a page came in to a ``Notice`` with fields, lots, winners and the words behind each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pipelines.extract import fields, organisations
from pipelines.extract.amounts import Amount, read_amount
from pipelines.extract.award_entries import Entry, award_zone
from pipelines.extract.corrections import corrected_entries
from pipelines.extract.kind import cancels_result, kind_of
from pipelines.extract.layouts.borderless_tables import flat_entries
from pipelines.extract.layouts.labelled_lines import block_entries
from pipelines.extract.layouts.sentences import prose_entries
from pipelines.extract.layouts.stacked import ranked_entries, stacked_rows
from pipelines.extract.layouts.tables import table_entries
from pipelines.extract.lots import build_lots, set_amount
from pipelines.extract.subjects import add_subjects, complete_from_subject
from pipelines.lexicon import forms
from pipelines.model import Kind, Lot, Notice
from pipelines.text.column_roles import lot_number
from pipelines.text.document import Section, sections
from pipelines.text.evidence import labelled
from pipelines.text.labelled_values import first, part_stuck_labels
from pipelines.text.privacy import without_persons

_MAX_BODY = 200_000
_TITLE_LOT = re.compile(
    r"[（(\s_—-]?(?P<mark>(?:第\s*[0-9一二三四五六七八九十]{1,3}\s*(?:标段|标包|分包|包)|(?:标段|标包|分包|包组"
    r"|合同包|采购包|包)\s*[0-9一二三四五六七八九十A-Z]{1,3}"
    r"|(?<![0-9A-Za-z])[0-9A-Z]{1,2}\s*(?:标段|包)))(?:[（(：:]"
    r"(?P<name>(?:[^（()）]|[（(][^（()）]*[)）]){2,60})[)）]?)?"
    r"(?=[)）\s，,、第]|中标|成交|结果|采购|的|公开|竞争|$)"
)
# 受系统推送功能限制，本项目中标单价为540元/趟: what a form has no field for is told below it.
_EACH = re.compile(
    r"(?:中标|成交|中选)单价\s*(?:为|是|[:：])\s*(?P<price>[￥¥]?[\d,.]+\s*元\s*[/／每][^\s。；;，,]{1,12})"
)
# Below this a "total" is a price for each: of one voucher, one head, one kilogram.
_SMALLEST_TOTAL = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Source:
    """A notice as a portal gave it, before anything is read: its text as lines (``pipelines.text.document``) and what the portal adds.

    ``channel`` is where the portal filed it, ``published_on`` the day it gives; ``filed_on`` is the day in the notice's address,
    the last resort for the day of publication.
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


def read(source: Source) -> Notice:
    """Reads one notice. Pure: the same source gives the same notice; what is not found is None, nothing is guessed."""
    body = stacked_rows(without_persons(part_stuck_labels(source.text[:_MAX_BODY])))
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
    total = _page_total(body)
    kind, entries = _read_result(notice, source, body, parts, total)
    notice.kind = kind
    notice.cancels_result = cancels_result(kind, source.title, body)
    if kind in ("award", "failed", "candidate"):
        _lot_of_title(entries, source.title, notice.project_name or "")
    notice.lots = build_lots(entries, candidates=kind == "candidate")
    if kind in ("award", "contract"):
        _complete_amounts(notice.lots, body, parts, total)
    add_subjects(notice.lots, body, parts)
    _add_evidence(notice, entries)
    return notice


def _read_fields(notice: Notice, source: Source, body: str, parts: Sequence[Section]) -> None:
    for name, found in (
        ("project_number", fields.project_number(source.title, body, parts)),
        ("project_name", fields.project_name(source.title, body, parts)),
        ("buyer", organisations.buyer(body)),
        ("agency", organisations.agency(body)),
        ("region", labelled(body, *forms.words("region_label"))),
        ("buyer_address", organisations.buyer_address(body)),
        ("category", labelled(body, *forms.words("category_label"))),
    ):
        if found is not None:
            setattr(notice, name, found.value)
            notice.evidence[name] = [found.words]
    if notice.buyer is None:
        found = organisations.buyer_of_title(source.title, notice.project_name)
        if found is not None:
            notice.buyer, notice.evidence["buyer"] = found.value, [found.words]
    day = fields.published(body, "\n".join(body.split("\n")[:6]))
    notice.published_on = source.published_on or fields.as_date(day) or source.filed_on
    if day is not None and notice.published_on == fields.as_date(day):
        notice.evidence["published_on"] = [day.words]


def _read_result(
    notice: Notice, source: Source, body: str, parts: list[Section], total: Decimal | None
) -> tuple[Kind, list[Entry]]:
    """The kind and the winners decide each other: a result without a winner has failed, a list of candidates is read as one."""
    kind = kind_of(source.title, source.channel, body, parts, won=True)
    if kind == "award" or kind == "contract" or kind == "other":
        entries = _entries(notice, body, parts, total, candidates=False)
        kind = kind_of(source.title, source.channel, body, parts, won=any(not entry.failed for entry in entries))
        if kind in ("award", "contract"):
            return kind, entries
    if kind == "candidate":
        return kind, _entries(notice, body, parts, total, candidates=True)
    if kind == "correction":
        return kind, corrected_entries(parts, body)
    if kind == "failed":
        return kind, [entry for entry in table_entries(body, candidates=False) if entry.failed and entry.numbered]
    return kind, []


def _entries(
    notice: Notice, body: str, parts: Sequence[Section], total: Decimal | None, *, candidates: bool
) -> list[Entry]:
    """The winners, by the first way of writing that finds any: tables, labelled lines, flattened tables, sentences.

    Lists of all bidders come last, and only where no other way found a winner.
    """
    zone, rest = award_zone(parts, candidates=candidates)
    names = [notice.project_name] if notice.project_name else []
    ways: tuple[Callable[[str], list[Entry]], ...] = (
        lambda text: ranked_entries(text) if candidates else [],
        lambda text: table_entries(text, candidates=candidates),
        lambda text: flat_entries(text, names, body, total),
        lambda text: block_entries(text, candidates=candidates),
        prose_entries,
        lambda text: table_entries(text, candidates=candidates, bidders=True),
    )
    failed = [entry for entry in table_entries(zone, candidates=candidates) if entry.failed]
    for text in (zone, rest):
        for way in ways if text.strip() else ():
            found = way(text)
            won = [entry for entry in found if not entry.failed]
            if won:
                return [*won, *(failed or [entry for entry in found if entry.failed])]
    return failed


def _lot_of_title(entries: Sequence[Entry], title: str | None, project: str) -> None:
    """A notice about one package of a project names it in its title only: …采购项目包7（中文在线）成交结果公告."""
    mark = _TITLE_LOT.search(title or "")
    if mark is None or any(entry.numbered or entry.lot_name for entry in entries):
        return
    # The number of a row is no package's; but neither need a mark be that stands in the project's own name (某项目第二标段).
    if mark["mark"] in project and any(entry.lot is not None for entry in entries):
        return
    for entry in entries:
        entry.lot, entry.numbered = lot_number(mark["mark"]), True
        entry.lot_name = mark["name"]


def _page_total(body: str) -> Decimal | None:
    """总中标金额 of the head table, in yuan: often zero, rounded or wrong, so it only ever decides between two readings."""
    hit = first(body, *forms.words("page_total_label"))
    yuan = read_amount(hit.value, hit.label).yuan if hit else None
    return yuan if yuan is not None and yuan >= _SMALLEST_TOTAL else None


def _complete_amounts(lots: Sequence[Lot], body: str, parts: Sequence[Section], total: Decimal | None) -> None:
    """Prices that stand elsewhere: in the table of goods, or, where the text has none at all, in the head table."""
    complete_from_subject(lots, parts)
    won = [lot for lot in lots if not lot.failed]
    silent = len(won) == 1 and won[0].amount_kind == "undisclosed" and not re.search(r"[1-9]", won[0].amount_text or "")
    each = _EACH.search(body) if silent else None
    if each is not None:
        set_amount(won[0], Amount("unit_price", None, each["price"], None))
    elif silent and total is not None:
        set_amount(won[0], Amount("total", total, None, None))
    if total is None:
        for lot in won:
            # 0.0562500（万元）: the price of one voucher, written in the field of the sum, and the page's own total is zero.
            if lot.amount_yuan is not None and lot.amount_yuan < _SMALLEST_TOTAL:
                set_amount(lot, Amount("unit_price", None, lot.amount_text, lot.tax_included))


def _add_evidence(notice: Notice, entries: Sequence[Entry]) -> None:
    """The exact words of the body behind each value; a value whose words cannot be shown keeps none."""
    words = [word for entry in entries for word in entry.words]
    suppliers = [winner.supplier for lot in notice.lots for winner in lot.winners]
    notice.evidence["supplier"] = _in_body(
        notice.body, [*(word for word in words if any(name in word for name in suppliers)), *suppliers]
    )
    notice.evidence["amount_yuan"] = _in_body(
        notice.body, [text for lot in notice.lots for text in (lot.amount_text or "").split("; ")]
    )
    for field, found in list(notice.evidence.items()):
        notice.evidence[field] = _in_body(notice.body + "\n" + (notice.title or ""), found)
        if not notice.evidence[field]:
            del notice.evidence[field]


def _in_body(body: str, words: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word and word in body))
