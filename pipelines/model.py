"""The data that all packages share: a page goes in, a notice with lots and winners comes out.

There is no logic here, so every package can import it. Amounts are ``Decimal`` in yuan, dates are calendar dates in
Asia/Shanghai, instants have a time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Kind = Literal[
    "award", "candidate", "tender", "failed", "correction", "contract", "intention", "single_source", "other"
]
AmountKind = Literal["total", "unit_price", "rate", "undisclosed"]
StatementSource = Literal["digits", "capitals", "head_table", "total"]
Role = Literal["sole", "consortium_lead", "consortium_member", "shared", "candidate"]


@dataclass(frozen=True, slots=True)
class PackageKeys:
    """JSON keys of a notice that a portal splits into packages: the list, and name and text of each of its entries."""

    list: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AttributeKeys:
    """JSON keys of a list of named values beside the text, and the field (``buyer``, ``number``) of each name."""

    list: str
    name: str
    value: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileKeys:
    """JSON keys of the files of a notice: their list, wherever it is, and name and address of each of its entries."""

    list: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class FileElements:
    """HTML elements that lead to a file: ``{value}`` in ``address`` is what ``attribute`` of each element says."""

    selector: str
    attribute: str
    address: str


@dataclass(frozen=True, slots=True)
class Locator:
    """Where the notice is on a page. Each field lists alternatives, the best first.

    HTML: ``containers`` are class names or ids of the element that holds the notice; the ``…_selectors`` are CSS
    selectors of its title, its day, the tables of key facts above it, and the breadcrumbs.

    ``files`` (JSON) and ``file_elements`` (HTML) are where its files are, beside ordinary links.

    JSON: ``contents`` are dotted paths of the text of the notice. The object around that text describes the notice.
    ``records`` are dotted paths of that object, and ``content_keys`` its keys for the text, if no path of ``contents``
    exists. The other ``…_keys`` are its keys for the portal's own id, title, day, buyer, project number and kind of
    notice.
    """

    containers: tuple[str, ...] = ()
    title_selectors: tuple[str, ...] = ()
    date_selectors: tuple[str, ...] = ()
    summary_selectors: tuple[str, ...] = ()
    breadcrumb_selectors: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    content_keys: tuple[str, ...] = ()
    id_keys: tuple[str, ...] = ()
    title_keys: tuple[str, ...] = ()
    date_keys: tuple[str, ...] = ()
    buyer_keys: tuple[str, ...] = ()
    number_keys: tuple[str, ...] = ()
    channel_keys: tuple[str, ...] = ()
    packages: tuple[PackageKeys, ...] = ()
    attributes: tuple[AttributeKeys, ...] = ()
    files: tuple[FileKeys, ...] = ()
    file_elements: tuple[FileElements, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a notice, as its host sent it.

    ``text`` is what a program of this computer read from a file that this package cannot read by itself (an old Word
    file, a scan); None if ``content`` is to be read. It follows from the rest, so it does not count when files are
    compared.
    """

    name: str
    url: str
    content_type: str
    content: bytes = field(repr=False)
    text: str | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One saved answer of a portal, one line of a capture file, or one row of a table of awards.

    ``url`` is the notice's public address, byte for byte as given. ``body`` is decoded text: HTML, JSON or plain text,
    as ``content_type`` says; for ``application/pdf`` the base64 of one or several files, one per line. ``listed`` is
    what the portal's list says about the notice and the page may leave out: ``buyer``, ``agency``, ``project_number``,
    ``channel`` (the kind of notice in the portal's words) and ``region``. ``attachments`` are files of the notice that
    were fetched because its text leaves the result open.

    The last four fields are what the portal's descriptor adds: the portal's own id and the kind of notice that the
    address shows, the province of all its buyers, and where the notice is on the page (None: read the page by
    ``pipelines.pages.page_templates``). ``tenders.portals.page_of`` fills them. They follow from the rest, so they do
    not count when pages are compared.
    """

    portal: str
    url: str
    fetched_at: datetime
    content_type: str
    body: str
    title: str | None = None
    published_on: date | None = None
    listed: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    notice_id: str | None = field(default=None, compare=False)
    channel: str | None = field(default=None, compare=False)
    province: str | None = field(default=None, compare=False)
    locator: Locator | None = field(default=None, compare=False)

    @property
    def notice_key(self) -> str:
        """The key of the page's notice, unless an id inside the page gives a better one."""
        return f"{self.portal}:{self.notice_id or self.url}"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line of a file or a record of a WARC that could not be read. ``line`` counts from 1; 0 is the entire file."""

    source: str
    line: int
    reason: str
    portal: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Winner:
    """One supplier of one lot.

    ``position`` counts from 1 in reading order. In a candidate notice it is the written rank, or None if no rank is
    written. ``amount_yuan`` is this supplier's own price or quote.
    """

    supplier: str
    position: int | None = None
    role: Role = "sole"
    share_pct: Decimal | None = None
    amount_yuan: Decimal | None = None
    vendor: str | None = None


@dataclass(frozen=True, slots=True)
class PriceStatement:
    """A price that a notice states besides the one that a lot has. The two may agree or contradict each other.

    ``source`` is where it is stated: in ``digits`` or in ``capitals`` beside the other, in the ``head_table``, or as
    the ``total`` of the lots. ``words`` are those that it was read from.
    """

    source: StatementSource
    amount_yuan: Decimal
    words: str


@dataclass(slots=True)
class Lot:
    """One package (标段, 包, 标项) of a notice.

    ``lot_no`` is the written number if ``numbered``, otherwise the place in reading order from 1. A ``failed`` lot
    (废标, 流标) has no winner; it is kept so that a reader sees why a lot is missing. ``subject`` is the text that
    says what this lot buys (from the table of goods), used for classification only. ``price_statements`` are further
    statements of the price of this lot. ``unit_assumed``: the price has no unit, its size made it yuan (not stored).
    """

    lot_no: int
    lot_name: str | None = None
    amount_yuan: Decimal | None = None
    amount_kind: AmountKind = "undisclosed"
    amount_text: str | None = None
    tax_included: bool | None = None
    is_large_model: bool = False
    failed: bool = False
    numbered: bool = False
    subject: str = ""
    winners: list[Winner] = field(default_factory=list)
    price_statements: list[PriceStatement] = field(default_factory=list)
    unit_assumed: bool = False


@dataclass(slots=True)
class Notice:
    """One version of one announcement, with what the announcement itself says. What is not found is None.

    ``evidence`` maps a field to the exact words in ``body`` it was read from, and ``rule:<field>`` to the rules that
    decided a class. ``seen_at`` is when this version was first fetched. ``cancels_result`` is true if the notice voids
    a published result (中标结果作废, 成交结果无效, 终止). ``region`` and ``buyer_address`` are the words a province
    may be read from. ``category`` is the entry of the procurement catalogue (品目). ``platform_number`` is the
    portal's number of the project if the notice has another one. ``buyer_vendor`` is the vendor group of the buyer,
    ``buyer_kind`` its owner: ``central_soe``, ``local_soe``, ``public_body`` or ``other_company``. ``price_statements``
    are statements of the price of all won lots together.
    """

    notice_key: str
    portal: str
    url: str
    seen_at: datetime
    notice_id: str | None = None
    kind: Kind = "other"
    title: str | None = None
    published_on: date | None = None
    project_number: str | None = None
    project_name: str | None = None
    buyer: str | None = None
    buyer_vendor: str | None = None
    buyer_kind: str | None = None
    agency: str | None = None
    province: str | None = None
    body: str = ""
    region: str | None = None
    buyer_address: str | None = None
    category: str | None = None
    platform_number: str | None = None
    cancels_result: bool = False
    is_large_model: bool = False
    relevance: float = 0.0
    project_type: str | None = None
    project_type_second: str | None = None
    sector: str | None = None
    subsector: str | None = None
    content_hash: str = ""
    lots: list[Lot] = field(default_factory=list)
    price_statements: list[PriceStatement] = field(default_factory=list)
    evidence: dict[str, list[str]] = field(default_factory=dict)
