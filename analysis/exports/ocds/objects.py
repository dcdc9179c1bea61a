"""The small pieces of an OCDS release: identifiers, values, documents, items. docs/ocds.md says what each means."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import orjson

from analysis.exports.ocds.process import Notice, Process, plain_name
from pipelines.common.safe_text import storable
from pipelines.lexicon import terms

Json = dict[str, Any]

# Seven letters, where the registered prefixes have six signs: it can never be taken for one of those.
PREFIX = "ocds-tenders"
TYPE_SCHEME = "CHN-TENDERS-TYPE"
SECTOR_SCHEME = "CHN-TENDERS-SECTOR"
SUBSECTOR_SCHEME = "CHN-TENDERS-SUBSECTOR"
DEFINITION_SCHEME = "CHN-TENDERS-DEFINITION"
DEFINITION = "market"  # the one by which awards.is_large_model is

_DOCUMENT_TYPES = {
    "tender": "tenderNotice",
    "single_source": "tenderNotice",
    "candidate": "evaluationReports",
    "award": "awardNotice",
    "contract": "contractNotice",
    "failed": "unsuccessfulDetails",
}
# How the titles of notices name the procedure. OCDS has codes for the first three; the others stay in words.
_METHODS = (
    ("公开招标", "open"), ("单一来源", "direct"), ("邀请招标", "selective"), ("竞争性磋商", None), ("竞争性谈判", None),
    ("询价", None), ("询比", None), ("竞价", None), ("框架协议", None),
)  # fmt: skip
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def digest(*parts: str, length: int = 12) -> str:
    """A short name for some texts, the same in every export."""
    return sha256("\n".join(parts).encode()).hexdigest()[:length]


def text(value: str | None) -> str | None:
    """Text as any program can store it; None for nothing."""
    return (storable(value).strip() or None) if value else None


def without_none(**fields: Any) -> Json:
    """An object of the fields that are known: in OCDS null takes back what an earlier release said."""
    return {name: value for name, value in fields.items() if value is not None}


def instant(day: date) -> str:
    """The beginning of a day in Shanghai: notices are dated by the day."""
    return f"{day.isoformat()}T00:00:00+08:00"


def value(amount: Decimal | None) -> Json | None:
    """A price in yuan, to the cent; None where none is disclosed."""
    return None if amount is None else {"amount": orjson.Fragment(str(amount)), "currency": "CNY"}


@lru_cache(100_000)
def party_id(name: str) -> str:
    """The id of an organisation: made from its name, since notices give no register's number."""
    return f"name-{digest(plain_name(name), length=16)}"


def reference(name: str) -> Json:
    return {"id": party_id(name), "name": text(name) or name}


def address(url: str) -> str | None:
    """An address as a URI: other signs than those of URIs are written with %. None for what is no address."""
    if not _SCHEME.match(url):
        return None
    return quote(_PERCENT.sub("%25", storable(url).strip()), safe="!#$%&'()*+,/:;=?@[]~")


def document(notice: Notice, kind: str | None = None) -> Json:
    """The notice as a document; ``kind`` is its documentType where that is not what its own kind says."""
    return without_none(
        id=text(notice.key),
        documentType=kind or _DOCUMENT_TYPES.get(notice.kind),
        title=text(notice.title),
        url=address(notice.url),
        datePublished=instant(notice.day) if notice.day else None,
        language="zh",
    )


def item(process: Process, number: str, words: str | None, counts: bool, lot: str | None) -> Json:
    """What is bought, with our classes; ``counts``: it counts as about large models; ``lot`` where there are several."""
    kind, sector = process.project_type, process.sector
    more = []
    if sector:
        more.append({"scheme": SECTOR_SCHEME, "id": sector, "description": terms.name("sector", sector, "zh")})
    if process.subsector:
        more.append({"scheme": SUBSECTOR_SCHEME, "id": process.subsector, "description": process.subsector})
    if counts:
        more.append({"scheme": DEFINITION_SCHEME, "id": DEFINITION, "description": "大模型项目"})
    classification = (
        {"scheme": TYPE_SCHEME, "id": kind, "description": terms.name("project_type", kind, "zh")} if kind else None
    )
    return without_none(
        id=number,
        description=text(words),
        classification=classification,
        additionalClassifications=more or None,
        relatedLot=lot,
    )


def method(process: Process) -> Json:
    """``procurementMethod`` and its words, where a notice's title or kind says so."""
    titles = " ".join(notice.title or "" for notice in process.notices)
    if any(notice.kind == "single_source" for notice in process.notices):
        titles += " 单一来源"
    for words, code in _METHODS:
        if words in titles:
            return without_none(procurementMethod=code, procurementMethodDetails=words)
    return {}
