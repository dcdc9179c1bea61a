"""The sector and subsector of a buyer. The vocabulary is ``lexicon/sectors.toml``."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.classify.lexicon import compiled, fold, vocabulary
from pipelines.classify.name_rules import NameRules

# Code names and blanks that portals print instead of a buyer.
_NO_NAME = re.compile(
    r"^(?:[^\u4e00-\u9fff]*|[a-z]{2,8}[-_]?.{1,4}|.{0,6}某(?:单位|部|部队|公司|客户|院).{0,4}|.?盖章.?|详见.*)$"
)
_TAIL = re.compile(r"(?:[(（](?:本级|机关|本部|本级机关|汇总|盖章|本级行政|总部)[)）]|本级|机关)$")
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]?")


class Sector(NamedTuple):
    """A sector of the contract, its subsector, the exact words that say so and the rule that read them."""

    sector: str
    subsector: str | None
    words: str
    rule: str


@compiled
def _by_buyer() -> NameRules:
    data = vocabulary("sectors")
    masks = [word for row in data["mask"] for word in row["words"]]
    return NameRules(data["rule"], masks, data["company_words"])


@compiled
def _by_subject() -> NameRules:
    return NameRules(vocabulary("sectors")["subject"])


def subsectors() -> dict[str, str]:
    """The subsectors that rules give, each with its sector."""
    data = vocabulary("sectors")
    return {row["subsector"]: row["sector"] for row in (*data["rule"], *data["subject"]) if "subsector" in row}


def is_a_name(buyer: str | None) -> bool:
    """Whether ``buyer`` names somebody: a code name or 某单位 does not."""
    return bool(buyer) and not _NO_NAME.match(fold(buyer or "").strip())


def sector_of(buyer: str | None, subject: str | None = None) -> Sector | None:
    """The sector of ``buyer``; where it names nobody, that of the ``subject`` (the title). None where nothing says it.

    A named buyer that no rule knows is ``other``.
    """
    if buyer is not None and is_a_name(buyer):
        name = _TAIL.sub("", buyer.strip())
        # What stands in brackets (other names, departments) is asked only when the name itself is silent.
        for text in dict.fromkeys((_BRACKETED.sub("", name) or name, name)):
            found = _read(_by_buyer(), text, "buyer:")
            if found:
                return found
        return Sector("other", None, buyer, "buyer:named-but-unknown")
    return _read(_by_subject(), subject, "") if subject else None


def _read(rules: NameRules, text: str, prefix: str) -> Sector | None:
    found = rules.read(text)
    if found is None:
        return None
    row = rules.rows[found[0]]
    return Sector(row["sector"], row.get("subsector"), found[1], f"{prefix}{row['name']}")
