"""The sector and subsector of a buyer (``lexicon/sectors.toml``)."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeVar

from pipelines.classify.lexicon import compiled, current
from pipelines.classify.name_rules import NameRules
from pipelines.lexicon.files import SectorRule, SubjectRule
from pipelines.text.characters import fold_for_matching

Rule = TypeVar("Rule", bound=SectorRule)

# Code names and placeholders that portals print instead of a buyer.
_NO_NAME = re.compile(
    r"^(?:[^\u4e00-\u9fff]*"  # no Chinese character: N/A
    r"|[a-z]{2,8}[-_]?.{1,4}"  # a code: cgr-01单位
    r"|.{0,6}某(?:单位|部|部队|公司|客户|院).{0,4}"  # 北京某单位
    r"|.?盖章.?"  # (盖章)
    r"|详见.*)$"  # 详见公告
)
# 某市财政局(本级), 某厅机关
_TAIL = re.compile(r"(?:[(（](?:本级|机关|本部|本级机关|汇总|盖章|本级行政|总部)[)）]|本级|机关)$")
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]?")


class Sector(NamedTuple):
    """A sector, its subsector, the exact words that say so and the rule that read them."""

    sector: str
    subsector: str | None
    words: str
    rule: str


@compiled
def _buyer_rules() -> NameRules[SectorRule]:
    sectors = current().sectors
    masks = [word for mask in sectors.masks for word in mask.words]
    return NameRules(sectors.rules, masks, sectors.company_words)


@compiled
def _subject_rules() -> NameRules[SubjectRule]:
    return NameRules(current().sectors.subjects)


def subsectors() -> dict[str, str]:
    """Return the subsectors that rules give, each with its sector."""
    rules = (*current().sectors.rules, *current().sectors.subjects)
    return {rule.subsector: rule.sector for rule in rules if rule.subsector}


def is_a_name(buyer: str | None) -> bool:
    """Return whether ``buyer`` names somebody. A code name or 某单位 does not."""
    return bool(buyer) and not _NO_NAME.match(fold_for_matching(buyer or "").strip())


def sector_of(buyer: str | None, subject: str | None = None) -> Sector | None:
    """Return the sector of ``buyer`` or, if it names nobody, that of ``subject`` (the title). None if neither says it.

    A named buyer that no rule knows is ``other``.
    """
    if buyer is not None and is_a_name(buyer):
        name = _TAIL.sub("", buyer.strip())
        # Text in brackets (other names, departments) is asked only if the name itself says nothing.
        for text in dict.fromkeys((_BRACKETED.sub("", name) or name, name)):
            sector = _read(_buyer_rules(), text, "buyer:")
            if sector:
                return sector
        return Sector("other", None, buyer, "buyer:named-but-unknown")
    return _read(_subject_rules(), subject, "") if subject else None


def _read(rules: NameRules[Rule], text: str, prefix: str) -> Sector | None:
    match = rules.find(text)
    if match is None:
        return None
    return Sector(match.rule.sector, match.rule.subsector, match.words, f"{prefix}{match.rule.name}")
