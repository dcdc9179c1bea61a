"""The sector and subsector of a buyer. The vocabulary is ``lexicon/sectors.toml``."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from pipelines.matching import Hit, Matcher, compiled, fold, uncovered, vocabulary

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


class _Rule(NamedTuple):
    name: str
    sector: str
    subsector: str | None
    of: Literal["company", "body", "any"]


class _Label(NamedTuple):
    rule: int  # -1 for words that hide others, -2 for words that make a name a company's
    place: Literal["", "^", "$"]
    forbids: bool


class _Rules:
    """One list of rules compiled: asked in the order of the file, the first that speaks wins."""

    def __init__(self, rows: list[dict[str, object]], masks: list[str], company: list[str]) -> None:
        self.rules: list[_Rule] = []
        entries: list[tuple[str, _Label]] = []
        for number, row in enumerate(rows):
            subsector = row.get("subsector")
            self.rules.append(
                _Rule(str(row["name"]), str(row["sector"]), str(subsector) if subsector else None, row.get("of", "any"))  # type: ignore[arg-type]
            )
            for key, forbids in (("words", False), ("unless", True)):
                words = row.get(key, [])
                assert isinstance(words, list)
                entries += [_entry(word, number, forbids) for word in words]
        entries += [_entry(word, -1, False) for word in masks]
        entries += [_entry(word, -2, False) for word in company]
        self.matcher: Matcher[_Label] = Matcher(entries)

    def read(self, text: str) -> tuple[_Rule, str] | None:
        """The first rule with a word in ``text``, and that word."""
        folded = fold(text)
        hits = [hit for hit in self.matcher.find(folded) if _stands(hit, len(folded))]
        hits = uncovered(hits, [(hit.start, hit.end) for hit in hits if hit.label.rule == -1])
        # A short name (东风汽车, 陕汽) does not say what it is: bodies are asked first, then companies.
        kinds: tuple[str, ...] = ("company",) if any(hit.label.rule == -2 for hit in hits) else ("body", "company")
        forbidden = {hit.label.rule for hit in hits if hit.label.forbids}
        speaking = [hit for hit in hits if hit.label.rule >= 0 and not hit.label.forbids and hit.label.rule not in forbidden]
        for kind in kinds:
            fitting = [hit for hit in speaking if self.rules[hit.label.rule].of in ("any", kind)]
            if fitting:
                best = min(fitting, key=lambda hit: (hit.label.rule, -hit.end))
                return self.rules[best.label.rule], text[best.start : best.end]
        return None


def _entry(word: str, number: int, forbids: bool) -> tuple[str, _Label]:
    if word.startswith("^"):
        return word[1:], _Label(number, "^", forbids)
    if word.endswith("$"):
        return word[:-1], _Label(number, "$", forbids)
    return word, _Label(number, "", forbids)


def _stands(hit: Hit[_Label], size: int) -> bool:
    place = hit.label.place
    return not place or (hit.start == 0 if place == "^" else hit.end == size)


@compiled
def _by_buyer() -> _Rules:
    data = vocabulary("sectors")
    masks = [word for row in data["mask"] for word in row["words"]]
    return _Rules(data["rule"], masks, data["company_words"])


@compiled
def _by_subject() -> _Rules:
    return _Rules(vocabulary("sectors")["subject"], [], [])


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
            found = _by_buyer().read(text)
            if found:
                rule, words = found
                return Sector(rule.sector, rule.subsector, words, f"buyer:{rule.name}")
        return Sector("other", None, buyer, "buyer:named-but-unknown")
    found = _by_subject().read(subject) if subject else None
    if found:
        rule, words = found
        return Sector(rule.sector, rule.subsector, words, rule.name)
    return None
