"""What a person can decide about an award, and how it may be written: the fixed values of a filled-in table of reviews.

The fields are ``large_model`` (yes, no, unsure), ``lots`` (numbers of the lots about large models), ``project_type``, ``sector``,
``subsector`` and ``province``. Chinese is understood as well as the codes; a field left empty is not decided.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from pipelines.classify.regions import province_of
from pipelines.extract.award_row import SECTORS, TYPES

FIELDS = ("large_model", "lots", "project_type", "sector", "subsector", "province")
ANSWERS = {"yes": "是", "no": "否", "unsure": "不确定"}
_ANSWERS = (
    dict.fromkeys("yes y true 1 是 是的 对".split(), "yes")
    | dict.fromkeys("no n false 0 否 不是 不".split(), "no")
    | dict.fromkeys("unsure ? 不确定 不清楚 不知道 存疑".split(), "unsure")
)
_BETWEEN_NUMBERS = re.compile(r"[\s,;、/&+]+")
_SHOWN = 40


def decided(cells: Mapping[str, str], lots: Collection[int], subsectors: Mapping[str, str]) -> dict[str, Any]:
    """The decisions of one row, from the texts of its cells by field.

    ``lots`` are the numbers that its award's lots have; ``subsectors`` those that the words in use know, each with its sector.
    Raises ValueError with what is wrong.
    """
    found: dict[str, Any] = {}
    words = {field: text for field in FIELDS if (text := _folded(cells.get(field, "")))}
    if "large_model" in words:
        found["large_model"] = _one_of("large_model", words["large_model"], _ANSWERS)
    if "lots" in words:
        found["lots"] = _numbers(words["lots"], lots)
        if found.setdefault("large_model", "yes") != "yes":
            raise ValueError(
                f"lots names some, and large_model says {found['large_model']}: only with yes are lots told apart"
            )
    if "project_type" in words:
        found["project_type"] = _one_of("project_type", words["project_type"], TYPES)
        if found.get("large_model") == "no":
            raise ValueError("project_type is given, and large_model says no: only large-model projects have a type")
    if "sector" in words:
        found["sector"] = _one_of("sector", words["sector"], SECTORS)
    if "subsector" in words:
        found["subsector"] = _one_of("subsector", words["subsector"], {_folded(name): name for name in subsectors})
        sector = subsectors[found["subsector"]]
        if found.setdefault("sector", sector) != sector:
            raise ValueError(f"subsector {found['subsector']} belongs to sector {sector}, not to {found['sector']}")
    if "province" in words:
        place = province_of(None, words["province"])
        if place is None:
            raise ValueError(f"province is none: {_short(words['province'])}")
        found["province"] = place.province
    return {field: found[field] for field in FIELDS if field in found}


def _numbers(text: str, lots: Collection[int]) -> list[int]:
    parts = [part for part in _BETWEEN_NUMBERS.split(text) if part]
    numbers = {int(part) for part in parts if part.isdecimal() and len(part) < 10}
    if len(numbers) < len(set(parts)) or not numbers <= set(lots):
        known = ", ".join(map(str, sorted(lots)[:20])) + (" …" if len(lots) > 20 else "")
        raise ValueError(f"lots are not numbers of this award's lots ({known}): {_short(text)}")
    return sorted(numbers)


def _one_of(field: str, text: str, known: Mapping[str, str]) -> str:
    """The value that the text means. A choice of the drop-down lists has code and Chinese side by side (``data 数据``)."""
    found = {known.get(word) for word in (text, *text.split())} - {None}
    if len(found) != 1 or (text not in known and not all(word in known for word in text.split())):
        raise ValueError(f"{field} is none of {', '.join(dict.fromkeys(known.values()))}: {_short(text)}")
    return str(found.pop())


def _folded(text: str) -> str:
    """As it is compared: without the widths, cases and marks that typing on different keyboards gives."""
    return unicodedata.normalize("NFKC", text).strip(" \t\r\n'\"。.").casefold()


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
