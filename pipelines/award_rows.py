"""A row of a user's own table of awards (docs/awards.md): its cells as values, and its notice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

import orjson

from pipelines.classify.regions import province_of
from pipelines.common.imported import IMPORTED
from pipelines.common.safe_text import unescape_formula
from pipelines.extract.amounts import Amount, read_amount
from pipelines.lexicon import terms
from pipelines.model import Kind, Lot, Notice, Page, Role, Winner
from pipelines.storage.keys import content_hash, name_key, party_key, project_number_key
from pipelines.text.characters import fold, squeeze
from pipelines.text.dates import read_date
from pipelines.text.privacy import without_persons

Status = Literal["awarded", "candidate", "void"]

CONTENT_TYPE = "application/vnd.tenders.award+json"
ADDRESS = "urn:award:"
# The columns of the table "awards", in its order.
COLUMNS = (
    "award_key project_number project_name title buyer buyer_vendor buyer_kind province awarded_on status amount_yuan "
    "amount_partial disclosed flags confirmed_amount_yuan tax_included is_large_model relevance project_type sector "
    "subsector suppliers vendors own_group "
    "portals notice_keys evidence first_seen_at origin"
).split()

# What another database had read, and when. These columns stay in the archive; they are not words of the notice.
_NOT_WORDS = (
    "buyer_vendor",
    "buyer_kind",
    "own_group",
    "flags",
    "confirmed_amount_yuan",
    "evidence",
    "first_seen_at",
    "origin",
)
# Above this an award may have an amount and yet not be disclosed: it waits for a review.
_WAITS_ABOVE = Decimal(10**9)
_WORDS = tuple(column for column in COLUMNS if column not in _NOT_WORDS)
# What the row states and the rules would otherwise decide (pipelines.classify.stated_values).
_STATED = ("is_large_model", "relevance", "project_type", "sector", "subsector", "province", "vendors")
_KINDS: dict[Status, Kind] = {"awarded": "award", "candidate": "candidate", "void": "failed"}
_BOOLEANS = dict.fromkeys("true t yes y 1 1.0 是".split(), True) | dict.fromkeys("false f no n 0 0.0 否".split(), False)
_BLANK = {"", "-", "--", "—", "——", "/", "\\", "无", "null", "none", "nan", "n/a", "#n/a"}
_BETWEEN_ITEMS = re.compile(r"[;；，、|\r\n]+")
_PLAIN_NUMBER = re.compile(r"[￥¥]?\s*\d[\d,，]*(?:\.\d+)?")
_BEGINS_WITH_A_YEAR = re.compile(r"20\d\d|二[〇零○]")
_LONGEST_NAME = 500
# Every buyer has numbers that are shorter: they identify a project only with its name (docs/awards.md).
_SHORTEST_NUMBER = 5


@dataclass(frozen=True, slots=True)
class AwardRow:
    """One row. ``words`` are its cells by column, as they are in the notice's text; blank ones are left out."""

    key: str | None
    number: str | None
    name: str | None
    title: str | None
    buyer: str | None
    awarded_on: date | None
    status: Status
    amount: Amount
    tax_included: bool | None
    suppliers: tuple[str, ...]
    words: dict[str, str] = field(default_factory=dict)

    @property
    def heading(self) -> str | None:
        """The award's title for a reader: the title of its result, else its name, else its number."""
        return self.title or self.name or self.number

    @property
    def address(self) -> str:
        """``urn:award:`` and the award's own key, or a digest of its number and buyer, else of its name, buyer and day.

        The same award has the same address in every file, so a change is a new version of one notice.
        """
        if self.key:
            return ADDRESS + self.key
        number = project_number_key(self.number, IMPORTED) or ""
        identity = [number, party_key(self.buyer) or ""]
        if len(number) < _SHORTEST_NUMBER:
            identity += [name_key(self.name or self.title) or "", str(self.awarded_on or "")]
        return ADDRESS + hashlib.blake2b("\x00".join(identity).encode(), digest_size=8).hexdigest()


def read_cells(cells: Mapping[str, str]) -> AwardRow:
    """Return the award of one row, from its cells by column. Raises ValueError with what is wrong or missing."""
    words = {column: text for column in _WORDS if (text := _text(cells.get(column, ""))) is not None}
    status = _status(words)
    suppliers = _names(cells, words, "suppliers")
    vendors = _names(cells, words, "vendors")
    for column in ("project_number", "project_name", "title", "buyer"):
        if len(words.get(column, "")) > _LONGEST_NAME:
            raise ValueError(f"{column} is longer than {_LONGEST_NAME} characters: is a quotation mark missing?")
    for column in ("project_name", "buyer"):
        if column in words:
            words[column] = squeeze(without_persons(words[column]))
    for column in ("amount_partial", "disclosed", "tax_included", "is_large_model"):
        _flag(words, column)
    _write_code(words, "project_type")
    _write_code(words, "sector")
    _province(words)
    _relevance(words)
    row = AwardRow(
        key=words.get("award_key"),
        number=words.get("project_number"),
        name=words.get("project_name"),
        title=words.get("title"),
        buyer=words.get("buyer"),
        awarded_on=_day(words),
        status=status,
        amount=_amount(words),
        tax_included=_BOOLEANS.get(words.get("tax_included", "")),
        suppliers=suppliers,
        words=words,
    )
    _check_together(row, vendors)
    return row


def read_award(page: Page) -> Notice:
    """Return the unclassified notice of a page of ``CONTENT_TYPE``. Raises ValueError if its body is not such a row."""
    row = read_cells(orjson.loads(page.body))
    lines = {column: f"{column}: {text}" for column, text in row.words.items()}
    key = f"{page.portal}:{page.url}"
    notice = Notice(
        notice_key=key,
        portal=page.portal,
        url=page.url,
        seen_at=page.fetched_at,
        kind=_KINDS[row.status],
        title=row.heading,
        published_on=row.awarded_on,
        project_number=row.number,
        project_name=row.name,
        buyer=row.buyer,
        body="\n".join(lines.values()),
        cancels_result=row.status == "void",
        lots=_lots(row),
    )
    shown = {"kind": "status", "published_on": "awarded_on", "supplier": "suppliers"}
    for value in ("kind", "project_number", "project_name", "buyer", "published_on", "supplier", "amount_yuan"):
        column = shown.get(value, value)
        if column in lines:
            notice.evidence[value] = [lines[column]]
    if given := [lines[column] for column in _STATED if column in lines]:
        notice.evidence["given"] = given
    notice.content_hash = content_hash(key, notice.title, notice.body)
    return notice


def _lots(row: AwardRow) -> list[Lot]:
    """Return everything that was won as one lot, because the row does not say who won which part at what price.

    If the row says that the price of a part is not known, this part is a second lot without a price. A row that
    cancels a result names no lot, and so cancels all of them.
    """
    if row.status == "void":
        return []
    first = _lot(row)
    partial = row.words.get("amount_partial") == "true" and first.amount_yuan is not None
    return [first, Lot(lot_no=2, winners=[replace(winner) for winner in first.winners])] if partial else [first]


def _lot(row: AwardRow) -> Lot:
    candidates = row.status == "candidate"
    role: Role = "candidate" if candidates else "sole" if len(row.suppliers) == 1 else "shared"
    winners = [Winner(name, None if candidates else place, role) for place, name in enumerate(row.suppliers, 1)]
    lot = Lot(lot_no=1, winners=winners)
    if not candidates:
        lot.amount_yuan, lot.amount_kind, lot.amount_text = row.amount.yuan, row.amount.kind, row.amount.text
        lot.tax_included = row.amount.tax_included if row.tax_included is None else row.tax_included
    return lot


def _text(cell: str) -> str | None:
    if not cell:
        return None
    text = squeeze(fold(unescape_formula(cell)))
    return None if text.casefold() in _BLANK else text


def _names(cells: Mapping[str, str], words: dict[str, str], column: str) -> tuple[str, ...]:
    """Return the names in a list, each once: a JSON array, or names separated by a semicolon or a Chinese separator."""
    if column not in words:
        return ()
    cell = cells[column].strip()
    if cell.startswith("["):
        try:
            items = orjson.loads(cell)
        except orjson.JSONDecodeError:
            items = None
        if not isinstance(items, list):
            raise ValueError(
                f"{column} is not a list: write the names with a semicolon between them, not {_short(cell)}"
            )
        cell = "\n".join(str(item) for item in items)
    by_key: dict[str, str] = {}
    for item in _BETWEEN_ITEMS.split(cell):
        name = _text(without_persons(item))
        if name and (key := party_key(name)):
            by_key.setdefault(key, name)
    names = tuple(by_key.values())
    if any(len(name) > _LONGEST_NAME for name in names):
        raise ValueError(f"a name in {column} is longer than {_LONGEST_NAME} characters: is a quotation mark missing?")
    if names:
        words[column] = "; ".join(names)
    else:
        del words[column]
    return names


def _flag(words: dict[str, str], column: str) -> None:
    if column in words:
        flag = _BOOLEANS.get(words[column].casefold())
        if flag is None:
            raise ValueError(f"{column} is neither true nor false: {_short(words[column])}")
        words[column] = "true" if flag else "false"


def _status(words: dict[str, str]) -> Status:
    """Return the status that a row gives, ``awarded`` if it gives none, and write it as its code."""
    text = words.get("status", "awarded")
    status = next((status for status in _KINDS if status == text.casefold()), None)
    if status is None:
        raise ValueError(f"status is none of {', '.join(_KINDS)}: {_short(text)}")
    if "status" in words:
        words["status"] = status
    return status


def _write_code(words: dict[str, str], column: Literal["project_type", "sector"]) -> None:
    """Write a code where the row has a code or one of its names."""
    if column in words:
        code = terms.code_of(column, words[column])
        if code is None:
            raise ValueError(f"{column} is none of {', '.join(terms.codes(column))}: {_short(words[column])}")
        words[column] = code


def _province(words: dict[str, str]) -> None:
    if "province" in words:
        place = province_of(None, words["province"])
        if place is None:
            raise ValueError(f"province is none: {_short(words['province'])}")
        words["province"] = place.province


def _relevance(words: dict[str, str]) -> None:
    if "relevance" in words:
        try:
            fits = 0 <= float(words["relevance"]) <= 1
        except ValueError:
            fits = False
        if not fits:
            raise ValueError(f"relevance is no number from 0 to 1: {_short(words['relevance'])}")


def _day(words: Mapping[str, str]) -> date | None:
    text = words.get("awarded_on")
    # A text that begins with a day or a month may mean either.
    day = read_date(text) if text and _BEGINS_WITH_A_YEAR.match(text) else None
    if text and day is None:
        raise ValueError(f"awarded_on is no day: {_short(text)}; write it like 2025-07-31")
    return day


def _amount(words: Mapping[str, str]) -> Amount:
    """Return the sum in yuan. Blank, 0 and words for it are undisclosed; a rate or a unit price is not a sum."""
    text = words.get("amount_yuan", "")
    plain = bool(_PLAIN_NUMBER.fullmatch(text))
    amount = read_amount(text, bare_unit=1) if plain else read_amount(text)
    filler = plain and float(re.sub(r"[￥¥,，\s]", "", text)) <= 1
    unread = amount.kind == "undisclosed" and not filler and re.search(r"[1-9]", text)
    if unread or text.startswith(("-", "(")):
        raise ValueError(f"amount_yuan is no sum of money: {_short(text)}; write it like 12345.60")
    return amount


def _check_together(row: AwardRow, vendors: tuple[str, ...]) -> None:
    """Raise ValueError if the cells, each valid by itself, are not an award together."""
    if not (row.number or row.name or row.title):
        raise ValueError("neither project_name nor project_number says which award this is")
    if row.status == "awarded" and row.awarded_on is None:
        raise ValueError("awarded_on is missing")
    if row.status != "void" and not row.suppliers:
        raise ValueError(f"suppliers is missing: an award with status {row.status} has one at least")
    if row.suppliers and len(vendors) > len(row.suppliers):
        raise ValueError(f"vendors names {len(vendors)} groups, and there are {len(row.suppliers)} suppliers")
    disclosed = _BOOLEANS.get(row.words.get("disclosed", ""))
    waits = disclosed is False and row.amount.yuan is not None and row.amount.yuan > _WAITS_ABOVE
    if row.status == "awarded" and disclosed is not None and disclosed != (row.amount.yuan is not None) and not waits:
        raise ValueError(
            f"disclosed says {row.words['disclosed']}, and amount_yuan is {row.words.get('amount_yuan', 'blank')}"
        )


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "…")
