"""When two written values mean the same: used to compare our values with labels, never to store anything."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

_SPACE = re.compile(r"\s+")
_HYPHENS = re.compile(r"[‐-―−—–_﹣－]+")
_EDGES = "。．.,，;；:：、·\"'“”‘’"
_NUMBER_NOISE = re.compile(r"[\[\](){}<>【】〔〕《》〈〉「」/\\,，、.\-\s#:号]")
_CONSORTIUM_TAIL = re.compile(r"[(]?(?:组成的?)?联合体[)]?$")


def alike_text(value: str) -> str:
    """Width, case, spaces, brackets, hyphens and edge punctuation made the same."""
    text = unicodedata.normalize("NFKC", value)
    text = _HYPHENS.sub("-", _SPACE.sub("", text)).casefold()
    for pair, plain in (("【〔[", "("), ("】〕]", ")")):
        for bracket in pair:
            text = text.replace(bracket, plain)
    return text.strip(_EDGES)


def day_text(value: str) -> str:
    """A day as ``2026-08-05``, from ``2026年8月5日 12:54`` or any order-preserving writing of it."""
    found = re.match(r"\s*(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?!\d)", unicodedata.normalize("NFKC", value))
    return "-".join(part.zfill(2) for part in found.groups()) if found else value


def number_text(value: str) -> str:
    """A project number without the signs that portals write differently."""
    return _NUMBER_NOISE.sub("", alike_text(value))


def party_text(value: str) -> str:
    """An organisation's name for comparison: a bracketed 本级 and similar remarks do not tell two apart."""
    text = alike_text(value)
    return re.sub(r"\((?:本级|本部|机关|联合体.*|牵头.*|成员.*)\)$", "", text)


def split_parties(value: str) -> list[str]:
    """The names in ``A、B联合体`` (or ``A(联合体:B)``); a plain list ``A、B`` too, since labels write both."""
    text = unicodedata.normalize("NFKC", value)
    text = re.sub(r"\(联合体(?:成员)?[:：]([^)]*)\)", r"、\1", text)
    names = [_CONSORTIUM_TAIL.sub("", part.strip()) for part in re.split(r"[、;；,，|]", text)]
    return [name for name in names if name]


def as_amount(value: Any) -> Decimal | None:
    """Yuan as a decimal to the cent, from a number or a bare number in text; None where it is no bare number."""
    if value is None or isinstance(value, bool):
        return None
    text = _SPACE.sub("", unicodedata.normalize("NFKC", str(value))).replace(",", "").removesuffix("元")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and amount > 0 else None
