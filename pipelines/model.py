"""The words of the house as data: a page goes in, a notice with lots and winners comes out.

Only plain data lives here, so every room can share it without sharing code. Amounts are
``Decimal`` in yuan, dates are calendar dates in Asia/Shanghai, instants are time-zone aware.
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
Role = Literal["sole", "consortium_lead", "consortium_member", "shared", "candidate"]


@dataclass(frozen=True, slots=True)
class Page:
    """One saved answer of a portal, or one line of a capture file (contract, section 4).

    ``url`` is the notice's public address, byte for byte as given; ``body`` is decoded text
    (HTML, JSON or plain text, as ``content_type`` says; the base64 of one or several PDF files, a line each, for
    ``application/pdf``). ``listed`` is what the portal's list said of the notice and the page may not say itself:
    ``buyer``, ``agency``, ``project_number``, ``channel`` (the kind of notice in the portal's words) and ``region``.
    """

    portal: str
    url: str
    fetched_at: datetime
    content_type: str
    body: str
    title: str | None = None
    published_on: date | None = None
    listed: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Winner:
    """One supplier of one lot. ``position`` is 1-based in reading order; in a candidate notice it is
    the written rank, or None where no rank is written. ``amount_yuan`` is this supplier's own price or quote."""

    supplier: str
    position: int | None = None
    role: Role = "sole"
    share_pct: Decimal | None = None
    amount_yuan: Decimal | None = None
    vendor: str | None = None


@dataclass(slots=True)
class Lot:
    """One package (标段, 包, 标项). ``lot_no`` is the written number, else 1-based reading order (``numbered`` tells which).

    ``failed`` lots (废标, 流标) have no winner and are kept so that a reader sees why a lot is missing.
    ``subject`` is the text that says what this lot buys (subject-matter table), for classification only.
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


@dataclass(slots=True)
class Notice:
    """One version of one announcement, as far as the announcement itself says it. What is not found is None.

    ``evidence`` maps a field to the exact words in ``body`` it was read from, and ``rule:<field>`` to the rules
    that fired (for classes). ``seen_at`` is when we first had this version. ``cancels_result`` is true where the notice
    voids a result that had been published (中标结果作废, 成交结果无效, 终止); ``region`` and ``buyer_address`` are
    the words a province may be read from; ``category`` is the procurement catalogue entry (品目); ``platform_number`` is what
    the portal calls the project, where its notice bears another number; ``buyer_vendor`` is the buyer's vendor group,
    ``buyer_kind`` whose the buyer is: ``central_soe``, ``local_soe``, ``public_body`` or ``other_company``.
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
    evidence: dict[str, list[str]] = field(default_factory=dict)
