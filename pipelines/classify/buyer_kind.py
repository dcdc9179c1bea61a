"""Who owns a buyer: the state, a central or local enterprise of it, or others (``lexicon/buyer_kinds.toml``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pipelines.classify.lexicon import compiled, current
from pipelines.classify.name_rules import NameRules
from pipelines.classify.sector import is_a_name
from pipelines.classify.vendors import is_place
from pipelines.lexicon.files import OwnerKind, OwnerRule


class Owner(NamedTuple):
    """The kind of owner, the exact words that say so and the rule that read them."""

    kind: OwnerKind
    words: str
    rule: str


def owner_of(buyer: str | None, vendor: str | None = None) -> Owner | None:
    """Return who owns ``buyer``, whose vendor group is ``vendor``. None if the buyer names nobody or no rule knows it.

    A company whose name does not say that the state owns it is ``other_company``, also if the state owns it in fact.
    """
    return _reader()(buyer, vendor) if buyer is not None and is_a_name(buyer) else None


@compiled
def _reader() -> Callable[[str, str | None], Owner | None]:
    rules, owners = _rules(), _rules_by_vendor()

    def read(buyer: str, vendor: str | None) -> Owner | None:
        match = rules.find(buyer)
        group = owners.get(vendor) if vendor else None
        if group is not None and (match is None or group < match.number):
            rule = rules.rules[group]
            return Owner(rule.kind, buyer, rule.name)
        return Owner(match.rule.kind, match.words, match.rule.name) if match else None

    return read


def _rules() -> NameRules[OwnerRule]:
    kinds = current().buyer_kinds
    masks = [word for mask in kinds.masks for word in mask.words]
    return NameRules(kinds.rules, masks, current().sectors.company_words, is_place)


def _rules_by_vendor() -> dict[str, int]:
    """Return the number of the rule that owns each vendor group; the first one if several do."""
    numbered = list(enumerate(current().buyer_kinds.rules))
    return {vendor: number for number, rule in reversed(numbered) for vendor in rule.vendors}
