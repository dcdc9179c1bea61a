"""When two spellings mean the same value. Used to compare our values with labels, never to store anything."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

_SPACE = re.compile(r"\s+")
_HYPHENS = re.compile(r"[‐-―−—–_﹣－]+")
_ROUND_BRACKETS = str.maketrans("【〔[】〕]", "((()))")
_EDGES = "。．.,，;；:：、·\"'“”‘’"
_PUNCTUATION_IN_NUMBERS = re.compile(r"[\[\](){}<>【】〔〕《》〈〉「」/\\,，、.\-\s#:号]")
# 甲公司联合体, 甲公司组成联合体, 甲公司组成的联合体, 甲公司(联合体)
_CONSORTIUM_ENDING = re.compile(r"[(]?(?:组成的?)?联合体[)]?$")


def comparable_text(value: str) -> str:
    """Return text with one form of width, case, spaces, brackets and hyphens, without punctuation at the ends."""
    text = unicodedata.normalize("NFKC", value)
    text = _HYPHENS.sub("-", _SPACE.sub("", text)).casefold()
    text = text.translate(_ROUND_BRACKETS)
    return text.strip(_EDGES)


def comparable_day(value: str) -> str:
    """Return a day as ``2026-08-05``, from ``2026年8月5日 12:54`` or another spelling in that order."""
    match = re.match(r"\s*(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?!\d)", unicodedata.normalize("NFKC", value))
    return "-".join(part.zfill(2) for part in match.groups()) if match else value


def comparable_number(value: str) -> str:
    """Return a project number without the characters that portals write differently."""
    return _PUNCTUATION_IN_NUMBERS.sub("", comparable_text(value))


def comparable_party(value: str) -> str:
    """Return an organisation's name without a remark in brackets such as (本级): it makes no other organisation."""
    text = comparable_text(value)
    # 某市数据局(本级), 某公司(本部), 某局(机关), 甲公司(联合体牵头人), 甲公司(牵头方), 乙公司(成员单位)
    return re.sub(r"\((?:本级|本部|机关|联合体.*|牵头.*|成员.*)\)$", "", text)


def split_parties(value: str) -> list[str]:
    """Return the names in ``A、B联合体``, in ``A(联合体:B)`` and in a plain list ``A、B``: labels have all three."""
    text = unicodedata.normalize("NFKC", value)
    text = re.sub(r"\(联合体(?:成员)?[:：]([^)]*)\)", r"、\1", text)
    names = [_CONSORTIUM_ENDING.sub("", part.strip()) for part in re.split(r"[、;；,，|]", text)]
    return [name for name in names if name]


def as_amount(value: Any) -> Decimal | None:
    """Return yuan to the cent, from a number or a text that is one; None for everything else and for 0 or less."""
    if value is None or isinstance(value, bool):
        return None
    text = _SPACE.sub("", unicodedata.normalize("NFKC", str(value))).replace(",", "").removesuffix("元")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and amount > 0 else None
