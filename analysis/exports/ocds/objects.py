"""The objects that an OCDS release is built from: identifiers, values, documents, items (docs/ocds.md)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import orjson

from analysis.exports.ocds.process import Process, ProcessNotice, comparable_name
from pipelines.common.safe_text import storable
from pipelines.lexicon import terms

Json = dict[str, Any]

# Registered prefixes have six characters after ocds-, so these seven can never be mistaken for one of them.
PREFIX = "ocds-tenders"
TYPE_SCHEME = "CHN-TENDERS-TYPE"
SECTOR_SCHEME = "CHN-TENDERS-SECTOR"
SUBSECTOR_SCHEME = "CHN-TENDERS-SUBSECTOR"
DEFINITION_SCHEME = "CHN-TENDERS-DEFINITION"
DEFINITION = "market"  # the definition that the column awards.is_large_model follows

_DOCUMENT_TYPES = {
    "tender": "tenderNotice",
    "single_source": "tenderNotice",
    "candidate": "evaluationReports",
    "award": "awardNotice",
    "contract": "contractNotice",
    "failed": "unsuccessfulDetails",
}
# Procedures as titles of notices name them. OCDS has codes for the first three only.
_METHODS = (
    ("公开招标", "open"), ("单一来源", "direct"), ("邀请招标", "selective"), ("竞争性磋商", None), ("竞争性谈判", None),
    ("询价", None), ("询比", None), ("竞价", None), ("框架协议", None),
)  # fmt: skip
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def digest(*parts: str, length: int = 12) -> str:
    """Return a short identifier of some texts, the same in every export."""
    return sha256("\n".join(parts).encode()).hexdigest()[:length]


def text(value: str | None) -> str | None:
    """Return text as any program can store it, None if nothing is left."""
    return (storable(value).strip() or None) if value else None


def without_none(**fields: Any) -> Json:
    """Return an object of the fields that are not None: in OCDS, null deletes what an earlier release published."""
    return {name: value for name, value in fields.items() if value is not None}


def instant(day: date) -> str:
    """Return the beginning of a day in Shanghai: notices are dated by the day."""
    return f"{day.isoformat()}T00:00:00+08:00"


def value(amount: Decimal | None) -> Json | None:
    """Return a price in yuan, to the cent, None if none is disclosed."""
    return None if amount is None else {"amount": orjson.Fragment(str(amount)), "currency": "CNY"}


@lru_cache(100_000)
def party_id(name: str) -> str:
    """Return the id of an organisation, made from its name: notices give no number of a register."""
    return f"name-{digest(comparable_name(name), length=16)}"


def reference(name: str) -> Json:
    """Return a reference to an organisation."""
    return {"id": party_id(name), "name": text(name) or name}


def address(url: str) -> str | None:
    """Return an address as a URI, other characters percent-encoded; None if it is no address."""
    if not _SCHEME.match(url):
        return None
    return quote(_PERCENT.sub("%25", storable(url).strip()), safe="!#$%&'()*+,/:;=?@[]~")


def document(notice: ProcessNotice, document_type: str | None = None) -> Json:
    """Return the notice as a document. Its kind gives the type, unless there is a ``document_type``."""
    return without_none(
        id=text(notice.key),
        documentType=document_type or _DOCUMENT_TYPES.get(notice.kind),
        title=text(notice.title),
        url=address(notice.url),
        datePublished=instant(notice.published_on) if notice.published_on else None,
        language="zh",
    )


def item(process: Process, item_id: str, description: str | None, *, counts: bool, related_lot: str | None) -> Json:
    """Return what is bought, with its classes. ``counts``: it counts as being about large models."""
    project_type, sector = process.project_type, process.sector
    other_classes = []
    if sector:
        other_classes.append({"scheme": SECTOR_SCHEME, "id": sector, "description": terms.name("sector", sector, "zh")})
    if process.subsector:
        other_classes.append({"scheme": SUBSECTOR_SCHEME, "id": process.subsector, "description": process.subsector})
    if counts:
        other_classes.append({"scheme": DEFINITION_SCHEME, "id": DEFINITION, "description": "大模型项目"})
    classification = (
        {"scheme": TYPE_SCHEME, "id": project_type, "description": terms.name("project_type", project_type, "zh")}
        if project_type
        else None
    )
    return without_none(
        id=item_id,
        description=text(description),
        classification=classification,
        additionalClassifications=other_classes or None,
        relatedLot=related_lot,
    )


def procurement_method(process: Process) -> Json:
    """Return ``procurementMethod`` and its words, nothing if no title or kind of a notice gives them."""
    titles = " ".join(notice.title or "" for notice in process.notices)
    if any(notice.kind == "single_source" for notice in process.notices):
        titles += " 单一来源"
    for words, code in _METHODS:
        if words in titles:
            return without_none(procurementMethod=code, procurementMethodDetails=words)
    return {}
